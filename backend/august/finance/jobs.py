"""What time does to financing: banks act, instalments are charged, refunds find their way (F1, F5)."""

from functools import cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, bindparam, exists, func, or_, select

from august.finance import paying, steps
from august.finance.models import InstalmentRow, LcFinancing, PayLater
from august.integrity.models import Dispute
from august.kernel.bulk import put, row_of
from august.kernel.clock import PACIFIC
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.jobs import Job
from august.kernel.plain import first, plain, rows, tuples
from august.kernel.words import N_
from august.messages.commands import send
from august.trade.models import Order

# After the tick of the same instant.
PRIORITY = 31
PAGE = "/lc-financing"


@cache
def _news() -> Select[Any]:
    """Whether there are open financings, instalments that are due, and plans that a refund could change."""
    lent, part, bill = plain(LcFinancing), plain(InstalmentRow), plain(PayLater)
    due = part.c.paid_at.is_(None), part.c.due_at <= bindparam("now")
    news: list[Any] = [
        exists().where(lent.c.state.in_(steps.OPEN)),
        exists().where(bill.c.state != "ended"),
        exists().where(*due),
    ]
    return select(*news)


@cache
def _lc_due() -> Select[Any]:
    """Open financings with news: their time is over, or their order was paid or closed."""
    lent, order = plain(LcFinancing), plain(Order)
    over = or_(order.c.paid_cents >= order.c.total_cents, order.c.state == "cancelled")
    return (
        select(lent.c.id)
        .where(lent.c.state.in_(steps.OPEN), order.c.id == lent.c.order_id)
        .where(or_(lent.c.deadline <= bindparam("now"), over))
        .order_by(lent.c.id)
    )


@cache
def _instalments_due() -> Select[Any]:
    part = plain(InstalmentRow)
    due = part.c.paid_at.is_(None), part.c.due_at <= bindparam("now")
    return select(part.c.id).where(*due).order_by(part.c.due_at, part.c.id)


@cache
def _refunds() -> Select[Any]:
    """What was paid back of orders paid later, beyond what is known: number and cents."""
    bill, dispute = plain(PayLater), plain(Dispute)
    back = func.sum(dispute.c.refund_cents)
    return (
        select(bill.c.order_id, (back - bill.c.refunded_cents).label("cents"))
        .where(bill.c.state != "ended", dispute.c.order_id == bill.c.order_id)
        .where(dispute.c.settled_at.is_not(None))
        .group_by(bill.c.order_id, bill.c.refunded_cents)
        .having(back > bill.c.refunded_cents)
        .order_by(bill.c.order_id)
    )


def settle(ctx: Context) -> None:
    """Everything that the last hours brought; refunds before charges, so that nothing is charged for them."""
    now = {"now": to_epoch(ctx.now)}
    lent, owed, due = first(ctx.session.connection(), _news(), now)
    if lent:
        banks(ctx)
    if owed:
        refunds(ctx)
    if due:
        charges(ctx)


def banks(ctx: Context) -> None:
    """Banks approve, examine and pay, each as of its instant."""
    connection, now = ctx.session.connection(), to_epoch(ctx.now)
    for (number,) in tuples(connection, _lc_due(), {"now": now}):
        financing = ctx.session.get_one(LcFinancing, number)
        order = row_of(ctx.session.get_one(Order, financing.order_id))
        before = row_of(financing)
        drawn = financing.drawn_at is not None
        if order["paid_cents"] >= order["total_cents"]:
            paid = order["balance_at"] or now
            change = steps.repay(before, paid, "settle") if drawn else steps.end(before, paid)
        elif order["state"] == "cancelled" and not drawn:
            change = steps.end(before, order["closed_at"] or now)
        elif order["state"] == "cancelled" and financing.state == "drawn":
            change = steps.fall_due(before, order["closed_at"] or now)
        elif before["deadline"] is not None and before["deadline"] <= now:
            change = BY_ITSELF[financing.state](before, before["deadline"])
        else:
            continue
        put(financing, change)
        _tell(ctx, financing)


BY_ITSELF = {"applied": steps.approve, "presented": steps.accept, "drawn": steps.fall_due}
TEXTS = {
    "approved": N_("LC financing of order {order} is approved: present the documents when all has left."),
    "accepted": N_("The documents of order {order} are accepted: the money can be drawn."),
    "overdue": N_("LC financing of order {order} has matured without a payment: {amount} are to be repaid."),
    "repaid": N_("The bank paid order {order}: the advance of {amount} is repaid."),
    "ended": N_("LC financing of order {order} ended without a drawdown."),
}


def _tell(ctx: Context, financing: LcFinancing) -> None:
    steps_name = f"finance.lc_{financing.state}"
    fact = ctx.emit(steps_name, ("order", financing.order_id), financing=financing.id)
    fact.merchant_id = financing.merchant_id
    send(
        ctx,
        TEXTS[financing.state],
        to=financing.merchant_id,
        kind="order",
        path=PAGE,
        order=str(financing.order_id),
        amount=money(financing.drawn_cents, "USD"),
    )


def refunds(ctx: Context) -> None:
    """What refund requests brought back of orders that are paid later."""
    for row in rows(ctx.session.connection(), _refunds()):
        bill = ctx.session.get_one(PayLater, row["order_id"])
        paying.refund(ctx, bill, min(int(row["cents"]), bill.total_cents - bill.refunded_cents))
    ctx.session.flush()


def charges(ctx: Context) -> None:
    """Instalments are charged as of their instants; the last one ends the plan."""
    due = tuples(ctx.session.connection(), _instalments_due(), {"now": to_epoch(ctx.now)})
    touched = set()
    for (number,) in due:
        part = ctx.session.get_one(InstalmentRow, number)
        part.paid_at = part.due_at
        touched.add(part.order_id)
    for order in sorted(touched):
        bill = ctx.session.get_one(PayLater, order)
        if bill.state == "running" and all(row.paid_at for row in paying.instalments_of(ctx, order)):
            bill.state = "paid"


SETTLE = Job(
    "finance.settle",
    PRIORITY,
    CronTrigger(hour="0,6,12,18", timezone=PACIFIC),
    settle,
    N_("Banks pay, instalments are charged"),
    routine=True,
)
