"""Rules that come into force are told once, at their instant, to every store."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from august.features import house
from august.kernel import commands
from august.kernel.clock import parse_instant
from august.kernel.context import Actor
from august.kernel.errors import Refusal
from august.kernel.jobs import advance
from august.kernel.luck import Luck
from august.kernel.tables import WorldSession
from august.kernel.world import World, Worlds
from august.messages import queries
from august.web.tables import listing

BORN = parse_instant("2022-08-25T10:00:00+08:00")
PLAYER = Actor("player", merchant=1)


def empty(session: WorldSession, _luck: Luck, _now: datetime) -> None:
    """A world without stores."""
    session.flush()


@pytest.fixture
def world(tmp_path: Path, database: str) -> Iterator[World]:
    """An empty world that lives by the real rules."""
    store = Worlds.at(house(), folder=tmp_path, url=None if database.startswith("sqlite") else database)
    store.seal("t", BORN, "empty", empty)
    yield store.create("w", "t", seed=1)
    store.close()


def texts(world: World) -> list[tuple[datetime, str]]:
    """What the store reads, newest first."""
    asked = listing("/", {}, sorts=("at",), default="-at")
    with world.reading(PLAYER) as ctx:
        return [(message.at, message.params["rule"]["en"]) for message in queries.box(ctx, asked).messages]


def test_announced_at_the_second_it_begins(world: World) -> None:
    """One second before there is nothing; at the second there is one message per version that begins."""
    starts = [version.effective_from for version in house().rulebook.all()]
    first = min(start for start in starts if start is not None and start > BORN)
    advance(world, first - timedelta(seconds=1))
    assert texts(world) == []
    advance(world, first)
    expected = [v.title["en"] for v in house().rulebook.all() if v.effective_from == first]
    assert sorted(texts(world)) == sorted((first, title) for title in expected)


def test_reading_moves_the_mark_forward_only(world: World) -> None:
    """Unread falls to none; an older mark does not bring it back; an unknown message is refused."""
    advance(world, BORN + timedelta(days=30))
    with world.reading(PLAYER) as ctx:
        newest, before = queries.newest(ctx), queries.unread(ctx)
    assert newest is not None
    assert before == newest
    for mark in (newest, 1):
        commands.run(world, PLAYER, "messages.mark_read", {"up_to": mark})
        with world.reading(PLAYER) as ctx:
            assert queries.unread(ctx) == 0
    unchanged = world.state_hash()
    with pytest.raises(Refusal) as told:
        commands.run(world, PLAYER, "messages.mark_read", {"up_to": newest + 1})
    assert told.value.code == "messages.unknown"
    assert world.state_hash() == unchanged
