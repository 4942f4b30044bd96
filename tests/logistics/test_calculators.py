"""The calculators freight-offer and coupon, to the letter of the contract."""

from typing import Any

import pytest

from august.calculators.api import ask
from august.features import house
from august.kernel.errors import Refusal

NOON = "2022-09-10T12:00:00+08:00"


def answer(name: str, **asked: Any) -> dict[str, Any]:
    return ask(name, asked, house().rulebook, "en")


def offer(code: str, base: str, **more: Any) -> dict[str, Any]:
    unit = "usd" if code == "fcl_us_west" else "cny"
    asked = {"offer": code, "member": True, "at": NOON, f"base_{unit}": base, **more}
    return {name: value for name, value in answer("freight-offer", **asked).items() if name != "why"}


@pytest.mark.parametrize(
    ("code", "base", "told"),
    [
        ("multimodal", "499.99", {"applies": False, "discount_cny": "0.00", "pay_cny": "499.99"}),
        ("multimodal", "500.00", {"applies": True, "discount_cny": "50.00", "pay_cny": "450.00"}),
        ("multimodal", "9000.00", {"applies": True, "discount_cny": "300.00", "pay_cny": "8700.00"}),
        ("charter", "759.99", {"applies": False, "discount_cny": "0.00", "pay_cny": "759.99"}),
        ("charter", "760.00", {"applies": True, "discount_cny": "38.00", "pay_cny": "722.00"}),
        ("small_parcel", "100.00", {"applies": True, "discount_cny": "11.00", "pay_cny": "89.00"}),
        ("small_parcel", "0.01", {"applies": True, "discount_cny": "0.00", "pay_cny": "0.01"}),
        ("fcl_us_west", "5000.00", {"applies": True, "discount_usd": "100.00", "pay_usd": "4900.00"}),
    ],
)
def test_the_decision_of_each_offer(code: str, base: str, told: dict[str, Any]) -> None:
    assert offer(code, base) == told


@pytest.mark.parametrize(
    ("code", "more", "applies"),
    [
        ("multimodal", {"used_by_merchant": 2, "used_by_platform": 2999}, True),
        ("multimodal", {"used_by_merchant": 3}, False),
        ("multimodal", {"used_by_platform": 3000}, False),
        ("multimodal", {"multimodal_shipments": 1}, False),
        ("charter", {"used_by_merchant": 9999, "used_by_platform": 9999}, True),
        ("charter", {"used_by_platform": 10_000}, False),
        ("small_parcel", {"used_by_merchant": 19, "used_by_platform": 10**6}, True),
        ("small_parcel", {"used_by_merchant": 20}, False),
        ("small_parcel", {"configured_before": True}, False),
        ("small_parcel", {"configured_at": None}, False),
        ("small_parcel", {"configured_at": "2022-09-30T23:59:59-07:00"}, True),
        ("small_parcel", {"configured_at": "2022-10-01T00:00:00-07:00"}, False),
        ("small_parcel", {"template_rts_products": 19}, False),
        ("small_parcel", {"template_rts_products": 20}, True),
        ("fcl_us_west", {"used_by_merchant": 1, "used_by_platform": 299}, True),
        ("fcl_us_west", {"used_by_merchant": 2}, False),
        ("fcl_us_west", {"used_by_platform": 300}, False),
        ("fcl_us_west", {"freight_forwarder": True}, False),
        ("fcl_us_west", {"partner_company": True}, False),
        ("fcl_us_west", {"labelled": False}, False),
        ("fcl_us_west", {"departed_at": "2022-10-31T23:59:59-07:00"}, True),
        ("fcl_us_west", {"departed_at": "2022-11-01T00:00:00-07:00"}, False),
        ("fcl_us_west", {"departed_at": None}, False),
        *(
            (code, {"member": False}, False)
            for code in ("multimodal", "charter", "small_parcel", "fcl_us_west")
        ),
    ],
)
def test_conditions_quotas_and_limits(code: str, more: dict[str, Any], applies: bool) -> None:  # noqa: FBT001
    assert offer(code, "4000.00", **more)["applies"] is applies


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"base_cny": None}, "base_cny"),
        ({"base_cny": "0.00"}, "base_cny"),
        ({"base_cny": "1e3"}, "base_cny"),
        ({"base_usd": "1.00"}, "base_usd"),
        ({"used_by_merchant": -1}, "used_by_merchant"),
        ({"at": "2022-09-10"}, "at"),
        ({"configured_at": "soon"}, "configured_at"),
        ({"offer": "express"}, "offer"),
        ({"surprise": 1}, "surprise"),
        ({"member": "yes"}, "member"),
    ],
)
def test_what_does_not_fit_is_named(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        answer("freight-offer", **{"offer": "charter", "at": NOON, "base_cny": "800.00", **asked})
    assert field in refused.value.fields


VALID = "2022-11-30T23:59:59-08:00"


def coupon(base: str, *coupons: Any, at: str = VALID) -> tuple[Any, str]:
    told = answer("coupon", base_cny=base, paid_at=at, coupons=list(coupons))
    return told["applied"], told["pay_cny"]


@pytest.mark.parametrize(
    ("base", "at", "told"),
    [
        ("299.99", VALID, (None, "299.99")),
        ("300.00", VALID, (1, "275.00")),
        ("300.00", "2022-12-01T15:59:59+08:00", (1, "275.00")),
        ("300.00", "2022-12-01T00:00:00-08:00", (None, "300.00")),
        ("300.00", "2022-10-15T15:00:00+08:00", (1, "275.00")),
        ("300.00", "2022-10-15T14:59:59+08:00", (None, "300.00")),
    ],
)
def test_a_coupon_of_the_express_offer(base: str, at: str, told: tuple[Any, str]) -> None:
    assert coupon(base, {}, at=at) == told


def test_coupons_are_named_by_id_or_place_and_one_is_used() -> None:
    assert coupon("300.00", {"id": "a"}, {"id": "b"}) == ("a", "275.00")
    assert coupon("300.00", 7, 8) == (7, "275.00")
    assert coupon("300.00", "x", {"id": "y", "amount_cny": "30.00"}) == ("y", "270.00")
    assert coupon("300.00") == (None, "300.00")
    assert coupon("300.00", {"state": "locked"}, {"state": "redeemed"}) == (None, "300.00")
    assert coupon("300.00", {"state": "returned"}) == (1, "275.00")


def test_a_coupon_worth_more_leaves_a_fen() -> None:
    assert coupon("20.00", {"least_base_cny": "0.00"}) == (1, "0.01")
    assert coupon("0.01", {"least_base_cny": "0.00"}) == (1, "0.01")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"base_cny": "0"}, "base_cny"),
        ({"paid_at": "2022-11-30"}, "paid_at"),
        ({"coupons": [{"worth": 1}]}, "coupons[0].worth"),
        ({"coupons": [{"amount_cny": "x"}]}, "coupons[0].amount_cny"),
        ({"coupons": [{"valid_until": "x"}]}, "coupons[0].valid_until"),
        ({"coupons": [1, 1]}, "coupons"),
        ({"coupons": [{}] * 201}, "coupons"),
        ({"coupons": [True]}, "coupons[0]"),
    ],
)
def test_what_does_not_fit_a_coupon_is_named(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        answer("coupon", **{"base_cny": "300.00", "paid_at": VALID, "coupons": [], **asked})
    assert field in refused.value.fields


def test_the_answer_says_why() -> None:
    told = answer("freight-offer", offer="charter", at=NOON, base_cny="700.00")
    assert told["why"]["rule"]["id"] == "F8"
    texts = [child["text"] for child in told["why"]["children"]]
    assert texts[0] == "Base freight ¥700.00, less than ¥760.00"
