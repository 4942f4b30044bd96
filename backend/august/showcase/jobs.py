"""Showcase orders end at PT midnights, and what has no slot any more leaves the showcase (SC2)."""

from functools import cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, bindparam, delete, exists, func, select, update

from august.kernel.clock import PACIFIC, last_days
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.plain import first, plain
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.showcase.models import ShowcaseItem, ShowcaseOrder
from august.showcase.queries import slots_of_all


@cache
def _news() -> Select[Any]:
    """Whether an order is over, and whether a membership ended since yesterday."""
    order, store = plain(ShowcaseOrder), plain(Merchant)
    ended = store.c.member_until > bindparam("since"), store.c.member_until <= bindparam("now")
    news: list[Any] = [
        exists().where(order.c.state == "open", order.c.until <= bindparam("now")),
        exists().where(*ended),
    ]
    return select(*news)


def daily(ctx: Context) -> None:
    """End what is over; of a store with too little room the products shown last leave."""
    yesterday = last_days(1, ctx.now).start
    news = first(ctx.session.connection(), _news(), {"since": to_epoch(yesterday), "now": to_epoch(ctx.now)})
    if not any(news):
        return
    over = ShowcaseOrder.state == "open", ShowcaseOrder.until <= ctx.now
    for number in ctx.session.scalars(select(ShowcaseOrder.id).where(*over).order_by(ShowcaseOrder.id)).all():
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
