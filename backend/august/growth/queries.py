"""The growth scores of a store's products, and where their points come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from august.catalog.models import Product
from august.growth.rules import GrowthDecision, GrowthFacts, GrowthRules, judge_growth
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.words import N_
from august.quality.facts import ProductFacts
from august.quality.queries import bands, facts_of
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
    """Judge stored products; effect data is what the market recorded: nothing before its first day."""
    green = bands(ctx)[0].least
    numbers = rules(ctx)
    return [
        judge_growth(_growth_facts(product, facts, green), numbers)
        for product, facts in zip(products, facts_of(ctx, products), strict=True)
    ]


def _growth_facts(product: Product, facts: ProductFacts, green: int) -> GrowthFacts:
    core = 10
    return GrowthFacts(
        kind=facts.kind,
        base_met=product.quality_tenths >= green,
        values={
            "quality": product.quality_tenths,
            "freight_countries": core - len(facts.missing_freight),
            "delivery_by_countries": core - len(facts.missing_delivery_by),
            "customization_service": int(facts.customization_service),
            "sample_service": int(facts.sample_service),
        },
    )


def recompute(ctx: Context, products: Sequence[Product]) -> None:
    """Keep the growth score on each product; only what changed is written."""
    for product, decision in zip(products, decide(ctx, products), strict=True):
        if product.growth != decision.score:
            product.growth = decision.score


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
