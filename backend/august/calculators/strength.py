"""The two bonuses of star levels as pure questions: proven strength (S3), local machinery service (S6)."""

from collections.abc import Mapping
from typing import Literal

from august.calculators.registry import Answer, Calculator, Misfits, Question
from august.catalog import taxonomy
from august.kernel.rulebook import Rulebook
from august.stars.bonus import CLOSED, BonusRules, MachineryRules
from august.stars.bonus_why import Proofs, explain_machinery, explain_strength

FULL, MOST_STARS = 100, 5


def names() -> Mapping[str, Mapping[str, str]]:
    """What the first-level industries are called, by their codes."""
    return {code: {"zh": each.zh, "en": each.en} for code, each in taxonomy.standing().industries.items()}


class StrengthQuestion(Question, frozen=True):
    """A store of an industry by its growth average and its verified proofs."""

    industry: str
    customization_growth_average: float
    export_usd: str = "0.00"
    professional: tuple[Literal["trademark", "fortune500", "aeo", "oem"], ...] = ()
    services: tuple[
        Literal["overseas_after_sales", "models_3d", "software_copyright", "overseas_stock"], ...
    ] = ()
    engineering_verified: bool = False
    engineering_cases: int = 0
    at: str | None = None


def strength(asked: StrengthQuestion, rulebook: Rulebook) -> Answer:
    """The points of the three classes and their total; none while the growth average keeps it closed."""
    wrong = Misfits()
    at, known = wrong.instant(asked.at), names()
    wrong.one_of(asked.industry, list(known), "industry")
    wrong.within(asked.customization_growth_average, 0, FULL, "customization_growth_average")
    cents = wrong.amount(asked.export_usd, "export_usd")
    wrong.once(asked.professional, "professional")
    wrong.once(asked.services, "services")
    wrong.at_least(asked.engineering_cases, 0, "engineering_cases")
    wrong.refuse()
    rules: BonusRules = rulebook.values("S3", at)
    proofs = Proofs(
        asked.industry,
        f"{asked.customization_growth_average:.15g}",
        cents,
        asked.professional,
        asked.services,
        asked.engineering_verified,
        asked.engineering_cases,
    )
    opened = asked.customization_growth_average >= rules.growth_least
    bonus = proofs.earned(rules) if opened else CLOSED
    told = {
        "export": bonus.export,
        "professional": bonus.professional,
        "service": bonus.service,
        "total": bonus.total,
    }
    return Answer(told, explain_strength(proofs, bonus, rules, known), at)


class MachineryQuestion(Question, frozen=True):
    """A store by its main industry, its trade star before the bonus, and its local-service trade."""

    industry: str
    trade_star: int
    local_service_gmv_usd: str
    at: str | None = None


def machinery(asked: MachineryQuestion, rulebook: Rulebook) -> Answer:
    """The points of the row that star and amount fit, 0 without one and before the rule is in force."""
    wrong = Misfits()
    at, known = wrong.instant(asked.at), names()
    wrong.one_of(asked.industry, list(known), "industry")
    wrong.within(asked.trade_star, 0, MOST_STARS, "trade_star")
    cents = wrong.amount(asked.local_service_gmv_usd, "local_service_gmv_usd")
    wrong.refuse()
    rules: MachineryRules | None = rulebook.values("S6", at) if rulebook.applies("S6", at) else None
    row = rules.row(cents, asked.trade_star, asked.industry) if rules else None
    why = explain_machinery(cents, asked.trade_star, asked.industry, rules, known)
    return Answer({"bonus": row.points if row else 0}, why, at)


STRENGTH = Calculator("strength-bonus", StrengthQuestion, strength)
MACHINERY = Calculator("machinery-bonus", MachineryQuestion, machinery)
