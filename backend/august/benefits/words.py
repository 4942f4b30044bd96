"""What families, states and memberships are called."""

from collections.abc import Mapping

from august.kernel.words import N_

FAMILIES: Mapping[str, str] = {
    "identity": N_("Identity"),
    "search": N_("Search benefits"),
    "tools": N_("Tools"),
    "access": N_("Access to campaigns"),
    "service": N_("Platform services"),
}
STATES: Mapping[str, str] = {
    "issued": N_("to be claimed"),
    "claimed": N_("claimed"),
    "used_up": N_("used up"),
    "active": N_("in force"),
    "expired": N_("expired"),
    "revoked": N_("revoked"),
}
TONES: Mapping[str, str] = {
    "issued": "accent",
    "claimed": "good",
    "active": "good",
    "revoked": "bad",
}
MEMBERSHIPS: Mapping[str, str] = {
    "cgs": N_("Gold Supplier (CGS)"),
    "qqb": N_("Global Supplier (QQB)"),
    "verified": N_("Verified Supplier"),
    "none": N_("no member in service"),
}
# The head of a cell that only members reach.
BADGES: Mapping[str, str] = {"verified": N_("Verified only"), "cgs": N_("CGS only")}
