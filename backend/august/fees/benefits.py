"""The benefits that make fees smaller."""

from august.fees.amounts import Benefit, PackageRules
from august.fees.rules import FeeRules

HALVED, PACKAGE = "service_fee", "package"


def halved(rules: FeeRules) -> Benefit:
    """The half price of discount orders."""
    return Benefit(HALVED, rules.paid_percent)


def covered(rules: PackageRules, fee: str) -> list[Benefit]:
    """What a running package does to a fee."""
    return [Benefit(PACKAGE, 0)] if fee in rules.covers else []
