"""What the rule of the order states says in numbers, and what follows from it: deadlines and late risk."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from august.kernel.rulebook import Rulebook, RuleValues
from august.kernel.words import N_, Phrase

Row = Mapping[str, Any]
Risk = Literal["none", "soon", "late"]
MINUTE, HOUR, DAY = 60, 3600, 86_400
PERCENT = 100
STATES_RULE = "trade.states"
# States that end by themselves, and states in which goods are still to leave.
TIMED = frozenset({"asked", "drafted", "confirmed", "arrived"})
TO_SHIP = ("producing", "part_shipped")


class OrderTerms(RuleValues, frozen=True):
    """The numbers of rule trade.states.

    `days` by state, `warn_days` before the promised shipment, the percent that is paid first unless all is,
    the days that OA terms may have, and after how many days a buyer may be sent an unasked draft again.
    """

    days: dict[str, int]
    warn_days: int
    first_percent: int
    oa_days: tuple[int, ...]
    unasked_days: int

    def __post_init__(self) -> None:
        """Refuse states that do not end, and shares that are none."""
        if self.days.keys() != TIMED or min(self.days.values()) < 1:
            msg = f"days are wanted for {', '.join(sorted(TIMED))}, one at least"
            raise ValueError(msg)
        if not 0 < self.first_percent < PERCENT or min(self.warn_days, self.unasked_days, *self.oa_days) < 1:
            msg = "the first payment is a share below a hundred percent, all days count from one"
            raise ValueError(msg)


RULES: Mapping[str, type[RuleValues]] = {STATES_RULE: OrderTerms}


def order_terms(rulebook: Rulebook, at: datetime) -> OrderTerms:
    """The numbers in force at an instant."""
    values: OrderTerms = rulebook.values(STATES_RULE, at)
    return values


def late_risk(order: Row, now: int, terms: OrderTerms) -> Risk:
    """Whether goods that are still to leave are late: at the promised second they are not yet."""
    by = order["ship_by"]
    if order["state"] not in TO_SHIP or by is None:
        return "none"
    if now > by:
        return "late"
    return "soon" if now >= by - terms.warn_days * DAY else "none"


def span(seconds: int) -> Phrase:
    """A stretch of time in its two largest units, rounded down."""
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    if days:
        return Phrase(N_("{days} d {hours} h"), {"days": days, "hours": hours})
    return Phrase(N_("{hours} h {minutes} min"), {"hours": hours, "minutes": rest // MINUTE})


def countdown(now: int, until: int) -> Phrase:
    """How long it is until an instant, or since it."""
    text = N_("{time} left") if until > now else N_("{time} ago")
    return Phrase(text, {"time": span(until - now)})
