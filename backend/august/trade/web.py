"""交易管理 › 全部订单: the order table, saved views, shipping of many orders."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.trade import commands, queries, steps, views, words
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import Listing, listing

DONE = {
    "shipped": N_("The orders were shipped."),
    "view": N_("The view was saved."),
    "view-gone": N_("The view was deleted."),
}
DISPUTED = {"yes": N_("Refund request open"), "once": N_("Ever disputed")}


def asked_of(request: AnyRequest, path: str) -> Listing:
    """What the address asks of the order table."""
    return listing(
        path,
        request.query_params,
        sorts=tuple(queries.SORTS),
        default="-drafted",
        filters=queries.FILTERS,
    )


class OrdersPage(Controller):
    """The order table and what is done from it."""

    path = "/w/{sandbox_id:str}/orders"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """A page of the store's orders."""
        asked = asked_of(request, request.url.path)
        with door.reading() as ctx:
            table = queries.table(ctx, asked)
            return door.page(
                request,
                "trade/orders.html",
                "list",
                asked=asked,
                table=table,
                risks=queries.risk_counts(ctx),
                views=views.views(ctx),
                view_query=queries.view_query(asked),
                countries=queries.country_names(queries.countries(ctx)),
                more=any(asked.get(name) for name in MORE),
                choices=[(name, LABELS[name], options) for name, options, _ in queries.CHOICES],
                states=steps.STATES,
                tones=queries.STATE_TONES,
                turns=steps.TURN_WORDS,
                risk_words=words.RISKS,
                disputed_words=DISPUTED,
                kind_words=words.KINDS,
                terms_words=words.TERMS,
                form_key=fresh_key(),
                sizes=(20, 50, 100),
                done=DONE.get(request.query_params.get("done", "")),
                crumbs=(Crumb(Phrase(N_("Orders"))), Crumb(Phrase(N_("All orders")))),
            )

    @post("/ship", sync_to_thread=True, status_code=200)
    def ship(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Choose, preview with what stands against each, then ship all that is ticked or none."""
        chosen = form.ids("orders")
        refused: Refusal | None = None
        if form.text("step") == "apply":
            try:
                door.run("trade.ship_batch", {"orders": chosen}, form.key)
            except Refusal as refusal:
                refused = refusal
            else:
                return Redirect(f"/w/{door.sandbox.id}/orders?done=shipped", status_code=303)
        rows = []
        with door.reading() as ctx:
            try:
                found = commands.chosen(ctx, sorted({*chosen, *form.ids("listed")}))
            except Refusal as refusal:
                refused, found = refused or refusal, []
            lines = {line.id: line for line in queries.lines_of(ctx, [order.id for order in found])}
            for order in found:
                why = commands.obstacle(order)
                rows.append((lines[order.id], order.quantity - order.shipped_quantity, order.line, why))
            return door.page(
                request,
                "trade/ship.html",
                status=refused.status if refused else 200,
                rows=rows,
                able=sum(why is None for *_, why in rows),
                ticked=set(chosen),
                refused=refused,
                line_names=queries.line_names(),
                states=steps.STATES,
                form_key=fresh_key(),
                crumbs=(
                    Crumb(Phrase(N_("Orders")), f"/w/{door.sandbox.id}/orders"),
                    Crumb(Phrase(N_("Ship many orders"))),
                ),
            )

    @post("/views", sync_to_thread=True)
    def save_view(self, door: Door, form: ReadForm) -> Redirect:
        """Keep the filters under a name."""
        query = form.text("query")
        door.run("trade.save_view", {"name": form.text("name"), "query": query}, form.key)
        return Redirect(f"/w/{door.sandbox.id}/orders?done=view&{query}", status_code=303)

    @post("/views/{view:int}/delete", sync_to_thread=True)
    def delete_view(self, door: Door, form: ReadForm, view: FromPath[int]) -> Redirect:
        """Forget a saved view."""
        door.run("trade.delete_view", {"view": view}, form.key)
        return Redirect(f"/w/{door.sandbox.id}/orders?done=view-gone", status_code=303)


# Filters that the page folds away until one of them is used.
MORE = ("channel", "export", "special", "terms", "from", "to")
LABELS = {
    "channel": N_("Channel"),
    "export": N_("Export mode"),
    "special": N_("Special type"),
    "terms": N_("Payment terms"),
}
