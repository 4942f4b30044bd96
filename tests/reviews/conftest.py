"""A furniture store without a past, on each database, with orders as a test needs them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from august.catalog.models import Product
from august.features import house
from august.kernel import commands
from august.kernel.context import SYSTEM, Actor
from august.kernel.errors import Refusal
from august.kernel.tables import Clock
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.reviews.models import PendingReview, Review
from august.trade.models import Order
from tests.tools.worlds import plant

NUMBERS = count(1)
PLAYER = Actor("player", merchant=1)
RIVAL = Actor("policy", merchant=2)
BUYER = Actor("buyer", buyer=7)
OTHER = Actor("buyer", buyer=8)
GOOD: dict[str, Any] = {"quality": 5, "service": 4, "shipment": 3, "text": "Solid chairs."}


@pytest.fixture(scope="module")
def store(module_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The furniture world's template."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    made = Worlds.at(house(), folder=folder, url=module_url)
    plant(made)
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


def set_clock(world: World, at: datetime) -> None:
    """Let it be another instant; nothing else happens."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = at
        ctx.session.commit()


def order(world: World, at: datetime | None = BORN, **changes: Any) -> int:
    """An order of the player's store that buyer 7 received at an instant (None: not yet) and may review."""
    with world.writing(SYSTEM) as ctx:
        made = Order(
            **{
                "merchant_id": 1,
                "buyer_id": 7,
                "product_id": 1,
                "inquiry_id": None,
                "kind": "rts",
                "country": "US",
                "quantity": 10,
                "shipped_quantity": 10,
                "unit_cents": 100,
                "goods_cents": 1000,
                "freight_cents": 200,
                "total_cents": 1200,
                "first_cents": 1200,
                "paid_cents": 1200,
                "channel": "ta",
                "export_mode": "self",
                "special": "none",
                "terms": "full",
                "oa_days": None,
                "lead_days": 7,
                "line": None,
                "promised_days": None,
                "state": "arrived" if at is None else "completed",
                "since": BORN,
                "drafted_at": BORN - timedelta(days=60),
                "received_at": at,
                "close_why": None,
                "disputed": False,
                "disputes": 0,
                "luck": 5,
                "due": None,
                **changes,
            }
        )
        ctx.session.add(made)
        ctx.session.flush()
        number = made.id
        if at is not None:
            ctx.session.add(
                PendingReview(
                    order_id=number,
                    merchant_id=made.merchant_id,
                    buyer_id=made.buyer_id,
                    product_id=made.product_id,
                    received_at=at,
                    luck=5,
                    due=9,
                )
            )
        ctx.session.commit()
    return number


def run(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    return commands.run(world, actor, f"reviews.{command}", payload).result


def refused(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    """The refusal of a command, which must have changed nothing."""
    before = world.state_hash()
    with pytest.raises(Refusal) as caught:
        run(world, command, actor, **payload)
    assert world.state_hash() == before
    return caught.value


def reviewed(world: World, **changes: Any) -> int:
    """A review that buyer 7 wrote at birth of an order received then; columns may be changed afterwards."""
    number: int = run(world, "write", BUYER, order=order(world), **GOOD)["review"]
    with world.writing(SYSTEM) as ctx:
        review = ctx.session.get_one(Review, number)
        for name, value in changes.items():
            setattr(review, name, value)
        ctx.session.commit()
    return number


def review(world: World, number: int) -> Review:
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.get_one(Review, number)
        ctx.session.expunge(found)
        return found


def awaited(world: World, number: int) -> PendingReview | None:
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.get(PendingReview, number)
        if found is not None:
            ctx.session.expunge(found)
        return found


def images(world: World) -> list[str]:
    with world.reading(SYSTEM) as ctx:
        return list(ctx.session.get_one(Product, 1).images)
