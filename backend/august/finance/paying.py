"""Pay later: a buyer's choice at checkout, and what becomes of the instalments (F1-bnpl)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from august.finance.models import InstalmentRow, PayLater
from august.finance.payloads import OneOrder
from august.finance.rules import FirstUseRules, PayLaterRules, after_refund, plan, reduction
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import money
from august.kernel.tables import Event
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.trade import acting
from august.trade.commands import pay_first
from august.trade.models import Order
from august.trade.payloads import OneOrder as TradeOrder


def rules(ctx: Context) -> PayLaterRules:
    """The numbers of F1-bnpl in force."""
    values: PayLaterRules = ctx.rulebook.values("F1-bnpl", ctx.now)
    return values


def first_use(ctx: Context) -> FirstUseRules:
    """The numbers of F1-bnpl-off in force."""
    values: FirstUseRules = ctx.rulebook.values("F1-bnpl-off", ctx.now)
    return values


def is_first(ctx: Context, buyer: int) -> bool:
    """Whether a buyer never paid later before."""
    return ctx.session.scalar(select(PayLater.order_id).where(PayLater.buyer_id == buyer).limit(1)) is None


def unfit(order: Order, tier: str, numbers: PayLaterRules) -> str | None:
    """Why an order cannot be paid later, a msgid; None when it can."""
    if tier not in numbers.tiers:
        return N_("Pay later is for buyers of the tiers {tiers}; yours is {tier}.")
    if order.kind != "rts" or order.terms != "full":
        return N_("Only Ready-to-Ship orders that are paid in full at once can be paid later.")
    return None


def off_for(ctx: Context, buyer: int, cents: int) -> int:
    """What the platform takes off this use, in cents."""
    return reduction(cents, ctx.now, is_first(ctx, buyer), first_use(ctx))


@command("finance.pay_later", title=N_("Pay later in instalments"), actors=("buyer",))
def pay_later(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """The seller gets everything now, the buyer pays the first instalment now and the others later."""
    order = acting.party_order(ctx, cmd.order)
    buyer = ctx.session.get_one(Buyer, order.buyer_id)
    numbers = rules(ctx)
    problem = unfit(order, buyer.tier, numbers)
    if problem is not None:
        raise Refusal(
            "pay_later.not_for_this",
            problem,
            params={"tiers": list(numbers.tiers), "tier": buyer.tier},
            rules=("F1-bnpl",),
            remedy=N_("Pay at once instead."),
            status=409,
        )
    off = off_for(ctx, buyer.id, order.total_cents)
    pay_first(ctx, TradeOrder(order=order.id))
    parts = plan(order.total_cents - off, ctx.now, numbers)
    ctx.session.add(
        PayLater(
            order_id=order.id,
            merchant_id=order.merchant_id,
            buyer_id=buyer.id,
            at=ctx.now,
            state="running",
            total_cents=order.total_cents,
            off_cents=off,
            refunded_cents=0,
            back_buyer_cents=0,
            back_platform_cents=0,
        )
    )
    for number, part in enumerate(parts, start=1):
        ctx.session.add(
            InstalmentRow(
                order_id=order.id,
                number=number,
                due_at=part.at,
                cents=part.cents,
                paid_at=ctx.now if number == 1 else None,
            )
        )
    acting.note(ctx, "finance.pay_later", order, instalments=len(parts), off=money(off, "USD"))
    return {
        "order": order.id,
        "state": order.state,
        "off_cents": off,
        "instalments": [{"at": part.at.isoformat(), "cents": part.cents} for part in parts],
    }


def instalments_of(ctx: Context, order: int) -> Sequence[InstalmentRow]:
    """The instalments of an order in their order."""
    asked = select(InstalmentRow).where(InstalmentRow.order_id == order)
    return ctx.session.scalars(asked.order_by(InstalmentRow.number)).all()


def refund(ctx: Context, bill: PayLater, cents: int) -> None:
    """Money of the order came back: it goes where rule F1-bnpl says, to the cent."""
    rows = instalments_of(ctx, bill.order_id)
    unpaid = [row for row in rows if row.paid_at is None]
    paid = sum(row.cents for row in rows if row.paid_at is not None)
    found = after_refund(cents, [row.cents for row in unpaid], paid - bill.back_buyer_cents)
    for row, left in zip(unpaid, found.left, strict=True):
        row.cents = left
    bill.refunded_cents += cents
    bill.back_buyer_cents += found.buyer_cents
    bill.back_platform_cents += found.platform_cents
    if bill.refunded_cents >= bill.total_cents:
        bill.state = "ended"
    fact = ctx.emit(
        "finance.instalments_cut",
        ("order", bill.order_id),
        refund=money(cents, "USD"),
        back=money(found.buyer_cents, "USD"),
    )
    fact.merchant_id = bill.merchant_id


def booking_cancelled(ctx: Context, fact: Event) -> None:
    """`trade.booking_cancelled`: nothing is owed any more, what was paid goes back, the order is unpaid."""
    bill = ctx.session.get(PayLater, fact.object_id)
    if bill is None:
        return
    for row in instalments_of(ctx, bill.order_id):
        ctx.session.delete(row)
    ctx.session.delete(bill)
    ctx.session.flush()


def open_cents(ctx: Context, buyer: int) -> int:
    """What a buyer still owes, in cents."""
    owed = select(func.coalesce(func.sum(InstalmentRow.cents), 0)).where(
        InstalmentRow.paid_at.is_(None),
        InstalmentRow.order_id.in_(select(PayLater.order_id).where(PayLater.buyer_id == buyer)),
    )
    return int(ctx.session.scalar(owed) or 0)
