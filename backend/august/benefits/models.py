"""Benefits as issued; every one ever issued stays as a record."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.clock import SECOND
from august.kernel.columns import Id, Instant
from august.kernel.tables import WorldBase
from august.merchants.models import one_of

# To be claimed, claimed with uses left, used up, in force without claim or use, over, taken back.
STATES = ("issued", "claimed", "used_up", "active", "expired", "revoked")


class Grant(WorldBase):
    """A benefit that a store got by one publication of its evaluated star (S7)."""

    __tablename__ = "benefit_grants"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(24))
    # The PT month that was evaluated, and the star it came to.
    month: Mapped[str] = mapped_column(String(7))
    star: Mapped[int] = mapped_column(Integer)
    # None where nothing is counted.
    quantity: Mapped[int | None] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    # [valid_from, valid_until): while it is issued, the time to claim it.
    valid_from: Mapped[datetime] = mapped_column(Instant)
    valid_until: Mapped[datetime] = mapped_column(Instant)
    # When it was used up, expired or taken back.
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="state"),
        UniqueConstraint("merchant_id", "code", "month"),
        Index(None, "state", "valid_until"),
        Index(None, "code", "month"),
    )

    @property
    def last(self) -> datetime:
        """The last second inside, the way the platform writes an end (T3)."""
        return self.valid_until - SECOND
