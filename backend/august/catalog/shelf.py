"""All products as columns, read once: what the market and the scores of a day look at again and again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, bindparam, func, select

from august.catalog import taxonomy
from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.plain import columns_of, flag, plain

Ints = npt.NDArray[np.int64]
NEVER = 2**62
UNKNOWN_LEAF = -1


@dataclass(frozen=True)
class Shelf:
    """Every product in the order of its id; `leaves` are places in the tree of leaves, or UNKNOWN_LEAF.

    Flags are 1 or 0: `rts`, `sample` and `custom` (whether it offers them), `on_sale`. `published` is an
    epoch second, far ahead for what never was.
    """

    leaves: Ints
    ids: Ints
    merchants: Ints
    rts: Ints
    on_sale: Ints
    published: Ints
    prices: Ints
    moq: Ints
    stock: Ints
    quality: Ints
    growth: Ints
    promised: Ints
    reached: Ints
    sample: Ints
    custom: Ints


def shelf(ctx: Context) -> Shelf:
    """The products as they stand; kept until one of them is written, for the jobs of an advance."""
    found: Shelf | None = ctx.of(Product).get("shelf")
    if found is None:
        codes, *numbers = columns_of(ctx.session.connection(), _all(), {"never": NEVER})
        places = {code: place for place, code in enumerate(taxonomy.standing().leaves)}
        leaves = [places.get(code, UNKNOWN_LEAF) for code in codes]
        found = Shelf(*(np.array(column, dtype=np.int64) for column in (leaves, *numbers)))
        ctx.of(Product)["shelf"] = found
    return found


def keep_growth(ctx: Context, growth: Ints) -> None:
    """The products have other growth scores, in the order of their ids, which were written row by row."""
    ctx.of(Product)["shelf"] = replace(shelf(ctx), growth=growth)


def keep_stock(ctx: Context, stock: Mapping[int, int]) -> None:
    """Some products have other pieces in stock, which were written row by row."""
    found: Shelf | None = ctx.of(Product).get("shelf")
    if found is not None and stock:
        numbers = np.array(list(stock), dtype=np.int64)
        found.stock[np.searchsorted(found.ids, numbers)] = list(stock.values())


@cache
def _all() -> Select[Any]:
    table = plain(Product)
    return select(
        table.c.leaf, table.c.id, table.c.merchant_id, flag(table.c.kind == "rts"),
        flag(table.c.status == "on_sale"), func.coalesce(table.c.published_at, bindparam("never")),
        table.c.price_cents, table.c.moq, table.c.stock, table.c.quality_tenths, table.c.growth,
        table.c.promised, table.c.reached, flag(table.c.sample.is_not(None)),
        flag(table.c.customization.is_not(None)),
    ).order_by(table.c.id)  # fmt: skip
