"""My Alibaba: Orders › Reviews › Pending reviews, Messages, as the buyer who looks."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.catalog.typed import Beside
from august.finance import later, oa, paying
from august.kernel.errors import Refusal
from august.merchants.models import Buyer
from august.reviews.commands import windows
from august.reviews.rules import DIMENSIONS
from august.reviews.words import KEYWORDS
from august.sandboxes.door import Door, OpenSandbox
from august.storefront import mine
from august.storefront.bought_web import done_of
from august.storefront.frame import act, looking, shop_page
from august.storefront.web import number_of
from august.web.forms import Form
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.tables import listing

WRITE = "opportunities.write"
TURN_WORDS: dict[str, Any] = {"turn_words": mine.TURN_WORDS}


class MinePages(Controller):
    """What a buyer has ordered, reviewed and asked."""

    path = "/w/{sandbox_id:str}/shop/mine"

    @get(sync_to_thread=False)
    def index(self, request: AnyRequest) -> Redirect:
        """Orders come first."""
        query = f"?{request.url.query}" if request.url.query else ""
        return Redirect(f"{request.url.path.rstrip('/')}/orders{query}", status_code=303)

    @get("/pay-later", sync_to_thread=True)
    def pay_later(self, request: AnyRequest, door: Door) -> Response[str]:
        """Instalments paid and to come, and the credit on OA terms."""
        with door.reading() as ctx:
            who = looking(request, ctx)
            buyer = ctx.session.get_one(Buyer, who.id)
            return shop_page(
                request,
                door,
                ctx,
                who,
                "storefront/pay_later.html",
                bills=later.bills(ctx, who.id),
                rules=paying.rules(ctx),
                first=paying.first_use(ctx),
                owed_cents=paying.open_cents(ctx, who.id),
                credit=oa.credit_of(ctx, buyer),
                oa_tiers=list(oa.oa_rules(ctx).percent),
                tab="pay_later",
                done=done_of(request),
            )

    @get("/reviews", sync_to_thread=True)
    def reviews(self, request: AnyRequest, door: Door) -> Response[str]:
        """Pending reviews and those written."""
        with door.reading() as ctx:
            who = looking(request, ctx)
            return shop_page(
                request,
                door,
                ctx,
                who,
                "storefront/reviews.html",
                owed=mine.owed(ctx, who.id),
                written=mine.written(ctx, who.id),
                tab="reviews",
                done=done_of(request),
            )

    @get("/reviews/{order:int}", sync_to_thread=True)
    def pad(self, request: AnyRequest, door: Door, order: FromPath[int]) -> Response[str]:
        """The form of one review: where the link that stores copy leads."""
        return _pad_page(request, door, order)

    @post("/reviews/{order:int}", sync_to_thread=True, status_code=200)
    def review(self, request: AnyRequest, door: Door, form: ReadForm, order: FromPath[int]) -> Response[Any]:
        """Publish the review, or change the one there is."""
        with door.reading() as ctx:
            who = looking(request, ctx)
            review = mine.pad(ctx, who.id, order).review
        payload: dict[str, Any] = {name: number_of(form.text(name)) or 0 for name in DIMENSIONS}
        payload |= {"text": form.text("text"), "keywords": _many(form, "keywords")}
        payload |= {"photos": _many(form, "photos")}
        try:
            if review is None:
                act(door, who, "reviews.write", {"order": order, **payload}, form.key)
            else:
                act(door, who, "reviews.change", {"review": review.id, **payload}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            return _pad_page(request, door, order, refused=refusal, form=form)
        done = "written" if review is None else "changed"
        return Redirect(f"/w/{door.sandbox.id}/shop/mine/reviews?done={done}", status_code=303)

    @get("/conversations", sync_to_thread=True)
    def conversations(self, request: AnyRequest, door: Door) -> Response[str]:
        """The buyer's inquiries and chats."""
        asked = listing(
            f"/w/{door.sandbox.id}/shop/mine/conversations",
            request.query_params,
            sorts=("last",),
            default="-last",
        )
        with door.reading() as ctx:
            who = looking(request, ctx)
            return shop_page(
                request,
                door,
                ctx,
                who,
                "storefront/conversations.html",
                "list",
                asked=asked,
                talks=mine.talks(ctx, who.id, asked),
                tab="conversations",
                done=done_of(request),
                **TURN_WORDS,
            )

    @get("/conversations/{inquiry:int}", sync_to_thread=True)
    def conversation(self, request: AnyRequest, door: Door, inquiry: FromPath[int]) -> Response[str]:
        """One conversation, line by line."""
        return _talk_page(request, door, inquiry)

    @post("/conversations/{inquiry:int}", sync_to_thread=True, status_code=200)
    def say(self, request: AnyRequest, door: Door, form: ReadForm, inquiry: FromPath[int]) -> Response[Any]:
        """Write to the supplier; what is refused stays typed."""
        with door.reading() as ctx:
            who = looking(request, ctx)
        try:
            act(door, who, WRITE, {"inquiry": inquiry, "text": form.text("text")}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            return _talk_page(request, door, inquiry, refused=refusal, typed=form.text("text"))
        return Redirect(f"/w/{door.sandbox.id}/shop/mine/conversations/{inquiry}?done=sent", status_code=303)


def _talk_page(
    request: AnyRequest, door: OpenSandbox, inquiry: int, *, refused: Refusal | None = None, typed: str = ""
) -> Response[str]:
    with door.reading() as ctx:
        who = looking(request, ctx)
        talk, lines = mine.talk(ctx, who.id, inquiry)
        return shop_page(
            request,
            door,
            ctx,
            who,
            "storefront/conversation.html",
            status=refused.status if refused else 200,
            talk=talk,
            lines=lines,
            can_write=WRITE in door.desk.house.commands and talk.inquiry.turn == "buyer",
            refused=refused,
            errors=Beside(refused.fields if refused else {}),
            typed=typed,
            tab="conversations",
            done=done_of(request),
            **TURN_WORDS,
        )


def _many(form: Form, name: str) -> list[str]:
    """The values ticked under `name[]`."""
    chosen = form.values.get(name, [])
    return [str(each) for each in chosen] if isinstance(chosen, list) else []


def _pad_page(
    request: AnyRequest,
    door: OpenSandbox,
    order: int,
    *,
    refused: Refusal | None = None,
    form: Form | None = None,
) -> Response[str]:
    with door.reading() as ctx:
        who = looking(request, ctx)
        pad = mine.pad(ctx, who.id, order)
        review = pad.review
        if form is not None:
            stars = {name: form.text(name) for name in DIMENSIONS}
            text, keywords, photos = form.text("text"), _many(form, "keywords"), _many(form, "photos")
        else:
            stars = {name: str(getattr(review, name)) if review else "" for name in DIMENSIONS}
            text = pad.text
            keywords, photos = (list(review.keywords), list(review.photos)) if review else ([], [])
        return shop_page(
            request,
            door,
            ctx,
            who,
            "storefront/review.html",
            status=refused.status if refused else 200,
            pad=pad,
            stars=stars,
            text=text,
            keywords=keywords,
            photos=photos,
            choices=KEYWORDS,
            rules=windows(ctx),
            refused=refused,
            errors=Beside(refused.fields if refused else {}),
            tab="reviews",
        )
