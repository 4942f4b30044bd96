"""The shop: search, product pages, store pages, and as whom one looks."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.assurance.covering import insurable
from august.catalog import reference
from august.catalog.product_web import rendered
from august.catalog.queries import KIND_WORDS, UNIT_WORDS
from august.finance.later import later_offer
from august.kernel.errors import Refusal
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.reviews.words import SCORE_WORDS
from august.sandboxes.door import Door, OpenSandbox
from august.storefront import goods, search, viewers
from august.storefront.frame import act, keep, looking, rank_of, shop_page
from august.venue.shop import basket
from august.web.forms import Form
from august.web.htmx import AnyRequest, safe_path, target
from august.web.pages import ReadForm
from august.web.tables import Listing, listing

ASK, ORDER_NOW = "opportunities.ask", "trade.order_now"
SORT_WORDS = (
    ("-market", N_("Best match")),
    ("price", N_("Price, low to high")),
    ("-price", N_("Price, high to low")),
    ("-rating", N_("Best reviewed")),
)
TICKS = (
    ("rts", N_("Ready to Ship")),
    ("reviewed", N_("With reviews")),
)
NUMBER_DIGITS = 8


def asked_of(request: AnyRequest, path: str) -> Listing:
    """What the address asks of a list of products."""
    return listing(
        path, request.query_params, sorts=search.SORTS, default=search.DEFAULT, filters=search.FILTERS
    )


def number_of(text: str) -> int | None:
    """A whole number typed in a form or an address; None for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS
    return int(text) if plain else None


class ShopPages(Controller):
    """What a buyer looks at."""

    path = "/w/{sandbox_id:str}/shop"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Search and its results."""
        asked = asked_of(request, f"/w/{door.sandbox.id}/shop")
        with door.reading() as ctx:
            who = looking(request, ctx)
            return shop_page(
                request,
                door,
                ctx,
                who,
                "storefront/search.html",
                "results",
                asked=asked,
                found=search.search(ctx, asked, who.country, rank_of(door)),
                groups=reference.leaf_groups(),
                industries=reference.industries(),
                leaf_names=reference.leaf_names(),
                sorts=SORT_WORDS,
                ticks=TICKS,
                kind_words=KIND_WORDS,
                unit_words=UNIT_WORDS,
            )

    @get("/as", sync_to_thread=True)
    def look_as(self, request: AnyRequest, door: Door) -> Response[Any]:
        """Look as the most active buyer of a tier and a country, and go back to where one was."""
        home = f"/w/{door.sandbox.id}/shop"
        tier, country = (request.query_params.get(name, "") for name in ("tier", "country"))
        with door.reading() as ctx:
            who = viewers.pick(ctx, tier, country)
        if who is None:
            return Redirect(f"{home}/buyers?tier={tier[:10]}&country={country[:10]}", status_code=303)
        back = safe_path(request.query_params.get("back"), home)
        return keep(Redirect(back, status_code=303), door.sandbox.id, who)

    @get("/buyers", sync_to_thread=True)
    def buyers(self, request: AnyRequest, door: Door) -> Response[str]:
        """Every buyer of the world, to look as one of them."""
        asked = listing(
            f"/w/{door.sandbox.id}/shop/buyers",
            request.query_params,
            sorts=tuple(viewers.SORTS),
            default="-activity",
            filters=viewers.FILTERS,
        )
        with door.reading() as ctx:
            who = looking(request, ctx)
            return shop_page(
                request,
                door,
                ctx,
                who,
                "storefront/buyers.html",
                "list",
                asked=asked,
                crowd=viewers.crowd(ctx, asked),
            )

    @get("/products/{product:int}", sync_to_thread=True)
    def product(self, request: AnyRequest, door: Door, product: FromPath[int]) -> Response[str]:
        """A product page; `quantity` reckons price and freight anew."""
        return _product_page(request, door, product)

    @post("/products/{product:int}/ask", sync_to_thread=True, status_code=200)
    def ask(self, request: AnyRequest, door: Door, form: ReadForm, product: FromPath[int]) -> Response[Any]:
        """Send the supplier an inquiry."""
        payload = {
            "product": product,
            "quantity": number_of(form.text("quantity")) or 0,
            "text": form.text("text"),
        }
        return _do(request, door, form, product, ASK, payload)

    @post("/products/{product:int}/order", sync_to_thread=True, status_code=200)
    def order(self, request: AnyRequest, door: Door, form: ReadForm, product: FromPath[int]) -> Response[Any]:
        """Order at the list price."""
        payload = {"product": product, "quantity": number_of(form.text("quantity")) or 0}
        return _do(request, door, form, product, ORDER_NOW, payload)

    @get("/stores/{store:int}", sync_to_thread=True)
    def store(self, request: AnyRequest, door: Door, store: FromPath[int]) -> Response[str]:
        """A store with its ratings, its manners and its products."""
        path = f"/w/{door.sandbox.id}/shop/stores/{store}"
        asked = asked_of(request, path)
        told = listing(path, {"size": "10"}, sorts=("at",), default="-at")
        with door.reading() as ctx:
            who = looking(request, ctx)
            facts = goods.store_facts(ctx, store)
            return shop_page(
                request,
                door,
                ctx,
                who,
                "storefront/store.html",
                "results",
                asked=asked,
                facts=facts,
                dimensions=_dimensions(facts.rating),
                spread=_spread(facts.rating),
                word=SCORE_WORDS.get(facts.rating.word or ""),
                found=search.search(ctx, asked, who.country, rank_of(door), store=store),
                comments=goods.comments(ctx, told, store=store),
                sorts=SORT_WORDS,
                kind_words=KIND_WORDS,
                unit_words=UNIT_WORDS,
            )


def _do(
    request: AnyRequest, door: OpenSandbox, form: Form, product: int, command: str, payload: dict[str, Any]
) -> Response[Any]:
    """Act as the buyer and go to what came of it; what is refused stays typed."""
    with door.reading() as ctx:
        who = looking(request, ctx)
    try:
        outcome = act(door, who, command, payload, form.key)
    except Refusal as refusal:
        if refusal.status in {401, 403}:
            raise
        return _product_page(request, door, product, refused=refusal, typed=form, tried=command)
    mine = f"/w/{door.sandbox.id}/shop/mine"
    if command == ORDER_NOW:
        return Redirect(f"{mine}/orders/{outcome.result['order']}?done=ordered", status_code=303)
    return Redirect(f"{mine}/conversations/{outcome.result['inquiry']}?done=asked", status_code=303)


def _product_page(
    request: AnyRequest,
    door: OpenSandbox,
    product: int,
    *,
    refused: Refusal | None = None,
    typed: Form | None = None,
    tried: str = "",
) -> Response[str]:
    told = listing(
        f"/w/{door.sandbox.id}/shop/products/{product}",
        request.query_params,
        sorts=("at",),
        default="-at",
        filters=("quantity",),
    )
    wanted = typed.text("quantity") if typed else request.query_params.get("quantity", "")
    commands = door.desk.house.commands
    with door.reading() as ctx:
        who = looking(request, ctx)
        sheet = goods.sheet(ctx, product, who.country, number_of(wanted), who.tier)
        ready = sheet.product.kind == "rts" and sheet.quote.line is not None
        buyer = ctx.session.get_one(Buyer, who.id)
        cents = sheet.quote.total_cents
        return shop_page(
            request,
            door,
            ctx,
            who,
            "storefront/product.html",
            "comments" if target(request) == "comments" else "quote",
            status=refused.status if refused else 200,
            sheet=sheet,
            basket=basket(ctx, who.id, product, sheet.quote.goods_cents),
            description=rendered(sheet.product.description),
            dimensions=_dimensions(sheet.store_rating),
            spread=_spread(sheet.rating),
            word=SCORE_WORDS.get(sheet.store_rating.word or ""),
            kind_words=KIND_WORDS,
            unit_words=UNIT_WORDS,
            asked=told,
            comments=goods.comments(ctx, told, product=product),
            return_days=insurable(ctx, sheet.product, who.country, cents) if ready else None,
            later=later_offer(ctx, buyer, cents, fits=ready),
            can_ask=ASK in commands,
            can_order=ORDER_NOW in commands,
            refused=refused,
            tried=tried,
            asking=ASK,
            ordering=ORDER_NOW,
            typed=typed.text("text") if typed else "",
        )


def _dimensions(rating: Any) -> dict[str, int | None]:
    return {"quality": rating.quality, "service": rating.service, "shipment": rating.shipment}


def _spread(rating: Any) -> list[tuple[int, int]]:
    """Stars and how many reviews have them, the best first."""
    return list(zip(range(5, 0, -1), reversed(rating.by_stars), strict=True))
