import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.growth import rules
from august.growth.rules import KINDS, GrowthFacts, growth_scores, judge_growth
from august.kernel.clock import BEIJING, from_local

BOOK = house().rulebook
RULES: rules.GrowthRules = BOOK.values("Q6-growth", from_local(BEIJING, "2022-08-25 10:00:00"))
BEST = {factor.name: factor.full for factor in RULES.factors}


@pytest.mark.parametrize("kind", KINDS)
def test_everything_earns_a_hundred_and_nothing_earns_none(kind: str) -> None:
    assert judge_growth(GrowthFacts(kind=kind, base_met=True, values=BEST), RULES).score == 100
    assert judge_growth(GrowthFacts(kind=kind, base_met=True, values={}), RULES).score == 0
    beyond = {name: 1000 * full for name, full in BEST.items()}
    assert judge_growth(GrowthFacts(kind=kind, base_met=True, values=beyond), RULES).score == 100


@pytest.mark.parametrize(
    ("taken", "score", "band"),
    [
        # 100 less the points of what is missing
        ({"visits_30d": 0, "opportunities_30d": 0, "customization_service": 0}, 80, "high"),
        ({"orders_30d": 0, "sample_service": 0, "visits_30d": 35}, 79, "potential"),
        (
            {"orders_30d": 0, "delivery_by_countries": 0, "visits_30d": 0, "opportunities_30d": 0},
            60,
            "potential",
        ),
        (
            {
                "orders_30d": 0,
                "delivery_by_countries": 0,
                "visits_30d": 0,
                "opportunities_30d": 0,
                "freight_countries": 8,
            },
            59,
            "low",
        ),
    ],
)
def test_bands_change_at_sixty_and_eighty(taken: dict[str, int], score: int, band: str) -> None:
    found = judge_growth(GrowthFacts(kind="rts", base_met=True, values={**BEST, **taken}), RULES)
    assert (found.score, found.band) == (score, band)


def test_without_certain_expression_a_product_is_no_potential_one() -> None:
    found = judge_growth(GrowthFacts(kind="rts", base_met=False, values=BEST), RULES)
    assert (found.score, found.band) == (59, "low")
    assert "Q6" in found.why.rules


def test_the_explanation_adds_up() -> None:
    why = judge_growth(GrowthFacts(kind="customization", base_met=True, values=BEST), RULES).why
    assert [area.params["points"] for area in why.children] == ["45.0", "20.0", "35.0"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.booleans(),
            st.lists(st.integers(-3, 200), min_size=len(RULES.factors), max_size=len(RULES.factors)),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_all_at_once_equals_one_by_one(many: list[tuple[rules.Kind, bool, list[int]]]) -> None:
    names = [factor.name for factor in RULES.factors]
    found = growth_scores(
        np.array([KINDS.index(kind) for kind, _, _ in many]),
        np.array([met for _, met, _ in many]),
        np.array([values for _, _, values in many]),
        RULES,
    )
    one_by_one = [
        judge_growth(
            GrowthFacts(kind=kind, base_met=met, values=dict(zip(names, values, strict=True))), RULES
        )
        for kind, met, values in many
    ]
    assert found.tolist() == [decision.score for decision in one_by_one]
    for decision in one_by_one:
        assert decision.why.params["score"] == decision.score
        assert decision.why.params["band"].msgid == rules.BANDS[decision.band]


def test_weights_that_make_no_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="do not sum to 100"):
        rules.GrowthRules(bands=RULES.bands, cap_without_base=59, factors=RULES.factors[1:])
