"""The reasons of refund requests, in words; the events of their timeline."""

from collections.abc import Mapping

from august.kernel.words import N_

# The reasons a buyer may give; those of the first line are the seller's fault when they are true.
SELLER_REASONS = ("out_of_stock", "asks_more_money", "late_shipment", "refuses_deal", "not_as_described")
BUYER_REASONS = ("no_longer_wanted", "ordered_by_mistake", "agreed_cancel")
REASONS = (*SELLER_REASONS, *BUYER_REASONS)
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
EVENTS: Mapping[str, str] = {
    "integrity.opened": N_("Refund request opened"),
    "integrity.accept": N_("Refund accepted"),
    "integrity.offer": N_("A part offered"),
    "integrity.remind": N_("Buyer asked for the right reason"),
    "integrity.explain": N_("Statement given"),
    "integrity.change_reason": N_("Reason changed"),
    "integrity.withdraw": N_("Request withdrawn"),
    "integrity.take_offer": N_("Offer taken"),
    "integrity.escalate": N_("Arbitration asked for"),
    "integrity.decide": N_("Decided by the platform"),
    "integrity.settled": N_("Refund request settled"),
}
