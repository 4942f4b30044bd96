from datetime import UTC, date, datetime, timedelta

import pytest

from august.kernel.clock import (
    BEIJING,
    PACIFIC,
    beijing,
    closed_window,
    day_start,
    day_window,
    from_local,
    last_days,
    pacific,
    parse_instant,
    pt_day,
)
from august.kernel.errors import Refusal


@pytest.mark.parametrize(
    ("local", "there"),
    [
        ("2022-08-17 00:00:00", "2022-08-17T15:00:00+08:00"),
        ("2022-08-19 23:59:59", "2022-08-20T14:59:59+08:00"),
        ("2022-10-15 00:00:00", "2022-10-15T15:00:00+08:00"),
        ("2022-11-30 23:59:59", "2022-12-01T15:59:59+08:00"),
    ],
)
def test_pacific_deadlines_of_the_release_in_beijing(local: str, there: str) -> None:
    at = from_local(PACIFIC, local)
    assert beijing(at).isoformat() == there
    assert pacific(at).strftime("%Y-%m-%d %H:%M:%S") == local
    assert at.tzinfo is UTC


def test_a_skipped_hour_is_refused_and_a_doubled_hour_means_the_first() -> None:
    with pytest.raises(Refusal) as no:
        from_local(PACIFIC, "2022-03-13 02:30:00")
    assert no.value.code == "clock.skipped"
    assert from_local(PACIFIC, "2022-11-06 01:30:00") == datetime(2022, 11, 6, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "2022-13-01", "2022-02-30T00:00:00", "0001-01-01", "9999-12-31"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    for read in (parse_instant, lambda words: from_local(BEIJING, words)):
        with pytest.raises(Refusal) as no:
            read(text)
        assert no.value.code == "clock.unreadable"


def test_an_instant_needs_its_offset_and_a_local_time_must_not_have_one() -> None:
    assert parse_instant("2022-08-25T10:00:00+08:00") == datetime(2022, 8, 25, 2, tzinfo=UTC)
    assert parse_instant("2022-08-25T02:00:00Z") == datetime(2022, 8, 25, 2, tzinfo=UTC)
    with pytest.raises(Refusal, match=r"clock\.offset_missing"):
        parse_instant("2022-08-25T10:00:00")
    with pytest.raises(Refusal, match=r"clock\.offset_unwanted"):
        from_local(BEIJING, "2022-08-25T10:00:00+08:00")


def test_a_window_holds_its_last_second_and_not_the_next() -> None:
    window = closed_window(PACIFIC, "2022-08-17 00:00:00", "2022-08-19 23:59:59")
    assert not window.contains(from_local(PACIFIC, "2022-08-16 23:59:59"))
    assert window.contains(from_local(PACIFIC, "2022-08-17 00:00:00"))
    assert window.contains(from_local(PACIFIC, "2022-08-19 23:59:59"))
    assert window.contains(from_local(PACIFIC, "2022-08-19 23:59:59") + timedelta(microseconds=999_999))
    assert not window.contains(from_local(PACIFIC, "2022-08-20 00:00:00"))
    assert window.last_second == from_local(PACIFIC, "2022-08-19 23:59:59")


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refusal, match=r"clock\.window_backwards"):
        closed_window(PACIFIC, "2022-08-19 00:00:00", "2022-08-17 00:00:00")


def test_a_statistic_day_changes_at_pacific_midnight() -> None:
    midnight = from_local(BEIJING, "2022-08-25 15:00:00")
    assert pt_day(midnight - timedelta(seconds=1)) == date(2022, 8, 24)
    assert pt_day(midnight) == date(2022, 8, 25)
    assert day_start(date(2022, 8, 25)) == midnight


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2022, 11, 5), 24), (date(2022, 11, 6), 25), (date(2022, 3, 13), 23)]
)
def test_a_day_has_the_hours_its_zone_gives_it(day: date, hours: int) -> None:
    window = day_window(day)
    assert (window.end - window.start) == timedelta(hours=hours)


def test_last_days_are_complete_and_exclude_the_day_of_evaluation() -> None:
    # At the launch it is still the 24th in Los Angeles.
    window = last_days(30, from_local(BEIJING, "2022-08-25 10:00:00"))
    assert window.start == from_local(PACIFIC, "2022-07-25 00:00:00")
    assert window.end == from_local(PACIFIC, "2022-08-24 00:00:00")
    assert not window.contains(from_local(PACIFIC, "2022-08-24 00:00:00"))
    assert window.contains(from_local(PACIFIC, "2022-08-23 23:59:59"))
    with pytest.raises(ValueError, match="0"):
        last_days(0, window.end)
