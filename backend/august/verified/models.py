"""What a store had verified, and the engineering cases it shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant, Json
from august.kernel.tables import WorldBase
from august.merchants.models import one_of
from august.verified.rules import KINDS, STATES


class Proof(WorldBase):
    """An application to have a strength verified, with what came of it."""

    __tablename__ = "proofs"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(12))
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    # The Pacific midnight at which the review ends.
    due_at: Mapped[datetime] = mapped_column(Instant, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    # What was stated, by the names of rule S3-review; money in US cents, days as ISO texts, None: left out.
    details: Mapped[Any] = mapped_column(Json)
    # [{hash, name, size, kind}]; the files lie in the store beside the databases (ADR 4).
    files: Mapped[Any] = mapped_column(Json)
    # What the review found: [{name, passed, have}], empty until then.
    findings: Mapped[Any] = mapped_column(Json)
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint(one_of("state", STATES), name="state"),
        Index(None, "merchant_id", "kind"),
    )


class EngineeringCase(WorldBase):
    """A project the store has carried out; it counts once the store's engineering capability is verified."""

    __tablename__ = "engineering_cases"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger, index=True)
    title: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))
    # The month in which it was finished, such as 2022-05.
    finished_on: Mapped[str] = mapped_column(String(7))
    value_cents: Mapped[int | None] = mapped_column(BigInteger)
    description: Mapped[str] = mapped_column(Text)
    files: Mapped[Any] = mapped_column(Json)
    added_at: Mapped[datetime] = mapped_column(Instant)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
