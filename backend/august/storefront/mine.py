"""My Alibaba: the reviews a buyer owes and has written, and the conversations."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, select

from august.catalog.models import Product
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.opportunities.models import ChatLine, Inquiry
from august.reviews import photos
from august.reviews.commands import windows
from august.reviews.models import PendingReview, Review
from august.reviews.rules import closes, is_open
from august.reviews.saying import Said, said
from august.storefront.bought import own_order
from august.storefront.cards import goods_of, names_of
from august.trade.models import Order
from august.web.tables import Listing, Page

TURN_WORDS: Mapping[str, str] = {
    "seller": N_("The supplier's turn"),
    "buyer": N_("Your turn"),
    "nobody": N_("Ended"),
}


class Owed(msgspec.Struct, frozen=True):
    """An order that awaits the buyer's review."""

    order: int
    product: int
    product_title: str
    image: str
    store_name: dict[str, str]
    received_at: datetime
    until: datetime
    invitation: str | None


class Written(msgspec.Struct, frozen=True):
    """A review of the buyer's; `change_until` is None when it cannot be changed any more."""

    id: int
    order: int
    product: int
    product_title: str
    at: datetime
    quality: int
    service: int
    shipment: int
    text: Said
    keywords: Sequence[str]
    photos: Sequence[str]
    reply: str | None
    change_until: datetime | None


class Pad(msgspec.Struct, frozen=True):
    """What the form of a review needs: the order, and the pictures to choose from."""

    order: int
    product: int
    product_title: str
    image: str
    store_name: dict[str, str]
    received_at: datetime | None
    until: datetime | None
    photos: Sequence[str]
    invitation: str | None
    review: Review | None
    text: str


class Talk(msgspec.Struct, frozen=True):
    """A conversation of the list."""

    inquiry: Inquiry
    product_title: str
    image: str
    store_name: dict[str, str]


class Talks(msgspec.Struct, frozen=True):
    """A page of conversations."""

    lines: Sequence[Talk]
    page: Page


def owed(ctx: Context, buyer: int) -> list[Owed]:
    """The orders that the buyer may still review, the latest received first."""
    days = windows(ctx).write_days
    since = ctx.now - timedelta(days=days)
    rows = ctx.session.scalars(
        select(PendingReview)
        .where(PendingReview.buyer_id == buyer, PendingReview.received_at > since)
        .order_by(PendingReview.received_at.desc(), PendingReview.order_id)
    ).all()
    titles, stores = (
        goods_of(ctx, [row.product_id for row in rows]),
        names_of(ctx, [r.merchant_id for r in rows]),
    )
    return [
        Owed(
            order=row.order_id,
            product=row.product_id,
            product_title=titles[row.product_id][0],
            image=titles[row.product_id][1],
            store_name=stores[row.merchant_id][0],
            received_at=row.received_at,
            until=from_epoch(closes(to_epoch(row.received_at), days)),
            invitation=row.invitation,
        )
        for row in rows
    ]


def written(ctx: Context, buyer: int) -> list[Written]:
    """The buyer's reviews, the newest first."""
    rows = ctx.session.scalars(
        select(Review).where(Review.buyer_id == buyer).order_by(Review.at.desc(), Review.id)
    ).all()
    titles = goods_of(ctx, [row.product_id for row in rows])
    days, now = windows(ctx).change_days, to_epoch(ctx.now)
    return [
        Written(
            id=row.id,
            order=row.order_id,
            product=row.product_id,
            product_title=titles[row.product_id][0],
            at=row.at,
            quality=row.quality,
            service=row.service,
            shipment=row.shipment,
            text=said(row.text, row.params),
            keywords=row.keywords,
            photos=row.photos,
            reply=row.reply,
            change_until=_change_until(row, days, now),
        )
        for row in rows
    ]


def _change_until(row: Review, days: int, now: int) -> datetime | None:
    at = to_epoch(row.at)
    if row.changed_at is not None or not is_open(at, days, now):
        return None
    return from_epoch(closes(at, days))


def pad(ctx: Context, buyer: int, number: int) -> Pad:
    """What is needed to review an order, or to change its review; 404 for another buyer's order."""
    own = own_order(ctx, buyer, number)
    row = ctx.session.get(PendingReview, number)
    review = ctx.session.scalars(select(Review).where(Review.order_id == number)).one_or_none()
    rules, now = windows(ctx), to_epoch(ctx.now)
    until: datetime | None = None
    if review is not None:
        until = _change_until(review, rules.change_days, now)
    elif row is not None and is_open(to_epoch(row.received_at), rules.write_days, now):
        until = from_epoch(closes(to_epoch(row.received_at), rules.write_days))
    product = ctx.session.get_one(Product, own.product_id)
    names = photos.offered(product.images, own.luck)
    kept = [] if review is None else [name for name in review.photos if name not in names]
    return Pad(
        order=number,
        product=own.product_id,
        product_title=product.title,
        image=product.images[0] if product.images else "",
        store_name=names_of(ctx, [own.merchant_id])[own.merchant_id][0],
        received_at=own.received_at,
        until=until,
        photos=[*kept, *names],
        invitation=None if row is None else row.invitation,
        review=review,
        text="" if review is None else said(review.text, review.params).original,
    )


def talks(ctx: Context, buyer: int, asked: Listing) -> Talks:
    """The buyer's conversations, the last active first."""
    mine = Inquiry.buyer_id == buyer
    total = ctx.session.scalar(select(func.count()).select_from(Inquiry).where(mine)) or 0
    page = asked.slice_of(total)
    rows = ctx.session.scalars(
        select(Inquiry)
        .where(mine)
        .order_by(Inquiry.last_at.desc(), Inquiry.id.desc())
        .limit(page.size)
        .offset(page.offset)
    ).all()
    titles, stores = (
        goods_of(ctx, [row.product_id for row in rows]),
        names_of(ctx, [r.merchant_id for r in rows]),
    )
    return Talks(
        [Talk(row, *titles[row.product_id], stores[row.merchant_id][0]) for row in rows],
        page,
    )


def talk(ctx: Context, buyer: int, number: int) -> tuple[Talk, Sequence[tuple[ChatLine, Said]]]:
    """One conversation with its lines; 404 for another buyer's."""
    found = by_id(ctx.session, Inquiry, number)
    if found is None or found.buyer_id != buyer:
        raise Refusal(
            "inquiry.not_yours",
            N_("This buyer has no conversation {id}."),
            params={"id": number},
            remedy=N_("Look at it as the buyer of that conversation."),
            status=404,
        )
    title, image = goods_of(ctx, [found.product_id])[found.product_id]
    name = names_of(ctx, [found.merchant_id])[found.merchant_id][0]
    asked = select(ChatLine).where(ChatLine.inquiry_id == number).order_by(ChatLine.id)
    lines = [(line, said(line.text, line.params)) for line in ctx.session.scalars(asked)]
    return Talk(found, title, image, name), lines


def counts(ctx: Context, buyer: int) -> Mapping[str, Any]:
    """What the bar of My Alibaba counts: orders that wait for the buyer, reviews owed."""
    waits = ("drafted", "confirmed", "balance_due", "arrived")
    mine = (Order.buyer_id == buyer, Order.state.in_(waits))
    since = ctx.now - timedelta(days=windows(ctx).write_days)
    due = (PendingReview.buyer_id == buyer, PendingReview.received_at > since)
    return {
        "orders": ctx.session.scalar(select(func.count()).select_from(Order).where(*mine)) or 0,
        "reviews": ctx.session.scalar(select(func.count()).select_from(PendingReview).where(*due)) or 0,
    }
