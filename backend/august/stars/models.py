"""Star levels as issued: the monthly evaluations of all stores, the daily predictions of the played one."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant, Numbers, Vector
from august.kernel.tables import WorldBase


class Evaluation(WorldBase):
    """A store's evaluated star (评定星等级) of one month, kept as issued with the numbers it was made from.

    It is made at the month's end and counts from its publication until the next one's.
    """

    __tablename__ = "star_evaluations"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    # The PT month whose end is the cut, such as 2022-08.
    month: Mapped[str] = mapped_column(String(7))
    # The version of rule S2 in force at the cut.
    version: Mapped[str] = mapped_column(String(8))
    cut_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    star: Mapped[int] = mapped_column(Integer)
    # custom or rts: the track whose star it is.
    track: Mapped[str] = mapped_column(String(8))
    # Hundredths of points of the four abilities of both tracks, in the order of stars.rules.ABILITIES.
    abilities: Mapped[Vector] = mapped_column(Numbers("i4"))
    # What was measured, in the order of stars.rules.INPUTS.
    inputs: Mapped[Vector] = mapped_column(Numbers("i8"))
    __table_args__ = (
        UniqueConstraint("merchant_id", "month"),
        Index(None, "published_at"),
    )


class Prediction(WorldBase):
    """The played store's predicted star (预测星等级) of a PT day, from data up to the day before."""

    __tablename__ = "star_predictions"
    merchant_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    # The PT midnight at which it was made.
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    version: Mapped[str] = mapped_column(String(8))
    star: Mapped[int] = mapped_column(Integer)
    track: Mapped[str] = mapped_column(String(8))
    abilities: Mapped[Vector] = mapped_column(Numbers("i4"))
    inputs: Mapped[Vector] = mapped_column(Numbers("i8"))
