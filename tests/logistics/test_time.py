"""What time does: freight on its way, five shipments, coupons, rivals, containers that leave too late."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from august.catalog import carriers
from august.features import house
from august.festival import quotas
from august.festival.models import QuotaClaim
from august.kernel.clock import beijing, pacific, parse_instant
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM
from august.kernel.jobs import advance
from august.kernel.luck import Luck
from august.kernel.tables import Event
from august.kernel.world import World
from august.logistics import jobs, sailings
from august.logistics.models import LogisticsOrder
from august.logistics.position import express_shipped
from august.trade.models import Shipment
from tests.logistics.conftest import (
    CHARTER,
    F6,
    F10,
    PLAYER,
    SECOND,
    SEPTEMBER,
    USABLE,
    at,
    change,
    claims,
    give_coupons,
    happen,
    mail,
    order,
    place,
    run,
    states,
    take_quota,
)
from tests.tools.bare import order as trade_order
from tests.tools.bare import put

SAILINGS = house().rulebook.values("F10-sailings", SEPTEMBER)
STATES = house().rulebook.values("logistics.states", SEPTEMBER)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_paid_order_is_picked_up_departs_and_arrives_at_its_own_seconds(world: World) -> None:
    number = place(world)
    run(world, "pay", logistics_order=number)
    happen(world, SEPTEMBER + 40 * DAY, "progress")
    done = order(world, number)
    assert done.state == "delivered"
    assert done.due is None
    assert done.picked_up_at is not None
    assert done.departed_at is not None
    assert done.delivered_at is not None
    low, high = STATES.pickup_hours
    assert low * HOUR <= done.picked_up_at - SEPTEMBER <= high * HOUR
    low, high = STATES.departs_hours
    assert low * HOUR <= done.departed_at - done.picked_up_at <= high * HOUR
    assert 6 * DAY <= done.delivered_at - done.departed_at <= (9 + STATES.late_days[1]) * DAY
    with world.reading(SYSTEM) as ctx:
        asked = select(Event.kind, Event.at).where(Event.object_kind == "logistics_order")
        facts = dict(ctx.session.execute(asked).all())
    assert facts["logistics.departed"] == done.departed_at


@pytest.mark.parametrize(("late", "state"), [(-SECOND, "placed"), (timedelta(0), "cancelled")])
def test_an_unpaid_order_lapses_and_its_coupon_returns(world: World, late: timedelta, state: str) -> None:
    at(world, USABLE.start + 2 * DAY)
    (coupon,) = give_coupons(world)
    number = place(world)
    happen(world, USABLE.start + (2 + STATES.unpaid_days) * DAY + late, "progress")
    assert order(world, number).state == state
    assert states(world)[coupon] == ("returned" if state == "cancelled" else "locked")
    assert ("not paid in time" in " ".join(mail(world))) is (state == "cancelled")


def test_goods_of_a_buyer_s_order_follow_their_shipment(world: World) -> None:
    put(world, trade_order(id=100_001, country="US"))
    number = place(world, order=100_001)
    run(world, "pay", logistics_order=number)
    happen(world, SEPTEMBER + 9 * DAY, "progress")
    stored = order(world, number)
    assert (stored.state, stored.due) == ("picked_up", None)
    assert stored.shipment_id is not None
    change(world, Shipment, stored.shipment_id, departed_at=SEPTEMBER + DAY)
    happen(world, SEPTEMBER + 10 * DAY, "progress")
    assert (order(world, number).state, order(world, number).departed_at) == ("departed", SEPTEMBER + DAY)
    change(world, Shipment, stored.shipment_id, arrived_at=SEPTEMBER + 8 * DAY)
    happen(world, SEPTEMBER + 11 * DAY, "progress")
    assert (order(world, number).state, order(world, number).delivered_at) == (
        "delivered",
        SEPTEMBER + 8 * DAY,
    )


def shipped(world: World, *instants: Any, line: str = CHARTER) -> None:
    """Orders that are picked up at these instants."""
    for instant in instants:
        number = place(world, line)
        change(world, LogisticsOrder, number, state="paid", paid_at=instant, due=to_epoch(instant))
    happen(world, max(instants), "progress")


@pytest.mark.parametrize("missing", [0, 1])
def test_five_shipments_of_september_take_a_place(world: World, missing: int) -> None:
    shipped(world, *(SEPTEMBER + i * HOUR for i in range(5 - missing)))
    assert claims(world, "express") == 1 - missing
    assert len(mail(world)) == 1 - missing
    shipped(world, SEPTEMBER + 9 * HOUR)
    shipped(world, SEPTEMBER + 10 * HOUR)
    assert claims(world, "express") == 1
    assert len(mail(world)) == 1


@pytest.mark.parametrize(
    ("fifth", "counted"),
    [
        (F6.shipping.window.start - SECOND, 4),
        (F6.shipping.window.start, 5),
        (F6.shipping.window.last_second, 5),
        (F6.shipping.window.end, 4),
    ],
)
def test_shipments_count_from_the_first_to_the_last_second(world: World, fifth: Any, counted: int) -> None:
    shipped(world, *[SEPTEMBER] * 3, line="wuyou_general_premium")
    shipped(world, SEPTEMBER, line="us_matson_premium")
    shipped(world, fifth)
    with world.reading(PLAYER) as ctx:
        assert express_shipped(ctx) == counted
    # The fifth comes when the rest of the platform has taken every place, or it takes one.
    assert claims(world, "express") == (1 if fifth == F6.shipping.window.start else 0)


def test_small_parcels_are_no_express(world: World) -> None:
    for _ in range(5):
        number = place(world, "parcel_general_standard", grams=500)
        change(world, LogisticsOrder, number, state="paid", due=to_epoch(SEPTEMBER))
    happen(world, SEPTEMBER, "progress")
    assert claims(world, "express") == 0


@pytest.mark.parametrize(("history", "earned"), [(9, 1), (10, 0), (11, 0)])
def test_who_shipped_five_a_month_before_earns_nothing(world: World, history: int, earned: int) -> None:
    for number in range(100_001, 100_001 + history):
        row = {
            "order_id": number, "merchant_id": 1, "quantity": 1, "line": "express_standard", "tracking": "X",
            "shipped_at": F6.history.window.start, "due": None,
            "departed_at": None, "cleared_at": None, "arrived_at": None,
        }  # fmt: skip
        put(world, trade_order(id=number, state="completed"), (Shipment, row))
    shipped(world, *[SEPTEMBER] * 5)
    assert claims(world, "express") == earned


@pytest.mark.parametrize(("spare", "earned"), [(0, 0), (1, 1), (2, 1)])
def test_the_last_place_goes_by_the_time_of_the_fifth_shipment(world: World, spare: int, earned: int) -> None:
    with world.reading(PLAYER) as ctx:
        left = quotas.standing(ctx, "express").left
    take_quota(world, "express", left - spare)
    shipped(world, *[SEPTEMBER] * 5)
    assert claims(world, "express") == earned
    assert any("no place is left" in text for text in mail(world)) is (earned == 0)


def test_coupons_are_issued_reminded_of_and_end(world: World) -> None:
    shipped(world, *[SEPTEMBER] * 5)
    dated = {
        job.name: job.trigger.instants
        for job in jobs.jobs(house().rulebook)
        if hasattr(job.trigger, "instants")
    }
    (issued,) = dated["logistics.coupons_issue"]
    assert issued == parse_instant("2022-10-15T00:00:00-07:00")
    happen(world, issued, "coupons_issue")
    assert list(states(world).values()) == ["issued"] * 8
    (reminded,) = dated["logistics.coupons_remind"]
    assert f"{pacific(reminded):%m-%d %H:%M}" == "11-28 00:00"
    happen(world, reminded, "coupons_remind")
    (ended,) = dated["logistics.coupons_expire"]
    assert f"{beijing(ended):%Y-%m-%d %H:%M:%S}" == "2022-12-01 16:00:00"
    happen(world, ended, "coupons_expire")
    assert set(states(world).values()) == {"expired"}
    assert len(mail(world)) == 4


def test_who_took_no_place_gets_no_coupons(world: World) -> None:
    happen(world, F6.issued.window.start, "coupons_issue")
    assert states(world) == {}


def booked(world: World, sailing: str = "dw_us_west-4") -> int:
    number: int = run(world, "book", sailing=sailing, port="los_angeles", container="40HQ")["logistics_order"]
    run(world, "pay", logistics_order=number)
    return number


def test_a_container_is_gated_in_at_the_cut_off_and_sails(world: World) -> None:
    number = booked(world)
    sailing = carriers.standing().sailings["dw_us_west-4"]
    happen(world, sailing.cutoff, "progress")
    assert (order(world, number).state, order(world, number).picked_up_at) == ("picked_up", sailing.cutoff)
    happen(world, sailing.cutoff + 60 * DAY, "progress")
    done = order(world, number)
    with world.reading(SYSTEM) as ctx:
        leaves, _ = sailings.leaves(ctx.luck, sailing, SAILINGS)
    assert (done.state, done.departed_at) == ("delivered", leaves)
    assert done.delivered_at is not None
    assert 17 * DAY <= done.delivered_at - leaves <= 26 * DAY
    assert (done.discount, done.lost) == (10_000, 0)


def test_one_fate_of_a_sailing_for_everybody() -> None:
    fates = [sailings.leaves(Luck(3), each, SAILINGS) for each in carriers.standing().sailings.values()]
    assert fates == [
        sailings.leaves(Luck(3), each, SAILINGS) for each in carriers.standing().sailings.values()
    ]
    late = [
        leaves - each.departs
        for (leaves, _), each in zip(fates, carriers.standing().sailings.values(), strict=True)
    ]
    assert min(late) == timedelta(0)
    assert 0 < sum(skipped for _, skipped in fates) < len(fates) / 3
    assert all(wait >= 7 * DAY for wait, (_, skipped) in zip(late, fates, strict=True) if skipped)


@pytest.mark.parametrize(
    ("departs", "kept"),
    [
        (F10.departed_by.at, True),
        (F10.departed_by.at + SECOND, False),
        (F10.departed_by.at + 30 * DAY, False),
    ],
)
def test_a_container_that_departs_too_late_loses_its_reduction(
    world: World,
    departs: Any,
    kept: bool,  # noqa: FBT001 - a row of the table
) -> None:
    number = booked(world)
    change(world, LogisticsOrder, number, state="picked_up", due=to_epoch(departs))
    happen(world, F10.departed_by.at + SECOND, "progress", "departed_late")
    happen(world, F10.departed_by.at + 31 * DAY, "progress")
    done = order(world, number)
    assert done.departed_at == departs
    expected = (10_000, 488_000, 0, None) if kept else (0, 498_000, 10_000, "departed_late")
    assert (done.discount, done.pay, done.lost, done.lost_why) == expected
    assert len(mail(world)) == (0 if kept else 1)
    # Too late is not given back to the platform's quota.
    assert claims(world, "fcl_us_west") == 1


def test_rivals_take_from_the_quotas_while_offers_run(world: World) -> None:
    with world.reading(SYSTEM) as ctx:
        assert jobs.open_quotas(ctx, parse_instant("2022-08-31T23:59:59-07:00")) == []
        assert len(jobs.open_quotas(ctx, parse_instant("2022-09-01T00:00:00-07:00"))) == 4
        assert jobs.open_quotas(ctx, parse_instant("2022-10-15T23:59:59+08:00")) == ["multimodal", "charter"]
        assert jobs.open_quotas(ctx, parse_instant("2022-10-16T00:00:00+08:00")) == []
    for day in range(45):
        happen(world, parse_instant("2022-09-02T00:00:00-07:00") + day * DAY, "rivals")
    with world.reading(SYSTEM) as ctx:
        taken = select(QuotaClaim.code, QuotaClaim.merchant_id, func.count()).group_by(
            QuotaClaim.code, QuotaClaim.merchant_id
        )
        rows = ctx.session.execute(taken).all()
    assert {code for code, _, _ in rows} == {"multimodal", "charter", "fcl_us_west", "express"}
    assert 1 not in {merchant for _, merchant, _ in rows}
    most = {"multimodal": 3, "fcl_us_west": 2, "express": 1, "charter": 45}
    assert all(count <= most[code] for code, _, count in rows)


def test_rivals_have_the_same_luck_in_every_fork(store: Any) -> None:
    hashes = []
    for name in ("fork_a", "fork_b"):
        world = store.create(name, "t", seed=5)
        happen(world, parse_instant("2022-09-10T00:00:00-07:00"), "rivals")
        hashes.append(world.state_hash())
    assert hashes[0] == hashes[1]


def test_the_clock_moves_freight(store: Any) -> None:
    """The room's jobs among those of the house, over a jump that a killed process would resume."""
    world = store.create("jump", "t", seed=5)
    number = place(world)
    run(world, "pay", logistics_order=number)
    advance(world, parse_instant("2022-08-27T10:00:00+08:00"))
    assert order(world, number).state in {"picked_up", "departed"}
