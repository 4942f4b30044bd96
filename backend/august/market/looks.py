"""Looks, exposures, clicks and questions of one tick, all in columns (K1, K2, K4)."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from august.catalog import taxonomy
from august.kernel.luck import Luck
from august.market.columns import Crowd, Floats, Ints, Period, Stalls, leaf_codes
from august.market.demand import Demand

PERCENT = 100
SEARCH, RECOMMENDED, STORE, PROSPECT = range(4)


@dataclass(frozen=True)
class Visits:
    """What one tick brought: exposures by stall place, visits in order of their instants, and who asked.

    `buyer` and `place` index crowd and stalls; `second` counts from the tick's start.
    """

    seen: Ints
    buyer: Ints
    place: Ints
    second: Ints
    source: Ints
    asks: npt.NDArray[np.bool_]


@cache
def leaf_bounds() -> Ints:
    """For each industry the leaves it holds: industry i has the leaves bounds[i] to bounds[i + 1]."""
    tree = taxonomy.standing()
    codes = list(tree.industries)
    industry = [codes.index(tree.leaves[code].industry) for code in leaf_codes()]
    if industry != sorted(industry):
        raise ValueError("the leaves of an industry must stand together")
    return np.asarray(np.searchsorted(np.array(industry), np.arange(len(codes) + 1)), dtype=np.int64)


def look(crowd: Crowd, stalls: Stalls, known: Ints, demand: Demand, luck: Luck, period: Period) -> Visits:
    """Who looks in a tick, at what, and who asks; `known[i]` is the store buyer i bought from, or 0.

    Every draw is keyed by the buyer, the tick and the product, so that a change of one product moves no
    other draw.
    """
    numbers, number, quarter = demand.crowd, period.number, period.quarter
    share = sum(numbers.quarters) if quarter is None else numbers.quarters[quarter]
    rate = (numbers.base + numbers.slope * crowd.activity) * share
    awake = crowd.closed > period.start
    active = np.flatnonzero(awake & (luck.uniforms("look", crowd.mixed, number) < rate))
    if not len(active) or not len(stalls.ids):
        return _nothing(len(stalls.ids))
    who, told = crowd.ids[active], crowd.mixed[active]
    back = (known[active] > 0) & (
        luck.integers("look.back", told, number, below=PERCENT) < numbers.return_percent
    )
    prospect = luck.integers("look.prospect", told, number, below=PERCENT) < numbers.prospect_percent
    source = np.where(back, STORE, np.where(prospect, PROSPECT, SEARCH))
    pairs, places = _candidates(active, np.where(back, known[active], 0), crowd, stalls, luck, number)
    if not len(pairs):
        return _nothing(len(stalls.ids))
    # A race: each candidate's odds times its score; the best are shown, in that order.
    draw = luck.uniforms("look.race", told[pairs], number, stalls.mixed[places])
    strength = stalls.score[places] * (draw / (1.0 - draw))
    order = np.lexsort((-strength, pairs))
    pairs, places = pairs[order], places[order]
    begins = np.r_[0, np.flatnonzero(np.diff(pairs)) + 1]
    rank = np.arange(len(pairs)) - np.repeat(begins, np.diff(np.r_[begins, len(pairs)]))
    shown = rank < np.where(back[pairs], numbers.store_shown, numbers.shown)
    pairs, places, rank = pairs[shown], places[shown], rank[shown]
    seen = np.bincount(places, minlength=len(stalls.ids))
    fading = _powers(numbers.decay, numbers.shown)
    chance = np.minimum(numbers.click * fading[rank] * stalls.click[places], numbers.click_most)
    # Somebody who comes back to a store came for something.
    chance = np.where(back[pairs], np.minimum(chance * 2.5, numbers.click_most), chance)
    clicked = luck.uniforms("look.click", told[pairs], number, stalls.mixed[places]) < chance
    pairs, places = pairs[clicked], places[clicked]
    second = np.asarray(
        luck.uniforms("look.second", told[pairs], number, stalls.mixed[places]) * (period.end - period.start),
        dtype=np.int64,
    )
    # F1: what the festival gives to a tier draws that tier to the goods of its venue.
    drawn = np.where(stalls.columns["venue"][places] > 0, crowd.festival[active[pairs]], 1.0)
    wish = np.minimum(numbers.ask * stalls.ask[places] * crowd.ask[active[pairs]] * drawn, numbers.ask_most)
    asks = luck.uniforms("look.ask", told[pairs], number, stalls.mixed[places]) < wish
    order = np.lexsort((stalls.ids[places], who[pairs], second))
    buyers, places, asks = active[pairs][order], places[order], asks[order]
    return Visits(
        seen,
        buyers,
        places,
        second[order],
        source[pairs][order],
        _first_of_store(buyers, places, asks, stalls),
    )


def _nothing(stalls: int) -> Visits:
    none = np.zeros(0, dtype=np.int64)
    return Visits(np.zeros(stalls, dtype=np.int64), none, none, none, none, none.astype(bool))


def _powers(base: float, count: int) -> Floats:
    """1, base, base squared, … by plain multiplication."""
    return np.asarray(np.cumprod(np.r_[1.0, np.full(max(0, count - 1), base)]), dtype=np.float64)


def _candidates(
    active: Ints, home: Ints, crowd: Crowd, stalls: Stalls, luck: Luck, number: int
) -> tuple[Ints, Ints]:
    """All (look, stall) pairs: the leaf a search is about, or all of the store `home` one returns to."""
    told = crowd.mixed[active]
    bounds = np.cumsum(crowd.shares[active], axis=1)
    roll = luck.integers("look.taste", told, number, below=PERCENT)
    taste = (roll[:, None] >= bounds).sum(axis=1).clip(max=crowd.industries.shape[1] - 1)
    industry = crowd.industries[active, taste]
    leaves = leaf_bounds()
    low, high = leaves[industry], leaves[industry + 1]
    leaf = low + np.asarray(luck.uniforms("look.leaf", told, number) * (high - low), dtype=np.int64)
    start, count = stalls.first[leaf], stalls.first[leaf + 1] - stalls.first[leaf]
    count = np.where(home > 0, 0, count)
    pairs = np.repeat(np.arange(len(active)), count)
    offset = np.arange(len(pairs)) - np.repeat(np.cumsum(count) - count, count)
    places = np.repeat(start, count) + offset
    returning = np.flatnonzero(home)
    rooms = [stalls.by_store.get(int(home[i]), np.zeros(0, dtype=np.int64)) for i in returning]
    if rooms:
        pairs = np.concatenate([pairs, np.repeat(returning, [len(room) for room in rooms])])
        places = np.concatenate([places, *rooms])
    return pairs, places


def _first_of_store(
    buyers: Ints, places: Ints, asks: npt.NDArray[np.bool_], stalls: Stalls
) -> npt.NDArray[np.bool_]:
    """A buyer asks a store once a tick: the first question stands."""
    found = np.flatnonzero(asks)
    pair = buyers[found] * (int(stalls.merchants.max(initial=0)) + 1) + stalls.merchants[places[found]]
    _, first = np.unique(pair, return_index=True)
    kept = np.zeros(len(asks), dtype=bool)
    kept[found[first]] = True
    return kept
