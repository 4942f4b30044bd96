"""What a store and its buyer do with an order once it exists."""

from typing import Any

from sqlalchemy import select, update

from august.catalog import lines
from august.kernel.columns import to_epoch
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import LARGEST_ID
from august.kernel.words import N_, Phrase
from august.reviews.models import PendingReview
from august.trade import effects, steps
from august.trade.acting import add, book, note, party_order, put_back, send, set_aside, summary, take
from august.trade.models import Order, Receipt, Shipment
from august.trade.payloads import OneOrder, ShipBatch, ShipOrder
from august.trade.rules import STATES_RULE

BATCH_LIMIT = 200
# What the step of shipping looks at.
SHIPPED_BY = ("id", "state", "disputed", "terms", "paid_cents", "total_cents", "quantity", "shipped_quantity")


@command("trade.confirm", title=N_("Confirm an order"))
def confirm(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Agree to what the buyer ordered."""
    order = party_order(ctx, cmd.order)
    take(ctx, order, "confirm", steps.confirm)
    note(ctx, "trade.confirmed", order)
    return summary(order)


@command("trade.withdraw", title=N_("Withdraw an order"))
def withdraw(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Take a draft or an unpaid order back."""
    order = party_order(ctx, cmd.order)
    take(ctx, order, "withdraw", lambda row, at: steps.close(row, at, "withdraw", "seller"))
    note(ctx, "trade.withdrawn", order)
    return summary(order)


@command("trade.ready", title=N_("Say that goods are ready"))
def ready(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Ask the buyer for the rest that is due before shipment."""
    order = party_order(ctx, cmd.order)
    take(ctx, order, "ready", steps.ready)
    note(ctx, "trade.ready", order)
    return summary(order)


@command("trade.ship", title=N_("Ship an order"))
def ship(ctx: Context, cmd: ShipOrder) -> dict[str, Any]:
    """Hand over all that is left, or a part of it."""
    order = party_order(ctx, cmd.order)
    require_line(order, cmd.line)
    shipment = leave(ctx, order, cmd.quantity, cmd.line or None)
    ctx.session.flush()
    return {**summary(order), "shipment": shipment.id, "tracking": shipment.tracking}


def require_line(order: Order, line: str) -> None:
    """Refuse a line that does not go to the order's country; none, and that of no line of ours, are fine."""
    if line in {"", effects.OTHER_LINE}:
        return
    known = lines.standing().lines.get(line)
    if known is None or order.country not in known.zones:
        raise Refusal(
            "order.bad_line",
            N_("No line {line} goes to {country}."),
            params={"line": line[:40], "country": order.country},
            fields={"line": Phrase(N_("Choose one of the offered values."))},
        )


def leave(ctx: Context, order: Order, quantity: int | None, line: str | None) -> Shipment:
    """Pieces of an order leave."""
    left = order.quantity - order.shipped_quantity
    count = left if quantity is None else quantity
    take(ctx, order, "ship", lambda row, at: steps.ship(row, at, count))
    shipment = send(ctx, order, count, line)
    note(ctx, "trade.shipped", order, quantity=count, tracking=shipment.tracking)
    return shipment


@command("trade.ship_batch", title=N_("Ship many orders"))
def ship_batch(ctx: Context, cmd: ShipBatch) -> dict[str, Any]:
    """Ship all of the orders or none: one refusal tells of each order why it cannot leave."""
    rows = chosen(ctx, cmd.orders)
    refused = {f"orders.{order.id}": why.message for order in rows if (why := obstacle(order)) is not None}
    if refused:
        raise Refusal(
            "order.batch_refused",
            N_("{count} of the {total} orders cannot be shipped; none of them was."),
            params={"count": len(refused), "total": len(rows)},
            rules=(STATES_RULE,),
            fields=refused,
            remedy=N_("Take these orders out of the choice, or do first what they need."),
            status=409,
        )
    for order in rows:
        leave(ctx, order, None, None)
    return {"shipped": len(rows), "orders": [order.id for order in rows]}


def chosen(ctx: Context, orders: list[int]) -> list[Order]:
    """The store's orders meant, by id; refuses none, too many, and others' orders."""
    wanted = sorted(set(orders))
    if not wanted:
        raise Refusal("order.nothing_chosen", N_("Choose at least one order."))
    if len(wanted) > BATCH_LIMIT:
        raise Refusal(
            "order.too_many",
            N_("At most {limit} orders can be shipped at once."),
            params={"limit": BATCH_LIMIT},
        )
    known = [each for each in wanted if 0 < each <= LARGEST_ID]
    mine = select(Order).where(Order.merchant_id == ctx.merchant, Order.id.in_(known)).order_by(Order.id)
    found = list(ctx.session.scalars(mine))
    if missing := set(wanted) - {order.id for order in found}:
        raise Refusal(
            "order.unknown", N_("There is no order {id} here."), params={"id": str(min(missing))}, status=404
        )
    return found


def obstacle(order: Order) -> Refusal | None:
    """Why all that is left of an order cannot leave now; None when it can."""
    row = {name: getattr(order, name) for name in SHIPPED_BY}
    try:
        steps.ship(row, 0, order.quantity - order.shipped_quantity)
    except Refusal as refusal:
        return refusal
    return None


@command("trade.cancel_booking", title=N_("Cancel the booked receipts of an order"))
def cancel_booking(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Un-book every receipt: the order waits for its first payment again, its pieces are free again."""
    order = party_order(ctx, cmd.order)
    take(ctx, order, "cancel_booking", steps.cancel_booking)
    standing = Receipt.order_id == order.id, Receipt.cancelled_at.is_(None)
    cancelled = ctx.session.scalars(select(Receipt).where(*standing).order_by(Receipt.id)).all()
    ctx.session.execute(update(Receipt).where(*standing).values(cancelled_at=ctx.now))
    put_back(ctx, order)
    note(ctx, "trade.booking_cancelled", order, cents=sum(each.cents for each in cancelled))
    return {**summary(order), "receipts": [each.id for each in cancelled]}


@command("trade.accept", title=N_("Accept a draft"), actors=("buyer",))
def accept(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Agree to the seller's draft."""
    order = party_order(ctx, cmd.order)
    take(ctx, order, "accept", steps.accept)
    note(ctx, "trade.accepted", order)
    return summary(order)


@command("trade.decline", title=N_("Decline a draft"), actors=("buyer",))
def decline(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Turn the seller's draft down."""
    order = party_order(ctx, cmd.order)
    take(ctx, order, "decline", lambda row, at: steps.close(row, at, "decline", "declined"))
    note(ctx, "trade.declined", order)
    return summary(order)


@command("trade.pay_first", title=N_("Pay first"), actors=("buyer",))
def pay_first(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """The first payment: it is booked, what is in stock is set aside, and the lead time runs."""
    order = party_order(ctx, cmd.order)
    take(ctx, order, "pay_first", steps.pay_first)
    book(ctx, order, "first", order.first_cents)
    set_aside(ctx, order)
    note(ctx, "trade.paid", order)
    return summary(order)


@command("trade.pay_final", title=N_("Pay the rest"), actors=("buyer",))
def pay_final(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Everything that is still to be paid."""
    order = party_order(ctx, cmd.order)
    before = take(ctx, order, "pay_final", steps.pay_final)
    book(ctx, order, "final", order.total_cents - before["paid_cents"])
    note(ctx, "trade.balance_paid", order)
    return summary(order)


@command("trade.receive", title=N_("Confirm receipt"), actors=("buyer",))
def receive(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """The goods are there: from now on they can be reviewed."""
    order = party_order(ctx, cmd.order)
    before = take(ctx, order, "receive", steps.receive)
    add(ctx, PendingReview, effects.awaited_review(before, to_epoch(ctx.now)))
    note(ctx, "trade.received", order)
    return summary(order)
