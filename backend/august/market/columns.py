"""The market's view of a world: products on sale and buyers as columns, read once and kept for an advance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, bindparam, func, select

from august.catalog import taxonomy
from august.catalog.shelf import NEVER, shelf
from august.kernel.clock import day_start, pt_day
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.features import Measure
from august.kernel.luck import Mixed
from august.kernel.plain import columns_of, plain
from august.market.demand import Demand, Stage, along_all
from august.merchants.models import Buyer
from august.venue import campaign

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
STAGES: tuple[Stage, ...] = ("search", "click", "ask")
# Columns of the product table itself that curves may name; rooms add theirs as measures.
OWN = ("quality_tenths", "growth", "promised", "reached", "has_sample", "has_customization", "price_ratio")
PERCENT = 100
HOUR = 3600
# Industries that a buyer buys in at most.
TASTES = 3


@dataclass(frozen=True)
class Period:
    """The tick [start, end) in epoch seconds; `quarter` of the PT day, or None for a whole day."""

    start: int
    end: int
    quarter: int | None

    @property
    def number(self) -> int:
        """What tells this tick's draws from every other's."""
        return self.start // HOUR


@dataclass(frozen=True)
class Stalls:
    """Products on sale in the order of their leaves, with what every factor makes of them.

    Leaf `l` holds the places `first[l]` to `first[l + 1]`; `score`, `click` and `ask` are multipliers.
    """

    ids: Ints
    mixed: Mixed
    merchants: Ints
    first: Ints
    prices: Ints
    moq: Ints
    ready: npt.NDArray[np.bool_]
    columns: Mapping[str, npt.NDArray[Any]]
    score: Floats
    click: Floats
    ask: Floats
    by_store: Mapping[int, Ints]


@dataclass(frozen=True)
class Crowd:
    """Buyers in the order of their ids: `industries[i, k]` is the k-th taste, a row's `shares` sum to 100."""

    ids: Ints
    mixed: Mixed
    tiers: Sequence[str]
    countries: Sequence[str]
    thrift: Floats
    activity: Floats
    ask: Floats
    # How much more readily each asks about what stands in the festival.
    festival: Floats
    industries: Ints
    shares: Ints
    # The epoch second from which on an account is closed, far ahead for those that stay.
    closed: Ints


def leaf_codes() -> list[str]:
    """Every leaf in the order in which stalls stand."""
    return list(taxonomy.standing().leaves)


def stalls(ctx: Context, demand: Demand, measures: Mapping[str, Measure]) -> Stalls:
    """Products on sale at the last PT midnight's figures; read anew when the PT day changes.

    What is published during the day stands from the next tick on, whether or not a jump passes it at once.
    """
    day, now = pt_day(ctx.now), to_epoch(ctx.now)
    kept = ctx.kept.get("market.stalls")
    if kept is not None and kept[0] == day and now < kept[1]:
        return kept[2]  # type: ignore[no-any-return]
    published = shelf(ctx).published
    until = int(published[published > now].min(initial=NEVER))
    found = _read_stalls(ctx, demand, measures)
    ctx.kept["market.stalls"] = (day, until, found)
    return found


def _read_stalls(ctx: Context, demand: Demand, measures: Mapping[str, Measure]) -> Stalls:
    all_ = shelf(ctx)
    seen = (
        (all_.on_sale == 1) & (all_.prices > 0) & (all_.published <= to_epoch(ctx.now)) & (all_.leaves >= 0)
    )
    known = np.flatnonzero(seen)
    order = known[np.argsort(all_.leaves[known], kind="stable")]
    ids, merchants = all_.ids[order], all_.merchants[order]
    morning = replace(ctx, now=day_start(pt_day(ctx.now)))
    # K2: what stands in the festival is looked at by its campaign price.
    prices = campaign.lowered(morning, ids, all_.prices[order])
    first = np.searchsorted(all_.leaves[order], np.arange(len(leaf_codes()) + 1))
    columns: dict[str, npt.NDArray[Any]] = {
        "price_ratio": _ratios(prices, first),
        "quality_tenths": all_.quality[order],
        "growth": all_.growth[order],
        "promised": all_.promised[order],
        "reached": all_.reached[order],
        "has_sample": all_.sample[order],
        "has_customization": all_.custom[order],
    }
    named = {factor.column for factor in demand.factors}
    for name, measure in measures.items():
        if name in named:
            columns[name] = measure(morning, ids, merchants)
    made = {stage: np.ones(len(ids), dtype=np.float64) for stage in STAGES}
    for factor in demand.factors:
        made[factor.stage] *= along_all(factor.curve, columns[factor.column])
    # Rounded, so that machines which round the last bit apart still agree.
    made = {stage: np.round(values, 6) for stage, values in made.items()}
    stores = np.argsort(merchants, kind="stable")
    bounds = np.flatnonzero(np.diff(merchants[stores])) + 1
    by_store = {int(merchants[group[0]]): group for group in np.split(stores, bounds) if len(group)}
    return Stalls(
        ids=ids,
        mixed=Mixed(ids),
        merchants=merchants,
        first=first,
        prices=prices,
        moq=all_.moq[order],
        ready=all_.rts[order] == 1,
        columns=columns,
        score=made["search"],
        click=made["click"],
        ask=made["ask"],
        by_store=by_store,
    )


def _ratios(prices: Ints, first: Ints) -> Ints:
    """Each price in percent of the median of its leaf."""
    counts = np.diff(first)
    leaf = np.repeat(np.arange(len(counts)), counts)
    ranked = prices[np.lexsort((prices, leaf))]
    # The two in the middle of each leaf, one and the same when their number is odd.
    begins, held = first[:-1][counts > 0], counts[counts > 0]
    middle = (ranked[begins + (held - 1) // 2] + ranked[begins + held // 2]) / 2
    medians = np.repeat(np.maximum(middle, 1.0), held)
    return np.asarray(prices * PERCENT // medians, dtype=np.int64)


def crowd(ctx: Context, demand: Demand) -> Crowd:
    """All buyers; they stay as they are during an advance."""
    found = ctx.kept.get("market.crowd")
    if found is None:
        found = ctx.kept["market.crowd"] = _read_crowd(ctx, demand)
    return found


def _read_crowd(ctx: Context, demand: Demand) -> Crowd:
    ids, tiers, countries, thrift, activity, closed, tastes = columns_of(
        ctx.session.connection(), _buyers(), {"never": NEVER}
    )
    kinds = list(dict.fromkeys(tastes))
    order = {taste: place for place, taste in enumerate(kinds)}
    of = np.array([order[taste] for taste in tastes], dtype=np.int64)
    industries, shares = _tastes(kinds)
    numbers = np.array(ids, dtype=np.int64)
    return Crowd(
        ids=numbers,
        mixed=Mixed(numbers),
        tiers=tiers,
        countries=countries,
        thrift=np.array(thrift, dtype=np.float64),
        activity=np.array(activity, dtype=np.float64),
        ask=np.array([demand.crowd.tier_ask[tier] for tier in tiers], dtype=np.float64),
        festival=np.array([demand.crowd.tier_festival[tier] for tier in tiers], dtype=np.float64),
        industries=industries[of],
        shares=shares[of],
        closed=np.array(closed, dtype=np.int64),
    )


@cache
def _buyers() -> Select[Any]:
    """Every buyer by its number, the preferences as text."""
    table = plain(Buyer)
    return select(
        table.c.id, table.c.tier, table.c.country, table.c.price_sensitivity, table.c.activity,
        func.coalesce(table.c.closed_at, bindparam("never")), table.c.preferences,
    ).order_by(table.c.id)  # fmt: skip


def _tastes(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Places of the industries that somebody of such preferences likes most, and their shares."""
    places = {code: place for place, code in enumerate(taxonomy.standing().industries)}
    industries = np.zeros((len(texts), TASTES), dtype=np.int64)
    shares = np.zeros((len(texts), TASTES), dtype=np.int64)
    for i, text in enumerate(texts):
        liked = msgspec.json.decode(text, type=dict[str, int])
        for k, (code, share) in enumerate(sorted(liked.items(), key=lambda one: (-one[1], one[0]))[:TASTES]):
            industries[i, k], shares[i, k] = places[code], share
    return industries, shares


@dataclass(frozen=True)
class Store:
    """A store as the market knows it: who decides for it, chore by chore (None: a person)."""

    id: int
    is_player: bool
    policies: Mapping[str, str | None]


def today_began(now: datetime) -> int:
    """The last PT midnight in epoch seconds."""
    return to_epoch(day_start(pt_day(now)))
