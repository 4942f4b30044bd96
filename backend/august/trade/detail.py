"""One order in full: its way through the states, money, shipments, people, and what happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, select

from august.catalog.models import Product
from august.integrity.models import Dispute
from august.integrity.words import EVENTS as DISPUTE_EVENTS
from august.integrity.words import REASON_WORDS
from august.kernel.bulk import row_of
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.tables import Event
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.trade import steps, words
from august.trade.models import Order, Receipt, Shipment
from august.trade.rules import OrderTerms, countdown, late_risk, order_terms

TIERS = {"visitor": "L0", "L0": "L0"}
AMOUNTS = ("refund", "cents")
SELLER_STEPS = ("confirm", "ready", "ship", "cancel_booking", "withdraw")


class Stage(msgspec.Struct, frozen=True):
    """A state on the order's way: done, now, next or broken; since when, where that is known."""

    state: str
    label: str
    mark: str
    at: datetime | None


class Ahead(msgspec.Struct, frozen=True):
    """Whose turn it is, by when, what that means; `over` when the instant has passed."""

    turn: str
    hint: Phrase | None
    at: datetime | None
    left: Phrase | None
    over: bool


class Kept(msgspec.Struct, frozen=True):
    """A promise and what became of it: an instant of each, and whether it was kept (None: still open)."""

    label: str
    promised: datetime | None
    actual: datetime | None
    kept: bool | None


class Entry(msgspec.Struct, frozen=True):
    """A fact of the timeline: its kind, in words, and who did it."""

    at: datetime
    kind: str
    text: str
    actor: str
    detail: Phrase | None


class Client(msgspec.Struct, frozen=True):
    """The buyer as this store knows it; money in US cents."""

    id: int
    name: str
    company: str
    country: str
    tier: str
    orders: int
    paid_cents: int


class Sums(msgspec.Struct, frozen=True):
    """The money of an order in US cents; what was paid back comes from its refund requests."""

    first_cents: int
    final_cents: int
    outstanding_cents: int
    refunded_cents: int


class Look(msgspec.Struct, frozen=True):
    """Everything the order's page shows."""

    order: Order
    product: Product
    client: Client
    stages: Sequence[Stage]
    ahead: Ahead
    risk: str
    on_time: bool | None
    left: int
    sums: Sums
    receipts: Sequence[Receipt]
    shipments: Sequence[Shipment]
    promises: Sequence[Kept]
    disputes: Sequence[Dispute]
    entries: Sequence[Entry]
    can: Sequence[str]


def look(ctx: Context, order: Order) -> Look:
    """The page of an order, in seven statements."""
    row, now, terms = row_of(order), to_epoch(ctx.now), order_terms(ctx.rulebook, ctx.now)
    events = events_of(ctx, "order", order.id)
    shipments = _of_order(ctx, Shipment, order)
    disputes = _of_order(ctx, Dispute, order)
    return Look(
        order=order,
        product=ctx.session.get_one(Product, order.product_id),
        client=client(ctx, order.buyer_id),
        stages=stages(order, shipments, events),
        ahead=ahead(row, now, terms),
        risk=late_risk(row, now, terms),
        on_time=steps.on_time(row),
        left=order.quantity - order.shipped_quantity,
        sums=sums(order, disputes),
        receipts=_of_order(ctx, Receipt, order),
        shipments=shipments,
        promises=promises(order, shipments, ctx.now),
        disputes=disputes,
        entries=[entry(event) for event in events],
        can=[step for step in SELLER_STEPS if steps.allowed(step, row, now, terms)],
    )


def _of_order(ctx: Context, table: Any, order: Order) -> Sequence[Any]:
    return ctx.session.scalars(select(table).where(table.order_id == order.id).order_by(table.id)).all()


def events_of(ctx: Context, kind: str, number: int) -> Sequence[Event]:
    """The timeline of an object, oldest first."""
    about = Event.object_kind == kind, Event.object_id == number
    return ctx.session.scalars(select(Event).where(*about).order_by(Event.at, Event.id)).all()


def client(ctx: Context, number: int) -> Client:
    """A buyer with what the store sold to it."""
    buyer = ctx.session.get_one(Buyer, number)
    mine = Order.merchant_id == ctx.merchant, Order.buyer_id == number, Order.paid_at.is_not(None)
    count, paid = ctx.session.execute(
        select(func.count(), func.coalesce(func.sum(Order.paid_cents), 0)).where(*mine)
    ).one()
    return Client(
        buyer.id, buyer.name, buyer.company, buyer.country, TIERS.get(buyer.tier, "L1+"), count, int(paid)
    )


def sums(order: Order, disputes: Sequence[Dispute]) -> Sums:
    """First and final payment make the total; a closed order has nothing outstanding."""
    over = order.state == "cancelled"
    return Sums(
        first_cents=order.first_cents,
        final_cents=order.total_cents - order.first_cents,
        outstanding_cents=0 if over else order.total_cents - order.paid_cents,
        refunded_cents=sum(each.refund_cents or 0 for each in disputes),
    )


def _first(order: Order, told: Mapping[str, datetime]) -> str:
    """Whether the order began as the seller's draft or was asked for by the buyer."""
    if order.state in {"asked", "drafted"}:
        return order.state
    return "drafted" if order.inquiry_id is not None or "trade.drafted" in told else "asked"


def path(order: Order, shipments: Sequence[Shipment], first: str) -> list[str]:
    """The states that an order of these terms walks through."""
    found = [first, "confirmed", "producing"]
    if order.terms == "before_shipment":
        found += ["balance_due", "producing"]
    if order.state == "part_shipped" or len(shipments) > 1:
        found.append("part_shipped")
    found += ["shipped", "arrived"]
    if order.terms == "oa":
        found.append("received")
    return [*found, "completed"]


def stages(order: Order, shipments: Sequence[Shipment], events: Sequence[Event]) -> list[Stage]:
    """The way of the order: what is behind it, where it is, what comes."""
    told = {event.kind: event.at for event in events}
    states = path(order, shipments, _first(order, told))
    began = _began(order, shipments, told)
    times = [began.get(state) for state in states]
    if "balance_due" in states:
        times[states.index("balance_due") + 1] = order.balance_at
    if order.state == "cancelled":
        done = [place for place, at in enumerate(times) if at is not None]
        walked = [
            _stage(states[place], "done", times[place]) for place in done if states[place] != "completed"
        ]
        return [*walked, _stage("cancelled", "broken", order.closed_at)]
    here = _place(order, states)
    marks = ["done"] * here + ["now"] + ["next"] * (len(states) - here - 1)
    if order.state == "completed":
        marks[-1] = "done"
    shown = [at if mark != "next" else None for at, mark in zip(times, marks, strict=True)]
    return [_stage(*each) for each in zip(states, marks, shown, strict=True)]


def _place(order: Order, states: Sequence[str]) -> int:
    """Where the order is: after the rest is paid goods wait for shipment a second time."""
    place = states.index(order.state)
    again = order.state == "producing" and order.balance_at is not None and "balance_due" in states
    return states.index("balance_due") + 1 if again else place


def _stage(state: str, mark: str, at: datetime | None) -> Stage:
    return Stage(state, steps.STATES[state].label, mark, at)


def _began(
    order: Order, shipments: Sequence[Shipment], told: Mapping[str, datetime]
) -> dict[str, datetime | None]:
    """When each state began, as far as the order and its timeline tell."""
    arrived = [each.arrived_at for each in shipments if each.arrived_at is not None]
    whole = bool(shipments) and len(arrived) == len(shipments) and order.shipped_at is not None
    return {
        "asked": order.drafted_at,
        "drafted": order.drafted_at,
        "confirmed": order.confirmed_at,
        "producing": order.paid_at,
        "balance_due": order.since if order.state == "balance_due" else told.get("trade.ready"),
        "part_shipped": shipments[0].shipped_at if shipments else None,
        "shipped": order.shipped_at,
        "arrived": max(arrived) if whole else None,
        "received": order.received_at,
        "completed": order.closed_at,
    }


def ahead(row: Mapping[str, Any], now: int, terms: OrderTerms) -> Ahead:
    """Whose turn it is, by when, and what happens then."""
    state = steps.STATES[row["state"]]
    at = steps.due_by(row, terms)
    hint = Phrase(state.hint, {"days": terms.days.get(row["state"], 0)}) if state.hint else None
    if row["state"] == "cancelled":
        hint = Phrase(words.WHY_CLOSED.get(row["close_why"], ""))
    if row["disputed"]:
        hint = Phrase(N_("A refund request stands: until it is settled no state ends by itself."))
    left = None if at is None else countdown(now, at)
    over = at is not None and now > at
    return Ahead(state.turn, hint, None if at is None else from_epoch(at), left, over)


def promises(order: Order, shipments: Sequence[Shipment], now: datetime) -> list[Kept]:
    """Shipment by the promised second, and delivery within the days that the line promises."""
    found = [_kept(N_("Shipment"), order.ship_by, order.shipped_at, now)]
    base = order.shipped_at or order.ship_by
    if order.promised_days is not None and base is not None:
        whole = order.shipped_at is not None and all(each.arrived_at for each in shipments)
        actual = (
            max((each.arrived_at for each in shipments if each.arrived_at), default=None) if whole else None
        )
        found.append(_kept(N_("Delivery"), base + timedelta(days=order.promised_days), actual, now))
    return [each for each in found if each.promised is not None]


def _kept(label: str, promised: datetime | None, actual: datetime | None, now: datetime) -> Kept:
    if promised is None:
        return Kept(label, None, actual, None)
    if actual is not None:
        return Kept(label, promised, actual, actual <= promised)
    return Kept(label, promised, None, False if now > promised else None)


def entry(event: Event) -> Entry:
    """An event in words."""
    text = words.EVENTS.get(event.kind) or DISPUTE_EVENTS.get(event.kind) or event.kind
    actor = words.ACTORS.get(event.actor, event.actor)
    return Entry(event.at, event.kind, text, actor, _detail(event.params))


# What an event tells beside its name, by the first parameter that it has.
DETAILS: tuple[tuple[str, str], ...] = (
    ("refund", N_("{refund} paid back")),
    ("cents", "{cents}"),
    ("quantity", N_("{quantity} pieces, {tracking}")),
    ("tracking", "{tracking}"),
    ("stars", N_("{stars} stars")),
)


def _detail(params: Mapping[str, Any]) -> Phrase | None:
    if "reason" in params:
        return Phrase(REASON_WORDS[params["reason"]])
    told = {name: money(value, "USD") if name in AMOUNTS else value for name, value in params.items()}
    return next((Phrase(text, told) for name, text in DETAILS if name in params), None)
