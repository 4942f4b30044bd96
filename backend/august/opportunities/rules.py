"""How urgent a conversation is, what a quote means, and how much of a buyer was still there (K2, K3)."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
import numpy as np

from august.kernel.money import divide_half_up
from august.kernel.rulebook import RuleValues
from august.kernel.words import N_, Phrase

Span = tuple[float, float]
Curve = tuple[tuple[float, float], ...]
Tone = Literal["good", "", "middle", "bad"]
HOUR = 3600
TENTHS = 1000
# Longer than so many hours is told in days.
IN_DAYS = 72
DAY_HOURS = 24


class ReplyRules(RuleValues, frozen=True):
    """The numbers of rule K2-reply."""

    target_hours: int


RULES = {"K2-reply": ReplyRules}


class Waiting(msgspec.Struct, frozen=True):
    """How long somebody has waited, what that means, and from when to when the other side acts by itself."""

    hours: float
    tone: Tone
    label: Phrase
    earliest: datetime
    latest: datetime


def hours_between(start: datetime, end: datetime) -> float:
    """Hours as a plain number."""
    return (end - start).total_seconds() / HOUR


def spell(hours: float) -> Phrase:
    """A span of time as its reader says it."""
    if hours < 1:
        return Phrase(N_("{minutes} min"), {"minutes": int(hours * 60)})
    if hours < IN_DAYS:
        return Phrase(N_("{hours} h"), {"hours": round(hours, 1)})
    return Phrase(N_("{days} days"), {"days": round(hours / DAY_HOURS, 1)})


def waiting_for_store(now: datetime, last_at: datetime, waits: Span, quick: float, target: int) -> Waiting:
    """The buyer waits: in good time, past the target (K2-reply), or where buyers leave (K3-patience)."""
    hours = hours_between(last_at, now)
    if hours >= waits[0]:
        tone, words = "bad", N_("may leave at any time")
    elif hours > target:
        tone, words = "middle", N_("past the reply target")
    elif hours > quick:
        tone, words = "", N_("answer today")
    else:
        tone, words = "good", N_("in good time")
    return Waiting(
        hours,
        tone,  # type: ignore[arg-type]  # one of the four above
        Phrase(words),
        max(now, last_at + timedelta(hours=waits[0])),
        max(now, last_at + timedelta(hours=waits[1])),
    )


def waiting_for_buyer(now: datetime, last_at: datetime, answers: Span) -> Waiting:
    """The store waits."""
    return Waiting(
        hours_between(last_at, now),
        "",
        Phrase(N_("answers in {least} to {most} hours"), {"least": answers[0], "most": answers[1]}),
        max(now, last_at + timedelta(hours=answers[0])),
        max(now, last_at + timedelta(hours=answers[1])),
    )


class Margin(msgspec.Struct, frozen=True):
    """A quote beside the list price: tenths of a percent above it (below: negative), and cents."""

    quote_cents: int
    list_cents: int
    quantity: int
    permille: int
    difference_cents: int

    @property
    def total_cents(self) -> int:
        """What all pieces come to."""
        return self.quote_cents * self.quantity

    @property
    def total_difference_cents(self) -> int:
        """What the quote gains or gives away over all pieces."""
        return self.difference_cents * self.quantity

    @property
    def percent(self) -> str:
        """The distance from the list price, with its sign."""
        return signed_percent(self.permille)


def margin(quote_cents: int, list_cents: int, quantity: int) -> Margin:
    """Compare a quote with the list price at a quantity; without a list price with itself."""
    base = list_cents or quote_cents
    difference = quote_cents - base
    return Margin(quote_cents, base, quantity, divide_half_up(difference * TENTHS, base), difference)


def signed_percent(permille: int) -> str:
    """Tenths of a percent for reading: +1.5%."""
    sign = "-" if permille < 0 else "+" if permille else "±"
    return f"{sign}{abs(permille) // 10}.{abs(permille) % 10}%"


def at_value(curve: Curve, value: float) -> float:
    """The multiplier of a curve, straight between its points and level beyond its ends."""
    places, factors = zip(*curve, strict=True)
    return float(np.interp(value, places, factors))


def limit_span(list_cents: int, top: float, span: float, sensitivity: float) -> tuple[int, int]:
    """The least and the most cents that the highest price of such a buyer can be (K2-price)."""
    return max(1, int(list_cents * (top - span * sensitivity))), max(1, int(list_cents * top))
