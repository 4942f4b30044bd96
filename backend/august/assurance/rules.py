"""Which orders Easy Return insures and at what premium, all pure (F4)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from august.festival.rules import Deadline, Span
from august.kernel.money import divide_half_up
from august.kernel.rulebook import Rulebook, RuleValues
from august.kernel.words import N_

PERCENT, PERMILLE = 100, 1000
Tier = Literal["visitor", "L0", "L1", "L2", "L3", "L4"]


class HalfRules(RuleValues, frozen=True):
    """The numbers of rule F4: whose premium is halved."""

    window: Span
    first_payment: Deadline
    shipped: Deadline
    percent: int


class InsuranceRules(RuleValues, frozen=True):
    """The numbers of rule F4-insurance; categories are first-level ones with their names."""

    most_cents: int
    destinations: tuple[str, ...]
    categories: dict[str, dict[Literal["zh", "en"], str]]

    def category(self, name: str) -> str | None:
        """The code of a covered category by its code, its name or a path that begins with one."""
        first = name.partition(">")[0].strip().casefold()
        for code, names in self.categories.items():
            if first in {code, names["zh"].casefold(), names["en"].casefold()}:
                return code
        return None

    def named(self, name: str) -> Mapping[Any, str] | str:
        """What a covered category is called in both languages; another name as it is."""
        code = self.category(name)
        return name if code is None else self.categories[code]


class PremiumRules(RuleValues, frozen=True):
    """The numbers of rule F4-premium; `rivals` are the policies that have the service, and since when."""

    permille: int
    least_cents: int
    rivals: tuple[Literal["diligent", "average", "careless"], ...]
    rivals_from: Deadline

    def __post_init__(self) -> None:
        """Refuse a premium that is none."""
        if not 0 < self.permille <= PERMILLE or self.least_cents < 0:
            msg = "a premium is a share of the order"
            raise ValueError(msg)

    @property
    def rate(self) -> str:
        """The base premium in percent, as people write it."""
        return f"{self.permille * PERCENT / PERMILLE:g}"


class ReturnRules(RuleValues, frozen=True):
    """The numbers of rule F4-returns."""

    days: int
    percent: int
    after_hours: tuple[int, int]

    def __post_init__(self) -> None:
        """Refuse returns after the window has closed."""
        if not 0 <= self.after_hours[0] <= self.after_hours[1] < self.days * 24:
            msg = "buyers return within the days of the insurance"
            raise ValueError(msg)


class DeliveryRules(RuleValues, frozen=True):
    """The numbers of rule F1-delivery: countries by line."""

    tiers: tuple[Tier, ...]
    routes: dict[str, tuple[str, ...]]

    def covers(self, line: str | None, country: str) -> bool:
        """Whether a line to a country is one of the guaranteed routes."""
        return line is not None and country in self.routes.get(line, ())

    @property
    def count(self) -> int:
        """How many routes there are."""
        return sum(len(countries) for countries in self.routes.values())


class DeliveryPay(RuleValues, frozen=True):
    """The numbers of rule F1-delivery-pay."""

    percent: int
    most_cents: int


RULES: Mapping[str, type[RuleValues]] = {
    "F4": HalfRules,
    "F4-insurance": InsuranceRules,
    "F4-premium": PremiumRules,
    "F4-returns": ReturnRules,
    "F1-delivery": DeliveryRules,
    "F1-delivery-pay": DeliveryPay,
}


class EasyReturn(msgspec.Struct, frozen=True):
    """The rules that decide about an insurance, together."""

    half: HalfRules
    insurance: InsuranceRules
    premium: PremiumRules


def easy_return(rulebook: Rulebook, at: datetime) -> EasyReturn:
    """The rules in force at an instant."""
    return EasyReturn(
        rulebook.values("F4", at), rulebook.values("F4-insurance", at), rulebook.values("F4-premium", at)
    )


class Facts(msgspec.Struct, frozen=True):
    """What decides about an order; `category` is a first-level one, `quota_left` counts before this order."""

    drafted: datetime
    first_payment: datetime | None
    fully_shipped: datetime | None
    service_active: bool
    rts: bool
    cents: int
    category: str
    destination: str
    quota_left: int
    # F4 speaks of Trade Assurance orders only.
    trade_assurance: bool = True


# Why an order is not insured, and why an insured one pays the whole premium, in the order they are looked at.
UNINSURED: Mapping[str, str] = {
    "unshipped": N_("not fully shipped yet"),
    "service_off": N_("service not active"),
    "not_rts": N_("not Ready to Ship"),
    "too_dear": N_("order above the limit"),
    "category": N_("category not covered"),
    "destination": N_("destination not covered"),
}
WHOLE: Mapping[str, str] = {
    "not_ta": N_("not a Trade Assurance order"),
    "drafted": N_("drafted outside the festival"),
    "paid": N_("first payment booked too late"),
    "shipped": N_("fully shipped too late"),
    "quota": N_("quota used up"),
}
HALF = "half"
REASONS: Mapping[str, str] = {HALF: N_("half price"), **WHOLE, **UNINSURED}


class Decision(msgspec.Struct, frozen=True):
    """Whether an order is insured, what that costs in cents, and the code of the reason (see REASONS)."""

    insured: bool
    premium_cents: int
    base_cents: int
    half_price: bool
    reason: str


def unmet(facts: Facts, rules: InsuranceRules) -> dict[str, bool]:
    """Each condition of the insurance by its reason, True where it is not met."""
    return {
        "unshipped": facts.fully_shipped is None,
        "service_off": not facts.service_active,
        "not_rts": not facts.rts,
        "too_dear": facts.cents > rules.most_cents,
        "category": rules.category(facts.category) is None,
        "destination": facts.destination not in rules.destinations,
    }


def missed(facts: Facts, rules: HalfRules) -> dict[str, bool]:
    """Each condition of the half premium by its reason, True where it is not met."""
    paid, shipped = facts.first_payment, facts.fully_shipped
    return {
        "not_ta": not facts.trade_assurance,
        "drafted": not rules.window.window.contains(facts.drafted),
        "paid": paid is None or not rules.first_payment.met(paid),
        "shipped": shipped is None or not rules.shipped.met(shipped),
        "quota": facts.quota_left < 1,
    }


def first_of(conditions: Mapping[str, bool]) -> str | None:
    """The first condition that is not met."""
    return next((reason for reason, failed in conditions.items() if failed), None)


def deserves_half(facts: Facts, rules: EasyReturn) -> bool:
    """Whether only the quota can keep an order from the half premium (F4)."""
    found = missed(facts, rules.half)
    return not any(unmet(facts, rules.insurance).values()) and not any(
        failed for reason, failed in found.items() if reason != "quota"
    )


def premium(cents: int, rules: PremiumRules, percent: int = PERCENT) -> int:
    """The premium of an order in cents: rounded half up once, where it is charged (M2)."""
    exact = max(cents * rules.permille, rules.least_cents * PERMILLE)
    return divide_half_up(exact * percent, PERMILLE * PERCENT)


def judge(facts: Facts, rules: EasyReturn) -> Decision:
    """Insured at full shipment when every condition is met, at half when F4 holds too."""
    refused = first_of(unmet(facts, rules.insurance))
    if refused is not None:
        return Decision(insured=False, premium_cents=0, base_cents=0, half_price=False, reason=refused)
    base = premium(facts.cents, rules.premium)
    whole = first_of(missed(facts, rules.half))
    if whole is not None:
        return Decision(insured=True, premium_cents=base, base_cents=base, half_price=False, reason=whole)
    half = premium(facts.cents, rules.premium, rules.half.percent)
    return Decision(insured=True, premium_cents=half, base_cents=base, half_price=True, reason=HALF)


def judge_all(
    facts: Sequence[Facts], rules: EasyReturn, left: Callable[[datetime, int], int]
) -> list[Decision]:
    """Fully shipped orders by the instant of that, ties as given; each half premium takes one of the quota.

    `left` tells what is left at an instant when so many of these took one.
    """
    found: dict[int, Decision] = {}
    taken = 0
    shipped = [(each.fully_shipped, place) for place, each in enumerate(facts) if each.fully_shipped]
    for at, place in sorted(shipped):
        found[place] = judge(msgspec.structs.replace(facts[place], quota_left=left(at, taken)), rules)
        taken += found[place].half_price
    return [found[place] if place in found else judge(each, rules) for place, each in enumerate(facts)]


def claimable(goods_cents: int, refunded_cents: int) -> int:
    """What the insurance pays for returned goods: their price as far as it was not paid back (F4-returns)."""
    return max(0, goods_cents - refunded_cents)
