"""The quality ball as a pure question (Q1-Q4)."""

from typing import Literal

from august.calculators.registry import LAUNCH, Answer, Calculator, Question
from august.kernel.clock import parse_instant
from august.kernel.errors import Refusal
from august.kernel.payloads import misfit
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase
from august.quality.rules import (
    REGIONS,
    Kind,
    QualityFacts,
    QualityRules,
    Region,
    judge_quality,
    quality_rules,
    tenths,
)


class QualityQuestion(Question, frozen=True):
    """A product by its failed checks and the core countries it does not reach."""

    type: Kind
    failed: tuple[str, ...] = ()
    missing_freight_countries: tuple[str, ...] = ()
    missing_delivery_by_countries: tuple[str, ...] = ()
    region: Literal["mainland", "hk", "macao", "tw", "ggs"] = "mainland"
    at: str | None = None


def answer(asked: QualityQuestion, rulebook: Rulebook) -> Answer:
    """Score, band and certain expression; refuses checks and countries that cannot be."""
    wrong: dict[str, Phrase] = {}
    at = LAUNCH
    if asked.at is not None:
        try:
            at = parse_instant(asked.at)
        except Refusal as refusal:
            wrong["at"] = refusal.message
    rules = quality_rules(rulebook, at)
    wrong |= _impossible(asked, rules)
    if wrong:
        raise misfit(wrong)
    region: Region = next(region for region in REGIONS if region == asked.region)
    decision = judge_quality(
        QualityFacts(
            kind=asked.type,
            failed=frozenset(asked.failed),
            missing_freight=frozenset(asked.missing_freight_countries),
            missing_delivery_by=frozenset(asked.missing_delivery_by_countries),
            region=region,
        ),
        rules,
    )
    told = {"score": tenths(decision.score), "band": decision.band, "certain": decision.certain}
    return Answer(told, decision.why, at)


def _impossible(asked: QualityQuestion, rules: QualityRules) -> dict[str, Phrase]:
    wrong: dict[str, Phrase] = {}
    # Q1: the old check may be asked about new items; they just deduct nothing there.
    checks = rules.table(asked.type, "mainland")
    for check in asked.failed:
        if check not in checks:
            text = N_("{check} is no check of this product type; there are: {checks}.")
            wrong["failed"] = Phrase(text, {"check": check[:60], "checks": list(checks)})
            break
    for name, field, codes in (
        ("freight_core_ten", "missing_freight_countries", asked.missing_freight_countries),
        ("delivery_by_core_ten", "missing_delivery_by_countries", asked.missing_delivery_by_countries),
    ):
        if codes and name not in checks:
            wrong[field] = Phrase(N_("The core countries are not checked for this product type."))
        foreign = next((code for code in codes if code not in rules.core_codes), None)
        if foreign is not None:
            text = N_("{code} is not one of the core countries {codes}.")
            wrong[field] = Phrase(text, {"code": foreign[:20], "codes": list(rules.core_codes)})
        elif len(set(codes)) < len(codes):
            wrong[field] = Phrase(N_("A country is named twice."))
    return wrong


CALCULATOR = Calculator("quality", QualityQuestion, answer)
