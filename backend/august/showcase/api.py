"""The showcase as JSON: the same queries the page reads."""

from typing import Any

import msgspec
from litestar import Controller, get

from august.sandboxes.door import Door
from august.showcase import queries
from august.web.htmx import AnyRequest
from august.web.tables import listing


class ShowcaseApi(Controller):
    """The showcase of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/showcase"
    tags = ("Showcase",)

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """Slots, orders, and the products on show with what they brought in 30 days."""
        asked = listing(request.url.path, request.query_params, sorts=queries.SHOWN_SORTS, default="-growth")
        with door.reading() as ctx:
            standing = queries.standing(ctx)
            orders, rows = queries.orders(ctx, standing.slots), queries.on_show(ctx, asked)
        return {
            "slots": standing.slots.total,
            "used": standing.used,
            "free": standing.free,
            "orders": [msgspec.to_builtins(line, builtin_types=()) for line in orders],
            "items": [msgspec.to_builtins(row) for row in rows],
        }
