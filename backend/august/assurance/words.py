"""What states and options of the guarantees are called."""

from collections.abc import Mapping

from august.kernel.words import N_

STATES: Mapping[str, str] = {
    "insured": N_("Insured"),
    "returned": N_("Goods returned"),
    "over": N_("Insurance ended"),
    "uninsured": N_("Not insured"),
}
STATE_TONES: Mapping[str, str] = {"insured": "good", "returned": "middle", "over": "", "uninsured": "bad"}
PRICES: Mapping[str, str] = {"half": N_("Half price"), "whole": N_("Whole price")}
DELIVERY_STATES: Mapping[str, str] = {
    "running": N_("On the way"),
    "kept": N_("Arrived in time"),
    "late": N_("Arrived late"),
    "void": N_("Ended before arrival"),
}
DELIVERY_TONES: Mapping[str, str] = {"running": "accent", "kept": "good", "late": "bad", "void": ""}
DONE: Mapping[str, str] = {
    "activated": N_("Easy Return is active: orders that fit are insured by themselves from now on."),
    "deactivated": N_("Easy Return is not active any more; what is insured stays insured."),
}
