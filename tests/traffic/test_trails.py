"""Packed ticks, decoded by columns and one by one, tell the same."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from august.kernel.clock import day_start
from august.kernel.columns import to_epoch
from august.traffic.models import SOURCES
from august.traffic.trails import NONE, Trail, unpack
from august.traffic.visitors import ASKED, NO_DEEDS, ORDERED, PAID, Deeds, gather, per_day, per_product

FIRST = date(2022, 8, 20)
DAYS = 3
QUARTER = 6 * 3600
MINE = [2, 3, 5]


@dataclass(frozen=True)
class Tick:
    """A row of traffic_ticks as plain numbers."""

    start: int
    seen_product: Any
    seen_count: Any
    visit_buyer: Any
    visit_product: Any
    visit_second: Any
    visit_source: Any


def tick(number: int, seen: list[tuple[int, int]], visits: list[tuple[int, int, int, int]]) -> Tick:
    """Tick `number` of the days; visits are (second, buyer, product, source)."""
    start = to_epoch(day_start(FIRST)) + number * QUARTER
    ordered = sorted(visits)

    def packed(place: int, rows: list[Any], kind: str = "<i4") -> Any:
        return np.array([row[place] for row in rows], dtype=kind)

    return Tick(
        start,
        packed(0, seen),
        packed(1, seen),
        packed(1, ordered),
        packed(2, ordered),
        packed(0, ordered),
        packed(3, ordered, "<i1"),
    )


def visits() -> Any:
    """Visits of some buyers to some products, a few of them the store's."""
    return some.lists(
        some.tuples(
            some.integers(0, QUARTER - 1),
            some.integers(1, 4),
            some.integers(1, 6),
            some.integers(0, len(SOURCES) - 1),
        ),
        max_size=8,
    )


def exposures() -> Any:
    """Each product at most once a tick."""
    return some.dictionaries(some.integers(1, 6), some.integers(1, 9), max_size=6).map(lambda d: [*d.items()])


def all_ticks() -> Any:
    return some.lists(some.tuples(exposures(), visits()), min_size=0, max_size=DAYS * 4).map(
        lambda found: [tick(number, seen, visited) for number, (seen, visited) in enumerate(found)]
    )


def all_deeds() -> Any:
    """What buyers did somewhere in the days or just before them."""
    start = to_epoch(day_start(FIRST))
    one = some.tuples(
        some.integers(1, 5),
        some.integers(1, 6),
        some.integers(start - 10, start + DAYS * 4 * QUARTER),
        some.integers(ASKED, PAID),
    )
    return some.lists(one, max_size=12)


def deeds_of(rows: list[tuple[int, int, int, int]]) -> Deeds:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Deeds(columns[0], columns[1], columns[2], columns[3])


def one_by_one(ticks: list[Tick]) -> list[tuple[int, int, int, int, int]]:
    """The store's visits as (instant, buyer, product, source, day), the slow way."""
    found = []
    for each in ticks:
        day = (datetime.fromtimestamp(each.start, UTC) - day_start(FIRST)) // timedelta(days=1)
        for i, product in enumerate(each.visit_product):
            if int(product) in MINE:
                at = each.start + int(each.visit_second[i])
                found.append((at, int(each.visit_buyer[i]), int(product), int(each.visit_source[i]), day))
    return found


def trail_of(ticks: list[Tick]) -> Trail:
    return unpack(ticks, np.array(MINE, dtype=np.int64), FIRST, DAYS)


@given(all_ticks(), all_deeds())
def test_visitors_are_those_counted_one_by_one(
    ticks: list[Tick], done: list[tuple[int, int, int, int]]
) -> None:
    found = gather(trail_of(ticks), deeds_of(done))
    slow: dict[int, list[tuple[int, int, int, int, int]]] = defaultdict(list)
    for visit in one_by_one(ticks):
        slow[visit[1]].append(visit)
    assert found.buyer.tolist() == sorted(slow)
    for i, buyer in enumerate(sorted(slow)):
        mine = slow[buyer]
        first = min(at for at, *_ in mine)
        assert found.visits[i] == len(mine)
        assert found.products[i] == len({product for _, _, product, _, _ in mine})
        assert found.last[i] == max(at for at, *_ in mine)
        assert found.last_product[i] == mine[-1][2]
        assert found.sources[i] == sum(1 << source for source in {source for _, _, _, source, _ in mine})
        assert found.stage[i] == max(
            (stage for who, _, at, stage in done if who == buyer and at >= first), default=0
        )


@given(all_ticks(), all_deeds())
def test_products_are_those_counted_one_by_one(
    ticks: list[Tick], done: list[tuple[int, int, int, int]]
) -> None:
    found = per_product(trail_of(ticks), deeds_of(done), np.array(MINE, dtype=np.int64))
    seen: Counter[int] = Counter()
    for each in ticks:
        for product, count in zip(each.seen_product.tolist(), each.seen_count.tolist(), strict=True):
            seen[product] += count
    first: dict[tuple[int, int], int] = {}
    for at, buyer, product, _, _ in one_by_one(ticks):
        first.setdefault((buyer, product), at)
    for i, number in enumerate(MINE):
        pairs = {pair: at for pair, at in first.items() if pair[1] == number}
        assert found.exposures[i] == seen[number]
        assert found.visits[i] == sum(product == number for _, _, product, _, _ in one_by_one(ticks))
        assert found.visitors[i] == len(pairs)
        assert found.opportunities[i] == sum(
            any((who, what) == pair and at >= began for who, what, at, _ in done)
            for pair, began in pairs.items()
        )


@given(all_ticks())
def test_days_are_those_counted_one_by_one(ticks: list[Tick]) -> None:
    found = per_day(trail_of(ticks))
    slow = one_by_one(ticks)
    for day in range(DAYS):
        assert found.visits[day] == sum(visit[4] == day for visit in slow)
        assert found.visitors[day] == len({visit[1] for visit in slow if visit[4] == day})
    assert found.exposures.sum() == sum(
        count
        for each in ticks
        for product, count in zip(each.seen_product.tolist(), each.seen_count.tolist(), strict=True)
        if product in MINE
    )


def test_nobody_came() -> None:
    empty = unpack([], NONE, FIRST, DAYS)
    assert len(gather(empty, NO_DEEDS)) == 0
    assert per_day(empty).visits.tolist() == [0, 0, 0]
    assert per_product(empty, NO_DEEDS, NONE).visits.tolist() == []


@pytest.mark.parametrize(
    ("at", "stage"), [(-1, 0), (0, ORDERED), (1, ORDERED)], ids=["before", "at", "after"]
)
def test_a_deed_counts_from_the_first_visit_on(at: int, stage: int) -> None:
    """S5: the visit comes first; an inquiry sent by the visit itself has its instant."""
    path = trail_of([tick(0, [(2, 1)], [(100, 7, 2, 0), (900, 7, 3, 2)])])
    begun = to_epoch(day_start(FIRST)) + 100
    assert gather(path, deeds_of([(7, 2, begun + at, ORDERED)])).stage.tolist() == [stage]


def test_a_part_keeps_its_days_alone() -> None:
    path = trail_of([tick(0, [(2, 1)], [(5, 1, 2, 0)]), tick(4, [(2, 3)], [(5, 1, 2, 0), (6, 2, 9, 0)])])
    second = path.part(1, 2)
    assert (len(second.at), second.seen_count.tolist(), second.day.tolist()) == (1, [3], [1])
    assert (len(path.of(3).at), path.of(2).seen_count.sum()) == (0, 4)
