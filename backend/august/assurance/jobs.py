"""What time does to the guarantees: shipments are insured, buyers return, late goods cost (F1, F4)."""

from datetime import timedelta
from functools import cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, Update, bindparam, exists, func, insert, or_, select, update

from august.assurance import commands, delivery
from august.assurance.insuring import cover, of_order, promise_of, shipped_after
from august.assurance.models import DeliveryGuarantee, Policy, ShipmentMark
from august.assurance.rules import ReturnRules, claimable
from august.kernel.bulk import do
from august.kernel.clock import PACIFIC
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.jobs import Job
from august.kernel.plain import first, plain, rows, tuples
from august.kernel.tables import Clock
from august.kernel.words import N_
from august.messages.commands import send
from august.trade.models import Order, Shipment

# After the tick of the same instant.
PRIORITY = 30
HOUR = 3600
ARRIVED = ("arrived", "received", "completed", "cancelled")


@cache
def _news() -> Select[Any]:
    """The mark, the last shipment, and whether there are insured orders and guaranteed ones on the way."""
    mark, gone = plain(ShipmentMark), plain(Shipment)
    policy, promised = plain(Policy), plain(DeliveryGuarantee)
    return select(
        select(mark.c.shipment_id).scalar_subquery(),
        select(func.coalesce(func.max(gone.c.id), 0)).scalar_subquery(),
        exists().where(policy.c.state == "insured"),
        exists().where(promised.c.state == "running"),
    )


@cache
def _marking() -> Update:
    return update(plain(ShipmentMark)).values(shipment_id=bindparam("last"))


@cache
def _due_policies() -> Select[Any]:
    """Insured orders that were received or have ended, and those whose next instant has come."""
    policy, order = plain(Policy), plain(Order)
    news = policy.c.due_at.is_(None) & or_(order.c.received_at.is_not(None), order.c.state == "cancelled")
    return (
        select(policy.c.order_id)
        .where(policy.c.state == "insured", order.c.id == policy.c.order_id)
        .where(news | (policy.c.due_at <= bindparam("now")))
        .order_by(policy.c.order_id)
    )


@cache
def _arrivals() -> Select[Any]:
    """Guaranteed orders that have arrived or ended: number, state and the last arrival."""
    promised, order, gone = plain(DeliveryGuarantee), plain(Order), plain(Shipment)
    last = select(func.max(gone.c.arrived_at)).where(gone.c.order_id == order.c.id).scalar_subquery()
    return (
        select(promised.c.order_id, order.c.state, last.label("arrived_at"))
        .where(promised.c.state == "running", order.c.id == promised.c.order_id)
        .where(order.c.state.in_(ARRIVED))
        .order_by(promised.c.order_id)
    )


def settle(ctx: Context) -> None:
    """Everything that the last hours brought."""
    mark, last, insured, running = first(ctx.session.connection(), _news())
    if mark != last:
        insure(ctx, mark, last)
    if insured:
        returns(ctx)
    if running:
        deliveries(ctx)


def insure(ctx: Context, mark: int | None, last: int) -> None:
    """Judge the orders of all stores whose last piece left after the mark, and move it on."""
    connection = ctx.session.connection()
    if mark is None:
        born = connection.execute(select(Clock.born)).scalar_one()
        cover(ctx, shipped_after(ctx, 0, born))
        connection.execute(insert(plain(ShipmentMark)).values(id=1, shipment_id=last))
        return
    cover(ctx, shipped_after(ctx, mark, from_epoch(0)))
    do(connection, _marking(), {"last": last})


def returns(ctx: Context) -> None:
    """The days of a return begin with the receipt; some buyers use them, by the luck of their order."""
    numbers = tuples(ctx.session.connection(), _due_policies(), {"now": to_epoch(ctx.now)})
    rules: ReturnRules = ctx.rulebook.values("F4-returns", ctx.now)
    for (number,) in numbers:
        policy, order = ctx.session.get_one(Policy, number), ctx.session.get_one(Order, number)
        if order.received_at is None:
            policy.state, policy.due_at = "over", None
        elif policy.due_at is None:
            policy.until = commands.closes(ctx, order)
            policy.due_at = order.received_at + timedelta(seconds=_comes_back(ctx, order, rules))
        if policy.due_at is None or policy.due_at > ctx.now:
            continue
        if policy.until is not None and policy.due_at >= policy.until:
            policy.state, policy.due_at = "over", None
        elif order.disputed:
            policy.due_at = policy.until
        elif claimable(order.goods_cents, commands.refunded(ctx, order.id)):
            commands.give_back(ctx, policy, order)
        else:
            policy.state, policy.due_at = "over", None


def _comes_back(ctx: Context, order: Order, rules: ReturnRules) -> int:
    """Seconds from the receipt until the buyer returns the goods, or until the days are over."""
    if ctx.luck.uniform("return.wants", order.luck) * 100 >= rules.percent:
        return rules.days * 24 * HOUR
    first, last = rules.after_hours
    return int((first + (last - first) * ctx.luck.uniform("return.when", order.luck)) * HOUR)


def deliveries(ctx: Context) -> None:
    """Compare what arrived with its promise; a late one is compensated."""
    for row in rows(ctx.session.connection(), _arrivals()):
        promised = ctx.session.get_one(DeliveryGuarantee, row["order_id"])
        if row["state"] == "cancelled" or row["arrived_at"] is None:
            promised.state = "void"
            continue
        (order,) = of_order(ctx, row["order_id"])
        pay = ctx.rulebook.values("F1-delivery-pay", ctx.now)
        found = delivery.verdict(promise_of(order), row["arrived_at"], pay)
        promised.arrived_at = from_epoch(row["arrived_at"])
        promised.state = "late" if found.late_seconds else "kept"
        promised.late_seconds, promised.cents, promised.payer = found.late_seconds, found.cents, found.payer
        if found.late_seconds:
            _compensate(ctx, promised)


def _compensate(ctx: Context, promised: DeliveryGuarantee) -> None:
    amount = money(promised.cents, "USD")
    fact = ctx.emit(
        "assurance.compensated", ("order", promised.order_id), amount=amount, payer=promised.payer
    )
    fact.merchant_id = promised.merchant_id
    texts = {
        "carrier": N_("Order {order} arrived later than guaranteed: the carrier pays its buyer {amount}."),
        "seller": N_(
            "Order {order} left late and arrived later than guaranteed: your store pays its buyer {amount}."
        ),
    }
    send(
        ctx,
        texts[promised.payer],
        to=promised.merchant_id,
        kind="order",
        path=f"{commands.PAGE}/deliveries",
        order=str(promised.order_id),
        amount=amount,
    )


SETTLE = Job(
    "assurance.settle",
    PRIORITY,
    CronTrigger(hour="0,6,12,18", timezone=PACIFIC),
    settle,
    N_("Shipped orders are insured, late deliveries compensated"),
    routine=True,
)
