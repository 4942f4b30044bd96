"""Who visited, how often, and what they did afterwards: columns in, columns out (S5)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from august.traffic.models import SOURCES
from august.traffic.trails import NONE, Ints, Trail

# How far a visitor went, each step holding those before it.
STAGES = ("looked", "asked", "ordered", "paid")
LOOKED, ASKED, ORDERED, PAID = range(4)


@dataclass(frozen=True)
class Deeds:
    """What buyers did: at epoch second `at[i]` `buyer[i]` reached `stage[i]` over `product[i]`."""

    buyer: Ints
    product: Ints
    at: Ints
    stage: Ints

    def cut(self, kept: npt.NDArray[np.bool_]) -> "Deeds":
        """Only the marked ones."""
        return Deeds(self.buyer[kept], self.product[kept], self.at[kept], self.stage[kept])


NO_DEEDS = Deeds(NONE, NONE, NONE, NONE)


@dataclass(frozen=True)
class Visitors:
    """An entry a buyer, by number: visits, products seen, the last visit and its product, sources, stage.

    `sources` has bit i set when one of the visits came by `SOURCES[i]`; `stage` is the furthest step of
    STAGES that was taken at or after the first visit.
    """

    buyer: Ints
    visits: Ints
    products: Ints
    last: Ints
    last_product: Ints
    sources: Ints
    stage: Ints

    def __len__(self) -> int:
        return len(self.buyer)

    def take(self, places: npt.NDArray[np.integer]) -> "Visitors":
        """These entries, in this order."""
        return Visitors(*(getattr(self, name)[places] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Shown:
    """An entry a product: exposures, visits, different visitors, and those who then asked or ordered."""

    product: Ints
    exposures: Ints
    visits: Ints
    visitors: Ints
    opportunities: Ints


@dataclass(frozen=True)
class Daily:
    """An entry a day: exposures, visits, different visitors."""

    exposures: Ints
    visits: Ints
    visitors: Ints


def gather(trail: Trail, deeds: Deeds) -> Visitors:
    """Everybody who visited, in the order of their numbers."""
    buyers, place = np.unique(trail.buyer, return_inverse=True)
    # Visits are in order of their instants: the last one of each buyer is the last of its group.
    order = np.argsort(place, kind="stable")
    final = order[np.r_[np.flatnonzero(np.diff(place[order])), len(order) - 1]] if len(order) else order
    sources = np.zeros(len(buyers), dtype=np.int64)
    for number in range(len(SOURCES)):
        sources[np.unique(place[trail.source == number])] |= 1 << number
    pairs = np.unique(np.stack([place, trail.product]), axis=1)[0] if len(place) else place
    return Visitors(
        buyer=buyers,
        visits=np.bincount(place, minlength=len(buyers)),
        products=np.bincount(pairs, minlength=len(buyers)),
        last=trail.at[final],
        last_product=trail.product[final],
        sources=sources,
        stage=_furthest(buyers, _first(place, trail.at, len(buyers)), deeds.buyer, deeds),
    )


def per_product(trail: Trail, deeds: Deeds, products: Ints) -> Shown:
    """What came of each product's exposures; `products` rise."""
    count = len(products)
    span = int(products.max(initial=0)) + 1
    keys, place = np.unique(trail.buyer * span + trail.product, return_inverse=True)
    known = np.isin(deeds.product, products)
    stage = _furthest(
        keys,
        _first(place, trail.at, len(keys)),
        (deeds.buyer * span + deeds.product)[known],
        deeds.cut(known),
    )
    whose = np.searchsorted(products, keys % span)
    return Shown(
        product=products,
        exposures=_summed(np.searchsorted(products, trail.seen_product), trail.seen_count, count),
        visits=np.bincount(np.searchsorted(products, trail.product), minlength=count),
        visitors=np.bincount(whose, minlength=count),
        opportunities=np.bincount(whose[stage >= ASKED], minlength=count),
    )


def per_day(trail: Trail) -> Daily:
    """What each day of the trail brought."""
    span = int(trail.buyer.max(initial=0)) + 1
    return Daily(
        exposures=_summed(trail.seen_day, trail.seen_count, trail.days),
        visits=np.bincount(trail.day, minlength=trail.days),
        visitors=np.bincount(np.unique(trail.day * span + trail.buyer) // span, minlength=trail.days),
    )


def _summed(place: Ints, values: Ints, count: int) -> Ints:
    """Whole sums by place."""
    found = np.zeros(count, dtype=np.int64)
    np.add.at(found, place, values)
    return found


def _first(place: Ints, at: Ints, count: int) -> Ints:
    found = np.full(count, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(found, place, at)
    return found


def _furthest(keys: Ints, first: Ints, deed_keys: Ints, deeds: Deeds) -> Ints:
    """For each key the furthest step taken at or after its first visit."""
    stage = np.zeros(len(keys), dtype=np.int64)
    if len(keys) and len(deed_keys):
        place = np.searchsorted(keys, deed_keys).clip(max=len(keys) - 1)
        counts = (keys[place] == deed_keys) & (deeds.at >= first[place])
        np.maximum.at(stage, place[counts], deeds.stage[counts])
    return stage
