"""Scores are made anew each PT day where something they depend on has changed (Q6)."""

from datetime import datetime
from functools import cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, bindparam, or_, select, true

from august.catalog.models import Product
from august.kernel.clock import PACIFIC, last_days
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.plain import plain, tuples
from august.kernel.tables import Event
from august.kernel.words import N_
from august.quality.queries import remeasure_all

CHAPTER = "05-"
# What a rule is about that is not about all products.
ABOUT = {"Q3-sku": (Product.kind == "customization") & (Product.price_mode == "sku")}


@cache
def _saved() -> Select[Any]:
    """Of what things of the catalogue there are facts since an instant: kind and number."""
    fact = plain(Event)
    saved = fact.c.at >= bindparam("since"), fact.c.kind.startswith("catalog.")
    return select(fact.c.object_kind, fact.c.object_id).where(*saved)


def changed_products(ctx: Context) -> list[Product]:
    """The products whose scores may differ from those of the last PT midnight.

    Those that a rule of the chapter which began or ended since is about, those that were saved, and those
    whose freight template was. Everything else would come out the same.
    """
    since = last_days(1, ctx.now).start
    touched: dict[str, set[int]] = {"product": set(), "freight_template": set()}
    for kind, number in tuples(ctx.session.connection(), _saved(), {"since": to_epoch(since)}):
        touched.setdefault(kind, set()).add(number)
    begun = [ABOUT.get(rule, true()) for rule in _rules_changed(ctx, since)]
    if not begun and not any(touched.values()):
        return []
    wanted = or_(
        Product.id.in_(touched["product"]),
        Product.freight_template_id.in_(touched["freight_template"]),
        *begun,
    )
    return list(ctx.session.scalars(select(Product).where(wanted).order_by(Product.id)))


def _rules_changed(ctx: Context, since: datetime) -> set[str]:
    return {
        version.id
        for version in ctx.rulebook.all()
        if version.chapter.startswith(CHAPTER)
        for edge in (version.effective_from, version.effective_to)
        if edge is not None and since < edge <= ctx.now
    }


def daily(ctx: Context) -> None:
    """Measure what may have changed."""
    remeasure_all(ctx, changed_products(ctx))


RECOMPUTE = Job(
    "quality.recompute",
    30,
    CronTrigger(hour=0, timezone=PACIFIC),
    daily,
    N_("Compute quality scores anew"),
    routine=True,
)
