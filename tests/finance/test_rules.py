"""F5 and pay later at every edge, exact to the cent."""

from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.finance.rules import (
    Drawing,
    FirstUseRules,
    LcOffer,
    LcTerms,
    OaRules,
    PayLaterRules,
    advance,
    after_refund,
    fee,
    is_new,
    offers,
    plan,
    reduction,
    split,
)
from august.kernel.clock import parse_instant
from august.market.grow import BORN

BOOK = house().rulebook
OFFER: LcOffer = BOOK.values("F5", BORN)
TERMS: LcTerms = BOOK.values("F5-terms", BORN)
LATER: PayLaterRules = BOOK.values("F1-bnpl", BORN)
FIRST: FirstUseRules = BOOK.values("F1-bnpl-off", BORN)
CREDIT: OaRules = BOOK.values("F1-oa", BORN)


def at(text: str) -> datetime:
    return parse_instant(text)


MIDDLE = at("2022-09-15T12:00:00-07:00")
NEW = Drawing(cents=10_000_00, at=MIDDLE, last=None, used=False, membership="cgs")


@pytest.mark.parametrize(
    ("last", "new"),
    [
        (None, True),
        # 365 complete PT days before 15 September 2022 begin with 15 September 2021.
        ("2021-09-14T23:59:59-07:00", True),
        ("2021-09-15T00:00:00-07:00", False),
        ("2022-09-14T12:00:00-07:00", False),
        ("2022-09-15T11:59:59-07:00", False),
    ],
)
def test_new_is_never_or_not_within_365_days(last: str | None, *, new: bool) -> None:
    assert is_new(None if last is None else at(last), MIDDLE, OFFER.days) is new


@pytest.mark.parametrize(
    ("changes", "percent", "offer"),
    [
        ({}, 60, "festival"),
        ({"at": at("2022-08-31T23:59:59-07:00")}, 100, None),
        ({"at": at("2022-09-01T00:00:00-07:00")}, 60, "festival"),
        ({"at": at("2022-09-30T23:59:59-07:00")}, 60, "festival"),
        ({"at": at("2022-10-01T00:00:00-07:00")}, 100, None),
        ({"used": True}, 100, None),
        ({"last": at("2022-03-01T00:00:00-08:00")}, 100, None),
        ({"last": at("2021-03-01T00:00:00-08:00")}, 60, "festival"),
        # The better one wins, and never both.
        ({"membership": "verified"}, 60, "festival"),
        ({"membership": "verified", "used": True}, 90, "membership"),
    ],
)
def test_the_first_drawdown_of_the_festival_pays_sixty_percent(
    changes: dict[str, object], percent: int, offer: str | None
) -> None:
    found = fee(msgspec.structs.replace(NEW, **changes), OFFER, TERMS)
    assert (found.percent, found.offer) == (percent, offer)
    assert (found.base_cents, found.cents) == (100_00, percent * 100)


@pytest.mark.parametrize(
    ("cents", "base", "paid"), [(49, 0, 0), (50, 1, 0), (83, 1, 0), (84, 1, 1), (149, 1, 1), (150, 2, 1)]
)
def test_the_fee_is_rounded_once(cents: int, base: int, paid: int) -> None:
    found = fee(msgspec.structs.replace(NEW, cents=cents), OFFER, TERMS)
    assert (found.base_cents, found.cents) == (base, paid)


@given(
    cents=st.integers(0, 10**12), used=st.booleans(), membership=st.sampled_from(["cgs", "qqb", "verified"])
)
def test_no_offer_makes_dearer_and_the_best_wins(*, cents: int, used: bool, membership: str) -> None:
    drawing = msgspec.structs.replace(NEW, cents=cents, used=used, membership=membership)
    found = fee(drawing, OFFER, TERMS)
    assert 0 <= found.cents <= found.base_cents
    assert found.percent == min(offers(drawing, OFFER, TERMS).values(), default=100)
    assert 0 <= advance(cents, TERMS) <= cents


@pytest.mark.parametrize(
    ("cents", "parts"),
    [
        (1000, (250, 250, 250, 250)),
        (1001, (251, 250, 250, 250)),
        (1003, (251, 251, 251, 250)),
        (3, (1, 1, 1, 0)),
        (0, (0, 0, 0, 0)),
    ],
)
def test_cents_that_do_not_divide_go_to_the_first(cents: int, parts: tuple[int, ...]) -> None:
    assert split(cents, 4) == parts


@given(st.integers(0, 10**12), st.integers(1, 24))
def test_instalments_sum_exactly_and_differ_by_a_cent_at_most(cents: int, parts: int) -> None:
    found = split(cents, parts)
    assert sum(found) == cents
    assert len(found) == parts
    assert max(found) - min(found) <= 1
    assert list(found) == sorted(found, reverse=True)


def test_four_instalments_over_six_weeks() -> None:
    found = plan(1001, MIDDLE, LATER)
    assert [each.at - MIDDLE for each in found] == [timedelta(days=days) for days in (0, 14, 28, 42)]
    assert [each.cents for each in found] == [251, 250, 250, 250]


@pytest.mark.parametrize(
    ("cents", "when", "first", "off"),
    [
        (100_00, MIDDLE, True, 10_00),
        (100_00, MIDDLE, False, 0),
        (249_94, MIDDLE, True, 24_99),
        (249_95, MIDDLE, True, 25_00),
        (250_00, MIDDLE, True, 25_00),
        (10_000_00, MIDDLE, True, 25_00),
        (100_00, at("2022-08-31T23:59:59-07:00"), True, 0),
        (100_00, at("2022-09-01T00:00:00-07:00"), True, 10_00),
        (100_00, at("2022-09-30T23:59:59-07:00"), True, 10_00),
        (100_00, at("2022-10-01T00:00:00-07:00"), True, 0),
    ],
)
def test_the_first_use_in_the_festival_costs_less(
    cents: int, when: datetime, *, first: bool, off: int
) -> None:
    assert reduction(cents, when, first, FIRST) == off


def test_pay_later_is_for_l2_and_above() -> None:
    assert LATER.tiers == ("L2", "L3", "L4")


@pytest.mark.parametrize(
    ("refund", "left", "buyer", "platform"),
    [
        (0, (25, 25, 25), 0, 0),
        (24, (25, 25, 1), 0, 0),
        (25, (25, 25, 0), 0, 0),
        (26, (25, 24, 0), 0, 0),
        (75, (0, 0, 0), 0, 0),
        (76, (0, 0, 0), 1, 0),
        (100, (0, 0, 0), 25, 0),
        (110, (0, 0, 0), 25, 10),
    ],
)
def test_a_refund_goes_to_the_last_instalments_first(
    refund: int, left: tuple[int, ...], buyer: int, platform: int
) -> None:
    found = after_refund(refund, (25, 25, 25), 25)
    assert (found.left, found.buyer_cents, found.platform_cents) == (left, buyer, platform)


@given(st.integers(1, 10**9), st.integers(0, 2500), st.integers(0, 4), st.data())
def test_money_refunded_is_money_given_back(cents: int, off: int, paid: int, data: st.DataObject) -> None:
    off = min(off, cents)
    parts = split(cents - off, 4)
    refund = data.draw(st.integers(0, cents))
    found = after_refund(refund, parts[paid:], sum(parts[:paid]))
    cut = sum(parts[paid:]) - sum(found.left)
    assert cut + found.buyer_cents + found.platform_cents == refund
    assert min(found.left, default=0) >= 0
    assert found.buyer_cents <= sum(parts[:paid])
    assert found.platform_cents <= off


@pytest.mark.parametrize(
    ("tier", "yearly", "limit"),
    [
        ("L2", 10**12, 0),
        ("L0", 10**12, 0),
        ("L3", 0, 5_000_00),
        ("L3", 50_000_00, 5_000_00),
        ("L3", 50_000_10, 5_000_01),
        ("L3", 170_000_00, 17_000_00),
        ("L4", 170_000_00, 34_000_00),
        ("L4", 1_000_000_00, 200_000_00),
        ("L4", 1_000_000_10, 200_000_00),
    ],
)
def test_the_credit_limit_of_a_buyer(tier: str, yearly: int, limit: int) -> None:
    assert CREDIT.limit(tier, yearly) == limit
