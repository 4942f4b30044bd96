"""Fees to the cent, the largest benefit, settlement instants and losses at their edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.fees.amounts import (
    Benefit,
    Course,
    FeePrices,
    OaFacts,
    OaRules,
    PackageRules,
    charge,
    fee_cents,
    fee_of,
    loss,
    lost_at,
    oa_charge,
    oa_conditions,
    payout,
    settles_at,
)
from august.fees.rules import FeeRules
from august.kernel.clock import BEIJING, PACIFIC, SECOND, from_local
from august.market.grow import BORN

BOOK = house().rulebook
RULES: FeeRules = BOOK.values("F2", BORN)
PRICES: FeePrices = BOOK.values("F2-fees", BORN)
PACKAGE: PackageRules = BOOK.values("F2-package", BORN)
OA: OaRules = BOOK.values("F3", BORN)
HALF = Benefit("service_fee", RULES.paid_percent)


def pt(text: str) -> datetime:
    return from_local(PACIFIC, text)


def bj(text: str) -> datetime:
    return from_local(BEIJING, text)


@pytest.mark.parametrize(
    ("channel", "mode", "fee"),
    [
        ("ta", "self", "transaction"),
        ("ta", "market", "transaction"),
        ("ta", "easy", "transaction"),
        ("e_collection", "self", "funds"),
        ("e_collection", "market", "funds"),
        ("e_collection", "easy", "funds"),
        ("ta", "onetouch", "onetouch"),
        ("e_collection", "onetouch", "onetouch"),
    ],
)
def test_which_fee_an_order_pays(channel: str, mode: str, fee: str) -> None:
    assert fee_of(channel, mode) == fee


@pytest.mark.parametrize(
    ("fee", "amount", "whole", "half"),
    [
        ("transaction", 0, 0, 0),
        # 2 % of 0.25 is half a cent: up; half of it is a quarter: down.
        ("transaction", 24, 0, 0),
        ("transaction", 25, 1, 0),
        ("transaction", 50, 1, 1),
        ("transaction", 100_000, 2_000, 1_000),
        ("transaction", 499_999, 10_000, 5_000),
        ("transaction", 499_974, 9_999, 5_000),
        ("transaction", 500_000, 10_000, 5_000),
        ("transaction", 500_001, 10_000, 5_000),
        ("transaction", 90_000_000, 10_000, 5_000),
        ("funds", 166, 0, 0),
        ("funds", 167, 1, 0),
        ("funds", 1_000_000, 3_000, 1_500),
        ("onetouch", 1, 5_000, 2_500),
        ("onetouch", 90_000_000, 5_000, 2_500),
    ],
)
def test_fees_are_rounded_half_up_once(fee: Any, amount: int, whole: int, half: int) -> None:
    assert fee_cents(fee, amount, PRICES) == whole
    assert fee_cents(fee, amount, PRICES, 50) == half
    found = charge(fee, amount, PRICES, [HALF])
    assert (found.base, found.charged, found.saved) == (whole, half, whole - half)


def test_only_the_largest_benefit_counts() -> None:
    free, same = Benefit("package", 0), Benefit("other", 50)
    assert charge("onetouch", 1, PRICES, [HALF, free]).why == "package"
    assert charge("onetouch", 1, PRICES, [free, HALF]).charged == 0
    assert charge("onetouch", 1, PRICES, [HALF, same]).why == "service_fee"
    assert charge("onetouch", 1, PRICES, []) == charge("onetouch", 1, PRICES, [Benefit("x", 100)]).__class__(
        5_000, 5_000, None
    )


@given(
    st.sampled_from(["transaction", "funds", "onetouch"]),
    st.integers(1, 10**11),
    st.lists(st.builds(Benefit, st.sampled_from(["a", "b"]), st.integers(0, 100)), max_size=4),
)
def test_no_benefit_makes_a_fee_dearer_and_the_best_is_taken(
    fee: Any, amount: int, benefits: list[Benefit]
) -> None:
    found = charge(fee, amount, PRICES, benefits)
    assert found.base == found.charged + found.saved
    assert 0 <= found.charged <= found.base
    each = [charge(fee, amount, PRICES, [one]).charged for one in benefits]
    assert found.charged == min(each, default=found.base)


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.lists(st.integers(0, 10_000), max_size=3))
def test_money_in_is_money_out(received: int, refunded: int, fees: list[int]) -> None:
    assert received == payout(received, refunded, sum(fees)) + refunded + sum(fees)


@pytest.mark.parametrize(
    ("cleared", "settled"),
    [
        (bj("2022-10-08 00:00:00"), bj("2022-10-09 00:00:00")),
        (bj("2022-10-08 23:59:59"), bj("2022-10-09 00:00:00")),
        (bj("2022-10-09 00:00:00"), bj("2022-10-10 00:00:00")),
        # A day of Beijing, not of California.
        (pt("2022-10-08 09:00:00"), bj("2022-10-10 00:00:00")),
    ],
)
def test_onetouch_settles_on_the_beijing_day_after_clearing(cleared: datetime, settled: datetime) -> None:
    done = pt("2022-12-01 00:00:00")
    assert settles_at("onetouch", done, cleared, RULES.settlement_zone) == settled
    assert settled.tzinfo == UTC
    assert settles_at("onetouch", done, None, RULES.settlement_zone) is None
    assert settles_at("transaction", done, cleared, RULES.settlement_zone) == done
    assert settles_at("funds", None, cleared, RULES.settlement_zone) is None


LOCKED = pt("2022-09-20 00:00:00")
DEADLINE = pt("2022-12-31 23:59:59")
OPEN = Course("transaction", LOCKED, None, None, None, closed=False)


@pytest.mark.parametrize(
    ("course", "now", "member", "why"),
    [
        (OPEN, DEADLINE, True, None),
        (OPEN, DEADLINE + SECOND, True, "late"),
        (replace(OPEN, shipped_at=DEADLINE), DEADLINE + timedelta(days=9), True, None),
        (replace(OPEN, shipped_at=DEADLINE + SECOND), DEADLINE + timedelta(days=9), True, "late"),
        # Of One-Touch orders the clearing counts, not the shipment.
        (replace(OPEN, fee="onetouch", shipped_at=LOCKED), DEADLINE + SECOND, True, "late"),
        (replace(OPEN, fee="onetouch", cleared_at=DEADLINE), DEADLINE + timedelta(days=2), True, None),
        (
            replace(OPEN, fee="onetouch", cleared_at=DEADLINE + SECOND),
            DEADLINE + timedelta(days=2),
            True,
            "late",
        ),
        (replace(OPEN, fee="onetouch", cleared_at=LOCKED - SECOND), LOCKED, True, "cleared_before"),
        (replace(OPEN, fee="onetouch", cleared_at=LOCKED), LOCKED, True, None),
        (replace(OPEN, settled_at=LOCKED - SECOND), LOCKED, True, "settled_before"),
        # Membership is looked at when the fee is settled.
        (OPEN, LOCKED, False, None),
        (replace(OPEN, shipped_at=LOCKED, settled_at=LOCKED + SECOND), LOCKED, False, None),
        (replace(OPEN, shipped_at=LOCKED, settled_at=LOCKED + SECOND), LOCKED + SECOND, False, "no_member"),
        (replace(OPEN, closed=True), LOCKED, True, "closed"),
    ],
)
def test_how_a_benefit_is_lost(course: Course, now: datetime, *, member: bool, why: str | None) -> None:
    assert loss(course, now, RULES, member=member) == why


def test_a_missed_deadline_is_lost_the_second_after_it() -> None:
    assert lost_at("late", DEADLINE + timedelta(days=3), RULES) == DEADLINE + SECOND
    assert lost_at("abnormal", LOCKED, RULES) == LOCKED


W_FIRST, W_LAST = pt("2022-09-01 00:00:00"), pt("2022-09-30 23:59:59")
PREPAID = pt("2022-10-31 23:59:59")
GOOD = OaFacts(W_FIRST, W_LAST, PREPAID, insured=True, channel="ta", mode="self")


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({}, None),
        ({"drafted": W_FIRST - SECOND}, "drafted"),
        ({"drafted": W_LAST}, None),
        ({"drafted": W_LAST + SECOND}, "drafted"),
        ({"confirmed": W_LAST + SECOND}, "confirmed"),
        ({"confirmed": W_FIRST}, None),
        ({"confirmed": None}, "confirmed"),
        ({"first_prepayment": PREPAID + SECOND}, "prepaid"),
        ({"first_prepayment": None}, "prepaid"),
        ({"insured": False}, "insured"),
        ({"mode": "onetouch"}, None),
        ({"mode": "market"}, "mode"),
        ({"mode": "easy"}, "mode"),
        ({"channel": "e_collection"}, "mode"),
    ],
)
def test_the_oa_fee_is_waived_when_every_condition_holds(changed: dict[str, Any], failed: str | None) -> None:
    facts = replace(GOOD, **changed)
    assert {name for name, met in oa_conditions(facts, OA).items() if not met} == (
        {failed} if failed else set()
    )
    found = oa_charge(100_000, facts, OA)
    assert (found.base, found.charged) == (300, 0 if failed is None else 300)


@pytest.mark.parametrize(("amount", "cents"), [(166, 0), (167, 1), (1_000_000, 3_000), (0, 0)])
def test_the_sale_price_is_three_thousandths(amount: int, cents: int) -> None:
    assert oa_charge(amount, replace(GOOD, insured=False), OA).charged == cents


def test_the_assumed_numbers() -> None:
    assert (PRICES.transaction_bp, PRICES.transaction_cap_cents, PRICES.funds_bp, PRICES.onetouch_cents) == (
        200, 10_000, 30, 5_000,
    )  # fmt: skip
    assert (PACKAGE.years, PACKAGE.price_fen, PACKAGE.covers) == (3, 980_000, ("onetouch",))
