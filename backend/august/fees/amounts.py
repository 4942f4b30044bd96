"""What an order's fees come to, which benefit counts, when it is settled and how it is lost; all pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from august.festival.rules import ZONES, Deadline, Span
from august.kernel.clock import UTC
from august.kernel.money import divide_half_up
from august.kernel.rulebook import RuleValues

if TYPE_CHECKING:
    from august.fees.rules import FeeRules

Fee = Literal["transaction", "funds", "onetouch"]
BASIS, PERCENT = 10_000, 100
# Why a locked benefit was lost (F2.7); `closed`: the order ended without a fee.
Loss = Literal["late", "cleared_before", "settled_before", "no_member", "abnormal", "closed"]
OaCondition = Literal["insured", "mode", "drafted", "confirmed", "prepaid"]


class FeePrices(RuleValues, frozen=True):
    """The numbers of rule F2-fees; basis points are ten-thousandths of the order amount."""

    transaction_bp: int
    transaction_cap_cents: int
    funds_bp: int
    onetouch_cents: int


class PackageRules(RuleValues, frozen=True):
    """The numbers of rule F2-package: how long it runs, what it costs, which fees it pays."""

    years: int
    price_fen: int
    covers: tuple[Fee, ...]


class OaRules(RuleValues, frozen=True):
    """The numbers of rule F3."""

    window: Span
    prepaid_by: Deadline
    list_bp: int
    paid_percent: int
    channels: tuple[str, ...]
    modes: tuple[str, ...]


def fee_of(channel: str, mode: str) -> Fee:
    """Which service fee an order pays (F2.6)."""
    if mode == "onetouch":
        return "onetouch"
    return "transaction" if channel == "ta" else "funds"


def fee_cents(fee: Fee, amount_cents: int, prices: FeePrices, paid_percent: int = PERCENT) -> int:
    """A fee on an order amount, or the part of it that is paid; rounded half up once (F2-fees, M2)."""
    if fee == "onetouch":
        whole = prices.onetouch_cents * BASIS
    elif fee == "funds":
        whole = amount_cents * prices.funds_bp
    else:
        whole = min(amount_cents * prices.transaction_bp, prices.transaction_cap_cents * BASIS)
    return divide_half_up(whole * paid_percent, BASIS * PERCENT)


@dataclass(frozen=True)
class Benefit:
    """A right to pay less of a fee."""

    why: str
    paid_percent: int


@dataclass(frozen=True)
class Charge:
    """What a fee was, what is paid of it, and the benefit that made the difference (None: there is none)."""

    base: int
    charged: int
    why: str | None

    @property
    def saved(self) -> int:
        """What the benefit saves."""
        return self.base - self.charged


def charge(fee: Fee, amount_cents: int, prices: FeePrices, benefits: Sequence[Benefit]) -> Charge:
    """The fee after the largest of several benefits (F2.9); of equal ones the first."""
    base = fee_cents(fee, amount_cents, prices)
    best = min(benefits, key=lambda one: one.paid_percent, default=None)
    if best is None:
        return Charge(base, base, None)
    return Charge(base, fee_cents(fee, amount_cents, prices, best.paid_percent), best.why)


@dataclass(frozen=True)
class OaFacts:
    """What rule F3 asks of an order; an instant is None while it has not come."""

    drafted: datetime
    confirmed: datetime | None
    first_prepayment: datetime | None
    insured: bool
    channel: str
    mode: str


def oa_conditions(facts: OaFacts, rules: OaRules) -> dict[OaCondition, bool]:
    """Every condition of the waiver and whether it is met."""
    window, paid = rules.window.window, facts.first_prepayment
    return {
        "insured": facts.insured,
        "mode": facts.channel in rules.channels and facts.mode in rules.modes,
        "drafted": window.contains(facts.drafted),
        "confirmed": facts.confirmed is not None and window.contains(facts.confirmed),
        "prepaid": paid is not None and rules.prepaid_by.met(paid),
    }


def oa_charge(amount_cents: int, facts: OaFacts, rules: OaRules) -> Charge:
    """The OA service fee: its sale price is the base, nothing is paid when all conditions hold (F3)."""
    base = divide_half_up(amount_cents * rules.list_bp * rules.paid_percent, BASIS * PERCENT)
    if all(oa_conditions(facts, rules).values()):
        return Charge(base, 0, "oa_waiver")
    return Charge(base, base, None)


def settles_at(
    fee: Fee, completed_at: datetime | None, cleared_at: datetime | None, zone: str
) -> datetime | None:
    """When a fee is settled (F2.8): at completion, One-Touch at 00:00 of the day after the last clearing."""
    if fee != "onetouch":
        return completed_at
    if cleared_at is None:
        return None
    day = cleared_at.astimezone(ZONES[zone]).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=ZONES[zone]).astimezone(UTC)


@dataclass(frozen=True)
class Course:
    """How far an order is: shipped whole, cleared whole, closed without completion."""

    fee: Fee
    locked_at: datetime
    shipped_at: datetime | None
    cleared_at: datetime | None
    settled_at: datetime | None
    closed: bool


def loss(course: Course, now: datetime, rules: "FeeRules", *, member: bool) -> Loss | None:
    """Why a locked benefit is lost as things stand (F2.7); None while it is not.

    `settled_at` is when the fee was or will be settled, `member` whether the store is one then.
    """
    if course.closed:
        return "closed"
    if course.fee == "onetouch" and course.cleared_at is not None and course.cleared_at < course.locked_at:
        return "cleared_before"
    if course.settled_at is not None and course.settled_at < course.locked_at:
        return "settled_before"
    done = course.cleared_at if course.fee == "onetouch" else course.shipped_at
    if not rules.ship_by.met(now if done is None else done):
        return "late"
    if course.settled_at is not None and course.settled_at <= now and not member:
        return "no_member"
    return None


def lost_at(why: Loss, now: datetime, rules: "FeeRules") -> datetime:
    """The instant of a loss: that of a missed deadline is the second after it."""
    return rules.ship_by.end if why == "late" else now


def payout(received: int, refunded: int, fees: int) -> int:
    """What of an order's money reaches the seller; below zero the rest is taken from the store's balance."""
    return received - refunded - fees
