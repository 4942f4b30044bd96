"""交易管理 › 无忧退货保障: 无忧退订单列表, the service, a what-if, and 到货保障 with its compensations."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.response import Redirect

from august.assurance import queries, words
from august.assurance.delivery import PAYERS
from august.assurance.rules import REASONS, Facts, easy_return
from august.kernel.clock import PACIFIC, from_local, pacific
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import amount, parse_amount
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.trade.queries import line_names
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, speaking
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import Listing, listing

LENGTH = 19
CRUMB = Crumb(Phrase(N_("Orders")))


def asked_of(request: AnyRequest, path: str) -> Listing:
    """What the address asks of the list of orders."""
    return listing(
        path, request.query_params, sorts=tuple(queries.SORTS), default="-shipped", filters=queries.FILTERS
    )


def deliveries_of(request: AnyRequest, path: str) -> Listing:
    """What the address asks of the guaranteed orders."""
    return listing(
        path,
        request.query_params,
        sorts=tuple(queries.DELIVERY_SORTS),
        default="-until",
        filters=queries.DELIVERY_FILTERS,
    )


class Typed(msgspec.Struct):
    """The what-if as typed: wall-clock times are Pacific."""

    amount: str
    category: str
    destination: str
    drafted: str
    paid: str
    shipped: str
    errors: dict[str, Phrase]


class EasyReturnPage(Controller):
    """The service, its orders, a what-if."""

    path = "/w/{sandbox_id:str}/easy-return"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The list of RTS orders that have left, insured or not."""
        return _page(request, door)

    @post("/activate", sync_to_thread=True, status_code=200)
    def activate(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Switch the service on."""
        return _switch(request, door, "assurance.activate", "activated", form.key)

    @post("/deactivate", sync_to_thread=True, status_code=200)
    def deactivate(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Switch the service off."""
        return _switch(request, door, "assurance.deactivate", "deactivated", form.key)

    @get("/deliveries", sync_to_thread=True)
    def deliveries(self, request: AnyRequest, door: Door) -> Response[str]:
        """The guaranteed deliveries and what late ones cost."""
        asked = deliveries_of(request, request.url.path)
        with door.reading() as ctx:
            rules = ctx.rulebook.versions("F1-delivery")[-1]
            return door.page(
                request,
                "assurance/deliveries.html",
                "list",
                asked=asked,
                table=queries.deliveries(ctx, asked),
                states=words.DELIVERY_STATES,
                tones=words.DELIVERY_TONES,
                payers=PAYERS,
                routes=rules.values.routes,
                route_count=rules.values.count,
                pay=ctx.rulebook.values("F1-delivery-pay", ctx.now),
                since=rules.effective_from,
                line_names=line_names(),
                crumbs=(CRUMB, Crumb(Phrase(N_("Delivery-by guarantee")))),
            )


def _switch(request: AnyRequest, door: Door, command: str, done: str, key: str | None) -> Response[Any]:
    try:
        door.run(command, {}, key)
    except Refusal as refusal:
        if refusal.status in {401, 403}:
            raise
        return _page(request, door, refusal)
    return Redirect(f"/w/{door.sandbox.id}/easy-return?done={done}", status_code=303)


def _page(request: AnyRequest, door: Door, refused: Refusal | None = None) -> Response[str]:
    asked = asked_of(request, f"/w/{door.sandbox.id}/easy-return")
    with door.reading() as ctx, speaking(locale_of(request)):
        rules = easy_return(ctx.rulebook, ctx.now)
        typed = _typed(request, ctx)
        facts = _facts(typed)
        standing = queries.standing_of(ctx)
        return door.page(
            request,
            "assurance/index.html",
            ("what_if" if request.query_params.get("amount") else "list"),
            status=refused.status if refused else 200,
            asked=asked,
            table=queries.table(ctx, asked),
            standing=standing,
            rules=rules,
            typed=typed,
            found=None if facts is None else queries.what_if(ctx, facts),
            categories=queries.categories(ctx),
            destinations=rules.insurance.destinations,
            states=words.STATES,
            tones=words.STATE_TONES,
            prices=words.PRICES,
            reasons=REASONS,
            rulebook=ctx.rulebook,
            now=ctx.now,
            form_key=fresh_key(),
            refused=refused,
            done=words.DONE.get(request.query_params.get("done", "")),
            crumbs=(CRUMB, Crumb(Phrase(N_("Easy Return orders")))),
        )


def _typed(request: AnyRequest, ctx: Context) -> Typed:
    """The what-if of the address; without one a small order that is drafted, paid and shipped now."""
    asked, now = request.query_params, f"{pacific(ctx.now):%Y-%m-%d %H:%M:%S}"
    plain = {"amount": "500.00", "category": "furniture", "destination": "US"}
    texts = {**plain, **dict.fromkeys(("drafted", "paid", "shipped"), now)}
    return Typed(**{name: asked.get(name, text).strip()[:40] for name, text in texts.items()}, errors={})


def _facts(typed: Typed) -> Facts | None:
    """What the what-if is about; None with the errors written down when something does not fit."""
    instants: dict[str, datetime] = {}
    for name in ("drafted", "paid", "shipped"):
        try:
            instants[name] = from_local(PACIFIC, getattr(typed, name)[:LENGTH])
        except Refusal as refusal:
            typed.errors[name] = refusal.message
    cents = 0
    try:
        cents = parse_amount(typed.amount, "amount")
    except Refusal as refusal:
        typed.errors.update(refusal.fields)
    if typed.errors:
        return None
    typed.amount = amount(cents)
    return Facts(
        drafted=instants["drafted"],
        first_payment=instants["paid"],
        fully_shipped=instants["shipped"],
        service_active=True,
        rts=True,
        cents=cents,
        category=typed.category,
        destination=typed.destination,
        quota_left=0,
    )
