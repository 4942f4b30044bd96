"""What a store decides about itself: which chores its autopilot does (K3)."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from sqlalchemy import Update, update

from august.integrity.models import Dispute
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.plain import plain
from august.kernel.words import N_
from august.merchants.models import Autopilot
from august.opportunities.models import Inquiry
from august.reviews.models import PendingReview
from august.trade.models import Order

Chore = Literal["reply", "ship", "invite", "disputes", "restock"]
Seat = Literal["diligent", "average", "careless"]
# The market decides at its next tick what happens.
UNDECIDED = 0


class SetAutopilot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chore and the policy its autopilot follows; without a policy a person does it."""

    chore: Chore
    policy: Seat | None


@command("merchants.set_autopilot", title=N_("Set the autopilot"))
def set_autopilot(ctx: Context, cmd: SetAutopilot) -> dict[str, Any]:
    """Hand a chore to the autopilot or take it back; what is open is decided anew."""
    pilot = ctx.session.get(Autopilot, (ctx.merchant, cmd.chore))
    if (pilot.policy if pilot else None) == cmd.policy:
        return {"chore": cmd.chore, "policy": cmd.policy}
    if cmd.policy is None:
        ctx.session.delete(pilot)
    elif pilot is None:
        ctx.session.add(Autopilot(merchant_id=ctx.merchant, chore=cmd.chore, policy=cmd.policy))
    else:
        pilot.policy = cmd.policy
    ctx.session.flush()
    for statement in OPEN[cmd.chore](ctx.merchant):
        ctx.session.execute(statement.values(due=UNDECIDED))
    ctx.emit("merchants.autopilot", ("merchant", ctx.merchant), chore=cmd.chore, policy=cmd.policy)
    return {"chore": cmd.chore, "policy": cmd.policy}


def _talks(merchant: int) -> tuple[Update, ...]:
    asked, order = plain(Inquiry), plain(Order)
    return (
        update(asked).where(asked.c.merchant_id == merchant, asked.c.state.in_(("open", "agreed"))),
        update(order).where(order.c.merchant_id == merchant, order.c.state.in_(("asked", "drafted"))),
    )


def _goods(merchant: int) -> tuple[Update, ...]:
    order = plain(Order)
    return (
        update(order).where(
            order.c.merchant_id == merchant,
            order.c.state.in_(("producing", "part_shipped")),
            # A refund request stops the order until it is settled.
            ~order.c.disputed,
        ),
    )


def _invitations(merchant: int) -> tuple[Update, ...]:
    pending = plain(PendingReview)
    return (update(pending).where(pending.c.merchant_id == merchant, pending.c.invited_at.is_(None)),)


def _disputes(merchant: int) -> tuple[Update, ...]:
    dispute = plain(Dispute)
    return (update(dispute).where(dispute.c.merchant_id == merchant, dispute.c.state == "opened"),)


def _shelves(_merchant: int) -> tuple[Update, ...]:
    """Shelves are looked at anew at the end of every PT day."""
    return ()


OPEN: Mapping[Chore, Callable[[int], tuple[Update, ...]]] = {
    "reply": _talks,
    "ship": _goods,
    "invite": _invitations,
    "disputes": _disputes,
    "restock": _shelves,
}
