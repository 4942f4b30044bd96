"""What could become of products, told by what they remember, is what measuring each of them anew finds."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from august.catalog.models import Product
from august.growth import queries as growth
from august.growth.rules import judge_growth
from august.kernel.context import Context
from august.quality import queries as quality
from august.quality.facts import fact_rules, judge_content, quality_facts
from august.quality.rules import judge_quality, quality_rules
from august.stars.counts import HIGH_GROWTH
from august.stars.path.prospects import CONTENT, State, prospects, services_for, usual_template
from tests.market.conftest import shelf_of
from tests.tools.bare import PLAYER

# What is taken from one product after another, so that every mixture occurs.
LOSSES: tuple[dict[str, Any], ...] = (
    {},
    {"customization": None},
    {"sample": None, "delivery_by": False},
    {"freight_template_id": None, "keywords": []},
    {"delivery_by": False, "title": "sofa sofa sofa sofa"},
    {"package_mm": None, "customization": None, "sample": None},
    {"description": "", "freight_template_id": None, "delivery_by": False},
)


def neglect(ctx: Context) -> list[Product]:
    """The store's products on sale, with something taken from most of them."""
    mine = Product.merchant_id == ctx.merchant, Product.status == "on_sale"
    products = list(ctx.session.scalars(select(Product).where(*mine).order_by(Product.id)))
    for place, product in enumerate(products):
        for name, value in LOSSES[place % len(LOSSES)].items():
            setattr(product, name, value)
    ctx.session.flush()
    quality.remeasure_all(ctx, products)
    ctx.session.flush()
    return products


def stage(ctx: Context, product: Product, values: dict[str, Any], *, mended: bool) -> State:
    """Everything of one product measured anew, by the rules that judge one at a time."""
    changed = quality.imagined(product, values)
    with ctx.session.no_autoflush:
        (facts,) = quality.facts_of(ctx, [changed])
    quality.keep_reach(changed, facts)
    found = quality_facts(facts, judge_content(facts, fact_rules(ctx.rulebook, ctx.now)))
    if mended:
        found = msgspec.structs.replace(found, failed=found.failed - CONTENT)
    changed.quality_tenths = judge_quality(found, quality_rules(ctx.rulebook, ctx.now)).score
    score = judge_growth(growth.facts_of(ctx, [changed])[0], growth.rules(ctx)).score
    return State(score, score + 2 * changed.quality_tenths)


@pytest.mark.parametrize("file", ["furniture", "apparel", "machinery"])
def test_remembered_and_measured_anew_are_the_same(tmp_path: Path, file: str) -> None:
    with shelf_of(tmp_path, file) as shelf, shelf.world().writing(PLAYER) as ctx:
        products, template = neglect(ctx), usual_template(ctx)
        told = prospects(ctx)
        assert [each.id for each in told] == [product.id for product in products]
        for product, each in zip(products, told, strict=True):
            values = services_for(product, template)
            before = stage(ctx, product, {}, mended=False)
            served = stage(ctx, product, values, mended=False)
            whole = stage(ctx, product, values, mended=True)
            was_high = before.growth >= HIGH_GROWTH
            assert each.before == replace(before, was_high=was_high)
            assert each.served == replace(served, was_high=was_high)
            assert each.whole == replace(whole, was_high=was_high)
            assert each.lacks == bool(values)
            assert each.broken == len(CONTENT.intersection(product.quality_failed))
        assert any(each.lacks for each in told)
        assert any(each.broken for each in told)
