"""Prices, first and final payments: exact to the cent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.catalog import lines
from august.catalog.freight import OpenLine
from august.trade.drafts import Deal, drafted
from august.trade.quotes import first_payment, lead_time, quote, unit_price

TIERS = [{"quantity": 10, "cents": 500}, {"quantity": 100, "cents": 450}, {"quantity": 500, "cents": 399}]
PRODUCT: dict[str, Any] = {
    "tiers": TIERS,
    "price_cents": 500,
    "lead_times": [{"up_to": 50, "days": 7}, {"up_to": 200, "days": 15}],
    "package_mm": {"l": 300, "w": 200, "h": 100},
    "weight_g": 1_500,
    "delivery_by": True,
}
EXPRESS = (OpenLine("express_standard", frozenset({"US"}), delivery_by=True),)
BOOK = lines.standing()


@pytest.mark.parametrize(
    ("quantity", "cents"), [(1, 500), (9, 500), (10, 500), (99, 500), (100, 450), (499, 450), (500, 399)]
)
def test_the_last_tier_reached_is_the_price(quantity: int, cents: int) -> None:
    assert unit_price(TIERS, 777, quantity) == cents
    assert unit_price([], 777, quantity) == 777


@pytest.mark.parametrize(("quantity", "days"), [(1, 7), (50, 7), (51, 15), (200, 15), (201, 30)])
def test_lead_time_by_quantity(quantity: int, days: int) -> None:
    assert lead_time(PRODUCT["lead_times"], quantity) == days
    assert lead_time([], quantity) == 30


def test_a_quote_adds_goods_and_freight() -> None:
    found = quote(PRODUCT, 10, "US", EXPRESS, BOOK)
    # 10 pieces of 1.5 kg: 15 kg actual, 12 kg volumetric at divisor 5000.
    assert (found.unit_cents, found.goods_cents, found.freight_cents) == (500, 5_000, 1_900 + 15 * 760)
    assert (found.total_cents, found.lead_days) == (18_300, 7)
    assert (found.line, found.way_days, found.promised_days) == ("express_standard", (5, 9), 12)


def test_an_agreed_price_replaces_the_list_price() -> None:
    found = quote(PRODUCT, 100, "US", (), BOOK, 123)
    assert (found.list_cents, found.unit_cents, found.goods_cents, found.freight_cents) == (
        450,
        123,
        12_300,
        0,
    )
    assert (found.line, found.way_days, found.promised_days) == (None, None, None)


def test_no_line_of_ours_goes_there() -> None:
    assert quote(PRODUCT, 10, "GB", EXPRESS, BOOK).line is None
    assert quote(PRODUCT | {"weight_g": None}, 10, "US", EXPRESS, BOOK).line is None


@pytest.mark.parametrize(
    ("total", "first"), [(1, 1), (2, 1), (100, 30), (101, 30), (105, 32), (115, 35), (10_001, 3_000)]
)
def test_the_first_payment_is_rounded_half_up_and_never_nothing(total: int, first: int) -> None:
    assert first_payment(total, "before_shipment", 30) == first
    assert first_payment(total, "oa", 30) == first
    assert first_payment(total, "full", 30) == total


@given(
    quantity=st.integers(1, 10_000_000),
    unit=st.integers(1, 1_000_000_000),
    terms=st.sampled_from(["full", "before_shipment", "oa"]),
    percent=st.integers(1, 99),
)
def test_first_and_final_payment_make_the_total(quantity: int, unit: int, terms: str, percent: int) -> None:
    offer = quote(PRODUCT, quantity, "US", EXPRESS, BOOK, unit)
    deal = Deal("rts", "US", quantity, "ta", "self", "none", terms, None, percent)
    row = drafted({"merchant_id": 1, "buyer_id": 2, "product_id": 3, "luck": 4}, deal, offer, 0)
    assert row["goods_cents"] == quantity * unit
    assert row["total_cents"] == row["goods_cents"] + row["freight_cents"] < 2**63
    final = row["total_cents"] - row["first_cents"]
    assert 1 <= row["first_cents"] <= row["total_cents"]
    assert (final == 0) is (terms == "full" or row["total_cents"] == row["first_cents"])
    if terms != "full":
        # Half up to the cent, but never nothing.
        off = 100 * row["first_cents"] - percent * row["total_cents"]
        assert -50 < off <= 50 or row["first_cents"] == 1
