"""Messages to a store."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant, Json
from august.kernel.tables import WorldBase


class Message(WorldBase):
    """A message: an English msgid with parameters, so that it reads in both languages."""

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    # None: to every store of the world.
    merchant_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    # {"name": value}; a value may be {"zh": …, "en": …}.
    params: Mapped[Any] = mapped_column(Json)
    # Where to read on, relative to the sandbox.
    path: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (Index(None, "merchant_id", "at"),)


class Read(WorldBase):
    """Up to which message a store has read."""

    __tablename__ = "messages_read"
    merchant_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    up_to: Mapped[int] = mapped_column(BigInteger)


class Seen(WorldBase):
    """A single message after that mark which a store has read."""

    __tablename__ = "messages_seen"
    merchant_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)


class Announced(WorldBase):
    """An announcement that was made when something happened; each is made once."""

    __tablename__ = "announcements_made"
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    params: Mapped[Any] = mapped_column(Json)
