"""Stores and buyers."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant, Json
from august.kernel.tables import WorldBase

REGIONS = ("mainland", "hk", "macao", "tw", "ggs")
MEMBERSHIPS = ("cgs", "qqb", "verified")
POLICIES = ("diligent", "average", "careless", "none")
# What a store does day by day, and may leave to its autopilot (K3).
CHORES = ("reply", "ship", "invite", "disputes", "restock")
TIERS = ("visitor", "L0", "L1", "L2", "L3", "L4")


def one_of(column: str, options: tuple[str, ...]) -> str:
    """The SQL that lets a text column hold only the options."""
    return f"{column} IN ({', '.join(repr(option) for option in options)})"


class Merchant(WorldBase):
    """A store; the one that is played has no policy, the rivals' seats are their policies."""

    __tablename__ = "merchants"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_zh: Mapped[str] = mapped_column(String(120), unique=True)
    name_en: Mapped[str] = mapped_column(String(120), unique=True)
    region: Mapped[str] = mapped_column(String(16))
    membership: Mapped[str] = mapped_column(String(16))
    member_until: Mapped[datetime] = mapped_column(Instant)
    # First-level industry, a code of categories.yaml; the main one of 00-world is counted, not stored.
    industry: Mapped[str] = mapped_column(String(40))
    is_player: Mapped[bool] = mapped_column(Boolean)
    policy: Mapped[str] = mapped_column(String(16))
    __table_args__ = (
        CheckConstraint(one_of("region", REGIONS), name="region"),
        CheckConstraint(one_of("membership", MEMBERSHIPS), name="membership"),
        CheckConstraint(one_of("policy", POLICIES), name="policy"),
    )


class Buyer(WorldBase):
    """Somebody who looks, asks and buys."""

    __tablename__ = "buyers"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(80))
    company: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    tier: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(16))
    # {industry code: share}, the shares adding up to 100.
    preferences: Mapped[Any] = mapped_column(Json)
    # Both are numbers in [0, 1] of the market model, never money.
    price_sensitivity: Mapped[float] = mapped_column(Float)
    activity: Mapped[float] = mapped_column(Float)
    yearly_purchases_cents: Mapped[int] = mapped_column(BigInteger)
    # When the platform closes the account by a penalty; from then on the buyer looks at nothing.
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint(one_of("tier", TIERS), name="tier"),
        Index(None, "country"),
        Index(None, "tier"),
    )


class Staff(WorldBase):
    """A sub-account of a store; rights and quotas count per store, whoever acts."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))


class Autopilot(WorldBase):
    """A chore that the store's autopilot does at a policy, for players who watch one thing only (K3)."""

    __tablename__ = "autopilots"
    merchant_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    chore: Mapped[str] = mapped_column(String(16), primary_key=True)
    policy: Mapped[str] = mapped_column(String(16))
