"""What the rule channel shows: versions of rules as they stand at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from august.kernel.rulebook import Rulebook, RuleVersion
from august.kernel.words import N_

# State, its label and its colour, in the order of the filter.
STATES = (
    ("now", N_("in force"), "green"),
    ("later", N_("not yet in force"), "blue"),
    ("past", N_("no longer in force"), "secondary"),
)
ORIGINS = (
    ("release", N_("Release"), "orange"),
    ("decision", N_("Decision"), "purple"),
    ("assumption", N_("Assumption"), "azure"),
)
CHAPTERS = {
    "00-world": N_("World, time and money"),
    "00-opportunities": N_("Inquiries and chats"),
    "00-trade": N_("Orders"),
    "01-venue": N_("Festival venue"),
    "01-fees": N_("Service fees"),
    "01-assurance": N_("Easy Return and delivery-by"),
    "01-finance": N_("Financing and pay later"),
    "01-logistics": N_("Logistics"),
    "01-quotas": N_("Quotas of the whole platform"),
    "01-news": N_("Announcements and help"),
    "02-stars": N_("Star level"),
    "02-benefits": N_("Benefits of star levels"),
    "02-verified": N_("Verified strengths"),
    "02-showcase": N_("Showcase"),
    "04-integrity": N_("Refund disputes and liability"),
    "05-quality": N_("Quality ball"),
    "05-growth": N_("Product growth"),
    "07-reviews": N_("Reviews and ratings"),
}


@dataclass(frozen=True)
class Row:
    """A version of a rule and whether it counts now."""

    version: RuleVersion
    state: str
    numbers: Sequence[tuple[str, str]]

    @property
    def anchor(self) -> str:
        """An id for the page, also of the address that leads here."""
        return f"{self.version.id}@{self.version.version}"


@dataclass(frozen=True)
class Filter:
    """What the reader asked for; empty means all."""

    text: str = ""
    origin: str = ""
    chapter: str = ""
    state: str = ""


def rows(rulebook: Rulebook, now: datetime, wanted: Filter) -> list[Row]:
    """The versions that fit the filter, in the order of the seed files."""
    needle = wanted.text.strip().casefold()
    found = []
    for version in rulebook.all():
        row = Row(version, state(version, now), numbers(version))
        if (
            wanted.origin in ("", version.origin)
            and wanted.chapter in ("", version.chapter)
            and wanted.state in ("", row.state)
            and (not needle or needle in haystack(version))
        ):
            found.append(row)
    return found


def state(version: RuleVersion, now: datetime) -> str:
    """`now`, `later` or `past`."""
    if version.in_force(now):
        return "now"
    return "later" if version.effective_from is not None and now < version.effective_from else "past"


def path_of(rulebook: Rulebook, rule: str | None) -> str | None:
    """The rule channel at a paragraph, when some rule of this world belongs to it."""
    if rule is None:
        return None
    known = any(one.id == rule or one.id.startswith((f"{rule}-", f"{rule}.")) for one in rulebook.all())
    return f"/rules?q={rule}" if known else None


def haystack(version: RuleVersion) -> str:
    """All words of a version, folded."""
    words = (version.id, version.source, *version.title.values(), *version.text.values())
    return "\n".join(words).casefold()


def numbers(version: RuleVersion) -> list[tuple[str, str]]:
    """The data of a rule as names and readable values."""
    if version.values is None:
        return []
    told: dict[str, Any] = msgspec.to_builtins(version.values)
    return [(name.replace("_", " "), _readable(value)) for name, value in told.items()]


def _readable(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{name.replace('_', ' ')} {_readable(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_readable(part) for part in value)
    return str(value)


def chapters(rulebook: Rulebook) -> list[tuple[str, str]]:
    """The chapters that have rules, with their names."""
    found = dict.fromkeys(version.chapter for version in rulebook.all())
    return [(chapter, CHAPTERS.get(chapter, chapter)) for chapter in found]
