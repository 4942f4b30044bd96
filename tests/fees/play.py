"""Orders of a played store through September, by commands alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from august.fees.models import FeeCharge, FeeEntry
from august.kernel.clock import PACIFIC, from_local
from august.kernel.columns import to_epoch
from august.kernel.jobs import advance
from august.kernel.tables import Event
from august.kernel.world import World
from august.trade.models import Order, Shipment
from tests.trade.deals import BUYER, an_order, changing, looking, run


def pt(text: str) -> datetime:
    """An instant of 2022 in Pacific time, such as "09-01 00:00:00"."""
    return from_local(PACIFIC, f"2022-{text}")


def until(world: World, text: str) -> None:
    """Let the clock run to a Pacific time."""
    advance(world, pt(text))


def deal(world: World, cents: int, **more: Any) -> int:
    """An order that waits for its first payment; the buyer of the tests pays all of it at once."""
    with looking(world) as ctx:
        now = to_epoch(ctx.now)
    told = {
        "total_cents": cents,
        "goods_cents": cents,
        "freight_cents": 0,
        "first_cents": cents,
        "drafted_at": now,
        "confirmed_at": now,
        "since": now,
        **more,
    }
    return an_order(world, "confirmed", **told)


def pay(world: World, order: int) -> None:
    """The first payment."""
    run(world, "trade.pay_first", BUYER, order=order)


def paid(world: World, cents: int, **more: Any) -> int:
    """A new order and its first payment."""
    order = deal(world, cents, **more)
    pay(world, order)
    return order


def still(world: World, *orders: int) -> None:
    """Nothing of the market touches these orders from now on."""
    with changing(world) as session:
        for order in orders:
            session.get_one(Order, order).due = None


def arrive(world: World, order: int, cleared: datetime | None = None) -> None:
    """The carrier brings what was shipped, cleared now or at an instant; no market in between."""
    with changing(world) as session:
        found = session.scalars(select(Shipment).where(Shipment.order_id == order)).all()
        for each in found:
            each.cleared_at = cleared or each.shipped_at
            told = {"kind": "trade.cleared", "object_kind": "order", "object_id": order}
            session.add(Event(at=each.cleared_at, merchant_id=1, actor="carrier", params={}, **told))
            each.arrived_at, each.due = each.shipped_at, None
        row = session.get_one(Order, order)
        row.state, row.due = "arrived", None


def entries(world: World, order: int | None = None) -> list[FeeEntry]:
    """The ledger, of one order or of all."""
    with looking(world) as ctx:
        asked = select(FeeEntry).order_by(FeeEntry.id)
        found = list(ctx.session.scalars(asked if order is None else asked.where(FeeEntry.order_id == order)))
        ctx.session.expunge_all()
        return found


def kinds(world: World, order: int) -> list[str]:
    """What happened to an order in the ledger, such as `booked:discount`."""
    return [
        f"{each.kind}:{each.label if each.kind in ('booked', 'cancelled') else each.reason}"
        for each in entries(world, order)
    ]


def charges(world: World, order: int) -> dict[str, tuple[int, int, str | None]]:
    """What an order was charged: base and charged cents, and the benefit, by the kind of fee."""
    with looking(world) as ctx:
        found = ctx.session.scalars(select(FeeCharge).where(FeeCharge.order_id == order))
        return {each.kind: (each.base_cents, each.charged_cents, each.why) for each in found}
