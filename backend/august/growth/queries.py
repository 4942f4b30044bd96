"""The growth scores of a store's products, and where their points come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select

from august.catalog import lines
from august.catalog.facts import parcel_of
from august.catalog.freight import OpenLine, missing
from august.catalog.lines import LineBook
from august.catalog.models import Product
from august.growth.rules import KINDS, GrowthDecision, GrowthFacts, GrowthRules, growth_scores, judge_growth
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.words import N_
from august.quality.queries import bands, opened_for
from august.quality.rules import tenths
from august.web.tables import Listing, Page

SORTS = {"growth": Product.growth, "quality": Product.quality_tenths, "title": Product.title}
ID_DIGITS = 15  # what fits a BIGINT


@dataclass(frozen=True)
class Row:
    """A product of the growth table."""

    id: int
    title: str
    growth: int
    band: str
    quality: str


@dataclass(frozen=True)
class Growth:
    """A page of products with the store's bands and average."""

    rows: Sequence[Row]
    page: Page
    by_band: Mapping[str, int]
    average: int


def rules(ctx: Context) -> GrowthRules:
    """The growth rule in force now (Q6)."""
    values: GrowthRules = ctx.rulebook.values("Q6-growth", ctx.now)
    return values


def decide(ctx: Context, products: Sequence[Product]) -> list[GrowthDecision]:
    """Judge stored products one by one."""
    numbers = rules(ctx)
    return [judge_growth(each, numbers) for each in facts_of(ctx, products)]


def facts_of(ctx: Context, products: Sequence[Product]) -> list[GrowthFacts]:
    """What growth looks at; effect data is what the market recorded: nothing before its first day."""
    green, book, ways = bands(ctx)[0].least, lines.standing(), opened_for(ctx, products)
    return [
        _growth_facts(product, ways.get(product.freight_template_id or 0, ()), book, green)
        for product in products
    ]


def _growth_facts(product: Product, ways: Sequence[OpenLine], book: LineBook, green: int) -> GrowthFacts:
    lacking, unpromised = missing(parcel_of(product), ways, book, delivery_by=product.delivery_by)
    return GrowthFacts(
        kind=product.kind,  # type: ignore[arg-type]  # the table's own check keeps it to the two kinds
        base_met=product.quality_tenths >= green,
        values={
            "quality": product.quality_tenths,
            "freight_countries": len(book.core) - len(lacking),
            "delivery_by_countries": len(book.core) - len(unpromised),
            "customization_service": int(bool(product.customization)),
            "sample_service": int(bool(product.sample)),
        },
    )


def measure(ctx: Context, products: Sequence[Product]) -> list[int]:
    """The scores of products in one pass, equal to what `decide` comes to one by one."""
    numbers, facts = rules(ctx), facts_of(ctx, products)
    names = [factor.name for factor in numbers.factors]
    values = [[each.values.get(name, 0) for name in names] for each in facts]
    found: list[int] = growth_scores(
        np.array([KINDS.index(each.kind) for each in facts], dtype=np.int64),
        np.array([each.base_met for each in facts], dtype=np.bool_),
        np.array(values, dtype=np.int64).reshape(len(facts), len(names)),
        numbers,
    ).tolist()
    return found


def recompute(ctx: Context, products: Sequence[Product]) -> None:
    """Keep the growth score on each product; only what changed is written."""
    for product, score in zip(products, measure(ctx, products), strict=True):
        if product.growth != score:
            product.growth = score


def table(ctx: Context, asked: Listing) -> Growth:
    """The store's products on sale by growth score."""
    mine = (Product.merchant_id == ctx.merchant, Product.status == "on_sale")
    least: list[tuple[str, int]] = [(band.name, band.least) for band in rules(ctx).bands]
    by_band: dict[str, int] = dict.fromkeys((name for name, _ in least), 0)
    total, points = 0, 0
    for score, count in ctx.session.execute(
        select(Product.growth, func.count()).where(*mine).group_by(Product.growth)
    ):
        by_band[_band(least, score)] += count
        total, points = total + count, points + score * count
    page = asked.slice_of(total)
    key = SORTS[asked.sort]
    found = ctx.session.execute(
        select(Product.id, Product.title, Product.growth, Product.quality_tenths)
        .where(*mine)
        .order_by(key.desc() if asked.descending else key.asc(), Product.id)
        .limit(page.size)
        .offset(page.offset)
    )
    rows = [
        Row(number, title, score, _band(least, score), tenths(quality))
        for number, title, score, quality in found
    ]
    return Growth(rows, page, by_band, points // total if total else 0)


def _band(least: Sequence[tuple[str, int]], score: int) -> str:
    return next(name for name, bound in least if score >= bound)


def why(ctx: Context, key: str) -> Node:
    """Why a product has its growth score: `growth/{product}`."""
    known = key.isascii() and key.isdigit() and len(key) <= ID_DIGITS
    product = ctx.session.get(Product, int(key)) if known else None
    if product is None or product.merchant_id != ctx.merchant:
        raise Refusal(
            "product.unknown",
            N_("There is no product {id} in this store."),
            params={"id": key[:20]},
            status=404,
        )
    return decide(ctx, [product])[0].why
