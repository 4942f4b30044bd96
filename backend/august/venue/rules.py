"""What the rules of buyers, venue, campaign price, coupon and boards say in numbers (F1, F12)."""

from collections.abc import Mapping
from itertools import pairwise

import msgspec

from august.festival.rules import Span
from august.kernel.rulebook import RuleValues


class BuyerBenefit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of F1: what it is, and the tiers of buyers that may use it."""

    code: str
    tiers: tuple[str, ...]
    title: dict[str, str]
    text: dict[str, str]


class BuyerRules(RuleValues, frozen=True):
    """The numbers of rule F1: when the festival is, and who may use which benefit."""

    window: Span
    benefits: tuple[BuyerBenefit, ...]

    def __post_init__(self) -> None:
        """Refuse a benefit that stands twice, and one that nobody may use."""
        codes = [each.code for each in self.benefits]
        if len(set(codes)) != len(codes) or not all(each.tiers for each in self.benefits):
            msg = "every benefit stands once and has its tiers"
            raise ValueError(msg)

    def allows(self, code: str, tier: str) -> bool:
        """Whether a tier may use a benefit; KeyError for a benefit that is none."""
        return tier in {each.code: each.tiers for each in self.benefits}[code]


class VenueRules(RuleValues, frozen=True):
    """The numbers of rule F1-venue: the least quality score, the kind of goods, the benefit that admits."""

    quality_tenths: int
    kind: str
    access: str


class PriceRules(RuleValues, frozen=True):
    """The number of rule F1-price."""

    days: int


class CouponRules(RuleValues, frozen=True):
    """The steps of rule F1-coupon: goods from so many cents on, and the cents off."""

    steps: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        """Refuse steps that do not rise, and one that takes off more than it asks for."""
        rising = all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(self.steps))
        if not self.steps or not rising or any(not 0 < off < least for least, off in self.steps):
            msg = "the steps of a coupon rise and stay below what they ask for"
            raise ValueError(msg)


class BoardRules(RuleValues, frozen=True):
    """The numbers of rule F12."""

    shown: int
    return_cents: int
    oa_days: int


RULES: Mapping[str, type[RuleValues]] = {
    "F1": BuyerRules,
    "F1-venue": VenueRules,
    "F1-price": PriceRules,
    "F1-coupon": CouponRules,
    "F12": BoardRules,
}
