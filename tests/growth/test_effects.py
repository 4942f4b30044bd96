"""What counts as effect data: 30 complete PT days, buyers once, every product of a grown world alike."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from august.catalog.models import Product
from august.growth import queries
from august.growth.effects import effects
from august.kernel.clock import day_start, pt_day
from august.kernel.context import SYSTEM
from august.kernel.jobs import advance
from august.kernel.world import World, Worlds
from august.merchants.models import Merchant
from august.traffic.models import TrafficTick
from tests.market.conftest import Shelf, days, now_of, shelf_of
from tests.tools.bare import bare, inquiry, order, put

NUMBERS = count(1)
TODAY = date(2022, 8, 24)
FIRST = day_start(TODAY - timedelta(days=30))
END = day_start(TODAY)
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with shelf_of(tmp_path, "furniture") as found:
        yield found


def counted(world: World, *products: int) -> list[list[int]]:
    with world.reading(SYSTEM) as ctx:
        found: list[list[int]] = effects(ctx).of(np.array(products)).tolist()
        return found


def tick(start: datetime, *products: int) -> TrafficTick:
    none = np.array([], dtype=np.int64)
    return TrafficTick(
        start=start,
        end=start + timedelta(hours=6),
        visits=len(products),
        seen_product=none,
        seen_count=none,
        visit_buyer=np.ones(len(products)),
        visit_product=np.array(products),
        visit_second=np.zeros(len(products)),
        visit_source=np.zeros(len(products)),
    )


@pytest.mark.parametrize(
    ("at", "inside"), [(FIRST - SECOND, 0), (FIRST, 1), (END - SECOND, 1), (END, 0), (END + SECOND, 0)]
)
def test_windows_begin_and_end_at_pacific_midnights(world: World, at: datetime, inside: int) -> None:
    put(world, inquiry(buyer_id=1, product_id=1, at=at), order(buyer_id=2, product_id=2, paid_at=at))
    # The paid order was drafted before: its draft is inside only where its own instant is.
    (first, second) = counted(world, 1, 2)
    assert (first, second[2]) == ([0, inside, 0], inside)


def test_visits_of_ticks_inside_count(world: World) -> None:
    six = timedelta(hours=6)
    with world.writing(SYSTEM) as ctx:
        ctx.session.add_all([tick(FIRST - six, 1, 1), tick(FIRST, 1, 2, 1), tick(END - six, 1), tick(END, 1)])
        ctx.session.commit()
    assert [row[0] for row in counted(world, 1, 2, 3)] == [3, 1, 0]


def test_a_buyer_is_one_opportunity_of_a_product_however_often_he_asks(world: World) -> None:
    at = END - timedelta(days=2)
    put(
        world,
        inquiry(buyer_id=1, product_id=1, at=at),
        inquiry(buyer_id=1, product_id=1, at=at + SECOND, kind="chat"),
        order(buyer_id=1, product_id=1, drafted_at=at, paid_at=at),
        inquiry(buyer_id=1, product_id=2, at=at),
        order(buyer_id=2, product_id=1, drafted_at=at, paid_at=None),
    )
    assert counted(world, 1, 2) == [[0, 2, 1], [0, 1, 0]]


def test_all_at_once_is_what_one_by_one_comes_to_and_what_is_stored(shelf: Shelf) -> None:
    world = shelf.world()
    for _ in range(2):
        with world.reading(SYSTEM) as ctx:
            products = list(ctx.session.scalars(select(Product).order_by(Product.id)))
            _, stored, scores = queries.measure(ctx)
            assert scores.tolist() == [decision.score for decision in queries.decide(ctx, products)]
            assert stored.tolist() == scores.tolist()
        # The days of an advance add up to what a fresh look sees.
        days(world, 3)


def test_the_days_of_an_advance_add_up(shelf: Shelf) -> None:
    world, kept = shelf.world(), {}
    for _ in range(3):
        with world.reading(SYSTEM) as ctx:
            rolling, fresh = effects(replace(ctx, kept=kept)), effects(ctx)
        for name in ("visits", "opportunities", "orders"):
            mine, anew = (np.unique(getattr(each, name), axis=0) for each in (rolling, fresh))
            assert np.array_equal(mine, anew)
        advance(world, day_start(pt_day(now_of(world)) + timedelta(days=20)))


def test_a_good_store_has_high_products_and_a_careless_one_has_none(shelf: Shelf) -> None:
    world = shelf.world()
    with world.reading(SYSTEM) as ctx:
        asked = select(Merchant.policy, Product.growth).join(Product, Product.merchant_id == Merchant.id)
        rows = ctx.session.execute(asked.where(Product.status == "on_sale")).all()
    share = {
        policy: np.mean([growth >= 80 for one, growth in rows if one == policy])
        for policy in ("diligent", "careless")
    }
    assert 0.2 <= share["diligent"] <= 0.35
    assert share["careless"] < 0.01
