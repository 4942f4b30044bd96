"""Two hundred hands reach at once for the last coupon and the last piece of a quota."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from august.festival import quotas
from august.festival.models import QuotaClaim
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.world import World
from august.logistics.models import LogisticsOrder
from tests.logistics.conftest import (
    CHARTER,
    PARCEL,
    PLAYER,
    USABLE,
    at,
    give_coupons,
    place,
    run,
    states,
    take_quota,
)

HANDS = 200
THREADS = 16


def tried(world: World, command: str, payloads: list[dict[str, Any]]) -> list[dict[str, Any] | str]:
    """What each of many hands got: a result, or the code of a refusal."""

    def one(payload: dict[str, Any]) -> dict[str, Any] | str:
        try:
            return run(world, command, **payload)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(THREADS) as hands:
        return list(hands.map(one, payloads))


def test_the_last_coupons_are_locked_once_each(world: World) -> None:
    at(world, USABLE.start + timedelta(days=2))
    found = give_coupons(world, 3)
    asked = {"line": CHARTER, "country": "US", "parcel": PARCEL, "benefit": "coupon"}
    got = tried(world, "place", [asked] * HANDS)
    used = [each["coupon"] for each in got if isinstance(each, dict)]
    assert sorted(used) == found
    assert {each for each in got if isinstance(each, str)} == {"coupon.not_here"}
    assert set(states(world).values()) == {"locked"}


def test_one_order_is_paid_once(world: World) -> None:
    at(world, USABLE.start + timedelta(days=2))
    (coupon,) = give_coupons(world)
    number = place(world)
    got = tried(world, "pay", [{"logistics_order": number}] * HANDS)
    assert sum(isinstance(each, dict) for each in got) == 1
    assert states(world) == {coupon: "redeemed"}


@pytest.mark.parametrize("left", [7])
def test_what_is_left_of_a_quota_is_handed_out_exactly(world: World, left: int) -> None:
    with world.reading(PLAYER) as ctx:
        free = quotas.standing(ctx, "fcl_us_west").left
    take_quota(world, "fcl_us_west", free - left)
    numbers = [place(world, grams=15_000) for _ in range(40)]
    with world.reading(PLAYER) as ctx:
        charter = quotas.standing(ctx, "charter").left
    take_quota(world, "charter", charter - left)
    got = tried(world, "pay", [{"logistics_order": numbers[i % 40]} for i in range(HANDS)])
    assert sum(isinstance(each, dict) and each["offer"] == "charter" for each in got) == left
    booking = {"sailing": "dw_us_west-4", "port": "los_angeles", "container": "20GP"}
    got = tried(world, "book", [booking] * HANDS)
    assert sum(isinstance(each, dict) and each["offer"] == "fcl_us_west" for each in got) == min(left, 2)
    with world.reading(SYSTEM) as ctx:
        mine = QuotaClaim.merchant_id == 1, QuotaClaim.returned_at.is_(None)
        claimed = dict(
            ctx.session.execute(
                select(QuotaClaim.code, func.count()).where(*mine).group_by(QuotaClaim.code)
            ).all()
        )
        reduced = dict(
            ctx.session.execute(
                select(LogisticsOrder.offer, func.count())
                .where(LogisticsOrder.state.in_(("placed", "paid")), LogisticsOrder.paid_at.is_not(None))
                .group_by(LogisticsOrder.offer)
            ).all()
        )
    assert claimed == {"charter": left, "fcl_us_west": min(left, 2)}
    assert reduced["charter"] == left
