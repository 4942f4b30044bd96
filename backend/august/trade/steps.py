"""The life of an order: who may take which step in which state, what it changes, and what a deadline does.

Steps are pure: they look at a plain row (instants are epoch seconds) and return the columns that change, so
that a person's command and the market's bulk work walk the same table.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.trade.rules import DAY, STATES_RULE, TO_SHIP, OrderTerms

Row = Mapping[str, Any]
Changes = dict[str, Any]
Turn = Literal["seller", "buyer", "carrier", "nobody"]
# The market decides at its next tick what the other side does.
UNDECIDED = 0


class State(msgspec.Struct, frozen=True):
    """A state: its words, whose turn it is, by which step it ends by itself, and what that means.

    `{days}` in the hint are those of rule trade.states.
    """

    label: str
    turn: Turn
    then: str | None = None
    hint: str = ""


STATES: Mapping[str, State] = {
    "asked": State(
        N_("Waiting for your confirmation"),
        "seller",
        "lapse",
        N_("Not confirmed within {days} days, the order lapses."),
    ),
    "drafted": State(
        N_("Waiting for the buyer's confirmation"),
        "buyer",
        "lapse",
        N_("Not accepted within {days} days, the draft lapses."),
    ),
    "confirmed": State(
        N_("Waiting for the first payment"),
        "buyer",
        "lapse",
        N_("Not paid within {days} days, the order closes."),
    ),
    "producing": State(
        N_("Waiting for shipment"),
        "seller",
        hint=N_("What leaves after the promised day is late: buyers complain, and it is the seller's fault."),
    ),
    "balance_due": State(
        N_("Waiting for the final payment"),
        "buyer",
        hint=N_("The goods leave when the rest is paid; until then the days of the lead time do not count."),
    ),
    "part_shipped": State(
        N_("Partly shipped"),
        "seller",
        hint=N_("The order is shipped on time only when its last piece leaves by the promised day."),
    ),
    "shipped": State(
        N_("On the way"), "carrier", hint=N_("The order arrives with the last of its shipments.")
    ),
    "arrived": State(
        N_("Waiting for the buyer's receipt"),
        "buyer",
        "receive",
        N_("Without a word of the buyer the goods count as received after {days} days."),
    ),
    "received": State(
        N_("Received, OA payment outstanding"),
        "buyer",
        hint=N_("The rest is paid when the days of the OA terms have passed."),
    ),
    "completed": State(N_("Completed"), "nobody"),
    "cancelled": State(N_("Closed"), "nobody"),
}
TURN_WORDS: Mapping[str, str] = {
    "seller": N_("Your turn"),
    "buyer": N_("The buyer's turn"),
    "carrier": N_("The carrier's turn"),
    "platform": N_("The platform's turn"),
    "nobody": N_("Over"),
}


class Step(msgspec.Struct, frozen=True):
    """A step: its words, who takes it, the states it starts from, and whether a refund request stops it."""

    label: str
    actor: Turn
    states: tuple[str, ...]
    undisputed: bool = False


PAID = ("producing", "balance_due", "part_shipped", "shipped", "arrived", "received")
STEPS: Mapping[str, Step] = {
    "confirm": Step(N_("Confirm the order"), "seller", ("asked",)),
    "accept": Step(N_("Accept the draft"), "buyer", ("drafted",)),
    "lapse": Step(N_("Lapse"), "nobody", ("asked", "drafted", "confirmed")),
    "decline": Step(N_("Decline the draft"), "buyer", ("drafted",)),
    "withdraw": Step(N_("Withdraw"), "seller", ("asked", "drafted", "confirmed")),
    "pay_first": Step(N_("Pay"), "buyer", ("confirmed",)),
    "cancel_booking": Step(
        N_("Cancel the booked receipts"), "seller", ("producing", "balance_due"), undisputed=True
    ),
    "ready": Step(N_("Goods are ready: ask for the rest"), "seller", ("producing",)),
    "pay_final": Step(N_("Pay the rest"), "buyer", ("balance_due", "received"), undisputed=True),
    "ship": Step(N_("Ship"), "seller", ("producing", "part_shipped")),
    "arrive": Step(N_("Arrive"), "carrier", ("shipped",)),
    "receive": Step(N_("Confirm receipt"), "buyer", ("arrived",), undisputed=True),
    "dispute": Step(N_("Ask for a refund"), "buyer", PAID, undisputed=True),
    "refund": Step(N_("Refund in full"), "nobody", PAID),
}


def require(step: str, order: Row) -> None:
    """Refuse (409) a step that the order's state, or a refund request against it, does not allow."""
    if order["state"] not in STEPS[step].states:
        raise Refusal(
            "order.wrong_state",
            N_("Order {id} is in the state “{state}”: “{step}” is not possible now."),
            params={
                "id": str(order["id"]),
                "state": Phrase(STATES[order["state"]].label),
                "step": Phrase(STEPS[step].label),
            },
            rules=(STATES_RULE,),
            remedy=N_("Reload the order and look what can be done next."),
            status=409,
        )
    if STEPS[step].undisputed and order["disputed"]:
        raise Refusal(
            "order.disputed",
            N_("A refund request stands against order {id}: “{step}” has to wait."),
            params={"id": str(order["id"]), "step": Phrase(STEPS[step].label)},
            rules=(STATES_RULE, "I4"),
            remedy=N_("Settle the refund request first."),
            status=409,
        )


def require_in_time(step: str, order: Row, at: int, terms: OrderTerms) -> None:
    """Refuse (409) a step after the state has ended by itself: the second of the deadline is too late.

    The market closes such a state at its next tick, as of the deadline.
    """
    ends = deadline(order, terms)
    if ends is not None and at >= ends:
        raise Refusal(
            "order.too_late",
            N_("The time of order {id} in the state “{state}” is over: “{step}” is not possible any more."),
            params={
                "id": str(order["id"]),
                "state": Phrase(STATES[order["state"]].label),
                "step": Phrase(STEPS[step].label),
            },
            rules=(STATES_RULE,),
            remedy=N_("Let the clock run to the next tick: the order then goes on by itself."),
            status=409,
        )


def allowed(step: str, order: Row, at: int, terms: OrderTerms) -> bool:
    """Whether the order may take a step now; pieces and amounts are looked at when it is taken."""
    try:
        require(step, order)
        require_in_time(step, order, at, terms)
    except Refusal:
        return False
    return {"ready": owes_before_shipment(order), "ship": not owes_before_shipment(order)}.get(step, True)


def deadline(order: Row, terms: OrderTerms) -> int | None:
    """When the present state ends by itself; None when it does not, or a refund request holds it."""
    days = terms.days.get(order["state"])
    return None if days is None or order["disputed"] else int(order["since"]) + days * DAY


def due_by(order: Row, terms: OrderTerms) -> int | None:
    """By when the next step is expected: shipment as promised, the OA payment, or the state's own end."""
    if order["state"] in TO_SHIP:
        by: int | None = order["ship_by"]
        return by
    if order["state"] == "received":
        return int(order["shipped_at"] or order["since"]) + (order["oa_days"] or 0) * DAY
    return deadline(order, terms)


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
    """The order ends before anything was paid, or with all of it paid back."""
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
            params={"id": str(order["id"])},
            rules=(STATES_RULE,),
            status=409,
        )
    return _to("balance_due", at)


def pay_final(order: Row, at: int) -> Changes:
    """The rest is booked: goods may leave, or an OA order is complete."""
    require("pay_final", order)
    paid = {"paid_cents": order["total_cents"], "balance_at": at}
    if order["state"] == "received":
        return _to("completed", at, closed_at=at, **paid)
    return _to("producing", at, **paid, **_waited(order, at))


def _waited(order: Row, at: int) -> Changes:
    """While ready goods wait for the buyer's money the lead time stands still."""
    if order["state"] != "balance_due":
        return {}
    return {"ship_by": order["ship_by"] + at - order["since"]}


def ship(order: Row, at: int, quantity: int) -> Changes:
    """Goods leave, in part or whole."""
    require("ship", order)
    if owes_before_shipment(order):
        raise Refusal(
            "order.balance_unpaid",
            N_("The rest of order {id} is not paid yet; by its terms goods leave afterwards."),
            params={"id": str(order["id"])},
            rules=(STATES_RULE,),
            remedy=N_("Mark the goods as ready: the buyer is asked for the rest."),
            status=409,
        )
    left = order["quantity"] - order["shipped_quantity"]
    if not 1 <= quantity <= left:
        raise Refusal(
            "order.bad_quantity",
            N_("{left} pieces of order {id} are left to ship."),
            params={"id": str(order["id"]), "left": left},
            fields={"quantity": Phrase(N_("A whole number from 1 to {most} is expected."), {"most": left})},
            rules=(STATES_RULE,),
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


def dispute(order: Row) -> Changes:
    """The buyer asks the money back: until that is settled nothing ends by itself."""
    require("dispute", order)
    return {"disputed": True, "disputes": order["disputes"] + 1, "due": None}


def resume(order: Row, at: int) -> Changes:
    """A settled refund request gives the order its course back: the time of its state begins anew."""
    return {"disputed": False, "since": at, "due": UNDECIDED, **_waited(order, at)}


def on_time(order: Row) -> bool | None:
    """Whether the goods left by the promised second; None while that is open."""
    if order["ship_by"] is None or order["shipped_at"] is None:
        return None
    return bool(order["shipped_at"] <= order["ship_by"])
