"""What conversations tell the market: how fast a store answers (K2)."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, bindparam, func, select

from august.kernel.clock import Window, last_days
from august.kernel.columns import looked_up, to_epoch
from august.kernel.context import Context
from august.kernel.plain import columns_of, plain
from august.opportunities.models import Inquiry

HOUR = 3600
WINDOW_DAYS = 30
# Whoever answered nothing in the window counts as somebody who takes so long.
UNKNOWN_HOURS = 12.0


def window(ctx: Context) -> Window:
    """The last 30 complete PT days (T4)."""
    return last_days(WINDOW_DAYS, ctx.now)


def first_replies(ctx: Context, store: int | None = None) -> dict[int, tuple[int, int]]:
    """By store (all, or one): the seconds the first replies of the window took together, and their count."""
    span = window(ctx)
    values = {"start": to_epoch(span.start), "end": to_epoch(span.end), "store": store}
    columns = columns_of(ctx.session.connection(), _replied(one=store is not None), values)
    return {each: (int(seconds), count) for each, seconds, count in zip(*columns, strict=True)}


@cache
def _replied(*, one: bool) -> Select[Any]:
    """Store, seconds and count of the first replies from `start` to before `end`: all stores, or `store`."""
    table = plain(Inquiry)
    first = table.c.first_reply_at
    asked = select(table.c.merchant_id, func.sum(first - table.c.at), func.count()).where(
        first >= bindparam("start"), first < bindparam("end")
    )
    if one:
        asked = asked.where(table.c.merchant_id == bindparam("store"))
    return asked.group_by(table.c.merchant_id)


def reply_hours(ctx: Context, _products: npt.NDArray[Any], stores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The average hours until the first reply over the replies of the last 30 complete PT days (T4)."""
    found = sorted(first_replies(ctx).items())
    known = np.array([store for store, _ in found], dtype=np.int64)
    hours = np.array([seconds / count / HOUR for _, (seconds, count) in found], dtype=np.float64)
    return looked_up(known, hours, stores, UNKNOWN_HOURS)


MEASURES = {"reply_hours": reply_hours}
