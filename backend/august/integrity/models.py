"""Refund disputes (I4)."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from august.integrity.words import REASONS
from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

STATES = ("opened", "negotiating", "arbitration", "accepted", "withdrawn", "decided")


class Dispute(WorldBase):
    """A refund request against an order: the buyer's reason, where it stands, how it ended."""

    __tablename__ = "disputes"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(BigInteger, index=True)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    buyer_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(20))
    # What really happened; the buyer's reason may be a slip, which the seller can ask to have corrected.
    truth: Mapped[str] = mapped_column(String(20))
    claim_cents: Mapped[int] = mapped_column(BigInteger)
    # The seller's last offer, and what is paid back in the end.
    offer_cents: Mapped[int | None] = mapped_column(BigInteger)
    refund_cents: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(12))
    since: Mapped[datetime] = mapped_column(Instant)
    # When the present step ends by itself.
    deadline: Mapped[datetime | None] = mapped_column(Instant)
    # The seller reminded the buyer of the right reason at this instant.
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    seller_liable: Mapped[bool | None] = mapped_column(Boolean)
    statement: Mapped[str | None] = mapped_column(Text)
    luck: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("reason", REASONS), name="reason"),
        CheckConstraint(one_of("truth", REASONS), name="truth"),
        Index(None, "merchant_id", "opened_at"),
        Index(None, "due"),
    )
