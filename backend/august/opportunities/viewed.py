"""What a buyer looked at in the store, out of the packed columns of the ticks."""

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
import numpy as np
from sqlalchemy import select

from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.traffic.models import TrafficTick

DAYS = 30


class Viewed(msgspec.Struct, frozen=True):
    """A product that a buyer visited, how often, and when last."""

    product: int
    visits: int
    last_at: datetime


def viewed(ctx: Context, buyer: int, products: Collection[int], most: int = 6) -> list[Viewed]:
    """The buyer's visits to these products in the last 30 days, the newest first, in one statement."""
    asked = (
        select(
            TrafficTick.start, TrafficTick.visit_buyer, TrafficTick.visit_product, TrafficTick.visit_second
        )
        .where(TrafficTick.end > ctx.now - timedelta(days=DAYS))
        .order_by(TrafficTick.start)
    )
    wanted = np.fromiter(products, dtype=np.int64)
    counts: dict[int, int] = {}
    last: dict[int, int] = {}
    for start, buyers, seen, seconds in ctx.session.execute(asked):
        for place in np.flatnonzero(buyers == buyer):
            product = int(seen[place])
            if product in wanted:
                counts[product] = counts.get(product, 0) + 1
                last[product] = to_epoch(start) + int(seconds[place])
    newest = sorted(last, key=lambda product: (-last[product], product))
    return [Viewed(product, counts[product], from_epoch(last[product])) for product in newest[:most]]
