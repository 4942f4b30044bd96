"""The festival's window and the campaign prices that run in it, for whoever reckons a price (F1)."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, select

from august.kernel.clock import Window
from august.kernel.columns import looked_up
from august.kernel.context import Context
from august.kernel.plain import number_columns, plain
from august.merchants.models import Buyer
from august.venue.models import Enrolment
from august.venue.rules import BuyerRules

Ints = npt.NDArray[np.int64]
PRICE = "lowest_price"
NEVER = 2**62


def buyer_rules(ctx: Context) -> BuyerRules:
    """The numbers of F1 in force now."""
    values: BuyerRules = ctx.rulebook.values("F1", ctx.now)
    return values


def window(ctx: Context) -> Window:
    """From the festival's first second to its last (F1)."""
    return buyer_rules(ctx).window.window


@cache
def _enrolled() -> Select[Any]:
    table = plain(Enrolment)
    asked = select(table.c.product_id, table.c.price_cents).where(table.c.state == "enrolled")
    return asked.order_by(table.c.product_id)


def running(ctx: Context) -> tuple[Ints, Ints]:
    """The products of the venue in order, and their campaign prices; nothing outside of the festival."""
    if not window(ctx).contains(ctx.now):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    ids, prices = number_columns(ctx.session.connection(), _enrolled())
    return ids, prices


def prices(ctx: Context) -> dict[int, int]:
    """The campaign price of each product of the venue, by number; empty outside of the festival."""
    ids, cents = running(ctx)
    return dict(zip(ids.tolist(), cents.tolist(), strict=True))


def price(ctx: Context, product: int, tier: str) -> int | None:
    """What a buyer of a tier pays for a piece of a product at most; None without a campaign price."""
    found = _row(ctx, product)
    return found.price_cents if found is not None and buyer_rules(ctx).allows(PRICE, tier) else None


def price_to(ctx: Context, product: int, buyer: int) -> int | None:
    """The same for a buyer by number; who that is, is asked only where there is a price."""
    found = _row(ctx, product)
    if found is None:
        return None
    return price(ctx, product, ctx.session.get_one(Buyer, buyer).tier)


def _row(ctx: Context, product: int) -> Enrolment | None:
    """A product's row of the venue while the festival runs."""
    if not window(ctx).contains(ctx.now):
        return None
    found = ctx.session.get(Enrolment, product)
    return found if found is not None and found.state == "enrolled" else None


def lowered(ctx: Context, ids: Ints, listed: Ints) -> Ints:
    """List prices as the festival shows them: of products of the venue the campaign price, where lower."""
    found = running(ctx)
    return np.minimum(listed, looked_up(*found, ids, NEVER)) if len(found[0]) else listed


def venue(ctx: Context, products: Ints, _stores: Ints) -> Ints:
    """Whether each product stands in the open venue: a column for the market."""
    ids, _ = running(ctx)
    return np.asarray(np.isin(products, ids), dtype=np.int64)
