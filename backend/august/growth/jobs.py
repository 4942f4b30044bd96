"""Growth scores are made anew each PT day where something they depend on has changed (Q6)."""

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.orm import load_only

from august.catalog.models import Product
from august.growth.queries import recompute
from august.kernel.clock import PACIFIC
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.words import N_
from august.quality.jobs import changed_products

# What a growth score is reckoned from, and the score itself; texts and pictures stay where they are.
LOOKED_AT = load_only(
    Product.kind,
    Product.quality_tenths,
    Product.growth,
    Product.package_mm,
    Product.weight_g,
    Product.moq,
    Product.freight_template_id,
    Product.delivery_by,
    Product.customization,
    Product.sample,
    raiseload=True,
)


def daily(ctx: Context) -> None:
    """After the quality scores of the same midnight."""
    recompute(ctx, changed_products(ctx, LOOKED_AT))


RECOMPUTE = Job(
    "growth.recompute",
    40,
    CronTrigger(hour=0, timezone=PACIFIC),
    daily,
    N_("Compute growth scores anew"),
    routine=True,
)
