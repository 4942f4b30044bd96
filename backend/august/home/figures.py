"""The store's figures of statistic days, each beside those of the time before (T4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, or_, select

from august.kernel.clock import Window, day_start, last_days, pt_day
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.plain import plain
from august.kernel.words import N_
from august.opportunities.models import Inquiry
from august.reviews.models import Review
from august.reviews.rules import DIMENSIONS, HUNDREDTHS, score
from august.trade.models import Order, Receipt
from august.traffic.queries import ids_of, titles, trail
from august.traffic.trails import Ints, Trail
from august.traffic.visitors import per_day

MONTH = 30
Kind = Literal["count", "money", "share", "hours", "stars"]
Better = Literal["more", "less"]
Value = int | float | None
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Measure:
    """A figure's words and kind, and whether more or less of it is better."""

    label: str
    kind: Kind
    better: Better = "more"


MEASURES: Mapping[str, Measure] = {
    "exposures": Measure(N_("Exposures"), "count"),
    "visits": Measure(N_("Visits"), "count"),
    "visitors": Measure(N_("Visitors"), "count"),
    "inquiries": Measure(N_("Inquiries and chats"), "count"),
    "orders": Measure(N_("Orders paid"), "count"),
    "gmv": Measure(N_("GMV paid"), "money"),
    "on_time": Measure(N_("Shipped on time"), "share"),
    "reply": Measure(N_("Average reply time"), "hours", "less"),
    "rating": Measure(N_("Rating"), "stars"),
}
FLOWS = ("exposures", "visits", "inquiries", "placed", "orders")


@dataclass(frozen=True)
class Figure:
    """A measure of a window and the one before; `change` is a difference of shares or stars, else a ratio."""

    key: str
    value: Value
    before: Value
    change: float | None
    tone: str


@dataclass(frozen=True)
class DayLine:
    """A statistic day for the charts."""

    day: date
    exposures: int
    visits: int
    inquiries: int
    orders: int
    gmv_cents: int


@dataclass(frozen=True)
class Report:
    """Yesterday and the last 30 days beside the time before; the days; the way to payment."""

    yesterday: Sequence[Figure]
    month: Sequence[Figure]
    days: Sequence[DayLine]
    funnel: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Facts:
    """A store's rows of the last sixty days as columns of epoch seconds; the ratings are all there are."""

    trail: Trail
    asked: Ints
    replied: Ints
    placed: Ints
    paid: Ints
    ship_by: Ints
    shipped: Ints
    closed: Ints
    booked: Ints
    cents: Ints
    reviewed: Ints
    stars: Ints


def report(ctx: Context) -> Report:
    """The store's figures up to the last PT midnight."""
    facts = _facts(ctx)
    today = pt_day(ctx.now)
    month = measured(facts, today, MONTH)
    return Report(
        yesterday=compared(measured(facts, today, 1), measured(facts, today, 1, back=1)),
        month=compared(month, measured(facts, today, MONTH, back=MONTH)),
        days=_day_lines(facts, today),
        funnel=_funnel(facts, today, month),
    )


def compared(now: Mapping[str, Value], before: Mapping[str, Value]) -> list[Figure]:
    """Each measure beside the one before; nothing is better or worse where one of them is missing."""
    found = []
    for key, measure in MEASURES.items():
        value, earlier = now[key], before[key]
        change, tone = None, ""
        if value is not None and earlier:
            change = value - earlier if measure.kind in {"share", "stars"} else value / earlier - 1
            gained = change if measure.better == "more" else -change
            tone = "good" if gained > 0 else "bad" if gained < 0 else ""
        found.append(Figure(key, value, earlier, change, tone))
    return found


def measured(facts: Facts, today: date, count: int, *, back: int = 0) -> dict[str, Value]:
    """Every measure of `count` PT days that end `back` days before today."""
    start, end = _edges(today, count, back)
    place = facts.trail.days - back
    seen = facts.trail.part(place - count, place)
    paid = _inside(facts.booked, start, end)
    first = _inside(facts.paid, start, end)
    answered = _inside(facts.replied, start, end)
    # Due in these days and not closed before: left by the promised second or not.
    due = _inside(facts.ship_by, start, end) & (facts.closed > facts.ship_by)
    rated = facts.reviewed < end
    waited = (facts.replied - facts.asked)[answered]
    return {
        "exposures": int(seen.seen_count.sum()),
        "visits": len(seen.at),
        "visitors": len(np.unique(seen.buyer)),
        "inquiries": int(_inside(facts.asked, start, end).sum()),
        "orders": int(first.sum()),
        "gmv": int(facts.cents[paid].sum()),
        "on_time": _share(facts.shipped[due] <= facts.ship_by[due]),
        "reply": float(waited.mean()) / 3600 if len(waited) else None,
        "rating": _stars(facts.stars[rated]),
    }


def _edges(today: date, count: int, back: int) -> tuple[int, int]:
    last = today - timedelta(days=back)
    return to_epoch(day_start(last - timedelta(days=count))), to_epoch(day_start(last))


def _inside(at: Ints, start: int, end: int) -> npt.NDArray[np.bool_]:
    return (at >= start) & (at < end)


def _stars(stars: Ints) -> float | None:
    """The store's rating as V2 makes it: the mean of all stars in hundredths, rounded down."""
    found = score(int(stars.sum()), len(DIMENSIONS) * len(stars))
    return None if found is None else found / HUNDREDTHS


def _share(good: npt.NDArray[np.bool_]) -> float | None:
    return float(good.mean()) if len(good) else None


def _day_lines(facts: Facts, today: date) -> list[DayLine]:
    """The last thirty days one by one."""
    first = facts.trail.days - MONTH
    daily = per_day(facts.trail)
    edges = np.array([_edges(today, 0, back)[0] for back in range(MONTH, -1, -1)])
    inquiries = _daily(facts.asked, edges, np.ones_like(facts.asked))
    orders = _daily(facts.paid, edges, np.ones_like(facts.paid))
    money = _daily(facts.booked, edges, facts.cents)
    return [
        DayLine(
            today - timedelta(days=MONTH - i),
            int(daily.exposures[first + i]),
            int(daily.visits[first + i]),
            int(inquiries[i]),
            int(orders[i]),
            int(money[i]),
        )
        for i in range(MONTH)
    ]


def _daily(at: Ints, edges: Ints, values: Ints) -> Ints:
    """Sums by day; day i begins at edge i."""
    place = np.searchsorted(edges, at, side="right") - 1
    known = (place >= 0) & (place < len(edges) - 1)
    found = np.zeros(len(edges) - 1, dtype=np.int64)
    np.add.at(found, place[known], values[known])
    return found


def _funnel(facts: Facts, today: date, month: Mapping[str, Value]) -> list[tuple[str, int]]:
    """From exposure to payment in the last thirty days."""
    placed = int(_inside(facts.placed, *_edges(today, MONTH, 0)).sum())
    return [(key, placed if key == "placed" else int(month[key] or 0)) for key in FLOWS]


def _facts(ctx: Context) -> Facts:
    """Everything the figures are made of, in six statements."""
    window = last_days(2 * MONTH, ctx.now)
    since = to_epoch(window.start)
    asked, order, receipt, review = plain(Inquiry), plain(Order), plain(Receipt), plain(Review)
    talks = _columns(
        ctx,
        select(asked.c.at, asked.c.first_reply_at).where(
            _mine(ctx, asked), or_(asked.c.at >= since, asked.c.first_reply_at >= since)
        ),
    )
    deals = _columns(
        ctx,
        select(
            order.c.drafted_at, order.c.paid_at, order.c.ship_by, order.c.shipped_at, order.c.closed_at
        ).where(
            _mine(ctx, order),
            or_(order.c.drafted_at >= since, order.c.paid_at >= since, order.c.ship_by >= since),
        ),
    )
    money = _columns(
        ctx,
        select(receipt.c.booked_at, receipt.c.cents).where(
            _mine(ctx, receipt), receipt.c.booked_at >= since, receipt.c.cancelled_at.is_(None)
        ),
    )
    stars = _columns(
        ctx,
        select(review.c.at, review.c.quality + review.c.service + review.c.shipment).where(
            _mine(ctx, review), review.c.counts
        ),
    )
    return Facts(_trail(ctx, window), *talks, *deals, *money, *stars)


def _trail(ctx: Context, window: Window) -> Trail:
    return trail(ctx, window, ids_of(titles(ctx)))


def _mine(ctx: Context, table: Any) -> Any:
    return table.c.merchant_id == ctx.merchant


def _columns(ctx: Context, asked: Select[Any]) -> list[Ints]:
    """A statement's columns; what is not there yet is the end of time."""
    rows = [tuple(NEVER if value is None else value for value in row) for row in ctx.session.execute(asked)]
    found = np.array(rows, dtype=np.int64).reshape(len(rows), len(asked.selected_columns))
    return list(found.T)


def _column(ctx: Context, asked: Select[Any]) -> Ints:
    return _columns(ctx, asked)[0]
