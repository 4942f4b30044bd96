"""My Alibaba › Orders: states, payments, receipts, money asked back, as the buyer who looks."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.assurance.commands import returnable
from august.assurance.covering import cover_of
from august.finance.later import bill_of, fits, later_offer
from august.integrity.words import REASON_WORDS
from august.kernel.errors import Refusal
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.sandboxes.door import Door, OpenSandbox
from august.storefront import bought
from august.storefront.frame import act, looking, shop_page
from august.storefront.web import number_of
from august.venue.coupons import parts_of
from august.web.forms import Form
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.tables import listing

DONE = {
    "ordered": N_("The order was placed."),
    "asked": N_("The inquiry was sent."),
    "acted": N_("Done."),
    "written": N_("Thank you: the review was published."),
    "changed": N_("The review was changed."),
    "sent": N_("The message was sent."),
}
WORDS: dict[str, Any] = {
    "groups": bought.GROUPS,
    "state_words": bought.STATE_WORDS,
    "action_words": bought.ACTION_WORDS,
    "close_words": bought.CLOSE_WORDS,
    "refund_words": bought.REFUND_WORDS,
    "refund_actions": bought.REFUND_ACTIONS,
}


# Steps of other rooms that begin on an order's page.
OTHER_STEPS = {"pay_later": "finance.pay_later", "return": "assurance.claim_return"}


def done_of(request: AnyRequest) -> str | None:
    """What the address says was done."""
    return DONE.get(request.query_params.get("done", ""))


class OrdersPages(Controller):
    """What a buyer has ordered."""

    path = "/w/{sandbox_id:str}/shop/mine/orders"

    @get(sync_to_thread=True)
    def orders(self, request: AnyRequest, door: Door) -> Response[str]:
        """The buyer's orders by state."""
        asked = listing(
            f"/w/{door.sandbox.id}/shop/mine/orders",
            request.query_params,
            sorts=("id",),
            default="-id",
            filters=("state",),
        )
        with door.reading() as ctx:
            who = looking(request, ctx)
            return shop_page(
                request,
                door,
                ctx,
                who,
                "storefront/orders.html",
                "list",
                asked=asked,
                orders=bought.orders(ctx, who.id, asked, door.desk.house.commands),
                tab="orders",
                done=done_of(request),
                **WORDS,
            )

    @get("/{order:int}", sync_to_thread=True)
    def order(self, request: AnyRequest, door: Door, order: FromPath[int]) -> Response[str]:
        """One order: what it costs, where the goods are, what can be done."""
        return _order_page(request, door, order)

    @post("/{order:int}/refund", sync_to_thread=True, status_code=200)
    def ask_back(
        self, request: AnyRequest, door: Door, form: ReadForm, order: FromPath[int]
    ) -> Response[Any]:
        """Ask everything that was paid back."""
        return _take(
            request, door, form, order, "integrity.open", {"order": order, "reason": form.text("reason")}
        )

    @post("/{order:int}/refund/{step:str}", sync_to_thread=True, status_code=200)
    def settle(
        self, request: AnyRequest, door: Door, form: ReadForm, order: FromPath[int], step: FromPath[str]
    ) -> Response[Any]:
        """Take a step of a refund request as its buyer."""
        if step not in bought.REFUND_ACTIONS:
            raise _no_step()
        payload: dict[str, Any] = {"dispute": number_of(form.text("dispute")) or 0}
        if step == "change_reason":
            payload["reason"] = form.text("reason")
        return _take(request, door, form, order, f"integrity.{step}", payload)

    @post("/{order:int}/{step:str}", sync_to_thread=True, status_code=200)
    def step(
        self, request: AnyRequest, door: Door, form: ReadForm, order: FromPath[int], step: FromPath[str]
    ) -> Response[Any]:
        """Take a step of an order as its buyer."""
        if step in OTHER_STEPS:
            return _take(request, door, form, order, OTHER_STEPS[step], {"order": order})
        if step not in bought.ACTION_WORDS:
            raise _no_step()
        return _take(request, door, form, order, f"trade.{step}", {"order": order})


def _no_step() -> Refusal:
    return Refusal("order.no_such_step", N_("A buyer cannot do this with an order."), status=404)


def _take(
    request: AnyRequest, door: OpenSandbox, form: Form, order: int, command: str, payload: dict[str, Any]
) -> Response[Any]:
    """Act as the buyer, and stay on the order's page."""
    with door.reading() as ctx:
        who = looking(request, ctx)
    try:
        act(door, who, command, payload, form.key)
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _order_page(request, door, order, refused=refusal)
    return Redirect(f"/w/{door.sandbox.id}/shop/mine/orders/{order}?done=acted", status_code=303)


def _order_page(
    request: AnyRequest, door: OpenSandbox, order: int, *, refused: Refusal | None = None
) -> Response[str]:
    commands = door.desk.house.commands
    with door.reading() as ctx:
        who = looking(request, ctx)
        line = bought.order(ctx, who.id, order, commands)
        found, buyer = line.order, ctx.session.get_one(Buyer, who.id)
        cover = cover_of(ctx, order)
        return shop_page(
            request,
            door,
            ctx,
            who,
            "storefront/order.html",
            status=refused.status if refused else 200,
            line=line,
            coupon=parts_of(ctx, line.order),
            shipments=bought.tracked(ctx, order),
            refunds=bought.refunds(ctx, order, commands),
            refundable=bought.refundable(ctx, line.order, commands),
            reasons=REASON_WORDS,
            cover=cover,
            returnable=returnable(ctx, cover.policy, found),
            later=later_offer(ctx, buyer, found.total_cents, fits=fits(found)),
            bill=bill_of(ctx, order),
            refused=refused,
            tab="orders",
            done=done_of(request),
            **WORDS,
        )
