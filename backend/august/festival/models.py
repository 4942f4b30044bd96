"""What stores took of the platform's quotas."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase


class QuotaClaim(WorldBase):
    """One piece of a quota taken by a store, for an order or for itself."""

    __tablename__ = "quota_claims"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(24))
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    # What it was taken for: order, logistics_order, merchant.
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index(None, "code", "merchant_id"),
        Index(None, "about_kind", "about_id"),
    )
