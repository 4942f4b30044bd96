"""What pages and JSON read of logistics: the list, one order, sailings, coupons."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from august.catalog import carriers
from august.catalog.carriers import Sailing
from august.kernel.clock import beijing
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.features import DigestLine, Hit
from august.kernel.money import amount
from august.kernel.tables import Event
from august.kernel.words import N_, Phrase
from august.logistics import steps
from august.logistics.commands import due_now
from august.logistics.judging import Judgement
from august.logistics.models import Coupon, LogisticsOrder
from august.logistics.sailings import leaves
from august.logistics.steps import AT, PATH, STATES
from august.trade.rules import countdown
from august.web.tables import Listing, Page

SORTS = {
    "placed": LogisticsOrder.placed_at,
    "pay": LogisticsOrder.pay,
    "state": LogisticsOrder.state,
    "id": LogisticsOrder.id,
}
FILTERS = ("state", "offer", "q")
HITS = 5
GRAMS, CUBIC_MM = 1000, 10**9


@dataclass(frozen=True)
class Table:
    """A page of logistics orders, and how many there are by state."""

    orders: Sequence[LogisticsOrder]
    page: Page
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Stage:
    """A state on an order's way."""

    label: str
    mark: str
    at: datetime | None


@dataclass(frozen=True)
class Look:
    """Everything of one order; `due` is what would be taken off if it were paid now."""

    order: LogisticsOrder
    name: Mapping[str, str]
    stages: Sequence[Stage]
    events: Sequence[Event]
    coupon: Coupon | None
    due: Judgement | None
    can: frozenset[str]
    left: Phrase | None
    sailing: Sailing | None
    fate: tuple[datetime, bool] | None

    @property
    def kilograms(self) -> tuple[float, float]:
        """Actual and charged weight."""
        return self.order.weight_g / GRAMS, self.order.charged_g / GRAMS

    @property
    def cubic_metres(self) -> float:
        """The volume of all packages."""
        return self.order.volume_mm3 / CUBIC_MM

    @property
    def expected(self) -> str:
        """What is to be paid now, as the command takes it."""
        return amount(self.pay)

    @property
    def pay(self) -> int:
        """What is to be paid now, or was."""
        if self.order.kind == "fcl" or "pay" not in self.can:
            return self.order.pay
        return self.order.base if self.due is None else self.due.pay


def names() -> Mapping[str, Mapping[str, str]]:
    """What lines and services are called."""
    fleet = carriers.standing()
    return {code: each.name for code, each in (*fleet.lines.items(), *fleet.services.items())}


def family_of(order: LogisticsOrder) -> str:
    """The family of the order's line."""
    return "fcl" if order.kind == "fcl" else carriers.standing().lines[order.line].family


def table(ctx: Context, asked: Listing) -> Table:
    """The store's orders as the address asks, in three statements."""
    mine = LogisticsOrder.merchant_id == ctx.merchant
    wanted: list[ColumnElement[bool]] = [mine]
    if state := asked.get("state"):
        wanted.append(LogisticsOrder.state == state)
    if offer := asked.get("offer"):
        wanted.append(LogisticsOrder.offer == offer)
    if text := asked.get("q"):
        wanted.append(LogisticsOrder.tracking.icontains(text, autoescape=True))
    total = ctx.session.scalar(select(func.count()).select_from(LogisticsOrder).where(*wanted)) or 0
    page = asked.slice_of(total)
    key = SORTS[asked.sort]
    rows = (
        select(LogisticsOrder)
        .where(*wanted)
        .order_by(key.desc() if asked.descending else key.asc(), LogisticsOrder.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    counts = select(LogisticsOrder.state, func.count()).where(mine).group_by(LogisticsOrder.state)
    return Table(ctx.session.scalars(rows).all(), page, dict(ctx.session.execute(counts).all()))


def look(ctx: Context, order: LogisticsOrder) -> Look:
    """One order with its way, its timeline and what can be done."""
    asked = select(Event).where(Event.object_kind == "logistics_order", Event.object_id == order.id)
    can = frozenset(step for step in steps.STEPS if steps.able(order, step, ctx.now))
    sailing = None if order.sailing is None else carriers.standing().sailings[order.sailing]
    departed = order.departed_at is not None and sailing is not None
    return Look(
        order=order,
        name=names()[order.line],
        stages=stages(order),
        events=ctx.session.scalars(asked.order_by(Event.at, Event.id)).all(),
        coupon=None if order.coupon_id is None else ctx.session.get_one(Coupon, order.coupon_id),
        due=due_now(ctx, order) if "pay" in can else None,
        can=can,
        left=countdown(to_epoch(ctx.now), to_epoch(order.pay_by)) if "pay" in can else None,
        sailing=sailing,
        # Nobody knows before it has left.
        fate=leaves(ctx.luck, sailing, ctx.rulebook.values("F10-sailings", ctx.now))
        if departed and sailing is not None
        else None,
    )


def stages(order: LogisticsOrder) -> list[Stage]:
    """The way of an order: done, now, to come, or broken off."""
    if order.state == "cancelled":
        came = [state for state in PATH if getattr(order, AT[state]) is not None]
        done = [Stage(STATES[state].label, "done", getattr(order, AT[state])) for state in came]
        return [*done, Stage(STATES["cancelled"].label, "broken", order.cancelled_at)]
    place, found = PATH.index(order.state), []
    for i, state in enumerate(PATH):
        mark = "done" if i < place or state == "delivered" == order.state else "now" if i == place else "next"
        found.append(Stage(STATES[state].label, mark, getattr(order, AT[state])))
    return found


def coupons(ctx: Context) -> Sequence[Coupon]:
    """All the store's coupons, usable ones first."""
    asked = select(Coupon).where(Coupon.merchant_id == ctx.merchant).order_by(Coupon.id)
    rank = {"issued": 0, "returned": 0, "locked": 1}
    return sorted(ctx.session.scalars(asked).all(), key=lambda one: (rank.get(one.state, 2), one.id))


def coupon_orders(ctx: Context) -> Mapping[int, str]:
    """The tracking numbers of the orders that hold or used coupons."""
    asked = select(LogisticsOrder.id, LogisticsOrder.tracking).where(
        LogisticsOrder.merchant_id == ctx.merchant, LogisticsOrder.coupon_id.is_not(None)
    )
    return dict(ctx.session.execute(asked).all())


@dataclass(frozen=True)
class Departure:
    """A sailing on the calendar: open, closed for bookings, or gone."""

    sailing: Sailing
    labelled: bool
    open: bool


Weeks = list[list[tuple[date, list[Departure]]]]


def month_of(text: str, now: datetime) -> date:
    """The first of the month an address asks for, the present one otherwise; by Beijing's calendar."""
    here = beijing(now).date().replace(day=1)
    known = months()
    return next((one for one in known if f"{one:%Y-%m}" == text), here if here in known else known[-1])


def months() -> list[date]:
    """The months in which something sails."""
    return sorted(
        {beijing(each.departs).date().replace(day=1) for each in carriers.standing().sailings.values()}
    )


def calendar(month: date, now: datetime) -> Weeks:
    """The sailings of a month, week by week, by the day they leave in Beijing."""
    fleet = carriers.standing()
    by_day: dict[date, list[Departure]] = {}
    for sailing in fleet.sailings.values():
        labelled = fleet.services[sailing.service].label is not None
        departure = Departure(sailing, labelled, now < sailing.cutoff)
        by_day.setdefault(beijing(sailing.departs).date(), []).append(departure)
    return [
        [(day, by_day.get(day, [])) for day in week]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]


def next_sailing(now: datetime) -> Sailing | None:
    """The next marked sailing that can be booked."""
    fleet = carriers.standing()
    return next(
        (
            each
            for each in fleet.sailings.values()
            if now < each.cutoff and fleet.services[each.service].label is not None
        ),
        None,
    )


def find(ctx: Context, text: str) -> list[Hit]:
    """Logistics orders by their tracking number, for Ctrl-K."""
    wanted = text.strip()[:40]
    if ctx.actor.merchant is None or len(wanted) < 3:  # noqa: PLR2004 - too many would be found
        return []
    asked = select(LogisticsOrder.id, LogisticsOrder.tracking).where(
        LogisticsOrder.merchant_id == ctx.merchant, LogisticsOrder.tracking.icontains(wanted, autoescape=True)
    )
    found = ctx.session.execute(asked.order_by(LogisticsOrder.id.desc()).limit(HITS))
    return [Hit(tracking, N_("Logistics order"), f"/logistics-orders/{number}") for number, tracking in found]


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """What a jump delivered, cancelled unpaid, and took back; two statements."""
    kinds = {
        "logistics.delivered": N_("Logistics orders delivered: {count}"),
        "logistics.cancelled": N_("Logistics orders that lapsed unpaid: {count}"),
        "logistics.benefit_lost": N_("Reductions of freight lost: {count}"),
        "logistics.coupon_issued": N_("Freight coupons issued: {count}"),
        "logistics.coupon_expired": N_("Freight coupons expired: {count}"),
    }
    asked = (
        select(Event.kind, func.count())
        .where(
            Event.at > since,
            Event.at <= until,
            Event.merchant_id == ctx.merchant,
            Event.actor == "system",
            Event.kind.in_(kinds),
        )
        .group_by(Event.kind)
    )
    counts: dict[str, Any] = dict(ctx.session.execute(asked).all())
    return [
        DigestLine(
            text, {"count": counts[kind]}, "/logistics-benefits" if "coupon" in kind else "/logistics-orders"
        )
        for kind, text in kinds.items()
        if kind in counts
    ]
