"""Quality scores are made anew each PT day: rules come into force and templates change (Q6)."""

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.clock import PACIFIC
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.words import N_
from august.quality.queries import remeasure_all

BATCH = 500


def daily(ctx: Context) -> None:
    """Every product of every store, in batches."""
    ids = list(ctx.session.scalars(select(Product.id).order_by(Product.id)))
    for start in range(0, len(ids), BATCH):
        wanted = ids[start : start + BATCH]
        rows = select(Product).where(Product.id.in_(wanted)).order_by(Product.id)
        remeasure_all(ctx, list(ctx.session.scalars(rows)))


RECOMPUTE = Job(
    "quality.recompute", 30, CronTrigger(hour=0, timezone=PACIFIC), daily, N_("Compute quality scores anew")
)
