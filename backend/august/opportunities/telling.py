"""What conversations tell elsewhere: the digest of a jump, and what Ctrl-K finds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.features import DigestLine, Hit
from august.kernel.tables import Event
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.opportunities.models import Inquiry
from august.opportunities.queries import matching, urgent
from august.opportunities.words import AGREEMENT
from august.traffic.models import TrafficTick

HITS = 8


def digest(ctx: Context, since: datetime, until: datetime) -> Sequence[DigestLine]:
    """New questions, agreements and buyers lost during a jump, those of each tick that ended in it."""
    start, end = _last_tick(ctx, since), _last_tick(ctx, until)
    mine = Inquiry.merchant_id == ctx.merchant
    fresh = select(func.count(Inquiry.id)).where(mine, Inquiry.at >= start, Inquiry.at < end)
    lost = (
        select(Inquiry.lost_why, func.count(Inquiry.id))
        .where(mine, Inquiry.state == "lost", Inquiry.last_at >= start, Inquiry.last_at < end)
        .group_by(Inquiry.lost_why)
    )
    agreed = select(func.count(Event.id)).where(
        Event.kind == AGREEMENT,
        Event.merchant_id == ctx.merchant,
        Event.at >= start,
        Event.at < end,
    )
    gone = dict(ctx.session.execute(lost).all())
    told = (
        (ctx.session.scalar(fresh), N_("New inquiries: {count}"), "/inquiries?sort=-asked"),
        (
            ctx.session.scalar(agreed),
            N_("Buyers agreed and wait for an order draft: {count}"),
            "/inquiries?state=agreed",
        ),
        (gone.get("ignored"), N_("Buyers left because nobody answered: {count}"), "/inquiries?state=lost"),
        (gone.get("price"), N_("Buyers left because of the price: {count}"), "/inquiries?state=lost"),
        (gone.get("elsewhere"), N_("Buyers decided otherwise: {count}"), "/inquiries?state=lost"),
    )
    return [DigestLine(text, {"count": count}, path) for count, text, path in told if count]


def _last_tick(ctx: Context, at: datetime) -> datetime:
    """The end of the last tick that was over by then: what lies after it was not known yet."""
    ended = ctx.session.scalar(select(func.max(TrafficTick.end)).where(TrafficTick.end <= at))
    return at if ended is None else ended


def find(ctx: Context, text: str) -> Sequence[Hit]:
    """The store's conversations by buyer, product or number, the urgent ones first."""
    if ctx.actor.merchant is None or not text.strip():
        return []
    rows = (
        select(Inquiry.id, Buyer.company, Product.title)
        .join(Buyer, Buyer.id == Inquiry.buyer_id)
        .join(Product, Product.id == Inquiry.product_id)
        .where(Inquiry.merchant_id == ctx.merchant, matching(text.strip()[:100]))
        .order_by(*urgent(), Inquiry.id)
        .limit(HITS)
    )
    return [
        Hit(f"{company} · {title}", N_("Inquiry"), f"/inquiries/{number}")
        for number, company, title in ctx.session.execute(rows)
    ]
