"""What reviews tell the market: number and stars of each product up to the last PT midnight (V2)."""

from functools import cache
from typing import Any

import numpy.typing as npt
from sqlalchemy import Select, bindparam, func, select

from august.kernel.clock import day_start, pt_day
from august.kernel.columns import looked_up, to_epoch
from august.kernel.context import Context
from august.kernel.plain import number_columns, plain
from august.reviews.models import Review

HUNDREDTHS = 100


def counts(ctx: Context, products: npt.NDArray[Any], _stores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """How many reviews that count each product has."""
    return _standing(ctx, products)[0]


def ratings(ctx: Context, products: npt.NDArray[Any], _stores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The mean stars for quality in hundredths, rounded down; 0 without reviews, 500 only if all are five."""
    return _standing(ctx, products)[1]


def _standing(ctx: Context, products: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    today = to_epoch(day_start(pt_day(ctx.now)))
    kept = ctx.kept.get("reviews.standing")
    if kept is None or kept[0] != today:
        known, count, stars = number_columns(ctx.session.connection(), _reviewed(), {"today": today})
        kept = ctx.kept["reviews.standing"] = (today, known, count, stars * HUNDREDTHS // count)
    _, known, count, rating = kept
    return looked_up(known, count, products, 0), looked_up(known, rating, products, 0)


@cache
def _reviewed() -> Select[Any]:
    """Product, number of reviews that count, and their stars for quality, by product."""
    table = plain(Review)
    return (
        select(table.c.product_id, func.count(), func.sum(table.c.quality))
        .where(table.c.counts, table.c.at < bindparam("today"))
        .group_by(table.c.product_id)
        .order_by(table.c.product_id)
    )


MEASURES = {"reviews": counts, "rating": ratings}
