"""The numbers of the market: how buyers find, choose, ask, buy and judge (K1, K2, K6)."""

from itertools import pairwise
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from august.kernel.rulebook import Origin

Span = tuple[float, float]
Curve = tuple[tuple[float, float], ...]
Stage = Literal["search", "click", "ask"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of demand.yaml: unknown keys are refused."""


class Crowd(Part, frozen=True):
    """Looks and clicks; percent where the name says so."""

    base: float
    slope: float
    quarters: tuple[float, float, float, float]
    prospect_percent: float
    return_percent: float
    shown: int
    store_shown: int
    click: float
    decay: float
    click_most: float
    ask: float
    ask_most: float
    inquiry_percent: float
    chat_percent: float
    tier_ask: dict[str, float]
    tier_festival: dict[str, float]
    quantities: tuple[int, ...]


class Deals(Part, frozen=True):
    """Conversations and orders; spans are hours from least to most."""

    patience: Span
    answer: Span
    agreed_patience: Span
    intent: float
    reply: Curve
    top: float
    span: float
    rounds: int
    confirm_percent: float
    unasked_percent: float
    dearer: Curve
    confirm_hours: Span
    pay_percent: float
    pay_hours: Span
    balance_hours: Span
    receive_hours: Span
    oa_pay_percent: float
    ta_percent: float
    export_percent: dict[str, float]
    terms_percent: dict[str, float]
    # How the rest of Trade Assurance orders on OA terms is paid: by a letter of credit or without one.
    lc_percent: dict[str, float]
    depart_hours: Span
    cleared_share: Span


class Trouble(Part, frozen=True):
    """Complaints and how they go."""

    grace_days: Span
    late_percent: float
    late_again_days: float
    goods: Curve
    regret_percent: float
    slip_percent: float
    correct_percent: float
    withdraw_percent: float
    take_offer: Curve
    buyer_hours: Span
    verdict_hours: Span
    offer_share: float


class ReviewHabits(Part, frozen=True):
    """Who reviews, and what an invitation lifts by days since receipt (percent)."""

    alone_percent: float
    lift: Curve
    hours: Span
    invited_hours: Span
    photo_percent: float


class Factor(Part, frozen=True):
    """A multiplier of one stage: a curve over a column that a room tells of each product."""

    name: str
    stage: Stage
    column: str
    origin: Origin
    source: str
    title: dict[str, str]
    curve: Curve

    def __post_init__(self) -> None:
        """Refuse a curve that does not rise in its values, or that a product could vanish by."""
        values = [value for value, _ in self.curve]
        if len(values) < 2 or values != sorted(set(values)) or min(each for _, each in self.curve) <= 0:  # noqa: PLR2004 - a line has two ends
            msg = f"the curve of {self.name} must rise in its values and stay above zero"
            raise ValueError(msg)


class Demand(Part, frozen=True):
    """The whole of demand.yaml."""

    crowd: Crowd
    deals: Deals
    trouble: Trouble
    reviews: ReviewHabits
    factors: tuple[Factor, ...]


def along(curve: Curve, value: float) -> float:
    """The curve's multiplier at a value; beyond its ends it stays level."""
    if value <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in pairwise(curve):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    return curve[-1][1]


def along_all(curve: Curve, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """`along` for a whole column."""
    points = np.array(curve, dtype=np.float64)
    return np.asarray(np.interp(values, points[:, 0], points[:, 1]), dtype=np.float64)


def between(span: Span, share: float) -> float:
    """The value of a span at a share of its way."""
    return span[0] + (span[1] - span[0]) * share
