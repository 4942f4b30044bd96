"""How buyers wait, answer and pay: the market's own numbers, read where pages tell of them (K6)."""

from functools import cache

import msgspec

from august.kernel.seeds import Document
from august.settings import SEEDS

FILE = SEEDS / "market" / "demand.yaml"
Span = tuple[float, float]
Curve = tuple[tuple[float, float], ...]


class Deals(msgspec.Struct, frozen=True):
    """Spans are hours from least to most; `reply` goes from hours until the first reply to a multiplier."""

    patience: Span
    answer: Span
    agreed_patience: Span
    intent: float
    reply: Curve
    top: float
    span: float
    rounds: int

    def waits(self, state: str) -> Span:
        """The hours a buyer waits for the store, in talks or once agreed."""
        return self.agreed_patience if state == "agreed" else self.patience

    @property
    def quick(self) -> float:
        """The hours within which a first reply costs no buyer."""
        return max(hours for hours, factor in self.reply if factor >= 1)


class Factor(msgspec.Struct, frozen=True):
    """A curve over a column that a room tells of each product."""

    stage: str
    column: str
    curve: Curve


class Habits(msgspec.Struct, frozen=True):
    """The part of demand.yaml that conversations live by; what else is in it is the market's alone."""

    deals: Deals
    factors: tuple[Factor, ...]

    @property
    def asking_by_reply(self) -> Curve:
        """How the average reply time of a store lifts or lowers how many visitors ask."""
        return next(each.curve for each in self.factors if each.column == "reply_hours")


@cache
def standing() -> Habits:
    """The numbers of this release, read once; SeedError names the line of what is wrong."""
    return Document(FILE, Habits).value
