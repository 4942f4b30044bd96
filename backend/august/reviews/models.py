"""Reviews of completed orders, and the ones still awaited."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant, Json
from august.kernel.tables import WorldBase


class PendingReview(WorldBase):
    """An order that was received and not reviewed yet (待买家评价); it goes with its review or in time."""

    __tablename__ = "pending_reviews"
    order_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    buyer_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(Instant)
    invited_at: Mapped[datetime | None] = mapped_column(Instant)
    invitation: Mapped[str | None] = mapped_column(Text)
    luck: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int | None] = mapped_column(BigInteger, index=True)


class Review(WorldBase):
    """A buyer's judgement of a completed order: three dimensions of 1 to 5 stars, words, pictures (V1)."""

    __tablename__ = "reviews"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    buyer_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    quality: Mapped[int] = mapped_column(Integer)
    service: Mapped[int] = mapped_column(Integer)
    shipment: Mapped[int] = mapped_column(Integer)
    # A simulated text is a message id with values; a typed one its own text without.
    text: Mapped[str] = mapped_column(Text)
    params: Mapped[Any | None] = mapped_column(Json)
    keywords: Mapped[Any] = mapped_column(Json)
    # Names of server-drawn pictures.
    photos: Mapped[Any] = mapped_column(Json)
    # Whether an invitation of the store went before it.
    invited: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None] = mapped_column(Instant)
    # A review of an improper order counts nowhere.
    counts: Mapped[bool] = mapped_column(Boolean)
    __table_args__ = (Index(None, "merchant_id", "at"), Index(None, "product_id"))
