"""My Alibaba › Orders: a buyer's orders, the way of the goods, the steps to take, money asked back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, func, select

from august.catalog.lines import standing as book
from august.integrity import steps as refund_steps
from august.integrity.models import Dispute
from august.kernel.bulk import row_of
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.plain import Row
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.reviews.commands import windows
from august.reviews.models import PendingReview, Review
from august.reviews.rules import is_open
from august.storefront.cards import goods_of, names_of
from august.trade.models import Order, Shipment
from august.trade.rules import OrderTerms, order_terms
from august.trade.steps import STEPS, allowed, deadline
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
# The states of integrity.steps, likewise.
REFUND_WORDS: Mapping[str, str] = {
    "opened": N_("Waiting for the supplier's answer"),
    "negotiating": N_("Negotiating"),
    "arbitration": N_("In arbitration"),
    "accepted": N_("Refund accepted"),
    "withdrawn": N_("Refund request withdrawn"),
    "decided": N_("Decided by the platform"),
}
REFUND_ACTIONS: Mapping[str, str] = {
    "take_offer": N_("Take the offer"),
    "withdraw": N_("Withdraw the request"),
    "escalate": N_("Ask for arbitration"),
    "change_reason": N_("Change the reason"),
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


class Refund(msgspec.Struct, frozen=True):
    """A refund request as its buyer sees it, with the steps that the buyer can take now."""

    dispute: Dispute
    steps: Sequence[str]


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
        plain_row = row_of(row)
        ends = deadline(plain_row, terms)
        at = owed.get(row.id)
        found.append(
            OrderLine(
                order=row,
                product_title=title,
                image=image,
                store_name=stores[row.merchant_id][0],
                until=None if ends is None else from_epoch(ends),
                actions=actions_of(plain_row, now, terms, commands),
                reviewable=at is not None and is_open(to_epoch(at), days, now),
                reviewed=row.id in written,
            )
        )
    return found


def actions_of(row: Row, now: int, terms: OrderTerms, commands: Collection[str]) -> list[Action]:
    """The steps that its buyer can take now and for which there is a command."""
    cents = {"pay_first": row["first_cents"], "pay_final": row["total_cents"] - row["paid_cents"]}
    return [
        Action(name, cents.get(name))
        for name, step in STEPS.items()
        if step.actor == "buyer" and f"trade.{name}" in commands and allowed(name, row, now, terms)
    ]


def refunds(ctx: Context, number: int, commands: Collection[str]) -> list[Refund]:
    """The refund requests against an order, the latest first."""
    asked = select(Dispute).where(Dispute.order_id == number).order_by(Dispute.id.desc())
    now = to_epoch(ctx.now)
    return [
        Refund(
            each,
            [
                name
                for name in REFUND_ACTIONS
                if f"integrity.{name}" in commands and refund_steps.allowed(name, row_of(each), now)
            ],
        )
        for each in ctx.session.scalars(asked)
    ]


def refundable(ctx: Context, order: Order, commands: Collection[str]) -> bool:
    """Whether the buyer can ask the money back now."""
    terms = order_terms(ctx.rulebook, ctx.now)
    return "integrity.open" in commands and allowed("dispute", row_of(order), to_epoch(ctx.now), terms)


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
