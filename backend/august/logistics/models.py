"""Logistics orders and freight coupons; money is minor units of the order's currency: fen or US cents."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.clock import SECOND
from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

KINDS = ("parcel", "fcl")
STATES = ("placed", "paid", "picked_up", "departed", "delivered", "cancelled")
COUPON_STATES = ("issued", "locked", "redeemed", "returned", "expired", "void")
# What was chosen to take something off: a platform reduction, a coupon, nothing.
BENEFITS = ("offer", "coupon", "none")


class LogisticsOrder(WorldBase):
    """Freight that a store orders from the platform, for goods of an order of a buyer or for others."""

    __tablename__ = "logistics_orders"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(8))
    # A line or a service of freight.yaml; of a container also sailing, port and container.
    line: Mapped[str] = mapped_column(String(40))
    sailing: Mapped[str | None] = mapped_column(String(60))
    port: Mapped[str | None] = mapped_column(String(24))
    container: Mapped[str | None] = mapped_column(String(8))
    country: Mapped[str] = mapped_column(String(2))
    cargo: Mapped[str] = mapped_column(String(12))
    # The buyer's order whose goods these are, how many of its pieces, and their shipment once handed over.
    order_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    quantity: Mapped[int | None] = mapped_column(Integer)
    shipment_id: Mapped[int | None] = mapped_column(BigInteger)
    # Packages, and grams and cubic millimetres of all of them.
    pieces: Mapped[int] = mapped_column(Integer)
    weight_g: Mapped[int] = mapped_column(BigInteger)
    volume_mm3: Mapped[int] = mapped_column(BigInteger)
    charged_g: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    base: Mapped[int] = mapped_column(BigInteger)
    discount: Mapped[int] = mapped_column(BigInteger)
    pay: Mapped[int] = mapped_column(BigInteger)
    benefit: Mapped[str] = mapped_column(String(8))
    # The reduction that took the discount: multimodal, charter, small_parcel, fcl_us_west or coupon.
    offer: Mapped[str | None] = mapped_column(String(16))
    coupon_id: Mapped[int | None] = mapped_column(BigInteger)
    # A benefit that was taken back afterwards, and why: departed_late, penalty.
    lost: Mapped[int] = mapped_column(BigInteger)
    lost_why: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    placed_at: Mapped[datetime] = mapped_column(Instant)
    # Unpaid by then it lapses.
    pay_by: Mapped[datetime] = mapped_column(Instant)
    paid_at: Mapped[datetime | None] = mapped_column(Instant)
    picked_up_at: Mapped[datetime | None] = mapped_column(Instant)
    departed_at: Mapped[datetime | None] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    # seller or unpaid
    cancel_why: Mapped[str | None] = mapped_column(String(12))
    tracking: Mapped[str] = mapped_column(String(40))
    # The second of its next step; None when nothing happens by itself.
    due: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("benefit", BENEFITS), name="benefit"),
        Index(None, "merchant_id", "state"),
        Index(None, "merchant_id", "placed_at"),
        Index(None, "due"),
    )


class Coupon(WorldBase):
    """A freight coupon of a store (F6); its whole life stays on record."""

    __tablename__ = "freight_coupons"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    fen: Mapped[int] = mapped_column(BigInteger)
    least_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    # [valid_from, valid_until)
    valid_from: Mapped[datetime] = mapped_column(Instant)
    valid_until: Mapped[datetime] = mapped_column(Instant)
    # The logistics order that holds or used it last.
    logistics_order_id: Mapped[int | None] = mapped_column(BigInteger)
    # When the present state began.
    since: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint(one_of("state", COUPON_STATES), name="state"),
        Index(None, "merchant_id", "state"),
    )

    @property
    def last(self) -> datetime:
        """The last second inside, the way the platform writes an end (T3)."""
        return self.valid_until - SECOND
