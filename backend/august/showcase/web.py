"""营销中心 › 橱窗: the products on show, and 橱窗订单管理 with the orders that bring slots."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.growth.rules import BANDS
from august.growth.web import TONES
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.showcase import queries
from august.showcase.rules import MEMBERSHIPS, SOURCES
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import listing

STATES = {"to_open": N_("to be opened"), "open": N_("in use"), "ended": N_("ended")}
STATE_TONES = {"to_open": "accent", "open": "good", "ended": ""}
DONE = {
    "shown": N_("The products are in the showcase."),
    "removed": N_("The slots are free again."),
    "replaced": N_("The products were replaced."),
    "opened": N_("The order was opened: its slots can be used."),
}


class ShowcasePage(Controller):
    """Slots, orders, products on show and those that wait."""

    path = "/w/{sandbox_id:str}/showcase"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The showcase of the store."""
        return _page(request, door)

    @post("/show", sync_to_thread=True, status_code=200)
    def show(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Put the ticked products into free slots."""
        return _done(request, door, form, "showcase.show", {"products": _ids(form, "products")}, "shown")

    @post("/best", sync_to_thread=True, status_code=200)
    def best(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Fill the free slots with the best."""
        return _done(request, door, form, "showcase.show_best", {}, "shown")

    @post("/remove", sync_to_thread=True, status_code=200)
    def remove(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Free the slots of the ticked products."""
        return _done(request, door, form, "showcase.remove", {"products": _ids(form, "shown")}, "removed")

    @post("/replace", sync_to_thread=True, status_code=200)
    def replace(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Take the advice."""
        payload = {"remove": _ids(form, "remove"), "show": _ids(form, "show")}
        return _done(request, door, form, "showcase.replace", payload, "replaced")

    @post("/orders/{order:int}/open", sync_to_thread=True, status_code=200)
    def open(self, request: AnyRequest, door: Door, form: ReadForm, order: FromPath[int]) -> Response[Any]:
        """Open an order."""
        return _done(request, door, form, "showcase.open_order", {"order": order}, "opened")


def _ids(form: Form, name: str) -> list[int]:
    return form.ids(name) if name in form.values else []


def _done(
    request: AnyRequest, door: Door, form: Form, command: str, payload: dict[str, Any], told: str
) -> Response[Any]:
    try:
        door.run(command, payload, form.key)
    except Refusal as refusal:
        if refusal.status in {401, 403}:
            raise
        return _page(request, door, refusal)
    return Redirect(f"/w/{door.sandbox.id}/showcase?done={told}", status_code=303)


def _page(request: AnyRequest, door: Door, refused: Refusal | None = None) -> Response[str]:
    path = f"/w/{door.sandbox.id}/showcase"
    params = request.query_params
    # Slots are few: all products on show stand on one page, and the address sorts those that wait.
    shown = listing(path, {}, sorts=queries.SHOWN_SORTS, default="-growth")
    others = listing(path, params, sorts=tuple(queries.SORTS), default="-growth")
    with door.reading() as ctx:
        standing = queries.standing(ctx)
        rows = queries.on_show(ctx, shown)
        waiting, page = queries.waiting(ctx, others)
        return door.page(
            request,
            "showcase/index.html",
            "waiting",
            status=refused.status if refused else 200,
            standing=standing,
            orders=queries.orders(ctx, standing.slots),
            rows=rows,
            high=sum(row.band == "high" for row in rows),
            advice=queries.advice(ctx, rows),
            others=others,
            waiting=waiting,
            page=page,
            bands=BANDS,
            tones=TONES,
            states=STATES,
            state_tones=STATE_TONES,
            sources=SOURCES,
            membership=MEMBERSHIPS[standing.slots.membership],
            refused=refused,
            form_key=fresh_key(),
            done=DONE.get(params.get("done", "")),
            crumbs=(Crumb(Phrase(N_("Marketing"))), Crumb(Phrase(N_("Showcase")))),
        )
