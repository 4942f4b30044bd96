"""What the platform says at its instants: rules that begin, announcements, quotas that ran out."""

from datetime import timedelta

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select

from august.festival.models import QuotaClaim
from august.festival.quotas import BEGAN, seconds_in
from august.festival.rules import QuotaRules
from august.kernel.clock import PACIFIC
from august.kernel.context import Context
from august.kernel.jobs import Dates, Job
from august.kernel.plain import plain, tuples
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.messages import announcements
from august.messages.commands import announce, publish, send
from august.messages.models import Announced

# The last curve of K5 ends in the first days of December.
WATCHED = timedelta(days=120)
SOLD_OUT = "sold-out-"
# Asked four times a day: made once.
_claims = plain(QuotaClaim)
CLAIMED = select(_claims.c.code, func.count()).where(_claims.c.returned_at.is_(None)).group_by(_claims.c.code)
TOLD = select(plain(Announced).c.code)


def announce_rules(ctx: Context) -> None:
    """Tell everybody about each version that begins now."""
    for version in ctx.rulebook.all():
        if version.effective_from == ctx.now:
            send(
                ctx,
                N_("In force from now on: {rule}"),
                to=None,
                kind="rule",
                path=f"/rules?q={version.id}",
                rule=version.title,
            )


def publish_due(ctx: Context) -> None:
    """Publish what is dated for this very second (F11)."""
    for one in announcements.due(ctx.now):
        publish(ctx, one)


def sold_out(ctx: Context) -> None:
    """Announce each quota of which nothing is left (K5), once."""
    if not BEGAN <= ctx.now < BEGAN + WATCHED:
        return
    rules: QuotaRules = ctx.rulebook.values("K5", ctx.now)
    claimed: dict[str, int] = dict(tuples(ctx.session.connection(), CLAIMED))
    elapsed = seconds_in(ctx.now)
    gone = [code for code, rule in rules.quotas.items() if not rule.left(elapsed, claimed.get(code, 0))]
    if not gone:
        return
    told = {code for (code,) in tuples(ctx.session.connection(), TOLD)}
    for code in gone:
        name = f"{SOLD_OUT}{code}"
        if name not in told and name in announcements.standing():
            announce(ctx, name, total=rules.quotas[code].total)


def rule_starts(rulebook: Rulebook) -> Job:
    """The job at every instant at which some rule begins; before all else of that instant."""
    starts = [version.effective_from for version in rulebook.all() if version.effective_from is not None]
    return Job(
        "messages.announce_rules", 5, Dates(starts), announce_rules, N_("Announce rules that come into force")
    )


def publications() -> Job:
    """The job at every instant at which something is published."""
    dated = [one.at for one in announcements.standing().values() if one.at is not None]
    return Job("messages.publish", 6, Dates(dated), publish_due, N_("Publish announcements"))


# With the market, four times a Pacific day, after what it took.
QUOTAS = Job(
    "messages.sold_out",
    90,
    CronTrigger(hour="0,6,12,18", timezone=PACIFIC),
    sold_out,
    N_("Announce quotas that have run out"),
    routine=True,
)
