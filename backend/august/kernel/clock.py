"""Instants, the two business zones, windows and statistic days (T1-T4)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from august.kernel.errors import Refusal
from august.kernel.words import N_

__all__ = [
    "BEIJING",
    "PACIFIC",
    "UTC",
    "Window",
    "beijing",
    "closed_window",
    "day_start",
    "day_window",
    "from_local",
    "last_days",
    "pacific",
    "parse_instant",
    "pt_day",
    "wall_now",
]

PACIFIC = ZoneInfo("America/Los_Angeles")
BEIJING = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
# Both ends leave room for the zone arithmetic, which overflows at the edges of the calendar.
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Window(msgspec.Struct, frozen=True):
    """A half-open span of UTC instants: `start` is inside, `end` is outside (T3)."""

    start: datetime
    end: datetime

    def contains(self, at: datetime) -> bool:
        """Tell whether the instant lies inside."""
        return self.start <= at < self.end

    @property
    def last_second(self) -> datetime:
        """The last second inside, the way the platform writes an end."""
        return self.end - SECOND


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant that carries its offset; returns UTC; refuses anything else (T1)."""
    at = _read(text)
    if at.tzinfo is None:
        raise Refusal(
            "clock.offset_missing",
            N_("The instant {text} does not say its offset from UTC."),
            params={"text": text},
            rules=("T1",),
            remedy=N_("Write the offset, for example 2022-08-25T10:00:00+08:00."),
        )
    return at.astimezone(UTC)


def from_local(zone: ZoneInfo, text: str) -> datetime:
    """Read a wall-clock time of `zone`; returns UTC; of a doubled hour the first is meant (T2).

    Refuses a time with an offset and a time that the spring change of the zone skips.
    """
    naive = _read(text)
    if naive.tzinfo is not None:
        raise Refusal(
            "clock.offset_unwanted",
            N_("The local time {text} must not carry an offset."),
            params={"text": text},
            rules=("T2",),
        )
    at = naive.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != naive:
        raise Refusal(
            "clock.skipped",
            N_("The local time {text} does not exist in {zone}: the clocks were put forward over it."),
            params={"text": text, "zone": zone.key},
            rules=("T2",),
        )
    return at


def pacific(at: datetime) -> datetime:
    """The same instant on a clock in Los Angeles."""
    return _aware(at).astimezone(PACIFIC)


def beijing(at: datetime) -> datetime:
    """The same instant on a clock in Shanghai."""
    return _aware(at).astimezone(BEIJING)


def pt_day(at: datetime) -> date:
    """The statistic day an instant belongs to: a Pacific calendar day (T4)."""
    return pacific(at).date()


def day_start(day: date) -> datetime:
    """The UTC instant at which a Pacific day begins (T4)."""
    return datetime.combine(day, time(), tzinfo=PACIFIC).astimezone(UTC)


def day_window(day: date) -> Window:
    """All of one Pacific day: 23, 24 or 25 hours (T4)."""
    return Window(day_start(day), day_start(day + timedelta(days=1)))


def last_days(n: int, at: datetime) -> Window:
    """The `n` complete Pacific days before the Pacific day of `at` (T4)."""
    if n < 1:
        raise ValueError(n)
    today = pt_day(at)
    return Window(day_start(today - timedelta(days=n)), day_start(today))


def closed_window(zone: ZoneInfo, first: str, last: str) -> Window:
    """A window as the platform writes it, both seconds inside: [first, last + 1 s) (T3)."""
    start, end = from_local(zone, first), from_local(zone, last) + SECOND
    if end <= start:
        raise Refusal(
            "clock.window_backwards",
            N_("The window ends ({last}) before it begins ({first})."),
            params={"first": first, "last": last},
            rules=("T3",),
        )
    return Window(start, end)


def wall_now() -> datetime:
    """The real time, for the control plane only: worlds live by their own clock."""
    return datetime.now(UTC)  # the one place where the real clock is read


def _read(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except (ValueError, AttributeError):
        at = None
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Refusal(
            "clock.unreadable",
            N_("{text} is not a date and time."),
            params={"text": str(text)[:40]},
            rules=("T1",),
            remedy=N_("Write the date and time like 2022-08-25T10:00:00."),
        )
    return at


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(at)
    return at
