"""What codes and events of orders are called."""

from collections.abc import Mapping

from august.kernel.words import N_

CHANNELS: Mapping[str, str] = {"ta": N_("Trade Assurance"), "e_collection": N_("e-collection")}
EXPORTS: Mapping[str, str] = {
    "onetouch": N_("One-Touch export"),
    "market": N_("Market procurement"),
    "self": N_("Own export"),
    "easy": N_("Easy export"),
}
SPECIALS: Mapping[str, str] = {
    "none": N_("No special type"),
    "TALC": N_("TALC (letter of credit)"),
    "TAPLC": N_("TAPLC (platform letter of credit)"),
    "TAOLC": N_("TAOLC (online letter of credit)"),
}
TERMS: Mapping[str, str] = {
    "full": N_("Everything at once"),
    "before_shipment": N_("Rest before shipment"),
    "oa": N_("OA: rest after shipment"),
}
KINDS: Mapping[str, str] = {"rts": N_("Ready to Ship"), "customization": N_("Customization")}
RISKS: Mapping[str, str] = {"soon": N_("To ship soon"), "late": N_("Late")}
WHY_CLOSED: Mapping[str, str] = {
    "lapsed": N_("Nobody confirmed it in time."),
    "unpaid": N_("The first payment did not come in time."),
    "declined": N_("The buyer declined the draft."),
    "seller": N_("You withdrew it."),
    "refunded": N_("Everything paid was paid back."),
}
RECEIPTS: Mapping[str, str] = {"first": N_("First payment"), "final": N_("Final payment")}
EVENTS: Mapping[str, str] = {
    "trade.ordered": N_("Ordered by the buyer"),
    "trade.drafted": N_("Draft sent"),
    "trade.confirmed": N_("Order confirmed"),
    "trade.accepted": N_("Draft accepted"),
    "trade.declined": N_("Draft declined"),
    "trade.withdrawn": N_("Withdrawn by the seller"),
    "trade.lapsed": N_("Lapsed"),
    "trade.paid": N_("First payment booked"),
    "trade.booking_cancelled": N_("Booked receipts cancelled"),
    "trade.ready": N_("Goods ready, rest asked for"),
    "trade.balance_paid": N_("Final payment booked"),
    "trade.shipped": N_("Goods handed over"),
    "trade.departed": N_("Shipment departed"),
    "trade.cleared": N_("Shipment cleared customs"),
    "trade.arrived": N_("Shipment arrived"),
    "trade.received": N_("Received by the buyer"),
    "assurance.insured": N_("Insured by Easy Return"),
    "assurance.returned": N_("Goods returned within Easy Return"),
    "assurance.compensated": N_("Late delivery compensated"),
    "finance.pay_later": N_("Paid in instalments by the buyer; all of it is booked"),
    "finance.instalments_cut": N_("Instalments reduced by a refund"),
    "finance.lc_applied": N_("LC financing applied for"),
    "finance.lc_approved": N_("LC financing approved"),
    "finance.lc_presented": N_("Documents presented to the bank"),
    "finance.lc_accepted": N_("Documents accepted by the bank"),
    "finance.lc_drawn": N_("LC financing drawn"),
    "finance.lc_overdue": N_("LC financing overdue"),
    "finance.lc_repaid": N_("LC financing repaid"),
    "finance.lc_withdrawn": N_("LC financing withdrawn"),
    "finance.lc_ended": N_("LC financing ended without a drawdown"),
    "reviews.invited": N_("Buyer invited to review"),
    "reviews.written": N_("Review written"),
    "reviews.changed": N_("Review changed"),
    "reviews.replied": N_("Review replied to"),
}
ACTORS: Mapping[str, str] = {
    "player": N_("you"),
    "policy": N_("autopilot"),
    "buyer": N_("buyer"),
    "carrier": N_("carrier"),
    "platform": N_("platform"),
    "system": N_("system"),
}
