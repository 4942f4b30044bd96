"""The to-dos: what shows, how urgent it is one second before, at and after its threshold, in which order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from august.home.rules import KINDS, Queue, attention, span

NOW = datetime(2022, 8, 25, 2, tzinfo=UTC)
PAGES = frozenset({"/inquiries", "/orders", "/disputes", "/reviews", "/products", "/messages", "/benefits"})
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
NOBODY: dict[str, str] = {}


def tone(key: str, queue: Queue) -> str:
    (line,) = attention({key: queue}, NOW, PAGES, NOBODY)
    return line.tone


@pytest.mark.parametrize(
    ("key", "waited", "told"),
    [
        ("inquiries", 24 * HOUR - SECOND, "middle"),
        ("inquiries", 24 * HOUR, "bad"),
        ("inquiries", 24 * HOUR + SECOND, "bad"),
        ("deals", 48 * HOUR - SECOND, "middle"),
        ("deals", 48 * HOUR, "bad"),
        ("late", SECOND, "bad"),
        ("balances", 40 * DAY, "plain"),
    ],
)
def test_what_waits_becomes_urgent(key: str, waited: timedelta, told: str) -> None:
    assert tone(key, Queue(1, since=NOW - waited)) == told


@pytest.mark.parametrize(
    ("key", "left", "told"),
    [
        ("disputes", 2 * DAY + SECOND, "middle"),
        ("benefits", 3 * DAY + SECOND, "middle"),
        ("benefits", 3 * DAY, "bad"),
        ("benefits", 3 * DAY - SECOND, "bad"),
        ("disputes", 2 * DAY, "bad"),
        ("disputes", 2 * DAY - SECOND, "bad"),
        ("confirm", DAY + SECOND, "middle"),
        ("confirm", DAY, "bad"),
        ("confirm", DAY - SECOND, "bad"),
        ("soon", SECOND, "middle"),
        ("invite_today", SECOND, "middle"),
        ("invite", SECOND, "plain"),
    ],
)
def test_what_runs_out_becomes_urgent(key: str, left: timedelta, told: str) -> None:
    assert tone(key, Queue(1, until=NOW + left)) == told


def test_the_most_urgent_comes_first() -> None:
    everything = {kind.key: Queue(1) for kind in KINDS} | {
        "inquiries": Queue(2, since=NOW - 30 * HOUR),
        "disputes": Queue(1, until=NOW + 3 * DAY),
    }
    lines = attention(everything, NOW, PAGES, NOBODY)
    assert [line.key for line in lines] == [
        "late",
        "inquiries",
        "disputes",
        "deals",
        "confirm",
        "soon",
        "benefits",
        "invite_today",
        "red",
        "invite",
        "amber",
        "drafts",
        "balances",
        "news",
    ]
    assert [line.tone for line in lines] == ["bad"] * 2 + ["middle"] * 7 + ["plain"] * 5


def test_nothing_that_is_not_there_and_nothing_without_its_page() -> None:
    queues = {"inquiries": Queue(3, since=NOW), "late": Queue(0), "news": Queue(1)}
    assert [line.key for line in attention(queues, NOW, PAGES, NOBODY)] == ["inquiries", "news"]
    assert [line.key for line in attention(queues, NOW, {"/messages"}, NOBODY)] == ["news"]
    assert attention({}, NOW, PAGES, NOBODY) == ()


def test_what_the_autopilot_does_is_never_urgent_and_comes_last() -> None:
    queues = {"late": Queue(1, since=NOW - DAY), "drafts": Queue(1)}
    lines = attention(queues, NOW, PAGES, {"ship": "careless"})
    assert [(line.key, line.tone, line.pilot) for line in lines] == [
        ("drafts", "plain", None),
        ("late", "plain", "careless"),
    ]


def test_a_line_says_count_and_time() -> None:
    (line,) = attention({"inquiries": Queue(4, since=NOW - 26 * HOUR)}, NOW, PAGES, NOBODY)
    assert line.text.english() == "Inquiries waiting for your answer: 4"
    assert line.waiting is not None
    assert line.waiting.english() == "the oldest has waited 26 h"
    assert line.path == "/inquiries?state=open&turn=seller"
    assert line.left is None


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (-HOUR, "0 min"),
        (59 * SECOND, "0 min"),
        (HOUR - SECOND, "59 min"),
        (HOUR, "1 h"),
        (48 * HOUR - SECOND, "47 h"),
        (48 * HOUR, "2 days"),
        (3 * DAY - SECOND, "2 days"),
        (30 * DAY, "30 days"),
    ],
)
def test_times_in_words(time: Any, said: str) -> None:
    assert span(time).english() == said
