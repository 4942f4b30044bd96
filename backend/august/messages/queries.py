"""What a store's message box holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from august.kernel.context import Context
from august.messages.models import Message, Read
from august.web.tables import Listing, Page


@dataclass(frozen=True)
class Box:
    """A page of messages, the newest first."""

    messages: list[Message]
    page: Page
    read_up_to: int


def box(ctx: Context, asked: Listing) -> Box:
    """The store's own messages and those to everybody."""
    total = ctx.session.scalar(select(func.count()).select_from(_mine(ctx).subquery())) or 0
    page = asked.slice_of(total)
    shown = _mine(ctx).order_by(Message.id.desc()).limit(page.size).offset(page.offset)
    return Box(list(ctx.session.scalars(shown)), page, _read_up_to(ctx))


def newest(ctx: Context) -> int | None:
    """The id of the latest message."""
    return ctx.session.scalar(_mine(ctx).with_only_columns(func.max(Message.id)))


def between(ctx: Context, since: datetime, until: datetime) -> int:
    """How many messages came after `since`, up to `until`."""
    came = _mine(ctx).where(Message.at > since, Message.at <= until)
    return ctx.session.scalar(came.with_only_columns(func.count(Message.id))) or 0


def unread(ctx: Context) -> int:
    """How many the store has not read."""
    mark = select(Read.up_to).where(Read.merchant_id == ctx.merchant).scalar_subquery()
    newer = _mine(ctx).where(Message.id > func.coalesce(mark, 0))
    return ctx.session.scalar(newer.with_only_columns(func.count(Message.id))) or 0


def _mine(ctx: Context) -> Select[Message]:
    return select(Message).where(or_(Message.merchant_id.is_(None), Message.merchant_id == ctx.merchant))


def _read_up_to(ctx: Context) -> int:
    return ctx.session.scalar(select(Read.up_to).where(Read.merchant_id == ctx.merchant)) or 0
