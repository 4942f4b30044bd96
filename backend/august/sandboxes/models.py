"""Tables of the control database."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from august.kernel.columns import Id, Instant, Json
from august.kernel.tables import NAMING


class ControlBase(DeclarativeBase):
    """Base of all tables outside worlds."""

    metadata = MetaData(naming_convention=NAMING)


class Account(ControlBase):
    """A person who may own sandboxes; a guest has neither address nor password (R8)."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(200))
    created: Mapped[datetime] = mapped_column(Instant)


class WebSession(ControlBase):
    """A signed-in browser, known only by the hash of its token."""

    __tablename__ = "sessions"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime] = mapped_column(Instant)
    expires: Mapped[datetime] = mapped_column(Instant)


class Sandbox(ControlBase):
    """One trainee's world: who owns it, what it was made from (R1)."""

    __tablename__ = "sandboxes"
    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    world_file: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    created: Mapped[datetime] = mapped_column(Instant)
    last_used: Mapped[datetime] = mapped_column(Instant)
    # The form that made it: sent twice, it makes one.
    once: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)

    @property
    def world_id(self) -> str:
        """The name of its world's namespace."""
        return f"w_{self.id}"


class Checkpoint(ControlBase):
    """A copy of a world at an instant; `at` is simulated time, `created` is real."""

    __tablename__ = "checkpoints"
    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    sandbox_id: Mapped[str] = mapped_column(ForeignKey("sandboxes.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(80))
    automatic: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(Instant)
    created: Mapped[datetime] = mapped_column(Instant)
    once: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    __table_args__ = (Index(None, "sandbox_id", "number", unique=True),)

    @property
    def world_id(self) -> str:
        """The name of the copy's namespace."""
        return f"c_{self.id}"


class ApiToken(ControlBase):
    """A bearer token for one sandbox, known only by its hash."""

    __tablename__ = "api_tokens"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    sandbox_id: Mapped[str] = mapped_column(ForeignKey("sandboxes.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime] = mapped_column(Instant)


class LoginLink(ControlBase):
    """An address that signs a browser in, for as long as it lasts."""

    __tablename__ = "login_links"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    sandbox_id: Mapped[str] = mapped_column(ForeignKey("sandboxes.id", ondelete="CASCADE"), index=True)
    expires: Mapped[datetime] = mapped_column(Instant)


class Attempt(ControlBase):
    """A failed sign-in, counted by the hash of the address and of the place it came from."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index(None, "who", "at"),)


class Jump(ControlBase):
    """A jump of a sandbox's clock: state is running, done, stopped or failed (R2)."""

    __tablename__ = "jumps"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sandbox_id: Mapped[str] = mapped_column(ForeignKey("sandboxes.id", ondelete="CASCADE"), index=True)
    start: Mapped[datetime] = mapped_column(Instant)
    target: Mapped[datetime] = mapped_column(Instant)
    now: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8))
    stop_requested: Mapped[bool] = mapped_column(Boolean)
    jobs_total: Mapped[int] = mapped_column(Integer)
    jobs_done: Mapped[int] = mapped_column(Integer)
    # What happened: message ids with their values, so that both languages can be made from it.
    digest: Mapped[Any] = mapped_column(Json, nullable=True)
    problem: Mapped[str | None] = mapped_column(String(200))
    checkpoint_id: Mapped[str | None] = mapped_column(String(10))
    created: Mapped[datetime] = mapped_column(Instant)
    finished: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def percent(self) -> int:
        """How much of the way is done, 0 to 100."""
        whole = (self.target - self.start).total_seconds()
        return 100 if whole <= 0 else int((self.now - self.start).total_seconds() * 100 // whole)


class Play(ControlBase):
    """A clock that runs by itself: at real `since` it stood at `world_since` (R2)."""

    __tablename__ = "plays"
    sandbox_id: Mapped[str] = mapped_column(ForeignKey("sandboxes.id", ondelete="CASCADE"), primary_key=True)
    seconds_per_day: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(Instant)
    world_since: Mapped[datetime] = mapped_column(Instant)
