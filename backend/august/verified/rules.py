"""Who may have what verified, and what a review finds, all pure (S3-access, S3-review, S3-cases)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from august.kernel.explain import Node, money
from august.kernel.rulebook import RuleValues
from august.kernel.words import N_, Phrase

PROFESSIONAL = ("trademark", "fortune500", "aeo", "oem")
SERVICES = ("overseas_after_sales", "models_3d", "software_copyright", "overseas_stock")
KINDS = ("export", *PROFESSIONAL, *SERVICES, "engineering")
STATES = ("submitted", "verified", "rejected", "withdrawn")
# Where the platform lists a proof: its class of S3.
CLASSES: Mapping[str, tuple[str, ...]] = {
    "export": ("export",),
    "professional": PROFESSIONAL,
    "service": (*SERVICES, "engineering"),
}
DOCUMENTS = "documents"
PLAIN: Mapping[str, str] = {
    "text": N_("at least {least} characters"),
    "date": N_("after the day of the review"),
    "country": N_("any country"),
}
AGAIN = N_("Apply again with what was missing: a rejection has no other consequence.")
OTHER = N_("The main industry is the one with most products on sale: choose another proof.")
Sort = Literal["money", "number", "text", "year", "date", "choice", "country"]
Value = int | str | None


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing an application states, and when the review accepts it.

    `least` and `most` bound cents, numbers, or a text's characters; `most` of a year is how long ago at most.
    """

    name: str
    sort: Sort
    least: int = 0
    most: int | None = None
    options: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The review of a kind: how many Pacific days it takes, what it asks, how many documents it wants."""

    name: str
    title: dict[str, str]
    days: int
    documents: int
    asks: tuple[Ask, ...]


class AccessRules(RuleValues, frozen=True):
    """The numbers of rule S3-access; a kind without industries is open to all."""

    membership: str
    industries: dict[str, tuple[str, ...]]


class ReviewRules(RuleValues, frozen=True):
    """The numbers of rule S3-review; kinds in `renewable` may be applied for while verified."""

    files_most: int
    text_most: int
    renewable: tuple[str, ...]
    kinds: tuple[Review, ...]

    def __post_init__(self) -> None:
        """Refuse a list of kinds that is not exactly ours."""
        if sorted(each.name for each in self.kinds) != sorted(KINDS):
            msg = "every kind of proof has its review, once"
            raise ValueError(msg)

    def of(self, kind: str) -> Review:
        """The review of a kind."""
        return next(each for each in self.kinds if each.name == kind)


class CaseRules(RuleValues, frozen=True):
    """The numbers of rule S3-cases."""

    title_most: int
    description_least: int
    description_most: int
    pictures_least: int
    pictures_most: int


RULES: dict[str, type[RuleValues]] = {
    "S3-access": AccessRules,
    "S3-review": ReviewRules,
    "S3-cases": CaseRules,
}


class Standing(msgspec.Struct, frozen=True):
    """What access depends on: the membership, whether it is in service, the main first-level industry."""

    membership: str
    in_service: bool
    industry: str


class Condition(msgspec.Struct, frozen=True):
    """One condition of access, whether it is met, and why."""

    name: str
    met: bool
    why: Node


def main_industry(counts: Mapping[str, int], declared: str) -> str:
    """The industry with most products on sale; among equals, and without any, the declared one first."""
    most = max(counts.values(), default=0)
    best = sorted(code for code, count in counts.items() if count == most and count)
    return declared if not best or declared in best else best[0]


def conditions(
    kind: str, store: Standing, rules: AccessRules, names: Mapping[str, Any]
) -> tuple[Condition, ...]:
    """What a store must be to apply for a kind; `names` are the industries' in both languages."""
    member = store.membership == rules.membership
    found = [
        Condition(
            "membership",
            member,
            Node(
                N_("The store is a Verified supplier") if member else N_("The store is no Verified supplier"),
                rule="S3-access",
                outcome="ok" if member else "bad",
                remedy=None if member else N_("Upgrade the membership to Verified."),
            ),
        ),
        Condition(
            "in_service",
            store.in_service,
            Node(
                N_("The membership is in service")
                if store.in_service
                else N_("The membership has run out of service"),
                rule="S3-access",
                outcome="ok" if store.in_service else "bad",
                remedy=None if store.in_service else N_("Renew the membership."),
            ),
        ),
    ]
    if kind in rules.industries:
        found.append(_industry(store.industry, rules.industries[kind], names))
    return tuple(found)


def _industry(industry: str, open_to: Sequence[str], names: Mapping[str, Any]) -> Condition:
    met = industry in open_to
    why = Node(
        N_("Main industry {industry}; open to {industries}"),
        {"industry": names[industry], "industries": [names[each] for each in open_to]},
        rule="S3-access",
        outcome="ok" if met else "bad",
        remedy=None if met else OTHER,
    )
    return Condition("industry", met, why)


class Finding(msgspec.Struct, frozen=True):
    """What the review found about one thing: whether it is accepted, and what there was."""

    name: str
    passed: bool
    have: Value


def review(rules: Review, details: Mapping[str, Value], documents: int, today: date) -> list[Finding]:
    """The findings of a review; nothing but them decides (S3-review)."""
    found = [_finding(ask, details.get(ask.name), today) for ask in rules.asks]
    return [*found, Finding(DOCUMENTS, documents >= rules.documents, documents)]


def _finding(ask: Ask, value: Value, today: date) -> Finding:
    if value is None or value == "":
        return Finding(ask.name, passed=False, have=None)
    if ask.sort == "text":
        length = len(str(value))
        return Finding(ask.name, length >= ask.least, length)
    if ask.sort == "date":
        return Finding(ask.name, date.fromisoformat(str(value)) > today, value)
    if ask.sort == "choice":
        return Finding(ask.name, value in (ask.accepted or ask.options), value)
    if ask.sort == "country":
        return Finding(ask.name, passed=True, have=value)
    low, high = ask.least, ask.most
    if ask.sort == "year":
        low, high = years(ask, today)
    number = int(value)
    return Finding(ask.name, low <= number and (high is None or number <= high), number)


def years(ask: Ask, today: date) -> tuple[int, int]:
    """The first and last year that are accepted: complete ones, not longer ago than `most`."""
    return today.year - (ask.most or 1), today.year - 1


def accepted(findings: Sequence[Finding]) -> bool:
    """Whether the review verifies: every criterion is met."""
    return bool(findings) and all(each.passed for each in findings)


def explain(rules: Review, findings: Sequence[Finding], today: date, words: Mapping[str, Any]) -> Node:
    """The verdict and each criterion under it; `words` are what names, options and countries are called."""
    missed = sum(not each.passed for each in findings)
    asks = {ask.name: ask for ask in rules.asks}
    lines = tuple(
        _line(asks.get(each.name), each, rules, today, words)
        for each in findings
        if each.name in asks or each.name == DOCUMENTS
    )
    if missed:
        text, params = N_("Rejected: {missed} of {count} criteria are not met"), {"missed": missed}
    else:
        text, params = N_("Verified: all {count} criteria are met"), {}
    return Node(
        text,
        {"count": len(findings), **params},
        rule="S3-review",
        children=lines,
        outcome="bad" if missed else "ok",
        remedy=AGAIN if missed else None,
    )


def _line(ask: Ask | None, found: Finding, rules: Review, today: date, words: Mapping[str, Any]) -> Node:
    outcome: Literal["ok", "bad"] = "ok" if found.passed else "bad"
    if ask is None:
        return Node(
            N_("Documents: {have}, at least {least}"),
            {"have": found.have or 0, "least": rules.documents},
            outcome=outcome,
            remedy=None if found.passed else N_("Add documents until there are {least}."),
        )
    text, params = wanted(ask, today, words)
    remedy = None if found.passed else N_("State it as the criterion asks.")
    if found.have is None:
        return Node(
            N_("{what}: not stated; {wanted}"),
            {"what": Phrase(words[ask.name]), "wanted": Phrase(text, params)},
            outcome=outcome,
            remedy=remedy,
        )
    told = {
        "what": Phrase(words[ask.name]),
        "have": _have(ask, found.have, words),
        "wanted": Phrase(text, params),
    }
    return Node(N_("{what}: {have}; {wanted}"), told, outcome=outcome, remedy=remedy)


def _have(ask: Ask, have: int | str, words: Mapping[str, Any]) -> Any:
    """What was stated, as a reader expects it; of a text its length."""
    match ask.sort:
        case "money":
            return money(int(have), "USD")
        case "choice":
            return Phrase(words[str(have)])
        case "country":
            return words.get(str(have), have)
        case "year":
            return str(have)
        case "text":
            return Phrase(N_("{count} characters"), {"count": int(have)})
    return have


def wanted(ask: Ask, today: date, words: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """What a criterion asks, as a sentence and its values."""
    if ask.sort == "year":
        first, last = years(ask, today)
        return N_("from {first} to {last}"), {"first": str(first), "last": str(last)}
    if ask.sort == "choice":
        names = [Phrase(words[each]) for each in ask.accepted or ask.options]
        return N_("accepted: {names}"), {"names": names}
    if ask.sort in PLAIN:
        return PLAIN[ask.sort], {"least": ask.least}
    if ask.most is not None:
        return N_("from {least} to {most}"), {"least": ask.least, "most": ask.most}
    least = money(ask.least, "USD") if ask.sort == "money" else ask.least
    return N_("at least {least}"), {"least": least}


def shown(ask: Ask, value: Value, words: Mapping[str, Any]) -> Any:
    """What was stated, whole, as a reader expects it; None for what was left out."""
    if value is None:
        return None
    return value if ask.sort == "text" else _have(ask, value, words)
