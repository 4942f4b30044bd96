"""Growth scores are made anew each PT day where something they depend on has changed (Q6)."""

from apscheduler.triggers.cron import CronTrigger

from august.growth.queries import recompute
from august.kernel.clock import PACIFIC
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.words import N_
from august.quality.jobs import changed_products


def daily(ctx: Context) -> None:
    """After the quality scores of the same midnight."""
    recompute(ctx, changed_products(ctx))


RECOMPUTE = Job(
    "growth.recompute", 40, CronTrigger(hour=0, timezone=PACIFIC), daily, N_("Compute growth scores anew")
)
