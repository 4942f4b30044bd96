"""Search: what fits the words and filters, in the order in which the market shows it (K1, V5)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from sqlalchemy import func, or_, select

from august.catalog import reference
from august.catalog.freight import Parcel, charged_weight
from august.catalog.lines import Line
from august.catalog.lines import standing as book
from august.catalog.models import FreightLine, Product
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.features import Measure
from august.kernel.plain import plain
from august.reviews.models import Review
from august.reviews.rules import scores
from august.storefront.cards import Card, cards
from august.venue import campaign
from august.web.tables import Listing, Page

FILTERS = ("q", "category", "store", "rts", "reviewed", "freight")
SORTS = ("market", "price", "rating")
DEFAULT = "-market"
WORDS_MOST = 8
ID_DIGITS = 15  # what fits a BIGINT
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Goods(msgspec.Struct, frozen=True):
    """What a search goes over, in columns: products in the order of their ids."""

    ids: Ints
    stores: Ints
    prices: Ints

    def kept(self, flags: Flags) -> "Goods":
        """Only those that are flagged."""
        return Goods(self.ids[flags], self.stores[flags], self.prices[flags])


class Found(msgspec.Struct, frozen=True):
    """A page of results."""

    cards: Sequence[Card]
    page: Page


def search(ctx: Context, asked: Listing, country: str, rank: Measure, *, store: int | None = None) -> Found:
    """Products on sale that fit, of one store or of all; `rank` is the market's own score of products."""
    within = {} if store is None else {"store": str(store)}
    goods = candidates(ctx, {**asked.filters, **within})
    if asked.get("freight"):
        goods = goods.kept(reaching(ctx, goods.ids, country))
    counts, means = standings(ctx, goods.ids)
    if asked.get("reviewed"):
        some = counts > 0
        goods, counts, means = goods.kept(some), counts[some], means[some]
    order = _order(ctx, asked, goods, (counts, means), rank)
    page = asked.slice_of(len(goods.ids))
    shown = [int(number) for number in goods.ids[order][page.offset : page.offset + page.size]]
    return Found(cards(ctx, shown, country), page)


def _order(ctx: Context, asked: Listing, goods: Goods, reviews: tuple[Ints, Ints], rank: Measure) -> Ints:
    """The places of the results in their order; equals go by number."""
    key: npt.NDArray[Any] = goods.prices
    if asked.sort == "rating":
        # Without reviews last, whichever way the list is read.
        counts, means = reviews
        return np.lexsort((goods.ids, -counts, -means if asked.descending else means, counts == 0))
    if asked.sort == "market" and len(goods.ids):
        key = rank(ctx, goods.ids, goods.stores)
    return np.lexsort((goods.ids, -key if asked.descending else key))


def candidates(ctx: Context, filters: Mapping[str, str]) -> Goods:
    """Products on sale with a price that fit words, category, kind and store."""
    table = plain(Product)
    wanted = [table.c.status == "on_sale", table.c.price_cents > 0, table.c.published_at <= to_epoch(ctx.now)]
    words = filters.get("q", "").split()[:WORDS_MOST]
    wanted += [
        or_(table.c.title.icontains(word, autoescape=True), table.c.keywords.icontains(word, autoescape=True))
        for word in words
    ]
    if category := filters.get("category", ""):
        leaves = [category] if reference.is_leaf(category) else reference.leaves_of(category)
        wanted.append(table.c.leaf.in_(leaves))
    if filters.get("rts"):
        wanted.append(table.c.kind == "rts")
    if is_number(store := filters.get("store", "")):
        wanted.append(table.c.merchant_id == int(store))
    asked = select(table.c.id, table.c.merchant_id, table.c.price_cents).where(*wanted).order_by(table.c.id)
    found = np.array([tuple(row) for row in ctx.session.execute(asked)], dtype=np.int64).reshape(-1, 3)
    return Goods(found[:, 0], found[:, 1], campaign.lowered(ctx, found[:, 0], found[:, 2]))


def reaching(ctx: Context, ids: Ints, country: str) -> Flags:
    """Whether the minimum order of each product has computable freight to the country."""
    table, ways = plain(Product), _ways(ctx, country)
    names = ("id", "moq", "package_mm", "weight_g", "freight_template_id")
    asked = select(*(table.c[name] for name in names)).where(
        table.c.status == "on_sale",
        table.c.package_mm.is_not(None),
        table.c.weight_g > 0,
        table.c.freight_template_id.in_(list(ways)),
    )
    able: set[int] = set()
    for number, moq, package, weight, template in ctx.session.execute(asked):
        box = msgspec.json.decode(package)
        parcel = Parcel(box["l"], box["w"], box["h"], weight, moq)
        if any(charged_weight(parcel, line) <= line.max_weight_g for line in ways[template]):
            able.add(number)
    return np.array([int(number) in able for number in ids], dtype=np.bool_)


def _ways(ctx: Context, country: str) -> Mapping[int, Sequence[Line]]:
    """The lines to a country that each freight template has opened."""
    found: dict[int, list[Line]] = {}
    for opened in ctx.session.scalars(select(FreightLine).order_by(FreightLine.template_id, FreightLine.id)):
        line = book().lines.get(opened.line)
        if line is not None and country in opened.countries and country in line.zones:
            found.setdefault(opened.template_id, []).append(line)
    return found


def standings(ctx: Context, ids: Ints) -> tuple[Ints, Ints]:
    """The numbers of reviews that count, and the scores in hundredths, of products in order of their ids."""
    table = plain(Review)
    asked = (
        select(table.c.product_id, func.count(), func.sum(table.c.quality))
        .where(table.c.counts)
        .group_by(table.c.product_id)
    )
    counts, stars = np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=np.int64)
    places = {int(number): place for place, number in enumerate(ids)}
    for product, count, total in ctx.session.execute(asked):
        if (place := places.get(product)) is not None:
            counts[place], stars[place] = count, int(total)
    return counts, scores(stars, counts)


def is_number(text: str) -> bool:
    """Whether a text is the number of something."""
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS
