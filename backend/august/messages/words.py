"""What the message box calls its kinds, and how it draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from august.kernel.words import N_


@dataclass(frozen=True)
class Tab:
    """A part of the history: the kinds of messages in it, its label and icon."""

    kinds: Sequence[str]
    label: str
    icon: str


# In the order of the page; kinds that no tab names lie under `system`.
TABS: Mapping[str, Tab] = {
    "onetouch": Tab(("onetouch",), N_("OneTouch announcements"), "speakerphone"),
    "enterprise": Tab(("enterprise",), N_("Enterprise announcements"), "news"),
    "rule": Tab(("rule",), N_("Rule"), "gavel"),
    "star": Tab(("star",), N_("Star level"), "star"),
    "festival": Tab(("festival",), N_("September festival"), "flame"),
    "benefit": Tab(("benefit",), N_("Benefits"), "gift"),
    "order": Tab(
        ("order", "fees", "logistics", "finance", "assurance"), N_("Orders and funds"), "clipboard-list"
    ),
    "verified": Tab(("verified",), N_("Proofs"), "shield-check"),
    "system": Tab((), N_("System"), "bell"),
}
NAMED = tuple(kind for tab in TABS.values() for kind in tab.kinds)
TOPICS = {
    "offer": (N_("Offer"), "good"),
    "notice": (N_("Notice"), ""),
    "correction": (N_("Correction"), "bad"),
    "reminder": (N_("Reminder"), "middle"),
    "result": (N_("Results"), "accent"),
}
KINDS = {"onetouch": N_("OneTouch announcement"), "enterprise": N_("Enterprise announcement")}
STATES = {"coming": (N_("to come"), "accent"), "running": (N_("running"), "good"), "over": (N_("over"), "")}


def tab_of(kind: str) -> str:
    """The tab that a kind of message lies under."""
    return next((key for key, tab in TABS.items() if kind in tab.kinds), "system")
