"""Where the bars, marks and months of a timeline lie in its drawing; and its months as calendars."""

from calendar import Calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from august.home.timeline import Item, State
from august.kernel.clock import UTC

WIDTH, LABELS, ROW, HEAD = 1160, 300, 24, 34
TEXT_UNITS = 42  # half-width letters that fit beside the bars
LEAST = 3.0
FIRST, LAST = date(2022, 7, 1), date(2023, 1, 31)
WEEK = 7
# A bar's height, and how far below a line's top its text stands.
BAR, TEXT = 14, 16


@dataclass(frozen=True)
class Frame:
    """The time a drawing shows, with the instants of its scale."""

    start: datetime
    end: datetime
    ticks: Sequence[tuple[datetime, str]]


@dataclass(frozen=True)
class Mark:
    """A bar, or a diamond without a width, of an item."""

    item: Item
    state: State
    x: float
    y: int
    width: float | None
    diamond: str


@dataclass(frozen=True)
class Lane:
    """A line of the drawing with its label."""

    label: str
    full: str
    y: int
    marks: Sequence[Mark]


@dataclass
class Group:
    """The lanes of a chapter under its heading."""

    title: str
    y: int
    lanes: list[Lane] = field(default_factory=list)


@dataclass(frozen=True)
class Tick:
    """A labelled instant of the scale."""

    x: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """A whole Gantt chart; `now` is the play-head, or nothing when it lies outside."""

    groups: Sequence[Group]
    ticks: Sequence[Tick]
    now: float | None
    width: int
    height: int


@dataclass(frozen=True)
class Cell:
    """A day of a calendar: what begins, ends or falls due on it."""

    day: date
    inside: bool
    today: bool
    entries: Sequence[tuple[str, Item]]


def clipped(text: str, units: int = TEXT_UNITS) -> str:
    """As much of a text as fits, a Chinese letter taking two units."""
    used = 0
    for place, letter in enumerate(text):
        used += 2 if east_asian_width(letter) in "WF" else 1
        if used > units:
            return text[: max(0, place - 1)] + "…"
    return text


def months() -> list[date]:
    """Every month that the timeline can show."""
    found = [FIRST]
    while (following := _next(found[-1])) <= LAST:
        found.append(following)
    return found


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def frame(zone: ZoneInfo, month: date | None) -> Frame:
    """All months, or one of them by the week, as they begin in a zone."""
    first, end = (FIRST, _next(months()[-1])) if month is None else (month, _next(month))
    days = months() if month is None else [first + timedelta(days=n) for n in range(0, 31, WEEK)]
    scale = [day for day in days if first <= day < end]
    pattern = "%Y-%m" if month is None else "%m-%d"
    return Frame(
        _begin(first, zone), _begin(end, zone), [(_begin(day, zone), f"{day:{pattern}}") for day in scale]
    )


def inside(items: Iterable[Item], span: Frame) -> list[Item]:
    """What touches a frame."""
    return [item for item in items if item.start < span.end and item.last >= span.start]


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def draw(
    items: Iterable[Item],
    now: datetime,
    span: Frame,
    chapters: Mapping[str, str],
    label: Callable[[Item], str],
) -> Drawing:
    """Lay the items out in a frame, chapter under chapter; what lies outside is left out.

    `label` names the line of an item.
    """
    scale = (WIDTH - LABELS) / (span.end - span.start).total_seconds()

    def across(at: datetime) -> float:
        within = min(max(at, span.start), span.end)
        return round(LABELS + (within - span.start).total_seconds() * scale, 1)

    shown = inside(items, span)
    groups: list[Group] = []
    y = HEAD
    for chapter, title in chapters.items():
        lanes: dict[str, list[Item]] = {}
        for item in shown:
            if item.chapter == chapter:
                lanes.setdefault(item.lane, []).append(item)
        if not lanes:
            continue
        group = Group(title, y)
        groups.append(group)
        y += ROW
        for members in lanes.values():
            full = label(members[0])
            marks = [_mark(item, now, across, y) for item in members]
            group.lanes.append(Lane(clipped(full), full, y, marks))
            y += ROW
    ticks = [Tick(across(at), text) for at, text in span.ticks]
    head = across(now) if span.start <= now <= span.end else None
    return Drawing(groups, ticks, head, WIDTH, y + ROW // 2)


def _mark(item: Item, now: datetime, across: Callable[[datetime], float], y: int) -> Mark:
    x = across(item.start)
    width = None if item.end is None else max(LEAST, round(across(item.end) - x, 1))
    middle = y + ROW // 2
    diamond = f"{x - 6:g},{middle:g} {x:g},{middle - 6:g} {x + 6:g},{middle:g} {x:g},{middle + 6:g}"
    return Mark(item, item.state(now), x, y + 5, width, diamond)


def weeks(items: Iterable[Item], month: date, zone: ZoneInfo, now: datetime) -> list[list[Cell]]:
    """A month in weeks from Monday: what begins (`begins`), ends (`ends`) or falls (`falls`) on each day."""
    by_day: dict[date, list[tuple[str, Item]]] = {}
    for item in items:
        first, last = item.start.astimezone(zone).date(), item.last.astimezone(zone).date()
        if item.end is None or first == last:
            by_day.setdefault(first, []).append(("falls", item))
        else:
            by_day.setdefault(first, []).append(("begins", item))
            by_day.setdefault(last, []).append(("ends", item))
    today = now.astimezone(zone).date()
    days = list(Calendar().itermonthdates(month.year, month.month))
    cells = [Cell(day, day.month == month.month, day == today, by_day.get(day, ())) for day in days]
    return [cells[place : place + WEEK] for place in range(0, len(cells), WEEK)]
