"""What reviews tell the market: number and stars of each product up to the last PT midnight (V2)."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, bindparam, func, select

from august.kernel.clock import day_start, pt_day
from august.kernel.columns import looked_up, to_epoch
from august.kernel.context import Context
from august.kernel.plain import number_columns, plain
from august.reviews.models import Review

HUNDREDTHS = 100
Ints = npt.NDArray[np.int64]


def counts(ctx: Context, products: Ints, _stores: Ints) -> Ints:
    """How many reviews that count each product has."""
    return _standing(ctx, products)[0]


def ratings(ctx: Context, products: Ints, _stores: Ints) -> Ints:
    """The mean stars for quality in hundredths, rounded down; 0 without reviews, 500 only if all are five."""
    return _standing(ctx, products)[1]


def _standing(ctx: Context, products: Ints) -> tuple[Ints, Ints]:
    _, _, known, count, stars = _counted(ctx)
    rating = stars * HUNDREDTHS // np.maximum(count, 1)
    return looked_up(known, count, products, 0), looked_up(known, rating, products, 0)


def _counted(ctx: Context) -> tuple[int, int, Ints, Ints, Ints]:
    """Up to which PT midnight and number reviews are counted, then products, their reviews and stars.

    Days of an advance follow each other: each adds the reviews numbered above those of the one before.
    """
    today = to_epoch(day_start(pt_day(ctx.now)))
    kept, none = ctx.of(Review), np.zeros(0, dtype=np.int64)
    found: tuple[int, int, Ints, Ints, Ints] = kept.get("counted", (0, 0, none, none, none))
    before, mark, known, count, stars = found
    if before > today:
        before, mark, known, count, stars = 0, 0, none, none, none
    if before < today:
        asked = {"today": today, "mark": mark}
        last, *fresh = number_columns(ctx.session.connection(), _reviewed(), asked)
        both, places = np.unique(np.concatenate([known, fresh[0]]), return_inverse=True)
        count, stars = (
            np.bincount(places, np.concatenate(pair), len(both)).astype(np.int64)
            for pair in ((count, fresh[1]), (stars, fresh[2]))
        )
        found = kept["counted"] = today, int(last.max(initial=mark)), both, count, stars
    return found


@cache
def _reviewed() -> Select[Any]:
    """Of reviews above a number that count: the last, product, how many, their stars for quality."""
    table = plain(Review)
    return (
        select(func.max(table.c.id), table.c.product_id, func.count(), func.sum(table.c.quality))
        .where(table.c.counts, table.c.at < bindparam("today"), table.c.id > bindparam("mark"))
        .group_by(table.c.product_id)
    )


MEASURES = {"reviews": counts, "rating": ratings}
