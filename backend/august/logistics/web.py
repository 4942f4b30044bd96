"""物流服务 › 物流订单: the list, a new order with live quotes of all lines, one order."""

import re
from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.catalog import carriers
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.payloads import convert
from august.kernel.words import N_, Phrase
from august.logistics import queries, quoting, steps, words
from august.logistics.models import STATES
from august.logistics.orders import own
from august.logistics.payloads import PlaceOrder
from august.logistics.position import position
from august.logistics.rules import REDUCTIONS
from august.sandboxes.door import Door
from august.trade.acting import party_order
from august.trade.models import Order
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import say, t
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import listing

DONE = {
    "placed": N_("The logistics order was placed: pay the freight."),
    "pay": N_("The freight is paid."),
    "cancel": N_("The logistics order was cancelled."),
    "booked": N_("The container was booked: pay before the cut-off."),
}
BENEFITS = {
    "best": N_("Whatever takes off most"),
    "offer": N_("Only the platform's reduction"),
    "coupon": N_("Only a coupon"),
    "none": N_("Nothing"),
}
DECIMAL = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,3}))?")
SIDES = {"length_mm": "length_cm", "width_mm": "width_cm", "height_mm": "height_cm"}
FIELDS = {**{f"parcel.{name}": field for name, field in SIDES.items()}, "parcel.weight_g": "weight_kg"} | {
    "parcel.pieces": "pieces"
}


def any_line() -> str:
    """The line whose form is shown before one is chosen."""
    return next(iter(carriers.standing().lines))


class LogisticsOrdersPage(Controller):
    """All logistics orders of the store, and the form of a new one."""

    path = "/w/{sandbox_id:str}/logistics-orders"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The table."""
        asked = listing(
            f"/w/{door.sandbox.id}/logistics-orders",
            request.query_params,
            sorts=tuple(queries.SORTS),
            default="-placed",
            filters=queries.FILTERS,
        )
        with door.reading() as ctx:
            found = queries.table(ctx, asked)
            return door.page(
                request,
                "logistics/orders.html",
                "rows",
                asked=asked,
                found=found,
                names=queries.names(),
                places=carriers.standing().places,
                family_of=queries.family_of,
                states=steps.STATES,
                all_states=STATES,
                offers=(*REDUCTIONS, "coupon"),
                words=words,
                crumbs=(Crumb(Phrase(N_("Logistics"))), Crumb(Phrase(N_("Logistics orders")))),
            )

    @get("/new", sync_to_thread=True)
    def blank(self, request: AnyRequest, door: Door) -> Response[str]:
        """The form, filled with what is left of the order that the address names."""
        number = _whole(request.query_params.get("order", ""))
        with door.reading() as ctx:
            order = None if number is None else party_order(ctx, number)
            typed = {name: str(value) for name, value in quoting.first_goods(ctx, order).items()}
            typed |= {"cargo": "general", "benefit": "best"}
            if order is not None:
                typed |= {"order": str(order.id), "quantity": typed["pieces"]}
            return _form(request, door, ctx, typed)

    @post("/new", sync_to_thread=True, status_code=200)
    def place(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Place it by the line whose button was pressed."""
        try:
            made = door.run("logistics.place", payload(form.flat), form.key).result
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            with door.reading() as ctx:
                return _form(request, door, ctx, form.flat, refusal)
        there = f"/w/{door.sandbox.id}/logistics-orders/{made['logistics_order']}"
        return Redirect(f"{there}?done=placed", status_code=303)

    @post("/new/quote", sync_to_thread=True, status_code=200)
    def quote(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[str]:
        """All lines side by side, while the goods are typed."""
        with door.reading() as ctx:
            return _form(request, door, ctx, form.flat)


class LogisticsOrderPage(Controller):
    """One logistics order."""

    path = "/w/{sandbox_id:str}/logistics-orders/{number:int}"

    @get(sync_to_thread=True)
    def show(self, request: AnyRequest, door: Door, number: FromPath[int]) -> Response[str]:
        """Its way, its money, its timeline, what can be done."""
        return _show(request, door, number)

    @post("/pay", sync_to_thread=True, status_code=200)
    def pay(self, request: AnyRequest, door: Door, form: ReadForm, number: FromPath[int]) -> Response[Any]:
        """Pay the amount that was shown."""
        told = {"logistics_order": number, "expected": form.text("expected") or None}
        return _acted(request, door, number, "pay", told, form)

    @post("/cancel", sync_to_thread=True, status_code=200)
    def cancel(self, request: AnyRequest, door: Door, form: ReadForm, number: FromPath[int]) -> Response[Any]:
        """Cancel it."""
        return _acted(request, door, number, "cancel", {"logistics_order": number}, form)


def _acted(
    request: AnyRequest, door: Door, number: int, step: str, told: Mapping[str, Any], form: Form
) -> Response[Any]:
    try:
        door.run(f"logistics.{step}", told, form.key)
    except Refusal as refusal:
        if refusal.status in {401, 404}:
            raise
        return _show(request, door, number, refusal)
    return Redirect(f"/w/{door.sandbox.id}/logistics-orders/{number}?done={step}", status_code=303)


def _show(request: AnyRequest, door: Door, number: int, refused: Refusal | None = None) -> Response[str]:
    with door.reading() as ctx:
        look = queries.look(ctx, own(ctx, number))
        return door.page(
            request,
            "logistics/order.html",
            status=refused.status if refused else 200,
            look=look,
            order=look.order,
            family=queries.family_of(look.order),
            place=carriers.standing().places[look.order.country],
            service=carriers.standing().services.get(look.order.line),
            states=steps.STATES,
            words=words,
            refused=refused,
            form_key=fresh_key(),
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(
                Crumb(Phrase(N_("Logistics orders")), f"/w/{door.sandbox.id}/logistics-orders"),
                Crumb(look.order.tracking),
            ),
        )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None  # noqa: PLR2004 - a BIGINT


def scaled(text: str, digits: int) -> int | None:
    """A typed decimal in units of its last digit: 40.5 with one digit is 405; None for what is none."""
    found = DECIMAL.fullmatch(text.strip())
    if found is None or len(found[2] or "") > digits:
        return None
    scale: int = 10**digits
    return int(found[1]) * scale + int((found[2] or "").ljust(digits, "0") or 0)


def payload(typed: Mapping[str, str]) -> dict[str, Any]:
    """The form as the command takes it; what is no number stays as typed, to be refused."""
    parcel: dict[str, Any] = {name: _or_text(typed, field, 1) for name, field in SIDES.items()}
    parcel |= {"weight_g": _or_text(typed, "weight_kg", 3), "pieces": _or_text(typed, "pieces", 0)}
    told: dict[str, Any] = {"line": typed.get("line", any_line()), "parcel": parcel}
    told |= {name: typed[name] for name in ("country", "cargo", "benefit") if typed.get(name)}
    for name in ("order", "quantity", "coupon"):
        if text := typed.get(name):
            told[name] = _or_text(typed, name, 0) if text else None
    if told.get("benefit") != "coupon":
        told.pop("coupon", None)
    return told


def _or_text(typed: Mapping[str, str], field: str, digits: int) -> int | str:
    text = typed.get(field, "")
    number = scaled(text, digits)
    return text if number is None else number


def _form(
    request: AnyRequest, door: Door, ctx: Context, typed: Mapping[str, str], refused: Refusal | None = None
) -> Response[str]:
    """The form with its quotes, or with what is wrong instead."""
    quotes, problem, here = [], refused, position(ctx)
    order: Order | None = None
    try:
        number = _whole(typed.get("order", ""))
        order = None if number is None else party_order(ctx, number)
        cmd = convert(payload(typed), PlaceOrder)
        goods = quoting.goods_of(ctx, cmd)
        if cmd.order is not None:
            quoting.shippable(ctx, cmd.order, cmd.quantity, cmd.country)
        quotes = quoting.quotes(ctx, here, goods, cmd.benefit)
    except Refusal as refusal:
        problem = refused or refusal
    fleet = carriers.standing()
    told = {FIELDS.get(name, name): phrase for name, phrase in (problem.fields if problem else {}).items()}
    return door.page(
        request,
        "logistics/new.html",
        "quotes",
        status=refused.status if refused else 200,
        typed=typed,
        quotes=[each for each in quotes if each.problem is None],
        unfit=[each for each in quotes if each.problem is not None],
        problem=problem,
        refused=refused,
        errors=told if refused else {},
        wrong=told,
        order=order,
        left=0 if order is None else order.quantity - order.shipped_quantity,
        coupons=here.coupons,
        options={
            "country": [(code, say(name)) for code, name in fleet.places.items()],
            "cargo": [(code, t(label)) for code, label in words.CARGO.items()],
            "benefit": [(code, t(label)) for code, label in BENEFITS.items()],
        },
        words=words,
        form_key=fresh_key(),
        crumbs=(
            Crumb(Phrase(N_("Logistics orders")), f"/w/{door.sandbox.id}/logistics-orders"),
            Crumb(Phrase(N_("New logistics order"))),
        ),
    )
