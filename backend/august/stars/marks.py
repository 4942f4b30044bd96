"""Which rows count as what: marks over the columns that are read, shared by counts and their evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from august.growth.queries import measure
from august.kernel.columns import looked_up
from august.showcase.queries import shown
from august.stars import reads
from august.stars.cut import BUYERS, Cut, Ints
from august.stars.reads import DAY, TRACE_SECONDS

Bools = npt.NDArray[np.bool_]
HIGH_GROWTH = 80
STRONG = 160
KINDS: Mapping[str, int] = {"custom": 0, "rts": 1}


def ints(column: Sequence[Any]) -> Ints:
    """A column of whole numbers."""
    return np.array(column, dtype=np.int64)


@dataclass(frozen=True)
class Goods:
    """Products on sale as they stand."""

    leaves: Sequence[str]
    ids: Ints
    stores: Ints
    rts: Ints
    growth: Ints
    quality: Ints
    able: Ints
    on_show: Bools

    def of(self, track: str) -> Bools:
        """Those of a track."""
        return np.asarray(self.rts == KINDS[track])

    @cached_property
    def power(self) -> Ints:
        """Growth and quality in equal parts, 0 to 200."""
        return self.growth + 2 * self.quality

    @cached_property
    def high(self) -> Bools:
        """Those of high growth."""
        return self.growth >= HIGH_GROWTH

    @cached_property
    def strong(self) -> Bools:
        """Those of high power."""
        return self.power >= STRONG

    @cached_property
    def tradable(self) -> Bools:
        """RTS products with a price that reach some country."""
        return np.asarray(self.of("rts") & (self.able == 1))


def goods(cut: Cut) -> Goods:
    """Products on sale; a live cut takes growth scores as they would be made now."""
    leaves, *numbers = cut.columns(reads.goods)
    ids, stores, rts, growth, quality, able = (ints(column) for column in numbers)
    if cut.live:
        known, _, scores = measure(cut.ctx, cut.one)
        growth = looked_up(known, scores, ids, 0)
    return Goods(leaves, ids, stores, rts, growth, quality, able, np.isin(ids, shown(cut.ctx)[1]))


@dataclass(frozen=True)
class Talks:
    """Inquiries and chats: who asked when, and when the first answer came."""

    cut: Cut
    tiers: Sequence[str]
    stores: Ints
    buyers: Ints
    written: Ints
    at: Ints
    replied: Ints

    @cached_property
    def inside(self) -> Bools:
        """Those of the last 30 days."""
        return self.at >= self.cut.month

    @cached_property
    def answered(self) -> Bools:
        """Those whose first answer came in the last 30 days."""
        return (self.replied >= self.cut.month) & (self.replied < self.cut.end)

    @cached_property
    def asked(self) -> Bools:
        """Those whose first day ended in the last 30 days."""
        return (self.at >= self.cut.month - DAY) & (self.at < self.cut.end - DAY)

    @cached_property
    def in_day(self) -> Bools:
        """Those answered within a day."""
        return self.wait <= DAY

    @cached_property
    def wait(self) -> Ints:
        """Seconds from the question to the first answer."""
        return self.replied - self.at


def talks(cut: Cut, columns: Sequence[Sequence[Any]]) -> Talks:
    """What `reads.talks` selected."""
    tiers, *numbers = columns
    return Talks(cut, tiers, *(ints(column) for column in numbers))


@dataclass(frozen=True)
class Deals:
    """Orders by their steps; one that was not taken is never."""

    cut: Cut
    stores: Ints
    buyers: Ints
    rts: Ints
    drafted: Ints
    paid: Ints
    by: Ints
    shipped: Ints
    closed: Ints
    failed: Ints

    def of(self, track: str) -> Bools:
        """Those of a track."""
        return np.asarray(self.rts == KINDS[track])

    @cached_property
    def made(self) -> Bools:
        """Drafted in the last 90 days."""
        return self.drafted >= self.cut.quarter

    @cached_property
    def settled(self) -> Bools:
        """Paid before the cut."""
        return self.paid < self.cut.end

    @cached_property
    def recent(self) -> Bools:
        """Paid in the last 90 days."""
        return self.settled & (self.paid >= self.cut.quarter)

    @cached_property
    def bought(self) -> Bools:
        """Paid in the last 365 days."""
        return self.settled & (self.paid >= self.cut.year)

    @cached_property
    def pairs(self) -> Ints:
        """Store and buyer in one number."""
        return self.stores * BUYERS + self.buyers

    @cached_property
    def times(self) -> Ints:
        """How many orders of this store each order's buyer paid in the last 365 days."""
        known, found = np.unique(self.pairs[self.bought], return_counts=True)
        return looked_up(known, found, self.pairs, 0)

    @cached_property
    def loyal(self) -> Bools:
        """Those of buyers who paid more than once in the last 365 days."""
        return self.times > 1

    @cached_property
    def awaited(self) -> Bools:
        """To be shipped by a day of the last 90."""
        return (self.by >= self.cut.quarter) & (self.by < self.cut.end)

    @cached_property
    def given_up(self) -> Bools:
        """Ended without shipment before it was due: nobody waited for it."""
        return np.asarray((self.failed == 1) & (self.closed <= self.by))

    @cached_property
    def due(self) -> Bools:
        """Due in the last 90 days and not given up before."""
        return self.awaited & ~self.given_up

    @cached_property
    def punctual(self) -> Bools:
        """Due and shipped in time."""
        return self.due & (self.shipped <= self.by) & (self.shipped < self.cut.end)


def deals(cut: Cut, columns: Sequence[Sequence[Any]]) -> Deals:
    """What `reads.deals` selected."""
    return Deals(cut, *(ints(column) for column in columns))


def traced(left: Ints) -> Bools:
    """Whether shipments departed soon enough, by the seconds it took."""
    return np.asarray(left <= TRACE_SECONDS)
