"""The growth scores of a store's products, and where their points come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import Select, bindparam, case, func, select

from august.catalog.models import Product
from august.catalog.shelf import keep_growth, shelf
from august.growth.effects import NAMES, Ints, effects
from august.growth.rules import KINDS, GrowthDecision, GrowthFacts, GrowthRules, growth_scores, judge_growth
from august.kernel.bulk import update_rows
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.plain import number_columns, plain
from august.kernel.words import N_
from august.quality.queries import bands
from august.quality.rules import tenths
from august.web.tables import Listing, Page

SORTS = {"growth": Product.growth, "quality": Product.quality_tenths, "title": Product.title}
# Factors that a product's own row tells.
OWN = ("quality", "freight_countries", "delivery_by_countries", "customization_service", "sample_service")
ID_DIGITS = 15  # what fits a BIGINT


@dataclass(frozen=True)
class Row:
    """A product of the growth table."""

    id: int
    title: str
    growth: int
    band: str
    quality: str
    visits: int
    opportunities: int
    orders: int


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
    """What growth looks at: the product as it stands, and what it brought (Q6)."""
    green = bands(ctx)[0].least
    found = effects(ctx).of(np.array([product.id for product in products], dtype=np.int64))
    return [
        GrowthFacts(
            kind=product.kind,  # type: ignore[arg-type]  # the table's own check keeps it to the two kinds
            base_met=product.quality_tenths >= green,
            values={
                "quality": product.quality_tenths,
                "freight_countries": product.reached,
                "delivery_by_countries": product.promised,
                "customization_service": int(bool(product.customization)),
                "sample_service": int(bool(product.sample)),
                **dict(zip(NAMES, brought, strict=True)),
            },
        )
        for product, brought in zip(products, found.tolist(), strict=True)
    ]


@cache
def _standing() -> Select[Any]:
    """Products of a `store`, by their ids: number, present score, kind, then the values of OWN."""
    table = plain(Product)
    return select(
        table.c.id, table.c.growth, case((table.c.kind == KINDS[1], 1), else_=0), table.c.quality_tenths,
        table.c.reached, table.c.promised, case((table.c.customization.is_not(None), 1), else_=0),
        case((table.c.sample.is_not(None), 1), else_=0),
    ).where(table.c.merchant_id == bindparam("store")).order_by(table.c.id)  # fmt: skip


def measure(ctx: Context, store: int | None = None) -> tuple[Ints, Ints, Ints]:
    """Numbers, stored scores and scores as of now of a store's or all products, equal to `decide`."""
    if store is None:
        all_ = shelf(ctx)
        ids, stored = all_.ids, all_.growth
        kinds = np.where(all_.rts == 1, KINDS.index("rts"), KINDS.index("customization"))
        own = [all_.quality, all_.reached, all_.promised, all_.custom, all_.sample]
    else:
        ids, stored, kinds, *own = number_columns(ctx.session.connection(), _standing(), {"store": store})
    return ids, stored, scored(ctx, kinds, dict(zip(OWN, own, strict=True)) | brought(ctx, ids))


def brought(ctx: Context, products: Ints) -> dict[str, Ints]:
    """What products brought, by the names of NAMES."""
    return dict(zip(NAMES, effects(ctx).of(products).T, strict=True))


def scored(ctx: Context, kinds: Ints, values: Mapping[str, Ints]) -> Ints:
    """Scores of n products by the columns of OWN and NAMES; `kinds` (n,) indexes KINDS."""
    numbers = rules(ctx)
    return growth_scores(
        kinds,
        values["quality"] >= bands(ctx)[0].least,
        np.stack([values[factor.name] for factor in numbers.factors], axis=1),
        numbers,
    )


def recompute_all(ctx: Context) -> None:
    """Keep the growth score on each product; only what changed is written."""
    ids, stored, scores = measure(ctx)
    changed = np.flatnonzero(stored != scores)
    update_rows(
        ctx.session.connection(),
        Product,
        ("growth",),
        [(int(ids[place]), {"growth": int(scores[place])}) for place in changed],
    )
    keep_growth(ctx, scores)


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
    ).all()
    brought = effects(ctx).of(np.array([row.id for row in found], dtype=np.int64)).tolist()
    rows = [
        Row(number, title, score, _band(least, score), tenths(quality), *counts)
        for (number, title, score, quality), counts in zip(found, brought, strict=True)
    ]
    return Growth(rows, page, by_band, points // total if total else 0)


def _band(least: Sequence[tuple[str, int]], score: int) -> str:
    return next(name for name, bound in least if score >= bound)


def band_of(ctx: Context, score: int) -> str:
    """The band of a score by the rule in force now."""
    return next(band.name for band in rules(ctx).bands if score >= band.least)


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
