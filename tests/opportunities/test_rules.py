"""Waiting at its edges to the second, prices beside the list price, and the numbers of the market itself."""

from datetime import UTC, datetime, timedelta

import pytest

from august.market.demand import along
from august.market.seeds import market_numbers
from august.opportunities import habits
from august.opportunities.rules import (
    HOUR,
    at_value,
    limit_span,
    margin,
    signed_percent,
    spell,
    waiting_for_buyer,
    waiting_for_store,
)
from august.settings import SEEDS

NOW = datetime(2022, 8, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "tone", "label"),
    [
        (0, "good", "in good time"),
        (6 * HOUR, "good", "in good time"),
        (6 * HOUR + 1, "", "answer today"),
        (24 * HOUR, "", "answer today"),
        (24 * HOUR + 1, "middle", "past the reply target"),
        (30 * HOUR - 1, "middle", "past the reply target"),
        (30 * HOUR, "bad", "may leave at any time"),
        (400 * HOUR, "bad", "may leave at any time"),
    ],
)
def test_the_store_is_waited_for(seconds: int, tone: str, label: str) -> None:
    last = NOW - timedelta(seconds=seconds)
    found = waiting_for_store(NOW, last, (30, 96), 6, 24)
    assert (found.tone, found.label.english()) == (tone, label)
    # Whoever may have left already is still here: no instant lies in the past.
    assert found.earliest == max(NOW, last + timedelta(hours=30))
    assert found.latest == max(NOW, last + timedelta(hours=96))


def test_the_buyer_is_waited_for() -> None:
    found = waiting_for_buyer(NOW, NOW - timedelta(hours=2), (1, 16))
    assert found.label.english() == "answers in 1 to 16 hours"
    assert (found.hours, found.earliest, found.latest) == (2.0, NOW, NOW + timedelta(hours=14))


@pytest.mark.parametrize(
    ("hours", "text"),
    [(0, "0 min"), (0.99, "59 min"), (1, "1 h"), (71.96, "72.0 h"), (72, "3.0 days"), (100, "4.2 days")],
)
def test_spans_are_spelled(hours: float, text: str) -> None:
    assert spell(hours).english() == text


@pytest.mark.parametrize(
    ("quote", "listed", "percent", "total", "difference"),
    [
        (95_00, 100_00, "-5.0%", 950_00, -50_00),
        (100_00, 100_00, "±0.0%", 1000_00, 0),
        (100_05, 100_00, "+0.1%", 1000_50, 50),
        (100_04, 100_00, "±0.0%", 1000_40, 40),
        (1, 100_00, "-100.0%", 10, -99_990),
        (50_00, 0, "±0.0%", 500_00, 0),
    ],
)
def test_a_quote_beside_the_list_price(
    quote: int, listed: int, percent: str, total: int, difference: int
) -> None:
    found = margin(quote, listed, 10)
    assert (found.percent, found.total_cents, found.total_difference_cents) == (percent, total, difference)


def test_percent_has_its_sign() -> None:
    assert [signed_percent(each) for each in (-61, -1, 0, 9, 1040)] == [
        "-6.1%", "-0.1%", "±0.0%", "+0.9%", "+104.0%",
    ]  # fmt: skip


def test_the_highest_price_lies_between() -> None:
    assert limit_span(100_00, 1.04, 0.2, 0.5) == (94_00, 104_00)
    assert limit_span(100_00, 1.04, 0.2, 0.0) == (104_00, 104_00)
    assert limit_span(0, 1.04, 0.2, 0.5) == (1, 1)


def test_the_numbers_told_are_those_of_the_market() -> None:
    told, (demand, _) = habits.standing(), market_numbers(SEEDS)
    deals = demand.deals
    assert (told.deals.patience, told.deals.agreed_patience) == (deals.patience, deals.agreed_patience)
    assert (told.deals.answer, told.deals.reply, told.deals.intent) == (
        deals.answer,
        deals.reply,
        deals.intent,
    )
    assert (told.deals.top, told.deals.span, told.deals.rounds) == (deals.top, deals.span, deals.rounds)
    (asking,) = (each.curve for each in demand.factors if each.column == "reply_hours")
    assert told.asking_by_reply == asking
    assert told.deals.quick == 6


@pytest.mark.parametrize("hours", [0.0, 0.5, 1.7, 6.0, 20.0, 96.0, 500.0])
def test_curves_are_read_as_the_market_reads_them(hours: float) -> None:
    curve = habits.standing().deals.reply
    assert at_value(curve, hours) == pytest.approx(along(curve, hours), abs=1e-12)
