"""大促主会场 in the storefront: what any buyer sees of the festival, and the coupon (F1, F12)."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.catalog.queries import KIND_WORDS, UNIT_WORDS
from august.kernel.errors import Refusal
from august.kernel.words import N_
from august.sandboxes.door import Door, OpenSandbox
from august.storefront.frame import act, looking, shop_page
from august.storefront.web import number_of
from august.venue import shop
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.tables import Listing, listing

SORT_WORDS = (
    ("-score", N_("Best match")),
    ("price", N_("Price, low to high")),
    ("-price", N_("Price, high to low")),
)


def asked_of(request: AnyRequest, path: str) -> Listing:
    """What the address asks of the venue."""
    return listing(path, request.query_params, sorts=shop.SORTS, default="-score", filters=shop.FILTERS)


class FestivalShop(Controller):
    """The venue as a buyer."""

    path = "/w/{sandbox_id:str}/shop/festival"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Benefits by tier, the coupon, the boards and the goods."""
        return _page(request, door)

    @post("/coupon", sync_to_thread=True, status_code=200)
    def coupon(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Take the coupon."""
        with door.reading() as ctx:
            who = looking(request, ctx)
        try:
            act(door, who, "venue.take_coupon", {}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            return _page(request, door, refusal)
        return Redirect(f"/w/{door.sandbox.id}/shop/festival?done=taken#coupon", status_code=303)

    @post("/order/{product:int}", sync_to_thread=True, status_code=200)
    def order(self, request: AnyRequest, door: Door, form: ReadForm, product: FromPath[int]) -> Response[Any]:
        """Order with the coupon."""
        with door.reading() as ctx:
            who = looking(request, ctx)
        payload = {"product": product, "quantity": number_of(form.text("quantity")) or 0}
        try:
            outcome = act(door, who, "venue.order_with_coupon", payload, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            return _page(request, door, refusal)
        orders = f"/w/{door.sandbox.id}/shop/mine/orders"
        return Redirect(f"{orders}/{outcome.result['order']}?done=ordered", status_code=303)


def _page(request: AnyRequest, door: OpenSandbox, refused: Refusal | None = None) -> Response[str]:
    asked = asked_of(request, f"/w/{door.sandbox.id}/shop/festival")
    with door.reading() as ctx:
        who = looking(request, ctx)
        return shop_page(
            request,
            door,
            ctx,
            who,
            "venue/shop.html",
            "venue",
            status=refused.status if refused else 200,
            home=shop.home(ctx, asked, who.id, who.country),
            venues=shop.VENUES,
            asked=asked,
            sorts=SORT_WORDS,
            kind_words=KIND_WORDS,
            unit_words=UNIT_WORDS,
            refused=refused,
            done=N_("The coupon is yours.") if request.query_params.get("done") == "taken" else None,
        )
