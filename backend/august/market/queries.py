"""The market as it can be looked at: what each factor makes of a store's products, and why (K6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.features import Measure
from august.kernel.words import N_, Phrase
from august.market.columns import STAGES, Stalls, stalls
from august.market.demand import Demand, Factor, Stage, along_all
from august.market.words import REMEDIES
from august.market.words import STAGES as STEPS

Floats = npt.NDArray[np.float64]
ID_DIGITS = 15  # what fits a BIGINT


@dataclass(frozen=True)
class Standing:
    """Some products under one factor: least, middle and most value, and the mean multiplier."""

    least: float
    middle: float
    most: float
    mean: float

    @property
    def single(self) -> bool:
        """Whether all of them share one value."""
        return self.least == self.most


@dataclass(frozen=True)
class FactorView:
    """A factor with where the store's products stand, and the other stores' in the same categories."""

    factor: Factor
    mine: Standing | None
    others: Standing | None


def view(ctx: Context, demand: Demand, measures: Mapping[str, Measure]) -> dict[Stage, list[FactorView]]:
    """Every factor by its stage."""
    stands = stalls(ctx, demand, measures)
    mine = stands.merchants == ctx.merchant
    leaves = _leaves(stands)
    others = ~mine & np.isin(leaves, np.unique(leaves[mine]))
    found: dict[Stage, list[FactorView]] = {stage: [] for stage in STAGES}
    for factor in demand.factors:
        values = np.asarray(stands.columns[factor.column], dtype=np.float64)
        found[factor.stage].append(
            FactorView(factor, _standing(factor, values[mine]), _standing(factor, values[others]))
        )
    return found


def _leaves(stands: Stalls) -> npt.NDArray[np.int64]:
    """Which category each stall stands in."""
    return np.asarray(np.searchsorted(stands.first, np.arange(len(stands.ids)), side="right") - 1)


def _standing(factor: Factor, values: Floats) -> Standing | None:
    if not len(values):
        return None
    return Standing(
        float(values.min()),
        float(np.median(values)),
        float(values.max()),
        float(along_all(factor.curve, values).mean()),
    )


def why(ctx: Context, key: str, demand: Demand, measures: Mapping[str, Measure]) -> Node:
    """Why a product is shown, clicked and asked about as it is: `market-score/{product}`."""
    known = key.isascii() and key.isdigit() and len(key) <= ID_DIGITS
    product = ctx.session.get(Product, int(key)) if known else None
    if product is None or product.merchant_id != ctx.merchant:
        raise Refusal(
            "product.unknown",
            N_("There is no product {id} in this store."),
            params={"id": key[:20]},
            status=404,
        )
    stands = stalls(ctx, demand, measures)
    found = np.flatnonzero(stands.ids == product.id)
    if not len(found):
        return Node(
            N_("{product} is not on sale: no buyer sees it."),
            {"product": product.title},
            outcome="bad",
            remedy=N_("Publish it; the market looks at the shelves anew every Pacific midnight."),
        )
    return explain(stands, demand, int(found[0]), product.title)


def explain(stands: Stalls, demand: Demand, place: int, title: str) -> Node:
    """The multiplication of all factors for the stall at a place, against the best of its category."""
    leaf = int(_leaves(stands)[place])
    rivals = np.arange(stands.first[leaf], stands.first[leaf + 1])
    scores = {"search": stands.score, "click": stands.click, "ask": stands.ask}
    return Node(
        N_("{product}: shown ×{search}, clicked ×{click}, asked ×{ask}"),
        {
            "product": title,
            **{stage: _times(float(scores[stage][place])) for stage in STAGES},
        },
        children=tuple(_stage(stands, demand, stage, scores[stage], place, rivals) for stage in STAGES),
    )


def _stage(
    stands: Stalls,
    demand: Demand,
    stage: Stage,
    scores: Floats,
    place: int,
    rivals: npt.NDArray[np.integer[Any]],
) -> Node:
    factors = [factor for factor in demand.factors if factor.stage == stage]
    best = int(rivals[np.argmax(scores[rivals])])
    mine, most = float(scores[place]), float(scores[best])
    parts = [_made(stands, factor, place) for factor in factors]
    return Node(
        N_("{stage}: {parts} = ×{mine}; place {rank} of {count} in the category, whose best has ×{best}"),
        {
            "stage": Phrase(STEPS[stage].title),
            "parts": " · ".join(_times(part) for part in parts),
            "mine": _times(mine),
            "rank": int((scores[rivals] > mine).sum()) + 1,
            "count": len(rivals),
            "best": _times(most),
        },
        outcome="ok" if mine == most else "note",
        children=tuple(_factor(stands, factor, place, best) for factor in factors),
    )


def _factor(stands: Stalls, factor: Factor, place: int, best: int) -> Node:
    mine, most = _made(stands, factor, place), max(times for _, times in factor.curve)
    return Node(
        N_("{factor}: {value} makes ×{times}; the category's best has {other} and ×{best}, at most ×{most}"),
        {
            "factor": factor.title,
            "value": _value(stands, factor, place),
            "times": _times(mine),
            "other": _value(stands, factor, best),
            "best": _times(_made(stands, factor, best)),
            "most": _times(most),
        },
        outcome="bad" if mine < 1 else "ok" if mine == most else "note",
        remedy=REMEDIES.get(factor.column) if mine < most else None,
        children=(
            Node(
                N_("Origin: {origin} · source: {source}"),
                {"origin": Phrase(ORIGINS[factor.origin]), "source": factor.source},
            ),
        ),
    )


ORIGINS = {"release": N_("Release"), "decision": N_("Decision"), "assumption": N_("Assumption")}


def _made(stands: Stalls, factor: Factor, place: int) -> float:
    return float(along_all(factor.curve, stands.columns[factor.column][place : place + 1])[0])


def _value(stands: Stalls, factor: Factor, place: int) -> str:
    return in_words(factor.column, float(stands.columns[factor.column][place]))


def in_words(column: str, value: float) -> str:
    """A column's value as people write it: scores with a decimal, stars with two."""
    if column == "quality_tenths":
        return f"{value / 10:.1f}"
    if column == "rating":
        return f"{value / 100:.2f}"
    if column == "reply_hours":
        return f"{value:.1f}"
    return f"{value:.0f}%" if column == "price_ratio" else f"{value:.0f}"


def _times(value: float) -> str:
    return f"{value:.2f}"


def measures_of(features: Sequence[Any]) -> dict[str, Measure]:
    """What all rooms of a house tell the market."""
    return {name: measure for room in features for name, measure in room.measures.items()}
