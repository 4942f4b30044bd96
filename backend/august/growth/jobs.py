"""Growth scores are made anew each PT day, after the quality scores of the same midnight (Q6)."""

from apscheduler.triggers.cron import CronTrigger

from august.growth.queries import recompute_all
from august.kernel.clock import PACIFIC
from august.kernel.jobs import Job
from august.kernel.words import N_

RECOMPUTE = Job(
    "growth.recompute",
    40,
    CronTrigger(hour=0, timezone=PACIFIC),
    recompute_all,
    N_("Compute growth scores anew"),
    routine=True,
)
