"""The home page as JSON."""

from typing import Any

from litestar import Controller, get

from august.home import figures, queries
from august.home.figures import Figure
from august.kernel.money import amount
from august.sandboxes.door import Door


class HomeApi(Controller):
    """What waits in the player's store, and how it goes."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/home"
    tags = ("Home",)

    @get("/todos", sync_to_thread=True)
    def todos(self, door: Door) -> dict[str, Any]:
        """The to-dos, the most urgent first; `until` is when the first of a kind runs out."""
        with door.reading() as ctx:
            lines = queries.todos(ctx, door.world.house)
        items = [
            {
                "key": line.key,
                "tone": line.tone,
                "count": line.queue.count,
                "since": line.queue.since,
                "until": line.queue.until,
                "path": line.path,
                "autopilot": line.pilot,
            }
            for line in lines
        ]
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}

    @get("/figures", sync_to_thread=True)
    def figures(self, door: Door) -> dict[str, Any]:
        """Yesterday and the last 30 complete PT days, each with the time before (T4)."""
        with door.reading() as ctx:
            report = figures.report(ctx)
        return {
            "yesterday": {figure.key: _told(figure) for figure in report.yesterday},
            "last_30_days": {figure.key: _told(figure) for figure in report.month},
            "days": [
                {
                    "day": day.day,
                    "exposures": day.exposures,
                    "visits": day.visits,
                    "inquiries": day.inquiries,
                    "orders_paid": day.orders,
                    "gmv_usd": amount(day.gmv_cents),
                }
                for day in report.days
            ],
            "funnel": [{"step": key, "count": count} for key, count in report.funnel],
        }


def _told(figure: Figure) -> dict[str, Any]:
    if figure.key == "gmv":
        values = [None if value is None else amount(int(value)) for value in (figure.value, figure.before)]
        return {"value_usd": values[0], "before_usd": values[1], "change": figure.change}
    return {"value": figure.value, "before": figure.before, "change": figure.change}
