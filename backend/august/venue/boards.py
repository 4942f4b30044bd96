"""The festival's sales by day, and the boards of products and stores made of them (F12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select

from august.kernel.bulk import insert_rows
from august.kernel.clock import Window, day_start, pt_day
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.plain import plain, rows
from august.merchants.models import Buyer
from august.trade.models import Order, Receipt
from august.venue import campaign
from august.venue.models import FestivalDay
from august.venue.rules import BoardRules

L1_PLUS = ("L1", "L2", "L3", "L4")


def board_rules(ctx: Context) -> BoardRules:
    """The numbers of F12 in force now."""
    values: BoardRules = ctx.rulebook.values("F12", ctx.now)
    return values


@cache
def _booked() -> Select[Any]:
    """What was booked by product in [start, end), less what was cancelled then of bookings since `opened`."""
    receipt, order, buyer = plain(Receipt), plain(Order), plain(Buyer)
    start: Any = bindparam("start")
    end: Any = bindparam("end")
    opened: Any = bindparam("opened")
    came = (receipt.c.booked_at >= start) & (receipt.c.booked_at < end)
    went = (
        (receipt.c.cancelled_at >= start) & (receipt.c.cancelled_at < end) & (receipt.c.booked_at >= opened)
    )
    times = case((came, 1), else_=0) - case((went, 1), else_=0)
    cents = times * receipt.c.cents
    known = buyer.c.tier.in_(L1_PLUS)
    return (
        select(
            order.c.product_id,
            order.c.merchant_id,
            func.sum(cents).label("cents"),
            func.sum(case((known, cents), else_=0)).label("l1_cents"),
            func.sum(case((receipt.c.kind == "first", times), else_=0)).label("orders"),
        )
        .join(order, order.c.id == receipt.c.order_id)
        .join(buyer, buyer.c.id == order.c.buyer_id)
        .where(came | went)
        .group_by(order.c.product_id, order.c.merchant_id)
        .order_by(order.c.product_id)
    )


def count_day(ctx: Context, day: date) -> None:
    """Write down a PT day of the festival, of all stores."""
    opened = to_epoch(campaign.window(ctx).start)
    span = {"start": to_epoch(day_start(day)), "end": to_epoch(day_start(day + timedelta(days=1)))}
    connection = ctx.session.connection()
    found = rows(connection, _booked(), span | {"opened": opened})
    kept = [
        {"day": day.isoformat(), **{name: int(value) for name, value in row.items()}}
        for row in found
        if row["cents"] or row["orders"]
    ]
    insert_rows(connection, FestivalDay, kept)


def last_day(ctx: Context) -> date | None:
    """The last PT day of the festival that is complete; None before the first is."""
    window = campaign.window(ctx)
    today = pt_day(min(ctx.now, window.end))
    return today - timedelta(days=1) if today > pt_day(window.start) else None


@dataclass(frozen=True)
class Place:
    """A place of a board: a product or a store with its GMV."""

    place: int
    id: int
    merchant: int
    cents: int
    l1_cents: int
    orders: int


@dataclass(frozen=True)
class Boards:
    """Both boards as of the last complete day, whole: the best first."""

    until: datetime
    products: Sequence[Place]
    stores: Sequence[Place]

    def store(self, number: int) -> Place | None:
        """A store's place; None where it sold nothing."""
        return next((each for each in self.stores if each.id == number), None)


@cache
def _sums(name: str) -> Select[Any]:
    """Number, a store of it, and sums of the days up to `day`."""
    table = plain(FestivalDay)
    sums = [func.sum(table.c[column]) for column in ("cents", "l1_cents", "orders")]
    asked = select(table.c[name], func.min(table.c.merchant_id), *sums).where(table.c.day <= bindparam("day"))
    return asked.group_by(table.c[name])


def boards(ctx: Context) -> Boards | None:
    """The boards, made at the last PT midnight; None while no day of the festival is complete."""
    day = last_day(ctx)
    if day is None:
        return None
    return Boards(
        day_start(day + timedelta(days=1)),
        _ranked(ctx, "product_id", day),
        _ranked(ctx, "merchant_id", day),
    )


def _ranked(ctx: Context, name: str, day: date) -> list[Place]:
    """The places of a board: by GMV, of equals the lower number first; nobody who sold nothing."""
    found = ctx.session.execute(_sums(name), {"day": day.isoformat()}).all()
    best = sorted((row for row in found if row[2] > 0), key=lambda row: (-row[2], row[0]))
    return [
        Place(place, number, merchant, int(cents), int(l1), int(orders))
        for place, (number, merchant, cents, l1, orders) in enumerate(best, start=1)
    ]


@dataclass(frozen=True)
class DayLine:
    """A store's complete day of the festival."""

    day: date
    cents: int
    l1_cents: int
    orders: int


def days_of(ctx: Context, store: int) -> list[DayLine]:
    """A store's days of the festival, from its first to the last complete one."""
    last, window = last_day(ctx), campaign.window(ctx)
    if last is None:
        return []
    table = plain(FestivalDay)
    sums = [func.sum(table.c[column]) for column in ("cents", "l1_cents", "orders")]
    asked = select(table.c.day, *sums).where(table.c.merchant_id == store).group_by(table.c.day)
    found = {day: values for day, *values in ctx.session.execute(asked)}
    first = pt_day(window.start)
    every = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return [DayLine(day, *(int(value) for value in found.get(day.isoformat(), (0, 0, 0)))) for day in every]


def span(ctx: Context) -> Window:
    """The complete days of the festival so far; empty before the first is."""
    window = campaign.window(ctx)
    last = last_day(ctx)
    return Window(window.start, window.start if last is None else day_start(last + timedelta(days=1)))
