"""Exposures and visits, one packed row for each market tick."""

from datetime import datetime

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Instant, Numbers, Vector
from august.kernel.tables import WorldBase

# How a buyer came to a product, by its number in `visit_source`.
SOURCES = ("search", "recommendation", "store", "platform_prospect")


class TrafficTick(WorldBase):
    """What buyers saw in one tick [start, end): columns of whole numbers, an entry a product or visit.

    `seen_product[i]` was shown `seen_count[i]` times; visit i was `visit_buyer[i]` on `visit_product[i]`
    at `start + visit_second[i]`, by `SOURCES[visit_source[i]]`. Visits are in order of their instants.
    """

    __tablename__ = "traffic_ticks"
    start: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    end: Mapped[datetime] = mapped_column(Instant)
    visits: Mapped[int] = mapped_column(Integer)
    seen_product: Mapped[Vector] = mapped_column(Numbers("i4"))
    seen_count: Mapped[Vector] = mapped_column(Numbers("i4"))
    visit_buyer: Mapped[Vector] = mapped_column(Numbers("i4"))
    visit_product: Mapped[Vector] = mapped_column(Numbers("i4"))
    visit_second: Mapped[Vector] = mapped_column(Numbers("i4"))
    visit_source: Mapped[Vector] = mapped_column(Numbers("i1"))
