"""The coupon: its steps at every edge, and money that is neither made nor lost."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.market.grow import BORN
from august.venue.reductions import explain, off, shares
from august.venue.rules import CouponRules

STEPS = house().rulebook.values("F1-coupon", BORN).steps
cents = st.integers(0, 10_000_000)


@pytest.mark.parametrize(
    ("goods", "cut"),
    [
        (0, 0),
        (49_999, 0),
        (50_000, 1000),
        (50_001, 1000),
        (99_999, 1000),
        (100_000, 3000),
        (299_999, 3000),
        (300_000, 10_000),
        (900_000, 10_000),
    ],
)
def test_the_highest_step_reached_counts_once(goods: int, cut: int) -> None:
    assert off(goods, STEPS) == cut
    node = explain(goods, STEPS)
    assert (node.outcome == "ok") is (cut > 0)
    assert [child.outcome for child in node.children] == [
        "ok" if goods >= least else "note" for least, _ in STEPS
    ]
    if not cut:
        assert node.remedy == "Order more pieces."


@given(cents, cents)
def test_more_goods_never_get_less_off_and_never_all(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert off(low, STEPS) <= off(high, STEPS)
    assert off(high, STEPS) < max(high, 1)


@given(goods=st.integers(50_000, 5_000_000), freight=st.integers(0, 100_000), data=st.data())
def test_both_parts_of_a_payment_and_of_its_refunds_add_up(
    goods: int, freight: int, data: st.DataObject
) -> None:
    total, cut = goods + freight, off(goods, STEPS)
    buyer, platform = shares(total, total, cut)
    assert (buyer + platform, platform) == (total, cut)
    refund = data.draw(st.integers(0, total))
    back, returned = shares(refund, total, cut)
    assert back + returned == refund
    assert 0 <= back <= buyer
    assert 0 <= returned <= platform
    more, again = shares(min(total, refund + 1), total, cut)
    assert more >= back
    assert again >= returned


def test_a_full_refund_gives_each_side_what_it_paid() -> None:
    assert shares(50_000, 50_000, 1000) == (49_000, 1000)
    assert shares(0, 50_000, 1000) == (0, 0)
    assert shares(0, 0, 0) == (0, 0)


@pytest.mark.parametrize("steps", [[], [[100, 0]], [[100, 100]], [[100, 5], [100, 6]], [[100, 5], [200, 5]]])
def test_steps_that_make_no_sense_are_refused(steps: list[list[int]]) -> None:
    with pytest.raises(msgspec.ValidationError, match="steps of a coupon"):
        msgspec.convert({"steps": steps}, CouponRules)
