"""Sending is for other rooms; reading is the player's."""

from typing import Any

import msgspec

from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.messages.models import Message, Read


def send(
    ctx: Context, text: str, *, to: int | None, kind: str, path: str | None = None, **params: Any
) -> None:
    """Put a message into a store's box, or into everybody's when `to` is None."""
    ctx.session.add(Message(merchant_id=to, at=ctx.now, kind=kind, text=text, params=params, path=path))


class MarkRead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything up to this message has been read."""

    up_to: int


@command("messages.mark_read", title=N_("Mark messages as read"))
def mark_read(ctx: Context, cmd: MarkRead) -> dict[str, Any]:
    """Move the store's mark forward; never back, never past what there is."""
    if by_id(ctx.session, Message, cmd.up_to) is None:
        raise Refusal("messages.unknown", N_("There is no such message."), status=404, rules=())
    mark = ctx.session.get(Read, ctx.merchant)
    if mark is None:
        mark = Read(merchant_id=ctx.merchant, up_to=0)
        ctx.session.add(mark)
    mark.up_to = max(mark.up_to, cmd.up_to)
    return {"up_to": mark.up_to}
