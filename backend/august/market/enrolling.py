"""Rivals enrol in the festival when its venue opens: how much, and how cheaply, goes by their policy."""

from collections.abc import Mapping

import numpy as np
from sqlalchemy import select

from august.festival.quotas import BEGAN
from august.kernel.context import Context
from august.kernel.jobs import Dates, Job
from august.kernel.words import N_
from august.market.seeds import Joining
from august.merchants.models import Merchant
from august.venue.admission import failing
from august.venue.enrolment import access, crowd, enter_all, venue_rules

PERCENT = 100
# After products are measured, before the venue is looked through.
PRIORITY = 65


def enrolling(policies: Mapping[str, Joining]) -> Job:
    """The job at the opening, in one look over all rivals' goods."""

    def enrol(ctx: Context) -> None:
        found = crowd(ctx, enrolled=False, prices=True)
        if not len(found.ids):
            return
        wrong = np.logical_or.reduce(list(failing(found.columns, venue_rules(ctx), access(ctx)).values()))
        seats = dict(ctx.session.execute(select(Merchant.id, Merchant.policy)).all())
        habits = [policies[seats[merchant]] for merchant in found.merchants.tolist()]
        willing = ctx.luck.integers("festival.enrol", found.ids, below=PERCENT)
        joins = ~wrong & (willing < np.array([each.percent for each in habits]))
        kept = PERCENT - np.array([each.cheaper for each in habits])
        prices = np.maximum(1, found.columns.limit * kept // PERCENT)
        enter_all(ctx, found.ids[joins], found.merchants[joins], prices[joins])

    return Job(
        "market.festival", PRIORITY, Dates([BEGAN]), enrol, N_("Rivals put products into the festival")
    )
