"""A world without a past, and orders in it in any state."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from august.catalog.models import Product
from august.features import house
from august.kernel import commands
from august.kernel.bulk import put
from august.kernel.columns import to_epoch
from august.kernel.context import Actor, Context
from august.kernel.errors import Refusal
from august.kernel.tables import WorldSession
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.opportunities.models import Inquiry
from august.trade.models import Order, Receipt, Shipment
from tests.tools.worlds import plant

NUMBERS = count(1)
PLAYER = Actor("player", merchant=1)
RIVAL = Actor("policy", merchant=2)
BUYER = Actor("buyer", buyer=7)
STRANGER = Actor("buyer", buyer=8)
NOW = to_epoch(BORN)
DAY = 86_400
PAID = ("producing", "balance_due", "part_shipped", "shipped", "arrived", "received", "completed")


@contextmanager
def stored(folder: Path, url: str | None = None) -> Iterator[Worlds]:
    """A store of worlds with the template `t`: furniture, born without a past."""
    made = Worlds.at(house(), folder=folder, url=url)
    plant(made)
    yield made
    made.close()


def run(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    """Carry out a command."""
    key = payload.pop("key", None)
    return commands.run(world, actor, command, payload, key).result


@contextmanager
def unchanged(world: World) -> Iterator[None]:
    """Whatever is tried inside changes nothing."""
    before = world.state_hash()
    yield
    assert world.state_hash() == before


def refusal(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    """The refusal of a command."""
    with pytest.raises(Refusal) as caught:
        run(world, command, actor, **payload)
    return caught.value


def refused(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    """The refusal of a command, which must change nothing."""
    with unchanged(world):
        return refusal(world, command, actor, **payload)


@contextmanager
def changing(world: World) -> Iterator[WorldSession]:
    """A session that is committed at the end."""
    with world.writing(PLAYER) as ctx:
        assert isinstance(ctx.session, WorldSession)
        yield ctx.session
        ctx.session.commit()


@contextmanager
def looking(world: World, actor: Actor = PLAYER) -> Iterator[Context]:
    """A context to read with."""
    with world.reading(actor) as ctx:
        yield ctx


def a_product(world: World, kind: str, **where: Any) -> int:
    """The first product of the player that is on sale and can be sent to somebody."""
    with looking(world) as ctx:
        wanted = select(Product.id).where(
            Product.merchant_id == 1,
            Product.kind == kind,
            Product.status == "on_sale",
            Product.price_cents > 0,
        )
        for name, value in where.items():
            wanted = wanted.where(getattr(Product, name) == value)
        return int(ctx.session.scalars(wanted.order_by(Product.id)).first() or 0)


def columns(state: str, **more: Any) -> dict[str, Any]:
    """The plain columns of an order of ten pieces in a state that began an hour ago."""
    paid = state in PAID
    at = NOW - 3600
    terms = more.get("terms", "oa" if state == "received" else "full")
    first = 100_00 if terms == "full" else 30_00
    row = {
        "id": 1,
        "merchant_id": 1,
        "buyer_id": 7,
        "product_id": 1,
        "inquiry_id": None,
        "kind": "customization",
        "country": "US",
        "quantity": 10,
        "shipped_quantity": {
            "part_shipped": 4,
            "shipped": 10,
            "arrived": 10,
            "received": 10,
            "completed": 10,
        }.get(state, 0),
        "unit_cents": 9_00,
        "goods_cents": 90_00,
        "freight_cents": 10_00,
        "total_cents": 100_00,
        "first_cents": first,
        "paid_cents": first if paid else 0,
        "channel": "ta",
        "export_mode": "self",
        "special": "none",
        "terms": terms,
        "oa_days": 30 if terms == "oa" else None,
        "lead_days": 20,
        "line": None,
        "promised_days": None,
        "state": state,
        "since": at,
        "drafted_at": at,
        "confirmed_at": None if state in {"asked", "drafted"} else at,
        "paid_at": at if paid else None,
        "ship_by": at + 20 * DAY if paid else None,
        "balance_at": None,
        "shipped_at": at if state in {"shipped", "arrived", "received", "completed"} else None,
        "received_at": at if state in {"received", "completed"} else None,
        "closed_at": at if state in {"completed", "cancelled"} else None,
        "close_why": "seller" if state == "cancelled" else None,
        "disputed": False,
        "disputes": 0,
        "luck": 4711,
        "due": None,
    }
    return row | more


def an_order(world: World, state: str, **more: Any) -> int:
    """A stored order; its number."""
    row = columns(state, **more)
    if "id" not in more:
        del row["id"]
    with changing(world) as session:
        order = Order()
        put(order, row)
        session.add(order)
        session.flush()
        return order.id


def an_inquiry(world: World, product: int, **more: Any) -> int:
    """A stored conversation; its number."""
    told: dict[str, Any] = {
        "merchant_id": 1,
        "buyer_id": 7,
        "product_id": product,
        "kind": "inquiry",
        "source": "search",
        "at": BORN - timedelta(hours=3),
        "quantity": 12,
        "state": "agreed",
        "turn": "seller",
        "last_at": BORN - timedelta(hours=2),
        "first_reply_at": BORN - timedelta(hours=2),
        "quote_cents": 12_34,
        "rounds": 0,
        "lost_why": None,
        "order_id": None,
        "staff_id": None,
        "luck": 99,
        "due": 0,
    }
    with changing(world) as session:
        inquiry = Inquiry(**(told | more))
        session.add(inquiry)
        session.flush()
        return inquiry.id


def order_of(world: World, number: int) -> Order:
    """An order as it is stored."""
    with looking(world) as ctx:
        found = ctx.session.get_one(Order, number)
        ctx.session.expunge(found)
        return found


def receipts_of(world: World, order: int) -> list[tuple[str, int, datetime | None]]:
    """Kind, cents and cancellation of an order's receipts."""
    with looking(world) as ctx:
        asked = select(Receipt).where(Receipt.order_id == order).order_by(Receipt.id)
        return [(each.kind, each.cents, each.cancelled_at) for each in ctx.session.scalars(asked)]


def shipments_of(world: World, order: int) -> list[tuple[int, str]]:
    """Pieces and line of an order's shipments."""
    with looking(world) as ctx:
        asked = select(Shipment).where(Shipment.order_id == order).order_by(Shipment.id)
        return [(each.quantity, each.line) for each in ctx.session.scalars(asked)]
