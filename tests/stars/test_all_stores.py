"""Everything at once equals one by one, whatever the counts and the rules."""

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from august.stars.inputs import INPUTS, MEASURES
from august.stars.rules import (
    ABILITIES,
    INDEX,
    TRACKS,
    Curve,
    Indicator,
    Rules,
    StarRules,
    judge,
    judge_all,
    rules_of,
    score,
    scores,
)
from tests.stars.rulebooks import BOOK, INDUSTRIES, MADE_OF, plain_rules, store

VERSIONS = [rules_of(BOOK, version) for version in ("5.0", "5.1", "5.2")]
# Counts that make shares and sums near the thresholds likely, and some far away.
COUNT = st.one_of(st.integers(0, 3), st.integers(0, 120), st.integers(0, 10**7), st.just(86_400))
STORES = st.lists(
    st.tuples(
        st.integers(0, len(INDUSTRIES) - 1),
        st.lists(COUNT, min_size=len(INPUTS) - 1, max_size=len(INPUTS) - 1),
    ),
    max_size=6,
).map(lambda many: [dict(zip(INPUTS, (industry, *counts), strict=True)) for industry, counts in many])


@st.composite
def curves(draw: st.DrawFn, *, rising: bool = False) -> Curve:
    values = sorted(draw(st.sets(st.integers(-100, 20_000), min_size=2, max_size=5)))
    points = draw(st.lists(st.integers(0, 100), min_size=len(values), max_size=len(values)))
    return tuple(zip(values, sorted(points) if rising else points, strict=True))


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    """Any valid indicators, thresholds and caps, with the bonuses of one of the versions."""
    found = []
    for track in TRACKS:
        for ability in ABILITIES[track]:
            cuts = sorted(draw(st.lists(st.integers(0, 100), max_size=3)))
            for place, (left, right) in enumerate(zip([0, *cuts], [*cuts, 100], strict=True)):
                measure = draw(st.sampled_from([*MEASURES, INDEX]))
                name = f"{track}_{ability}_{place}"
                found.append(Indicator(name, track, ability, measure, right - left, draw(curves())))
    base = draw(st.sampled_from(VERSIONS))
    frame = msgspec.structs.replace(
        base.frame,
        stars=tuple(sorted(draw(st.sets(st.integers(1, 100), min_size=5, max_size=5)))),
        capped_star=draw(st.integers(0, 5)),
        reply_seconds=draw(COUNT),
        on_time_bp=draw(st.integers(0, 10_000)),
    )
    index = msgspec.structs.replace(base.index, constant=draw(st.integers(1, 2_000)))
    return msgspec.structs.replace(base, stars=StarRules(indicators=tuple(found)), frame=frame, index=index)


def together(stores: list[dict[str, int]]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return {name: np.array([each[name] for each in stores], dtype=np.int64) for name in INPUTS}


@given(STORES, st.one_of(rules(), st.sampled_from(VERSIONS)))
def test_all_stores_equal_one_by_one(stores: list[dict[str, int]], chosen: Rules) -> None:
    whole = judge_all(together(stores), chosen, INDUSTRIES)
    for place, inputs in enumerate(stores):
        one = judge(inputs, chosen, INDUSTRIES[inputs["industry"]])
        assert whole.abilities[place].tolist() == [*one.abilities["custom"], *one.abilities["rts"]]
        assert whole.stars[place].tolist() == [*one.stars["custom"], *one.stars["rts"]]
        assert whole.track_stars[place].tolist() == [one.track_stars["custom"], one.track_stars["rts"]]
        assert (whole.star[place], TRACKS[whole.track[place]]) == (one.star, one.track)
        assert all(0 <= points <= 10_000 for points in whole.abilities[place])


@given(curves(), st.lists(st.integers(-10_000, 10**12), max_size=10))
def test_a_column_of_values_scores_like_each_value(curve: Curve, values: list[int]) -> None:
    found = scores(curve, np.array(values, dtype=np.int64))
    assert found.tolist() == [score(curve, value) for value in values]


@given(curves(rising=True), st.lists(st.integers(-200, 21_000), min_size=2))
def test_more_is_never_less_on_a_rising_curve(curve: Curve, values: list[int]) -> None:
    points = scores(curve, np.array(sorted(values), dtype=np.int64))
    assert (np.diff(points) >= 0).all()
    assert curve[0][1] * 100 <= points[0] <= points[-1] <= curve[-1][1] * 100


@given(STORES)
def test_measures_of_a_column_equal_those_of_each_store(stores: list[dict[str, int]]) -> None:
    columns = together(stores)
    for measure in MEASURES.values():
        assert measure.of_all(columns).tolist() == [measure.of(each) for each in stores]


@given(STORES, st.sampled_from(VERSIONS[:2]))
def test_the_bonus_stays_within_its_caps(stores: list[dict[str, int]], chosen: Rules) -> None:
    bonus = chosen.bonus
    totals = bonus.of_all(together(stores), INDUSTRIES)
    for inputs, total in zip(stores, totals.tolist(), strict=True):
        one = bonus.of(inputs, INDUSTRIES[inputs["industry"]])
        assert one.total == total <= bonus.total_cap
        assert one.export <= bonus.export_cap
        assert one.professional <= bonus.professional_cap
        assert one.service <= bonus.service_cap
        opened = inputs["custom_products"] > 0 and inputs["custom_growth"] >= 60 * inputs["custom_products"]
        assert one.open == opened
        assert opened or total == 0


@given(
    st.fixed_dictionaries({ability: st.integers(0, 10_000) for ability in MADE_OF}),
    st.sampled_from(list(MADE_OF)),
    st.integers(0, 3_000),
)
def test_a_better_ability_never_costs_a_star(points: dict[str, int], ability: str, more: int) -> None:
    chosen = plain_rules()
    better = points | {ability: min(10_000, points[ability] + more)}
    before, after = (judge(store(each), chosen, "furniture") for each in (points, better))
    assert after.star >= before.star
    # The star is the higher of the two lowest.
    lowest = [min(before.stars[track]) for track in TRACKS]
    assert (before.star, lowest) == (max(lowest), list(before.track_stars.values()))
