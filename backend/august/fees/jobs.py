"""Right after each market tick: what it booked is labelled, what it ended is settled (F2, F3)."""

from functools import cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, bindparam, select

from august.fees.booking import catch_up, fee_rules
from august.fees.commands import follow
from august.fees.settling import sweep
from august.kernel.clock import PACIFIC
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.plain import plain, tuples
from august.kernel.tables import Event
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.trade.models import Order

HOUR, DAY = 3600, 86_400
# Facts of the last tick after which a fee may be due, or a benefit is lost.
ENDING = ("trade.received", "trade.balance_paid", "trade.lapsed", "trade.declined", "integrity.settled")
TICK_MOST = 8 * HOUR
# One-Touch settles up to a day after the fact, which is told up to a tick later.
CLEARED = "trade.cleared"
LOOK_BACK = 2 * DAY


@cache
def _players() -> Select[Any]:
    table = plain(Merchant)
    return select(table.c.id).where(table.c.is_player).order_by(table.c.id)


@cache
def _ended() -> Select[Any]:
    """Orders and their stores: ended in the last tick, or cleared lately and exported by One-Touch."""
    fact, order = plain(Event), plain(Order)
    ended = fact.c.kind.in_(ENDING) & (fact.c.at >= bindparam("tick"))
    cleared = (fact.c.kind == CLEARED) & (order.c.export_mode == "onetouch")
    return (
        select(order.c.id, order.c.merchant_id)
        .join(order, order.c.id == fact.c.object_id)
        .where(fact.c.at >= bindparam("since"), fact.c.object_kind == "order", ended | cleared)
        .distinct()
    )


def played(ctx: Context) -> list[int]:
    """The stores that people play; kept for an advance."""
    found: list[int] | None = ctx.kept.get("fees.players")
    if found is None:
        found = ctx.kept["fees.players"] = [
            number for (number,) in tuples(ctx.session.connection(), _players())
        ]
    return found


def after_tick(ctx: Context) -> None:
    """Label and settle for every played store."""
    rules, now = fee_rules(ctx), to_epoch(ctx.now)
    window = rules.window.window
    # The last tick of the window books after its last second.
    labelling = window.start <= ctx.now and now - to_epoch(window.end) < LOOK_BACK
    ended: dict[int, list[int]] = {}
    span = {"since": now - LOOK_BACK, "tick": now - TICK_MOST}
    for order, merchant in tuples(ctx.session.connection(), _ended(), span):
        ended.setdefault(merchant, []).append(order)
    over = not rules.ship_by.met(ctx.now)
    for merchant in played(ctx):
        entries = catch_up(ctx, merchant) if labelling else []
        follow(ctx, merchant, entries, ended.get(merchant, []))
        if over:
            sweep(ctx, merchant)


AFTER_TICK = Job(
    "fees.after_tick",
    22,
    CronTrigger(hour="0,6,12,18", timezone=PACIFIC),
    after_tick,
    N_("Label receipts and settle service fees"),
    routine=True,
)
