"""My Alibaba: a buyer's orders, reviews and conversations."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, select

from august.catalog.lines import standing as book
from august.catalog.models import Product
from august.kernel.bulk import row_of
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
from august.storefront.cards import names_of
from august.trade.models import Order, Shipment
from august.trade.rules import order_terms
from august.trade.steps import STEPS, deadline
from august.web.tables import Listing, Page

# A buyer's tabs over the states of orders.
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "confirm": (N_("To confirm"), ("drafted",)),
    "pay": (N_("To pay"), ("confirmed", "balance_due", "received")),
    "making": (N_("With the supplier"), ("asked", "producing", "part_shipped")),
    "coming": (N_("On the way"), ("shipped", "arrived")),
    "completed": (N_("Completed"), ("completed",)),
    "closed": (N_("Closed"), ("cancelled",)),
}
# The states of trade.steps from the buyer's side of the table.
STATE_WORDS: Mapping[str, str] = {
    "asked": N_("The supplier has to confirm"),
    "drafted": N_("You have to confirm"),
    "confirmed": N_("You have to pay"),
    "producing": N_("The supplier prepares the goods"),
    "balance_due": N_("You have to pay the rest"),
    "part_shipped": N_("Partly on the way"),
    "shipped": N_("Goods on the way"),
    "arrived": N_("You have to confirm the receipt"),
    "received": N_("Received, the rest is to be paid"),
    "completed": N_("Order completed"),
    "cancelled": N_("Order closed"),
}
ACTION_WORDS: Mapping[str, str] = {
    "accept": N_("Accept the order"),
    "decline": N_("Decline the order"),
    "pay_first": N_("Pay {amount}"),
    "pay_final": N_("Pay the rest of {amount}"),
    "receive": N_("Confirm the receipt"),
}
CLOSE_WORDS: Mapping[str, str] = {
    "lapsed": N_("not confirmed in time"),
    "unpaid": N_("not paid in time"),
    "declined": N_("declined by the buyer"),
    "buyer": N_("withdrawn by the buyer"),
    "seller": N_("withdrawn by the supplier"),
    "refunded": N_("refunded in full"),
}
TURN_WORDS: Mapping[str, str] = {
    "seller": N_("The supplier's turn"),
    "buyer": N_("Your turn"),
    "nobody": N_("Ended"),
}


class Action(msgspec.Struct, frozen=True):
    """A step the buyer can take now; `cents` is what a payment costs."""

    name: str
    cents: int | None


class OrderLine(msgspec.Struct, frozen=True):
    """An order as its buyer sees it; `until` is when its state ends by itself."""

    order: Order
    product_title: str
    image: str
    store_name: dict[str, str]
    until: datetime | None
    actions: Sequence[Action]
    reviewable: bool
    reviewed: bool


class Orders(msgspec.Struct, frozen=True):
    """A page of a buyer's orders, and how many there are by tab."""

    lines: Sequence[OrderLine]
    page: Page
    counts: Mapping[str, int]


class Tracked(msgspec.Struct, frozen=True):
    """A shipment with its events, those to come without an instant."""

    quantity: int
    line: Mapping[str, str]
    tracking: str
    events: Sequence[tuple[str, datetime | None]]


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


def orders(ctx: Context, buyer: int, asked: Listing, commands: Collection[str]) -> Orders:
    """The buyer's orders, the newest first, in six statements; `commands` are those that exist."""
    mine: list[ColumnElement[bool]] = [Order.buyer_id == buyer]
    by_state = dict(
        ctx.session.execute(select(Order.state, func.count()).where(*mine).group_by(Order.state)).all()
    )
    counts = {name: sum(by_state.get(state, 0) for state in states) for name, (_, states) in GROUPS.items()}
    if (group := asked.get("state")) in GROUPS:
        mine.append(Order.state.in_(GROUPS[group][1]))
    total = counts[group] if group in GROUPS else sum(counts.values())
    page = asked.slice_of(total)
    rows = ctx.session.scalars(
        select(Order).where(*mine).order_by(Order.id.desc()).limit(page.size).offset(page.offset)
    ).all()
    return Orders(_lines(ctx, rows, commands), page, counts)


def order(ctx: Context, buyer: int, number: int, commands: Collection[str]) -> OrderLine:
    """One order of the buyer's; 404 for another's."""
    return _lines(ctx, [own_order(ctx, buyer, number)], commands)[0]


def own_order(ctx: Context, buyer: int, number: int) -> Order:
    """The buyer's own order; 404 for another's."""
    found = by_id(ctx.session, Order, number)
    if found is None or found.buyer_id != buyer:
        raise Refusal(
            "order.not_bought",
            N_("This buyer has no order {id}."),
            params={"id": number},
            remedy=N_("Look at it as the buyer of that order."),
            status=404,
        )
    return found


def _lines(ctx: Context, rows: Sequence[Order], commands: Collection[str]) -> list[OrderLine]:
    numbers = [row.id for row in rows]
    titles, stores = (
        goods_of(ctx, [row.product_id for row in rows]),
        names_of(ctx, [r.merchant_id for r in rows]),
    )
    received = select(PendingReview.order_id, PendingReview.received_at)
    owed = dict(ctx.session.execute(received.where(PendingReview.order_id.in_(numbers))).all())
    written = set(ctx.session.scalars(select(Review.order_id).where(Review.order_id.in_(numbers))))
    days, now = windows(ctx).write_days, to_epoch(ctx.now)
    terms = order_terms(ctx.rulebook, ctx.now)
    found = []
    for row in rows:
        title, image = titles[row.product_id]
        ends = deadline(row_of(row), terms)
        at = owed.get(row.id)
        found.append(
            OrderLine(
                order=row,
                product_title=title,
                image=image,
                store_name=stores[row.merchant_id][0],
                until=None if ends is None else from_epoch(ends),
                actions=actions_of(row, commands),
                reviewable=at is not None and is_open(to_epoch(at), days, now),
                reviewed=row.id in written,
            )
        )
    return found


def actions_of(row: Order, commands: Collection[str]) -> list[Action]:
    """The steps that its buyer can take now and for which there is a command."""
    cents = {"pay_first": row.first_cents, "pay_final": row.total_cents - row.paid_cents}
    return [
        Action(name, cents.get(name))
        for name, step in STEPS.items()
        if step.actor == "buyer"
        and row.state in step.states
        and not row.disputed
        and f"trade.{name}" in commands
    ]


def goods_of(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Title and first picture of products, on sale or not."""
    asked = select(Product.id, Product.title, Product.images).where(Product.id.in_(set(ids)))
    rows = ctx.session.execute(asked)
    return {number: (title, images[0] if images else "") for number, title, images in rows}


def tracked(ctx: Context, number: int) -> list[Tracked]:
    """The shipments of an order with their events."""
    asked = select(Shipment).where(Shipment.order_id == number).order_by(Shipment.id)
    found = []
    for row in ctx.session.scalars(asked):
        line = book().lines.get(row.line)
        events = (
            (N_("Handed over to the carrier"), row.shipped_at),
            (N_("Departed"), row.departed_at),
            (N_("Cleared customs"), row.cleared_at),
            (N_("Arrived"), row.arrived_at),
        )
        name = {"zh": line.zh, "en": line.en} if line else {}
        found.append(Tracked(row.quantity, name, row.tracking, events))
    return found


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
