"""The market and the autopilot as JSON."""

from typing import Any

import msgspec
from litestar import Controller, get

from august.market import queries
from august.market.queries import Standing, measures_of
from august.market.web import numbers
from august.merchants.models import CHORES
from august.merchants.queries import pilots, waiting
from august.sandboxes.door import Door


class MarketApi(Controller):
    """The model's factors with the player's values, its numbers, and who does which chore."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/market"
    tags = ("Market",)

    @get("/factors", sync_to_thread=True)
    def factors(self, door: Door) -> dict[str, Any]:
        """Every factor: its curve, its origin, and what it makes of the store's products."""
        demand, _ = numbers()
        with door.reading() as ctx:
            found = queries.view(ctx, demand, measures_of(door.world.house.features))
        items = [
            {
                "name": view.factor.name,
                "stage": stage,
                "column": view.factor.column,
                "title": view.factor.title,
                "origin": view.factor.origin,
                "source": view.factor.source,
                "curve": view.factor.curve,
                "mine": _told(view.mine),
                "others": _told(view.others),
            }
            for stage, views in found.items()
            for view in views
        ]
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}

    @get("/numbers", sync_to_thread=True)
    def numbers(self, door: Door) -> dict[str, Any]:
        """The other numbers of the model, and what autopilots and rivals do by policy."""
        del door
        demand, days = numbers()
        told: dict[str, Any] = msgspec.to_builtins(demand)
        told.pop("factors")
        return {**told, "policies": msgspec.to_builtins(dict(days))}

    @get("/autopilot", sync_to_thread=True)
    def autopilot(self, door: Door) -> dict[str, Any]:
        """Each chore: the policy that does it by itself, or none, and how much waits."""
        with door.reading() as ctx:
            chosen, queue = pilots(ctx), waiting(ctx)
        items = [{"chore": chore, "policy": chosen.get(chore), "waiting": queue[chore]} for chore in CHORES]
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}


def _told(standing: Standing | None) -> dict[str, float] | None:
    if standing is None:
        return None
    return {
        "least": standing.least,
        "middle": standing.middle,
        "most": standing.most,
        "multiplier": standing.mean,
    }
