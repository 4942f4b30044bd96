"""The ledger of rule F2: the release's own cases, every edge, and what holds of any sequence of events."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from august.features import house
from august.fees.many import LABELS, Receipts, flags, label_all
from august.fees.rules import Account, Entry, Event, FeeRules, Ledger, fold
from august.kernel.clock import PACIFIC, SECOND, from_local
from august.kernel.columns import from_epoch, to_epoch
from august.market.grow import BORN

RULES: FeeRules = house().rulebook.values("F2", BORN)
START, END = RULES.window.window.start, RULES.window.window.end
LINE = RULES.threshold_cents
DAY = timedelta(days=1)


def pt(text: str) -> datetime:
    return from_local(PACIFIC, text)


def told(*steps: tuple[str, int | None] | tuple[str, int | None, dict[str, Any]]) -> list[Event]:
    """Receipts of orders, a day apart each from the first second of the window on; None cancels all."""
    events = []
    for place, (order, cents, *more) in enumerate(steps):
        at = START + place * timedelta(hours=1)
        kind: Any = "cancel" if cents is None else "receipt"
        receipt = None if cents is None else place
        event = Event(at, kind, order, receipt, cents or 0)
        events.append(replace(event, **more[0]) if more else event)
    return events


def labels(events: list[Event], *, packaged: bool = False) -> dict[str, str]:
    ledger, _ = fold(events, RULES, lambda _at: packaged)
    return {str(order): account.label for order, account in ledger.orders.items()}


def test_the_numbers_are_the_releases() -> None:
    assert (pt("2022-09-01 00:00:00"), pt("2022-09-30 23:59:59")) == (START, END - SECOND)
    assert (LINE, RULES.paid_percent) == (4_000_000, 50)
    assert RULES.ship_by.at == pt("2022-12-31 23:59:59")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # The release's own: 39,999.99 and 0.01 are both threshold, the next is discount.
        ((("a", 3_999_999), ("b", 1), ("c", 1)), "a:threshold b:threshold c:discount"),
        # 40,000.00 in one receipt is threshold, the next is discount.
        ((("a", 4_000_000), ("b", 1)), "a:threshold b:discount"),
        # Cancel 1.00: the next order is threshold again.
        ((("a", 3_999_900), ("b", 100), ("b", None), ("c", 1)), "a:threshold b:threshold c:threshold"),
        # What stays at the line exactly goes on giving discounts.
        ((("a", 4_000_000), ("b", 100), ("b", None), ("c", 1)), "a:threshold b:discount c:discount"),
        # Accumulated again, the next is discount; labels that were given stay.
        (
            (("a", 3_999_900), ("b", 100), ("c", 5), ("b", None), ("d", 95), ("e", 1)),
            "a:threshold b:threshold c:discount d:threshold e:discount",
        ),
        # F2.4: a later receipt of a threshold order changes nothing.
        ((("a", 1), ("b", 4_000_000), ("a", 1), ("a", None), ("a", 1)), "a:threshold b:threshold"),
    ],
)
def test_labels_follow_the_running_total(steps: Any, expected: str) -> None:
    assert " ".join(f"{order}:{label}" for order, label in labels(told(*steps)).items()) == expected


@pytest.mark.parametrize(
    ("total", "label"), [(LINE - 1, "threshold"), (LINE, "discount"), (LINE + 1, "discount")]
)
def test_the_line_itself(total: int, label: str) -> None:
    assert labels(told(("a", total), ("b", 1)))["b"] == label


@pytest.mark.parametrize(
    ("at", "label", "total"),
    [
        (START - SECOND, "none", 0),
        (START, "threshold", 7),
        (END - SECOND, "threshold", 7),
        (END, "none", 0),
    ],
)
def test_only_what_is_booked_inside_the_window_counts(at: datetime, label: str, total: int) -> None:
    ledger, entries = fold([Event(at, "receipt", "a", 1, 7)], RULES)
    assert (entries[0].label, entries[0].cents, ledger.total) == (label, total, total)


@pytest.mark.parametrize(
    ("at", "label", "reason"),
    [
        (START, "discount", "reached"),
        (END - SECOND, "discount", "reached"),
        (END, "none", "outside"),
    ],
)
def test_a_discount_order_is_first_paid_inside_the_window(at: datetime, label: str, reason: str) -> None:
    ledger = Ledger(RULES, total=LINE)
    entry = ledger.book(Event(at, "receipt", "b", 2, 1))
    assert (entry.label, entry.reason) == (label, reason)


@pytest.mark.parametrize(
    ("more", "below", "above", "reason"),
    [
        ({"mode": "self"}, "threshold", "discount", "reached"),
        ({"mode": "market"}, "threshold", "discount", "reached"),
        ({"mode": "onetouch"}, "threshold", "discount", "reached"),
        ({"mode": "easy"}, "threshold", "none", "easy"),
        ({"special": "TALC"}, "threshold", "none", "special"),
        ({"special": "TAPLC"}, "threshold", "none", "special"),
        ({"special": "TAOLC"}, "threshold", "none", "special"),
        ({"channel": "e_collection"}, "threshold", "discount", "reached"),
        ({"channel": "bank"}, "none", "none", "outside"),
        ({"mode": "courier"}, "none", "none", "outside"),
    ],
)
def test_what_counts_and_what_is_never_discounted(
    more: dict[str, Any], below: str, above: str, reason: str
) -> None:
    first = Ledger(RULES).book(Event(START, "receipt", "a", 1, 5, **more))
    assert first.label == below
    assert first.cents == (0 if below == "none" else 5)
    second = Ledger(RULES, total=LINE).book(Event(START, "receipt", "a", 1, 5, **more))
    assert (second.label, second.reason) == (above, reason)


def test_an_order_first_paid_before_the_window_can_only_be_a_threshold_order() -> None:
    early = Event(START - DAY, "receipt", "old", 1, 900)
    final = Event(START + DAY, "receipt", "old", 2, 100)
    reach = Event(START, "receipt", "a", 3, LINE)
    assert labels([early, final])["old"] == "threshold"
    ledger, entries = fold([early, reach, final], RULES)
    assert (ledger.orders["old"].label, entries[-1].reason, ledger.total) == (
        "none",
        "paid_before",
        LINE + 100,
    )
    # Its early payment cancelled, the next one is its first.
    gone = Event(START + timedelta(hours=1), "cancel", "old")
    assert labels([early, reach, gone, final])["old"] == "discount"


def test_a_running_package_excludes_the_discount_but_counts() -> None:
    events = told(("a", LINE - 1), ("b", 1), ("c", 1))
    assert labels(events, packaged=True) == {"a": "threshold", "b": "threshold", "c": "none"}
    # One that ended meanwhile does not help an order whose first payment came before.
    ends = START + timedelta(hours=3)
    more = [*events, Event(ends, "receipt", "c", 9, 1), Event(ends, "receipt", "d", 10, 1)]
    ledger, entries = fold(more, RULES, lambda at: at < ends)
    assert [(each.label, each.reason) for each in entries[-3:]] == [
        ("none", "package"),
        ("none", "paid_earlier"),
        ("discount", "reached"),
    ]
    assert ledger.total == LINE + 3


def test_one_receipt_is_cancelled_or_all_of_them_and_each_only_once() -> None:
    events = told(("a", 5), ("a", 7), ("a", 11))
    one = Event(START + DAY, "cancel", "a", 1)
    ledger, entries = fold([*events, one, one, Event(START + DAY, "cancel", "a"), one], RULES)
    assert [(each.receipt, each.cents, each.after) for each in entries[3:]] == [
        (1, -7, 16),
        (0, -5, 11),
        (2, -11, 0),
    ]
    assert ledger.total == 0
    assert fold([Event(START, "cancel", "nobody")], RULES)[1] == []


def test_cancelling_after_the_window_still_subtracts_what_counted_in_it() -> None:
    ledger, _ = fold([*told(("a", LINE)), Event(END + DAY, "cancel", "a")], RULES)
    assert (ledger.total, ledger.reached_at) == (0, None)
    ledger, _ = fold([Event(START - DAY, "receipt", "a", 1, 9), Event(START, "cancel", "a")], RULES)
    assert ledger.total == 0


def test_reached_at_is_the_last_rise_to_the_line() -> None:
    events = told(("a", LINE), ("a", None), ("b", LINE - 1), ("c", 1), ("d", 1))
    found = [fold(events[:count], RULES)[0].reached_at for count in range(6)]
    hours = [None if at is None else (at - START) // timedelta(hours=1) for at in found]
    assert hours == [None, 0, None, None, 3, 3]


def test_events_of_one_instant_stay_in_the_order_they_were_told() -> None:
    at = START + DAY
    first, second = Event(at, "receipt", "a", 1, LINE), Event(at, "receipt", "b", 2, 1)
    assert labels([first, second])["b"] == "discount"
    assert labels([second, first])["b"] == "threshold"


# Any sequence of events.

MODES, CHANNELS = ("onetouch", "market", "self", "easy"), ("ta", "e_collection", "bank")
SPECIALS = ("none", "none", "TALC", "TAPLC", "TAOLC")
MINUTES = st.integers(-600, 31 * 1440 + 600)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Receipts and cancellations of a store around the window, amounts around the line, in any order."""
    kinds = {
        order: (
            draw(st.sampled_from(CHANNELS)),
            draw(st.sampled_from(MODES)),
            draw(st.sampled_from(SPECIALS)),
        )
        for order in range(6)
    }
    count = draw(st.integers(1, 25))
    events: list[Event] = []
    for number in range(count):
        order = draw(st.integers(0, 5))
        at = START + timedelta(minutes=draw(MINUTES))
        booked = [each for each in events if each.kind == "receipt" and each.order == order]
        if booked and draw(st.integers(0, 3)) == 0:
            one = draw(st.sampled_from(booked))
            whole = draw(st.booleans())
            events.append(Event(max(at, one.at), "cancel", order, None if whole else one.receipt))
            continue
        cents = draw(st.sampled_from([1, 100, 999_999, 1_333_333, 2_000_000, LINE - 1, LINE]))
        channel, mode, special = kinds[order]
        events.append(Event(at, "receipt", order, number, cents, channel, mode, special))
    return sorted(events, key=lambda event: event.at)


@given(histories(), st.booleans())
@settings(max_examples=300)
def test_labels_are_permanent_totals_right_and_discounts_never_to_the_excluded(
    events: list[Event],
    packaged: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    ledger = Ledger(RULES, packaged=lambda _at: packaged)
    seen: dict[Any, str] = {}
    standing: dict[Any, int] = {}
    for event in events:
        before = ledger.total
        entries: list[Entry] = ledger.take(event)
        for entry in entries:
            assert entry.before == before
            before = entry.after
            assert entry.after == entry.before + entry.cents
            if entry.kind == "booked":
                standing[entry.receipt] = entry.cents
                if entry.fresh:
                    assert entry.label == ("threshold" if entry.before < LINE else "discount")
                    assert RULES.window.window.contains(event.at)
            else:
                assert standing.pop(entry.receipt) == -entry.cents
        assert ledger.total == sum(standing.values()) >= 0
        for order, account in ledger.orders.items():
            assert seen.get(order, "none") in {"none", account.label}
            seen[order] = account.label
        if event.kind == "receipt" and (event.mode == "easy" or event.special != "none" or packaged):
            assert ledger.orders[event.order].label != "discount"
    assert (ledger.reached_at is not None) == (ledger.total >= LINE)


@given(histories(), st.integers(0, 24), st.booleans())
def test_a_ledger_that_is_resumed_goes_on_as_if_it_had_not_stopped(
    events: list[Event],
    cut: int,
    packaged: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    whole, entries = fold(events, RULES, lambda _at: packaged)
    first, early = fold(events[:cut], RULES, lambda _at: packaged)
    resumed = Ledger(
        RULES,
        packaged=lambda _at: packaged,
        total=first.total,
        reached_at=first.reached_at,
        orders={
            order: replace(account, standing=dict(account.standing))
            for order, account in first.orders.items()
        },
    )
    late = [entry for event in events[cut:] for entry in resumed.take(event)]
    assert early + late == entries
    assert (resumed.total, resumed.reached_at) == (whole.total, whole.reached_at)


def columns(stores: list[list[Event]], packaged: list[bool]) -> tuple[Receipts, list[tuple[int, Any]]]:
    """The events of stores as columns, each order by its own number; cancellations row by row."""
    rows: list[tuple[int, int, int, int, int, str, str, str, bool]] = []
    names: dict[tuple[int, Any], int] = {}
    for store, events in enumerate(stores):
        booked: dict[Any, int] = {}
        mine: dict[Any, list[Any]] = {}
        for event in events:
            order = names.setdefault((store, event.order), len(names))
            at = to_epoch(event.at)
            kind = event.channel, event.mode, event.special, packaged[store]
            if event.kind == "receipt":
                booked[event.receipt] = len(rows)
                mine.setdefault(event.order, []).append(event.receipt)
                rows.append((store, order, at, event.cents, -1, *kind))
                continue
            chosen = mine.get(event.order, []) if event.receipt is None else [event.receipt]
            rows += [(store, order, at, 0, booked[one], *kind) for one in chosen if one in booked]
    found = list(zip(*rows, strict=True)) or [()] * 9
    numbers = [np.array(column, dtype=np.int64) for column in found[:5]]
    texts = [np.array(column, dtype=np.str_) for column in found[5:8]]
    counted, able = flags(texts[0], texts[1], texts[2], np.array(found[8], dtype=np.bool_), RULES)
    return Receipts(*numbers, counted, able), list(names)


@given(st.lists(st.tuples(histories(), st.booleans()), min_size=1, max_size=4))
@settings(max_examples=200)
def test_many_stores_at_once_come_to_the_same(drawn: list[tuple[list[Event], bool]]) -> None:
    stores = [events for events, _ in drawn]
    packaged = [bought for _, bought in drawn]
    rows, names = columns(stores, packaged)
    found = label_all(rows, RULES)
    ledgers = [fold(events, RULES, lambda _at, b=bought: b)[0] for events, bought in drawn]
    labelled = dict(zip(found.orders.tolist(), found.labels.tolist(), strict=True))
    for number, (store, order) in enumerate(names):
        if number in labelled:
            assert LABELS[labelled[number]] == ledgers[store].orders[order].label
    for store, total, reached in zip(
        found.stores.tolist(), found.totals.tolist(), found.reached_at.tolist(), strict=True
    ):
        assert total == ledgers[store].total
        assert (from_epoch(reached) if reached else None) == ledgers[store].reached_at


def test_no_receipts_at_all() -> None:
    rows, _ = columns([[]], [False])
    assert len(label_all(rows, RULES).orders) == 0
    assert Ledger(RULES, orders={"a": Account()}).reached_at is None
