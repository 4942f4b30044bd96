"""The life of a refund request (I4): who may do what in which state, until when, and who is liable.

Pure like trade.steps: plain rows in, changed columns out; instants are epoch seconds.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from august.integrity.rules import DAYS_RULE, DisputeTerms, sellers_reason
from august.kernel.errors import Refusal
from august.kernel.money import divide_half_up
from august.kernel.words import N_, Phrase
from august.trade import steps as order_steps

Row = Mapping[str, Any]
Changes = dict[str, Any]
Turn = Literal["seller", "buyer", "platform", "nobody"]
DAY = 86_400
# The market decides at its next tick what the other side does.
UNDECIDED = 0


class State(msgspec.Struct, frozen=True):
    """A state: its words, whose turn it is, by which step it ends by itself, and what that means.

    `{days}` in the hint are those of rule I4-days.
    """

    label: str
    turn: Turn
    then: str | None = None
    hint: str = ""


STATES: Mapping[str, State] = {
    "opened": State(
        N_("Waiting for your answer"),
        "seller",
        "accept",
        N_("Not answered within {days} days, the request counts as accepted: everything is paid back."),
    ),
    "negotiating": State(
        N_("Negotiating"),
        "buyer",
        "escalate",
        N_("Without an agreement within {days} days the request goes to arbitration."),
    ),
    "arbitration": State(
        N_("In arbitration"),
        "platform",
        hint=N_("The reason is frozen; the platform decides within some days, by reason and evidence."),
    ),
    "accepted": State(N_("Refund accepted"), "nobody"),
    "withdrawn": State(N_("Withdrawn by the buyer"), "nobody"),
    "decided": State(N_("Decided by the platform"), "nobody"),
}


class Step(msgspec.Struct, frozen=True):
    """A step: its words, who takes it, and the states it starts from."""

    label: str
    actor: Turn
    states: tuple[str, ...]


OPEN = ("opened", "negotiating")
STEPS: Mapping[str, Step] = {
    "accept": Step(N_("Accept the refund"), "seller", OPEN),
    "offer": Step(N_("Offer a part"), "seller", OPEN),
    "remind": Step(N_("Ask for the right reason"), "seller", OPEN),
    "explain": Step(N_("Explain"), "seller", OPEN),
    "change_reason": Step(N_("Change the reason"), "buyer", OPEN),
    "withdraw": Step(N_("Withdraw the request"), "buyer", OPEN),
    "take_offer": Step(N_("Take the offer"), "buyer", ("negotiating",)),
    "escalate": Step(N_("Ask for arbitration"), "buyer", OPEN),
    "decide": Step(N_("Decide"), "platform", ("arbitration",)),
}


def require(step: str, dispute: Row) -> None:
    """Refuse (409) a step that the state does not allow; after arbitration the reason is frozen."""
    if dispute["state"] not in STEPS[step].states:
        raise Refusal(
            "dispute.wrong_state",
            N_("Refund request {id} is “{state}”: “{step}” is not possible now."),
            params={
                "id": str(dispute["id"]),
                "state": Phrase(STATES[dispute["state"]].label),
                "step": Phrase(STEPS[step].label),
            },
            rules=("I4",),
            remedy=N_("Reload the request and look what can be done next."),
            status=409,
        )


def require_in_time(step: str, dispute: Row, at: int) -> None:
    """Refuse (409) a step after the state has ended by itself: the second of the deadline is too late."""
    if dispute["deadline"] is not None and at >= dispute["deadline"]:
        raise Refusal(
            "dispute.too_late",
            N_("The time of refund request {id} for “{step}” is over."),
            params={
                "id": str(dispute["id"]),
                "step": Phrase(STEPS[step].label),
            },
            rules=("I4", DAYS_RULE),
            remedy=N_("Let the clock run to the next tick: the request then goes on by itself."),
            status=409,
        )


def allowed(step: str, dispute: Row, at: int) -> bool:
    """Whether the request may take a step now; amounts and words are looked at when it is taken."""
    try:
        require(step, dispute)
        require_in_time(step, dispute, at)
    except Refusal:
        return False
    return step != "take_offer" or dispute["offer_cents"] is not None


def opened(order: Row, reason: str, truth: str, at: int, terms: DisputeTerms) -> Changes:
    """A new refund request over everything that was paid; its number comes when it is stored."""
    return {
        **{name: order[name] for name in ("merchant_id", "buyer_id", "product_id", "luck")},
        "order_id": order["id"],
        "opened_at": at,
        "reason": reason,
        "truth": truth,
        "claim_cents": order["paid_cents"],
        **dict.fromkeys(
            ("offer_cents", "refund_cents", "reminded_at", "settled_at", "seller_liable", "statement")
        ),
        "state": "opened",
        "since": at,
        "deadline": at + terms.answer_days * DAY,
        "due": UNDECIDED,
    }


def _to(state: str, at: int, **more: Any) -> Changes:
    """Into a state without a deadline of its own."""
    over = STATES[state].turn == "nobody"
    changes = {"state": state, "since": at, "deadline": None, "due": None if over else UNDECIDED, **more}
    return changes | {"settled_at": at} if over else changes


def accept(dispute: Row, at: int) -> Changes:
    """The seller pays back what is asked."""
    require("accept", dispute)
    liable = sellers_reason(dispute["reason"])
    return _to("accepted", at, refund_cents=dispute["claim_cents"], seller_liable=liable)


def offer(dispute: Row, at: int, cents: int, terms: DisputeTerms) -> Changes:
    """The seller offers a part of the claim."""
    require("offer", dispute)
    if not 1 <= cents <= dispute["claim_cents"]:
        raise Refusal(
            "dispute.bad_offer",
            N_("An offer is above zero and at most the claim."),
            fields={"amount_usd": Phrase(N_("An offer is above zero and at most the claim."))},
            rules=("I4",),
        )
    return _negotiate(dispute, at, terms, offer_cents=cents)


def _negotiate(dispute: Row, at: int, terms: DisputeTerms, **more: Any) -> Changes:
    """The talk goes on; its days run from the seller's first answer."""
    if dispute["state"] == "negotiating":
        return {"since": at, "due": UNDECIDED, **more}
    return _to("negotiating", at, **more) | {"deadline": at + terms.negotiation_days * DAY}


def remind(dispute: Row, at: int, terms: DisputeTerms) -> Changes:
    """The seller asks the buyer to give the reason that is true."""
    require("remind", dispute)
    return _negotiate(dispute, at, terms, reminded_at=at)


def explain(dispute: Row, at: int, statement: str, terms: DisputeTerms) -> Changes:
    """The seller tells the platform the seller's side."""
    require("explain", dispute)
    return _negotiate(dispute, at, terms, statement=statement)


def change_reason(dispute: Row, at: int, reason: str) -> Changes:
    """The buyer gives another reason, as often as wanted before arbitration."""
    require("change_reason", dispute)
    return {"reason": reason, "since": at, "due": UNDECIDED}


def withdraw(dispute: Row, at: int) -> Changes:
    """The buyer wants no money back any more."""
    require("withdraw", dispute)
    return _to("withdrawn", at, refund_cents=0, seller_liable=False)


def take_offer(dispute: Row, at: int) -> Changes:
    """The buyer agrees to the seller's offer: nobody is liable."""
    require("take_offer", dispute)
    if dispute["offer_cents"] is None:
        raise Refusal("dispute.no_offer", N_("There is no offer to take."), rules=("I4",), status=409)
    return _to("accepted", at, refund_cents=dispute["offer_cents"], seller_liable=False)


def escalate(dispute: Row, at: int) -> Changes:
    """The platform is to decide; from now on the reason is frozen."""
    require("escalate", dispute)
    return _to("arbitration", at)


def decide(dispute: Row, at: int, *, evidence: bool, shipped: bool) -> Changes:
    """The verdict: a seller's reason with evidence for it makes the seller liable (I4).

    Liable before shipment pays everything back, after it half; not liable pays nothing after shipment.
    """
    require("decide", dispute)
    guilty = sellers_reason(dispute["reason"]) and evidence
    claim = dispute["claim_cents"]
    refund = divide_half_up(claim, 2) if shipped else claim
    return _to("decided", at, refund_cents=refund if guilty or not shipped else 0, seller_liable=guilty)


def settle(dispute: Row, order: Row, at: int) -> Changes:
    """What a settled request does to its order: all of it paid back closes it, otherwise it goes on."""
    if (dispute["refund_cents"] or 0) >= order["paid_cents"]:
        return order_steps.close(order, at, "refund", "refunded")
    return order_steps.resume(order, at)
