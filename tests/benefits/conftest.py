"""A furniture store without a past, on each database, and publications of its star."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from august.benefits.models import Grant
from august.benefits.rules import times_of
from august.features import house
from august.kernel import commands
from august.kernel.context import SYSTEM, Actor
from august.kernel.errors import Refusal
from august.kernel.tables import Clock
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.merchants.models import Merchant
from august.messages.models import Message
from august.stars.models import Evaluation
from tests.tools.bare import bare, evaluation

NUMBERS = count(1)
PLAYER = Actor("player", merchant=1)
RIVAL = Actor("policy", merchant=2)
SECOND = timedelta(seconds=1)
WINDOWS = house().rulebook.values("S7-windows", BORN)


@pytest.fixture(scope="module")
def store(module_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The furniture world's template."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    made = bare(folder, module_url)
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    """A copy of it, in which no star was published."""
    made = store.create(f"w{next(NUMBERS)}", "t", seed=3)
    with made.writing(SYSTEM) as ctx:
        for table in (Grant, Evaluation):
            for row in ctx.session.scalars(select(table)):
                ctx.session.delete(row)
        ctx.session.commit()
    return made


def at(world: World, instant: datetime) -> None:
    """Let it be another instant; nothing else happens."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = instant
        ctx.session.commit()


def publish(world: World, month: str, star: int) -> None:
    """Let it be the publication of a month, which brings the star."""
    instant = times_of(month, WINDOWS).published
    at(world, instant)
    with world.writing(SYSTEM) as ctx:
        ctx.session.add(evaluation(month, star, instant))
        ctx.session.flush()
        ctx.emit("stars.published", ("merchant", 1), month=month, star=star, track="custom")
        ctx.session.commit()


def member(world: World, membership: str, until: datetime | None = None) -> None:
    """Let the store have another membership."""
    with world.writing(SYSTEM) as ctx:
        values: dict[str, Any] = {"membership": membership}
        if until is not None:
            values["member_until"] = until
        ctx.session.execute(update(Merchant).where(Merchant.id == 1).values(**values))
        ctx.session.commit()


def grants(world: World, month: str | None = None) -> dict[str, Grant]:
    """The store's grants by code, those of a month or the latest of each."""
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.scalars(select(Grant).where(Grant.merchant_id == 1).order_by(Grant.month)).all()
        ctx.session.expunge_all()
        return {one.code: one for one in found if month in (None, one.month)}


def mail(world: World) -> list[tuple[str, dict[str, Any]]]:
    """The store's messages about benefits."""
    with world.reading(SYSTEM) as ctx:
        asked = select(Message.text, Message.params).where(
            Message.merchant_id == 1, Message.kind == "benefit"
        )
        return [(text, params) for text, params in ctx.session.execute(asked.order_by(Message.id))]


def run(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    return commands.run(world, actor, f"benefits.{command}", payload).result


def refused(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    """The refusal of a command, which must have changed nothing."""
    before = world.state_hash()
    with pytest.raises(Refusal) as caught:
        run(world, command, actor, **payload)
    assert world.state_hash() == before
    return caught.value


def reading(world: World) -> Any:
    """A context to read as the player."""
    return world.reading(PLAYER)


def writing(world: World) -> Any:
    """A context to write as the player."""
    return world.writing(PLAYER)
