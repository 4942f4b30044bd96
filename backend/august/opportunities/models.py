"""Inquiries and the lines of their conversations."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant, Json
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

KINDS = ("inquiry", "chat")
STATES = ("open", "agreed", "ordered", "lost")
TURNS = ("seller", "buyer", "nobody")


class Inquiry(WorldBase):
    """A buyer asks a store about a product; `state` tells how it goes, `turn` whose answer is awaited.

    Rivals' inquiries have no chat lines: only the facts that rules ask for.
    """

    __tablename__ = "inquiries"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    buyer_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(8))
    # One of traffic.models.SOURCES.
    source: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    quantity: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8))
    turn: Mapped[str] = mapped_column(String(8))
    # The instant of the last line of either side.
    last_at: Mapped[datetime] = mapped_column(Instant)
    first_reply_at: Mapped[datetime | None] = mapped_column(Instant)
    # The seller's last offer for a piece, and how often the buyer has haggled.
    quote_cents: Mapped[int | None] = mapped_column(BigInteger)
    rounds: Mapped[int] = mapped_column(Integer)
    # Why it was lost: ignored, price, elsewhere.
    lost_why: Mapped[str | None] = mapped_column(String(20))
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    # The sub-account that looks after it.
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    # Whose luck it is: the same question in a fork has the same key.
    luck: Mapped[int] = mapped_column(BigInteger)
    # Epoch second at which whoever's turn it is acts by itself; 0: not decided yet; none: a person's turn.
    due: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("turn", TURNS), name="turn"),
        Index(None, "merchant_id", "at"),
        Index(None, "first_reply_at"),
        Index(None, "due"),
    )


class ChatLine(WorldBase):
    """One line of a conversation; a simulated line is a message id with values, a typed one its own text."""

    __tablename__ = "chat_lines"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    inquiry_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    # buyer or seller
    side: Mapped[str] = mapped_column(String(8))
    # player, policy, or market: who wrote it.
    author: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    # None for a typed text.
    params: Mapped[Any | None] = mapped_column(Json)
    __table_args__ = (Index(None, "inquiry_id", "id"),)
