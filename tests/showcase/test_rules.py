"""Slots a second before and after their ends, and who makes room for whom."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.kernel.clock import parse_instant
from august.showcase.rules import Opened, SlotRules, Swap, count_slots, ends_at, swaps

NOW = parse_instant("2022-09-10T12:00:00-07:00")
RULES: SlotRules = house().rulebook.values("SC1", NOW)
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(days=90)


@pytest.mark.parametrize(("membership", "slots"), [("cgs", 10), ("qqb", 15), ("verified", 30)])
@pytest.mark.parametrize(("left", "counts"), [(-SECOND, 0), (timedelta(0), 0), (SECOND, 1)])
def test_a_membership_brings_slots_while_it_is_in_service(
    membership: str, slots: int, left: timedelta, counts: int
) -> None:
    found = count_slots(membership, NOW + left, (), NOW, RULES)
    assert found.total == slots * counts
    assert found.why.children[0].outcome == ("ok" if counts else "bad")


@pytest.mark.parametrize(("left", "total"), [(-SECOND, 10), (timedelta(0), 10), (SECOND, 15)])
def test_an_order_counts_until_its_last_second(left: timedelta, total: int) -> None:
    order = Opened(7, 5, "benefit", NOW + left)
    found = count_slots("cgs", LATER, (order,), NOW, RULES)
    assert found.total == total
    assert found.why.rules == (("SC1", "SC2") if total > 10 else ("SC1",))
    assert found.why.params["total"] == total


@pytest.mark.parametrize(
    ("opened", "days", "end"),
    [
        ("2022-09-05T00:00:00-07:00", 1, "2022-09-07T00:00:00-07:00"),
        ("2022-09-05T23:59:59-07:00", 1, "2022-09-07T00:00:00-07:00"),
        ("2022-09-05T08:00:00-07:00", 30, "2022-10-06T00:00:00-07:00"),
        # Over the end of daylight saving: still a midnight.
        ("2022-10-20T12:00:00-07:00", 30, "2022-11-20T00:00:00-08:00"),
    ],
)
def test_days_are_full_pacific_days_after_the_opening(opened: str, days: int, end: str) -> None:
    assert ends_at(parse_instant(opened), days) == parse_instant(end)


def test_a_membership_without_slots_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its slots"):
        SlotRules(slots={"cgs": 1, "qqb": 1})


@pytest.mark.parametrize(
    ("shown", "waiting", "found"),
    [
        ({1: 79}, {2: 80}, (Swap(1, 2),)),
        # A product of the high band stays, even where a better one waits.
        ({1: 80}, {2: 100}, ()),
        # No gain, no swap.
        ({1: 60}, {2: 60}, ()),
        ({1: 60}, {2: 61}, (Swap(1, 2),)),
        # The lowest leaves for the highest.
        ({1: 50, 2: 30, 3: 90}, {4: 70, 5: 95}, (Swap(2, 5), Swap(1, 4))),
        ({1: 50, 2: 69}, {4: 95, 5: 60}, (Swap(1, 4),)),
        ({}, {1: 90}, ()),
        ({1: 10}, {}, ()),
    ],
)
def test_the_lowest_makes_room_for_the_highest(
    shown: dict[int, int], waiting: dict[int, int], found: tuple[Swap, ...]
) -> None:
    assert swaps(shown, waiting, 80) == found


SCORES = st.lists(st.integers(0, 100), max_size=12)


@given(SCORES, SCORES)
def test_swaps_only_gain_and_use_everything_once(on: list[int], off: list[int]) -> None:
    shown = dict(enumerate(on))
    waiting = {100 + place: score for place, score in enumerate(off)}
    found = swaps(shown, waiting, 80)
    assert all(waiting[pair.into] > shown[pair.out] < 80 for pair in found)
    assert len({pair.out for pair in found}) == len({pair.into for pair in found}) == len(found)
    left = {**shown, **{pair.out: waiting[pair.into] for pair in found}}
    # What comes out cannot be swapped once more for a gain by the products that left.
    assert sum(left.values()) >= sum(shown.values())


@given(st.datetimes(datetime(2022, 1, 1), datetime(2024, 1, 1)), st.integers(1, 366))  # noqa: DTZ001 - made aware below
def test_an_order_never_runs_shorter_than_its_days(at: datetime, days: int) -> None:
    opened = at.replace(tzinfo=NOW.tzinfo, microsecond=0)
    span = ends_at(opened, days) - opened
    hour = timedelta(hours=1)
    assert timedelta(days=days) - hour <= span <= timedelta(days=days + 1) + hour
