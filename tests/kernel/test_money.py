import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.kernel.errors import Refusal
from august.kernel.money import amount, divide_half_up, parse_amount


@pytest.mark.parametrize(
    ("text", "cents"), [("39999.99", 3_999_999), ("0", 0), ("0.01", 1), ("12.5", 1250), ("007", 700)]
)
def test_amounts_are_read_exactly(text: str, cents: int) -> None:
    assert parse_amount(text, "price") == cents


@pytest.mark.parametrize(
    "text", ["", " 1", "-1", "+1", "1.", ".5", "1.234", "1e3", "1,000", "NaN", "١", "9" * 13, "US$1"]
)
def test_anything_else_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(Refusal) as no:
        parse_amount(text, "price_usd")
    assert no.value.code == "money.unreadable"
    assert list(no.value.fields) == ["price_usd"]
    assert no.value.status == 422


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_writing_and_reading_return_the_same_cents(cents: int) -> None:
    assert parse_amount(amount(cents), "x") == cents


def test_negative_amounts_are_written_with_one_sign() -> None:
    assert [amount(cents) for cents in (-1, -100, -12345)] == ["-0.01", "-1.00", "-123.45"]


@pytest.mark.parametrize(
    ("numerator", "denominator", "result"),
    [
        (1, 2, 1),
        (3, 2, 2),
        (5, 10, 1),
        (4, 10, 0),
        (14, 10, 1),
        (15, 10, 2),
        (-5, 10, -1),
        (-4, 10, 0),
        (5, -10, -1),
    ],
)
def test_halves_go_up(numerator: int, denominator: int, result: int) -> None:
    assert divide_half_up(numerator, denominator) == result


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        divide_half_up(1, 0)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_the_quotient_is_never_further_than_half_away(numerator: int, denominator: int) -> None:
    assert 2 * abs(divide_half_up(numerator, denominator) * denominator - numerator) <= denominator
