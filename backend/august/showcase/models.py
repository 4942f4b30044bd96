"""Showcase orders, and the products on show."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

STATES = ("to_open", "open", "ended")


class ShowcaseOrder(WorldBase):
    """Slots that somebody gave a store for some days; they can be used once the store opens the order."""

    __tablename__ = "showcase_orders"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    slots: Mapped[int] = mapped_column(Integer)
    # Full PT days from the day of opening on.
    days: Mapped[int] = mapped_column(Integer)
    # Where it comes from: benefit.
    source: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    # The first second at which its slots are gone.
    until: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8))
    __table_args__ = (CheckConstraint(one_of("state", STATES), name="state"),)


class ShowcaseItem(WorldBase):
    """A product on show."""

    __tablename__ = "showcase_items"
    product_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    since: Mapped[datetime] = mapped_column(Instant)
