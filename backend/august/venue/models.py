"""Products in the venue, the festival's sales by day, targets and coupons."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant, Json
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

# In the venue, taken out by its store, taken out by the platform.
ENROLMENT_STATES = ("enrolled", "withdrawn", "removed")


class Enrolment(WorldBase):
    """A product of the festival venue; enrolled again it is the same row."""

    __tablename__ = "festival_products"
    product_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    # What a piece costs at most while the festival runs, in US cents.
    price_cents: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(Instant)
    # When its price was judged last.
    priced_at: Mapped[datetime] = mapped_column(Instant)
    # The codes of the conditions that failed when it was removed.
    why: Mapped[Any | None] = mapped_column(Json)
    __table_args__ = (CheckConstraint(one_of("state", ENROLMENT_STATES), name="state"),)


class FestivalDay(WorldBase):
    """What was booked for a product on a PT day of the festival, less what was cancelled on it (F12)."""

    __tablename__ = "festival_days"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    product_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    cents: Mapped[int] = mapped_column(BigInteger)
    # Of them those of buyers from L1 on.
    l1_cents: Mapped[int] = mapped_column(BigInteger)
    # First payments.
    orders: Mapped[int] = mapped_column(Integer)


class FestivalTarget(WorldBase):
    """The GMV that a store wants to reach in the festival."""

    __tablename__ = "festival_targets"
    merchant_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    cents: Mapped[int] = mapped_column(BigInteger)
    set_at: Mapped[datetime] = mapped_column(Instant)


class Coupon(WorldBase):
    """A buyer's threshold-off coupon, and the order it was used on last; the platform pays `off_cents`."""

    __tablename__ = "festival_coupons"
    buyer_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    taken_at: Mapped[datetime] = mapped_column(Instant)
    order_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    merchant_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    off_cents: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
