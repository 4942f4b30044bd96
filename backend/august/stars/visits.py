"""Visitors of stores, and those of them who made an opportunity afterwards (S5)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, bindparam, select

from august.kernel.clock import day_start, pt_day
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.plain import plain, tuples
from august.stars import reads
from august.stars.cut import BUYERS, Cut
from august.traffic.models import SOURCES, TrafficTick

WINDOW = 30
COLUMNS = 5
Ints = npt.NDArray[np.int64]
NONE: Ints = np.zeros(0, dtype=np.int64)
PROSPECT = SOURCES.index("platform_prospect")


def converted(cut: Cut) -> Mapping[str, Ints]:
    """Visits, visitors and converted visitors of the last 30 days, with and without platform prospects.

    A visitor counts as converted when an opportunity follows the first visit of the window, in the same
    second at the earliest. `own` leaves out visits that the platform's prospect acquisition brought, and
    opportunities that came of them.
    """
    seen, acts = visits(cut), opportunities(cut)
    made = {"visits": cut.tally(seen[0])}
    for name, kept, done in (("", seen, acts), ("own_", without_prospects(seen), without_prospects(acts))):
        pairs, began, last = guests(kept, done)
        made[f"{name}visitors"] = cut.tally(pairs // BUYERS)
        made[f"{name}converted"] = cut.tally((pairs // BUYERS)[last >= began])
    return made


def without_prospects(columns: tuple[Ints, ...]) -> tuple[Ints, ...]:
    """Visits or opportunities that the platform's prospect acquisition did not bring."""
    return tuple(column[columns[3] != PROSPECT] for column in columns)


def guests(seen: tuple[Ints, ...], acts: tuple[Ints, ...]) -> tuple[Ints, Ints, Ints]:
    """Pairs of store and visitor, the second of the first visit, that of the last opportunity or -1."""
    pairs, first = np.unique(seen[0] * BUYERS + seen[1], return_index=True)
    return pairs, seen[2][first], _last_act(acts, pairs)


def _last_act(acts: tuple[Ints, ...], pairs: Ints) -> Ints:
    """For each pair of store and buyer the last opportunity's second, -1 without one."""
    found = np.full(len(pairs), -1, dtype=np.int64)
    if not len(pairs):
        return found
    keys = acts[0] * BUYERS + acts[1]
    places = np.searchsorted(pairs, keys).clip(max=len(pairs) - 1)
    known = pairs[places] == keys
    np.maximum.at(found, places[known], acts[2][known])
    return found


def visits(cut: Cut) -> tuple[Ints, ...]:
    """Store, buyer, epoch second, source and product of every visit, in the order of their instants.

    Days of an advance follow each other: what was read for one is kept for the next.
    """
    today = pt_day(cut.at)
    days = [today - timedelta(days=back) for back in range(WINDOW, 0, -1)]
    kept: dict[date, tuple[Ints, ...]] = cut.ctx.kept.setdefault(f"stars.visits.{cut.one}", {})
    missing = next((day for day in days if day not in kept), None)
    if missing is not None:
        kept.update(_read(cut, missing, today))
    for old in [day for day in kept if day < days[0]]:
        del kept[old]
    return tuple(np.concatenate([kept[day][place] for day in days]) for place in range(COLUMNS))


def _read(cut: Cut, first: date, today: date) -> dict[date, tuple[Ints, ...]]:
    """The visits of each day from `first` to before `today`."""
    goods, owners = cut.numbers(reads.owned)
    span = {"start": to_epoch(day_start(first)), "end": to_epoch(day_start(today))}
    ticks = tuples(cut.ctx.session.connection(), _ticks(), span)
    buyers, products, seconds, sources = (
        np.concatenate([NONE, *(tick[place] for tick in ticks)]) for place in range(1, 5)
    )
    starts, sizes = [tick[0] for tick in ticks], [len(tick[1]) for tick in ticks]
    begun = np.repeat(_ints(starts), sizes)
    passed = np.repeat(_ints((pt_day(from_epoch(start)) - first).days for start in starts), sizes)
    mine, stores = _owned(products, goods, owners)
    columns = [column[mine] for column in (stores, buyers, seconds + begun, sources, products)]
    days = range((today - first).days)
    # Ticks come in the order of their days.
    edges = np.searchsorted(passed[mine], days[1:])
    parts = zip(*(np.split(column, edges) for column in columns), strict=True)
    # Copies: a day that is forgotten is not to be held in memory by the others.
    return {
        first + timedelta(days=day): tuple(column.copy() for column in part)
        for day, part in zip(days, parts, strict=True)
    }


def _owned(products: Ints, goods: Ints, owners: Ints) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Which of these products are among the goods of known owners, and the owner of each that is."""
    if not len(goods):
        return np.zeros(len(products), dtype=bool), products
    places = np.searchsorted(goods, products).clip(max=len(goods) - 1)
    return goods[places] == products, owners[places]


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)


@cache
def _ticks() -> Select[Any]:
    """When each tick from `start` to before `end` began, and its visits."""
    table = plain(TrafficTick).c
    asked = select(
        table.start, table.visit_buyer, table.visit_product, table.visit_second, table.visit_source
    )
    inside = table.start >= bindparam("start"), table.start < bindparam("end")
    return asked.where(*inside).order_by(table.start)


def opportunities(cut: Cut) -> tuple[Ints, ...]:
    """Store, buyer, epoch second and source of every opportunity of the window: talks and direct orders."""
    source = {name: number for number, name in enumerate(SOURCES)}
    names, *talks = cut.columns(reads.acts)
    _, *placed = cut.columns(reads.direct)
    found = [np.array((*talk, *order), dtype=np.int64) for talk, order in zip(talks, placed, strict=True)]
    came = [source[name] for name in names] + [-1] * len(placed[0])
    return (*found, np.array(came, dtype=np.int64))
