"""What is counted of stores for their stars: columns over all or one of them, up to a PT midnight."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from august.catalog import taxonomy
from august.kernel.context import Context
from august.stars import marks, reads
from august.stars.cut import BUYERS, Cut, Ints
from august.stars.inputs import INPUTS, LABELS, PROFESSIONAL, SERVICES, TIERS
from august.stars.marks import HIGH_GROWTH, STRONG
from august.stars.visits import converted
from august.verified.queries import strengths

__all__ = ["DIMENSIONS", "HIGH_GROWTH", "STRONG", "counts", "goods", "legacy", "proofs"]
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
    for part in (goods, _talks, _deals, _money, _service, proofs, converted):
        found |= part(cut)
    return cut.ids, found


def goods(cut: Cut) -> Mapping[str, Ints]:
    """Products on sale as they stand, and the industry most of them belong to."""
    all_ = marks.goods(cut)
    stores, custom = all_.stores, all_.of("custom")
    made = {
        "industry": _industries(cut, stores, all_.leaves),
        "custom_products": cut.tally(stores[custom]),
        "custom_growth": cut.tally(stores[custom], all_.growth[custom]),
        "custom_power": cut.tally(stores[custom], all_.power[custom]),
        "rts_tradable": cut.tally(stores[all_.tradable]),
    }
    for track in marks.KINDS:
        kind, on_show = all_.of(track), all_.of(track) & all_.on_show
        made[f"{track}_high"] = cut.tally(stores[kind & all_.high])
        made[f"{track}_strong"] = cut.tally(stores[kind & all_.strong])
        made[f"{track}_shown"] = cut.tally(stores[on_show])
        made[f"{track}_shown_high"] = cut.tally(stores[on_show & all_.high])
        made[f"{track}_shown_strong"] = cut.tally(stores[on_show & all_.strong])
    return made


def _industries(cut: Cut, stores: Ints, leaves: Sequence[str]) -> Ints:
    """The first-level industry with most products on sale; the first of the tree among equals (00-world)."""
    tree = taxonomy.standing()
    codes = list(tree.industries)
    industry = np.array([codes.index(tree.leaves[leaf].industry) for leaf in leaves], dtype=np.int64)
    found = np.zeros((len(cut.ids), len(codes)), dtype=np.int64)
    np.add.at(found, (np.searchsorted(cut.ids, stores), industry), 1)
    return np.asarray(found.argmax(axis=1), dtype=np.int64)


def _talks(cut: Cut) -> Mapping[str, Ints]:
    """Inquiries, opportunity buyers by tier, and how fast the store answered."""
    all_ = marks.talks(cut, cut.columns(reads.talks))
    stores, inside, answered, asked = all_.stores, all_.inside, all_.answered, all_.asked
    tier = _tiers(all_.tiers)
    label = np.array([LABELS.index(legacy(each)) for each in TIERS])[tier]
    made: dict[str, Ints] = {}
    for number, name in enumerate(LABELS):
        made[f"inquiries_{name}"] = cut.tally(stores[inside & (all_.written == 1) & (label == number)])
    ordered = _direct(cut)
    pairs = np.concatenate([stores[inside] * BUYERS + all_.buyers[inside], ordered[0] * BUYERS + ordered[1]])
    pair, first = np.unique(pairs, return_index=True)
    of = np.concatenate([tier[inside], ordered[2]])[first]
    for number, name in enumerate(TIERS):
        made[f"buyers_{name}"] = cut.tally((pair // BUYERS)[of == number])
    return made | {
        "replies": cut.tally(stores[answered]),
        "reply_seconds": cut.tally(stores[answered], all_.wait[answered]),
        "asked": cut.tally(stores[asked]),
        "answered_in_day": cut.tally(stores[asked & all_.in_day]),
    }


def _tiers(names: Sequence[str]) -> Ints:
    places = {tier: place for place, tier in enumerate(TIERS)}
    return marks.ints([places[each] for each in names])


def legacy(tier: str) -> str:
    """The label that buyers of a tier had until 5.0."""
    return LEGACY.get(tier, "none")


def _direct(cut: Cut) -> tuple[Ints, Ints, Ints]:
    """Store, buyer and tier of the orders that buyers placed without a talk."""
    tiers, stores, buyers, _ = cut.columns(reads.direct)
    return marks.ints(stores), marks.ints(buyers), _tiers(tiers)


def _deals(cut: Cut) -> Mapping[str, Ints]:
    """Orders of the last 90 days by kind: drafted, paid, by whom, shipped in time."""
    all_ = marks.deals(cut, cut.columns(reads.deals))
    stores, buyers, recent, loyal = all_.stores, all_.buyers, all_.recent, all_.loyal
    due, punctual, rts = all_.due, all_.punctual, all_.of("rts")
    made = {
        "paid": cut.tally(stores[recent]),
        "due": cut.tally(stores[due]),
        "on_time": cut.tally(stores[punctual]),
        "rts_due": cut.tally(stores[due & rts]),
        "rts_certain": cut.tally(stores[punctual & rts]),
    }
    for track in marks.KINDS:
        kind = all_.of(track)
        drafted, payers = kind & all_.made, recent & kind
        made[f"{track}_orders"] = cut.tally(stores[drafted])
        made[f"{track}_paid"] = cut.tally(stores[drafted & all_.settled])
        made[f"{track}_payers"] = cut.buyers(stores[payers], buyers[payers])
        made[f"{track}_repeat"] = cut.buyers(stores[payers & loyal], buyers[payers & loyal])
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
    return made | {"shipments": cut.tally(stores), "traced": cut.tally(stores[marks.traced(left)])}


def proofs(cut: Cut) -> Mapping[str, Ints]:
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
