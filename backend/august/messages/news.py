"""The announcements that have appeared so far (F11): what pages, JSON and the help search read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from august.kernel.clock import beijing
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.messages import announcements
from august.messages.announcements import Announcement, Span
from august.messages.models import Announced
from august.web.i18n import fill, say
from august.web.tables import Listing

FILTERS = ("month", "kind", "topic", "q")
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True)
class Article:
    """An announcement that has appeared, with what it was filled with."""

    one: Announcement
    at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def month(self) -> date:
        """The month it is filed under, in Beijing."""
        return beijing(self.at).date().replace(day=1)

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return fill(say(self.one.title), self.params)

    @property
    def paragraphs(self) -> list[str]:
        """The text in the reader's language."""
        return [part.strip() for part in fill(say(self.one.text), self.params).split("\n\n") if part.strip()]


def articles(ctx: Context) -> list[Article]:
    """Everything announced up to now, the newest first; one statement.

    What is dated follows from the clock alone, so that a rewound world has not said it yet.
    """
    known = announcements.standing()
    found = [Article(one, one.at) for one in known.values() if one.at is not None and one.at <= ctx.now]
    made = select(Announced).order_by(Announced.at, Announced.code)
    found += [
        Article(known[row.code], row.at, row.params) for row in ctx.session.scalars(made) if row.code in known
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def article(found: Sequence[Article], code: str) -> Article:
    """One of those that have appeared; a refusal for what is not there, or not yet."""
    wanted = next((each for each in found if each.one.id == code), None)
    if wanted is None:
        raise Refusal(
            "news.unknown",
            N_("There is no such announcement."),
            status=404,
            rules=("F11",),
            remedy=N_("Look it up in the list of enterprise announcements."),
        )
    return wanted


def chosen(found: Sequence[Article], asked: Listing) -> list[Article]:
    """Those that the filters of the address let through."""
    month, kind, topic, words = (asked.get(name) for name in FILTERS)
    needles = words.casefold().split()
    return [
        each
        for each in found
        if month in ("", f"{each.month:%Y-%m}")
        and kind in ("", each.one.kind)
        and topic in ("", each.one.topic)
        and all(needle in _haystack(each) for needle in needles)
    ]


def _haystack(each: Article) -> str:
    texts = (*each.one.title.values(), *each.one.text.values())
    return "\n".join(fill(text, each.params) for text in texts).casefold()


def countdown(span: Span, now: datetime) -> Phrase | None:
    """How long until a window opens, or how long it stays open; None of one that is over."""
    state = span.state(now)
    if state == "over":
        return None
    if state == "coming" and span.start is not None:
        return Phrase(N_("begins in {time}"), {"time": _span_of(span.start, now)})
    return Phrase(N_("{time} left"), {"time": _span_of(span.end, now)})


def _span_of(at: datetime, now: datetime) -> Phrase:
    """The two largest units of a time to come, rounded down."""
    seconds = int((at - now).total_seconds())
    if seconds >= DAY:
        return Phrase(N_("{days} d {hours} h"), {"days": seconds // DAY, "hours": seconds % DAY // HOUR})
    return Phrase(
        N_("{hours} h {minutes} min"), {"hours": seconds // HOUR, "minutes": seconds % HOUR // MINUTE}
    )
