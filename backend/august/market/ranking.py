"""The order of search results: the factors of the search stage, for pages that show what buyers find (K1)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.features import Measure
from august.kernel.plain import plain
from august.market.columns import OWN
from august.market.demand import Demand, along_all


def ranking(demand: Demand, measures: Mapping[str, Measure]) -> Measure:
    """The score by which the market shows products; ValueError for a factor that looks past its product."""
    table = plain(Product)
    factors = [factor for factor in demand.factors if factor.stage == "search"]
    own = sorted({factor.column for factor in factors if factor.column in OWN})
    for name in own:
        if name not in table.c:
            msg = f"{name} cannot rank search results: it is no column of a product"
            raise ValueError(msg)

    def rank(ctx: Context, products: npt.NDArray[Any], stores: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The search score of products, higher first."""
        columns = {
            factor.column: measures[factor.column](ctx, products, stores)
            for factor in factors
            if factor.column not in own
        }
        asked = select(table.c.id, *(table.c[name] for name in own)).where(table.c.status == "on_sale")
        found = {row[0]: tuple(row[1:]) for row in ctx.session.execute(asked)}
        stored = np.array([found[int(number)] for number in products], dtype=np.int64)
        for place, name in enumerate(own):
            columns[name] = stored.reshape(-1, len(own))[:, place]
        score = np.ones(len(products), dtype=np.float64)
        for factor in factors:
            score *= along_all(factor.curve, columns[factor.column])
        return np.asarray(np.round(score, 6), dtype=np.float64)

    return rank
