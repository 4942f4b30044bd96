"""What the pages of visitors read: windows, filters, sorts, and how many statements that takes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from august.catalog.models import Product
from august.kernel.clock import day_start, pt_day
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.merchants.models import Buyer
from august.traffic import feature, queries
from august.traffic.models import TrafficTick
from august.web.tables import Listing, listing
from tests.tools.bare import PLAYER, bare, inquiry, order, put
from tests.tools.statements import counting

NUMBERS = count(1)
# The world is born on the evening of 24 August in Los Angeles.
TODAY = date(2022, 8, 24)
SEARCH, STORE, PROSPECT = 0, 2, 3
TIERS = {1: "L4", 2: "L0", 3: "visitor", 4: "L1"}
COUNTRIES = {1: "US", 2: "DE", 3: "US", 4: "FR"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


def at(days: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant so many PT days before today."""
    return day_start(TODAY - timedelta(days=days)) + timedelta(hours=hour, minutes=minute)


def tick(start: datetime, seen: dict[int, int], *visits: tuple[int, int, int, int]) -> TrafficTick:
    """A tick of six hours; visits are (second, buyer, product, source)."""
    rows = sorted(visits)
    return TrafficTick(
        start=start,
        end=start + timedelta(hours=6),
        visits=len(rows),
        seen_product=np.array(list(seen)),
        seen_count=np.array(list(seen.values())),
        visit_buyer=np.array([row[1] for row in rows]),
        visit_product=np.array([row[2] for row in rows]),
        visit_second=np.array([row[0] for row in rows]),
        visit_source=np.array([row[3] for row in rows]),
    )


@pytest.fixture(scope="module")
def world(store: Worlds) -> World:
    """Four buyers who came on five days; the rival's product 900 is nobody's business."""
    made = store.create(f"w{next(NUMBERS)}", "t", seed=3)
    with made.writing(SYSTEM) as ctx:
        for number, tier in TIERS.items():
            ctx.session.execute(
                update(Buyer).where(Buyer.id == number).values(tier=tier, country=COUNTRIES[number])
            )
        ctx.session.add_all(
            [
                tick(at(31, 18), {1: 50}, (21_599, 4, 1, SEARCH)),
                tick(at(30), {1: 7, 2: 3}, (0, 1, 1, SEARCH), (10, 1, 2, SEARCH)),
                tick(at(7, 6), {1: 5, 900: 9}, (60, 2, 1, PROSPECT), (70, 2, 900, SEARCH)),
                tick(at(1, 18), {3: 2}, (21_599, 1, 3, STORE), (30, 3, 3, SEARCH)),
                tick(at(0, 6), {3: 4}, (5, 4, 3, SEARCH)),
            ]
        )
        ctx.session.commit()
    put(
        made,
        inquiry(buyer_id=1, product_id=1, at=at(30, 0) + timedelta(seconds=0)),
        # Asked the second before the visit: no deed of that visit.
        inquiry(buyer_id=2, product_id=1, at=at(7, 6) + timedelta(seconds=59)),
        order(buyer_id=3, product_id=3, paid_at=at(1, 20)),
        inquiry(buyer_id=4, product_id=3, at=at(0, 7)),
    )
    return made


def asked(**params: str) -> Listing:
    return listing("/visitors", params, sorts=queries.SORTS, default="-last", filters=queries.FILTERS)


def found(world: World, **params: str) -> queries.Guests:
    with world.reading(PLAYER) as ctx:
        return queries.visitors(ctx, asked(**params))


def test_the_world_stands_where_the_tests_think(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        assert (ctx.now, pt_day(ctx.now)) == (BORN, TODAY)
        mine = select(Product.id).where(Product.merchant_id == 1, Product.id.in_((1, 2, 3, 900)))
        assert sorted(ctx.session.scalars(mine)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("days", "buyers", "first", "last"),
    [
        ("0", [4], TODAY, TODAY),
        ("1", [1, 3], date(2022, 8, 23), date(2022, 8, 23)),
        ("7", [1, 3, 2], date(2022, 8, 17), date(2022, 8, 23)),
        ("30", [1, 3, 2], date(2022, 7, 25), date(2022, 8, 23)),
        ("400", [1, 3, 2], date(2022, 7, 25), date(2022, 8, 23)),
    ],
)
def test_windows_are_complete_pacific_days(
    world: World, days: str, buyers: list[int], first: date, last: date
) -> None:
    guests = found(world, days=days)
    assert [row.buyer for row in guests.rows] == buyers
    assert (guests.first, guests.last) == (first, last)


def test_a_row_tells_where_from_how_and_what_came_of_it(world: World) -> None:
    first, second, third = found(world).rows
    assert (first.buyer, first.tier, first.country, first.sources) == (
        1,
        "l1_plus",
        "US",
        ("search", "store"),
    )
    assert (first.visits, first.products, first.last_product, first.stage) == (3, 3, 3, "asked")
    assert first.last == at(0) - timedelta(seconds=1)
    assert (second.buyer, second.company, second.tier, second.stage) == (3, None, "visitor", "paid")
    assert (third.buyer, third.tier, third.sources, third.stage) == (
        2,
        "registered",
        ("platform_prospect",),
        "looked",
    )
    assert third.company


@pytest.mark.parametrize(
    ("filters", "buyers"),
    [
        ({"country": "US"}, [1, 3]),
        ({"country": "XX"}, []),
        ({"tier": "l1_plus"}, [1]),
        ({"tier": "registered"}, [2]),
        ({"tier": "visitor"}, [3]),
        ({"source": "platform_prospect"}, [2]),
        ({"source": "store"}, [1]),
        ({"source": "nowhere"}, []),
        ({"did": "looked"}, [2]),
        ({"did": "asked"}, [1, 3]),
        ({"did": "paid"}, [3]),
        ({"product": "1"}, [2, 1]),
        ({"product": "2"}, [1]),
        ({"product": "x"}, [1, 3, 2]),
        ({"sort": "visits"}, [3, 2, 1]),
        ({"sort": "-did"}, [3, 1, 2]),
    ],
)
def test_filters_and_sorts(world: World, filters: dict[str, str], buyers: list[int]) -> None:
    assert [row.buyer for row in found(world, **filters).rows] == buyers


def test_totals_are_of_the_window_not_of_the_filters(world: World) -> None:
    guests = found(world, country="DE")
    assert (guests.visits, guests.visitors, guests.l1_plus, guests.opportunities) == (5, 3, 1, 2)
    assert [(each.name, each.visitors, each.visits) for each in guests.countries] == [
        ("US", 2, 4),
        ("DE", 1, 1),
    ]
    assert [(each.name, each.visits) for each in guests.sources] == [
        ("search", 3),
        ("store", 1),
        ("platform_prospect", 1),
    ]


def test_products_with_rates(world: World) -> None:
    listed = listing(
        "/visitors/products",
        {"sort": "-exposures"},
        sorts=queries.PRODUCT_SORTS,
        default="-visits",
        filters=queries.FILTERS,
    )
    with world.reading(PLAYER) as ctx:
        rows, page = queries.products(ctx, listed)
    told: list[Any] = [
        (row.id, row.exposures, row.visits, row.visitors, row.opportunities, row.ctr, row.rate)
        for row in rows[:3]
    ]
    assert told == [(1, 12, 2, 2, 1, 2 / 12, 0.5), (2, 3, 1, 1, 0, 1 / 3, 0.0), (3, 2, 2, 2, 1, 1.0, 0.5)]
    assert page.total == 60
    assert (rows[3].ctr, rows[3].rate) == (None, None)


def test_each_page_takes_the_same_few_statements(world: World) -> None:
    with world.reading(PLAYER) as ctx, counting() as sent:
        queries.visitors(ctx, asked())
    assert len(sent) == 5
    with world.reading(PLAYER) as ctx, counting() as sent:
        queries.visitors(ctx, asked(country="US", size="100"))
    assert len(sent) == 5


def test_a_jump_is_told_in_one_line(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        # The tick from 18 to 24 o'clock ended at midnight, with the jump's first second.
        (line,) = feature.digest(ctx, at(1, 18), at(0))
        assert line.params == {"exposures": 2, "visits": 2, "visitors": 2}
        assert feature.digest(ctx, at(0), at(0, 11)) == []


def test_days_of_the_window(world: World) -> None:
    listed = listing("/", {"days": "7"}, sorts=("day",), default="day", filters=queries.FILTERS)
    with world.reading(PLAYER) as ctx:
        rows, page = queries.days(ctx, listed)
    assert page.total == 7
    assert (rows[0].day, rows[0].exposures, rows[0].visits, rows[0].visitors) == (date(2022, 8, 17), 5, 1, 1)
    assert (rows[6].day, rows[6].exposures, rows[6].visits, rows[6].visitors) == (date(2022, 8, 23), 2, 2, 2)
    assert to_epoch(day_start(rows[6].day)) == to_epoch(at(1))
