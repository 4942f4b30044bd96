"""The release as a calendar, the rules' versions and the store's own deadlines on one line of time (R3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import select

from august.integrity.models import Dispute
from august.integrity.steps import OPEN
from august.kernel.clock import BEIJING, PACIFIC, SECOND, from_local
from august.kernel.columns import from_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.plain import plain
from august.kernel.rulebook import Origin, Rulebook
from august.kernel.seeds import Document
from august.kernel.words import N_, Phrase
from august.settings import ROOT
from august.trade.models import Order
from august.trade.rules import order_terms
from august.trade.steps import due_by

Kind = Literal["window", "evaluation", "version", "deadline"]
State = Literal["late", "running", "coming", "past"]
ZONES = {"PT": PACIFIC, "BJ": BEIJING}
KINDS: Mapping[str, str] = {
    "window": N_("Window"),
    "evaluation": N_("Evaluation"),
    "version": N_("Rule version"),
    "deadline": N_("Deadline"),
}
STATES: Mapping[str, str] = {
    "late": N_("Overdue"),
    "running": N_("Running"),
    "coming": N_("Coming"),
    "past": N_("Over"),
}
MINE, RULES = "mine", "rules"
CHAPTERS: Mapping[str, str] = {
    MINE: N_("My deadlines"),
    "00-world": N_("The release"),
    "01-festival": N_("September festival"),
    "02-stars": N_("Star level"),
    "03-compliance": N_("Product control"),
    "05-quality": N_("Product quality"),
    "06-carton": N_("Selling by the carton"),
    "07-reviews": N_("Reviews and boards"),
    "08-customers": N_("Customer operation"),
    "09-self-marketing": N_("New customers"),
    "10-services": N_("Services and tools on offer"),
    RULES: N_("Versions of this world's rules"),
}
LANES: Mapping[str, str] = {
    f"{MINE}-orders": N_("My orders"),
    f"{MINE}-disputes": N_("My refund requests"),
    RULES: N_("Begin and end of versions"),
}
MOST_MINE = 200
# What an order's deadline is reckoned from.
ASKED = ("id", "state", "since", "ship_by", "shipped_at", "oa_days", "disputed")


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of timeline.yaml: unknown keys are refused."""


class SpanSeed(Strict, frozen=True):
    """A time as it is written: `PT 2022-09-01 00:00:00`; without `to` it is an instant."""

    start: str = msgspec.field(name="from")
    end: str | None = msgspec.field(name="to", default=None)


class EntrySeed(Strict, frozen=True):
    """Something with dates in the release."""

    id: str
    chapter: str
    kind: Kind
    rule: str
    origin: Origin
    source: str
    title: dict[str, str]
    spans: tuple[SpanSeed, ...]


class TimelineSeed(Strict, frozen=True):
    """The whole of timeline.yaml."""

    entries: tuple[EntrySeed, ...]


@dataclass(frozen=True)
class Item:
    """A dated thing: [start, end), or an instant without an end; `zones` are those it is written in.

    `lane` is what it shares a line with, `anchor` its own name on the page, `path` where it is read on.
    """

    lane: str
    anchor: str
    chapter: str
    kind: Kind
    title: Any
    start: datetime
    end: datetime | None
    zones: tuple[str, ...]
    origin: str | None
    source: str
    rule: str | None
    path: str | None = None

    @property
    def last(self) -> datetime:
        """The last second inside, the way the platform writes an end (T3)."""
        return self.start if self.end is None else self.end - SECOND

    def state(self, now: datetime) -> State:
        """Over, running, or still to come; an instant is over, or overdue, from its own second on."""
        if now < self.start:
            return "coming"
        if self.end is not None and now < self.end:
            return "running"
        return "late" if self.chapter == MINE else "past"

    @property
    def line(self) -> Any:
        """What the line is called that it lies on."""
        return Phrase(LANES[self.lane]) if self.lane in LANES else self.title

    def goal(self, now: datetime) -> datetime | None:
        """Where a jump leads that wants to see it: its begin, or the second after its end."""
        return {"coming": self.start, "running": self.end}.get(self.state(now))


@cache
def standing(path: Path = ROOT / "seeds" / "timeline.yaml") -> tuple[Item, ...]:
    """The dates of the release; SeedError names file and line of what is wrong."""
    document = Document(path, TimelineSeed)
    names: set[str] = set()
    items = []
    for i, entry in enumerate(document.value.entries):
        place = f"$.entries[{i}]"
        if entry.id in names:
            raise document.error(f"{place}.id", f"two entries are called {entry.id!r}")
        names.add(entry.id)
        if entry.chapter not in CHAPTERS:
            raise document.error(f"{place}.chapter", f"unknown chapter {entry.chapter!r}")
        if set(entry.title) != {"zh", "en"}:
            raise document.error(f"{place}.title", "the title must be there in zh and in en")
        for j, span in enumerate(entry.spans):
            items.append(_item(document, entry, span, f"{place}.spans[{j}]", j))
    return tuple(items)


def _item(
    document: Document[TimelineSeed], entry: EntrySeed, span: SpanSeed, place: str, number: int
) -> Item:
    start = _instant(document, f"{place}.from", span.start)
    end = None if span.end is None else _instant(document, f"{place}.to", span.end) + SECOND
    if end is not None and end <= start:
        raise document.error(f"{place}.to", f"{entry.id} ends before it begins")
    return Item(
        lane=entry.id,
        anchor=entry.id if number == 0 else f"{entry.id}-{number + 1}",
        chapter=entry.chapter,
        kind=entry.kind,
        title=entry.title,
        start=start,
        end=end,
        zones=tuple(dict.fromkeys(text[:2] for text in (span.start, span.end) if text is not None)),
        origin=entry.origin,
        source=entry.source,
        rule=entry.rule,
    )


def _instant(document: Document[TimelineSeed], place: str, text: str) -> datetime:
    zone, _, local = text.partition(" ")
    try:
        return from_local(ZONES[zone], local)
    except (KeyError, Refusal):
        raise document.error(place, f"{text!r} must look like 'PT 2022-09-01 00:00:00' or 'BJ ...'") from None


def items(ctx: Context, pages: set[str]) -> list[Item]:
    """Everything dated, in order of time; a thing leads to its page where the house has one."""
    found = [*standing(), *_versions(ctx.rulebook), *_orders(ctx, pages), *_disputes(ctx, pages)]
    return sorted(found, key=lambda item: (item.start, item.last, item.anchor))


def _versions(rulebook: Rulebook) -> list[Item]:
    """The instants at which rules of this world begin and end."""
    found = []
    for version in rulebook.all():
        edges = (("from", version.effective_from), ("to", version.effective_to))
        for name, at in edges:
            if at is None:
                continue
            words = N_("{rule} comes into force") if name == "from" else N_("{rule} ends")
            found.append(
                Item(
                    lane=RULES,
                    anchor=f"rule-{version.id}-{version.version}-{name}",
                    chapter=RULES,
                    kind="version",
                    title=Phrase(words, {"rule": version.title}),
                    start=at,
                    end=None,
                    zones=(),
                    origin=version.origin,
                    source=version.source,
                    rule=version.id,
                )
            )
    return found


def _orders(ctx: Context, pages: set[str]) -> list[Item]:
    """What the store is to ship, to confirm, or what lapses otherwise."""
    table = plain(Order)
    asked = (
        select(*(table.c[name] for name in ASKED))
        .where(
            table.c.merchant_id == ctx.merchant,
            table.c.state.in_(("asked", "drafted", "confirmed", "producing", "part_shipped")),
        )
        .order_by(table.c.id)
        .limit(MOST_MINE)
    )
    words = {
        "asked": N_("Confirm order {id}"),
        "drafted": N_("Order draft {id} lapses"),
        "confirmed": N_("Order {id} closes unpaid"),
    }
    found = []
    terms = order_terms(ctx.rulebook, ctx.now)
    for row in ctx.session.execute(asked).mappings():
        at = due_by(dict(row), terms)
        if at is not None:
            told = words.get(row["state"], N_("Ship order {id}"))
            path = f"/orders/{row['id']}" if "/orders" in pages else None
            found.append(_mine("orders", f"order-{row['id']}", told, row["id"], at, path))
    return found


def _disputes(ctx: Context, pages: set[str]) -> list[Item]:
    """Refund requests whose present step ends by itself."""
    table = plain(Dispute)
    asked = (
        select(table.c.id, table.c.state, table.c.deadline)
        .where(
            table.c.merchant_id == ctx.merchant,
            table.c.state.in_(OPEN),
            table.c.deadline.is_not(None),
        )
        .order_by(table.c.id)
        .limit(MOST_MINE)
    )
    words = {"opened": N_("Answer refund request {id}")}
    return [
        _mine(
            "disputes",
            f"dispute-{number}",
            words.get(state, N_("Refund request {id} goes to arbitration")),
            number,
            at,
            f"/disputes/{number}" if "/disputes" in pages else None,
        )
        for number, state, at in ctx.session.execute(asked)
    ]


def _mine(lane: str, anchor: str, words: str, number: int, at: int, path: str | None) -> Item:
    return Item(
        lane=f"{MINE}-{lane}",
        anchor=anchor,
        chapter=MINE,
        kind="deadline",
        title=Phrase(words, {"id": str(number)}),
        start=from_epoch(int(at)),
        end=None,
        zones=(),
        origin=None,
        source="",
        rule=None,
        path=path,
    )


def chosen(found: Sequence[Item], now: datetime, kind: str, state: str, chapter: str) -> list[Item]:
    """The items that the filters want; an empty filter wants all."""
    return [
        item
        for item in found
        if kind in ("", item.kind) and state in ("", item.state(now)) and chapter in ("", item.chapter)
    ]
