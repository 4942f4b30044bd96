"""Quotas on their curve, to the second, and the windows of offers in their own zones."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.festival.rules import DAY, Deadline, QuotaRule, Span, taken_elsewhere
from august.kernel.clock import SECOND, parse_instant
from august.kernel.errors import Refusal
from august.market.grow import BORN

QUOTAS = house().rulebook.values("K5", BORN).quotas
STRAIGHT = QuotaRule(total=300, merchant=2, curve=((0, 0), (10, 500), (20, 1000)))


@pytest.mark.parametrize(
    ("seconds", "gone"),
    [
        (-1, 0),
        (0, 0),
        (5759, 0),
        (5760, 1),
        (10 * DAY - 1, 149),
        (10 * DAY, 150),
        (20 * DAY, 300),
        (99 * DAY, 300),
    ],
)
def test_the_rest_of_the_platform_takes_a_quota_on_its_curve(seconds: int, gone: int) -> None:
    assert taken_elsewhere(300, seconds, STRAIGHT.curve) == STRAIGHT.elsewhere(seconds) == gone


@pytest.mark.parametrize(("claimed", "left"), [(0, 150), (149, 1), (150, 0), (151, 0)])
def test_what_is_left_counts_the_claims_of_this_world(claimed: int, left: int) -> None:
    assert STRAIGHT.left(10 * DAY, claimed) == left


@given(st.sampled_from(sorted(QUOTAS)), st.integers(0, 400))
def test_a_quota_sells_out_at_the_first_second_without_any(code: str, claimed: int) -> None:
    rule = QUOTAS[code]
    end = rule.sells_out(claimed)
    if end is None:
        assert rule.left(400 * DAY, claimed) > 0
    else:
        assert rule.left(end, claimed) == 0
        assert end == 0 or rule.left(end - 1, claimed) > 0


@pytest.mark.parametrize("curve", [[[1, 0]], [[0, 1]], [[0, 0], [0, 5]], [[0, 0], [2, 5], [3, 4]]])
def test_a_curve_that_does_not_rise_from_nothing_is_refused(curve: list[list[int]]) -> None:
    with pytest.raises(msgspec.ValidationError, match="must rise from 0"):
        msgspec.convert({"total": 1, "curve": curve}, QuotaRule)


def test_each_quota_is_the_releases() -> None:
    """F4, F6, F7, F8, F10."""
    assert {code: (rule.total, rule.merchant) for code, rule in QUOTAS.items()} == {
        "easy_return": (20000, None),
        "express": (3000, 1),
        "multimodal": (3000, 3),
        "charter": (10000, None),
        "fcl_us_west": (300, 2),
    }


def test_a_span_holds_both_its_seconds_in_its_own_zone() -> None:
    """T2: the last day of November is over an hour later in Beijing than in September."""
    span = Span(zone="PT", first="2022-10-15 00:00:00", last="2022-11-30 23:59:59").window
    assert span.start == parse_instant("2022-10-15T15:00:00+08:00")
    assert span.last_second == parse_instant("2022-12-01T15:59:59+08:00")
    assert span.contains(span.last_second)
    assert not span.contains(span.last_second + SECOND)


def test_two_deadlines_of_one_date_are_sixteen_hours_apart() -> None:
    """F2.7 is written in PT, F4 in BJ."""
    fee, premium = Deadline("PT", "2022-12-31 23:59:59"), Deadline("BJ", "2022-12-31 23:59:59")
    assert (fee.at - premium.at).total_seconds() == 16 * 3600
    assert premium.met(premium.at)
    assert not premium.met(premium.at + SECOND)
    assert fee.met(premium.at + SECOND)


def test_a_window_backwards_is_refused() -> None:
    with pytest.raises(Refusal):
        Span(zone="PT", first="2022-09-30 00:00:00", last="2022-09-01 00:00:00")
