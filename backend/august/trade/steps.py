"""The life of an order: who may take which step in which state, what it changes, and what a deadline does.

Steps are pure: they look at a plain row (instants are epoch seconds) and return the columns that change, so
that a person's command and the market's bulk work walk the same table.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase

Row = Mapping[str, Any]
Changes = dict[str, Any]
Turn = Literal["seller", "buyer", "carrier", "nobody"]
DAY = 86_400
# The market decides at its next tick what the other side does.
UNDECIDED = 0


class State(msgspec.Struct, frozen=True):
    """A state: its words, whose turn it is, after how many days it ends by itself and by which step."""

    label: str
    turn: Turn
    days: int | None = None
    then: str | None = None
    hint: str = ""


STATES: Mapping[str, State] = {
    "asked": State(
        N_("Waiting for your confirmation"), "seller", 5, "lapse", N_("Confirm the order, or it lapses.")
    ),
    "drafted": State(
        N_("Waiting for the buyer's confirmation"), "buyer", 7, "lapse", N_("The draft lapses after 7 days.")
    ),
    "confirmed": State(
        N_("Waiting for the first payment"),
        "buyer",
        7,
        "lapse",
        N_("Unpaid, it closes after 7 days."),
    ),
    "producing": State(
        N_("Waiting for shipment"),
        "seller",
        hint=N_("Ship by the promised day, or buyers complain."),
    ),
    "balance_due": State(
        N_("Waiting for the final payment"), "buyer", hint=N_("Goods leave when the rest is paid.")
    ),
    "part_shipped": State(N_("Partly shipped"), "seller", hint=N_("Ship the rest by the promised day.")),
    "shipped": State(N_("On the way"), "carrier", hint=N_("Follow the tracking events.")),
    "arrived": State(
        N_("Waiting for the buyer's receipt"),
        "buyer",
        10,
        "receive",
        N_("Confirmed by itself after 10 days."),
    ),
    "received": State(
        N_("Received, OA payment outstanding"),
        "buyer",
        hint=N_("Paid when the OA days have passed."),
    ),
    "completed": State(N_("Completed"), "nobody"),
    "cancelled": State(N_("Closed"), "nobody"),
}


class Step(msgspec.Struct, frozen=True):
    """A step: its words, who takes it, and the states it starts from."""

    label: str
    actor: Turn
    states: tuple[str, ...]


STEPS: Mapping[str, Step] = {
    "confirm": Step(N_("Confirm the order"), "seller", ("asked",)),
    "accept": Step(N_("Accept the draft"), "buyer", ("drafted",)),
    "lapse": Step(N_("Lapse"), "nobody", ("asked", "drafted", "confirmed")),
    "decline": Step(N_("Decline the draft"), "buyer", ("drafted",)),
    "withdraw": Step(N_("Withdraw"), "seller", ("asked", "drafted", "confirmed")),
    "pay_first": Step(N_("Pay"), "buyer", ("confirmed",)),
    "cancel_booking": Step(N_("Cancel the booked receipts"), "seller", ("producing", "balance_due")),
    "ready": Step(N_("Goods are ready: ask for the rest"), "seller", ("producing",)),
    "pay_final": Step(N_("Pay the rest"), "buyer", ("balance_due", "received")),
    "ship": Step(N_("Ship"), "seller", ("producing", "part_shipped")),
    "arrive": Step(N_("Arrive"), "carrier", ("shipped",)),
    "receive": Step(N_("Confirm receipt"), "buyer", ("arrived",)),
    "refund": Step(
        N_("Refund in full"),
        "nobody",
        ("producing", "balance_due", "part_shipped", "shipped", "arrived", "received"),
    ),
}


def require(step: str, order: Row) -> None:
    """Refuse (409) a step that the order's state does not allow."""
    if order["state"] not in STEPS[step].states:
        raise Refusal(
            "order.wrong_state",
            N_("Order {id} is in the state “{state}”: “{step}” is not possible now."),
            params={
                "id": order["id"],
                "state": Phrase(STATES[order["state"]].label),
                "step": Phrase(STEPS[step].label),
            },
            rules=("trade.states",),
            remedy=N_("Reload the order and look what can be done next."),
            status=409,
        )


def deadline(order: Row) -> int | None:
    """When the present state ends by itself; None when it does not."""
    days = STATES[order["state"]].days
    return None if days is None else order["since"] + days * DAY


def _to(state: str, at: int, **more: Any) -> Changes:
    over = STATES[state].turn == "nobody"
    return {"state": state, "since": at, "due": None if over else UNDECIDED, **more}


def confirm(order: Row, at: int) -> Changes:
    """The seller agrees to what the buyer ordered."""
    require("confirm", order)
    return _to("confirmed", at, confirmed_at=at)


def accept(order: Row, at: int) -> Changes:
    """The buyer agrees to the seller's draft."""
    require("accept", order)
    return _to("confirmed", at, confirmed_at=at)


def close(order: Row, at: int, step: str, why: str) -> Changes:
    """The order ends before anything was paid, or with all paid back."""
    require(step, order)
    return _to("cancelled", at, closed_at=at, close_why=why, disputed=False)


def lapse(order: Row, at: int) -> Changes:
    """Nobody acted in time."""
    return close(order, at, "lapse", "unpaid" if order["state"] == "confirmed" else "lapsed")


def pay_first(order: Row, at: int) -> Changes:
    """The first payment is booked: from now on the lead time runs."""
    require("pay_first", order)
    return _to(
        "producing",
        at,
        paid_at=at,
        paid_cents=order["first_cents"],
        ship_by=at + order["lead_days"] * DAY,
    )


def cancel_booking(order: Row, at: int) -> Changes:
    """All booked receipts are un-booked: the order waits for its first payment again."""
    require("cancel_booking", order)
    if order["shipped_quantity"]:
        raise Refusal(
            "order.already_shipped",
            N_("Goods of order {id} have left: its receipts stay booked."),
            params={"id": order["id"]},
            rules=("trade.states",),
            status=409,
        )
    return _to("confirmed", at, paid_at=None, paid_cents=0, ship_by=None, balance_at=None)


def owes_before_shipment(order: Row) -> bool:
    """Whether the rest must be paid before goods may leave."""
    return bool(order["terms"] == "before_shipment" and order["paid_cents"] < order["total_cents"])


def ready(order: Row, at: int) -> Changes:
    """The goods are made; with a rest to pay first, the buyer is asked for it."""
    require("ready", order)
    if not owes_before_shipment(order):
        raise Refusal(
            "order.nothing_due",
            N_("Nothing is due before shipment of order {id}: ship it."),
            params={"id": order["id"]},
            rules=("trade.states",),
            status=409,
        )
    return _to("balance_due", at)


def pay_final(order: Row, at: int) -> Changes:
    """The rest is booked: goods may leave, or an OA order is complete."""
    require("pay_final", order)
    paid = {"paid_cents": order["total_cents"], "balance_at": at}
    if order["state"] == "received":
        return _to("completed", at, closed_at=at, **paid)
    return _to("producing", at, **paid)


def ship(order: Row, at: int, quantity: int) -> Changes:
    """Goods leave, in part or whole."""
    require("ship", order)
    if owes_before_shipment(order):
        raise Refusal(
            "order.balance_unpaid",
            N_("The rest of order {id} is not paid yet; by its terms goods leave afterwards."),
            params={"id": order["id"]},
            rules=("trade.states",),
            remedy=N_("Mark the goods as ready: the buyer is asked for the rest."),
            status=409,
        )
    left = order["quantity"] - order["shipped_quantity"]
    if not 1 <= quantity <= left:
        raise Refusal(
            "order.bad_quantity",
            N_("{left} pieces of order {id} are left to ship."),
            params={"id": order["id"], "left": left},
            fields={"quantity": Phrase(N_("A whole number from 1 to {most} is expected."), {"most": left})},
            rules=("trade.states",),
        )
    shipped = order["shipped_quantity"] + quantity
    if shipped < order["quantity"]:
        return _to("part_shipped", at, shipped_quantity=shipped)
    return _to("shipped", at, shipped_quantity=shipped, shipped_at=at)


def arrive(order: Row, at: int) -> Changes:
    """The last shipment is there."""
    require("arrive", order)
    return _to("arrived", at)


def receive(order: Row, at: int) -> Changes:
    """The buyer has the goods; without an outstanding OA payment the order is complete."""
    require("receive", order)
    if order["paid_cents"] < order["total_cents"]:
        return _to("received", at, received_at=at)
    return _to("completed", at, received_at=at, closed_at=at)


def on_time(order: Row) -> bool | None:
    """Whether the goods left by the promised second; None while that is open."""
    if order["ship_by"] is None or order["shipped_at"] is None:
        return None
    return bool(order["shipped_at"] <= order["ship_by"])
