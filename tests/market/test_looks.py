"""Looks in columns: shares of luck, rankings, and how much each factor moves (K1, K2)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from august.app import plan
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM
from august.kernel.luck import Luck
from august.market.columns import HOUR, Crowd, Period, Stalls, crowd, stalls
from august.market.demand import Demand, Stage, along_all
from august.market.feature import model
from august.market.looks import Visits, look
from tests.market.conftest import PLAYER, shelf_of

TICKS = 160


class Scene:
    """A furniture world's buyers and products, looked at again and again without a world."""

    def __init__(self, people: Crowd, stands: Stalls, demand: Demand, start: int) -> None:
        self.people, self.stands, self.demand, self.start = people, stands, demand, start

    def tick(self, stands: Stalls, number: int, seed: int = 1) -> Visits:
        start = self.start + number * 6 * HOUR
        nobody = np.zeros(len(self.people.ids), dtype=np.int64)
        period = Period(start, start + 6 * HOUR, number % 4)
        return look(self.people, stands, nobody, self.demand, Luck(seed), period)

    def totals(self, stands: Stalls) -> tuple[int, int, int]:
        """Exposures, visits and questions of the player over many ticks."""
        mine = stands.merchants == PLAYER
        seen = visited = asked = 0
        for number in range(TICKS):
            found = self.tick(stands, number)
            seen += int(found.seen[mine].sum())
            visited += int(mine[found.place].sum())
            asked += int((mine[found.place] & found.asks).sum())
        return seen, visited, asked

    def with_column(self, name: str, value: int) -> Stalls:
        """The stalls when all of the player's products had this value in a factor's column."""
        factor = next(one for one in self.demand.factors if one.name == name)
        mine = self.stands.merchants == PLAYER
        was = along_all(factor.curve, self.stands.columns[factor.column])
        now = along_all(factor.curve, np.where(mine, value, self.stands.columns[factor.column]))
        field = {"search": "score", "click": "click", "ask": "ask"}[factor.stage]
        return replace(self.stands, **{field: getattr(self.stands, field) * now / was})


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("looks")
    with shelf_of(folder, "furniture") as shelf, shelf.world().reading(SYSTEM) as ctx:
        numbers = model(plan().house.features)
        yield Scene(
            crowd(ctx, numbers.demand),
            stalls(ctx, numbers.demand, numbers.measures),
            numbers.demand,
            to_epoch(ctx.now),
        )


FACTORS: list[tuple[str, Stage, int, int]] = [
    ("quality", "search", 29, 50),
    ("growth", "search", 40, 90),
    ("search_reviews", "search", 0, 30),
    ("showcase", "search", 0, 1),
    ("venue", "search", 0, 1),
    ("click_venue", "click", 0, 1),
    ("click_reviews", "click", 0, 30),
    ("click_price", "click", 160, 60),
    ("ask_reviews", "ask", 0, 20),
    ("ask_rating", "ask", 300, 480),
    ("ask_price", "ask", 160, 60),
    ("ask_delivery", "ask", 0, 10),
    ("ask_sample", "ask", 0, 1),
    ("ask_custom", "ask", 0, 1),
    ("ask_reply", "ask", 72, 2),
    ("star", "search", 0, 5),
    ("ask_easy_return", "ask", 0, 1),
]


@pytest.mark.parametrize(("name", "stage", "worse", "better"), FACTORS)
def test_each_factor_moves_its_stage(scene: Scene, name: str, stage: Stage, worse: int, better: int) -> None:
    """The sign and about the size that the curve says."""
    low, high = scene.totals(scene.with_column(name, worse)), scene.totals(scene.with_column(name, better))
    factor = next(one for one in scene.demand.factors if one.name == name)
    ends = along_all(factor.curve, np.array([worse, better]))
    told = ends[1] / ends[0]
    if stage == "search":
        # A place in the list is a contest: a better score wins more of it, never more than the score itself.
        assert 1 < high[0] / low[0] <= told
        return
    assert high[0] == low[0]
    at = 1 if stage == "click" else 2
    got = (high[at] / high[at - 1]) / (low[at] / low[at - 1])
    assert got == pytest.approx(told, rel=0.35)


def test_every_factor_is_tested(scene: Scene) -> None:
    assert [name for name, *_ in FACTORS] == [factor.name for factor in scene.demand.factors]


def test_a_buyer_asks_a_store_at_most_once_a_tick(scene: Scene) -> None:
    for number in range(40):
        found = scene.tick(scene.stands, number)
        asked = [
            (int(buyer), int(scene.stands.merchants[place]))
            for buyer, place, asks in zip(found.buyer, found.place, found.asks, strict=True)
            if asks
        ]
        assert len(set(asked)) == len(asked)


def test_looks_follow_the_hours_of_the_day(scene: Scene) -> None:
    visits = np.zeros(4, dtype=np.int64)
    for number in range(TICKS):
        visits[number % 4] += len(scene.tick(scene.stands, number).buyer)
    assert list(visits / visits.sum()) == pytest.approx(list(scene.demand.crowd.quarters), abs=0.02)


def test_nothing_on_sale_brings_nobody(scene: Scene) -> None:
    none = np.zeros(0, dtype=np.int64)
    empty = replace(
        scene.stands,
        ids=none,
        merchants=none,
        first=np.zeros_like(scene.stands.first),
        score=none.astype(float),
        click=none.astype(float),
        ask=none.astype(float),
    )
    assert len(scene.tick(empty, 1).buyer) == 0
