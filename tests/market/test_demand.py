"""The curves of the market: what the release says of reviews and ratings, and scalar = vectorised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.market.columns import OWN
from august.market.demand import Factor, along, along_all
from august.market.seeds import SEEDS, market_numbers

DEMAND, DAYS = market_numbers(SEEDS)
CURVES = {factor.name: factor.curve for factor in DEMAND.factors}


@given(st.sampled_from(sorted(CURVES)), st.lists(st.integers(-50, 2000), min_size=1, max_size=30))
def test_one_value_and_a_column_agree(name: str, values: list[int]) -> None:
    column = along_all(CURVES[name], np.array(values))
    assert [along(CURVES[name], value) for value in values] == pytest.approx(list(column), rel=1e-12)


def test_five_reviews_lift_conversion_by_270_percent() -> None:
    """The cited study of the release: a product with five reviews against one without any."""
    curve = CURVES["ask_reviews"]
    assert along(curve, 5) / along(curve, 0) == pytest.approx(3.7)
    # The first five weigh most.
    assert along(curve, 5) - along(curve, 0) > 5 * (along(curve, 25) - along(curve, 5))


@pytest.mark.parametrize(
    ("before", "after", "rises"),
    [(300, 400, True), (400, 450, True), (450, 480, True), (480, 499, False), (499, 500, False)],
)
def test_conversion_rises_with_the_rating_and_falls_at_exactly_five(
    before: int, after: int, *, rises: bool
) -> None:
    curve = CURVES["ask_rating"]
    assert (along(curve, after) > along(curve, before)) is rises


def test_the_drop_is_at_exactly_five() -> None:
    curve = CURVES["ask_rating"]
    assert along(curve, 499) == pytest.approx(1.15)
    assert along(curve, 500) == pytest.approx(0.95)


@pytest.mark.parametrize(("days", "points"), [(0, 30), (1, 34), (2, 28), (5, 22), (6, 8), (14, 4), (30, 1)])
def test_an_invitation_works_best_after_a_day_well_within_five_and_little_after(
    days: int, points: float
) -> None:
    lift = DEMAND.reviews.lift
    assert along(lift, days) == points
    assert max(along(lift, day / 4) for day in range(121)) == along(lift, 1)


@pytest.mark.parametrize(("tenths", "better"), [(29, 30), (41, 42), (42, 50)])
def test_search_prefers_the_better_ball(tenths: int, better: int) -> None:
    assert along(CURVES["quality"], better) > along(CURVES["quality"], tenths)


def test_percentages_make_a_whole() -> None:
    assert sum(DEMAND.crowd.quarters) == pytest.approx(1)
    assert sum(DEMAND.deals.export_percent.values()) == 100
    assert sum(DEMAND.deals.terms_percent.values()) == 100
    assert set(DAYS) == {"careless", "average", "diligent"}


def test_a_curve_that_turns_back_is_refused() -> None:
    told = {"name": "x", "stage": "ask", "column": OWN[0], "origin": "assumption", "source": "x", "title": {}}
    with pytest.raises(ValueError, match="must rise"):
        Factor(**told, curve=((1, 1.0), (0, 2.0)))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="above zero"):
        Factor(**told, curve=((0, 0.0), (1, 2.0)))  # type: ignore[arg-type]
