"""Ratings at a glance: products, distribution, weeks, keywords, and what reviews did to conversion."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import func, select

from august.catalog.models import Product
from august.kernel.clock import Window, day_start, last_days, pt_day
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.plain import plain
from august.opportunities.models import Inquiry
from august.reviews.models import Review
from august.reviews.queries import What
from august.reviews.rules import (
    Band,
    ConversionRules,
    Moments,
    Rating,
    Tally,
    case_of,
    conversion,
    rate_product,
    score,
)
from august.reviews.standing import product_tallies, score_rules
from august.traffic.models import TrafficTick
from august.web.tables import Listing, Page

SORTS = ("count", "score", "title")
WEEK = 7


class Rated(msgspec.Struct, frozen=True):
    """A product of the store with its rating, and which of the three pictures its page shows."""

    product: What
    rating: Rating
    case: str


class Ratings(msgspec.Struct, frozen=True):
    """A page of the store's products on sale."""

    lines: Sequence[Rated]
    page: Page


class Week(msgspec.Struct, frozen=True):
    """Seven complete PT days: the first of them, how many reviews, their mean for quality."""

    first: date
    count: int
    score: int | None


def ratings(ctx: Context, asked: Listing, store_count: int) -> Ratings:
    """The store's products on sale with their ratings, the most reviewed first."""
    mine = (Product.merchant_id == ctx.merchant, Product.status == "on_sale")
    goods = [
        What(number, title, images[0] if images else "")
        for number, title, images in ctx.session.execute(
            select(Product.id, Product.title, Product.images).where(*mine).order_by(Product.id)
        )
    ]
    found, rules = product_tallies(ctx, [each.id for each in goods]), score_rules(ctx)
    goods.sort(key=lambda each: _key(each, found.get(each.id, Tally()), asked.sort), reverse=asked.descending)
    page = asked.slice_of(len(goods))
    shown = goods[page.offset : page.offset + page.size]
    lines = [
        Rated(each, rating, case_of(rating.count, store_count))
        for each, rating in ((each, rate_product(found.get(each.id, Tally()), rules)) for each in shown)
    ]
    return Ratings(lines, page)


def _key(product: What, found: Tally, sort: str) -> Any:
    if sort == "title":
        return product.title, product.id
    mean = score(found.quality, found.count) or 0
    return (mean, found.count, -product.id) if sort == "score" else (found.count, mean, -product.id)


def weeks(ctx: Context) -> list[Week]:
    """The store's reviews that count, by times of seven complete PT days before today (V2-score)."""
    number = score_rules(ctx).trend_weeks
    today = pt_day(ctx.now)
    firsts = [today - timedelta(days=WEEK * back) for back in range(number, 0, -1)]
    edges = [to_epoch(day_start(each)) for each in (*firsts, today)]
    table = plain(Review)
    asked = select(table.c.at, table.c.quality).where(
        table.c.merchant_id == ctx.merchant, table.c.counts, table.c.at >= edges[0], table.c.at < edges[-1]
    )
    rows = np.array([tuple(row) for row in ctx.session.execute(asked)], dtype=np.int64).reshape(-1, 2)
    place = np.searchsorted(np.array(edges), rows[:, 0], side="right") - 1
    counts = np.bincount(place, minlength=number)
    stars = np.bincount(place, weights=rows[:, 1], minlength=number)
    return [
        Week(first, int(counts[i]), score(int(stars[i]), int(counts[i]))) for i, first in enumerate(firsts)
    ]


def keywords(ctx: Context) -> list[tuple[str, int]]:
    """The keywords of the store's reviews that count, the most frequent first."""
    found: dict[str, int] = {}
    asked = select(Review.keywords, func.count()).where(Review.merchant_id == ctx.merchant, Review.counts)
    for words, count in ctx.session.execute(asked.group_by(Review.keywords)):
        for word in words:
            found[word] = found.get(word, 0) + count
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def converted(ctx: Context) -> Sequence[Band]:
    """Visits of the store's products and their inquiries, by the reviews buyers saw (V6-conversion)."""
    rules: ConversionRules = ctx.rulebook.values("V6-conversion", ctx.now)
    window = last_days(rules.days, ctx.now)
    start, end = to_epoch(window.start), to_epoch(window.end)
    own = np.array(list(ctx.session.scalars(_own_products(ctx))), dtype=np.int64)
    inquiry, review = plain(Inquiry), plain(Review)
    mine = inquiry.c.merchant_id == ctx.merchant
    asked = select(inquiry.c.product_id, inquiry.c.at).where(mine, inquiry.c.at >= start, inquiry.c.at < end)
    seen = select(review.c.product_id, review.c.at).where(
        review.c.merchant_id == ctx.merchant, review.c.counts
    )
    return conversion(_visits(ctx, own, window), _moments(ctx, asked), _moments(ctx, seen), rules)


def _own_products(ctx: Context) -> Any:
    return select(Product.id).where(Product.merchant_id == ctx.merchant).order_by(Product.id)


def _moments(ctx: Context, asked: Any) -> Moments:
    rows = np.array([tuple(row) for row in ctx.session.execute(asked)], dtype=np.int64).reshape(-1, 2)
    return Moments(rows[:, 0], rows[:, 1])


def _visits(ctx: Context, own: Any, window: Window) -> Moments:
    """The visits of the store's products in the window."""
    table = TrafficTick.__table__
    asked = (
        select(table.c.start, table.c.visit_product, table.c.visit_second)
        .where(table.c.start >= window.start, table.c.start < window.end)
        .order_by(table.c.start)
    )
    products, instants = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for begin, product, second in ctx.session.execute(asked):
        mine = np.isin(product, own)
        products.append(product[mine].astype(np.int64))
        instants.append(to_epoch(begin) + second[mine].astype(np.int64))
    return Moments(np.concatenate(products), np.concatenate(instants))


def told(rating: Rating) -> Mapping[str, int | None]:
    """The three dimensions of a rating, in hundredths."""
    return {"quality": rating.quality, "service": rating.service, "shipment": rating.shipment}
