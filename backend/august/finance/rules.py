"""Fees of LC financing, instalments of pay later, limits of OA credit, all pure (F1, F5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from august.festival.rules import Span
from august.kernel.clock import last_days
from august.kernel.money import divide_half_up
from august.kernel.rulebook import RuleValues

PERCENT, PERMILLE = 100, 1000
WEEK = timedelta(weeks=1)
Tier = Literal["visitor", "L0", "L1", "L2", "L3", "L4"]
Membership = Literal["cgs", "qqb", "verified"]


class LcOffer(RuleValues, frozen=True):
    """The numbers of rule F5."""

    window: Span
    days: int
    percent: int


class LcTerms(RuleValues, frozen=True):
    """The numbers of rule F5-terms; `members` are the percent of the fee that a membership pays."""

    fee_permille: int
    advance_percent: int
    approve_days: int
    examine_days: int
    members: dict[Membership, int]

    def __post_init__(self) -> None:
        """Refuse to advance more than there is, or an offer that makes dearer."""
        shares = (self.advance_percent, *self.members.values())
        if min(shares) < 1 or max(shares) > PERCENT or not 0 < self.fee_permille <= PERMILLE:
            msg = "advances, fees and offers are shares"
            raise ValueError(msg)


class PayLaterRules(RuleValues, frozen=True):
    """The numbers of rule F1-bnpl."""

    tiers: tuple[Tier, ...]
    instalments: int
    weeks: int

    def __post_init__(self) -> None:
        """Refuse instalments that are not a whole number of days apart."""
        if self.instalments < 2 or self.weeks * 7 % (self.instalments - 1):  # noqa: PLR2004 - two make a plan
            msg = "the weeks must divide into whole days between the instalments"
            raise ValueError(msg)

    @property
    def apart(self) -> timedelta:
        """The time between two instalments."""
        return self.weeks * WEEK / (self.instalments - 1)


class FirstUseRules(RuleValues, frozen=True):
    """The numbers of rule F1-bnpl-off."""

    window: Span
    percent: int
    most_cents: int


class OaRules(RuleValues, frozen=True):
    """The numbers of rule F1-oa: percent of the yearly purchases by tier."""

    percent: dict[Tier, int]
    least_cents: int
    most_cents: int
    soon_days: int

    def limit(self, tier: str, yearly_cents: int) -> int:
        """The credit limit of a buyer in cents; 0 for tiers without OA credit."""
        share = next((percent for name, percent in self.percent.items() if name == tier), None)
        if share is None:
            return 0
        return min(self.most_cents, max(self.least_cents, divide_half_up(yearly_cents * share, PERCENT)))


RULES: Mapping[str, type[RuleValues]] = {
    "F5": LcOffer,
    "F5-terms": LcTerms,
    "F1-bnpl": PayLaterRules,
    "F1-bnpl-off": FirstUseRules,
    "F1-oa": OaRules,
}


class Drawing(msgspec.Struct, frozen=True):
    """A drawdown: how much of the rest, when, and what the store drew before.

    `used` is whether the store had the offer of F5 already; `last` the instant of its last drawdown.
    """

    cents: int
    at: datetime
    last: datetime | None
    used: bool
    membership: str


class Fee(msgspec.Struct, frozen=True):
    """The fee of a drawdown in cents, before and after the best offer; `offer` is its code, None for none."""

    base_cents: int
    cents: int
    percent: int
    offer: str | None


def is_new(last: datetime | None, at: datetime, days: int) -> bool:
    """Never drawn, or neither today nor in the last so many complete PT days (F5, T4)."""
    return last is None or last < last_days(days, at).start


def offers(drawing: Drawing, offer: LcOffer, terms: LcTerms) -> dict[str, int]:
    """The offers a drawdown can have, each with the percent of the fee that is left to pay."""
    found: dict[str, int] = {}
    for name, percent in terms.members.items():
        if name == drawing.membership:
            found["membership"] = percent
    new = is_new(drawing.last, drawing.at, offer.days)
    if new and not drawing.used and offer.window.window.contains(drawing.at):
        found["festival"] = offer.percent
    return found


def fee(drawing: Drawing, offer: LcOffer, terms: LcTerms) -> Fee:
    """The factoring fee at the best of the offers, never at two; rounded half up once (F5, M2)."""
    found = offers(drawing, offer, terms)
    code, percent = min(found.items(), key=lambda one: one[1], default=(None, PERCENT))
    base = divide_half_up(drawing.cents * terms.fee_permille, PERMILLE)
    cents = divide_half_up(drawing.cents * terms.fee_permille * percent, PERMILLE * PERCENT)
    return Fee(base, cents, percent, code)


def advance(rest_cents: int, terms: LcTerms) -> int:
    """How much of an outstanding rest can be drawn, rounded down to the cent."""
    return rest_cents * terms.advance_percent // PERCENT


class Instalment(msgspec.Struct, frozen=True):
    """A part of what is paid later: when it is charged and how much it is."""

    at: datetime
    cents: int


def split(cents: int, parts: int) -> tuple[int, ...]:
    """Divide an amount exactly: the cents that do not divide go to the first parts (M1)."""
    whole, rest = divmod(cents, parts)
    return tuple(whole + (place < rest) for place in range(parts))


def plan(cents: int, at: datetime, rules: PayLaterRules) -> tuple[Instalment, ...]:
    """The instalments of an amount, the first at once."""
    return tuple(
        Instalment(at + place * rules.apart, part)
        for place, part in enumerate(split(cents, rules.instalments))
    )


def reduction(cents: int, at: datetime, first: bool, rules: FirstUseRules) -> int:  # noqa: FBT001 - a fact of the buyer
    """What the platform takes off the first use within the window."""
    if not first or not rules.window.window.contains(at):
        return 0
    return min(rules.most_cents, divide_half_up(cents * rules.percent, PERCENT))


class Refunded(msgspec.Struct, frozen=True):
    """Where a refund goes: the instalments still open afterwards, the buyer, the platform."""

    left: tuple[int, ...]
    buyer_cents: int
    platform_cents: int


def after_refund(refund_cents: int, open_cents: Sequence[int], paid_cents: int) -> Refunded:
    """Take a refund off the last open instalments, then give back paid ones, then the platform's part."""
    left, rest = list(open_cents), refund_cents
    for place in reversed(range(len(left))):
        cut = min(rest, left[place])
        left[place] -= cut
        rest -= cut
    buyer = min(rest, paid_cents)
    return Refunded(tuple(left), buyer, rest - buyer)
