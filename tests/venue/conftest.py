"""A furniture store without a past, at any instant, with a product that the festival takes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import update

from august.catalog.models import Product
from august.kernel import commands
from august.kernel.clock import PACIFIC, from_local
from august.kernel.context import SYSTEM, Actor
from august.kernel.errors import Refusal
from august.kernel.tables import Clock
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.merchants.models import Buyer, Merchant
from tests.tools.bare import PLAYER, bare, evaluation

NUMBERS = count(1)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
OPENS = from_local(PACIFIC, "2022-09-01 00:00:00")
LAST = from_local(PACIFIC, "2022-09-30 23:59:59")
# Products of the store that are made ready for the festival; the last one stays as it is made.
READY, OTHER = 1, 2


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    """The store has two stars, and two products that qualify at US$10.00."""
    made = store.create(f"w{next(NUMBERS)}", "t", seed=3)
    with made.writing(SYSTEM) as ctx:
        ctx.session.add(evaluation("2022-07", 2, BORN - DAY))
        ctx.session.commit()
    product(made, READY)
    product(made, OTHER)
    return made


def product(world: World, number: int, **values: Any) -> None:
    """Let a product be ready to ship, on sale, of 4.2 and at ten dollars, or otherwise."""
    ready = {
        "merchant_id": 1,
        "kind": "rts",
        "status": "on_sale",
        "published_at": BORN - DAY,
        "quality_tenths": 42,
        "price_mode": "tier",
        "price_cents": 1000,
        "tiers": [{"quantity": 10, "cents": 1000}, {"quantity": 100, "cents": 900}],
        "moq": 10,
        "stock": 1_000_000,
    }
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Product).where(Product.id == number).values(**(ready | values)))
        ctx.session.commit()


def merchant(world: World, **values: Any) -> None:
    """Let the store be another one."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Merchant).where(Merchant.id == 1).values(**values))
        ctx.session.commit()


def buyer(world: World, tier: str, country: str = "US") -> Actor:
    """Buyer 1 with a tier."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Buyer).where(Buyer.id == 1).values(tier=tier, country=country))
        ctx.session.commit()
    return Actor("buyer", buyer=1)


def star(world: World, level: int, month: str = "2022-08") -> None:
    """A newer evaluation than the one it was made with."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.add(evaluation(month, level, BORN - SECOND))
        ctx.session.commit()


def at(world: World, instant: datetime) -> None:
    """Let it be another instant; nothing else happens."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = instant
        ctx.session.commit()


def run(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    return commands.run(world, actor, f"venue.{command}", payload).result


def refused(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    """The refusal of a command, which must have changed nothing."""
    before = world.state_hash()
    with pytest.raises(Refusal) as caught:
        run(world, command, actor, **payload)
    assert world.state_hash() == before
    return caught.value
