"""A careless, an average and a diligent month of the same seed."""

from dataclasses import dataclass

import pytest
from sqlalchemy import case, func, select

from august.integrity.models import Dispute
from august.kernel.context import SYSTEM
from august.kernel.world import World
from august.reviews.models import Review
from august.trade.models import Order, Receipt
from tests.market.conftest import PLAYER, Shelf, days, now_of

MONTH = 31
SEEDS = range(1, 11)
LEAST = 9


@dataclass(frozen=True)
class Month:
    """What a store made of it."""

    gmv: int
    rating: float
    on_time: float
    disputes: float


def lived(world: World) -> Month:
    born = now_of(world)
    days(world, MONTH)
    with world.reading(SYSTEM) as ctx:
        gmv = select(func.sum(Receipt.cents)).where(Receipt.merchant_id == PLAYER, Receipt.booked_at > born)
        stars = func.avg(Review.quality + Review.service + Review.shipment)
        rating = select(stars).where(Review.merchant_id == PLAYER, Review.at > born)
        punctual = case((Order.shipped_at <= Order.ship_by, 1.0), else_=0.0)
        on_time = select(func.avg(punctual)).where(Order.merchant_id == PLAYER, Order.shipped_at > born)
        paid = select(func.count()).where(Order.merchant_id == PLAYER, Order.paid_at > born)
        opened = select(func.count()).where(Dispute.merchant_id == PLAYER, Dispute.opened_at > born)
        numbers = [ctx.session.execute(one).scalar_one() for one in (gmv, rating, on_time, paid, opened)]
    return Month(numbers[0], float(numbers[1]), numbers[2], numbers[4] / numbers[3])


@pytest.mark.timeout(600)
def test_neglect_has_its_price_and_diligence_pays(wardrobe: Shelf) -> None:
    held = dict.fromkeys(("gmv", "rating", "on_time", "disputes"), 0)
    for seed in SEEDS:
        careless, average, diligent = (
            lived(wardrobe.world(seed, pilot)) for pilot in ("careless", "average", "diligent")
        )
        held["gmv"] += careless.gmv < average.gmv < diligent.gmv
        held["rating"] += careless.rating < average.rating < diligent.rating
        held["on_time"] += careless.on_time < average.on_time < diligent.on_time
        held["disputes"] += careless.disputes > average.disputes >= diligent.disputes
    assert {name for name, count in held.items() if count >= LEAST} == set(held), held
