"""What a jump brought to the ledger of service fees."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from august.fees.models import FeeEntry
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.features import DigestLine
from august.kernel.words import N_

TEXTS = {
    "locked": N_("Discount orders whose half service fee was locked: {count}, saving {saved}"),
    "settled": N_("Half service fees settled: {count}, saved {saved}"),
    "lost": N_("Half service fees lost: {count}, {saved}"),
}


def digest(ctx: Context, since: datetime, until: datetime) -> Sequence[DigestLine]:
    """What was locked, settled and lost."""
    asked = (
        select(FeeEntry.kind, func.count(), func.sum(FeeEntry.cents))
        .where(
            FeeEntry.merchant_id == ctx.merchant,
            FeeEntry.at > since,
            FeeEntry.at <= until,
            FeeEntry.kind.in_(TEXTS),
        )
        .group_by(FeeEntry.kind)
    )
    found = {kind: (count, int(cents)) for kind, count, cents in ctx.session.execute(asked)}
    return [
        DigestLine(
            TEXTS[kind], {"count": found[kind][0], "saved": money(found[kind][1], "USD")}, "/fees/benefits"
        )
        for kind in TEXTS
        if kind in found
    ]
