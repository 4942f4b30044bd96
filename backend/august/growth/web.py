"""商品管理 › 产品成长管理."""

from typing import Any

from litestar import Controller, Request, Response, get

from august.growth import queries
from august.growth.rules import BANDS
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.web.i18n import locale_of, speaking, t
from august.web.shell import Crumb
from august.web.tables import listing

TONES = {"high": "good", "potential": "middle", "low": "bad"}


class GrowthPage(Controller):
    """Bands, and the products behind them."""

    path = "/w/{sandbox_id:str}/growth"

    @get(sync_to_thread=True)
    def index(self, request: Request[Any, Any, Any], door: Door) -> Response[str]:
        """The store's products by growth score."""
        asked = listing(request.url.path, request.query_params, sorts=tuple(queries.SORTS), default="-growth")
        with door.reading() as ctx:
            growth = queries.table(ctx, asked)
        with speaking(locale_of(request)):
            bars = [(t(BANDS[band]), growth.by_band[band]) for band in BANDS]
            crumbs = (Crumb(Phrase(N_("Products"))), Crumb(Phrase(N_("Product growth"))))
        option = {
            "tooltip": {"renderMode": "richText"},
            "grid": {"left": 8, "right": 24, "top": 8, "bottom": 8, "containLabel": True},
            "xAxis": {"type": "value", "minInterval": 1},
            "yAxis": {"type": "category", "data": [label for label, _ in bars]},
            "series": [
                {
                    "type": "bar",
                    "label": {"show": True, "position": "right"},
                    "data": [
                        {"value": count, "itemStyle": {"color": f"@{TONES[band]}"}}
                        for band, (_, count) in zip(BANDS, bars, strict=True)
                    ],
                }
            ],
        }
        return door.page(
            request,
            "growth/index.html",
            "rows",
            growth=growth,
            asked=asked,
            bands=BANDS,
            tones=TONES,
            option=option,
            bars=bars,
            crumbs=crumbs,
        )
