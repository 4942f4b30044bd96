"""The growth score of a product, from content, service and effect data (Q6)."""

from math import lcm
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from august.kernel.explain import Node
from august.kernel.money import divide_half_up
from august.kernel.rulebook import RuleValues
from august.kernel.words import N_, Phrase

Kind = Literal["rts", "customization"]
Band = Literal["low", "potential", "high"]
KINDS: tuple[Kind, ...] = ("rts", "customization")
WHOLE = 100


class GrowthBand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A band of the growth score and the least score in it."""

    name: Band
    least: int


class Factor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ingredient: its points by product type and the value that earns all of them."""

    name: str
    area: Literal["content", "service", "effect"]
    rts: int
    customization: int
    full: int


class GrowthRules(RuleValues, frozen=True):
    """The numbers of rule Q6-growth."""

    bands: tuple[GrowthBand, ...]
    cap_without_base: int
    factors: tuple[Factor, ...]

    def __post_init__(self) -> None:
        """Refuse weights that do not make a whole."""
        for kind in KINDS:
            if sum(weight(factor, kind) for factor in self.factors) != WHOLE:
                msg = f"the weights for {kind} do not sum to {WHOLE}"
                raise ValueError(msg)
        if any(factor.full < 1 for factor in self.factors) or self.bands[-1].least != 0:
            msg = "every factor needs a positive full value, and the last band must begin at 0"
            raise ValueError(msg)


RULES = {"Q6-growth": GrowthRules}


class GrowthFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one product on one statistic day; `base_met` is the 4.2 threshold (Q6)."""

    kind: Kind
    base_met: bool
    values: dict[str, int]


class GrowthDecision(msgspec.Struct, frozen=True):
    """Score 0 to 100, its band, and why."""

    score: int
    band: Band
    facts: GrowthFacts
    rules: GrowthRules

    @property
    def why(self) -> Node:
        """The explanation, built when it is asked for."""
        return explain_growth(self)


LABELS = {
    "quality": N_("Quality score (in tenths)"),
    "freight_countries": N_("Core countries with computable freight"),
    "delivery_by_countries": N_("Core countries with delivery-by"),
    "customization_service": N_("Customization service"),
    "sample_service": N_("Sample service"),
    "visits_30d": N_("Visits in the last 30 days"),
    "opportunities_30d": N_("Opportunities in the last 30 days"),
    "orders_30d": N_("Paid orders in the last 30 days"),
}
AREAS = {"content": N_("Content"), "service": N_("Service"), "effect": N_("Effect")}
BANDS = {
    "low": N_("low-score product"),
    "potential": N_("potential product"),
    "high": N_("high-score product"),
}


def weight(factor: Factor, kind: Kind) -> int:
    """The points of a factor for a product type."""
    return factor.rts if kind == "rts" else factor.customization


def judge_growth(facts: GrowthFacts, rules: GrowthRules) -> GrowthDecision:
    """Score one product: each factor earns its points in proportion; rounded half up once (Q6)."""
    common = _common(rules)
    raw = divide_half_up(sum(_earned(factor, facts, common) for factor in rules.factors), common)
    score = raw if facts.base_met else min(raw, rules.cap_without_base)
    band = next(band.name for band in rules.bands if score >= band.least)
    return GrowthDecision(score, band, facts, rules)


def explain_growth(decision: GrowthDecision) -> Node:
    """Tell where the points of a decision come from, area by area (Q6)."""
    facts, rules = decision.facts, decision.rules
    areas = [_area(area, facts, rules) for area in AREAS]
    if not facts.base_met:
        areas.append(
            Node(
                N_("Not a certain expression: the growth score stays at {cap} or below."),
                {"cap": rules.cap_without_base},
                rule="Q6",
                outcome="bad",
                remedy=N_("Raise the quality score to 4.2."),
            )
        )
    return Node(
        N_("Growth score {score}: {band}"),
        {"score": decision.score, "band": Phrase(BANDS[decision.band])},
        rule="Q6-growth",
        children=tuple(areas),
        outcome="bad" if decision.band == "low" else "ok",
    )


def growth_scores(
    kinds: npt.NDArray[np.integer],
    base_met: npt.NDArray[np.bool_],
    values: npt.NDArray[np.integer],
    rules: GrowthRules,
) -> npt.NDArray[np.int64]:
    """Scores of n products, equal to `judge_growth` one by one.

    `kinds` (n,) indexes KINDS, `values` (n, factors) follows `rules.factors`.
    """
    common = _common(rules)
    full = np.array([factor.full for factor in rules.factors], dtype=np.int64)
    points = np.array([[weight(f, kind) * (common // f.full) for f in rules.factors] for kind in KINDS])
    held = np.clip(values, 0, full)
    earned = (held * points[kinds]).sum(axis=1)
    raw = (2 * earned + common) // (2 * common)
    return np.asarray(np.where(base_met, raw, np.minimum(raw, rules.cap_without_base)), dtype=np.int64)


def _common(rules: GrowthRules) -> int:
    return lcm(*(factor.full for factor in rules.factors))


def _earned(factor: Factor, facts: GrowthFacts, common: int) -> int:
    """Points times `common`, so that every share stays a whole number."""
    held = min(max(facts.values.get(factor.name, 0), 0), factor.full)
    return weight(factor, facts.kind) * held * (common // factor.full)


def _area(area: str, facts: GrowthFacts, rules: GrowthRules) -> Node:
    common = _common(rules)
    shown = [factor for factor in rules.factors if factor.area == area and weight(factor, facts.kind)]
    earned = [_earned(factor, facts, common) for factor in shown]
    lines = tuple(_line(factor, facts, part, common) for factor, part in zip(shown, earned, strict=True))
    params = {"area": Phrase(AREAS[area]), "points": _points(sum(earned), common)}
    return Node(N_("{area}: {points} points"), params, children=lines)


def _line(factor: Factor, facts: GrowthFacts, earned: int, common: int) -> Node:
    most = weight(factor, facts.kind)
    return Node(
        N_("{what}: {held} of {full} earns {points} of {most} points"),
        {
            "what": Phrase(LABELS.get(factor.name, factor.name)),
            "held": facts.values.get(factor.name, 0),
            "full": factor.full,
            "points": _points(earned, common),
            "most": most,
        },
        outcome="ok" if earned == most * common else "note",
    )


def _points(earned: int, common: int) -> str:
    """Points with one decimal, for reading."""
    whole, tenth = divmod(divide_half_up(earned * 10, common), 10)
    return f"{whole}.{tenth}"
