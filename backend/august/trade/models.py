"""Orders, booked receipts and shipments."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

CHANNELS = ("ta", "e_collection")
EXPORT_MODES = ("onetouch", "market", "self", "easy")
SPECIALS = ("none", "TALC", "TAPLC", "TAOLC")
TERMS = ("full", "before_shipment", "oa")
STATES = (
    "asked", "drafted", "confirmed", "producing", "balance_due", "part_shipped", "shipped", "arrived",
    "received", "completed", "cancelled",
)  # fmt: skip


class Order(WorldBase):
    """A deal over one product; money is US cents. Each `_at` is the instant a step was taken."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    buyer_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int] = mapped_column(BigInteger)
    inquiry_id: Mapped[int | None] = mapped_column(BigInteger)
    # rts or customization, as the product was when it was ordered.
    kind: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(2))
    quantity: Mapped[int] = mapped_column(Integer)
    shipped_quantity: Mapped[int] = mapped_column(Integer)
    unit_cents: Mapped[int] = mapped_column(BigInteger)
    goods_cents: Mapped[int] = mapped_column(BigInteger)
    freight_cents: Mapped[int] = mapped_column(BigInteger)
    total_cents: Mapped[int] = mapped_column(BigInteger)
    # What is paid first; the rest is due before shipment or, with OA terms, `oa_days` after it.
    first_cents: Mapped[int] = mapped_column(BigInteger)
    paid_cents: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str] = mapped_column(String(12))
    export_mode: Mapped[str] = mapped_column(String(10))
    special: Mapped[str] = mapped_column(String(8))
    terms: Mapped[str] = mapped_column(String(16))
    oa_days: Mapped[int | None] = mapped_column(Integer)
    lead_days: Mapped[int] = mapped_column(Integer)
    # A line of lines.yaml, and the day it promises.
    line: Mapped[str | None] = mapped_column(String(40))
    promised_days: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    # The instant the present state began, or began anew when a refund request was settled.
    since: Mapped[datetime] = mapped_column(Instant)
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    paid_at: Mapped[datetime | None] = mapped_column(Instant)
    # When the goods must have left: the lead time from the first payment on, and the time spent waiting
    # for the rest.
    ship_by: Mapped[datetime | None] = mapped_column(Instant)
    balance_at: Mapped[datetime | None] = mapped_column(Instant)
    shipped_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    # Why it was cancelled: lapsed, unpaid, declined, buyer, seller, refunded.
    close_why: Mapped[str | None] = mapped_column(String(20))
    # Whether an unsettled refund request stands against it.
    disputed: Mapped[bool] = mapped_column(Boolean)
    # How many refund requests there have been.
    disputes: Mapped[int] = mapped_column(Integer)
    luck: Mapped[int] = mapped_column(BigInteger)
    # As in opportunities.models.Inquiry.
    due: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        CheckConstraint(one_of("export_mode", EXPORT_MODES), name="export_mode"),
        CheckConstraint(one_of("special", SPECIALS), name="special"),
        CheckConstraint(one_of("terms", TERMS), name="terms"),
        Index(None, "merchant_id", "drafted_at"),
        Index(None, "buyer_id"),
        Index(None, "paid_at"),
        Index(None, "due"),
    )


class Receipt(WorldBase):
    """A payment booked to an order; a cancelled booking stays, with the instant it was cancelled."""

    __tablename__ = "receipts"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(BigInteger, index=True)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    # first or final
    kind: Mapped[str] = mapped_column(String(8))
    cents: Mapped[int] = mapped_column(BigInteger)
    booked_at: Mapped[datetime] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint(one_of("kind", ("first", "final")), name="kind"),
        Index(None, "merchant_id", "booked_at"),
    )


class Shipment(WorldBase):
    """Goods on their way: each `_at` is a tracking event."""

    __tablename__ = "shipments"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(BigInteger, index=True)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    quantity: Mapped[int] = mapped_column(Integer)
    line: Mapped[str] = mapped_column(String(40))
    tracking: Mapped[str] = mapped_column(String(40))
    shipped_at: Mapped[datetime] = mapped_column(Instant)
    departed_at: Mapped[datetime | None] = mapped_column(Instant)
    cleared_at: Mapped[datetime | None] = mapped_column(Instant)
    arrived_at: Mapped[datetime | None] = mapped_column(Instant)
    due: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (Index(None, "due"),)


class OrderView(WorldBase):
    """A filter of the order table that a store keeps under a name."""

    __tablename__ = "order_views"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("merchant_id", "name"),)
