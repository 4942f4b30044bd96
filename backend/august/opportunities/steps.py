"""Whose turn it is in a conversation, and what a line changes; pure, over plain rows (see trade.steps)."""

from collections.abc import Mapping
from typing import Any, Literal

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.opportunities.words import STATES

Row = Mapping[str, Any]
Changes = dict[str, Any]
Side = Literal["seller", "buyer"]
# The market decides at its next tick what the other side does.
UNDECIDED = 0
ALIVE = ("open", "agreed")
WAITING: Mapping[Side, tuple[str, str]] = {
    "seller": (
        N_("It is the buyer's turn in inquiry {id}: your last line has not been answered yet."),
        N_("Move the clock forward; the buyer answers or leaves."),
    ),
    "buyer": (
        N_("It is the store's turn in inquiry {id}: your last line has not been answered yet."),
        N_("Wait for the store's answer."),
    ),
}


def require_turn(inquiry: Row, side: Side) -> None:
    """Refuse (409) a line in a conversation that has ended, or while the other side is to speak."""
    if inquiry["state"] not in ALIVE:
        raise Refusal(
            "inquiry.ended",
            N_("Inquiry {id} has ended: {state}."),
            params={"id": inquiry["id"], "state": Phrase(STATES[inquiry["state"]])},
            rules=("K3-talk",),
            remedy=N_("Look for another conversation that waits for you."),
            status=409,
        )
    if inquiry["turn"] != side:
        message, remedy = WAITING[side]
        raise Refusal(
            "inquiry.not_your_turn",
            message,
            params={"id": inquiry["id"]},
            rules=("K3-talk",),
            remedy=remedy,
            status=409,
        )


def reply(inquiry: Row, at: int, quote_cents: int | None) -> Changes:
    """The store answers, with or without a price; more than was agreed on opens the deal again."""
    require_turn(inquiry, "seller")
    before = inquiry["quote_cents"]
    changes = {
        "turn": "buyer",
        "last_at": at,
        "first_reply_at": at if inquiry["first_reply_at"] is None else inquiry["first_reply_at"],
        "due": UNDECIDED,
    }
    if quote_cents is None:
        return changes
    dearer = before is not None and quote_cents > before
    return {**changes, "quote_cents": quote_cents, "state": "open" if dearer else inquiry["state"]}


def write(inquiry: Row, at: int) -> Changes:
    """The buyer answers."""
    require_turn(inquiry, "buyer")
    return {"turn": "seller", "last_at": at, "due": UNDECIDED}
