"""首页."""

from typing import Any

from litestar import Controller, Request, Response, get

from august.home import queries
from august.kernel.words import N_
from august.sandboxes.door import Door
from august.web.i18n import t

BANDS = (
    ("green", N_("Green: certain products"), "@good"),
    ("amber", N_("Amber: not certain"), "@middle"),
    ("red", N_("Red: poor"), "@bad"),
)


class HomePage(Controller):
    """To-dos, figures, what happened."""

    path = "/w/{sandbox_id:str}"

    @get("/", sync_to_thread=True)
    def index(self, request: Request[Any, Any, Any], door: Door) -> Response[str]:
        """The store's day."""
        with door.reading() as ctx:
            day = queries.day(ctx)
        rows = [(t(label), day.bands.get(band, 0)) for band, label, _ in BANDS]
        colours = [colour for _, _, colour in BANDS]
        option = {
            "color": colours,
            "tooltip": {"trigger": "item", "renderMode": "richText"},
            "legend": {"bottom": 0, "selectedMode": False},
            "series": [
                {
                    "type": "pie",
                    "radius": ["42%", "64%"],
                    "center": ["50%", "42%"],
                    "label": {"formatter": "{c}"},
                    "data": [{"name": name, "value": count} for name, count in rows],
                }
            ],
        }
        return door.page(request, "home/index.html", day=day, option=option, rows=rows, crumbs=())
