"""The numbers of the logistics offers and the arithmetic of freight, all pure (F6-F10, M2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise

import msgspec

from august.festival.rules import ZONES, Deadline, Span
from august.kernel.clock import SECOND, Window, from_local
from august.kernel.money import divide_half_up
from august.kernel.rulebook import RuleValues

PERCENT = 100
CUBIC_MM_IN_CM = 1000
KILOGRAM = 1000
# The codes of platform reductions, as the calculator names them; F6 is a coupon.
REDUCTIONS = ("multimodal", "charter", "small_parcel", "fcl_us_west")
RULE_OF: Mapping[str, str] = {
    "multimodal": "F7",
    "charter": "F8",
    "small_parcel": "F9",
    "fcl_us_west": "F10",
    "coupon": "F6-coupon",
}


class Stretch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A window whose ends are written in zones of their own: `PT 2022-09-01 00:00:00`."""

    first: str
    last: str

    def __post_init__(self) -> None:
        """Refuse a window that ends before it begins."""
        if self.window.end <= self.window.start:
            msg = "the window ends before it begins"
            raise ValueError(msg)

    @cached_property
    def window(self) -> Window:
        """Both seconds inside, in UTC."""
        return Window(_instant(self.first), _instant(self.last) + SECOND)


def _instant(text: str) -> datetime:
    zone, _, local = text.partition(" ")
    return from_local(ZONES[zone], local)


class SharedRules(RuleValues, frozen=True):
    """F-logistics: the least that is paid, in minor units."""

    smallest_payment: int


class ExpressRules(RuleValues, frozen=True):
    """F6: who earns coupons, how many, and when they are used."""

    lines: tuple[str, ...]
    shipping: Span
    orders: int
    history: Span
    months: int
    fewer_than: int
    coupons: int
    coupon_fen: int
    issued: Span
    usable: Span


class HistoryRules(RuleValues, frozen=True):
    """F6-history: the families of lines that are express and air."""

    families: tuple[str, ...]


class CouponRules(RuleValues, frozen=True):
    """F6-coupon: the least base freight."""

    least_fen: int


class MultimodalRules(RuleValues, frozen=True):
    """F7: `steps` are (from base fen, fen off); the highest step reached counts alone."""

    lines: tuple[str, ...]
    paid: Stretch
    history: Span
    steps: tuple[tuple[int, int], ...]
    families: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse steps that do not rise."""
        if any(a[0] >= b[0] or a[1] >= b[1] for a, b in pairwise(self.steps)):
            msg = "steps must rise"
            raise ValueError(msg)


class CharterRules(RuleValues, frozen=True):
    """F8: the share that is paid from a base freight on."""

    lines: tuple[str, ...]
    paid: Stretch
    least_fen: int
    percent: int


class SmallParcelRules(RuleValues, frozen=True):
    """F9: the share that is paid, and by whom."""

    lines: tuple[str, ...]
    paid_by: Deadline
    configured: Span
    products: int
    percent: int
    merchant: int


class NoNumbers(RuleValues, frozen=True):
    """A rule that is all words."""


class UsWestRules(RuleValues, frozen=True):
    """F10: cents off, until when, and who gets no space; `partners` are words in a company's title."""

    booked_by: Deadline
    departed_by: Deadline
    off_cents: int
    forwarders: str
    partners: tuple[str, ...]


class SailingRules(RuleValues, frozen=True):
    """F10-sailings: how often a ship is late or skipped."""

    late_percent: int
    late_hours: tuple[int, int]
    skipped_percent: int


class StateRules(RuleValues, frozen=True):
    """logistics.states: how long states last, and what a parcel can be."""

    unpaid_days: int
    pickup_hours: tuple[int, int]
    departs_hours: tuple[int, int]
    late_percent: int
    late_days: tuple[int, int]
    pieces_most: int
    side_mm_most: int


class RivalRules(RuleValues, frozen=True):
    """K5-logistics: percent of a chance a day, by policy and quota."""

    chances: Mapping[str, Mapping[str, int]]


RULES: Mapping[str, type[RuleValues]] = {
    "F-logistics": SharedRules,
    "F6": ExpressRules,
    "F6-history": HistoryRules,
    "F6-coupon": CouponRules,
    "F7": MultimodalRules,
    "F8": CharterRules,
    "F9": SmallParcelRules,
    "F9-configured": NoNumbers,
    "F10": UsWestRules,
    "F10-sailings": SailingRules,
    "logistics.states": StateRules,
    "K5-logistics": RivalRules,
}


def charged_weight(weight_g: int, volume_mm3: int, step_g: int, least_g: int, divisor: int | None) -> int:
    """Grams a line charges: the larger of actual and volumetric weight, in started steps, at least `least_g`.

    The divisor turns cubic centimetres into kilograms; without one bulk does not count.
    """
    # Grams by volume: mm³ / 1000 / divisor kilograms, rounded up.
    bulky = 0 if divisor is None else -(-volume_mm3 * KILOGRAM // (CUBIC_MM_IN_CM * divisor))
    heavy = max(weight_g, bulky, least_g)
    return -(-heavy // step_g) * step_g


def freight(charged_g: int, base_fen: int, bands: Sequence[tuple[int, int]]) -> int:
    """Fen of a shipment: a base and fen a kilogram, band by band, rounded half up once (M2)."""
    milli, below = 0, 0
    for up_to, fen in bands:
        milli += max(0, min(charged_g, up_to) - below) * fen
        below = up_to
    return base_fen + divide_half_up(milli, KILOGRAM)


def step_off(base: int, steps: Sequence[tuple[int, int]]) -> int:
    """F7: what the highest step that is reached takes off."""
    return max((off for least, off in steps if base >= least), default=0)


def share_of(base: int, percent: int) -> int:
    """F8, F9: what is paid of a base freight, rounded half up to the fen (M2)."""
    return divide_half_up(base * percent, PERCENT)


def paid_after(base: int, off: int, smallest: int) -> int:
    """What is left to pay, at least the smallest payment, never more than the base."""
    return min(base, max(smallest, base - off))
