"""Windows of offers as rules write them, what is given away and how much of it is left; all pure (T3, K5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Literal

import msgspec

from august.kernel.clock import BEIJING, PACIFIC, SECOND, Window, closed_window, from_local
from august.kernel.rulebook import RuleValues

ZONES = {"PT": PACIFIC, "BJ": BEIJING}
DAY = 86_400
WHOLE = 1000
Curve = tuple[tuple[int, int], ...]


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A window in the zone it is anchored in, its first and its last second as the platform writes them."""

    zone: Literal["PT", "BJ"]
    first: str
    last: str

    def __post_init__(self) -> None:
        """Refuse a window that ends before it begins, at the start like any wrong rule."""
        _ = self.window

    @cached_property
    def window(self) -> Window:
        """The span in UTC."""
        return closed_window(ZONES[self.zone], self.first, self.last)


class Deadline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The last second in time, in the zone it is anchored in."""

    zone: Literal["PT", "BJ"]
    last: str

    def __post_init__(self) -> None:
        """Refuse what is no instant."""
        _ = self.at

    @cached_property
    def at(self) -> datetime:
        """The last second inside, in UTC."""
        return from_local(ZONES[self.zone], self.last)

    def met(self, at: datetime) -> bool:
        """Whether an instant is in time: the whole last second is (T3)."""
        return at < self.at + SECOND


class QuotaRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A quota of the whole platform; `merchant` is the most that one store may take, None: no such limit.

    `curve` is (days since the festival began, thousandths that stores outside of this world have taken).
    """

    total: int
    curve: Curve
    merchant: int | None = None

    def __post_init__(self) -> None:
        """Refuse a curve that does not rise from nothing."""
        if self.curve[0] != (0, 0) or any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(self.curve)):
            msg = "the curve of a quota must rise from 0 days and 0"
            raise ValueError(msg)

    def elsewhere(self, seconds: int) -> int:
        """What stores outside of this world have taken so many seconds after the festival began."""
        return taken_elsewhere(self.total, seconds, self.curve)

    def left(self, seconds: int, claimed: int) -> int:
        """What is left when stores of this world have taken `claimed`."""
        return max(0, self.total - self.elsewhere(seconds) - claimed)

    def sells_out(self, claimed: int) -> int | None:
        """The first second after the beginning at which nothing is left; None if never."""
        low, high = 0, self.curve[-1][0] * DAY
        if self.left(high, claimed):
            return None
        while low < high:
            middle = (low + high) // 2
            if self.left(middle, claimed):
                low = middle + 1
            else:
                high = middle
        return low


class QuotaRules(RuleValues, frozen=True):
    """The quotas of rule K5 by their codes."""

    quotas: Mapping[str, QuotaRule]


def taken_elsewhere(total: int, seconds: int, curve: Sequence[tuple[int, int]]) -> int:
    """What a curve has taken of a total so long after its beginning, rounded down."""
    if seconds <= 0:
        return 0
    for (left, low), (right, high) in pairwise(curve):
        start, span = left * DAY, (right - left) * DAY
        if seconds <= start + span:
            return total * (low * span + (high - low) * (seconds - start)) // (WHOLE * span)
    return total * curve[-1][1] // WHOLE


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
    "K5": QuotaRules,
    "F1": BuyerRules,
    "F1-venue": VenueRules,
    "F1-price": PriceRules,
    "F1-coupon": CouponRules,
    "F12": BoardRules,
}
