"""Packed ticks as columns: who saw and visited what of some products, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from august.kernel.clock import pt_day
from august.kernel.columns import Vector, from_epoch

Ints = npt.NDArray[np.int64]
NONE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Trail:
    """Visits and exposures of some products over `days` PT days from `first` on (T4).

    Visit i was `buyer[i]` on `product[i]` at epoch second `at[i]`, by `SOURCES[source[i]]`, on day
    `first + day[i]`; visits are in order of their instants. `seen_product[i]` was shown `seen_count[i]`
    times on day `seen_day[i]`.
    """

    first: date
    days: int
    at: Ints
    buyer: Ints
    product: Ints
    source: Ints
    day: Ints
    seen_product: Ints
    seen_count: Ints
    seen_day: Ints

    def part(self, start: int, stop: int) -> "Trail":
        """Days `start` to `stop` alone, still counted from the same first day."""
        visits = (self.day >= start) & (self.day < stop)
        return self.cut(visits, (self.seen_day >= start) & (self.seen_day < stop))

    def of(self, product: int) -> "Trail":
        """One product alone."""
        return self.cut(self.product == product, self.seen_product == product)

    def cut(self, visits: npt.NDArray[np.bool_], seen: npt.NDArray[np.bool_]) -> "Trail":
        """Only the visits and exposures that are marked."""
        return replace(
            self,
            **{name: getattr(self, name)[visits] for name in ("at", "buyer", "product", "source", "day")},
            **{name: getattr(self, name)[seen] for name in ("seen_product", "seen_count", "seen_day")},
        )


def unpack(ticks: Sequence[Any], products: Ints, first: date, days: int) -> Trail:
    """What happened to `products` in these ticks, whose `start` is an epoch second."""
    starts = np.array([tick.start for tick in ticks], dtype=np.int64)
    place = np.array([(pt_day(from_epoch(tick.start)) - first).days for tick in ticks], dtype=np.int64)
    product, seen = _column(ticks, "visit_product"), _column(ticks, "seen_product")
    # Few of all visits are the store's: cut first, widen afterwards.
    visits = np.flatnonzero(np.isin(product, products))
    shown = np.flatnonzero(np.isin(seen, products))
    tick = _owner([len(each.visit_product) for each in ticks], visits)
    return Trail(
        first=first,
        days=days,
        at=starts[tick] + _column(ticks, "visit_second")[visits],
        buyer=_wide(_column(ticks, "visit_buyer")[visits]),
        product=_wide(product[visits]),
        source=_wide(_column(ticks, "visit_source")[visits]),
        day=place[tick],
        seen_product=_wide(seen[shown]),
        seen_count=_wide(_column(ticks, "seen_count")[shown]),
        seen_day=place[_owner([len(each.seen_product) for each in ticks], shown)],
    )


def _column(ticks: Sequence[Any], name: str) -> Vector:
    return np.concatenate([getattr(tick, name) for tick in ticks]) if ticks else NONE


def _owner(counts: Sequence[int], entries: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Which tick each entry of the ticks' joined columns belongs to."""
    return np.searchsorted(np.cumsum(np.array(counts, dtype=np.int64)), entries, side="right")


def _wide(column: Vector) -> Ints:
    return column.astype(np.int64)
