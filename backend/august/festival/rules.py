"""Windows of offers as rules write them, and how much of what is given away is left; all pure (T3, K5)."""

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

    @property
    def end(self) -> datetime:
        """The first second that is too late (T3)."""
        return self.at + SECOND

    def met(self, at: datetime) -> bool:
        """Whether an instant is in time: the whole last second is (T3)."""
        return at < self.end


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


RULES: Mapping[str, type[RuleValues]] = {"K5": QuotaRules}
