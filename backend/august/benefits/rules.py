"""Who gets which benefit, for how long, and how much of it is left; all pure (S7)."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from august.benefits.words import MEMBERSHIPS
from august.festival.rules import taken_elsewhere
from august.kernel.clock import SECOND, day_start, pt_day
from august.kernel.explain import Node
from august.kernel.rulebook import RuleValues
from august.kernel.words import N_, Phrase

DAY = 86_400
HUNDREDTHS, WHOLE = 100, 1000
STARS = (1, 2, 3, 4, 5)
Kind = Literal["standing", "monthly", "campaign"]
How = Literal["automatic", "claim", "activate"]
Five = tuple[int, int, int, int, int]


class Benefit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line of S7: how much each star from 1 to 5 gets, under which conditions, and how it is had."""

    code: str
    family: Literal["identity", "search", "tools", "access", "service"]
    kind: Kind
    amounts: Five
    title: dict[str, str]
    text: dict[str, str]
    where: dict[str, str] | None = None
    how: How = "automatic"
    counted: bool = False
    by_score: bool = False
    # Memberships that get it; `members_stars` are the stars at which that matters, none named: all.
    members: tuple[str, ...] = ()
    members_stars: tuple[int, ...] = ()
    rates: Five | None = None
    # How long a campaign's benefit lasts.
    days: int | None = None

    @property
    def stars(self) -> tuple[int, ...]:
        """The stars that get it, the highest first."""
        return tuple(star for star in reversed(STARS) if self.amounts[star - 1])

    def needs_member(self, star: int) -> bool:
        """Whether the membership matters at a star."""
        return bool(self.members) and (not self.members_stars or star in self.members_stars)


class BenefitRules(RuleValues, frozen=True):
    """The table of rule S7."""

    benefits: tuple[Benefit, ...]

    def __post_init__(self) -> None:
        """Refuse a code that comes twice, and a campaign without an end."""
        codes = [each.code for each in self.benefits]
        if len(set(codes)) != len(codes):
            msg = "a benefit stands twice in the table"
            raise ValueError(msg)
        if any((each.kind == "campaign") == (each.days is None) for each in self.benefits):
            msg = "a campaign's benefit has days, no other has"
            raise ValueError(msg)


class WindowRules(RuleValues, frozen=True):
    """The numbers of rule S7-windows."""

    day: int
    notice_days: int


class StockRules(RuleValues, frozen=True):
    """The numbers of rule S7-stock: `curve` is (days since the publication, thousandths taken)."""

    stock: dict[str, int]
    curve: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        """Refuse a curve that does not rise from nothing."""
        if self.curve[0] != (0, 0) or any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(self.curve)):
            msg = "the curve of a stock must rise from 0 days and 0"
            raise ValueError(msg)


class ScoreBand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many quotes a service score from so many hundredths on brings."""

    least: int
    quantity: int


class OpportunityRules(RuleValues, frozen=True):
    """The numbers of rule S7-opportunities."""

    bands: tuple[ScoreBand, ...]

    def __post_init__(self) -> None:
        """Refuse bands that do not fall to zero."""
        least = [band.least for band in self.bands]
        if least != sorted(least, reverse=True) or least[-1] != 0:
            msg = "the bands of a score must fall and end at 0"
            raise ValueError(msg)


class ScoreRules(RuleValues, frozen=True):
    """The number of rule S7-service-score."""

    without_history: int


RULES: dict[str, type[RuleValues]] = {
    "S7": BenefitRules,
    "S7-windows": WindowRules,
    "S7-stock": StockRules,
    "S7-opportunities": OpportunityRules,
    "S7-service-score": ScoreRules,
}


class Times(msgspec.Struct, frozen=True):
    """The instants of one publication: itself, the end of its calendar month, the next one."""

    published: datetime
    month_end: datetime
    following: datetime

    @property
    def month_last(self) -> datetime:
        """The last second of the calendar month, the way the platform writes it (T3)."""
        return self.month_end - SECOND


def times_of(month: str, rules: WindowRules) -> Times:
    """When the evaluation of a PT month such as 2022-08 is published and what that opens (S7-windows)."""
    first = date.fromisoformat(f"{month}-01")
    here, after = _next_month(first), _next_month(_next_month(first))
    return Times(
        published=day_start(here.replace(day=rules.day)),
        month_end=day_start(after),
        following=day_start(after.replace(day=rules.day)),
    )


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def days_on(at: datetime, days: int) -> datetime:
    """The end of the PT day that many days after an instant's own (S7-campaign)."""
    return day_start(pt_day(at) + timedelta(days=days + 1))


class Facts(msgspec.Struct, frozen=True):
    """What a store's benefits depend on; `before` is the evaluated star before this one, if any.

    `score` is the RFQ service score in hundredths, `assumed` when there are no RFQs to tell it.
    """

    star: int
    before: int | None
    membership: str
    score: int
    assumed: bool = True


class Decision(msgspec.Struct, frozen=True):
    """Whether a store gets a benefit, how much of it where it is counted, and why."""

    granted: bool
    quantity: int | None
    why: Node


def judge(benefit: Benefit, facts: Facts, scores: OpportunityRules) -> Decision:
    """Every condition of a benefit in turn; all that fail are told (S7)."""
    conditions = [_star(benefit, facts)]
    if benefit.needs_member(facts.star):
        conditions.append(_member(benefit, facts))
    if benefit.kind == "campaign":
        conditions.append(_risen(facts))
    granted = all(node.outcome == "ok" for node in conditions)
    quantity = _quantity(benefit, facts, scores) if granted else None
    amount = _amount(benefit, facts, quantity) if granted else ()
    message = N_("You have a right to: {name}") if granted else N_("You have no right to: {name}")
    why = Node(
        message,
        {"name": benefit.title},
        rule="S7",
        children=(*conditions, *amount),
        outcome="ok" if granted else "bad",
    )
    return Decision(granted, quantity, why)


def _star(benefit: Benefit, facts: Facts) -> Node:
    stars = benefit.stars
    met = facts.star in stars
    remedy = None
    if not met:
        lower = N_("Reach {least}★ in a coming evaluation.")
        higher = N_("It is meant for lower stars; yours brings others.")
        remedy = lower if facts.star < stars[-1] else higher
    return Node(
        N_("Stars that get it: {stars}; your evaluated star: {star}★"),
        {"stars": [f"{star}★" for star in stars], "star": facts.star, "least": stars[-1]},
        rule="S7",
        outcome="ok" if met else "bad",
        remedy=remedy,
    )


def _member(benefit: Benefit, facts: Facts) -> Node:
    met = facts.membership in benefit.members
    return Node(
        N_("Memberships that get it: {members}; yours at the publication: {membership}"),
        {
            "members": [Phrase(MEMBERSHIPS[name]) for name in benefit.members],
            "membership": Phrase(MEMBERSHIPS[facts.membership]),
        },
        rule="S7",
        outcome="ok" if met else "bad",
        remedy=None if met else N_("Only a change of membership to {members} opens it."),
    )


def _risen(facts: Facts) -> Node:
    remedy = N_("Let a coming evaluation end higher than this one.")
    if facts.before is None:
        text = N_("Star-up campaign: there is no evaluation before this one to rise from")
        return Node(text, rule="S7-campaign", outcome="bad", remedy=remedy)
    met = facts.star > facts.before
    rose = N_("Star-up campaign: your star rose from {before}★ to {star}★")
    stayed = N_("Star-up campaign: your star did not rise ({before}★ before, {star}★ now)")
    return Node(
        rose if met else stayed,
        {"before": facts.before, "star": facts.star},
        rule="S7-campaign",
        outcome="ok" if met else "bad",
        remedy=None if met else remedy,
    )


def _quantity(benefit: Benefit, facts: Facts, scores: OpportunityRules) -> int | None:
    if benefit.by_score:
        return opportunities(facts.score, scores)
    return benefit.amounts[facts.star - 1] if benefit.counted else None


def opportunities(score: int, rules: OpportunityRules) -> int:
    """How many golden opportunities a service score in hundredths brings (S7-opportunities)."""
    return next(band.quantity for band in rules.bands if score >= band.least)


def _amount(benefit: Benefit, facts: Facts, quantity: int | None) -> tuple[Node, ...]:
    if benefit.by_score:
        assumed = Node(
            N_("Without RFQs in the last month the score is taken to be {score}"),
            {"score": score_text(facts.score)},
            rule="S7-service-score",
            outcome="note",
        )
        return (
            Node(
                N_("RFQ service score {score}: {quantity} quotes"),
                {"score": score_text(facts.score), "quantity": quantity},
                rule="S7-opportunities",
                children=(assumed,) if facts.assumed else (),
                outcome="note",
            ),
        )
    if benefit.rates is not None:
        rate = rate_text(benefit.rates[facts.star - 1])
        text = N_("At {star}★ the yearly rate begins at {rate}")
        return (Node(text, {"star": facts.star, "rate": rate}, outcome="note"),)
    if quantity is not None:
        text = N_("At {star}★ it comes to {quantity}")
        return (Node(text, {"star": facts.star, "quantity": quantity}, outcome="note"),)
    return ()


def score_text(hundredths: int) -> str:
    """A score as it is written: 59.99, 60."""
    return f"{hundredths / HUNDREDTHS:.2f}".rstrip("0").rstrip(".")


def rate_text(points: int) -> str:
    """A yearly rate as it is written: 9.0%, 9.72%."""
    text = f"{points / HUNDREDTHS:.2f}"
    return f"{text.removesuffix('0')}%"


def spell(benefit: Benefit, times: Times) -> tuple[datetime, datetime]:
    """From when to when a benefit holds as it is issued, or may be claimed (S7-windows, S7-rfq)."""
    if benefit.kind == "monthly":
        return times.published, times.month_end
    if benefit.days is not None and benefit.how == "automatic":
        # The day of the publication is the first of them.
        return times.published, days_on(times.published, benefit.days - 1)
    return times.published, times.following


def left_of(code: str, seconds: int, claimed: int, rules: StockRules) -> int:
    """How much of a month's stock is left when this world's stores have claimed so much (S7-stock)."""
    stock = rules.stock[code]
    return max(0, stock - taken_elsewhere(stock, seconds, rules.curve) - claimed)


def sells_out(code: str, quantity: int, claimed: int, rules: StockRules) -> int | None:
    """The first second after the publication at which less than `quantity` is left; None if never."""
    low, high = 0, rules.curve[-1][0] * DAY
    if left_of(code, high, claimed, rules) >= quantity:
        return None
    while low < high:
        middle = (low + high) // 2
        if left_of(code, middle, claimed, rules) < quantity:
            high = middle
        else:
            low = middle + 1
    return low
