"""A tiny house of two jobs and two commands, on both databases."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from apscheduler.triggers.cron import CronTrigger

import august.catalog.models
import august.merchants.models
import august.messages.models  # noqa: F401  every table of a world must be known
from august.kernel.clock import PACIFIC, parse_instant
from august.kernel.commands import command
from august.kernel.context import Actor, Context
from august.kernel.errors import Refusal
from august.kernel.features import Feature
from august.kernel.house import House
from august.kernel.jobs import Job
from august.kernel.luck import Luck
from august.kernel.rulebook import Rulebook
from august.kernel.tables import WorldSession
from august.kernel.world import World, Worlds

BORN = parse_instant("2022-08-25T10:00:00+08:00")
PLAYER = Actor("player", merchant=1)


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Write something down."""

    text: str


@command("test.note", title="Note")
def note(ctx: Context, cmd: Note) -> dict[str, object]:
    """Publish the text as a fact; refuse a bad one after having written."""
    fact = ctx.emit("noted", ("note", 1), text=cmd.text)
    ctx.session.flush()
    if cmd.text == "bad":
        raise Refusal("test.bad", "Bad.")
    return {"event": fact.id}


def tick(ctx: Context) -> None:
    """Publish a fact with a drawn number."""
    drawn = ctx.luck.integer("tick", int(ctx.now.timestamp()), below=1000)
    ctx.emit("ticked", ("clock", 1), drawn=drawn)


def count(ctx: Context) -> None:
    """Publish a fact that depends on the world's past."""
    ctx.emit("counted", ("clock", 1), at=ctx.now.isoformat())


HOUSE = House(
    (
        Feature(
            "test",
            commands=(note,),
            jobs=(
                Job("tick", 20, CronTrigger(hour="*/6", timezone=PACIFIC), tick, "Tick"),
                Job("count", 10, CronTrigger(hour=0, timezone=PACIFIC), count, "Count"),
            ),
        ),
    ),
    Rulebook({}, ""),
)


def grow(session: WorldSession, _luck: Luck, _now: datetime) -> None:
    """Nothing but the kernel's own rows."""
    session.flush()


@pytest.fixture
def worlds(database: str, tmp_path: Path) -> Iterator[Worlds]:
    """A store of worlds on the database of this run, with one sealed template `t`."""
    store = Worlds.at(HOUSE, folder=tmp_path, url=None if database.startswith("sqlite") else database)
    store.seal("t", BORN, "test", grow)
    yield store
    store.close()


@pytest.fixture
def world(worlds: Worlds) -> World:
    """A fresh world."""
    return worlds.create("w1", "t", seed=7)
