"""The opportunity index as a pure question (S4)."""

from collections import Counter
from typing import Any, Literal

from august.calculators.registry import Answer, Calculator, Misfits, Question
from august.kernel.rulebook import Rulebook
from august.stars.index import COUNTED, IndexRules
from august.stars.star_why import explain_index


class OpportunityBuyer(Question, frozen=True):
    """A buyer, what they did at the store in the last 30 days, and whether their account was closed."""

    id: str | int
    tier: Literal["visitor", "L0", "L1", "L2", "L3", "L4"]
    actions: tuple[Literal["inquiry", "chat", "order"], ...] = ()
    closed: bool = False


class ValidInquiry(Question, frozen=True):
    """A valid inquiry of the last 30 days, with the label its buyer had before tiers replaced labels."""

    buyer: str | int
    legacy_label: Literal["none", "blue", "gold"] = "none"


class IndexQuestion(Question, frozen=True):
    """What 5.1 counts, and what 5.0 counted."""

    buyers: tuple[Any, ...] = ()
    valid_inquiries: tuple[Any, ...] = ()
    at: str | None = None


def answer(asked: IndexQuestion, rulebook: Rulebook) -> Answer:
    """The index by the version in force; closed accounts count in none."""
    wrong = Misfits()
    at = wrong.instant(asked.at)
    buyers = [
        buyer
        for place, each in enumerate(asked.buyers)
        if (buyer := wrong.part(each, OpportunityBuyer, f"buyers[{place}]"))
    ]
    inquiries = [
        inquiry
        for place, each in enumerate(asked.valid_inquiries)
        if (inquiry := wrong.part(each, ValidInquiry, f"valid_inquiries[{place}]"))
    ]
    wrong.once([each.id for each in buyers], "buyers")
    wrong.refuse()
    version = rulebook.at("S4", at)
    rules: IndexRules = version.values
    closed = {each.id for each in buyers if each.closed}
    counted: Counter[str] = Counter(
        (each.tier for each in buyers if each.actions and not each.closed)
        if rules.counts == "buyers"
        else (each.legacy_label for each in inquiries if each.buyer not in closed)
    )
    inputs = {f"{rules.counts}_{name}": counted[name] for name in COUNTED[rules.counts]}
    told = {"version": version.version, "index": rules.of(inputs)}
    return Answer(told, explain_index(counted, version.version, rules), at)


CALCULATOR = Calculator("opportunity-index", IndexQuestion, answer)
