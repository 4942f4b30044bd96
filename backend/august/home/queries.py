"""What waits in a store, by kind: a few statements, whatever the store's size."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from august.benefits.queries import to_claim
from august.catalog.queries import status_counts
from august.home.rules import DAY, Attention, Queue, attention
from august.integrity.models import Dispute
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.house import House
from august.kernel.plain import plain
from august.merchants.queries import pilots
from august.messages.queries import unread
from august.opportunities.models import Inquiry
from august.quality.queries import spread
from august.reviews.models import PendingReview
from august.reviews.queries import moments
from august.trade.models import Order
from august.trade.rules import TO_SHIP, order_terms


def todos(ctx: Context, house: House) -> tuple[Attention, ...]:
    """The to-dos whose pages this house has, the most urgent first."""
    pages = {item.path for feature in house.features for item in feature.menu}
    return attention(queues(ctx), ctx.now, pages | {"/messages"}, pilots(ctx))


def queues(ctx: Context) -> dict[str, Queue]:
    """Everything that waits, by the key of its kind."""
    bands, statuses = spread(ctx).by_band, status_counts(ctx)
    benefits, end = to_claim(ctx)
    return {
        **_talks(ctx),
        **_orders(ctx),
        **_disputes(ctx),
        **_invitations(ctx),
        "benefits": Queue(benefits, until=end),
        "red": Queue(bands.get("red", 0)),
        "amber": Queue(bands.get("amber", 0)),
        "drafts": Queue(statuses.get("draft", 0)),
        "news": Queue(unread(ctx)),
    }


def _at(second: Any) -> datetime | None:
    return None if second is None else from_epoch(int(second))


def _talks(ctx: Context) -> dict[str, Queue]:
    """Conversations in which the store is to speak."""
    table = plain(Inquiry)
    asked = (
        select(table.c.state, func.count(), func.min(table.c.last_at))
        .where(table.c.merchant_id == ctx.merchant, table.c.turn == "seller")
        .group_by(table.c.state)
    )
    found = {state: Queue(count, _at(first)) for state, count, first in ctx.session.execute(asked)}
    return {"inquiries": found.get("open", Queue()), "deals": found.get("agreed", Queue())}


def _orders(ctx: Context) -> dict[str, Queue]:
    """Orders to confirm, to ship, and to be paid up."""
    table = plain(Order)
    terms = order_terms(ctx.rulebook, ctx.now)
    now, soon = to_epoch(ctx.now), to_epoch(ctx.now + terms.warn_days * DAY)
    going = table.c.state.in_(TO_SHIP)
    kind = case(
        (going & (table.c.ship_by < now), "late"),
        (going & (table.c.ship_by <= soon), "soon"),
        (table.c.state == "asked", "confirm"),
        (table.c.state == "balance_due", "balances"),
        else_="other",
    ).label("pile")
    asked = (
        select(kind, func.count(), func.min(table.c.since), func.min(table.c.ship_by))
        .where(table.c.merchant_id == ctx.merchant, table.c.state.in_((*TO_SHIP, "asked", "balance_due")))
        .group_by("pile")
    )
    found: dict[str, Any] = {row[0]: row for row in ctx.session.execute(asked)}
    made = {}
    if row := found.get("late"):
        made["late"] = Queue(row[1], since=_at(row[3]))
    if row := found.get("soon"):
        made["soon"] = Queue(row[1], until=_at(row[3]))
    if row := found.get("confirm"):
        ends = terms.days["asked"] * DAY
        made["confirm"] = Queue(row[1], until=from_epoch(int(row[2])) + ends)
    if row := found.get("balances"):
        made["balances"] = Queue(row[1], since=_at(row[2]))
    return made


def _disputes(ctx: Context) -> dict[str, Queue]:
    """Refund requests that the store is to answer."""
    table = plain(Dispute)
    asked = select(func.count(), func.min(table.c.deadline)).where(
        table.c.merchant_id == ctx.merchant, table.c.state == "opened"
    )
    count, first = ctx.session.execute(asked).one()
    return {"disputes": Queue(count, until=_at(first))}


def _invitations(ctx: Context) -> dict[str, Queue]:
    """Buyers who were not invited yet: at the best moment, and while it is still a good one (V6)."""
    table = plain(PendingReview)
    rules = moments(ctx)
    best, good = rules.best_days * DAY, rules.good_days * DAY
    fresh = case((table.c.received_at >= to_epoch(ctx.now - best), 1), else_=0).label("fresh")
    asked = (
        select(fresh, func.count(), func.min(table.c.received_at))
        .where(
            table.c.merchant_id == ctx.merchant,
            table.c.invited_at.is_(None),
            table.c.received_at >= to_epoch(ctx.now - good),
        )
        .group_by("fresh")
    )
    found = {
        bool(today): (count, from_epoch(int(first))) for today, count, first in ctx.session.execute(asked)
    }
    made = {}
    if True in found:
        made["invite_today"] = Queue(found[True][0], until=found[True][1] + best)
    if False in found:
        made["invite"] = Queue(found[False][0], until=found[False][1] + good)
    return made
