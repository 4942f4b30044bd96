"""Whatever a store does in whatever order: no coupon is used twice, none is lost without a record."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from august.festival.models import QuotaClaim
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.tables import Event
from august.kernel.world import World, Worlds
from august.logistics.coupons import MOVES
from august.logistics.models import Coupon, LogisticsOrder
from tests.logistics.conftest import CHARTER, PARCEL, USABLE, at, give_coupons, happen, run
from tests.tools.bare import bare

NAMES = count(1)
LIVE = {"issued", "returned", "locked"}
DEEDS = st.tuples(
    st.sampled_from(["place", "place_big", "pay", "cancel", "wait", "wait_long", "night"]), st.integers(0, 7)
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    folder: Path = tmp_path_factory.mktemp("worlds")
    return bare(folder)


def do(world: World, deed: str, which: int, start: datetime, clock: list[timedelta]) -> None:
    """One deed; a refusal is an answer too."""
    try:
        if deed.startswith("place"):
            grams = 20_000 if deed == "place_big" else 10_000
            more = {"coupon": which} if which in {1, 2} else {}
            parcel = {**PARCEL, "weight_g": grams}
            run(world, "place", line=CHARTER, country="US", parcel=parcel, **more)
        elif deed in {"pay", "cancel"}:
            run(world, deed, logistics_order=which)
        elif deed == "night":
            names = ["progress"]
            if start + clock[0] >= USABLE.end:
                names.append("coupons_expire")
            happen(world, start + clock[0], *names)
        else:
            clock[0] += timedelta(days=which + 1 if deed == "wait_long" else 0, hours=which + 1)
            at(world, start + clock[0])
    except Refusal:
        pass


def check(world: World) -> None:
    """Coupons, orders and the timeline agree."""
    with world.reading(SYSTEM) as ctx:
        coupons = {each.id: each for each in ctx.session.scalars(select(Coupon))}
        orders = ctx.session.scalars(select(LogisticsOrder)).all()
        events = ctx.session.execute(
            select(Event.object_id, Event.kind).where(Event.object_kind == "coupon").order_by(Event.id)
        ).all()
        claims = Counter(ctx.session.scalars(select(QuotaClaim.code).where(QuotaClaim.returned_at.is_(None))))
    told: dict[int, list[str]] = {}
    for number, kind in events:
        told.setdefault(number, []).append(kind.removeprefix("logistics.coupon_"))
    for number, coupon in coupons.items():
        path = told[number]
        assert path[0] == "issued"
        assert path[-1] == coupon.state
        assert all(before in MOVES[after] for before, after in pairwise(path))
        holders = [
            each
            for each in orders
            if each.coupon_id == number and each.state != "cancelled" and each.discount > 0
        ]
        assert len(holders) <= 1
        if coupon.state in {"locked", "redeemed"}:
            assert [each.id for each in holders] == [coupon.logistics_order_id]
        if coupon.state == "returned":
            assert holders == []
    reduced = Counter(
        each.offer
        for each in orders
        if each.offer == "charter" and each.paid_at and each.state != "cancelled"
    )
    assert claims == reduced
    for each in orders:
        assert each.pay == each.base - each.discount >= 1
        if each.discount and each.state not in {"placed", "cancelled"} and each.offer == "coupon":
            assert coupons[each.coupon_id or 0].state == "redeemed"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(DEEDS, min_size=4, max_size=22),
    # While the charter is reduced too, and while coupons end.
    start=st.sampled_from([USABLE.start, USABLE.end - timedelta(days=8)]),
)
def test_coupons_are_never_used_twice_nor_lost(
    shelf: Worlds, deeds: list[tuple[str, int]], start: datetime
) -> None:
    world = shelf.create(f"s{next(NAMES)}", "t", seed=3)
    at(world, start)
    give_coupons(world, 3)
    clock = [timedelta(0)]
    for deed, which in deeds:
        do(world, deed, which, start, clock)
    check(world)
    shelf.drop(world.id)
