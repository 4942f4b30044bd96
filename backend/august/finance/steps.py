"""The life of an LC financing (F5): who may take which step in which state, and what time does.

Pure like trade.steps: plain rows in, changed columns out; instants are epoch seconds.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from august.finance.rules import Fee, LcTerms
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase

Row = Mapping[str, Any]
Changes = dict[str, Any]
Turn = Literal["seller", "bank", "nobody"]
DAY = 86_400
RULE = "F5-terms"


class State(msgspec.Struct, frozen=True):
    """A state: its words, whose turn it is, by which step it ends by itself, and what that means."""

    label: str
    turn: Turn
    then: str | None = None
    hint: str = ""


STATES: Mapping[str, State] = {
    "applied": State(N_("Applied for"), "bank", "approve", N_("The bank approves it within a day.")),
    "approved": State(
        N_("Approved"), "seller", hint=N_("Present the documents as soon as the last piece has left.")
    ),
    "presented": State(
        N_("Documents presented"), "bank", "accept", N_("The bank examines the documents for some days.")
    ),
    "accepted": State(
        N_("Documents accepted"),
        "seller",
        hint=N_("Now you can draw the money, until the letter of credit matures."),
    ),
    "drawn": State(
        N_("Drawn"), "bank", "fall_due", N_("The payment of the issuing bank repays it by itself.")
    ),
    "overdue": State(
        N_("Overdue"),
        "seller",
        hint=N_("The bank has not paid at maturity: repay it, or wait for the payment."),
    ),
    "repaid": State(N_("Repaid"), "nobody"),
    "withdrawn": State(N_("Withdrawn"), "nobody"),
    "ended": State(N_("Ended without a drawdown"), "nobody"),
}
TURNS: Mapping[str, str] = {
    "seller": N_("Your turn"),
    "bank": N_("The bank's turn"),
    "nobody": N_("Over"),
}


class Step(msgspec.Struct, frozen=True):
    """A step: its words, who takes it, and the states it starts from."""

    label: str
    actor: Turn
    states: tuple[str, ...]


STEPS: Mapping[str, Step] = {
    "approve": Step(N_("Approve"), "bank", ("applied",)),
    "present": Step(N_("Present the documents"), "seller", ("approved",)),
    "accept": Step(N_("Accept the documents"), "bank", ("presented",)),
    "draw": Step(N_("Draw the money"), "seller", ("accepted",)),
    "fall_due": Step(N_("Fall due"), "bank", ("drawn",)),
    "repay": Step(N_("Repay"), "seller", ("drawn", "overdue")),
    "settle": Step(N_("Repay by the bank's payment"), "bank", ("drawn", "overdue")),
    "withdraw": Step(N_("Withdraw"), "seller", ("applied", "approved", "presented", "accepted")),
    "end": Step(N_("End"), "bank", ("applied", "approved", "presented", "accepted")),
}
OPEN = tuple(name for name, state in STATES.items() if state.turn != "nobody")
# The way of a financing that goes well.
WAY = ("applied", "approved", "presented", "accepted", "drawn", "repaid")


def require(step: str, financing: Row) -> None:
    """Refuse (409) a step that the state does not allow."""
    if financing["state"] not in STEPS[step].states:
        raise Refusal(
            "lc.wrong_state",
            N_("Financing {id} is “{state}”: “{step}” is not possible now."),
            params={
                "id": str(financing["id"]),
                "state": Phrase(STATES[financing["state"]].label),
                "step": Phrase(STEPS[step].label),
            },
            rules=("F5", RULE),
            remedy=N_("Reload the page and look what can be done next."),
            status=409,
        )


def _to(state: str, at: int, deadline: int | None = None, **more: Any) -> Changes:
    over = STATES[state].turn == "nobody"
    return {"state": state, "since": at, "deadline": deadline, **more} | ({"ended_at": at} if over else {})


def applied(order: Row, at: int, terms: LcTerms) -> Changes:
    """A new application over the unpaid rest of an order."""
    return {
        "merchant_id": order["merchant_id"],
        "order_id": order["id"],
        **_to("applied", at, at + terms.approve_days * DAY),
        "applied_at": at,
        **dict.fromkeys(("presented_at", "drawn_at", "matures_at", "ended_at", "offer")),
        "rest_cents": order["total_cents"] - order["paid_cents"],
        **dict.fromkeys(("drawn_cents", "base_fee_cents", "fee_cents"), 0),
    }


def approve(financing: Row, at: int) -> Changes:
    """The bank agrees."""
    require("approve", financing)
    return _to("approved", at)


def present(financing: Row, order: Row, at: int, terms: LcTerms) -> Changes:
    """The documents of a fully shipped order go to the bank."""
    require("present", financing)
    if order["shipped_at"] is None:
        raise Refusal(
            "lc.not_shipped",
            N_("Order {order} has not fully left: there is no bill of lading to present."),
            params={"order": str(order["id"])},
            rules=(RULE,),
            remedy=N_("Ship what is left of the order first."),
            status=409,
        )
    return _to("presented", at, at + terms.examine_days * DAY, presented_at=at)


def accept(financing: Row, at: int) -> Changes:
    """The documents agree with the letter of credit."""
    require("accept", financing)
    return _to("accepted", at)


def matures(order: Row) -> int:
    """When the bank pays: the days of the OA terms after the full shipment."""
    return int(order["shipped_at"]) + (order["oa_days"] or 0) * DAY


def draw(financing: Row, order: Row, at: int, cents: int, fee: Fee) -> Changes:
    """The money comes, less the fee."""
    require("draw", financing)
    end = matures(order)
    if at >= end:
        raise Refusal(
            "lc.matured",
            N_("The letter of credit of order {order} has matured: the bank pays the rest itself."),
            params={"order": str(order["id"])},
            rules=(RULE,),
            remedy=N_("Wait for the payment; there is nothing to finance any more."),
            status=409,
        )
    return _to(
        "drawn",
        at,
        end,
        drawn_at=at,
        matures_at=end,
        drawn_cents=cents,
        base_fee_cents=fee.base_cents,
        fee_cents=fee.cents,
        offer=fee.offer,
    )


def fall_due(financing: Row, at: int) -> Changes:
    """It matured and the bank has not paid."""
    require("fall_due", financing)
    return _to("overdue", at)


def repay(financing: Row, at: int, step: str = "repay") -> Changes:
    """The advance is paid back, by the store or out of the bank's payment."""
    require(step, financing)
    return _to("repaid", at)


def withdraw(financing: Row, at: int) -> Changes:
    """The store does not want it any more."""
    require("withdraw", financing)
    return _to("withdrawn", at)


def end(financing: Row, at: int) -> Changes:
    """The order was paid or closed before anything was drawn."""
    require("end", financing)
    return _to("ended", at)


def allowed(step: str, financing: Row, order: Row, at: int) -> bool:
    """Whether a page offers the step."""
    if financing["state"] not in STEPS[step].states:
        return False
    if step == "present":
        return order["shipped_at"] is not None
    return step != "draw" or at < matures(order)
