"""Easy Return as a pure question: is an order insured, at what premium, at half price or not (F4)."""

import re
from typing import Literal

from august.assurance.explain import explain
from august.assurance.rules import Facts, easy_return, judge
from august.calculators.registry import Answer, Calculator, Misfits, Question
from august.kernel.clock import parse_instant
from august.kernel.errors import Refusal
from august.kernel.money import amount
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase

COUNTRY = re.compile(r"[A-Z]{2}")
CATEGORY_MOST = 200


class EasyReturnQuestion(Question, frozen=True):
    """An order by its instants, its goods and its way; what has not happened yet is null."""

    drafted: str
    service_active: bool
    type: Literal["rts", "customization"]
    amount_usd: str
    category: str
    destination: str
    quota_left: int
    first_payment: str | None = None
    fully_shipped: str | None = None


def answer(asked: EasyReturnQuestion, rulebook: Rulebook) -> Answer:
    """Insured or not, the premium that is charged at full shipment, and whether it is halved."""
    wrong = Misfits()
    instants = {}
    for name in ("drafted", "first_payment", "fully_shipped"):
        text = getattr(asked, name)
        try:
            instants[name] = None if text is None else parse_instant(text)
        except Refusal as refusal:
            wrong[name] = refusal.message
    cents = wrong.amount(asked.amount_usd, "amount_usd")
    if not cents and "amount_usd" not in wrong:
        wrong["amount_usd"] = Phrase(N_("An amount above zero is expected."))
    if not asked.category.strip() or len(asked.category) > CATEGORY_MOST:
        wrong["category"] = Phrase(N_("Name a first-level category."))
    if not COUNTRY.fullmatch(asked.destination):
        wrong["destination"] = Phrase(N_("Write a country as two capital letters."))
    wrong.at_least(asked.quota_left, 0, "quota_left")
    wrong.refuse()
    drafted = instants["drafted"]
    assert drafted is not None  # noqa: S101 - it is required, and was refused otherwise
    at = instants["fully_shipped"] or drafted
    facts = Facts(
        drafted=drafted,
        first_payment=instants["first_payment"],
        fully_shipped=instants["fully_shipped"],
        service_active=asked.service_active,
        rts=asked.type == "rts",
        cents=cents,
        category=asked.category,
        destination=asked.destination,
        quota_left=asked.quota_left,
    )
    rules = easy_return(rulebook, at)
    found = judge(facts, rules)
    told = {
        "insured": found.insured,
        "premium_usd": amount(found.premium_cents),
        "half_price": found.half_price,
    }
    return Answer(told, explain(facts, rules), at)


CALCULATOR = Calculator("easy-return", EasyReturnQuestion, answer)
