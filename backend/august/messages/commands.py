"""Sending and announcing are for other rooms; reading is the player's."""

from typing import Any

import msgspec
from sqlalchemy import delete, func, select

from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.messages import announcements
from august.messages.announcements import Announcement
from august.messages.models import Announced, Message, Read, Seen

ANNOUNCED = N_("Announcement: {title}")
NEWS = "/onetouch/news"


def send(
    ctx: Context, text: str, *, to: int | None, kind: str, path: str | None = None, **params: Any
) -> None:
    """Put a message into a store's box, or into everybody's when `to` is None."""
    ctx.session.add(Message(merchant_id=to, at=ctx.now, kind=kind, text=text, params=params, path=path))


def announce(ctx: Context, code: str, **params: Any) -> bool:
    """Make the announcement of something that has just happened; False when it was made before.

    `code` is one of announcements.yaml without an instant of its own (KeyError for another); `params` fill
    its title and text.
    """
    one = announcements.standing()[code]
    if one.at is not None:
        msg = f"announcement {code} appears by itself"
        raise ValueError(msg)
    if ctx.session.get(Announced, code) is not None:
        return False
    ctx.session.add(Announced(code=code, at=ctx.now, params=params))
    publish(ctx, one)
    return True


def publish(ctx: Context, one: Announcement) -> None:
    """Put an announcement into every store's message box."""
    send(ctx, ANNOUNCED, to=None, kind=one.kind, path=f"{NEWS}/{one.id}", title=one.title)


def begin(ctx: Context, merchant: int) -> None:
    """What was announced before a world is born lies in the history, read (F11)."""
    born = ctx.now
    earlier = [one for one in announcements.standing().values() if one.at is not None and one.at <= born]
    for one in sorted(earlier, key=lambda each: each.at or born):
        ctx.now = one.at or born
        publish(ctx, one)
    ctx.now = born
    ctx.session.flush()
    newest = ctx.session.scalar(select(func.max(Message.id))) or 0
    ctx.session.add(Read(merchant_id=merchant, up_to=newest))
    ctx.session.flush()


class MarkRead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything up to this message has been read."""

    up_to: int


class OneMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message of the store's box."""

    message: int


@command("messages.mark_read", title=N_("Mark messages as read"))
def mark_read(ctx: Context, cmd: MarkRead) -> dict[str, Any]:
    """Move the store's mark forward; never back, never past what there is."""
    mine(ctx, cmd.up_to)
    mark = _mark(ctx)
    mark.up_to = max(mark.up_to, cmd.up_to)
    ctx.session.execute(delete(Seen).where(Seen.merchant_id == ctx.merchant, Seen.message_id <= mark.up_to))
    return {"up_to": mark.up_to}


@command("messages.mark_one", title=N_("Mark a message as read"))
def mark_one(ctx: Context, cmd: OneMessage) -> dict[str, Any]:
    """Mark a single message; one that was read stays so."""
    mine(ctx, cmd.message)
    if cmd.message > _mark(ctx).up_to and ctx.session.get(Seen, (ctx.merchant, cmd.message)) is None:
        ctx.session.add(Seen(merchant_id=ctx.merchant, message_id=cmd.message))
    return {"message": cmd.message}


def mine(ctx: Context, number: int) -> Message:
    """The message of the store's box; a refusal for others' and for none."""
    found = by_id(ctx.session, Message, number)
    if found is None or found.merchant_id not in (None, ctx.merchant):
        raise Refusal(
            "messages.unknown",
            N_("There is no such message."),
            status=404,
            rules=(),
            remedy=N_("Open the history and choose a message there."),
        )
    return found


def _mark(ctx: Context) -> Read:
    mark = ctx.session.get(Read, ctx.merchant)
    if mark is None:
        mark = Read(merchant_id=ctx.merchant, up_to=0)
        ctx.session.add(mark)
    return mark
