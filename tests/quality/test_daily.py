"""The daily jobs touch what may have changed, and come to what judging everything would come to."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from august.catalog.models import Product
from august.features import house
from august.growth import queries as growth
from august.kernel import commands
from august.kernel.clock import parse_instant
from august.kernel.context import SYSTEM, Actor
from august.kernel.jobs import advance
from august.kernel.world import World, Worlds
from august.quality.jobs import changed_products
from august.quality.queries import decide, facts_of, measure, remeasure_all
from tests.tools.bare import changing
from tests.tools.worlds import plant

PLAYER = Actor("player", merchant=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The furniture world, fresh."""
    store = Worlds.at(house(), folder=tmp_path, url=None)
    plant(store)
    yield store.create("w", "t", seed=3)
    store.close()


def scores(world: World) -> list[tuple[int, int, int]]:
    """Every product's two scores."""
    rows = select(Product.id, Product.quality_tenths, Product.growth).order_by(Product.id)
    with world.reading(SYSTEM) as ctx:
        return [(number, quality, growth) for number, quality, growth in ctx.session.execute(rows)]


def judged_anew(world: World) -> list[tuple[int, int, int]]:
    """The same scores when every product is judged; nothing is kept."""
    with world.reading(SYSTEM) as ctx:
        products = list(ctx.session.scalars(select(Product).order_by(Product.id)))
        remeasure_all(ctx, products)
        grown = [decision.score for decision in growth.decide(ctx, products)]
        return [
            (product.id, product.quality_tenths, score)
            for product, score in zip(products, grown, strict=True)
        ]


def test_products_measured_at_once_are_those_judged_one_by_one(world: World) -> None:
    """Both scores and the failing checks of every product of the world, in one pass and by themselves."""
    with world.reading(SYSTEM) as ctx:
        products = list(ctx.session.scalars(select(Product).order_by(Product.id)))
        facts = facts_of(ctx, products)
        decided = [decision for decision, _ in decide(ctx, facts)]
        assert measure(ctx, facts) == [
            (decision.score, [check for check, points in decision.deductions.items() if points])
            for decision in decided
        ]
        assert measure(ctx, []) == []
        grown = [decision.score for decision in growth.decide(ctx, products)]
        assert growth.measure(ctx)[2].tolist() == grown


def test_quiet_day_touches_nothing_and_loses_nothing(world: World) -> None:
    """Where nobody did anything, the scores of the birth still stand."""
    midnight = parse_instant("2022-08-26T00:00:00-07:00")
    advance(world, midnight)
    with world.reading(SYSTEM) as ctx:
        assert changed_products(ctx) == []
    assert scores(world) == judged_anew(world)


def test_saved_product_is_judged_at_the_next_midnight_only(world: World) -> None:
    """A product taken down today is among those of tonight and not of tomorrow night."""
    mine = select(Product).where(Product.merchant_id == 1, Product.status == "on_sale")
    with world.reading(PLAYER) as ctx:
        product = ctx.session.scalars(mine).first()
    assert product is not None
    commands.run(world, PLAYER, "catalog.take_down", {"product": product.id})
    found = []
    for days in (0, 1):
        advance(world, parse_instant("2022-08-25T00:00:00-07:00") + timedelta(days=days))
        with world.reading(SYSTEM) as ctx:
            found.append([one.id for one in changed_products(ctx)])
    assert found == [[product.id], []]


def test_rule_that_begins_judges_what_it_is_about(world: World) -> None:
    """On the midnight when SKU prices begin to count those products are looked at; all come out right."""
    custom = select(Product.id).where(Product.kind == "customization").order_by(Product.id)
    with changing(world) as ctx:
        two = list(ctx.session.scalars(custom.limit(2)))
        ctx.session.execute(update(Product).where(Product.id.in_(two)).values(price_mode="sku"))
    advance(world, parse_instant("2022-09-01T00:00:00-07:00"))
    with world.reading(SYSTEM) as ctx:
        assert [one.id for one in changed_products(ctx)] == two
    assert scores(world) == judged_anew(world)


def test_rule_about_all_products_judges_everything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of which nothing else is said is about every product."""
    monkeypatch.setattr("august.quality.jobs.ABOUT", {})
    advance(world, parse_instant("2022-09-01T00:00:00-07:00"))
    with world.reading(SYSTEM) as ctx:
        assert len(changed_products(ctx)) == len(scores(world))
