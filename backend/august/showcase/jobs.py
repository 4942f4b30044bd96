"""Showcase orders end at PT midnights, and what has no slot any more leaves the showcase (SC2)."""

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import delete, func, select, update

from august.kernel.clock import PACIFIC, last_days
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.showcase.models import ShowcaseItem, ShowcaseOrder
from august.showcase.queries import slots_of_all


def daily(ctx: Context) -> None:
    """End what is over; of a store with too little room the products shown last leave."""
    over = ShowcaseOrder.state == "open", ShowcaseOrder.until <= ctx.now
    ended = list(ctx.session.scalars(select(ShowcaseOrder.id).where(*over).order_by(ShowcaseOrder.id)))
    yesterday = last_days(1, ctx.now).start
    lapsed = select(Merchant.id).where(Merchant.member_until > yesterday, Merchant.member_until <= ctx.now)
    if not ended and ctx.session.scalar(lapsed.limit(1)) is None:
        return
    for number in ended:
        ctx.emit("showcase.ended", ("showcase_order", number))
    ctx.session.execute(update(ShowcaseOrder).where(*over).values(state="ended"))
    used = select(ShowcaseItem.merchant_id, func.count()).group_by(ShowcaseItem.merchant_id)
    room = slots_of_all(ctx)
    for merchant, count in sorted(ctx.session.execute(used).all()):
        if count > room[merchant].total:
            _trim(ctx, merchant, count - room[merchant].total)


def _trim(ctx: Context, merchant: int, many: int) -> None:
    last = (
        select(ShowcaseItem.product_id)
        .where(ShowcaseItem.merchant_id == merchant)
        .order_by(ShowcaseItem.since.desc(), ShowcaseItem.product_id.desc())
        .limit(many)
    )
    gone = list(ctx.session.scalars(last))
    ctx.session.execute(delete(ShowcaseItem).where(ShowcaseItem.product_id.in_(gone)))
    for number in gone:
        ctx.emit("showcase.removed", ("product", number))


ENDINGS = Job(
    "showcase.endings",
    45,
    CronTrigger(hour=0, timezone=PACIFIC),
    daily,
    N_("End showcase orders"),
    routine=True,
)
