"""The market's own pages: every number has its words, and a product's score is its factors multiplied."""

import re
from collections.abc import Iterator
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from sqlalchemy import select

from august.catalog.models import Product
from august.features import house
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.world import World
from august.market import queries, web, words
from august.market.columns import STAGES, Stalls, stalls
from august.market.demand import along
from august.market.grow import BORN
from august.market.seeds import Days
from august.merchants.models import CHORES
from august.web.i18n import speaking, t
from tests.tools.bare import DAY, PLAYER, bare, put, review
from tests.tools.statements import counting

# A product of the store that is on sale, reviewed seven times.
SOLD = 7


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("worlds")
    store = bare(folder)
    made = store.create("w", "t", seed=3)
    praised = BORN - 2 * DAY
    put(made, *(review(order_id=n, product_id=SOLD, at=praised, quality=4 + n % 2) for n in range(1, 8)))
    yield made
    store.close()


@cache
def measures() -> dict[str, Any]:
    return queries.measures_of(house().features)


def standing(world: World) -> Stalls:
    demand, _ = web.numbers()
    with world.reading(PLAYER) as ctx:
        return stalls(ctx, demand, measures())


def why(world: World, key: str) -> Node:
    demand, _ = web.numbers()
    with world.reading(PLAYER) as ctx:
        return queries.why(ctx, key, demand, measures())


@pytest.mark.parametrize("part", sorted(words.PARTS))
def test_every_number_has_its_words(part: str) -> None:
    demand, _ = web.numbers()
    assert set(words.SAID[part]) == set(msgspec.structs.asdict(getattr(demand, part)))


def test_every_chore_and_policy_has_its_words() -> None:
    assert tuple(words.CHORES) == CHORES
    told = {name for chore in words.CHORES.values() for name in chore.numbers}
    # What goods of a store deserve is no habit of a chore.
    assert told == set(Days.__struct_fields__) - {"skill"}
    assert set(words.DAYS) == told
    assert set(words.SEATS) == set(web.numbers()[1])


def test_every_column_that_can_be_mended_says_how() -> None:
    demand, _ = web.numbers()
    assert {factor.column for factor in demand.factors} == set(words.REMEDIES)


@pytest.mark.parametrize(
    ("part", "text", "value"),
    [
        ("crowd", "Products that a search shows", "10"),
        ("crowd", "Chance that the first product of a list is clicked", "20%"),
        ("crowd", "How the four quarters of a Pacific day share the looks", "17%, 33%, 29%, 21%"),
        ("deals", "How long a buyer waits for an answer", "30–96 h"),
        ("deals", "Drafts that nobody asked for that are accepted", "6%"),
        ("deals", "Share of the way at which customs is cleared", "60%–85%"),
        ("trouble", "How long after the promised day a buyer begins to complain", "1–5 days"),
        ("reviews", "Reviews with photos", "35%"),
    ],
)
def test_numbers_are_written_with_their_unit(part: str, text: str, value: str) -> None:
    demand, _ = web.numbers()
    with speaking("en"):
        found = {row.text: row.value for row in web.rows_of(demand, part)}
        assert found[t(text)] == value


def test_curves_and_shares_become_rows() -> None:
    demand, _ = web.numbers()
    with speaking("en"):
        deals = {row.text: row for row in web.rows_of(demand, "deals")}
        trouble = {row.text: row for row in web.rows_of(demand, "trouble")}
    assert deals[words.SAID["deals"]["reply"].text].rows[0] == ("0.5 h", "×1.2")
    assert deals[words.SAID["deals"]["terms_percent"].text].rows[0] == ("All at once", "30%")
    assert trouble[words.SAID["trouble"]["goods"].text].rows[1] == ("3.0", "3%")


def test_a_score_is_its_factors_multiplied(world: World) -> None:
    stands = standing(world)
    demand, _ = web.numbers()
    with world.reading(PLAYER) as ctx:
        mine = select(Product.id).where(Product.merchant_id == 1, Product.status == "on_sale")
        products = list(ctx.session.scalars(mine.order_by(Product.id)))
    for number in products[:12]:
        place = int(np.flatnonzero(stands.ids == number)[0])
        tree = why(world, str(number))
        assert [child.params["stage"].msgid for child in tree.children] == [
            words.STAGES[stage].title for stage in STAGES
        ]
        for stage, child in zip(STAGES, tree.children, strict=True):
            factors = [factor for factor in demand.factors if factor.stage == stage]
            score = {"search": stands.score, "click": stands.click, "ask": stands.ask}[stage][place]
            exact = prod(
                along(factor.curve, float(stands.columns[factor.column][place])) for factor in factors
            )
            assert score == pytest.approx(exact, abs=1e-6)
            assert tree.params[stage] == child.params["mine"] == f"{score:.2f}"
            assert len(child.children) == len(factors)
            assert 1 <= child.params["rank"] <= child.params["count"]
            assert float(child.params["best"]) >= float(child.params["mine"])
            assert (child.outcome == "ok") == (child.params["rank"] == 1)


def test_a_factor_below_its_best_says_what_to_do(world: World) -> None:
    for node in why(world, str(SOLD)).walk():
        if "times" in node.params:
            assert (node.remedy is None) == (node.params["times"] == node.params["most"])
            assert (node.outcome == "bad") == (float(node.params["times"]) < 1)


def test_reviews_show_in_the_score(world: World) -> None:
    told = {
        str(node.params["factor"]["en"]): node
        for node in why(world, str(SOLD)).walk()
        if "times" in node.params
    }
    number = next(node for title, node in told.items() if title.startswith("Number of reviews and"))
    rating = next(node for title, node in told.items() if title.startswith("Rating"))
    assert (number.params["value"], number.params["times"]) == ("7", "2.06")
    # Four fives and three fours.
    assert rating.params["value"] == "4.57"


def test_a_product_that_nobody_sees_says_so(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        draft = ctx.session.scalars(
            select(Product.id).where(Product.merchant_id == 1, Product.status == "draft")
        )
        node = why(world, str(next(draft)))
    assert (node.outcome, node.children) == ("bad", ())


@pytest.mark.parametrize("key", ["0", "900", "x", "9" * 20, "²"])
def test_only_own_products_are_explained(world: World, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        why(world, key)
    assert refused.value.status == 404


def test_the_page_sees_the_store_beside_its_categories(world: World) -> None:
    demand, _ = web.numbers()
    with world.reading(PLAYER) as ctx, counting() as sent:
        found = queries.view(ctx, demand, measures())
    assert len(sent) == 6
    assert [view.factor for views in found.values() for view in views] == sorted(
        demand.factors, key=lambda factor: STAGES.index(factor.stage)
    )
    by_name = {view.factor.name: view for views in found.values() for view in views}
    reviews = by_name["ask_reviews"].mine
    assert reviews is not None
    assert (reviews.least, reviews.most, reviews.single) == (0, 7, False)
    reply = by_name["ask_reply"].mine
    assert reply is not None
    assert (reply.single, reply.middle, reply.mean) == (True, 12.0, 1.0)


def test_the_drawing_keeps_inside_its_frame() -> None:
    demand, _ = web.numbers()
    standing = queries.Standing(-5, 10_000, 10_000, 1.0)
    for factor in demand.factors:
        drawn = web.spark(factor.curve, standing, None)
        points = [tuple(map(float, pair.split(","))) for pair in drawn.points.split()]
        assert len(points) == len(factor.curve)
        assert drawn.mine is not None
        for x, y in [*points, drawn.mine]:
            assert web.PAD <= x <= web.WIDTH - web.PAD
            assert web.PAD <= y <= web.HEIGHT - web.PAD
        assert re.fullmatch(r"[0-9., ]+", drawn.points)
        assert drawn.others is None
