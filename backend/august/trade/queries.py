"""What the order table reads: filters, sorts, counts, late risk."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select

from august.catalog import carriers, lines
from august.catalog.models import Product
from august.kernel.bulk import row_of
from august.kernel.clock import day_start
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.features import Hit
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.trade import steps
from august.trade.effects import OTHER_LINE
from august.trade.models import Order
from august.trade.rules import TO_SHIP, countdown, late_risk, order_terms
from august.trade.words import CHANNELS, EXPORTS, SPECIALS, TERMS

FILTERS = (
    "q", "state", "channel", "export", "special", "terms", "country", "risk", "disputed", "from", "to",
)  # fmt: skip
SORTS: Mapping[str, Any] = {
    "drafted": Order.drafted_at,
    "id": Order.id,
    "total": Order.total_cents,
    "quantity": Order.quantity,
    "ship_by": Order.ship_by,
    "since": Order.since,
}
CHOICES: tuple[tuple[str, Mapping[str, str], Any], ...] = (
    ("channel", CHANNELS, Order.channel),
    ("export", EXPORTS, Order.export_mode),
    ("special", SPECIALS, Order.special),
    ("terms", TERMS, Order.terms),
)
STATE_TONES: Mapping[str, str] = {
    "asked": "accent",
    "producing": "accent",
    "part_shipped": "accent",
    "completed": "good",
    "cancelled": "",
}
HITS = 8
DIGITS_MOST = 15  # what fits a BIGINT
LAST_YEAR = 2200


class Line(msgspec.Struct, frozen=True):
    """An order as the table shows it; money in US cents."""

    id: int
    company: str
    country: str
    product: int
    title: str
    image: str
    kind: str
    quantity: int
    total_cents: int
    paid_cents: int
    state: str
    turn: str
    since: datetime
    due: datetime | None
    left: Phrase | None
    risk: str
    disputed: bool
    on_time: bool | None
    channel: str
    export_mode: str
    special: str
    terms: str
    drafted_at: datetime
    ship_by: datetime | None
    inquiry: int | None


class Table(msgspec.Struct, frozen=True):
    """A page of the order table."""

    lines: Sequence[Line]
    page: Any
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All orders of the store."""
        return sum(self.counts.values())


def table(ctx: Context, asked: Any) -> Table:
    """The store's orders that the filters want, one page of them, in three statements."""
    joined = _joined()
    wanted = and_(*conditions(ctx, asked.filters))
    matching = joined.with_only_columns(func.count()).where(wanted)
    page = asked.slice_of(ctx.session.scalar(matching) or 0)
    key = SORTS[asked.sort]
    order = (key.desc() if asked.descending else key.asc()).nulls_last()
    shown = joined.where(wanted).order_by(order, Order.id).limit(page.size).offset(page.offset)
    found = [line(ctx, *row) for row in ctx.session.execute(shown)]
    return Table(found, page, state_counts(ctx))


def _joined() -> Select[Any]:
    asked = select(Order, Buyer.company, Product.title, Product.images)
    return asked.join(Buyer, Buyer.id == Order.buyer_id).join(Product, Product.id == Order.product_id)


def lines_of(ctx: Context, ids: Sequence[int]) -> list[Line]:
    """The store's orders of those numbers, as the table shows them."""
    mine = Order.merchant_id == ctx.merchant, Order.id.in_(ids)
    return [line(ctx, *row) for row in ctx.session.execute(_joined().where(*mine).order_by(Order.id))]


def line(ctx: Context, order: Order, company: str, title: str, images: Sequence[str]) -> Line:
    """One order with what its deadline comes to."""
    row, now, terms = row_of(order), to_epoch(ctx.now), order_terms(ctx.rulebook, ctx.now)
    due = steps.due_by(row, terms)
    return Line(
        id=order.id,
        company=company,
        country=order.country,
        product=order.product_id,
        title=title,
        image=images[0] if images else "",
        kind=order.kind,
        quantity=order.quantity,
        total_cents=order.total_cents,
        paid_cents=order.paid_cents,
        state=order.state,
        turn=steps.STATES[order.state].turn,
        since=order.since,
        due=None if due is None else from_epoch(due),
        left=None if due is None else countdown(now, due),
        risk=late_risk(row, now, terms),
        disputed=order.disputed,
        on_time=steps.on_time(row),
        channel=order.channel,
        export_mode=order.export_mode,
        special=order.special,
        terms=order.terms,
        drafted_at=order.drafted_at,
        ship_by=order.ship_by,
        inquiry=order.inquiry_id,
    )


def state_counts(ctx: Context) -> dict[str, int]:
    """How many of the store's orders stand in each state."""
    mine = Order.merchant_id == ctx.merchant
    return dict(
        ctx.session.execute(select(Order.state, func.count()).where(mine).group_by(Order.state)).all()
    )


def risk_counts(ctx: Context) -> dict[str, int]:
    """How many of the store's orders are late to ship, and how many will be soon."""
    mine = Order.merchant_id == ctx.merchant
    return {
        risk: ctx.session.scalar(select(func.count()).where(mine, at_risk(ctx, risk))) or 0
        for risk in ("late", "soon")
    }


def at_risk(ctx: Context, risk: str) -> ColumnElement[bool]:
    """The orders whose late risk is this one, as rules.late_risk tells it."""
    warned = ctx.now + timedelta(days=order_terms(ctx.rulebook, ctx.now).warn_days)
    open_ones = Order.state.in_(TO_SHIP)
    if risk == "late":
        return and_(open_ones, Order.ship_by < ctx.now)
    return and_(open_ones, Order.ship_by >= ctx.now, Order.ship_by <= warned)


def conditions(ctx: Context, filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """What the filters mean; unknown values are left aside."""
    found: list[ColumnElement[bool]] = [Order.merchant_id == ctx.merchant]
    if text := filters.get("q", ""):
        found.append(matches(text))
    if (state := filters.get("state", "")) in steps.STATES:
        found.append(Order.state == state)
    for name, words, column in CHOICES:
        if (value := filters.get(name, "")) in words:
            found.append(column == value)
    if country := filters.get("country", ""):
        found.append(Order.country == country)
    if (risk := filters.get("risk", "")) in {"soon", "late"}:
        found.append(at_risk(ctx, risk))
    if (disputed := filters.get("disputed", "")) in {"yes", "once"}:
        found.append(Order.disputed.is_(True) if disputed == "yes" else Order.disputes > 0)
    return found + drafted_between(filters.get("from", ""), filters.get("to", ""))


def matches(text: str) -> ColumnElement[bool]:
    """Orders by number, buyer or product; wants the joins of `table`."""
    either: list[ColumnElement[bool]] = [
        column.icontains(text, autoescape=True) for column in (Buyer.company, Buyer.name, Product.title)
    ]
    if text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST:
        either.append(Order.id == int(text))
        either.append(cast(Order.id, String).startswith(text))
    return or_(*either)


def drafted_between(first: str, last: str) -> list[ColumnElement[bool]]:
    """Orders drafted from one Pacific day to another, both inside (T4); unreadable days are left aside."""
    found: list[ColumnElement[bool]] = []
    if (start := _day(first)) is not None:
        found.append(Order.drafted_at >= day_start(start))
    if (end := _day(last)) is not None:
        found.append(Order.drafted_at < day_start(end + timedelta(days=1)))
    return found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year <= LAST_YEAR else None  # noqa: PLR2004 - instants count from 1970


def countries(ctx: Context) -> Sequence[str]:
    """Where the store's orders go."""
    mine = select(Order.country).where(Order.merchant_id == ctx.merchant).distinct()
    return ctx.session.scalars(mine.order_by(Order.country)).all()


def country_names(codes: Sequence[str]) -> dict[str, dict[str, str]]:
    """What countries are called, by code."""
    book = lines.standing().countries
    return {code: {"zh": book[code].zh, "en": book[code].en} for code in codes if code in book}


def line_names() -> dict[str, Any]:
    """What the logistics lines are called, by code; the last is the way of no line of ours."""
    found: dict[str, Any] = {code: each.name for code, each in carriers.standing().lines.items()}
    found |= {each.code: {"zh": each.zh, "en": each.en} for each in lines.standing().lines.values()}
    return {**found, OTHER_LINE: Phrase(N_("another forwarder"))}


def lines_to(country: str) -> list[str]:
    """The codes of the lines that go to a country, and that of no line of ours."""
    return [each.code for each in lines.standing().lines.values() if country in each.zones] + [OTHER_LINE]


def view_query(asked: Any) -> str:
    """What a saved view keeps of an address: filters, sort and size."""
    kept = dict(sorted(asked.filters.items()))
    return urlencode({**kept, "sort": asked.order, "size": asked.size})


def find(ctx: Context, text: str) -> list[Hit]:
    """The store's orders by number or buyer, for Ctrl-K."""
    if ctx.actor.merchant is None or not text.strip():
        return []
    wanted = text.strip()[:100]
    buyers = or_(
        Buyer.company.icontains(wanted, autoescape=True), Buyer.name.icontains(wanted, autoescape=True)
    )
    numbered = (
        [Order.id == int(wanted)]
        if wanted.isascii() and wanted.isdigit() and len(wanted) <= DIGITS_MOST
        else []
    )
    rows = ctx.session.execute(
        select(Order.id, Buyer.company)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .where(Order.merchant_id == ctx.merchant, or_(buyers, *numbered))
        .order_by(Order.id.desc())
        .limit(HITS)
    )
    return [Hit(f"{number} · {company}", N_("Order"), f"/orders/{number}") for number, company in rows]
