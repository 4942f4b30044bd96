"""The visits of a store as pages and programs read them: statistic days are complete PT days (T4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import or_, select

from august.catalog.models import Product
from august.kernel.clock import Window, day_start, last_days, pt_day
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.plain import plain
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.opportunities.models import Inquiry
from august.trade.models import Order
from august.traffic.models import SOURCES, TrafficTick
from august.traffic.trails import NONE, Ints, Trail, unpack
from august.traffic.visitors import (
    ASKED,
    ORDERED,
    PAID,
    STAGES,
    Daily,
    Deeds,
    Shown,
    Visitors,
    gather,
    per_day,
    per_product,
)
from august.web.tables import Listing, Page

L1_PLUS = frozenset({"L1", "L2", "L3", "L4"})
VISITOR = "visitor"
# Days back, and their words; 0 is today so far, which no statistic counts yet.
SPANS: Mapping[str, str] = {
    "0": N_("Today so far"),
    "1": N_("Yesterday"),
    "7": N_("Last 7 days"),
    "30": N_("Last 30 days"),
}
SPAN = "30"
SOURCE_WORDS: Mapping[str, str] = {
    "search": N_("Search"),
    "recommendation": N_("Recommendation"),
    "store": N_("Came back to the store"),
    "platform_prospect": N_("Found by the platform"),
}
STAGE_WORDS: Mapping[str, str] = {
    "looked": N_("Only looked"),
    "asked": N_("Asked"),
    "ordered": N_("Ordered"),
    "paid": N_("Paid"),
}
TIER_WORDS: Mapping[str, str] = {
    "l1_plus": N_("L1+"),
    "registered": N_("L0 registered"),
    "visitor": N_("Visitor, not signed in"),
}
FILTERS = ("days", "country", "tier", "source", "did", "product")
SORTS = ("last", "visits", "products", "did")
PRODUCT_SORTS = ("exposures", "visits", "ctr", "visitors", "opportunities", "rate", "title")


@dataclass(frozen=True)
class Visitor:
    """A row of the list; a visitor who is not signed in has no company."""

    buyer: int
    company: str | None
    country: str
    tier: str
    sources: tuple[str, ...]
    visits: int
    products: int
    last: datetime
    last_product: int
    last_title: str
    stage: str


@dataclass(frozen=True)
class Counted:
    """A name with what it counts, for charts."""

    name: str
    visitors: int
    visits: int


@dataclass(frozen=True)
class Guests:
    """A page of visitors with what all of the window's visitors come to."""

    rows: Sequence[Visitor]
    page: Page
    first: date
    last: date
    days: Daily
    countries: Sequence[Counted]
    sources: Sequence[Counted]
    visits: int
    visitors: int
    l1_plus: int
    opportunities: int


@dataclass(frozen=True)
class ProductRow:
    """A product of the store: shares are None where nothing was shown or nobody came."""

    id: int
    title: str
    exposures: int
    visits: int
    visitors: int
    opportunities: int
    ctr: float | None
    rate: float | None


@dataclass(frozen=True)
class DayRow:
    """A statistic day of the store."""

    day: date
    exposures: int
    visits: int
    visitors: int


def window_of(days: str, now: datetime) -> Window:
    """The complete PT days that a filter means, or today up to now."""
    if days == "0":
        return Window(day_start(pt_day(now)), now)
    return last_days(int(days), now)


def titles(ctx: Context) -> dict[int, str]:
    """Every product the store ever had, by number."""
    table = plain(Product)
    asked = select(table.c.id, table.c.title).where(table.c.merchant_id == ctx.merchant)
    return dict(ctx.session.execute(asked.order_by(table.c.id)).all())


def trail(ctx: Context, window: Window, products: Ints) -> Trail:
    """The ticks of a window that begins at a PT midnight, decoded for these products."""
    table = plain(TrafficTick)
    inside = (table.c.start >= to_epoch(window.start), table.c.start < to_epoch(window.end))
    ticks = ctx.session.execute(select(table).where(*inside).order_by(table.c.start)).all()
    first = pt_day(window.start)
    return unpack(ticks, products, first, (pt_day(window.last_second) - first).days + 1)


def deeds(ctx: Context, window: Window) -> Deeds:
    """The store's inquiries, chats, orders and first payments of a window."""
    start, end = to_epoch(window.start), to_epoch(window.end)
    asked, order = plain(Inquiry), plain(Order)
    talk = select(asked.c.buyer_id, asked.c.product_id, asked.c.at).where(
        asked.c.merchant_id == ctx.merchant, asked.c.at >= start, asked.c.at < end
    )
    deal = select(order.c.buyer_id, order.c.product_id, order.c.drafted_at, order.c.paid_at).where(
        order.c.merchant_id == ctx.merchant,
        or_(order.c.drafted_at.between(start, end - 1), order.c.paid_at.between(start, end - 1)),
    )
    found = [(buyer, product, at, ASKED) for buyer, product, at in ctx.session.execute(talk)]
    for buyer, product, drafted, paid in ctx.session.execute(deal):
        steps = ((drafted, ORDERED), (paid, PAID))
        found += [(buyer, product, at, stage) for at, stage in steps if at is not None and start <= at < end]
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return Deeds(columns[0], columns[1], columns[2], columns[3])


def visitors(ctx: Context, asked: Listing) -> Guests:
    """The visitors of a window by the list's filters, and the window's own totals."""
    names = titles(ctx)
    window = window_of(_span(asked), ctx.now)
    path, done = trail(ctx, window, ids_of(names)), deeds(ctx, window)
    product = _number(asked.get("product"))
    if product is not None:
        path, done = path.of(product), done.cut(done.product == product)
    found = gather(path, done)
    who = _buyers(ctx, found.buyer)
    countries = np.array([country for country, _, _ in who], dtype="U2")
    plus = np.array([tier in L1_PLUS for _, tier, _ in who], dtype=bool)
    kept = np.flatnonzero(_wanted(asked, found, who, countries, plus))
    page = asked.slice_of(len(kept))
    shown = kept[_order(asked, found.take(kept))][page.offset : page.offset + page.size]
    return Guests(
        rows=_rows(found.take(shown), [who[place] for place in shown], names),
        page=page,
        first=path.first,
        last=path.first + timedelta(days=path.days - 1),
        days=per_day(path),
        countries=_by_country(found, countries),
        sources=_by_source(path),
        visits=len(path.at),
        visitors=len(found),
        l1_plus=int(plus.sum()),
        opportunities=int((found.stage >= ASKED).sum()),
    )


def products(ctx: Context, asked: Listing) -> tuple[list[ProductRow], Page]:
    """What came of each product's exposures in the window."""
    names = titles(ctx)
    window = window_of(_span(asked), ctx.now)
    ids = ids_of(names)
    found = per_product(trail(ctx, window, ids), deeds(ctx, window), ids)
    rows = _product_rows(found, names)
    rows.sort(key=lambda row: row.id)
    rows.sort(key=lambda row: _sortable(row, asked.sort), reverse=asked.descending)
    page = asked.slice_of(len(rows))
    return rows[page.offset : page.offset + page.size], page


def days(ctx: Context, asked: Listing) -> tuple[list[DayRow], Page]:
    """The statistic days of the window, in their order or backwards."""
    window = window_of(_span(asked), ctx.now)
    path = trail(ctx, window, ids_of(titles(ctx)))
    rows = day_rows(path)
    if asked.descending:
        rows.reverse()
    page = asked.slice_of(len(rows))
    return rows[page.offset : page.offset + page.size], page


def day_rows(path: Trail) -> list[DayRow]:
    """A trail day by day."""
    found = per_day(path)
    return [
        DayRow(
            path.first + timedelta(days=place),
            int(found.exposures[place]),
            int(found.visits[place]),
            int(found.visitors[place]),
        )
        for place in range(path.days)
    ]


def passed(ctx: Context, since: datetime, until: datetime) -> tuple[int, int, int]:
    """Exposures, visits and different visitors of the ticks that ended after `since`, up to `until`."""
    table = plain(TrafficTick)
    ended = (table.c.end > to_epoch(since), table.c.end <= to_epoch(until))
    ticks = ctx.session.execute(select(table).where(*ended).order_by(table.c.start)).all()
    path = unpack(ticks, ids_of(titles(ctx)), pt_day(since), 0)
    return int(path.seen_count.sum()), len(path.at), len(np.unique(path.buyer))


def ids_of(names: Mapping[int, str]) -> Ints:
    """The numbers of some products as a column, in their order."""
    return np.array(list(names), dtype=np.int64) if names else NONE


def _span(asked: Listing) -> str:
    days = asked.get("days", SPAN)
    return days if days in SPANS else SPAN


def _number(text: str) -> int | None:
    """A product's number; anything else is no filter."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004 - fits a BIGINT


def _buyers(ctx: Context, numbers: Ints) -> list[tuple[str, str, str]]:
    """Country, tier and company of each, in the order of the numbers."""
    table = plain(Buyer)
    asked = select(table.c.id, table.c.country, table.c.tier, table.c.company).where(
        table.c.id.in_(numbers.tolist())
    )
    found = {number: (country, tier, name) for number, country, tier, name in ctx.session.execute(asked)}
    return [found[number] for number in numbers.tolist()]


def _wanted(
    asked: Listing,
    found: Visitors,
    who: Sequence[tuple[str, str, str]],
    countries: npt.NDArray[np.str_],
    plus: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Which visitors the filters let through; an unknown word of a filter lets nobody through."""
    kept = np.ones(len(found), dtype=bool)
    if country := asked.get("country"):
        kept &= countries == country
    if tier := asked.get("tier"):
        groups = np.array([_group(each) for _, each, _ in who], dtype="U10")
        kept &= plus if tier == "l1_plus" else groups == tier
    if source := asked.get("source"):
        number = SOURCES.index(source) if source in SOURCES else len(SOURCES)
        kept &= (found.sources >> number) & 1 == 1
    if did := asked.get("did"):
        least = STAGES.index(did) if did in STAGES else len(STAGES)
        # "Only looked" is its own group; each other step holds those who went further.
        kept &= (found.stage == 0) if least == 0 else (found.stage >= least)
    return kept


def _group(tier: str) -> str:
    """What a store may know of a buyer's tier: L1+ or not."""
    if tier in L1_PLUS:
        return "l1_plus"
    return "visitor" if tier == VISITOR else "registered"


def _order(asked: Listing, found: Visitors) -> npt.NDArray[np.intp]:
    key = {"last": found.last, "visits": found.visits, "products": found.products, "did": found.stage}
    values = key[asked.sort]
    sign = -1 if asked.descending else 1
    return np.lexsort((found.buyer, -found.last, sign * values))


def _rows(found: Visitors, who: Sequence[tuple[str, str, str]], names: Mapping[int, str]) -> list[Visitor]:
    return [
        Visitor(
            buyer=int(found.buyer[i]),
            company=None if tier == VISITOR else company,
            country=country,
            tier=_group(tier),
            sources=tuple(name for bit, name in enumerate(SOURCES) if found.sources[i] >> bit & 1),
            visits=int(found.visits[i]),
            products=int(found.products[i]),
            last=from_epoch(int(found.last[i])),
            last_product=int(found.last_product[i]),
            last_title=names[int(found.last_product[i])],
            stage=STAGES[found.stage[i]],
        )
        for i, (country, tier, company) in enumerate(who)
    ]


def _by_country(found: Visitors, countries: npt.NDArray[np.str_]) -> list[Counted]:
    """Countries by visitors, the most first."""
    codes, place = np.unique(countries, return_inverse=True)
    heads = np.bincount(place, minlength=len(codes))
    visits = np.bincount(place, weights=found.visits, minlength=len(codes))
    counted = [Counted(str(code), int(heads[i]), int(visits[i])) for i, code in enumerate(codes)]
    return sorted(counted, key=lambda each: (-each.visitors, -each.visits, each.name))


def _by_source(path: Trail) -> list[Counted]:
    """Each way by which somebody came, with its visits and different visitors."""
    found = []
    for number, name in enumerate(SOURCES):
        by_it = path.buyer[path.source == number]
        if len(by_it):
            found.append(Counted(name, len(np.unique(by_it)), len(by_it)))
    return found


def _product_rows(found: Shown, names: Mapping[int, str]) -> list[ProductRow]:
    return [
        ProductRow(
            id=number,
            title=names[number],
            exposures=exposures,
            visits=visits,
            visitors=heads,
            opportunities=opportunities,
            ctr=visits / exposures if exposures else None,
            rate=opportunities / heads if heads else None,
        )
        for number, exposures, visits, heads, opportunities in zip(
            found.product.tolist(),
            found.exposures.tolist(),
            found.visits.tolist(),
            found.visitors.tolist(),
            found.opportunities.tolist(),
            strict=True,
        )
    ]


def _sortable(row: ProductRow, column: str) -> Any:
    value = getattr(row, column)
    return -1.0 if value is None else value
