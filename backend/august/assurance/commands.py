"""What stores and buyers do about Easy Return (F4)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from august.assurance.insuring import cover, of_order
from august.assurance.models import EasyReturnPeriod, Policy
from august.assurance.payloads import Nothing, OneOrder
from august.assurance.rules import ReturnRules, claimable
from august.integrity.models import Dispute
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import money
from august.kernel.tables import Event
from august.kernel.words import N_
from august.messages.commands import send
from august.trade import acting
from august.trade.models import Order

PAGE = "/easy-return"


def running(ctx: Context, merchant: int) -> EasyReturnPeriod | None:
    """The running period of a store's service; None while it is not active."""
    period = EasyReturnPeriod
    asked = select(period).where(period.merchant_id == merchant, period.ended_at.is_(None))
    return ctx.session.scalars(asked).one_or_none()


@command("assurance.activate", title=N_("Activate the Easy Return service"))
def activate(ctx: Context, cmd: Nothing) -> dict[str, Any]:  # noqa: ARG001 - every command takes a struct
    """From now on orders that fit are insured by themselves when their last piece leaves."""
    period = running(ctx, ctx.merchant)
    if period is not None:
        raise Refusal(
            "easy_return.active",
            N_("The Easy Return service is active since {at}."),
            params={"at": period.started_at},
            rules=("F4-insurance",),
            remedy=N_("Nothing is to be done: orders that fit are insured by themselves."),
            status=409,
        )
    period = EasyReturnPeriod(merchant_id=ctx.merchant, started_at=ctx.now, ended_at=None)
    ctx.session.add(period)
    ctx.session.flush()
    ctx.emit("assurance.activated", ("merchant", ctx.merchant))
    return {"active": True, "since": ctx.now.isoformat()}


@command("assurance.deactivate", title=N_("Deactivate the Easy Return service"))
def deactivate(ctx: Context, cmd: Nothing) -> dict[str, Any]:  # noqa: ARG001 - every command takes a struct
    """From this second on nothing more is insured; what is insured stays so."""
    period = running(ctx, ctx.merchant)
    if period is None:
        raise Refusal(
            "easy_return.inactive",
            N_("The Easy Return service is not active."),
            rules=("F4-insurance",),
            remedy=N_("Activate it first."),
            status=409,
        )
    period.ended_at = ctx.now
    ctx.emit("assurance.deactivated", ("merchant", ctx.merchant))
    return {"active": False, "since": period.started_at.isoformat()}


@command("assurance.claim_return", title=N_("Return goods within Easy Return"), actors=("buyer",))
def claim_return(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Send the goods of an insured order back; the insurance pays."""
    order = acting.party_order(ctx, cmd.order)
    policy = ctx.session.get(Policy, order.id)
    require_returnable(ctx, order, policy)
    assert policy is not None  # noqa: S101 - it was refused otherwise
    give_back(ctx, policy, order)
    return {"order": order.id, "refund_cents": policy.refund_cents}


def returnable(ctx: Context, policy: Policy | None, order: Order) -> bool:
    """Whether the buyer can send the goods back now."""
    try:
        require_returnable(ctx, order, policy)
    except Refusal:
        return False
    return True


def require_returnable(ctx: Context, order: Order, policy: Policy | None) -> None:
    """Refuse (409) what is not insured, not received, over, paid back already or disputed."""
    told = {"id": str(order.id)}
    problem, remedy = None, N_("Ask the supplier for a refund instead.")
    if policy is None or policy.state == "uninsured":
        problem = N_("Order {id} is not insured by Easy Return.")
    elif policy.state == "returned":
        problem = N_("The goods of order {id} were returned already.")
    elif order.disputed:
        problem, remedy = (
            N_("A refund request stands against order {id}: a return has to wait."),
            N_("Settle the refund request first."),
        )
    elif order.received_at is None and order.state != "cancelled":
        problem, remedy = (
            N_("Order {id} was not received yet."),
            N_("Confirm the receipt first."),
        )
    elif order.state == "cancelled" or order.received_at is None or ctx.now >= closes(ctx, order):
        problem = N_("The days in which order {id} can be returned are over.")
    elif not claimable(order.goods_cents, refunded(ctx, order.id)):
        problem = N_("The price of order {id} was paid back already.")
    if problem is not None:
        raise Refusal(
            "easy_return.not_returnable",
            problem,
            params=told,
            rules=("F4-insurance", "F4-returns"),
            remedy=remedy,
            status=409,
        )


def closes(ctx: Context, order: Order) -> datetime:
    """The first second in which an order that was received cannot be returned any more."""
    assert order.received_at is not None  # noqa: S101 - asked of received orders only
    rules: ReturnRules = ctx.rulebook.values("F4-returns", ctx.now)
    return order.received_at + timedelta(days=rules.days)


def refunded(ctx: Context, order: int) -> int:
    """What settled refund requests paid back of an order, in cents."""
    asked = select(func.coalesce(func.sum(Dispute.refund_cents), 0))
    settled = Dispute.order_id == order, Dispute.settled_at.is_not(None)
    return int(ctx.session.scalar(asked.where(*settled)) or 0)


def give_back(ctx: Context, policy: Policy, order: Order) -> None:
    """The insurance pays the buyer; the store keeps its money and is told."""
    cents = claimable(order.goods_cents, refunded(ctx, order.id))
    policy.state, policy.returned_at, policy.due_at, policy.refund_cents = "returned", ctx.now, None, cents
    amount = money(cents, "USD")
    acting.note(ctx, "assurance.returned", order, refund=amount)
    send(
        ctx,
        N_("The goods of order {order} came back: Easy Return paid the buyer {refund}, you keep your money."),
        to=order.merchant_id,
        kind="order",
        path=PAGE,
        order=str(order.id),
        refund=amount,
    )


def last_piece_left(ctx: Context, fact: Event) -> None:
    """`trade.shipped`: an order whose last piece left by a person's command is insured at once."""
    ctx.session.flush()
    cover(ctx, of_order(ctx, fact.object_id))
