"""Who is liable for a refund request (I4): the reason as it stands, what bears it out, and how it ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from august.integrity.words import REASON_WORDS, SELLER_REASONS
from august.kernel.columns import from_epoch
from august.kernel.explain import Node, Outcome
from august.kernel.rulebook import Rulebook, RuleValues
from august.kernel.words import N_, Phrase

Row = Mapping[str, Any]
DAYS_RULE = "I4-days"


class DisputeTerms(RuleValues, frozen=True):
    """The numbers of rule I4-days: within how many days the seller answers, and how long both may talk."""

    answer_days: int
    negotiation_days: int

    def __post_init__(self) -> None:
        """Refuse a step that has no time."""
        if min(self.answer_days, self.negotiation_days) < 1:
            msg = "every step of a refund request lasts a day at least"
            raise ValueError(msg)


RULES: Mapping[str, type[RuleValues]] = {DAYS_RULE: DisputeTerms}


def dispute_terms(rulebook: Rulebook, at: datetime) -> DisputeTerms:
    """The numbers in force at an instant."""
    values: DisputeTerms = rulebook.values(DAYS_RULE, at)
    return values


def sellers_reason(reason: str) -> bool:
    """Whether a reason names the seller's fault."""
    return reason in SELLER_REASONS


def shipped_late(order: Row, at: int) -> bool:
    """Whether the order was late at an instant: its promised second had passed with pieces still to leave."""
    by = order["ship_by"]
    return by is not None and at > by and (order["shipped_at"] is None or order["shipped_at"] > by)


def contradicted(dispute: Row, order: Row) -> bool:
    """Whether the order's own dates speak against the reason: called late before it was."""
    return dispute["reason"] == "late_shipment" and not shipped_late(order, dispute["opened_at"])


def liable_now(dispute: Row) -> bool:
    """Whether the seller is liable: as settled, or as the reason stands until then."""
    settled: bool | None = dispute["seller_liable"]
    return sellers_reason(dispute["reason"]) if settled is None else settled


HOW = {
    "opened": N_("The request waits for the seller's answer: accepted as it stands, the reason decides."),
    "negotiating": N_("Both sides are talking: the reason may still be changed or the request withdrawn."),
    "arbitration": N_("The platform decides: the reason is frozen, the evidence counts."),
    "accepted": N_("The seller paid back what was asked, or the time to answer ran out: the reason decided."),
    "offered": N_("The buyer took the seller's offer: an agreement, nobody is liable."),
    "withdrawn": N_("The buyer withdrew the request: nobody is liable."),
    "borne_out": N_("The platform found the reason borne out by the evidence."),
    "not_borne_out": N_("The platform did not find a seller's fault borne out by the evidence."),
}


def how(dispute: Row) -> str:
    """Where the request stands or how it ended, as a key of HOW."""
    state: str = dispute["state"]
    if (
        state == "accepted"
        and not dispute["seller_liable"]
        and dispute["refund_cents"] == dispute["offer_cents"]
    ):
        return "offered"
    if state == "decided":
        return "borne_out" if dispute["seller_liable"] else "not_borne_out"
    return state


def why_liable(dispute: Row, order: Row) -> Node:
    """Whether the seller is liable, with everything it rests on."""
    liable, settled = liable_now(dispute), dispute["seller_liable"] is not None
    text = {
        (True, True): N_("The seller is liable for refund request {id}."),
        (False, True): N_("The seller is not liable for refund request {id}."),
        (True, False): N_("As its reason stands, the seller would be liable for refund request {id}."),
        (False, False): N_("As its reason stands, the seller would not be liable for refund request {id}."),
    }[liable, settled]
    remedy = None
    if liable and not settled:
        remedy = N_("Ask the buyer for the right reason, explain your side, or offer a part.")
    children = (_reason(dispute), _dates(dispute, order), _said(dispute), Node(HOW[how(dispute)], rule="I4"))
    outcome: Outcome = "bad" if liable else "ok"
    return Node(
        text, {"id": str(dispute["id"])}, rule="I4", children=children, outcome=outcome, remedy=remedy
    )


def _reason(dispute: Row) -> Node:
    fault = sellers_reason(dispute["reason"])
    text = (
        N_("“{reason}” names the seller's fault.") if fault else N_("“{reason}” is no fault of the seller.")
    )
    words = {"reason": Phrase(REASON_WORDS[dispute["reason"]])}
    return Node(text, words, rule="I4", outcome="bad" if fault else "ok")


def _dates(dispute: Row, order: Row) -> Node:
    by = order["ship_by"]
    if by is None:
        return Node(N_("Nothing was paid: no day of shipment is promised."), outcome="note")
    told = {"by": from_epoch(by), "at": from_epoch(dispute["opened_at"])}
    if shipped_late(order, dispute["opened_at"]):
        text = N_("Shipment was promised by {by}; when the request was opened at {at}, goods were late.")
        return Node(text, told, rule="trade.states", outcome="bad")
    text = N_("Shipment was promised by {by}; when the request was opened at {at}, nothing was late.")
    remedy = None
    if contradicted(dispute, order) and dispute["seller_liable"] is None:
        remedy = N_("The dates speak against the reason: ask the buyer to correct it before arbitration.")
    return Node(text, told, rule="trade.states", outcome="ok", remedy=remedy)


def _said(dispute: Row) -> Node:
    children = []
    if dispute["reminded_at"] is not None:
        told = {"at": from_epoch(dispute["reminded_at"])}
        children.append(Node(N_("The buyer was asked for the right reason at {at}."), told, outcome="ok"))
    if dispute["statement"] is None:
        text = N_("There is no statement of the seller: the platform may take the buyer's word.")
        return Node(text, rule="I4", children=tuple(children), outcome="note")
    text = N_("The seller has explained: without real evidence the platform does not find a fault.")
    return Node(text, rule="I4", children=tuple(children), outcome="ok")
