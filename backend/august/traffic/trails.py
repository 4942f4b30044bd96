"""Packed ticks as columns: who saw and visited what of some products, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from august.kernel.clock import pt_day
from august.kernel.columns import from_epoch

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
    """What happened to `products` in ticks that lie inside the days; each tick's `start` is an epoch second."""
    starts = np.array([tick.start for tick in ticks], dtype=np.int64)
    place = np.array([(pt_day(from_epoch(tick.start)) - first).days for tick in ticks], dtype=np.int64)
    visits = [len(tick.visit_buyer) for tick in ticks]
    shown = [len(tick.seen_product) for tick in ticks]
    product, seen = _column(ticks, "visit_product"), _column(ticks, "seen_product")
    whole = Trail(
        first=first,
        days=days,
        at=np.repeat(starts, visits) + _column(ticks, "visit_second"),
        buyer=_column(ticks, "visit_buyer"),
        product=product,
        source=_column(ticks, "visit_source"),
        day=np.repeat(place, visits),
        seen_product=seen,
        seen_count=_column(ticks, "seen_count"),
        seen_day=np.repeat(place, shown),
    )
    return whole.cut(np.isin(product, products), np.isin(seen, products))


def _column(ticks: Sequence[Any], name: str) -> Ints:
    return np.concatenate([NONE, *(getattr(tick, name) for tick in ticks)])
