"""What time does to benefits: a publication issues and revokes, ends are reminded of and come (S7)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, bindparam, select

from august.benefits import queries
from august.benefits.commands import issue, revoke
from august.benefits.models import Grant
from august.benefits.rules import times_of
from august.kernel.clock import PACIFIC, SECOND, day_start, pt_day
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.plain import plain, tuples
from august.kernel.tables import Event
from august.kernel.words import N_
from august.messages.commands import send
from august.web.i18n import instant, speaking

PAGE = "/benefits"
BEGINNING = from_epoch(0)


def published(ctx: Context, event: Event) -> None:
    """`stars.published` of a store: issue, take back what is no longer due, and write about it."""
    merchant, month, star = event.object_id, event.params["month"], event.params["star"]
    times = times_of(month, queries.windows(ctx))
    given = issue(ctx, merchant, star, month, times.following)
    lost = revoke(ctx, merchant, month, {grant.code for grant in given})
    ctx.session.flush()
    fact = ctx.emit(
        "benefits.issued",
        ("merchant", merchant),
        month=month,
        star=star,
        codes=[grant.code for grant in given],
        revoked=[grant.code for grant in lost],
    )
    fact.merchant_id = merchant
    if given:
        send(
            ctx,
            N_("Benefits of your {star}★, until {until} at the latest: {names}"),
            to=merchant,
            kind="benefit",
            path=PAGE,
            star=star,
            until=both(times.following),
            names=names(ctx, given),
        )
    waiting = [grant for grant in given if grant.state == "issued"]
    if waiting:
        send(
            ctx,
            N_("To be claimed by hand, some of it only while stock lasts: {names}"),
            to=merchant,
            kind="benefit",
            path=PAGE,
            names=names(ctx, waiting),
        )
    if lost:
        text = N_("Taken back with the new evaluation ({star}★): {names}")
        send(ctx, text, to=merchant, kind="benefit", path=PAGE, star=star, names=names(ctx, lost))


def both(end: datetime) -> dict[str, str]:
    """The last second before an instant, in both zones and both languages."""
    told = {}
    for key, locale in (("zh", "zh_CN"), ("en", "en")):
        with speaking(locale):
            told[key] = instant(end - SECOND)
    return told


def names(ctx: Context, grants: Iterable[Grant]) -> list[dict[str, str]]:
    """What grants are called, each once."""
    titles = {code: each.title for code, each in queries.catalogue(ctx).items()}
    return [titles[code] for code in dict.fromkeys(grant.code for grant in grants)]


@cache
def _open_until() -> Select[Any]:
    """The open grants that end from `first` to `last`, by their ids."""
    grant = plain(Grant)
    ends = grant.c.valid_until >= bindparam("first"), grant.c.valid_until <= bindparam("last")
    return select(grant.c.id).where(grant.c.state.in_(queries.OPEN), *ends).order_by(grant.c.id)


def _ending(ctx: Context, since: datetime, until: datetime) -> list[Grant]:
    span = {"first": to_epoch(since), "last": to_epoch(until)}
    found = tuples(ctx.session.connection(), _open_until(), span)
    return [ctx.session.get_one(Grant, number) for (number,) in found]


def expire(ctx: Context) -> None:
    """End what is over, and write about what was not just replaced."""
    standing = {code for code, each in queries.catalogue(ctx).items() if each.kind == "standing"}
    ended: dict[int, list[Grant]] = {}
    for grant in _ending(ctx, BEGINNING, ctx.now):
        grant.state, grant.ended_at = "expired", grant.valid_until
        if grant.code not in standing:
            ended.setdefault(grant.merchant_id, []).append(grant)
    for merchant, grants in ended.items():
        text = N_("Expired: {names}")
        send(ctx, text, to=merchant, kind="benefit", path=PAGE, names=names(ctx, grants))


def remind(ctx: Context) -> None:
    """Write about what ends in some days; standing benefits are renewed, so nobody is reminded of them."""
    day = day_start(pt_day(ctx.now) + timedelta(days=queries.windows(ctx).notice_days))
    standing = {code for code, each in queries.catalogue(ctx).items() if each.kind == "standing"}
    ends: dict[int, list[Grant]] = {}
    for grant in _ending(ctx, day, day):
        if grant.code not in standing:
            ends.setdefault(grant.merchant_id, []).append(grant)
    for merchant, grants in ends.items():
        send(
            ctx,
            N_("Ends at {at}: {names}"),
            to=merchant,
            kind="benefit",
            path=PAGE,
            at=both(day),
            names=names(ctx, grants),
        )


def daily(ctx: Context) -> None:
    """Ends and reminders of a PT midnight."""
    expire(ctx)
    remind(ctx)


# After the publication of the same midnight, so that it can tell renewed benefits from revoked ones.
MONTH_END = Job(
    "benefits.month_end",
    60,
    CronTrigger(day=1, hour=0, timezone=PACIFIC),
    expire,
    N_("The month's RFQ benefits end"),
)
DAILY = Job(
    "benefits.daily",
    61,
    CronTrigger(hour=0, timezone=PACIFIC),
    daily,
    N_("Benefits end and are reminded of"),
    routine=True,
)
