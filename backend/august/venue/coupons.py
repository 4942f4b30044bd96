"""A buyer's threshold-off coupon: taken once, used on a direct order of goods of the venue (F1-coupon)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from august.festival.conditions import within
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node, money
from august.kernel.money import amount
from august.kernel.tables import by_id
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.trade.acting import acting_buyer, note, party_order
from august.trade.drafting import order_now
from august.trade.models import Order
from august.trade.payloads import OrderNow
from august.venue import campaign, reductions
from august.venue.models import Coupon, Enrolment
from august.venue.payloads import Bought, Nothing
from august.venue.rules import CouponRules

CODE = "threshold_coupon"
RULE = "F1-coupon"


def steps(ctx: Context) -> tuple[tuple[int, int], ...]:
    """The steps of the coupon in force now."""
    values: CouponRules = ctx.rulebook.values(RULE, ctx.now)
    return values.steps


@dataclass(frozen=True)
class Held:
    """A buyer's coupon, and the order that it lies on: none while it can still be used."""

    coupon: Coupon
    order: Order | None

    @property
    def free(self) -> bool:
        """Whether it lies on no order."""
        return self.order is None


def held(ctx: Context, buyer: int) -> Held | None:
    """A buyer's coupon; one on an order that was closed unpaid has come back."""
    coupon = ctx.session.get(Coupon, buyer)
    if coupon is None:
        return None
    order = None if coupon.order_id is None else ctx.session.get(Order, coupon.order_id)
    gone = order is not None and order.state == "cancelled" and order.paid_at is None
    return Held(coupon, None if gone else order)


def on_order(ctx: Context, order: int) -> Coupon | None:
    """The coupon that was used on an order."""
    return ctx.session.scalars(select(Coupon).where(Coupon.order_id == order)).one_or_none()


def may_take(ctx: Context, buyer: Buyer, mine: Held | None) -> tuple[Node, ...]:
    """Whether a buyer may take a coupon now."""
    return (
        within(ctx.now, campaign.window(ctx), "F1"),
        _tier(ctx, buyer),
        Node(
            N_("No coupon taken yet") if mine is None else N_("The coupon was taken already"),
            rule=RULE,
            outcome="ok" if mine is None else "bad",
            remedy=None if mine is None else N_("There is one for each buyer."),
        ),
    )


def may_use(ctx: Context, buyer: Buyer, product: int, goods_cents: int) -> tuple[Node, ...]:
    """Whether a buyer may use the coupon on goods of a product now."""
    mine = held(ctx, buyer.id)
    if mine is None:
        has = Node(
            N_("No coupon taken yet"), rule=RULE, outcome="bad", remedy=N_("Take it in the festival venue.")
        )
    elif mine.order is not None:
        has = Node(
            N_("The coupon lies on order {order}"),
            {"order": str(mine.order.id)},
            rule=RULE,
            outcome="bad",
            remedy=N_("It comes back when that order is closed unpaid."),
        )
    else:
        has = Node(N_("The coupon was not used yet"), rule=RULE, outcome="ok")
    row = by_id(ctx.session, Enrolment, product)
    inside = row is not None and row.state == "enrolled"
    return (
        within(ctx.now, campaign.window(ctx), "F1"),
        _tier(ctx, buyer),
        has,
        Node(
            N_("A product of the festival venue") if inside else N_("Not a product of the festival venue"),
            rule=RULE,
            outcome="ok" if inside else "bad",
            remedy=None if inside else N_("Choose a product of the venue."),
        ),
        reductions.explain(goods_cents, steps(ctx)),
    )


def _tier(ctx: Context, buyer: Buyer) -> Node:
    met = campaign.buyer_rules(ctx).allows(CODE, buyer.tier)
    return Node(
        N_("A buyer of tier {tier} may use it") if met else N_("A buyer of tier {tier} may not use it"),
        {"tier": buyer.tier},
        rule="F1",
        outcome="ok" if met else "bad",
        remedy=None if met else N_("It is for buyers from L1 on."),
    )


@command("venue.take_coupon", title=N_("Take the threshold-off coupon"), actors=("buyer",))
def take_coupon(ctx: Context, cmd: Nothing) -> dict[str, Any]:  # noqa: ARG001 - every command takes a struct
    """Give the buyer the one coupon of the festival."""
    buyer = acting_buyer(ctx)
    _require(may_take(ctx, buyer, held(ctx, buyer.id)), N_("There is no coupon for this buyer now."))
    ctx.session.add(
        Coupon(
            buyer_id=buyer.id, taken_at=ctx.now, order_id=None, merchant_id=None, off_cents=0, used_at=None
        )
    )
    return {"buyer": buyer.id}


@command("venue.order_with_coupon", title=N_("Order directly with the coupon"), actors=("buyer",))
def order_with_coupon(ctx: Context, cmd: Bought) -> dict[str, Any]:
    """Order goods of the venue; the platform pays what the coupon takes off, the store gets everything."""
    buyer = acting_buyer(ctx)
    told = order_now(ctx, OrderNow(product=cmd.product, quantity=cmd.quantity))
    order = ctx.session.get_one(Order, told["order"])
    refused = N_("The coupon cannot be used on this order.")
    _require(may_use(ctx, buyer, cmd.product, order.goods_cents), refused)
    coupon = ctx.session.get_one(Coupon, buyer.id)
    coupon.order_id, coupon.merchant_id, coupon.used_at = order.id, order.merchant_id, ctx.now
    coupon.off_cents = reductions.off(order.goods_cents, steps(ctx))
    note(ctx, "venue.coupon_used", order, off_cents=coupon.off_cents)
    pays, _ = reductions.shares(order.total_cents, order.total_cents, coupon.off_cents)
    return {**told, "off_usd": amount(coupon.off_cents), "pay_usd": amount(pays)}


def _require(conditions: tuple[Node, ...], message: str) -> None:
    """Refuse with every condition that is not met."""
    failed = [node for node in conditions if node.outcome == "bad"]
    if failed:
        raise Refusal(
            "venue.no_coupon",
            message,
            rules=tuple(dict.fromkeys(node.rule or RULE for node in failed)),
            fields={
                f"condition.{place}": Phrase(node.message, node.params)
                for place, node in enumerate(failed, start=1)
            },
            remedy=failed[0].remedy,
            status=409,
        )


@dataclass(frozen=True)
class Parts:
    """What an order's payments come to for buyer and platform, in cents."""

    off: int
    buyer: int
    platform: int


def parts(order: Order, off_cents: int) -> Parts:
    """Who pays what of a whole order."""
    buyer, platform = reductions.shares(order.total_cents, order.total_cents, off_cents)
    return Parts(off_cents, buyer, platform)


def parts_of(ctx: Context, order: Order) -> Parts | None:
    """The same of an order as its buyer sees it; None without a coupon."""
    coupon = on_order(ctx, order.id)
    return None if coupon is None else parts(order, coupon.off_cents)


def off_of(ctx: Context, goods_cents: int) -> int:
    """What the coupon takes off goods of an amount now."""
    return reductions.off(goods_cents, steps(ctx))


def why(ctx: Context, key: str) -> Node:
    """What the coupon on an order took off, and who paid what: `coupon/{order}`."""
    order = party_order(ctx, int(key) if key.isascii() and key.isdigit() else 0)
    coupon = on_order(ctx, order.id)
    if coupon is None:
        return Node(N_("No coupon was used on this order"), rule=RULE, outcome="note")
    found = parts(order, coupon.off_cents)
    split = Node(
        N_("{total} altogether = {buyer} by the buyer + {platform} by the platform"),
        {
            "total": money(order.total_cents, "USD"),
            "buyer": money(found.buyer, "USD"),
            "platform": money(found.platform, "USD"),
        },
        rule=RULE,
        outcome="note",
    )
    node = reductions.explain(order.goods_cents, steps(ctx))
    return Node(node.message, node.params, node.rule, (*node.children, split), node.outcome)
