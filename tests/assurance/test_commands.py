"""The service, what it insures by a command and by a tick, returns, and late deliveries."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from august.assurance import jobs
from august.assurance.insuring import QUOTA, cover, of_order
from august.assurance.models import DeliveryGuarantee, Policy
from august.catalog.models import Product
from august.festival import quotas
from august.festival.models import QuotaClaim
from august.kernel.clock import parse_instant
from august.kernel.commands import run
from august.kernel.context import SYSTEM, Actor
from august.kernel.errors import Refusal
from august.kernel.world import World
from august.merchants.models import Buyer
from august.messages.models import Message
from august.trade.models import Order, Shipment
from tests.tools.bare import PLAYER, changing, order, put, set_clock

FESTIVAL = parse_instant("2022-09-10T09:00:00-07:00")
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BUYER = Actor("buyer", buyer=1)


def work(world: World, at: datetime) -> None:
    """The room's job at an instant."""
    set_clock(world, at)
    with changing(world) as ctx:
        jobs.settle(ctx)


def act(world: World, name: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    return run(world, actor, name, payload).result


@pytest.fixture
def festival(world: World) -> World:
    """The service is active, product 1 is furniture that is Ready to Ship."""
    set_clock(world, FESTIVAL)
    act(world, "assurance.activate")
    with changing(world) as ctx:
        ctx.session.execute(update(Product).where(Product.id == 1).values(kind="rts"))
        ctx.session.execute(update(Buyer).where(Buyer.id == 1).values(tier="L1"))
    return world


def ordered(world: World, **more: Any) -> int:
    """A paid order of the festival; its number."""
    told = {"paid_at": FESTIVAL, "ship_by": FESTIVAL + 10 * DAY, **more}
    put(world, order(**told))
    with world.reading(SYSTEM) as ctx:
        return int(ctx.session.scalar(select(func.max(Order.id))) or 0)


def shipped(world: World, at: datetime, **more: Any) -> int:
    """An order that a tick shipped; its number."""
    number = ordered(world, state="shipped", shipped_at=at, shipped_quantity=10, since=at, **more)
    sent = {
        "order_id": number, "merchant_id": more.get("merchant_id", 1), "quantity": 10,
        "line": "express_standard", "tracking": "AG1", "shipped_at": at, "departed_at": None,
        "cleared_at": None, "arrived_at": None, "due": None,
    }  # fmt: skip
    put(world, (Shipment, sent))
    return number


def policy(world: World, number: int) -> Policy | None:
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.get(Policy, number)
        if found is not None:
            ctx.session.expunge(found)
        return found


def claims(world: World) -> list[tuple[int, datetime]]:
    with world.reading(SYSTEM) as ctx:
        asked = select(QuotaClaim.about_id, QuotaClaim.at).where(QuotaClaim.code == QUOTA)
        return [(number, at) for number, at in ctx.session.execute(asked.order_by(QuotaClaim.id))]


def test_the_service_is_switched_on_once_and_off_once(world: World) -> None:
    assert act(world, "assurance.activate")["active"] is True
    before = world.state_hash()
    with pytest.raises(Refusal) as refused:
        act(world, "assurance.activate")
    assert (refused.value.code, world.state_hash()) == ("easy_return.active", before)
    assert act(world, "assurance.deactivate")["active"] is False
    before = world.state_hash()
    with pytest.raises(Refusal) as refused:
        act(world, "assurance.deactivate")
    assert (refused.value.code, world.state_hash()) == ("easy_return.inactive", before)


def test_an_order_is_insured_when_its_last_piece_leaves(festival: World) -> None:
    number = ordered(festival)
    act(festival, "trade.ship", order=number, quantity=4)
    assert policy(festival, number) is None
    act(festival, "trade.ship", order=number)
    found = policy(festival, number)
    assert found is not None
    assert (found.state, found.reason, found.base_cents, found.premium_cents) == ("insured", "half", 100, 50)
    assert claims(festival) == [(number, FESTIVAL)]
    # The tick that comes by later finds it judged already.
    work(festival, FESTIVAL + 3 * HOUR)
    assert claims(festival) == [(number, FESTIVAL)]


def test_a_batch_is_insured_order_by_order(festival: World) -> None:
    numbers = [ordered(festival) for _ in range(3)]
    act(festival, "trade.ship_batch", orders=numbers)
    assert [number for number, _ in claims(festival)] == numbers


@pytest.mark.parametrize(
    ("more", "state", "reason"),
    [
        ({}, "insured", "half"),
        ({"total_cents": 1000_00}, "insured", "half"),
        ({"total_cents": 1000_01}, "uninsured", "too_dear"),
        ({"country": "FR"}, "uninsured", "destination"),
        ({"channel": "e_collection"}, "insured", "not_ta"),
        ({"drafted_at": parse_instant("2022-08-31T23:59:59-07:00")}, "insured", "drafted"),
        ({"kind": "customization"}, None, None),
    ],
)
def test_what_the_tick_shipped_is_judged(
    festival: World, more: dict[str, Any], state: str | None, reason: str | None
) -> None:
    number = shipped(festival, FESTIVAL + HOUR, **more)
    work(festival, FESTIVAL + 3 * HOUR)
    found = policy(festival, number)
    assert (found and found.state, found and found.reason) == (state, reason)
    assert len(claims(festival)) == (reason == "half")


def test_the_service_counts_at_the_second_of_shipment(festival: World) -> None:
    set_clock(festival, FESTIVAL + HOUR)
    act(festival, "assurance.deactivate")
    instants = (FESTIVAL - SECOND, FESTIVAL, FESTIVAL + HOUR - SECOND, FESTIVAL + HOUR)
    numbers = [shipped(festival, at) for at in instants]
    work(festival, FESTIVAL + 3 * HOUR)
    found = [policy(festival, number) for number in numbers]
    assert [each and each.reason for each in found] == ["service_off", "half", "half", "service_off"]


def test_the_quota_is_used_up_in_the_order_of_full_shipment(festival: World) -> None:
    """F4: the last piece of the quota goes to who ships first, a rival or not."""
    first, last = FESTIVAL + HOUR, FESTIVAL + 2 * HOUR
    with festival.reading(SYSTEM) as ctx:
        rule = quotas.quota_rule(ctx, QUOTA)
    left = rule.left(quotas.seconds_in(first), 0)
    rows = [
        (QuotaClaim, {"code": QUOTA, "merchant_id": 9, "about_kind": "order", "about_id": 10**6 + i,
                      "at": FESTIVAL, "returned_at": None})
        for i in range(left - 2)
    ]  # fmt: skip
    put(festival, *rows)
    late = shipped(festival, last)
    numbers = [shipped(festival, first), shipped(festival, first, merchant_id=2)]
    with changing(festival) as ctx:
        ctx.session.execute(
            update(Buyer).where(Buyer.id == 1).values(tier="L0")
        )  # a tier does not matter here
    work(festival, FESTIVAL + 3 * HOUR)
    found = {number for number, _ in claims(festival)[left - 2 :]}
    mine, other = policy(festival, numbers[0]), policy(festival, late)
    assert mine is not None
    assert other is not None
    assert (mine.reason, mine.quota_left) == ("half", 2)
    assert (other.reason, other.premium_cents) == ("quota", other.base_cents)
    assert numbers[0] in found
    assert late not in found


def test_nothing_is_insured_twice(festival: World) -> None:
    number = shipped(festival, FESTIVAL + HOUR)
    with changing(festival) as ctx:
        cover(ctx, of_order(ctx, number))
        cover(ctx, of_order(ctx, number))
    work(festival, FESTIVAL + 3 * HOUR)
    work(festival, FESTIVAL + 9 * HOUR)
    assert [one for one, _ in claims(festival)] == [number]


def received(world: World, at: datetime, **more: Any) -> int:
    """An insured order that its buyer received."""
    number = shipped(world, FESTIVAL + HOUR, **more)
    work(world, FESTIVAL + 3 * HOUR)
    with changing(world) as ctx:
        values = {"state": "completed", "received_at": at, "closed_at": at, "since": at}
        ctx.session.execute(update(Order).where(Order.id == number).values(**values))
    return number


def test_a_buyer_returns_within_thirty_days(festival: World) -> None:
    at = FESTIVAL + 10 * DAY
    number = received(festival, at, goods_cents=90_00, freight_cents=10_00, luck=1)
    set_clock(festival, at + 30 * DAY - SECOND)
    told = act(festival, "assurance.claim_return", BUYER, order=number)
    assert told["refund_cents"] == 90_00
    found = policy(festival, number)
    assert found is not None
    assert (found.state, found.refund_cents) == ("returned", 90_00)
    with festival.reading(SYSTEM) as ctx:
        # The store keeps what it was paid, and is told.
        assert ctx.session.get_one(Order, number).paid_cents == 100_00
        text = ctx.session.scalars(select(Message.text).order_by(Message.id.desc())).first()
        assert text is not None
        assert "came back" in text


@pytest.mark.parametrize("case", ["early", "late", "twice", "uninsured", "disputed", "stranger"])
def test_a_return_that_is_refused_changes_nothing(festival: World, case: str) -> None:
    at = FESTIVAL + 10 * DAY
    number = received(festival, at, country="FR" if case == "uninsured" else "US")
    set_clock(festival, at + 30 * DAY if case == "late" else at + DAY)
    who = Actor("buyer", buyer=2) if case == "stranger" else BUYER
    if case == "twice":
        act(festival, "assurance.claim_return", BUYER, order=number)
    values: dict[str, Any] = {"early": {"received_at": None, "state": "arrived"}}.get(case, {})
    values |= {"disputed": True} if case == "disputed" else {}
    if values:
        with changing(festival) as ctx:
            ctx.session.execute(update(Order).where(Order.id == number).values(**values))
    before = festival.state_hash()
    with pytest.raises(Refusal) as refused:
        act(festival, "assurance.claim_return", who, order=number)
    assert refused.value.code == ("order.unknown" if case == "stranger" else "easy_return.not_returnable")
    assert festival.state_hash() == before


def test_some_buyers_return_by_themselves_and_the_rest_do_not(festival: World) -> None:
    at = FESTIVAL + 10 * DAY
    numbers = [shipped(festival, FESTIVAL + HOUR, luck=luck) for luck in range(1, 151)]
    work(festival, FESTIVAL + 3 * HOUR)
    with changing(festival) as ctx:
        values = {"state": "completed", "received_at": at, "closed_at": at}
        ctx.session.execute(update(Order).where(Order.id.in_(numbers)).values(**values))
    for days in (10, 15, 20, 25, 30, 31, 41):
        work(festival, FESTIVAL + days * DAY)
    with festival.reading(SYSTEM) as ctx:
        states = dict(ctx.session.execute(select(Policy.state, func.count()).group_by(Policy.state)).all())
        late = select(func.count()).where(Policy.returned_at < at + DAY)
        assert ctx.session.scalar(late) == 0
    assert set(states) == {"returned", "over"}
    assert 2 <= states["returned"] <= 20


@pytest.mark.parametrize(
    ("gone", "arrived", "state", "payer", "cents"),
    [
        (1, 13, "kept", "nobody", 0),
        (1, 14, "late", "carrier", 10_00),
        (12, 23, "late", "seller", 10_00),
        (12, 26, "late", "carrier", 10_00),
    ],
)
def test_a_guaranteed_order_that_arrives_late_is_compensated(
    festival: World, gone: int, arrived: int, state: str, payer: str, cents: int
) -> None:
    left = FESTIVAL + gone * DAY
    number = shipped(festival, left, line="express_standard", promised_days=12)
    work(festival, left + HOUR)
    at = FESTIVAL + arrived * DAY
    with changing(festival) as ctx:
        ctx.session.execute(update(Shipment).where(Shipment.order_id == number).values(arrived_at=at))
        ctx.session.execute(update(Order).where(Order.id == number).values(state="arrived", since=at))
    work(festival, at + HOUR)
    work(festival, at + 2 * HOUR)
    with festival.reading(SYSTEM) as ctx:
        found = ctx.session.get_one(DeliveryGuarantee, number)
        told = ctx.session.scalar(select(func.count()).where(Message.path == "/easy-return/deliveries"))
    assert (found.state, found.payer, found.cents) == (state, payer, cents)
    assert told == (state == "late")


def test_without_a_route_a_promise_or_a_tier_nothing_is_guaranteed(festival: World) -> None:
    for more in (
        {"line": "small_parcel", "promised_days": 12},
        {"line": "express_standard", "promised_days": None},
        {"line": "express_standard", "promised_days": 12, "buyer_id": 2},
    ):
        with changing(festival) as ctx:
            ctx.session.execute(update(Buyer).where(Buyer.id == 2).values(tier="L0"))
        shipped(festival, FESTIVAL + HOUR, **more)
    work(festival, FESTIVAL + 3 * HOUR)
    with festival.reading(SYSTEM) as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(DeliveryGuarantee)) == 0
