"""The life of a refund request (I4): who may do what in which state, until when, and who is liable.

Pure like trade.steps: plain rows in, changed columns out; instants are epoch seconds.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from august.integrity.models import SELLER_REASONS
from august.kernel.errors import Refusal
from august.kernel.money import divide_half_up
from august.kernel.words import N_, Phrase

Row = Mapping[str, Any]
Changes = dict[str, Any]
Turn = Literal["seller", "buyer", "platform", "nobody"]
DAY = 86_400
# I4: the seller answers within 5 days, else the request counts as accepted; they negotiate up to 15 days.
ANSWER_DAYS, NEGOTIATION_DAYS = 5, 15
# The market decides at its next tick what the other side does.
UNDECIDED = 0


class State(msgspec.Struct, frozen=True):
    """A state: its words, whose turn it is, after how many days it ends and by which step."""

    label: str
    turn: Turn
    days: int | None = None
    then: str | None = None


STATES: Mapping[str, State] = {
    "opened": State(N_("Waiting for your answer"), "seller", ANSWER_DAYS, "accept"),
    "negotiating": State(N_("Negotiating"), "buyer", NEGOTIATION_DAYS, "escalate"),
    "arbitration": State(N_("In arbitration"), "platform"),
    "accepted": State(N_("Refund accepted"), "nobody"),
    "withdrawn": State(N_("Withdrawn by the buyer"), "nobody"),
    "decided": State(N_("Decided by the platform"), "nobody"),
}
OPEN = ("opened", "negotiating")
STEPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "accept": (N_("Accept the refund"), OPEN),
    "offer": (N_("Offer a part"), OPEN),
    "remind": (N_("Ask for the right reason"), OPEN),
    "explain": (N_("Explain"), OPEN),
    "change_reason": (N_("Change the reason"), OPEN),
    "withdraw": (N_("Withdraw"), OPEN),
    "take_offer": (N_("Take the offer"), ("negotiating",)),
    "escalate": (N_("Ask for arbitration"), OPEN),
    "decide": (N_("Decide"), ("arbitration",)),
}
REASON_WORDS: Mapping[str, str] = {
    "out_of_stock": N_("The supplier is out of stock"),
    "asks_more_money": N_("The supplier asks for more money"),
    "late_shipment": N_("The goods were not shipped by the promised day"),
    "refuses_deal": N_("The supplier refuses the deal"),
    "not_as_described": N_("The goods are not as described"),
    "no_longer_wanted": N_("I do not want the goods any more"),
    "ordered_by_mistake": N_("I ordered by mistake"),
    "agreed_cancel": N_("We agreed to cancel"),
}


def require(step: str, dispute: Row) -> None:
    """Refuse (409) a step that the state does not allow; after arbitration the reason is frozen."""
    label, states = STEPS[step]
    if dispute["state"] not in states:
        raise Refusal(
            "dispute.wrong_state",
            N_("Refund request {id} is “{state}”: “{step}” is not possible now."),
            params={
                "id": dispute["id"],
                "state": Phrase(STATES[dispute["state"]].label),
                "step": Phrase(label),
            },
            rules=("I4",),
            remedy=N_("Reload the request and look what can be done next."),
            status=409,
        )


def deadline(state: str, at: int) -> int | None:
    """When a state that begins at `at` ends by itself."""
    days = STATES[state].days
    return None if days is None else at + days * DAY


def _to(state: str, at: int, **more: Any) -> Changes:
    over = STATES[state].turn == "nobody"
    changes = {
        "state": state,
        "since": at,
        "deadline": deadline(state, at),
        "due": None if over else 0,
        **more,
    }
    return changes | {"settled_at": at} if over else changes


def accept(dispute: Row, at: int) -> Changes:
    """The seller pays back what is asked."""
    require("accept", dispute)
    return _to("accepted", at, refund_cents=dispute["claim_cents"], seller_liable=liable(dispute))


def offer(dispute: Row, at: int, cents: int) -> Changes:
    """The seller offers a part of the claim."""
    require("offer", dispute)
    if not 1 <= cents <= dispute["claim_cents"]:
        raise Refusal(
            "dispute.bad_offer",
            N_("An offer is above zero and at most the claim."),
            fields={"offer_usd": Phrase(N_("An offer is above zero and at most the claim."))},
            rules=("I4",),
        )
    return _negotiate(dispute, at, offer_cents=cents)


def _negotiate(dispute: Row, at: int, **more: Any) -> Changes:
    """The talk goes on; its fifteen days run from its first step."""
    if dispute["state"] == "negotiating":
        return {"since": at, "due": 0, **more}
    return _to("negotiating", at, **more)


def remind(dispute: Row, at: int) -> Changes:
    """The seller asks the buyer to give the reason that is true."""
    require("remind", dispute)
    return _negotiate(dispute, at, reminded_at=at)


def explain(dispute: Row, at: int, statement: str) -> Changes:
    """The seller tells the platform the seller's side."""
    require("explain", dispute)
    return _negotiate(dispute, at, statement=statement)


def change_reason(dispute: Row, at: int, reason: str) -> Changes:
    """The buyer gives another reason, as often as wanted before arbitration."""
    require("change_reason", dispute)
    return {"reason": reason, "since": at, "due": 0}


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


def liable(dispute: Row) -> bool:
    """Whether the reason as it stands is the seller's fault (商家有责)."""
    return dispute["reason"] in SELLER_REASONS


def decide(dispute: Row, at: int, *, evidence: bool, shipped: bool) -> Changes:
    """The verdict: a seller's reason with evidence for it makes the seller liable (I4).

    Liable before shipment pays everything back, after it half; not liable pays nothing after shipment.
    """
    require("decide", dispute)
    guilty = liable(dispute) and evidence
    claim = dispute["claim_cents"]
    refund = divide_half_up(claim, 2) if shipped else claim
    return _to("decided", at, refund_cents=refund if guilty or not shipped else 0, seller_liable=guilty)
