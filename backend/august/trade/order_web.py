"""交易管理 › 全部订单 › an order: its page, what is done from it, and the form of a draft."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.integrity.words import REASON_WORDS
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import amount
from august.kernel.payloads import convert
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.trade import detail, drafting, queries, steps, words
from august.trade.acting import party_order
from august.trade.models import Order
from august.trade.payloads import DraftOrder
from august.trade.rules import OrderTerms, order_terms
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import NOTHING, t
from august.web.pages import ReadForm
from august.web.shell import Crumb

DONE = {
    "drafted": N_("The draft was sent to the buyer."),
    "confirm": N_("Confirmed: the buyer can pay."),
    "ready": N_("The buyer is asked for the rest."),
    "ship": N_("The goods are handed over."),
    "cancel_booking": N_("The booked receipts were cancelled."),
    "withdraw": N_("The order was withdrawn."),
}
ACTIONS = ("confirm", "ready", "withdraw", "cancel_booking")
NUMBERS = ("inquiry", "buyer", "product", "quantity", "oa_days")
TEXTS = ("unit_price_usd", "terms", "channel", "export_mode", "special")
DIGITS_MOST = 15  # what fits a BIGINT


def number(text: str) -> int | None:
    """A typed whole number, None for nothing and for what is none."""
    plain = text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST
    return int(text) if plain else None


class OrderPage(Controller):
    """One order."""

    path = "/w/{sandbox_id:str}/orders/{order:int}"

    @get(sync_to_thread=True)
    def show(self, request: AnyRequest, door: Door, order: FromPath[int]) -> Response[str]:
        """Where the order is, what it costs, what happened, what can be done."""
        return order_page(request, door, order)

    @post("/ship", sync_to_thread=True, status_code=200)
    def ship(self, request: AnyRequest, door: Door, form: ReadForm, order: FromPath[int]) -> Response[Any]:
        """Hand goods over, in part or whole."""
        payload: dict[str, Any] = {"order": order, "line": form.text("line")}
        if text := form.text("quantity"):
            payload["quantity"] = number(text) if number(text) is not None else text
        return acted(request, door, order, "ship", payload, form)

    @post("/{step:str}", sync_to_thread=True, status_code=200)
    def act(
        self, request: AnyRequest, door: Door, form: ReadForm, order: FromPath[int], step: FromPath[str]
    ) -> Response[Any]:
        """Take a step that needs nothing but the order."""
        if step not in ACTIONS:
            raise Refusal(
                "order.no_step", N_("There is no step {step}."), params={"step": step[:40]}, status=404
            )
        return acted(request, door, order, step, {"order": order}, form)


def acted(
    request: AnyRequest, door: Door, order: int, step: str, payload: Mapping[str, Any], form: Form
) -> Response[Any]:
    """Back to the order; a refusal is shown on its page."""
    try:
        door.run(f"trade.{step}", payload, form.key)
    except Refusal as refusal:
        if refusal.status == 404:  # noqa: PLR2004 - nobody's order has no page
            raise
        return order_page(request, door, order, refusal, form)
    return Redirect(f"/w/{door.sandbox.id}/orders/{order}?done={step}", status_code=303)


def order_page(
    request: AnyRequest, door: Door, order: int, refused: Refusal | None = None, form: Form | None = None
) -> Response[str]:
    """The page of an order; `form` is what was refused."""
    with door.reading() as ctx:
        found = party_order(ctx, order)
        return door.page(
            request,
            "trade/order.html",
            status=refused.status if refused else 200,
            look=detail.look(ctx, found),
            order=found,
            states=steps.STATES,
            turns=steps.TURN_WORDS,
            steps=steps.STEPS,
            words=words,
            reasons=REASON_WORDS,
            line_names=queries.line_names(),
            lines=lines_to(found),
            country=queries.country_names([found.country]).get(found.country, found.country),
            refused=refused,
            errors={} if refused is None else refused.fields,
            typed=form.flat if form else {},
            form_key=fresh_key(),
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(
                Crumb(Phrase(N_("Orders")), f"/w/{door.sandbox.id}/orders"),
                Crumb(Phrase(N_("Order {id}"), {"id": str(order)})),
            ),
        )


def lines_to(order: Order) -> list[str]:
    """The lines that can carry the order: its own first, then those that go to its country."""
    return list(dict.fromkeys([*([order.line] if order.line else []), *queries.lines_to(order.country)]))


class DraftPage(Controller):
    """The form of a draft."""

    path = "/w/{sandbox_id:str}/orders/new"

    @get(sync_to_thread=True)
    def ask(self, request: AnyRequest, door: Door) -> Response[str]:
        """Choose buyer and product unless the address names them, then the form."""
        asked = request.query_params
        named = {name: number(asked.get(name, "")) for name in ("inquiry", "buyer", "product")}
        with door.reading() as ctx:
            if named["inquiry"] is None and (named["buyer"] is None or named["product"] is None):
                return choose_page(request, door, ctx, named)
            who = drafting.parties(ctx, named["inquiry"], named["buyer"], named["product"])
            return draft_page(request, door, ctx, first_form(who))

    @post(sync_to_thread=True, status_code=200)
    def send(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Send the draft."""
        try:
            made = door.run("trade.draft_order", payload(form), form.key).result
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            with door.reading() as ctx:
                return draft_page(request, door, ctx, form.flat, refusal)
        return Redirect(f"/w/{door.sandbox.id}/orders/{made['order']}?done=drafted", status_code=303)

    @post("/quote", sync_to_thread=True, status_code=200)
    def quote(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[str]:
        """What the order would cost, while it is typed."""
        with door.reading() as ctx:
            return draft_page(request, door, ctx, form.flat)


def first_form(who: drafting.Parties) -> dict[str, str]:
    """The fields of a new draft: what was asked and offered, or the minimum at the list price."""
    inquiry = who.inquiry
    ready = who.product.kind == "rts"
    told = {"channel": "ta", "export_mode": "onetouch", "special": "none", "oa_days": ""}
    told |= {"terms": "full" if ready else "before_shipment", "quantity": str(who.product.moq)}
    if inquiry is None:
        return told | {"buyer": str(who.buyer.id), "product": str(who.product.id), "unit_price_usd": ""}
    price = "" if inquiry.quote_cents is None else amount(inquiry.quote_cents)
    return told | {"inquiry": str(inquiry.id), "quantity": str(inquiry.quantity), "unit_price_usd": price}


def payload(form: Form) -> dict[str, Any]:
    """The form as the command takes it; a number that is none stays as it was typed, to be refused."""
    told: dict[str, Any] = {name: form.text(name) for name in TEXTS if form.text(name)}
    for name in NUMBERS:
        if text := form.text(name):
            told[name] = number(text) if number(text) is not None else text
    if told.get("terms") != "oa":
        told.pop("oa_days", None)
    return told


def draft_page(
    request: AnyRequest,
    door: Door,
    ctx: Context,
    typed: Mapping[str, str],
    refused: Refusal | None = None,
) -> Response[str]:
    """The form with its live quote, or with what is wrong instead."""
    draft, problem = None, refused
    try:
        draft = drafting.prepared(ctx, convert(payload(Form({}, dict(typed))), DraftOrder))
    except Refusal as refusal:
        problem = refused or refusal
    named = [number(typed.get(name, "")) for name in ("inquiry", "buyer", "product")]
    who = draft.parties if draft else drafting.parties(ctx, *named)
    terms = order_terms(ctx.rulebook, ctx.now)
    first = drafting.first_cents(draft) if draft else 0
    return door.page(
        request,
        "trade/draft.html",
        "quote",
        status=refused.status if refused else 200,
        typed=typed,
        draft=draft,
        first=first,
        rest=draft.quote.total_cents - first if draft else 0,
        problem=problem,
        refused=refused,
        errors={} if refused is None else refused.fields,
        who=who,
        client=detail.client(ctx, who.buyer.id),
        country=queries.country_names([who.buyer.country]).get(who.buyer.country, who.buyer.country),
        line_names=queries.line_names(),
        words=words,
        options=options(terms),
        first_percent=terms.first_percent,
        form_key=fresh_key(),
        crumbs=(
            Crumb(Phrase(N_("Orders")), f"/w/{door.sandbox.id}/orders"),
            Crumb(Phrase(N_("Draft an order"))),
        ),
    )


def options(terms: OrderTerms) -> dict[str, list[tuple[str, str]]]:
    """What the form's lists offer, in the reader's language."""
    lists = {
        "terms": words.TERMS,
        "channel": words.CHANNELS,
        "export_mode": words.EXPORTS,
        "special": words.SPECIALS,
    }
    found = {name: [(code, t(label)) for code, label in labels.items()] for name, labels in lists.items()}
    days = [(str(each), t(N_("{days} days"), days=each)) for each in terms.oa_days]
    return {**found, "oa_days": [("", NOTHING), *days]}


def choose_page(
    request: AnyRequest, door: Door, ctx: Context, named: Mapping[str, int | None]
) -> Response[str]:
    """Choose the buyer among those who know the store, and the product among those on sale."""
    asked = {name: request.query_params.get(name, "").strip()[:100] for name in ("buyer_q", "product_q")}
    return door.page(
        request,
        "trade/choose.html",
        "choices",
        asked=asked,
        named=named,
        buyer=None if named["buyer"] is None else drafting.buyer_of(ctx, named["buyer"]),
        product=None if named["product"] is None else drafting.sold(ctx, named["product"]),
        buyers=drafting.known_buyers(ctx, asked["buyer_q"]),
        products=drafting.on_sale(ctx, asked["product_q"]),
        inquiries=drafting.talking(ctx),
        crumbs=(
            Crumb(Phrase(N_("Orders")), f"/w/{door.sandbox.id}/orders"),
            Crumb(Phrase(N_("Draft an order"))),
        ),
    )
