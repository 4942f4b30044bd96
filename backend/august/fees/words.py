"""What fees, labels and their reasons are called."""

from collections.abc import Mapping

from august.kernel.words import N_

FEES: Mapping[str, str] = {
    "transaction": N_("Transaction service fee"),
    "funds": N_("Cross-border funds fee"),
    "onetouch": N_("One-Touch basic service fee"),
    "oa": N_("OA technical service fee"),
}
LABELS: Mapping[str, str] = {
    "threshold": N_("Threshold order"),
    "discount": N_("Discount order"),
    "none": N_("No label"),
}
LABEL_TONES: Mapping[str, str] = {"threshold": "middle", "discount": "good", "none": ""}
REASONS: Mapping[str, str] = {
    "below": N_("The total before it was below the line."),
    "reached": N_("The line was reached before it, and it is the first payment of a new order."),
    "labelled": N_("The order had its label before; a label stays."),
    "outside": N_("Booked outside of the window, or by a way that does not count."),
    "easy": N_("The line is reached, and easy export never gets the discount."),
    "special": N_("The line is reached, and TALC, TAPLC and TAOLC orders never get the discount."),
    "other_mode": N_("The line is reached, and this export mode never gets the discount."),
    "package": N_("The line is reached, and a One-Touch 3N-year package excludes the discount."),
    "paid_before": N_("The line is reached, and the order was first paid before the window."),
    "paid_earlier": N_("The line is reached, and this is not the first payment of the order."),
    "cancelled": N_("The booking was cancelled: its amount is subtracted, the label stays."),
}
REASON_RULES: Mapping[str, str] = {
    "below": "F2.2",
    "reached": "F2.2",
    "labelled": "F2.4",
    "outside": "F2.1",
    "easy": "F2.3",
    "special": "F2.3",
    "other_mode": "F2.3",
    "package": "F2.9",
    "paid_before": "F2.2",
    "paid_earlier": "F2.2",
    "cancelled": "F2.5",
}
BENEFITS: Mapping[str, str] = {
    "locked": N_("Locked"),
    "settled": N_("Benefit settled"),
    "lost": N_("Benefit lost"),
}
BENEFIT_HINTS: Mapping[str, str] = {
    "locked": N_("Waits for the order to complete (One-Touch: for customs)."),
    "settled": N_("Half of the fee was paid."),
}
BENEFIT_TONES: Mapping[str, str] = {"locked": "accent", "settled": "good", "lost": "bad"}
LOSSES: Mapping[str, str] = {
    "late": N_("Not shipped (One-Touch: not cleared) by the deadline."),
    "cleared_before": N_("Cleared by customs before the benefit was locked."),
    "settled_before": N_("Settled before the benefit was locked."),
    "no_member": N_("The store was no main-site member when the fee was settled."),
    "abnormal": N_("An order of the store was ruled improper or abnormal: everything locked was cancelled."),
    "closed": N_("The order was closed: there is no fee to reduce."),
    "package": N_("The One-Touch package pays the whole fee: the larger benefit counts."),
}
# Which benefit made a fee smaller.
WHYS: Mapping[str, str] = {
    "service_fee": N_("Service fee at half"),
    "package": N_("One-Touch 3N-year package"),
    "oa_waiver": N_("OA service fee waived"),
}
KINDS: Mapping[str, str] = {"booked": N_("Receipt booked"), "cancelled": N_("Booking cancelled")}
OA_CONDITIONS: Mapping[str, tuple[str, str]] = {
    "insured": (N_("Insured by the platform"), N_("Not in the platform-insured mode")),
    "mode": (
        N_("Trade Assurance by own export or One-Touch"),
        N_("Not Trade Assurance by own export or One-Touch"),
    ),
    "drafted": (
        N_("Drafted inside the window, at {drafted}"),
        N_("Drafted outside of the window, at {drafted}"),
    ),
    "confirmed": (
        N_("Confirmed by the buyer inside the window, at {confirmed}"),
        N_("Not confirmed by the buyer inside the window"),
    ),
    "prepaid": (N_("First prepayment in time, at {prepaid}"), N_("No prepayment by {prepaid_by}")),
}
OA_REMEDIES: Mapping[str, str | None] = {
    "insured": N_("Draft OA orders in the platform-insured mode."),
    "mode": N_("Draft OA orders as Trade Assurance with own export or One-Touch."),
    "drafted": None,
    "confirmed": N_("Have the buyer confirm before the window ends."),
    "prepaid": N_("Ask the buyer for any part of the prepayment before the deadline."),
}
