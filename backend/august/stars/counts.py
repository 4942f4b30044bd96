"""What is counted of stores for their stars: columns over all or one of them, up to a PT midnight."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from august.catalog import taxonomy
from august.growth.queries import measure
from august.kernel.columns import looked_up
from august.kernel.context import Context
from august.showcase.queries import shown
from august.stars import reads
from august.stars.cut import BUYERS, Cut, Ints
from august.stars.inputs import INPUTS, LABELS, PROFESSIONAL, SERVICES, TIERS
from august.stars.reads import DAY, TRACE_SECONDS
from august.stars.visits import converted
from august.verified.queries import strengths

HIGH_GROWTH = 80
STRONG = 160
DIMENSIONS = 3
# Who the old labels of 5.0 belonged to.
LEGACY = {"L4": "gold", "L3": "blue"}


def counts(
    ctx: Context, at: datetime, store: int | None = None, *, live: bool = False
) -> tuple[Ints, dict[str, Ints]]:
    """The ids of the stores in rising order, and every column of INPUTS over them, as of PT midnight `at`.

    `live` takes growth scores as they would be made now, not those of the last midnight.
    """
    cut = Cut(ctx, at, store, live=live)
    found = {name: np.zeros(len(cut.ids), dtype=np.int64) for name in INPUTS}
    for part in (_goods, _talks, _deals, _money, _service, _proofs, converted):
        found |= part(cut)
    return cut.ids, found


def _ints(column: tuple[Any, ...]) -> Ints:
    return np.array(column, dtype=np.int64)


def _goods(cut: Cut) -> Mapping[str, Ints]:
    """Products on sale as they stand, and the industry most of them belong to."""
    leaves, *numbers = cut.columns(reads.goods)
    ids, stores, rts, growth, quality, able = (_ints(column) for column in numbers)
    if cut.live:
        known, _, scores = measure(cut.ctx, cut.one)
        growth = looked_up(known, scores, ids, 0)
    ready, power = rts == 1, growth + 2 * quality
    made = {
        "industry": _industries(cut, stores, leaves),
        "custom_products": cut.tally(stores[~ready]),
        "custom_growth": cut.tally(stores[~ready], growth[~ready]),
        "custom_power": cut.tally(stores[~ready], power[~ready]),
        "rts_tradable": cut.tally(stores[ready & (able == 1)]),
    }
    on_show = np.isin(ids, shown(cut.ctx)[1])
    high, strong = growth >= HIGH_GROWTH, power >= STRONG
    for track, kind in (("custom", ~ready), ("rts", ready)):
        made[f"{track}_high"] = cut.tally(stores[kind & high])
        made[f"{track}_strong"] = cut.tally(stores[kind & strong])
        made[f"{track}_shown"] = cut.tally(stores[kind & on_show])
        made[f"{track}_shown_high"] = cut.tally(stores[kind & on_show & high])
        made[f"{track}_shown_strong"] = cut.tally(stores[kind & on_show & strong])
    return made


def _industries(cut: Cut, stores: Ints, leaves: tuple[str, ...]) -> Ints:
    """The first-level industry with most products on sale; the first of the tree among equals (00-world)."""
    tree = taxonomy.standing()
    codes = list(tree.industries)
    industry = np.array([codes.index(tree.leaves[leaf].industry) for leaf in leaves], dtype=np.int64)
    found = np.zeros((len(cut.ids), len(codes)), dtype=np.int64)
    np.add.at(found, (np.searchsorted(cut.ids, stores), industry), 1)
    return np.asarray(found.argmax(axis=1), dtype=np.int64)


def _talks(cut: Cut) -> Mapping[str, Ints]:
    """Inquiries, opportunity buyers by tier, and how fast the store answered."""
    tiers, *numbers = cut.columns(reads.talks)
    stores, buyers, written, at, replied = (_ints(column) for column in numbers)
    tier = np.array([TIERS.index(each) for each in tiers], dtype=np.int64)
    label = np.array([LEGACY.get(each, "none") for each in tiers])
    inside = at >= cut.month
    made: dict[str, Ints] = {}
    for name in LABELS:
        made[f"inquiries_{name}"] = cut.tally(stores[inside & (written == 1) & (label == name)])
    ordered = _direct(cut)
    pairs = np.concatenate([stores[inside] * BUYERS + buyers[inside], ordered[0] * BUYERS + ordered[1]])
    pair, first = np.unique(pairs, return_index=True)
    of = np.concatenate([tier[inside], ordered[2]])[first]
    for number, name in enumerate(TIERS):
        made[f"buyers_{name}"] = cut.tally((pair // BUYERS)[of == number])
    answered = (replied >= cut.month) & (replied < cut.end)
    due = (at >= cut.month - DAY) & (at < cut.end - DAY)
    return made | {
        "replies": cut.tally(stores[answered]),
        "reply_seconds": cut.tally(stores[answered], (replied - at)[answered]),
        "asked": cut.tally(stores[due]),
        "answered_in_day": cut.tally(stores[due & (replied - at <= DAY)]),
    }


def _direct(cut: Cut) -> tuple[Ints, Ints, Ints]:
    """Store, buyer and tier of the orders that buyers placed without a talk."""
    tiers, stores, buyers, _ = cut.columns(reads.direct)
    return _ints(stores), _ints(buyers), _ints(tuple(TIERS.index(each) for each in tiers))


def _deals(cut: Cut) -> Mapping[str, Ints]:
    """Orders of the last 90 days by kind: drafted, paid, by whom, shipped in time."""
    stores, buyers, rts, drafted, paid, by, shipped, closed, failed = cut.numbers(reads.deals)
    settled = paid < cut.end
    recent, bought = settled & (paid >= cut.quarter), settled & (paid >= cut.year)
    pairs = stores * BUYERS + buyers
    again, times = np.unique(pairs[bought], return_counts=True)
    loyal = np.isin(pairs, again[times > 1])
    # Due in these days and not given up before.
    due = (by >= cut.quarter) & (by < cut.end) & ~((failed == 1) & (closed <= by))
    punctual = due & (shipped <= by) & (shipped < cut.end)
    made = {
        "paid": cut.tally(stores[recent]),
        "due": cut.tally(stores[due]),
        "on_time": cut.tally(stores[punctual]),
        "rts_due": cut.tally(stores[due & (rts == 1)]),
        "rts_certain": cut.tally(stores[punctual & (rts == 1)]),
    }
    for track, kind in (("custom", rts == 0), ("rts", rts == 1)):
        made_here = kind & (drafted >= cut.quarter)
        made[f"{track}_orders"] = cut.tally(stores[made_here])
        made[f"{track}_paid"] = cut.tally(stores[made_here & settled])
        made[f"{track}_payers"] = cut.buyers(stores[recent & kind], buyers[recent & kind])
        made[f"{track}_repeat"] = cut.buyers(stores[recent & kind & loyal], buyers[recent & kind & loyal])
    return made


def _money(cut: Cut) -> Mapping[str, Ints]:
    """Booked receipts of 90 days by kind."""
    stores, rts, local, cents = cut.numbers(reads.money)
    return {
        "custom_gmv": cut.tally(stores[rts == 0], cents[rts == 0]),
        "rts_gmv": cut.tally(stores[rts == 1], cents[rts == 1]),
        "local_gmv": cut.tally(stores[local == 1], cents[local == 1]),
    }


def _service(cut: Cut) -> Mapping[str, Ints]:
    """Reviews that count, refund requests that stood, traces of shipments."""
    stores, number, stars = cut.numbers(reads.reviews)
    made = {"stars_count": cut.tally(stores, number * DIMENSIONS), "stars_sum": cut.tally(stores, stars)}
    (stores,) = cut.numbers(reads.disputes)
    made["disputes"] = cut.tally(stores)
    stores, left = cut.numbers(reads.traces)
    return made | {"shipments": cut.tally(stores), "traced": cut.tally(stores[left <= TRACE_SECONDS])}


def _proofs(cut: Cut) -> Mapping[str, Ints]:
    """Verified strengths and engineering cases as they stand (S3)."""
    names = [
        "export_cents", *(f"proof_{kind}" for kind in PROFESSIONAL),
        *(f"service_{kind}" for kind in SERVICES), "engineering", "cases",
    ]  # fmt: skip
    found = np.zeros((len(cut.ids), len(names)), dtype=np.int64)
    places = {number: place for place, number in enumerate(cut.ids.tolist())}
    for number, had in strengths(cut.ctx).items():
        if number in places:
            found[places[number]] = [
                had.export_cents,
                *(kind in had.professional for kind in PROFESSIONAL),
                *(kind in had.services for kind in SERVICES),
                had.engineering,
                had.cases,
            ]
    return dict(zip(names, found.T, strict=True))
