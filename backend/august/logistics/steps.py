"""The states of a logistics order as a table: who may move it, when, and what a wrong move is told."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.logistics.models import LogisticsOrder

RULE = "logistics.states"


class State(msgspec.Struct, frozen=True):
    """A state: its name, and what comes next by whom."""

    label: str
    hint: str


STATES: Mapping[str, State] = {
    "placed": State(N_("To be paid"), N_("Pay the freight, or it lapses.")),
    "paid": State(N_("Paid"), N_("The carrier picks the goods up.")),
    "picked_up": State(N_("Picked up"), N_("The goods are on their way to their departure.")),
    "departed": State(N_("Left port"), N_("The goods are on their way abroad.")),
    "delivered": State(N_("Delivered"), N_("The goods are at their destination.")),
    "cancelled": State(N_("Cancelled"), N_("Nothing more happens.")),
}
# The way of an order that nothing happens to.
PATH = ("placed", "paid", "picked_up", "departed", "delivered")
AT: Mapping[str, str] = {state: f"{state}_at" for state in (*PATH, "cancelled")}
STEPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pay": (N_("Pay the freight"), ("placed",)),
    "cancel": (N_("Cancel the logistics order"), ("placed", "paid")),
}


def able(order: LogisticsOrder, step: str, now: datetime) -> bool:
    """Whether a step can be taken now."""
    return order.state in STEPS[step][1] and not over(order, now)


def over(order: LogisticsOrder, now: datetime) -> bool:
    """Whether an unpaid order has lapsed; the job writes it down a little later."""
    return order.state == "placed" and now >= order.pay_by


def require(order: LogisticsOrder, step: str, now: datetime) -> None:
    """Refuse (409) a step that the state, or the time to pay, does not allow."""
    words, states = STEPS[step]
    if over(order, now):
        raise Refusal(
            "logistics.lapsed",
            N_("Logistics order {id} was to be paid by {at} and has lapsed."),
            params={"id": order.id, "at": order.pay_by},
            rules=(RULE,),
            remedy=N_("Place a new one."),
            status=409,
        )
    if order.state not in states:
        raise Refusal(
            "logistics.wrong_state",
            N_("Logistics order {id} is in the state “{state}”: “{step}” is not possible now."),
            params={"id": order.id, "state": Phrase(STATES[order.state].label), "step": Phrase(words)},
            rules=(RULE,),
            remedy=N_("An order can be paid while it is to be paid, and cancelled until it is picked up."),
            status=409,
        )
