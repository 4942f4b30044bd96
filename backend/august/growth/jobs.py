"""Growth scores are made anew each PT day (Q6)."""

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select

from august.catalog.models import Product
from august.growth.queries import recompute
from august.kernel.clock import PACIFIC
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.words import N_


def daily(ctx: Context) -> None:
    """Every product on sale, after the quality scores of the same midnight."""
    products = ctx.session.scalars(select(Product).where(Product.status == "on_sale").order_by(Product.id))
    recompute(ctx, list(products))


RECOMPUTE = Job(
    "growth.recompute", 40, CronTrigger(hour=0, timezone=PACIFIC), daily, N_("Compute growth scores anew")
)
