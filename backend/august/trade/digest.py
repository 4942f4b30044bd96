"""What a jump of the clock brought in orders."""

from datetime import datetime

from sqlalchemy import func, select

from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.features import DigestLine
from august.kernel.tables import Event
from august.kernel.words import N_
from august.trade.models import Order, Receipt
from august.trade.queries import at_risk

COUNTED = (
    ("trade.ordered", N_("Orders placed by buyers: {count}"), "/orders"),
    ("trade.accepted", N_("Drafts accepted by buyers: {count}"), "/orders?state=confirmed"),
    ("trade.declined", N_("Drafts declined by buyers: {count}"), "/orders?state=cancelled"),
    ("trade.lapsed", N_("Orders that lapsed: {count}"), "/orders?state=cancelled"),
    ("trade.paid", N_("Orders that got their first payment: {count}"), "/orders?state=producing"),
    ("trade.received", N_("Orders received by buyers: {count}"), "/orders?state=completed"),
)


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """Orders, money booked, shipments late."""
    inside = Event.at > since, Event.at <= until, Event.merchant_id == ctx.merchant
    kinds = select(Event.kind, func.count()).where(*inside, Event.object_kind == "order").group_by(Event.kind)
    counts = dict(ctx.session.execute(kinds).all())
    lines = [
        DigestLine(text, {"count": counts[kind]}, path) for kind, text, path in COUNTED if kind in counts
    ]
    booked = Receipt.merchant_id == ctx.merchant, Receipt.booked_at > since, Receipt.booked_at <= until
    cents = ctx.session.scalar(select(func.sum(Receipt.cents)).where(*booked, Receipt.cancelled_at.is_(None)))
    if cents:
        lines.append(
            DigestLine(N_("Money booked: {amount}"), {"amount": money(int(cents), "USD")}, "/orders")
        )
    return lines + _late(ctx, since, until)


def _late(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    mine = Order.merchant_id == ctx.merchant
    gone = mine, Order.shipped_at > since, Order.shipped_at <= until, Order.shipped_at > Order.ship_by
    shipped = ctx.session.scalar(select(func.count()).where(*gone)) or 0
    waiting = {
        risk: ctx.session.scalar(select(func.count()).where(mine, at_risk(ctx, risk))) or 0
        for risk in ("late", "soon")
    }
    found = (
        (shipped, N_("Orders shipped late: {count}"), "/orders"),
        (waiting["late"], N_("Orders that are late to ship: {count}"), "/orders?risk=late"),
        (waiting["soon"], N_("Orders to ship soon: {count}"), "/orders?risk=soon"),
    )
    return [DigestLine(text, {"count": count}, path) for count, text, path in found if count]
