"""商品管理 › 产品诊断中心: the scores of the whole store (Q7)."""

from litestar import Controller, Response, get

from august.kernel.words import N_, Phrase
from august.quality import queries
from august.quality.rules import tenths
from august.quality.words import TROUBLES
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.shell import Crumb

DONE = {"changed": N_("The products were changed.")}


class DiagnosisPage(Controller):
    """Distribution, what fails most, the worst products with a way to mend them."""

    path = "/w/{sandbox_id:str}/quality"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The store at a glance."""
        check = request.query_params.get("check", "")
        with door.reading() as ctx:
            spread = queries.spread(ctx)
            colours = queries.bands(ctx)
            option = {
                "xAxis": {"type": "category", "data": [label for label, _ in spread.bars]},
                "yAxis": {"type": "value", "minInterval": 1},
                "series": [
                    {
                        "type": "bar",
                        "data": [count for _, count in spread.bars],
                        "label": {"show": True, "position": "top"},
                    }
                ],
            }
            return door.page(
                request,
                "quality/index.html",
                spread=spread,
                option=option,
                troubles=queries.troubles(ctx),
                worst=queries.worst(ctx, check),
                check=check if check in TROUBLES else "",
                check_words={name: words.name for name, words in TROUBLES.items()},
                tenths=tenths,
                band=lambda score: queries.band_of(colours, score),
                done=DONE.get(request.query_params.get("done", "")),
                crumbs=(Crumb(Phrase(N_("Products"))), Crumb(Phrase(N_("Product diagnosis centre")))),
            )
