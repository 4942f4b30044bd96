"""LC financings with their states, and what buyers pay later."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

LC_STATES = (
    "applied", "approved", "presented", "accepted", "drawn", "overdue", "repaid", "withdrawn", "ended",
)  # fmt: skip
LATER_STATES = ("running", "paid", "ended")


class LcFinancing(WorldBase):
    """Financing of the rest of a letter-of-credit order after presentation; money is US cents (F5)."""

    __tablename__ = "lc_financings"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    order_id: Mapped[int] = mapped_column(BigInteger, index=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    # When the present state began.
    since: Mapped[datetime] = mapped_column(Instant)
    # When it ends by itself.
    deadline: Mapped[datetime | None] = mapped_column(Instant)
    applied_at: Mapped[datetime] = mapped_column(Instant)
    presented_at: Mapped[datetime | None] = mapped_column(Instant)
    drawn_at: Mapped[datetime | None] = mapped_column(Instant)
    matures_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    # The unpaid rest at the application, what was drawn of it, and the fee before and after the best offer.
    rest_cents: Mapped[int] = mapped_column(BigInteger)
    drawn_cents: Mapped[int] = mapped_column(BigInteger)
    base_fee_cents: Mapped[int] = mapped_column(BigInteger)
    fee_cents: Mapped[int] = mapped_column(BigInteger)
    # The offer that made the fee: festival, membership, or none.
    offer: Mapped[str | None] = mapped_column(String(12))
    __table_args__ = (CheckConstraint(one_of("state", LC_STATES), name="state"),)


class PayLater(WorldBase):
    """An order that its buyer pays in instalments while the seller has everything; money is US cents."""

    __tablename__ = "pay_later"
    order_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    buyer_id: Mapped[int] = mapped_column(BigInteger, index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8), index=True)
    # What the seller got, and what of it the platform bears.
    total_cents: Mapped[int] = mapped_column(BigInteger)
    off_cents: Mapped[int] = mapped_column(BigInteger)
    # What was refunded so far, and where that went beside the open instalments.
    refunded_cents: Mapped[int] = mapped_column(BigInteger)
    back_buyer_cents: Mapped[int] = mapped_column(BigInteger)
    back_platform_cents: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint(one_of("state", LATER_STATES), name="state"),)


class InstalmentRow(WorldBase):
    """A part of what is paid later; `cents` is what refunds have left of it."""

    __tablename__ = "instalments"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(BigInteger, index=True)
    number: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(Instant)
    cents: Mapped[int] = mapped_column(BigInteger)
    paid_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index(None, "paid_at", "due_at"),)
