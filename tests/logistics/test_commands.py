"""Placing, paying, cancelling: what is locked, claimed, given back; in every state, to a quota's last."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from august.catalog.models import FreightLine, FreightTemplate, LineStart, Product
from august.kernel.commands import run as kernel_run
from august.kernel.context import SYSTEM
from august.kernel.tables import Event
from august.kernel.world import World
from august.logistics import commands
from august.logistics.judging import CONDITIONS
from august.logistics.models import LogisticsOrder
from august.logistics.position import configured, express_history, position, shipped_multimodal
from august.merchants.models import Merchant
from august.trade.models import Order, Shipment
from tests.logistics.conftest import (
    BORN,
    CHARTER,
    F6,
    F9,
    F10,
    PARCEL,
    PLAYER,
    SECOND,
    SEPTEMBER,
    USABLE,
    at,
    change,
    claims,
    give_coupons,
    happen,
    order,
    place,
    refused,
    run,
    second,
    states,
    take_quota,
)
from tests.tools.bare import order as trade_order
from tests.tools.bare import put

SAILING = "dw_us_west-4"  # BJ 2022-09-20 18:00:00, bookings close two days earlier


def book(
    world: World, sailing: str = SAILING, container: str = "40HQ", port: str = "los_angeles"
) -> dict[str, Any]:
    return run(world, "book", sailing=sailing, port=port, container=container)


def test_an_order_is_placed_and_paid_with_its_reduction(world: World) -> None:
    """Fifteen kilograms to the United States by the charter: ¥30 + 15 × ¥58 = ¥900."""
    told = run(world, "place", line=CHARTER, country="US", parcel={**PARCEL, "weight_g": 15_000})
    number = told["logistics_order"]
    assert told == {
        "logistics_order": number,
        "state": "placed",
        "offer": "charter",
        "coupon": None,
        "base_cny": "900.00",
        "discount_cny": "45.00",
        "pay_cny": "855.00",
    }
    assert claims(world, "charter") == 0
    paid = run(world, "pay", logistics_order=number, expected="855.00")
    assert (paid["state"], paid["pay_cny"]) == ("paid", "855.00")
    assert claims(world, "charter") == 1
    assert refused(world, "pay", logistics_order=number).code == "logistics.wrong_state"
    assert run(world, "cancel", logistics_order=number)["state"] == "cancelled"
    assert claims(world, "charter") == 0


@pytest.mark.parametrize(
    ("change_", "field"),
    [
        ({"line": "nowhere"}, "line"),
        ({"line": "wuyou_japan_korea_premium"}, "country"),
        ({"country": "XX"}, "country"),
        ({"cargo": "plant"}, "cargo"),
        ({"parcel": {**PARCEL, "weight_g": 300_001}}, "parcel.weight_g"),
        ({"parcel": {**PARCEL, "weight_g": 0}}, "parcel.weight_g"),
        ({"parcel": {**PARCEL, "pieces": 0}}, "parcel.pieces"),
        ({"parcel": {**PARCEL, "pieces": 1001}}, "parcel.pieces"),
        ({"parcel": {**PARCEL, "length_mm": 12_001}}, "parcel.length_mm"),
        ({"parcel": {**PARCEL, "length_mm": 2**70}}, "parcel.length_mm"),
        ({"coupon": 1}, "coupon"),
        ({"benefit": "coupon"}, "coupon"),
    ],
)
def test_goods_that_no_line_takes_are_refused(world: World, change_: dict[str, Any], field: str) -> None:
    refusal = refused(world, "place", **{"line": CHARTER, "country": "US", "parcel": PARCEL, **change_})
    assert field in refusal.fields or field == "parcel.length_mm"
    assert refusal.code.split(".")[0] in {"logistics", "coupon", "payload"}


def test_a_coupon_is_locked_redeemed_and_comes_back(world: World) -> None:
    at(world, USABLE.start + timedelta(days=2))
    first, other = give_coupons(world, 2)
    number = place(world)
    assert (order(world, number).discount, order(world, number).offer) == (2500, "coupon")
    assert states(world) == {first: "locked", other: "issued"}
    assert (
        refused(world, "place", line=CHARTER, country="US", parcel=PARCEL, coupon=first).code
        == "coupon.not_free"
    )
    run(world, "cancel", logistics_order=number)
    assert states(world) == {first: "returned", other: "issued"}
    number = place(world, coupon=first)
    paid = run(world, "pay", logistics_order=number)
    assert (paid["pay_cny"], paid["coupon"]) == ("585.00", first)
    assert states(world) == {first: "redeemed", other: "issued"}
    run(world, "cancel", logistics_order=number)
    assert states(world)[first] == "returned"
    with world.reading(SYSTEM) as ctx:
        kinds = ctx.session.scalars(
            select(Event.kind)
            .where(Event.object_kind == "coupon", Event.object_id == first)
            .order_by(Event.id)
        ).all()
    assert [kind.removeprefix("logistics.coupon_") for kind in kinds] == [
        "issued", "locked", "returned", "locked", "redeemed", "returned",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cancelled", "paid", "state"),
    [
        ("2022-11-30T23:59:59-08:00", True, "returned"),
        ("2022-12-01T00:00:00-08:00", True, "void"),
        ("2022-11-30T23:59:59-08:00", False, "returned"),
        ("2022-12-01T00:00:00-08:00", False, "expired"),
    ],
)
def test_a_cancelled_order_returns_its_coupon_while_it_is_valid(
    world: World,
    cancelled: str,
    paid: bool,  # noqa: FBT001 - a row of the table
    state: str,
) -> None:
    at(world, second("2022-11-30T12:00:00-08:00"))
    (coupon,) = give_coupons(world)
    number = place(world)
    if paid:
        run(world, "pay", logistics_order=number)
    at(world, second(cancelled))
    run(world, "cancel", logistics_order=number)
    assert states(world) == {coupon: state}


def test_coupons_end_after_their_last_second_also_locked_ones(world: World) -> None:
    at(world, second("2022-11-30T12:00:00-08:00"))
    used, held, free = give_coupons(world, 3)
    run(world, "pay", logistics_order=place(world, coupon=used))
    number = place(world, coupon=held)
    happen(world, USABLE.end, "coupons_expire")
    assert states(world) == {used: "redeemed", held: "expired", free: "expired"}
    # The order is still there, at its full freight.
    refusal = refused(world, "pay", logistics_order=number, expected="585.00")
    assert (refusal.code, refusal.params["amount"]) == (
        "logistics.other_amount",
        {"cents": 61_000, "currency": "CNY"},
    )
    assert run(world, "pay", logistics_order=number, expected="610.00")["pay_cny"] == "610.00"
    run(world, "cancel", logistics_order=number)
    assert states(world)[held] == "expired"


@pytest.mark.parametrize(
    ("grams", "line", "code"),
    [(4000, CHARTER, "coupon.not_here"), (10_000, "eu_rail_economy", "coupon.not_here")],
)
def test_a_coupon_is_for_named_lines_and_three_hundred(
    world: World, grams: int, line: str, code: str
) -> None:
    at(world, USABLE.start)
    (coupon,) = give_coupons(world)
    country = "US" if line == CHARTER else "DE"
    parcel = {**PARCEL, "weight_g": grams}
    assert refused(world, "place", line=line, country=country, parcel=parcel, coupon=coupon).code == code


@pytest.mark.parametrize("state", ["placed", "paid", "picked_up", "departed", "delivered", "cancelled"])
@pytest.mark.parametrize("with_coupon", [False, True])
def test_an_order_is_cancelled_until_it_is_picked_up(world: World, state: str, with_coupon: bool) -> None:  # noqa: FBT001
    at(world, USABLE.start + timedelta(days=2))
    if with_coupon:
        give_coupons(world)
    number = place(world)
    change(world, LogisticsOrder, number, state=state)
    if state in {"placed", "paid"}:
        assert run(world, "cancel", logistics_order=number)["state"] == "cancelled"
        assert set(states(world).values()) <= {"returned"}
    else:
        assert refused(world, "cancel", logistics_order=number).code == "logistics.wrong_state"
        assert set(states(world).values()) <= {"locked"}


@pytest.mark.parametrize(
    ("code", "line", "country", "grams", "left"),
    [
        ("multimodal", "us_sea_truck_standard", "US", 100_000, 3000),
        ("charter", CHARTER, "US", 15_000, 10_000),
    ],
)
def test_the_last_piece_of_a_quota_goes_to_who_pays_first(
    world: World, code: str, line: str, country: str, grams: int, left: int
) -> None:
    with world.reading(PLAYER) as ctx:
        free = position(ctx).quotas[code].left
    assert 0 < free <= left
    first, second_ = (place(world, line, country, grams) for _ in range(2))
    take_quota(world, code, free - 1)
    assert order(world, first).discount == order(world, second_).discount > 0
    assert run(world, "pay", logistics_order=first)["offer"] == code
    shown = order(world, second_).pay
    whole, cents = divmod(shown, 100)
    assert (
        refused(world, "pay", logistics_order=second_, expected=f"{whole}.{cents:02d}").code
        == "logistics.other_amount"
    )
    assert run(world, "pay", logistics_order=second_)["offer"] is None
    # A cancelled order gives its piece back, to whoever pays next.
    run(world, "cancel", logistics_order=first)
    third = place(world, line, country, grams)
    assert run(world, "pay", logistics_order=third)["offer"] == code


def test_three_multimodal_reductions_a_store(world: World) -> None:
    paid = [
        run(world, "pay", logistics_order=place(world, "us_sea_truck_standard", grams=100_000))
        for _ in range(4)
    ]
    assert [each["offer"] for each in paid] == ["multimodal"] * 3 + [None]
    run(world, "cancel", logistics_order=paid[0]["logistics_order"])
    again = run(world, "pay", logistics_order=place(world, "us_sea_truck_standard", grams=100_000))
    assert again["offer"] == "multimodal"


def test_the_reduction_is_that_of_the_second_of_payment(world: World) -> None:
    at(world, second("2022-10-15T23:59:58+08:00"))
    one, two = (place(world, grams=15_000, benefit="offer") for _ in range(2))
    at(world, second("2022-10-15T23:59:59+08:00"))
    assert run(world, "pay", logistics_order=one)["discount_cny"] == "45.00"
    at(world, second("2022-10-16T00:00:00+08:00"))
    assert run(world, "pay", logistics_order=two)["discount_cny"] == "0.00"


def template(world: World, products: int, line: str = "parcel_3c_economy", name: str = "小包") -> int:
    """A template of the store with a small parcel line, tied to so many RTS products on sale."""
    lines = [{"line": line, "countries": ["US"], "delivery_by": False}]
    number = commands_run(world, "catalog.save_freight_template", name=name, origin="foshan", lines=lines)[
        "template"
    ]
    with world.writing(SYSTEM) as ctx:
        asked = select(Product).where(Product.merchant_id == 1).order_by(Product.id)
        for place_, product in enumerate(ctx.session.scalars(asked)):
            product.kind, product.status = "rts", "on_sale"
            product.freight_template_id = number if place_ < products else None
        ctx.session.commit()
    return int(number)


def commands_run(world: World, command: str, /, **payload: Any) -> dict[str, Any]:
    """A command of another room."""
    return kernel_run(world, PLAYER, command, payload).result


@pytest.mark.parametrize(("products", "discount"), [(19, 0), (20, 11), (21, 11)])
def test_small_parcels_want_a_template_with_twenty_products(
    world: World, products: int, discount: int
) -> None:
    template(world, products)
    number = place(world, "parcel_3c_economy", grams=500)
    told = order(world, number)
    assert told.base == 2000 + 4300
    assert told.discount == -(-told.base * discount // 100)
    assert told.offer == ("small_parcel" if discount else None)


@pytest.mark.parametrize(
    ("since", "before", "inside"),
    [
        (F9.configured.window.start - SECOND, True, False),
        (F9.configured.window.start, False, True),
        (F9.configured.window.last_second, False, True),
        (F9.configured.window.end, False, False),
    ],
)
def test_when_the_line_was_configured(world: World, since: Any, before: bool, inside: bool) -> None:  # noqa: FBT001
    number = template(world, 20)
    with world.writing(PLAYER) as ctx:
        start = ctx.session.get_one(LineStart, (1, "parcel_3c_economy"))
        assert start.since == SEPTEMBER
        start.since = since
        ctx.session.flush()
        found = configured(ctx, F9)
        assert (found[0], found[2] == 20) == (before, inside)
        ctx.session.commit()
    # Taken out and put in again: the first time stays.
    lines = [{"line": "sea_lcl", "countries": ["US"], "delivery_by": False}]
    for each in (lines, [*lines, {"line": "parcel_3c_economy", "countries": ["US"]}]):
        commands_run(
            world, "catalog.save_freight_template", template=number, name="小包", origin="foshan", lines=each
        )
    with world.reading(PLAYER) as ctx:
        assert ctx.session.get_one(LineStart, (1, "parcel_3c_economy")).since == since


def test_twenty_small_parcels_a_store(world: World) -> None:
    template(world, 20)
    offers = [
        run(world, "pay", logistics_order=place(world, "parcel_3c_economy", grams=500))["offer"]
        for _ in range(21)
    ]
    assert offers == ["small_parcel"] * 20 + [None]


def test_stores_are_born_with_the_lines_of_their_templates(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        templates = select(FreightTemplate.id).where(FreightTemplate.merchant_id == 1)
        lines = set(
            ctx.session.scalars(select(FreightLine.line).where(FreightLine.template_id.in_(templates)))
        )
        starts = select(LineStart).where(LineStart.merchant_id == 1)
        found = {each.line: each.since for each in ctx.session.scalars(starts)}
    assert found.keys() == lines
    assert max(found.values()) < F9.configured.window.start


def test_a_container_is_booked_with_its_reduction_claimed_at_once(world: World) -> None:
    told = book(world)
    assert (told["state"], told["base_usd"], told["pay_usd"], told["offer"]) == (
        "placed", "4980.00", "4880.00", "fcl_us_west",
    )  # fmt: skip
    assert claims(world, "fcl_us_west") == 1
    assert book(world)["offer"] == "fcl_us_west"
    third = book(world)
    assert (third["offer"], third["pay_usd"]) == (None, "4980.00")
    run(world, "cancel", logistics_order=told["logistics_order"])
    assert claims(world, "fcl_us_west") == 1
    assert book(world)["offer"] == "fcl_us_west"
    run(world, "pay", logistics_order=third["logistics_order"], expected="4980.00")


def test_only_marked_services_are_reduced(world: World) -> None:
    assert book(world, "us_west_regular-6")["offer"] is None
    assert book(world, "dw_us_west_south-5", port="seattle")["offer"] == "fcl_us_west"


@pytest.mark.parametrize(
    ("when", "late"), [("2022-10-01T14:59:59+08:00", 0), ("2022-10-01T15:00:00+08:00", 1)]
)
def test_a_container_is_booked_by_the_end_of_september(world: World, when: str, late: int) -> None:
    """By then the rest of the platform has taken all there was; being late is one more reason."""
    at(world, second(when))
    assert book(world, "dw_us_west-8")["offer"] is None
    with world.reading(PLAYER) as ctx:
        found = CONDITIONS["fcl_us_west"](position(ctx).facts["fcl_us_west"], F10)
    assert sum(node.outcome == "bad" for node in found) == 1 + late


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"sailing": "dw_us_west-99"}, "logistics.bad_booking"),
        ({"port": "hamburg"}, "logistics.bad_booking"),
        ({"container": "45HQ"}, "logistics.bad_booking"),
        ({"sailing": "dw_us_west-1"}, "logistics.cut_off"),
    ],
)
def test_what_cannot_be_booked(world: World, payload: dict[str, str], code: str) -> None:
    asked = {"sailing": SAILING, "port": "los_angeles", "container": "20GP", **payload}
    assert refused(world, "book", **asked).code == code


def test_a_container_is_paid_before_its_cut_off(world: World) -> None:
    one, two = (book(world)["logistics_order"] for _ in range(2))
    at(world, second("2022-09-18T17:59:59+08:00"))
    run(world, "pay", logistics_order=one)
    at(world, second("2022-09-18T18:00:00+08:00"))
    assert refused(world, "pay", logistics_order=two).code == "logistics.lapsed"


def test_forwarders_and_partners_get_no_space(world: World) -> None:
    change(world, Merchant, 1, name_zh=f"上海{F10.partners[1]}有限公司")
    refusal = refused(world, "book", sailing=SAILING, port="los_angeles", container="20GP")
    assert (refusal.code, refusal.status) == ("logistics.no_space", 403)
    change(world, Merchant, 1, name_zh="佛山木语家居有限公司")
    with world.writing(SYSTEM) as ctx:
        product = ctx.session.scalars(
            select(Product).where(Product.merchant_id == 1, Product.status == "on_sale")
        ).first()
        straits = ctx.session.scalars(select(Product).where(Product.leaf.like("%freight%"))).first()
        assert product is not None
        assert straits is not None
        product.leaf = straits.leaf
        ctx.session.commit()
    assert (
        refused(world, "book", sailing=SAILING, port="los_angeles", container="20GP").code
        == "logistics.no_space"
    )


@pytest.mark.parametrize(("left", "offer"), [(timedelta(0), None), (SECOND, "charter")])
def test_only_members_in_service_are_reduced(world: World, left: timedelta, offer: str | None) -> None:
    change(world, Merchant, 1, member_until=SEPTEMBER + left)
    assert order(world, place(world, grams=15_000)).offer == offer
    change(world, Merchant, 1, region="hk")
    assert order(world, place(world, grams=15_000)).offer is None


def shipment(number: int, line: str, shipped: Any) -> tuple[type[Shipment], dict[str, Any]]:
    return Shipment, {
        "order_id": number, "merchant_id": 1, "quantity": 1, "line": line, "tracking": "X",
        "shipped_at": shipped, "departed_at": None, "cleared_at": None, "arrived_at": None, "due": None,
    }  # fmt: skip


def test_the_express_history_counts_valid_orders_of_two_beijing_months(world: World) -> None:
    """F6: first and last second of two months in Beijing; cancelled orders and other lines do not count."""
    window = F6.history.window
    assert window.start == second("2022-07-01T00:00:00+08:00")
    rows = [
        (1, "express_standard", window.start - SECOND, "shipped"),
        (2, "express_standard", window.start, "shipped"),
        (3, "air_economy", window.last_second, "completed"),
        (4, "air_economy", window.end, "shipped"),
        (5, "express_premium", window.start, "cancelled"),
        (6, "sea_lcl", window.start, "shipped"),
    ]
    for number, line, shipped, state in rows:
        put(world, trade_order(id=100_000 + number, state=state), shipment(100_000 + number, line, shipped))
    # Two shipments of one order are one, at the time of the first.
    put(world, shipment(100_002, "express_standard", window.start + SECOND))
    put(world, shipment(100_001, "express_standard", window.start + SECOND))
    with world.reading(PLAYER) as ctx:
        assert express_history(ctx) == 2


@pytest.mark.parametrize(
    ("when", "used"),
    [
        ("2022-05-31T23:59:59+08:00", False),
        ("2022-06-01T00:00:00+08:00", True),
        ("2022-08-31T23:59:59+08:00", True),
        ("2022-09-01T00:00:00+08:00", False),
    ],
)
def test_rail_in_summer_is_a_multimodal_history(world: World, when: str, used: bool) -> None:  # noqa: FBT001
    put(world, trade_order(id=100_001, state="shipped"), shipment(100_001, "rail_europe", second(when)))
    with world.reading(PLAYER) as ctx:
        assert shipped_multimodal(ctx) is used


def test_goods_of_a_buyer_s_order_leave_when_the_freight_is_paid(world: World) -> None:
    put(world, trade_order(id=100_001, country="US", quantity=10))
    number = place(world, order=100_001, quantity=4)
    with world.reading(SYSTEM) as ctx:
        assert ctx.session.get_one(Order, 100_001).shipped_quantity == 0
    told = run(world, "pay", logistics_order=number)
    assert told["state"] == "picked_up"
    stored = order(world, number)
    with world.reading(SYSTEM) as ctx:
        sent = ctx.session.get_one(Shipment, stored.shipment_id)
        assert (sent.order_id, sent.quantity, sent.line, sent.tracking) == (
            100_001,
            4,
            CHARTER,
            stored.tracking,
        )
        assert ctx.session.get_one(Order, 100_001).state == "part_shipped"
    assert refused(world, "cancel", logistics_order=number).code == "logistics.wrong_state"
    rest = place(world, order=100_001)
    run(world, "pay", logistics_order=rest)
    again = {"line": CHARTER, "country": "US", "parcel": PARCEL, "order": 100_001}
    assert refused(world, "place", **again).code == "order.wrong_state"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"country": "CA", "line": "wuyou_3c_standard"}, "logistics.not_of_order"),
        ({"quantity": 11}, "logistics.not_of_order"),
        ({"quantity": 0}, "logistics.not_of_order"),
        ({"order": 2**70}, "order.unknown"),
    ],
)
def test_goods_belong_to_their_order(world: World, more: dict[str, Any], code: str) -> None:
    put(world, trade_order(id=100_001, country="US", quantity=10))
    asked = {"line": CHARTER, "country": "US", "parcel": PARCEL, "order": 100_001, **more}
    assert refused(world, "place", **asked).code == code


def test_an_order_that_was_shipped_otherwise_cannot_be_paid(world: World) -> None:
    put(world, trade_order(id=100_001, country="US", quantity=10))
    number = place(world, order=100_001)
    commands_run(world, "trade.ship", order=100_001)
    assert refused(world, "pay", logistics_order=number).code == "order.wrong_state"
    assert run(world, "cancel", logistics_order=number)["state"] == "cancelled"


@pytest.mark.parametrize("name", ["pay", "cancel"])
@pytest.mark.parametrize("number", [0, 999, 2**70])
def test_orders_of_nobody(world: World, name: str, number: int) -> None:
    assert refused(world, name, logistics_order=number).status == 404


def test_another_store_s_order_is_nobody_s(world: World) -> None:
    number = place(world)
    change(world, LogisticsOrder, number, merchant_id=2)
    assert refused(world, "pay", logistics_order=number).status == 404


def test_a_penalised_store_loses_what_it_has_not_used_up(world: World) -> None:
    box = book(world)["logistics_order"]
    run(world, "pay", logistics_order=box)
    at(world, USABLE.start + timedelta(days=2))
    held, free = give_coupons(world, 2)
    number = place(world)
    with world.writing(SYSTEM) as ctx:
        assert commands.revoke(ctx, 1) == 4
        ctx.session.commit()
    assert states(world) == {held: "void", free: "void"}
    assert run(world, "pay", logistics_order=number)["pay_cny"] == "610.00"
    lost = order(world, box)
    assert (lost.pay, lost.lost, lost.lost_why) == (498_000, 10_000, "penalty")


def test_the_world_is_born_in_august(world: World) -> None:
    at(world, BORN)
    assert order(world, place(world, grams=15_000)).offer is None
