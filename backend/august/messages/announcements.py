"""Announcements as data (F11): when each appears, what it says, its windows, where to read on."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from august.kernel.clock import BEIJING, PACIFIC, SECOND, from_local
from august.kernel.errors import Refusal
from august.kernel.rulebook import Origin
from august.kernel.seeds import LANGUAGES, Document
from august.settings import SEEDS

Kind = Literal["onetouch", "enterprise"]
Topic = Literal["offer", "notice", "correction", "reminder", "result"]
State = Literal["coming", "running", "over"]
ZONES = {"PT": PACIFIC, "BJ": BEIJING}
Words = dict[str, str]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of announcements.yaml: unknown keys are refused."""


class SpanSeed(Strict, frozen=True):
    """A window as it is written, both seconds inside; without `from` it is a deadline."""

    what: Words
    to: str
    start: str | None = msgspec.field(name="from", default=None)


class AnnouncementSeed(Strict, frozen=True):
    """An announcement as it is written."""

    id: str
    kind: Kind
    topic: Topic
    origin: Origin
    source: str
    rules: tuple[str, ...]
    title: Words
    text: Words
    at: str | None = None
    page: str | None = None
    windows: tuple[SpanSeed, ...] = ()


class NewsSeed(Strict, frozen=True):
    """The whole of announcements.yaml."""

    announcements: tuple[AnnouncementSeed, ...]


@dataclass(frozen=True)
class Span:
    """A window or deadline of an announcement; `zones` are those that its edges are written in."""

    what: Words
    start: datetime | None
    end: datetime
    zones: tuple[str, ...]

    @property
    def last(self) -> datetime:
        """The last second inside, the way the platform writes an end (T3)."""
        return self.end - SECOND

    def state(self, now: datetime) -> State:
        """Whether it is still to come, runs, or is over."""
        if self.start is not None and now < self.start:
            return "coming"
        return "running" if now < self.end else "over"


@dataclass(frozen=True)
class Announcement:
    """An announcement; `at` is None of one that is made when it happens."""

    id: str
    at: datetime | None
    kind: Kind
    topic: Topic
    origin: Origin
    source: str
    rules: tuple[str, ...]
    page: str | None
    title: Words
    text: Words
    windows: tuple[Span, ...]


@cache
def standing(path: Path = SEEDS / "announcements.yaml") -> dict[str, Announcement]:
    """Every announcement by its id, in the order of the file; SeedError names file and line of a mistake."""
    document = Document(path, NewsSeed)
    found: dict[str, Announcement] = {}
    for i, seed in enumerate(document.value.announcements):
        place = f"$.announcements[{i}]"
        if seed.id in found:
            raise document.error(f"{place}.id", f"two announcements are called {seed.id!r}")
        for name, words in (("title", seed.title), ("text", seed.text)):
            _bilingual(document, f"{place}.{name}", words)
        found[seed.id] = Announcement(
            id=seed.id,
            at=None if seed.at is None else _instant(document, f"{place}.at", seed.at),
            kind=seed.kind,
            topic=seed.topic,
            origin=seed.origin,
            source=seed.source,
            rules=seed.rules,
            page=seed.page,
            title=seed.title,
            text=seed.text,
            windows=tuple(
                _span(document, f"{place}.windows[{j}]", span) for j, span in enumerate(seed.windows)
            ),
        )
    return found


def due(at: datetime) -> list[Announcement]:
    """What is published at exactly this instant."""
    return [one for one in standing().values() if one.at == at]


def _span(document: Document[NewsSeed], place: str, seed: SpanSeed) -> Span:
    _bilingual(document, f"{place}.what", seed.what)
    start = None if seed.start is None else _instant(document, f"{place}.from", seed.start)
    end = _instant(document, f"{place}.to", seed.to) + SECOND
    if start is not None and end <= start:
        raise document.error(f"{place}.to", "the window ends before it begins")
    written = [text[:2] for text in (seed.start, seed.to) if text is not None]
    return Span(seed.what, start, end, tuple(dict.fromkeys(written)))


def _bilingual(document: Document[NewsSeed], place: str, words: Words) -> None:
    if set(words) != set(LANGUAGES) or not all(text.strip() for text in words.values()):
        raise document.error(place, "it must be there in zh and in en, and nothing else")


def _instant(document: Document[NewsSeed], place: str, text: str) -> datetime:
    zone, _, local = text.partition(" ")
    try:
        return from_local(ZONES[zone], local)
    except (KeyError, Refusal):
        raise document.error(place, f"{text!r} must look like 'PT 2022-09-01 00:00:00' or 'BJ ...'") from None
