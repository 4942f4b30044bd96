"""What stands in showcases: slots, orders, products with what they brought, advice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, func, select

from august.catalog.models import Product
from august.growth import queries as growth
from august.kernel.clock import last_days
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.plain import number_columns, plain
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.showcase.models import ShowcaseItem, ShowcaseOrder
from august.showcase.rules import Opened, OrderRules, SlotRules, Slots, Swap, count_slots, swaps
from august.traffic.queries import deeds, trail
from august.traffic.visitors import per_product
from august.web.tables import Listing, Page

DAYS = 30
DAY_SECONDS = 86_400
SORTS = {"growth": Product.growth, "title": Product.title, "published": Product.published_at}
SHOWN_SORTS = ("since", "growth", "exposures", "visits", "opportunities")
MOST_SWAPS = 8


@dataclass(frozen=True)
class OrderLine:
    """A showcase order as the page lists it; `number` is None of what the membership brings."""

    number: int | None
    source: str
    slots: int
    days: int | None
    granted_at: datetime | None
    opened_at: datetime | None
    until: datetime | None
    state: str
    left: int | None


@dataclass(frozen=True)
class ShownRow:
    """A product on show and what it brought in 30 days."""

    id: int
    title: str
    growth: int
    band: str
    since: datetime
    exposures: int
    visits: int
    opportunities: int


@dataclass(frozen=True)
class Waiting:
    """A product on sale that is not on show."""

    id: int
    title: str
    growth: int
    band: str


@dataclass(frozen=True)
class Standing:
    """The store's slots, and how many of them are used."""

    slots: Slots
    used: int

    @property
    def free(self) -> int:
        """Slots in which a product can be put now."""
        return max(0, self.slots.total - self.used)


def slot_rules(ctx: Context) -> SlotRules:
    """The numbers of SC1 in force now."""
    values: SlotRules = ctx.rulebook.values("SC1", ctx.now)
    return values


def order_rules(ctx: Context) -> OrderRules:
    """The numbers of SC2 in force now."""
    values: OrderRules = ctx.rulebook.values("SC2", ctx.now)
    return values


def shown(ctx: Context) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Stores and products of everything on show now, in the order of the products; asked once."""
    kept = ctx.of(ShowcaseItem)
    if "shown" not in kept:
        stores, products = number_columns(ctx.session.connection(), _shown())
        kept["shown"] = stores, products
    found: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] = kept["shown"]
    return found


@cache
def _shown() -> Select[Any]:
    table = plain(ShowcaseItem)
    return select(table.c.merchant_id, table.c.product_id).order_by(table.c.product_id)


def showcased(ctx: Context, products: npt.NDArray[Any], _stores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """1 of products on show, 0 of others: what the market's search looks at."""
    return np.isin(products, shown(ctx)[1]).astype(np.int64)


def slots_of_all(ctx: Context) -> dict[int, Slots]:
    """The slots of every store, in two statements."""
    opened: dict[int, list[Opened]] = {}
    running = select(ShowcaseOrder).where(ShowcaseOrder.state == "open").order_by(ShowcaseOrder.id)
    for order in ctx.session.scalars(running):
        opened.setdefault(order.merchant_id, []).append(_opened(order))
    rules = slot_rules(ctx)
    stores = select(Merchant.id, Merchant.membership, Merchant.member_until).order_by(Merchant.id)
    return {
        number: count_slots(membership, until, opened.get(number, ()), ctx.now, rules)
        for number, membership, until in ctx.session.execute(stores)
    }


def slots(ctx: Context) -> Slots:
    """The acting store's slots now."""
    store = ctx.session.get_one(Merchant, ctx.merchant)
    running = select(ShowcaseOrder).where(
        ShowcaseOrder.merchant_id == ctx.merchant, ShowcaseOrder.state == "open"
    )
    opened = [_opened(order) for order in ctx.session.scalars(running.order_by(ShowcaseOrder.id))]
    return count_slots(store.membership, store.member_until, opened, ctx.now, slot_rules(ctx))


def _opened(order: ShowcaseOrder) -> Opened:
    assert order.until is not None  # noqa: S101 - an opened order has its end
    return Opened(order.id, order.slots, order.source, order.until)


def standing(ctx: Context) -> Standing:
    """The acting store's slots and how many are used."""
    used = select(func.count()).where(ShowcaseItem.merchant_id == ctx.merchant)
    return Standing(slots(ctx), ctx.session.scalar(used) or 0)


def orders(ctx: Context, found: Slots) -> list[OrderLine]:
    """What the membership brings, then the store's orders: to be opened, open, ended."""
    member = OrderLine(
        None, "membership", found.member, None, None, None, found.until,
        "open" if found.member else "ended", _left(found.until, ctx.now),
    )  # fmt: skip
    asked = select(ShowcaseOrder).where(ShowcaseOrder.merchant_id == ctx.merchant)
    lines = [
        OrderLine(
            order.id, order.source, order.slots, order.days, order.granted_at, order.opened_at, order.until,
            # The daily job writes the end down; the slots are gone at its second.
            "ended" if order.until is not None and order.until <= ctx.now else order.state,
            None if order.until is None else _left(order.until, ctx.now),
        )
        for order in ctx.session.scalars(asked.order_by(ShowcaseOrder.id.desc()))
    ]  # fmt: skip
    rank = {"to_open": 0, "open": 1, "ended": 2}
    return sorted([member, *lines], key=lambda line: rank[line.state])


def _left(until: datetime, now: datetime) -> int | None:
    """Started days until an end; None when it is over."""
    seconds = (until - now).total_seconds()
    return None if seconds <= 0 else int(-(-seconds // DAY_SECONDS))


def on_show(ctx: Context, asked: Listing) -> list[ShownRow]:
    """The store's products on show with what each brought in the last 30 complete PT days."""
    found = ctx.session.execute(
        select(Product.id, Product.title, Product.growth, ShowcaseItem.since)
        .join(ShowcaseItem, ShowcaseItem.product_id == Product.id)
        .where(ShowcaseItem.merchant_id == ctx.merchant)
        .order_by(Product.id)
    ).all()
    window = last_days(DAYS, ctx.now)
    ids = np.array([row.id for row in found], dtype=np.int64)
    brought = per_product(trail(ctx, window, ids), deeds(ctx, window), ids)
    counts = np.stack([brought.exposures, brought.visits, brought.opportunities], axis=1).tolist()
    rows = [
        ShownRow(number, title, score, growth.band_of(ctx, score), since, *own)
        for (number, title, score, since), own in zip(found, counts, strict=True)
    ]
    return sorted(rows, key=lambda row: getattr(row, asked.sort), reverse=asked.descending)


def waiting(ctx: Context, asked: Listing) -> tuple[list[Waiting], Page]:
    """A page of the store's products on sale that are not on show."""
    mine = _not_shown(ctx)
    page = asked.slice_of(ctx.session.scalar(select(func.count()).where(*mine)) or 0)
    key = SORTS[asked.sort]
    found = ctx.session.execute(
        select(Product.id, Product.title, Product.growth)
        .where(*mine)
        .order_by(key.desc() if asked.descending else key.asc(), Product.id)
        .limit(page.size)
        .offset(page.offset)
    )
    return [Waiting(*row, growth.band_of(ctx, row.growth)) for row in found], page


def best(ctx: Context, count: int) -> list[int]:
    """The store's products on sale that are not on show, the highest growth first."""
    asked = select(Product.id).where(*_not_shown(ctx)).order_by(Product.growth.desc(), Product.id)
    return list(ctx.session.scalars(asked.limit(count)))


def _not_shown(ctx: Context) -> tuple[Any, ...]:
    there = select(ShowcaseItem.product_id).where(ShowcaseItem.merchant_id == ctx.merchant)
    return (
        Product.merchant_id == ctx.merchant,
        Product.status == "on_sale",
        Product.id.not_in(there),
    )


@dataclass(frozen=True)
class Advice:
    """A swap worth making, with both products' titles and scores."""

    out: Waiting
    into: Waiting


def advice(ctx: Context, rows: Sequence[ShownRow]) -> list[Advice]:
    """Low-growth products on show beside the better ones that wait."""
    high = next(band.least for band in growth.rules(ctx).bands if band.name == "high")
    on = {row.id: row for row in rows}
    asked = select(Product.id, Product.title, Product.growth).where(*_not_shown(ctx))
    found = ctx.session.execute(asked.order_by(Product.growth.desc(), Product.id).limit(MOST_SWAPS))
    off = {row.id: Waiting(*row, growth.band_of(ctx, row.growth)) for row in found}
    pairs: Sequence[Swap] = swaps(
        {number: row.growth for number, row in on.items()},
        {number: row.growth for number, row in off.items()},
        high,
    )
    return [Advice(_as_waiting(on[pair.out]), off[pair.into]) for pair in pairs]


def _as_waiting(row: ShownRow) -> Waiting:
    return Waiting(row.id, row.title, row.growth, row.band)


def why(ctx: Context, key: str) -> Node:
    """Why the store has its slots: `showcase/slots`."""
    if key != "slots":
        text = N_("There is nothing to explain under {key}.")
        raise Refusal("why.unknown", text, params={"key": key[:20]}, status=404)
    return slots(ctx).why
