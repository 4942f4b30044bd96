"""What stores and buyers do about reviews: write, change, invite, reply (V1, V6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from august.catalog.checks import Problems
from august.catalog.models import Product
from august.kernel.columns import to_epoch
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import LARGEST_ID, by_id
from august.kernel.words import N_, Phrase
from august.reviews import photos
from august.reviews.models import PendingReview, Review
from august.reviews.payloads import Change, Invite, Judgement, Reply, Write
from august.reviews.rules import DIMENSIONS, InviteRules, WindowRules, is_open
from august.reviews.words import KEYWORDS
from august.trade.models import Order

KNOWN_KEYWORDS = frozenset(word for words in KEYWORDS.values() for word in words)


def windows(ctx: Context) -> WindowRules:
    """The numbers of V1 in force now."""
    values: WindowRules = ctx.rulebook.values("V1", ctx.now)
    return values


def invitations(ctx: Context) -> InviteRules:
    """The numbers of V6-invite in force now."""
    values: InviteRules = ctx.rulebook.values("V6-invite", ctx.now)
    return values


@command("reviews.reply", title=N_("Reply to a review"))
def reply(ctx: Context, cmd: Reply) -> dict[str, Any]:
    """Answer a review of the store: once, within 30 days of it (V1)."""
    review = by_id(ctx.session, Review, cmd.review)
    if review is None or review.merchant_id != ctx.merchant:
        raise _no_review(cmd.review)
    rules = windows(ctx)
    if review.reply is not None:
        raise Refusal(
            "review.replied",
            N_("The review of order {id} has its reply already: a store replies once."),
            params={"id": review.order_id},
            rules=("V1",),
            status=409,
        )
    if not is_open(to_epoch(review.at), rules.reply_days, to_epoch(ctx.now)):
        raise Refusal(
            "review.reply_late",
            N_("A review can be replied to for {days} days; this one was written at {at}."),
            params={"days": rules.reply_days, "at": review.at},
            rules=("V1",),
            remedy=N_("Reply to the next one in time."),
            status=409,
        )
    review.reply = _text("text", cmd.text, rules.text_most)
    review.replied_at = ctx.now
    _tell(ctx, "reviews.replied", review.order_id, review.merchant_id)
    return {"review": review.id}


@command("reviews.invite", title=N_("Invite buyers to review"))
def invite(ctx: Context, cmd: Invite) -> dict[str, Any]:
    """Ask for reviews: once an order, within 30 days of its receipt (V6-invite)."""
    rules = invitations(ctx)
    chosen = list(dict.fromkeys(cmd.orders))
    if not 1 <= len(chosen) <= rules.orders_most:
        raise Refusal(
            "invite.how_many",
            N_("Choose from 1 to {most} orders."),
            params={"most": rules.orders_most},
            fields={"orders": Phrase(N_("Choose from 1 to {most} orders."), {"most": rules.orders_most})},
            rules=("V6-invite",),
        )
    awaited = _awaited(ctx, chosen)
    wrong = _uninvitable(ctx, chosen, awaited, rules)
    if wrong:
        raise Refusal(
            "invite.not_possible",
            N_("Nobody was invited: {count} of the chosen orders cannot be."),
            params={"count": len(wrong)},
            fields={f"orders.{chosen.index(order)}": phrase for order, phrase in wrong.items()},
            rules=("V6-invite",),
            remedy=N_("Choose orders that were received in the last 30 days and not invited yet."),
            status=409,
        )
    message = _text("message", cmd.message, rules.message_most)
    for order in chosen:
        row = awaited[order]
        row.invited_at, row.invitation, row.due = ctx.now, message, 0
        _tell(ctx, "reviews.invited", order, row.merchant_id)
    return {"invited": chosen}


def _awaited(ctx: Context, orders: Sequence[int]) -> dict[int, PendingReview]:
    """The store's awaited reviews of these orders; 404 when an order is not the store's own."""
    known = [order for order in orders if 0 < order <= LARGEST_ID]
    own = set(
        ctx.session.scalars(select(Order.id).where(Order.id.in_(known), Order.merchant_id == ctx.merchant))
    )
    for order in orders:
        if order not in own:
            raise Refusal(
                "order.unknown",
                N_("There is no order {id} in this store."),
                params={"id": order},
                fields={f"orders.{orders.index(order)}": Phrase(N_("Choose one of your own orders."))},
                status=404,
            )
    asked = select(PendingReview).where(PendingReview.order_id.in_(known))
    return {row.order_id: row for row in ctx.session.scalars(asked)}


def _uninvitable(
    ctx: Context, orders: Sequence[int], awaited: Mapping[int, PendingReview], rules: InviteRules
) -> dict[int, Phrase]:
    """Why some of the orders cannot be invited, by order."""
    reviewed = set(ctx.session.scalars(select(Review.order_id).where(Review.order_id.in_(orders))))
    found: dict[int, Phrase] = {}
    for order in orders:
        row = awaited.get(order)
        if order in reviewed:
            found[order] = Phrase(N_("Order {id} has its review already."), {"id": order})
        elif row is None:
            found[order] = Phrase(N_("Order {id} does not await a review."), {"id": order})
        elif row.invited_at is not None:
            found[order] = Phrase(
                N_("The buyer of order {id} was invited at {at}."), {"id": order, "at": row.invited_at}
            )
        elif not is_open(to_epoch(row.received_at), rules.invite_days, to_epoch(ctx.now)):
            found[order] = Phrase(
                N_("Order {id} was received more than {days} days ago."),
                {"id": order, "days": rules.invite_days},
            )
    return found


@command("reviews.write", title=N_("Write a review"), actors=("buyer",))
def write(ctx: Context, cmd: Write) -> dict[str, Any]:
    """Judge a received order: once, within 30 days of its receipt (V1)."""
    order = by_id(ctx.session, Order, cmd.order)
    if order is None or order.buyer_id != ctx.actor.buyer:
        raise Refusal(
            "order.not_bought",
            N_("This buyer has no order {id}."),
            params={"id": cmd.order},
            remedy=N_("Look at it as the buyer of that order."),
            status=404,
        )
    row = _to_review(ctx, order)
    values = _checked(ctx, cmd, order)
    review = Review(
        order_id=order.id,
        merchant_id=order.merchant_id,
        buyer_id=order.buyer_id,
        product_id=order.product_id,
        at=ctx.now,
        params=None,
        invited=row.invited_at is not None,
        changed_at=None,
        reply=None,
        replied_at=None,
        counts=True,
        **values,
    )
    ctx.session.add(review)
    ctx.session.delete(row)
    ctx.session.flush()
    _tell(ctx, "reviews.written", order.id, order.merchant_id, stars=cmd.quality)
    return {"review": review.id}


def _to_review(ctx: Context, order: Order) -> PendingReview:
    """The order's awaited review; a refusal when it was written, is too late or too early."""
    rules = windows(ctx)
    written = ctx.session.scalar(select(Review.id).where(Review.order_id == order.id))
    if written is not None:
        raise Refusal(
            "review.written",
            N_("Order {id} has its review already."),
            params={"id": order.id},
            rules=("V1",),
            remedy=N_("Change that review instead, once within 30 days."),
            status=409,
        )
    if order.received_at is None:
        raise Refusal(
            "review.not_received",
            N_("Order {id} is not received yet: it is reviewed afterwards."),
            params={"id": order.id},
            rules=("V1",),
            remedy=N_("Confirm the receipt first."),
            status=409,
        )
    row = ctx.session.get(PendingReview, order.id)
    if row is None or not is_open(to_epoch(row.received_at), rules.write_days, to_epoch(ctx.now)):
        raise Refusal(
            "review.too_late",
            N_("Order {id} was received at {at}; a review is written within {days} days."),
            params={"id": order.id, "at": order.received_at, "days": rules.write_days},
            rules=("V1",),
            status=409,
        )
    return row


@command("reviews.change", title=N_("Change a review"), actors=("buyer",))
def change(ctx: Context, cmd: Change) -> dict[str, Any]:
    """Say something else: once, within 30 days of writing (V1)."""
    review = by_id(ctx.session, Review, cmd.review)
    if review is None or review.buyer_id != ctx.actor.buyer:
        raise _no_review(cmd.review)
    rules = windows(ctx)
    if review.changed_at is not None:
        raise Refusal(
            "review.changed",
            N_("This review was changed at {at}: it is changed once."),
            params={"at": review.changed_at},
            rules=("V1",),
            status=409,
        )
    if not is_open(to_epoch(review.at), rules.change_days, to_epoch(ctx.now)):
        raise Refusal(
            "review.change_late",
            N_("A review can be changed for {days} days; this one was written at {at}."),
            params={"days": rules.change_days, "at": review.at},
            rules=("V1",),
            status=409,
        )
    values = _checked(ctx, cmd, ctx.session.get_one(Order, review.order_id), kept=review.photos)
    for name, value in values.items():
        setattr(review, name, value)
    # From now on it is the buyer's own text.
    review.params = None
    review.changed_at = ctx.now
    _tell(ctx, "reviews.changed", review.order_id, review.merchant_id, stars=cmd.quality)
    return {"review": review.id}


def _checked(ctx: Context, cmd: Judgement, order: Order, kept: Sequence[str] = ()) -> dict[str, Any]:
    """The columns a judgement fills; one refusal names every field that does not fit."""
    rules, found = windows(ctx), Problems()
    stars = {name: found.number(name, getattr(cmd, name), 1, rules.stars_most) for name in DIMENSIONS}
    text = found.text("text", cmd.text, rules.text_most, lines=True)
    keywords, pictures = list(dict.fromkeys(cmd.keywords)), list(dict.fromkeys(cmd.photos))
    if len(keywords) > rules.keywords_most:
        found.add("keywords", N_("At most {limit} entries are possible."), limit=rules.keywords_most)
    if not KNOWN_KEYWORDS.issuperset(keywords):
        found.add("keywords", N_("Choose keywords from the list."))
    if len(pictures) > rules.photos_most:
        found.add("photos", N_("At most {limit} entries are possible."), limit=rules.photos_most)
    product = ctx.session.get(Product, order.product_id)
    drawn = photos.offered(product.images if product else (), order.luck)
    if not {*drawn, *kept}.issuperset(pictures):
        found.add("photos", N_("Choose pictures from the ones offered."))
    _settle(found)
    return {**stars, "text": text, "keywords": keywords, "photos": pictures}


def _text(field: str, text: str, limit: int) -> str:
    found = Problems()
    clean = found.text(field, text, limit, lines=True, required=True)
    _settle(found)
    return clean


def _settle(found: Problems) -> None:
    if found.fields:
        raise Refusal(
            "review.invalid",
            N_("This cannot be sent: {count} fields need attention."),
            params={"count": len(found.fields)},
            fields=found.fields,
            rules=("V1",),
        )


def _no_review(number: int) -> Refusal:
    return Refusal("review.unknown", N_("There is no review {id}."), params={"id": number}, status=404)


def _tell(ctx: Context, kind: str, order: int, merchant: int, **params: Any) -> None:
    """A fact on the order's timeline; it is the store's whoever acted."""
    ctx.emit(kind, ("order", order), **params).merchant_id = merchant
