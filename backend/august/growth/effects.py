"""What products brought in the last 30 complete PT days: visits, opportunities, paid orders (Q6, T4)."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, bindparam, select

from august.kernel.clock import last_days
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.plain import number_columns, plain, tuples
from august.opportunities.models import Inquiry
from august.trade.models import Order
from august.traffic.models import TrafficTick

Ints = npt.NDArray[np.int64]
DAYS = 30
BUYER_BITS = 32
NAMES = ("visits_30d", "opportunities_30d", "orders_30d")
_NONE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Effects:
    """Facts of a window in epoch seconds [start, end): a row is product, second, buyer.

    `marks` are the last numbers of the talks and orders that had been made by the window's end.
    """

    start: int
    end: int
    marks: tuple[int, int]
    visits: Ints
    opportunities: Ints
    orders: Ints

    def of(self, products: Ints) -> Ints:
        """(n, 3): visits, different buyers with an inquiry, a chat or a draft, and paid orders of each."""
        # One number a pair: rows of numbers are sorted ten times slower than numbers.
        pairs = np.unique(self.opportunities[:, 0] << BUYER_BITS | self.opportunities[:, 2])
        most = int(products.max(initial=0)) + 1
        counts = [
            np.bincount(column[column < most], minlength=most)[products]
            for column in (self.visits[:, 0], pairs >> BUYER_BITS, self.orders[:, 0])
        ]
        return np.stack(counts, axis=1).astype(np.int64)


def effects(ctx: Context) -> Effects:
    """The facts of the last 30 complete PT days; the days of an advance add to what the one before read."""
    window = last_days(DAYS, ctx.now)
    start, end = to_epoch(window.start), to_epoch(window.end)
    found: Effects | None = ctx.kept.get("growth.effects")
    if found is None or not start <= found.end <= end:
        found = _read(ctx, start, end, (0, 0))
    elif found.end < end:
        found = _joined(found, _read(ctx, found.end, end, found.marks), start)
    ctx.kept["growth.effects"] = found
    return found


def _joined(before: Effects, after: Effects, start: int) -> Effects:
    def both(old: Ints, new: Ints) -> Ints:
        return np.concatenate([old[old[:, 1] >= start], new])

    return Effects(
        start,
        after.end,
        after.marks,
        both(before.visits, after.visits),
        both(before.opportunities, after.opportunities),
        both(before.orders, after.orders),
    )


def _read(ctx: Context, start: int, end: int, marks: tuple[int, int]) -> Effects:
    connection, span = ctx.session.connection(), {"start": start, "end": end}
    made = [
        number_columns(connection, asked, {**span, "mark": mark})
        for asked, mark in zip(_asked(), marks, strict=True)
    ]
    last = [max(mark, int(numbers.max(initial=0))) for (numbers, *_), mark in zip(made, marks, strict=True)]
    ticks = tuples(connection, _ticks(), span)
    product = np.concatenate([_NONE, *(products for _, products in ticks)])
    # Ticks end at PT midnights: the instant of a tick tells the day of its visits.
    at = np.repeat(
        np.array([start for start, _ in ticks], dtype=np.int64), [len(products) for _, products in ticks]
    )
    return Effects(
        start,
        end,
        (last[0], last[1]),
        np.stack([product, at], axis=1),
        np.concatenate([_table(columns) for _, *columns in made]),
        _table(number_columns(connection, _paid(), span)),
    )


def _table(columns: list[Ints]) -> Ints:
    return np.stack(columns, axis=1)


@cache
def _ticks() -> Select[Any]:
    table = plain(TrafficTick)
    return select(table.c.start, table.c.visit_product).where(*_inside(table.c.start))


@cache
def _asked() -> tuple[Select[Any], Select[Any]]:
    """Number, product, instant and buyer of inquiries and chats, and of order drafts, numbered above a mark.

    What is made later has the larger number, so that a mark spares looking through all of them.
    """
    asked, order = plain(Inquiry), plain(Order)
    return (
        select(asked.c.id, asked.c.product_id, asked.c.at, asked.c.buyer_id).where(
            asked.c.id > bindparam("mark"), *_inside(asked.c.at)
        ),
        select(order.c.id, order.c.product_id, order.c.drafted_at, order.c.buyer_id).where(
            order.c.id > bindparam("mark"), *_inside(order.c.drafted_at)
        ),
    )


@cache
def _paid() -> Select[Any]:
    order = plain(Order)
    return select(order.c.product_id, order.c.paid_at).where(*_inside(order.c.paid_at))


def _inside(column: Any) -> tuple[Any, Any]:
    return column >= bindparam("start"), column < bindparam("end")
