"""营销中心 › 大促报名: every offer with one's own state, and the products that are or may be in the venue."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.festival.offers import registry
from august.festival.quotas import Quota, seconds_in
from august.festival.rules import DAY
from august.kernel.errors import Refusal
from august.kernel.money import amount
from august.kernel.tables import LARGEST_ID
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.venue import look
from august.venue.admission import WORDS
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, speaking, t
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import listing

DONE = {
    "enrolled": N_("The products are in the festival."),
    "priced": N_("The campaign price was changed."),
    "withdrawn": N_("The products were withdrawn."),
}
KINDS = {
    "fee": N_("Fees"),
    "finance": N_("Finance"),
    "logistics": N_("Logistics"),
    "goods": N_("Goods and prices"),
    "buyer": N_("For buyers"),
}


class FestivalPage(Controller):
    """Offers and products."""

    path = "/w/{sandbox_id:str}/festival"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Every offer, and the store's products; `#products` is a list of its own."""
        return _page(request, door)

    @post("/enrol", sync_to_thread=True, status_code=200)
    def enrol(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Enrol the ticked products at the prices beside them."""
        items = [
            {"product": number, "price_usd": form.text(f"price-{number}")}
            for number in _ids(form, "products")
        ]
        if len(items) == 1:
            return _done(request, door, form, "venue.enrol", items[0], "enrolled")
        return _done(request, door, form, "venue.enrol_batch", {"items": items}, "enrolled")

    @post("/withdraw", sync_to_thread=True, status_code=200)
    def withdraw(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Take the ticked products out."""
        payload = {"products": _ids(form, "products")}
        return _done(request, door, form, "venue.withdraw", payload, "withdrawn")

    @post("/price/{product:int}", sync_to_thread=True, status_code=200)
    def price(self, request: AnyRequest, door: Door, form: ReadForm, product: FromPath[int]) -> Response[Any]:
        """Give a product of the venue the price beside it."""
        payload = {"product": product, "price_usd": form.text(f"price-{product}")}
        return _done(request, door, form, "venue.change_price", payload, "priced")


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
        return _page(request, door, refusal, form, payload)
    return Redirect(f"/w/{door.sandbox.id}/festival?done={told}#products", status_code=303)


def _page(
    request: AnyRequest,
    door: Door,
    refused: Refusal | None = None,
    form: Form | None = None,
    tried: Mapping[str, Any] | None = None,
) -> Response[str]:
    asked = listing(
        f"/w/{door.sandbox.id}/festival",
        request.query_params,
        sorts=look.SORTS,
        default="place",
        filters=look.FILTERS,
    )
    with door.reading() as ctx, speaking(locale_of(request)):
        offers, shelf = registry.look(ctx), look.shelf(ctx, asked)
        today = max(0, seconds_in(ctx.now) // DAY)
        return door.page(
            request,
            "venue/index.html",
            "products",
            status=refused.status if refused else 200,
            clock=look.clock(ctx),
            offers=offers,
            charts={
                seen.offer.code: chart(seen.standing.quota, today) for seen in offers if seen.standing.quota
            },
            states=registry.STATES,
            state_tones=registry.TONES,
            kinds=KINDS,
            asked=asked,
            shelf=shelf,
            places=look.PLACES,
            place_tones=look.TONES,
            conditions=WORDS,
            problems=problems(refused, tried or {}),
            typed={line.judged.product.id: _typed(line, form) for line in shelf.lines},
            chosen=_chosen(form),
            refused=refused,
            form_key=fresh_key(),
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(Crumb(Phrase(N_("Marketing"))), Crumb(Phrase(N_("Festival enrolment")))),
        )


def _typed(line: look.Line, form: Form | None) -> str:
    """The price in the field of a product: as typed, its own, or the highest that passes."""
    judged = line.judged
    own = judged.price_cents or judged.goods.limit
    ready = amount(own) if own else ""
    return ready if form is None else form.text(f"price-{judged.product.id}", ready)


def _chosen(form: Form | None) -> set[int]:
    try:
        return set() if form is None else set(_ids(form, "products"))
    except Refusal:
        return set()


def problems(refused: Refusal | None, tried: Mapping[str, Any]) -> list[tuple[int | None, str, Phrase]]:
    """What a refusal says of each product: its number where it is known, the condition, the sentence."""
    if refused is None:
        return []
    items = tried.get("items", [])
    found = []
    for name, told in refused.fields.items():
        number = tried.get("product")
        parts = name.split(".")
        if parts[0] == "items" and len(parts) > 1:
            number = items[int(parts[1])]["product"]
        found.append((number if number is None or number <= LARGEST_ID else None, parts[-1], told))
    return found


def chart(quota: Quota, today: int) -> dict[str, Any]:
    """What is left of a quota by the days of its curve, as others take it; today is marked."""
    rows = curve(quota)
    return {
        "option": {
            "grid": {"left": 4, "right": 10, "top": 8, "bottom": 4, "containLabel": True},
            "xAxis": {"type": "category", "data": [day for day, _ in rows]},
            "yAxis": {"type": "value", "min": 0, "max": quota.rule.total, "splitNumber": 2},
            "series": [
                {
                    "type": "line",
                    "showSymbol": False,
                    "areaStyle": {"opacity": 0.15},
                    "data": [left for _, left in rows],
                    "markLine": {
                        "symbol": "none",
                        "label": {"show": False},
                        "data": [{"xAxis": min(today, rows[-1][0])}],
                    },
                }
            ],
        },
        "rows": rows,
        "columns": (t(N_("Days since the opening")), t(N_("Left"))),
    }


def curve(quota: Quota) -> list[tuple[int, int]]:
    """Day by day what the published curve leaves, less the claims of this world."""
    last = quota.rule.curve[-1][0]
    return [(day, quota.rule.left(day * DAY, quota.claimed)) for day in range(last + 1)]
