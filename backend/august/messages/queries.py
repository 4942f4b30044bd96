"""What a store's message box holds."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from august.kernel.context import Context
from august.messages.models import Message, Read


@dataclass(frozen=True)
class Box:
    """A page of messages, the newest first."""

    messages: list[Message]
    total: int
    read_up_to: int


def box(ctx: Context, page: int, size: int) -> Box:
    """The store's own messages and those to everybody."""
    newest = _mine(ctx).order_by(Message.id.desc()).limit(size).offset((page - 1) * size)
    total = ctx.session.scalar(select(func.count()).select_from(_mine(ctx).subquery())) or 0
    return Box(list(ctx.session.scalars(newest)), total, _read_up_to(ctx))


def unread(ctx: Context) -> int:
    """How many the store has not read."""
    newer = _mine(ctx).where(Message.id > _read_up_to(ctx)).subquery()
    return ctx.session.scalar(select(func.count()).select_from(newer)) or 0


def _mine(ctx: Context) -> Select[tuple[Message]]:
    return select(Message).where(or_(Message.merchant_id.is_(None), Message.merchant_id == ctx.merchant))


def _read_up_to(ctx: Context) -> int:
    return ctx.session.scalar(select(Read.up_to).where(Read.merchant_id == ctx.merchant)) or 0
