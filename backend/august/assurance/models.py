"""When a store has the Easy Return service, what it insured, and which deliveries are guaranteed."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

POLICY_STATES = ("uninsured", "insured", "returned", "over")
DELIVERY_STATES = ("running", "kept", "late", "void")


class EasyReturnPeriod(WorldBase):
    """A stretch of time in which a played store has the service; without an end it is active."""

    __tablename__ = "easy_return_periods"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Policy(WorldBase):
    """What became of an RTS order of a played store at its full shipment; money is US cents (F4)."""

    __tablename__ = "easy_return_policies"
    order_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    buyer_id: Mapped[int] = mapped_column(BigInteger)
    shipped_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(12))
    # Why it is not insured, or why it pays what it pays: a code of rules.REASONS.
    reason: Mapped[str] = mapped_column(String(16))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    base_cents: Mapped[int] = mapped_column(BigInteger)
    premium_cents: Mapped[int] = mapped_column(BigInteger)
    # What was left of the quota just before.
    quota_left: Mapped[int] = mapped_column(Integer)
    # Until when the goods can be returned: from the receipt on.
    until: Mapped[datetime | None] = mapped_column(Instant)
    # When time next does something about it: the buyer returns the goods, or the days are over.
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    refund_cents: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint(one_of("state", POLICY_STATES), name="state"),
        Index(None, "merchant_id", "shipped_at"),
        Index(None, "state"),
    )


class DeliveryGuarantee(WorldBase):
    """A guaranteed order of a played store from its full shipment on; money is US cents (F1-delivery)."""

    __tablename__ = "delivery_guarantees"
    order_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    buyer_id: Mapped[int] = mapped_column(BigInteger)
    # The last second in time.
    until: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8))
    arrived_at: Mapped[datetime | None] = mapped_column(Instant)
    late_seconds: Mapped[int] = mapped_column(BigInteger)
    cents: Mapped[int] = mapped_column(BigInteger)
    # nobody, carrier or seller
    payer: Mapped[str] = mapped_column(String(8))
    __table_args__ = (
        CheckConstraint(one_of("state", DELIVERY_STATES), name="state"),
        Index(None, "merchant_id", "until"),
        Index(None, "state"),
    )


class ShipmentMark(WorldBase):
    """The last shipment that was looked at: its single row is the place to go on from."""

    __tablename__ = "assurance_marks"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    shipment_id: Mapped[int] = mapped_column(BigInteger)
