"""Visitors of stores, and those of them who made an opportunity afterwards (S5)."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from august.kernel.clock import last_days
from august.kernel.columns import to_epoch
from august.stars import reads
from august.stars.cut import BUYERS, Cut
from august.traffic.models import SOURCES, TrafficTick

Ints = npt.NDArray[np.int64]
PROSPECT = SOURCES.index("platform_prospect")


def converted(cut: Cut) -> Mapping[str, Ints]:
    """Visits, visitors and converted visitors of the last 30 days, with and without platform prospects.

    A visitor counts as converted when an opportunity follows the first visit of the window, in the same
    second at the earliest. `own` leaves out visits that the platform's prospect acquisition brought, and
    opportunities that came of them.
    """
    stores, buyers, seconds, sources = _visits(cut)
    acts = _acts(cut)
    made = {"visits": cut.tally(stores)}
    for name, kept, done in (
        ("", np.ones(len(stores), dtype=bool), acts),
        ("own_", sources != PROSPECT, tuple(column[acts[3] != PROSPECT] for column in acts)),
    ):
        pairs, first = np.unique(stores[kept] * BUYERS + buyers[kept], return_index=True)
        began = seconds[kept][first]
        last = _last_act(done, pairs)
        made[f"{name}visitors"] = cut.tally(pairs // BUYERS)
        made[f"{name}converted"] = cut.tally((pairs // BUYERS)[last >= began])
    return made


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


def _visits(cut: Cut) -> tuple[Ints, Ints, Ints, Ints]:
    """Store, buyer, epoch second and source of every visit, in the order of their instants."""
    goods, owners = cut.numbers(reads.owned)
    span = last_days(30, cut.at)
    ticks = cut.ctx.session.execute(
        select(
            TrafficTick.start, TrafficTick.visit_buyer, TrafficTick.visit_product,
            TrafficTick.visit_second, TrafficTick.visit_source,
        )
        .where(TrafficTick.start >= span.start, TrafficTick.start < span.end)
        .order_by(TrafficTick.start)
    ).all()  # fmt: skip
    if not ticks or not len(goods):
        none = np.zeros(0, dtype=np.int64)
        return none, none, none, none
    starts = np.repeat([to_epoch(tick[0]) for tick in ticks], [len(tick[1]) for tick in ticks])
    buyers, products, seconds, sources = (
        np.concatenate([tick[place] for tick in ticks]).astype(np.int64) for place in range(1, 5)
    )
    places = np.searchsorted(goods, products).clip(max=len(goods) - 1)
    mine = goods[places] == products
    return owners[places[mine]], buyers[mine], (starts + seconds)[mine], sources[mine]


def _acts(cut: Cut) -> tuple[Ints, ...]:
    """Store, buyer, epoch second and source of every opportunity of the window: talks and direct orders."""
    source = {name: number for number, name in enumerate(SOURCES)}
    names, *talks = cut.columns(reads.acts)
    _, *placed = cut.columns(reads.direct)
    found = [np.array((*talk, *order), dtype=np.int64) for talk, order in zip(talks, placed, strict=True)]
    came = [source[name] for name in names] + [-1] * len(placed[0])
    return (*found, np.array(came, dtype=np.int64))
