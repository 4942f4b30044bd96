"""What a store's message box holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select

from august.kernel.context import Context
from august.messages.models import Message, Read, Seen
from august.messages.words import NAMED, TABS, tab_of
from august.web.i18n import t
from august.web.tables import Listing, Page

FILTERS = ("kind", "state", "q")
# What a search looks through: words are made at reading time, so they cannot be asked of the database.
MOST_SEARCHED = 2000
NEWEST = 6


@dataclass(frozen=True)
class Line:
    """A message as its reader sees it."""

    id: int
    at: datetime
    tab: str
    text: str
    path: str | None
    unread: bool


@dataclass(frozen=True)
class Box:
    """A page of messages, the newest first, and how many lie under each tab, of which unread."""

    lines: Sequence[Line]
    page: Page
    counts: dict[str, tuple[int, int]]

    @property
    def total(self) -> int:
        """All messages."""
        return sum(count for count, _ in self.counts.values())

    @property
    def unread(self) -> int:
        """All that are not read."""
        return sum(new for _, new in self.counts.values())


def box(ctx: Context, asked: Listing) -> Box:
    """The store's own messages and those to everybody, by tab, state and words; three statements."""
    tab, state, words = (asked.get(name) for name in FILTERS)
    found = _mine(ctx).add_columns(_fresh(ctx))
    if tab in TABS:
        found = found.where(_under(tab))
    if state == "unread":
        found = found.where(_fresh(ctx))
    found = found.order_by(Message.id.desc())
    counts = _counts(ctx)
    if words:
        lines = [line for line in _lines(ctx, found.limit(MOST_SEARCHED)) if _says(line.text, words)]
        page = asked.slice_of(len(lines))
        return Box(lines[page.offset : page.offset + page.size], page, counts)
    chosen = [one for key, one in counts.items() if tab in ("", key) or tab not in TABS]
    page = asked.slice_of(sum(new if state == "unread" else count for count, new in chosen))
    return Box(_lines(ctx, found.limit(page.size).offset(page.offset)), page, counts)


def latest(ctx: Context) -> list[Line]:
    """The newest messages, for the box of the top bar."""
    found = _mine(ctx).add_columns(_fresh(ctx)).order_by(Message.id.desc())
    return _lines(ctx, found.limit(NEWEST))


def newest(ctx: Context) -> int | None:
    """The id of the latest message."""
    return ctx.session.scalar(_mine(ctx).with_only_columns(func.max(Message.id)))


def between(ctx: Context, since: datetime, until: datetime) -> int:
    """How many messages came after `since`, up to `until`."""
    came = _mine(ctx).where(Message.at > since, Message.at <= until)
    return ctx.session.scalar(came.with_only_columns(func.count(Message.id))) or 0


def unread(ctx: Context) -> int:
    """How many the store has not read."""
    newer = _mine(ctx).where(_fresh(ctx))
    return ctx.session.scalar(newer.with_only_columns(func.count(Message.id))) or 0


def _mine(ctx: Context) -> Select[Any]:
    return select(Message).where(or_(Message.merchant_id.is_(None), Message.merchant_id == ctx.merchant))


def _fresh(ctx: Context) -> ColumnElement[bool]:
    """Whether a message lies after the store's mark and was not read by itself."""
    mark = select(Read.up_to).where(Read.merchant_id == ctx.merchant).scalar_subquery()
    seen = exists().where(Seen.merchant_id == ctx.merchant, Seen.message_id == Message.id)
    return (Message.id > func.coalesce(mark, 0)) & ~seen


def _under(tab: str) -> ColumnElement[bool]:
    kinds = TABS[tab].kinds
    return Message.kind.in_(kinds) if kinds else Message.kind.not_in(NAMED)


def _counts(ctx: Context) -> dict[str, tuple[int, int]]:
    fresh = func.sum(case((_fresh(ctx), 1), else_=0))
    asked = _mine(ctx).with_only_columns(Message.kind, func.count(Message.id), fresh)
    counts = dict.fromkeys(TABS, (0, 0))
    for kind, count, new in ctx.session.execute(asked.group_by(Message.kind)):
        total, before = counts[tab_of(kind)]
        counts[tab_of(kind)] = (total + count, before + int(new))
    return counts


def _lines(ctx: Context, found: Select[Any]) -> list[Line]:
    return [
        Line(one.id, one.at, tab_of(one.kind), t(one.text, **one.params), one.path, bool(fresh))
        for one, fresh in ctx.session.execute(found)
    ]


def _says(text: str, words: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words.casefold().split())
