"""The search for the cheapest path: it reaches the star, wastes nothing, and is near the best there is."""

from itertools import combinations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from august.features import house
from august.kernel.clock import parse_instant
from august.stars.inputs import INPUTS
from august.stars.path.search import Act, Path, Task, cheapest
from august.stars.rules import rules_at

RULES = rules_at(house().rulebook, parse_instant("2022-09-20T00:00:00-07:00"))
# A sound store whose products were neglected: everything but the first ability has four stars at least.
STORE = dict.fromkeys(INPUTS, 0) | {
    "custom_products": 20, "custom_growth": 1000, "custom_high": 0,
    "custom_shown": 10, "custom_shown_high": 0,
    "visits": 2500, "visitors": 900, "converted": 160, "own_visitors": 900, "own_converted": 160,
    "buyers_L2": 80, "replies": 50, "reply_seconds": 50 * 3600, "asked": 50, "answered_in_day": 50,
    "custom_gmv": 20_000_000, "custom_orders": 50, "custom_paid": 45,
    "custom_payers": 40, "custom_repeat": 16,
    "stars_sum": 490, "stars_count": 100, "due": 50, "on_time": 50, "paid": 50,
}  # fmt: skip


def task(acts: list[Act], target: int = 2, **changes: int) -> Task:
    return Task(STORE | changes, RULES, "furniture", {act.key: act for act in acts}, target)


def product(number: int, minutes: int, growth: int, high: int = 0) -> Act:
    return Act(f"p{number}", "services", minutes, {"custom_growth": growth, "custom_high": high})


def test_a_star_that_is_there_needs_nothing() -> None:
    found = cheapest(task([product(1, 5, 30)], custom_growth=1700, custom_high=15, custom_shown_high=10))
    assert found is not None
    assert found.acts == ()
    assert found.minutes == 0


def test_no_way_is_told_as_none() -> None:
    assert cheapest(task([product(1, 5, 1)])) is None


def test_what_must_come_first_comes_first() -> None:
    fix = product(1, 5, 400, 20)
    show = Act("show", "showcase", 1, {"custom_shown_high": 10}, after=("p1",))
    found = cheapest(task([show, fix], 3))
    assert found is not None
    assert [act.key for act in found.acts] == ["p1", "show"]
    assert found.parts.star >= 3


def test_proofs_count_only_behind_an_open_bonus() -> None:
    proof = Act("proof", "proof", 60, {"proof_trademark": 1, "export_cents": 1_000_000_000})
    assert cheapest(task([proof])) is None
    acts = [proof, *(product(n, 10, 12, 0) for n in range(20))]
    found = cheapest(task(acts, custom_shown_high=10))
    assert found is not None
    assert "proof" in {act.key for act in found.acts}


def test_cases_help_from_tier_to_tier() -> None:
    capability = Act("proof", "proof", 45, {"engineering": 1}, days=5)
    one = Act("one", "case", 30, {"cases": 1}, after=("proof",))
    three = Act("three", "case", 60, {"cases": 2}, after=("one",))
    # The merchant ability lacks more than the two points of one case and less than the five of three.
    asked = task([capability, one, three], custom_growth=1220, custom_high=2, custom_shown_high=9)
    lack = asked.lacking(asked.inputs, "custom")
    assert 200 < lack <= 500
    found = cheapest(asked)
    assert found is not None
    assert [act.key for act in found.acts] == ["proof", "one", "three"]
    assert (found.minutes, found.days) == (135, 5)


def test_of_two_proofs_alike_the_sooner_is_taken_and_none_where_one_is_in_review() -> None:
    later, sooner = (
        Act(f"a{days}", "proof", 45, {f"proof_{kind}": 1}, days=days)
        for kind, days in (("oem", 5), ("trademark", 3))
    )
    near = {"custom_growth": 1300, "custom_high": 2, "custom_shown_high": 8}
    found = cheapest(task([later, sooner], **near))
    assert found is not None
    assert found.acts == (sooner,)
    awaited = Act("await", "await", 0, {"proof_aeo": 1}, days=2)
    found = cheapest(task([later, sooner, awaited], **near))
    assert found is not None
    assert found.acts == (awaited,)
    assert found.minutes == 0


def test_proofs_are_counted_on_only_well_above_their_line() -> None:
    proof = Act("proof", "proof", 45, {"proof_trademark": 1}, days=2)
    near = {"custom_growth": 1210, "custom_high": 2, "custom_shown_high": 9}
    asked = task([proof, product(1, 5, 60)], **near)
    plain = cheapest(asked)
    assert plain is not None
    assert plain.acts == (proof,)
    careful = cheapest(msgspec.structs.replace(asked, margin=300))
    assert careful is not None
    assert {act.key for act in careful.acts} == {"p1", "proof"}
    assert not careful.narrow
    alone = cheapest(msgspec.structs.replace(task([proof], **near), margin=300))
    assert alone is not None
    assert alone.narrow


ACTS = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.fixed_dictionaries(
            {},
            optional={
                "custom_growth": st.integers(0, 200),
                "custom_high": st.integers(0, 6),
                "custom_shown_high": st.integers(0, 4),
                "cases": st.integers(0, 2),
                "engineering": st.just(1),
                "export_cents": st.just(500_000_000),
            },
        ),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(made=ACTS, target=st.integers(1, 4))
def test_it_reaches_the_star_wastes_nothing_and_is_near_the_best(
    made: list[tuple[int, dict[str, int]]], target: int
) -> None:
    acts = [Act(f"a{n}", "services", minutes, adds) for n, (minutes, adds) in enumerate(made)]
    asked = task(acts, target)
    found = cheapest(asked)
    best = _best(asked)
    assert (found is None) == (best is None)
    if found is None or best is None:
        return
    keys = [act.key for act in found.acts]
    assert asked.parts(keys).star >= target
    for key in keys:
        assert asked.parts([each for each in keys if each != key]).star < target
    assert best <= found.minutes <= 2 * best + 30


def _best(asked: Task) -> int | None:
    """The least minutes of all subsets that reach the star."""
    sizes = range(len(asked.acts) + 1)
    chosen = (each for size in sizes for each in combinations(sorted(asked.acts), size))
    return min(
        (
            sum(asked.acts[key].minutes for key in keys)
            for keys in chosen
            if asked.parts(keys).star >= asked.target
        ),
        default=None,
    )


def test_the_path_tells_its_minutes() -> None:
    found = cheapest(task([product(1, 7, 400, 20), product(2, 9, 400, 20)], custom_shown_high=10))
    assert isinstance(found, Path)
    assert found.minutes == 7
