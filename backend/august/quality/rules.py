"""The quality score of a product: what its failed checks cost, its band, and why (Q1-Q4)."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from august.kernel.explain import Node
from august.kernel.money import divide_half_up
from august.kernel.rulebook import Rulebook, RuleValues
from august.kernel.words import N_, Phrase
from august.quality.words import CHECKS, GROUPS, MESSAGES, REMEDIES, TROUBLES

Kind = Literal["rts", "customization"]
BandName = Literal["green", "amber", "red"]
Region = Literal["mainland", "hk", "macao", "tw", "ggs"]
KINDS: tuple[Kind, ...] = ("rts", "customization")
REGIONS: tuple[Region, ...] = ("mainland", "hk", "macao", "tw", "ggs")
TENTH = 10  # hundredths of a point in a tenth


class Regions(RuleValues, frozen=True):
    """Q1: the regions whose merchants have the upgraded check."""

    regions: frozenset[Region]


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A colour of the ball, the least score in it (tenths), and whether it is certain expression."""

    name: BandName
    least: int
    certain: bool


class Bands(RuleValues, frozen=True):
    """Q2: the bands, best first."""

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        """Refuse bands that leave a score without a colour."""
        least = [band.least for band in self.bands]
        if not least or least[-1] != 0 or least != sorted(set(least), reverse=True):
            msg = "bands must go down to 0"
            raise ValueError(msg)


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A core country and its name in both languages."""

    code: str
    name: dict[str, str]


class Checks(RuleValues, frozen=True):
    """Q3: the core countries, the certainty items, and the checks counted by country."""

    core: tuple[Country, ...]
    certainty: frozenset[str]
    by_country: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse checks that do not exist and repeated countries."""
        if unknown := (self.certainty | self.by_country) - CHECKS.keys():
            msg = f"unknown check {min(unknown)}"
            raise ValueError(msg)
        if not self.core or len({country.code for country in self.core}) != len(self.core):
            msg = "the core countries must be there, each once"
            raise ValueError(msg)


class Deductions(RuleValues, frozen=True):
    """Q4: hundredths of a point per failed check and product type."""

    full: int
    rts: dict[str, int]
    customization: dict[str, int]

    def __post_init__(self) -> None:
        """Refuse checks that do not exist, and a worst product that is not worth exactly nothing."""
        for table in (self.rts, self.customization):
            if unknown := table.keys() - CHECKS.keys():
                msg = f"unknown check {min(unknown)}"
                raise ValueError(msg)
            if min(table.values()) < 0 or sum(table.values()) != self.full:
                msg = "deductions must be positive and sum to the full score"
                raise ValueError(msg)


RULES: dict[str, type[RuleValues]] = {"Q1": Regions, "Q2": Bands, "Q3": Checks, "Q4": Deductions}


class QualityRules(msgspec.Struct, frozen=True, dict=True):
    """The numbers of Q1 to Q4 as they are in force at one instant."""

    regions: frozenset[Region]
    bands: tuple[Band, ...]
    checks: Checks
    deductions: Deductions

    def table(self, kind: Kind, region: Region) -> dict[str, int]:
        """What each check of a product type deducts; the old check lacks the certainty items (Q1)."""
        table = self.deductions.rts if kind == "rts" else self.deductions.customization
        if region in self.regions:
            return table
        return {check: points for check, points in table.items() if check not in self.checks.certainty}

    @cached_property
    def core_codes(self) -> tuple[str, ...]:
        """The codes of the core countries in the order of the release."""
        return tuple(country.code for country in self.checks.core)

    @cached_property
    def core(self) -> frozenset[str]:
        """The same codes in no order."""
        return frozenset(self.core_codes)

    def names(self, codes: frozenset[str]) -> list[dict[str, str]]:
        """The names of core countries in both languages, in the order of the release."""
        return [country.name for country in self.checks.core if country.code in codes]


class QualityFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks found; `exempt` are the checks that the product's industry is spared (Q3)."""

    kind: Kind
    failed: frozenset[str] = frozenset()
    missing_freight: frozenset[str] = frozenset()
    missing_delivery_by: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()
    region: Region = "mainland"


class QualityDecision(msgspec.Struct, frozen=True):
    """Score in tenths, band, the ball's message (msgid), deductions in hundredths by check, and why."""

    score: int
    band: BandName
    certain: bool
    message: str
    deductions: dict[str, int]
    facts: QualityFacts
    rules: QualityRules

    @property
    def text(self) -> str:
        """The score as the ball shows it: ``4.1``."""
        return tenths(self.score)

    @property
    def why(self) -> Node:
        """The explanation, built when it is asked for: of many decisions only few are questioned."""
        return explain_quality(self)


def quality_rules(rulebook: Rulebook, at: datetime) -> QualityRules:
    """Collect the versions of Q1 to Q4 in force; refuses before the ball is live."""
    return QualityRules(
        regions=rulebook.values("Q1", at).regions,
        bands=rulebook.values("Q2", at).bands,
        checks=rulebook.values("Q3", at),
        deductions=rulebook.values("Q4", at),
    )


def tenths(score: int) -> str:
    """Write tenths with their decimal."""
    return f"{score // 10}.{score % 10}"


def missing(facts: QualityFacts, check: str, rules: QualityRules) -> frozenset[str]:
    """The core countries a check by country fails for; failed without any named means all of them."""
    named = facts.missing_freight if check == "freight_core_ten" else facts.missing_delivery_by
    lacking = named & rules.core
    return rules.core if check in facts.failed and not lacking else lacking


def shares(facts: QualityFacts, rules: QualityRules) -> dict[str, int]:
    """How much of each check fails, in core countries: all of them for a plain failed check (Q4)."""
    whole = len(rules.checks.core)
    found = {}
    for check in CHECKS:
        if check in facts.exempt:
            found[check] = 0
        elif check in rules.checks.by_country:
            found[check] = len(missing(facts, check, rules))
        else:
            found[check] = whole if check in facts.failed else 0
    return found


def judge_quality(facts: QualityFacts, rules: QualityRules) -> QualityDecision:
    """Judge one product: 5.0 less every deduction, rounded half up to one decimal once (Q4), banded (Q2)."""
    whole = len(rules.checks.core)
    table = rules.table(facts.kind, facts.region)
    parts = shares(facts, rules)
    lost = sum(points * parts[check] for check, points in table.items())
    score = divide_half_up(max(0, rules.deductions.full * whole - lost), TENTH * whole)
    band = next(band for band in rules.bands if score >= band.least)
    # Q1: the old check knows no certain expression.
    certain = band.certain and facts.region in rules.regions
    message = MESSAGES[band.name] if facts.region in rules.regions else MESSAGES[f"old_{band.name}"]
    taken = {check: divide_half_up(points * parts[check], whole) for check, points in table.items()}
    return QualityDecision(score, band.name, certain, message, taken, facts, rules)


def explain_quality(decision: QualityDecision) -> Node:
    """Tell how a decision came about: region, every check in its group, the sum, the band (Q1-Q4)."""
    facts, rules, score = decision.facts, decision.rules, decision.score
    whole = len(rules.checks.core)
    parts = shares(facts, rules)
    lost = sum(points * parts[check] for check, points in rules.table(facts.kind, facts.region).items())
    full = tenths(rules.deductions.full // TENTH)
    return Node(
        N_("Quality score {score} of {full}: {message}"),
        {"score": decision.text, "full": full, "message": Phrase(decision.message)},
        rule="Q2",
        children=(
            _region(facts, rules),
            *_groups(facts, rules, parts),
            _sum(rules.deductions.full, lost, whole, score),
            _band(score, rules.bands),
        ),
        outcome="ok" if decision.band == rules.bands[0].name else "bad",
    )


def losses(
    kinds: npt.NDArray[np.integer],
    upgraded: npt.NDArray[np.bool_],
    failing: npt.NDArray[np.integer],
    rules: QualityRules,
) -> npt.NDArray[np.int64]:
    """What each check of n products deducts, (n, checks) in hundredths times the number of core countries.

    `kinds` (n,) indexes KINDS, `upgraded` (n,) says whether Q1 holds for the merchant, and
    `failing` (n, checks) holds `shares` in the order of CHECKS.
    """
    # Any region outside Q1 stands for all of them.
    tables = [[rules.table(kind, _region_of(rules, live=live)) for live in (False, True)] for kind in KINDS]
    points = np.array([[[table.get(check, 0) for check in CHECKS] for table in pair] for pair in tables])
    return np.asarray(points[kinds, upgraded.astype(np.int64)] * failing, dtype=np.int64)


def scores(lost: npt.NDArray[np.int64], rules: QualityRules) -> npt.NDArray[np.int64]:
    """Scores in tenths of the rows of `losses`, equal to `judge_quality` one by one."""
    whole = len(rules.checks.core)
    left = np.maximum(0, rules.deductions.full * whole - lost.sum(axis=1))
    return np.asarray((2 * left + TENTH * whole) // (2 * TENTH * whole), dtype=np.int64)


def failed_checks(lost: npt.NDArray[np.int64], rules: QualityRules) -> list[list[str]]:
    """The checks of each row of `losses` that deduct something after rounding, in the order of the ball."""
    names = list(CHECKS)
    found: list[list[str]] = [[] for _ in lost]
    rows, columns = np.nonzero(2 * lost >= len(rules.checks.core))
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        found[row].append(names[column])
    return found


def _region_of(rules: QualityRules, *, live: bool) -> Region:
    return next((region for region in REGIONS if (region in rules.regions) == live), REGIONS[0])


def _region(facts: QualityFacts, rules: QualityRules) -> Node:
    if facts.region in rules.regions:
        return Node(N_("The upgraded check with its certainty items applies."), rule="Q1", outcome="note")
    return Node(
        N_("The old check applies: certainty items are not asked of merchants outside mainland China."),
        rule="Q1",
        outcome="note",
    )


def _groups(facts: QualityFacts, rules: QualityRules, parts: Mapping[str, int]) -> list[Node]:
    nodes = []
    table = rules.table(facts.kind, facts.region)
    for group, label in GROUPS.items():
        checks = [check for check in table if CHECKS[check] == group]
        lines = tuple(_check(check, parts[check], facts, rules, table[check]) for check in checks)
        if lines:
            bad = any(line.outcome == "bad" for line in lines)
            nodes.append(Node(label, rule="Q3", children=lines, outcome="bad" if bad else "ok"))
    return nodes


def _check(check: str, share: int, facts: QualityFacts, rules: QualityRules, points: int) -> Node:
    """One check as the ball lists it, certainty items marked; `share` of it fails, in core countries."""
    words = TROUBLES[check]
    star = "*" if check in rules.checks.certainty else ""
    if check in facts.exempt:
        return Node(
            N_("{star}{check}: not asked of this industry"),
            {"star": star, "check": Phrase(words.name)},
            rule="Q3",
            outcome="note",
        )
    if not share:
        return Node(
            N_("{star}{check}: fine"), {"star": star, "check": Phrase(words.name)}, rule="Q3", outcome="ok"
        )
    whole = len(rules.checks.core)
    lost = divide_half_up(points * share, whole)
    params: dict[str, Any] = {"star": star, "points": hundredths(lost)}
    if check in rules.checks.by_country:
        params |= {
            "trouble": Phrase(words.trouble, {"countries": rules.names(missing(facts, check, rules))}),
            "most": hundredths(points),
            "missing": share,
            "all": whole,
        }
        text = N_("{star}{trouble}: {missing} of {all} countries, -{points} of {most}")
        return Node(text, params, rule="Q4", outcome="bad", remedy=REMEDIES[check])
    params["trouble"] = Phrase(words.trouble)
    return Node(N_("{star}{trouble}: -{points}"), params, rule="Q4", outcome="bad", remedy=REMEDIES[check])


def _sum(full: int, lost: int, whole: int, score: int) -> Node:
    taken = hundredths(divide_half_up(lost, whole))
    params = {"full": hundredths(full), "lost": taken, "score": tenths(score)}
    return Node(N_("{full} - {lost} = {score}, rounded half up to one decimal"), params, rule="Q4")


def _band(score: int, bands: tuple[Band, ...]) -> Node:
    index = next(index for index, band in enumerate(bands) if score >= band.least)
    band = bands[index]
    colour = Phrase(COLOURS[band.name])
    params: dict[str, Any] = {"score": tenths(score), "least": tenths(band.least), "colour": colour}
    if index == 0:
        return Node(N_("{score} is at least {least}: {colour}"), params, rule="Q2", outcome="ok")
    params["next"] = tenths(bands[index - 1].least)
    text = N_("{score} is at least {least} and below {next}: {colour}")
    return Node(text, params, rule="Q2", outcome="bad")


def hundredths(points: int) -> str:
    """Write hundredths of a point with their decimals."""
    return f"{points // 100}.{points % 100:02d}"


COLOURS = {"green": N_("green"), "amber": N_("amber"), "red": N_("red")}
