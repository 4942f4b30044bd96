"""Quality scores as JSON."""

from typing import Any

import msgspec
from litestar import Controller, get
from litestar.params import FromPath

from august.catalog.saving import own_product
from august.quality import queries
from august.sandboxes.door import Door


class QualityApi(Controller):
    """The ball of one product, and the store's scores."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/quality"

    @get("/products/{product:int}", sync_to_thread=True)
    def product(self, door: Door, product: FromPath[int]) -> dict[str, Any]:
        """Score, band and failing checks of a product."""
        with door.reading() as ctx:
            found = queries.ball(ctx, own_product(ctx, product))
        return {
            "product": product,
            "score": found.score,
            "band": found.band,
            "certain": found.certain,
            "failed": [
                {"check": item.check, "certainty": item.certainty, "points": item.points, "field": item.field}
                for group in found.groups
                for item in group.items
            ],
        }

    @get("/summary", sync_to_thread=True)
    def summary(self, door: Door) -> dict[str, Any]:
        """The distribution of scores and what fails most."""
        with door.reading() as ctx:
            spread, troubles = queries.spread(ctx), queries.troubles(ctx)
        return {
            "total": spread.total,
            "average": spread.average,
            "bands": dict(spread.by_band),
            "distribution": [{"scores": label, "products": count} for label, count in spread.bars],
            "troubles": [msgspec.to_builtins(each) for each in troubles],
        }
