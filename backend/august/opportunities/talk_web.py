"""A conversation on a page, alone or in the inbox of 沟通, and what the store does in it."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import ColumnElement

from august.catalog.queries import KIND_WORDS, STATUS_TONES, STATUS_WORDS, UNIT_WORDS
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import amount, parse_amount
from august.kernel.words import N_, Phrase
from august.opportunities import habits, queries, quick, talk, words
from august.opportunities.commands import TEXT_LIMIT, own_inquiry
from august.opportunities.models import Inquiry
from august.opportunities.rules import Margin, margin, spell
from august.opportunities.steps import ALIVE
from august.sandboxes.door import Door
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest, is_partial, toast
from august.web.i18n import phrase, speaking, t
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import Listing, listing

DONE = {
    "sent": N_("Sent. It is the buyer's turn."),
    "assigned": N_("The conversation was given to the sub-account."),
    "freed": N_("No sub-account looks after the conversation now."),
}
NOTHING = Form({})
# What the inbox shows: everything that is still in talks, or every chat.
BOXES = {"open": N_("Open conversations"), "chats": N_("All chats")}
KEPT = ("view", "box", "q", "page")


def box_filters(asked: Listing) -> tuple[ColumnElement[bool], ...]:
    """The condition of the inbox's two tabs."""
    if asked.get("box") == "chats":
        return (Inquiry.kind == "chat",)
    return (Inquiry.state.in_(ALIVE),)


def inbox_listing(door: Door, params: Mapping[str, str]) -> Listing:
    """What an address, or the form of a conversation in the inbox, asks of the inbox."""
    path = f"/w/{door.sandbox.id}/chat"
    return listing(path, params, sorts=("urgent",), default="urgent", filters=("box", "q"))


class InquiryPage(Controller):
    """One conversation, and what the store does in it."""

    path = "/w/{sandbox_id:str}/inquiries/{inquiry:int}"

    @get(sync_to_thread=True)
    def show(self, request: AnyRequest, door: Door, inquiry: FromPath[int]) -> Response[str]:
        """The conversation."""
        return conversation(request, door, inquiry, NOTHING)

    @post("/reply", sync_to_thread=True, status_code=200)
    def reply(self, request: AnyRequest, door: Door, form: ReadForm, inquiry: FromPath[int]) -> Response[Any]:
        """Answer; what is refused stays typed."""
        quote = form.text("quote_usd") or None
        payload = {"inquiry": inquiry, "text": form.text("text"), "quote_usd": quote}
        return _act(request, door, form, "opportunities.reply", payload, "sent")

    @post("/assign", sync_to_thread=True, status_code=200)
    def assign(
        self, request: AnyRequest, door: Door, form: ReadForm, inquiry: FromPath[int]
    ) -> Response[Any]:
        """Give it to a sub-account or take it back."""
        staff = queries.number(form.text("staff"))
        payload = {"inquiry": inquiry, "staff": staff}
        done = "freed" if staff is None else "assigned"
        return _act(request, door, form, "opportunities.assign", payload, done)

    @post("/words", sync_to_thread=True, status_code=200)
    def words(self, request: AnyRequest, door: Door, form: ReadForm, inquiry: FromPath[int]) -> Response[str]:
        """A quick reply under what is typed already; nothing is sent."""
        with door.reading() as ctx:
            told = told_of(ctx, own_inquiry(ctx, inquiry), form, chosen=form.text("quick"))
            return door.page(request, "opportunities/_composer.html", **told)

    @get("/margin", sync_to_thread=True)
    def margin(self, request: AnyRequest, door: Door, inquiry: FromPath[int]) -> Response[str]:
        """What a typed price means beside the list price; nothing is sent."""
        typed = request.query_params.get("quote_usd", "")
        with door.reading() as ctx:
            stored = own_inquiry(ctx, inquiry)
            found = margin_of(stored, talk.product_card(ctx, stored), typed)
            return door.page(request, "opportunities/_margin.html", margin=found)


def _act(
    request: AnyRequest, door: Door, form: Form, command: str, payload: Mapping[str, Any], done: str
) -> Response[Any]:
    """Run a command of the page: the conversation anew, with a word about it or with what was refused."""
    number = payload["inquiry"]
    try:
        door.run(command, payload, form.key)
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return conversation(request, door, number, form, refused=refusal)
    kept = {name: form.text(name) for name in KEPT}
    if is_partial(request):
        return toast(conversation(request, door, number, Form({}, kept)), t(DONE[done]))
    place = "chat" if form.text("view") == "chat" else "inquiries"
    return Redirect(f"/w/{door.sandbox.id}/{place}/{number}?done={done}", status_code=303)


def conversation(
    request: AnyRequest, door: Door, number: int, typed: Form, *, refused: Refusal | None = None
) -> Response[str]:
    """The conversation where it was opened, with what was typed and what was refused."""
    with door.reading() as ctx:
        inquiry = own_inquiry(ctx, number)
        told = told_of(ctx, inquiry, typed, refused)
        if typed.text("view") == "chat":
            return inbox_page(request, door, ctx, inbox_listing(door, typed.flat), told)
        return door.page(
            request,
            "opportunities/inquiry.html",
            "talk",
            status=refused.status if refused else 200,
            **told,
            moments=talk.timeline(ctx, number),
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(
                Crumb(Phrase(N_("Opportunities"))),
                Crumb(Phrase(N_("Inquiries")), f"/w/{door.sandbox.id}/inquiries"),
                Crumb(str(number)),
            ),
        )


def inbox_page(
    request: AnyRequest,
    door: Door,
    ctx: Context,
    asked: Listing,
    told: Mapping[str, Any] | None,
    *,
    chosen: bool = True,
) -> Response[str]:
    """The two panes: conversations, and one of them; on a small screen one that was `chosen`, or the list."""
    found = queries.inquiries(ctx, asked, *box_filters(asked))
    if told is None and found.lines:
        first = own_inquiry(ctx, found.lines[0].id)
        told = told_of(ctx, first, Form({}, {"view": "chat"}))
    refused = told["refused"] if told else None
    kept = {"view": "chat", "box": asked.get("box"), "q": asked.get("q"), "page": str(found.page.number)}
    return door.page(
        request,
        "opportunities/chat.html",
        "inbox",
        status=refused.status if refused else 200,
        **{"inquiry": None, "words": words, **(told or {}), "kept": kept, "target": "#inbox"},
        asked=asked,
        found=found,
        chosen=chosen,
        boxes=BOXES,
        box=asked.get("box") if asked.get("box") in BOXES else "open",
        done=DONE.get(request.query_params.get("done", "")),
        crumbs=(Crumb(Phrase(N_("Opportunities"))),),
    )


def told_of(
    ctx: Context, inquiry: Inquiry, typed: Form, refused: Refusal | None = None, *, chosen: str = ""
) -> dict[str, Any]:
    """What is told of a conversation; `chosen` names the quick reply that goes under what is typed."""
    lines, product = talk.said(ctx, inquiry.id), talk.product_card(ctx, inquiry)
    text, quote = typed.text("text"), typed.text("quote_usd")
    offers = quick.quick_replies(inquiry, product, lines, cents_of(quote))
    if picked := next((each for each in offers if each.name == chosen), None):
        with speaking("en"):
            text = "\n".join(filter(None, (text, phrase(picked.text))))
        if picked.quote_cents is not None:
            quote = amount(picked.quote_cents)
    waiting, deals = queries.waiting(ctx, inquiry), habits.standing().deals
    return {
        "inquiry": inquiry,
        "lines": lines,
        "product": product,
        "buyer": talk.buyer_card(ctx, inquiry),
        "waiting": waiting,
        "waited": None if waiting is None else spell(waiting.hours),
        "waits": deals.waits(inquiry.state),
        "answers": deals.answer,
        "order": talk.order_of(ctx, inquiry),
        "alive": waiting is not None,
        "may_reply": waiting is not None and inquiry.turn == "seller",
        "autopilot": queries.answers_itself(ctx),
        "staff": queries.staff_names(ctx),
        "quicks": offers,
        "margin": margin_of(inquiry, product, quote),
        "text": text,
        "quote": quote,
        "text_limit": TEXT_LIMIT,
        "refused": refused,
        "errors": refused.fields if refused else {},
        "following": talk.next_waiting(ctx, inquiry.id),
        "form_key": typed.key or fresh_key(),
        "kept": {name: typed.text(name) for name in KEPT if typed.text(name)},
        "target": "#inbox" if typed.text("view") == "chat" else "#talk",
        "words": words,
        "product_kinds": KIND_WORDS,
        "product_statuses": STATUS_WORDS,
        "product_tones": STATUS_TONES,
        "unit_words": UNIT_WORDS,
    }


def cents_of(text: str) -> int | None:
    """A typed price, as far as it is one."""
    try:
        return parse_amount(text.strip(), "quote_usd") or None
    except Refusal:
        return None


def margin_of(inquiry: Inquiry, product: talk.ProductCard, typed: str) -> Margin | None:
    """The typed price beside the list price; with nothing typed the price that stands."""
    standing = inquiry.quote_cents or product.list_cents
    cents = cents_of(typed) if typed.strip() else standing
    return margin(cents, product.list_cents, inquiry.quantity) if cents else None
