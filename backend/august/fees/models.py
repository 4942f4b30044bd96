"""The ledger of a played store's receipts, the fees it was charged, its One-Touch packages."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

# Of a receipt: booked, cancelled. Of the benefit that its order got by it: locked, settled, lost.
KINDS = ("booked", "cancelled", "locked", "settled", "lost")
LABELS = ("threshold", "discount", "none")
FEES = ("transaction", "funds", "onetouch", "oa")


class FeeEntry(WorldBase):
    """A line of the ledger, never changed: what happened to a receipt or to the benefit it locked (F2)."""

    __tablename__ = "fee_entries"
    # Entries count in the order of their numbers; an instant may lie a little before that of the one before.
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    order_id: Mapped[int] = mapped_column(BigInteger, index=True)
    receipt_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(10))
    # What it moved the total by; of a benefit, what it saves, saved, or would have saved.
    cents: Mapped[int] = mapped_column(BigInteger)
    before_cents: Mapped[int] = mapped_column(BigInteger)
    after_cents: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(10))
    # Why the receipt left its order this label; of a lost benefit, why it was lost.
    reason: Mapped[str] = mapped_column(String(16))
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("label", LABELS), name="label"),
        UniqueConstraint("kind", "receipt_id"),
        Index(None, "merchant_id", "kind", "receipt_id"),
    )


class FeeCharge(WorldBase):
    """A fee of an order as it was settled (F2.8, F3): what it was, what a benefit saved, what was paid."""

    __tablename__ = "fee_charges"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    order_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Instant)
    base_cents: Mapped[int] = mapped_column(BigInteger)
    saved_cents: Mapped[int] = mapped_column(BigInteger)
    charged_cents: Mapped[int] = mapped_column(BigInteger)
    # The benefit that saved something: service_fee, package, oa_waiver.
    why: Mapped[str | None] = mapped_column(String(12))
    __table_args__ = (
        CheckConstraint(one_of("kind", FEES), name="kind"),
        UniqueConstraint("order_id", "kind"),
        Index(None, "merchant_id", "at"),
    )


class FeePackage(WorldBase):
    """A One-Touch 3N-year package that a store bought; it runs in [bought_at, until) (F2-package)."""

    __tablename__ = "fee_packages"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    bought_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    price_fen: Mapped[int] = mapped_column(BigInteger)
