"""The coupon of a buyer: taken once, used once, given back unpaid, and the store receives everything."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from august.festival.offers import registry
from august.kernel import commands
from august.kernel.context import SYSTEM, Actor
from august.kernel.world import World
from august.storefront import goods
from august.trade.models import Order, Receipt
from august.venue import coupons, shop
from august.venue.models import Coupon
from august.web.tables import listing
from tests.tools.bare import PLAYER
from tests.tools.statements import counting
from tests.venue.conftest import LAST, OPENS, OTHER, READY, SECOND, at, buyer, product, refused, run

# Freight to everywhere, so that what is ordered directly can be computed.
SENT: dict[str, Any] = {
    "package_mm": {"l": 100, "w": 100, "h": 100},
    "weight_g": 100,
    "freight_template_id": 1,
    "lead_times": [{"up_to": 1_000_000, "days": 7}],
}


def open_venue(world: World, tier: str = "L1") -> Actor:
    """The venue is open, with one product at US$8.00; the other one stays outside."""
    product(world, READY, **SENT)
    product(world, OTHER, **SENT)
    run(world, "enrol", product=READY, price_usd="8")
    at(world, OPENS)
    return buyer(world, tier)


def stored(world: World, number: int) -> Order:
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.get_one(Order, number)
        ctx.session.expunge_all()
        return found


@pytest.mark.parametrize(
    ("tier", "unit"),
    [("visitor", 1000), ("L0", 1000), ("L1", 800), ("L2", 800), ("L3", 800), ("L4", 800)],
)
def test_the_campaign_price_is_for_buyers_from_l1_on(world: World, tier: str, unit: int) -> None:
    who = open_venue(world, tier)
    told = commands.run(world, who, "trade.order_now", {"product": READY, "quantity": 60}).result
    order = stored(world, told["order"])
    assert (order.unit_cents, order.goods_cents) == (unit, 60 * unit)
    with world.reading(SYSTEM) as ctx:
        sheet = goods.sheet(ctx, READY, "US", 60, tier)
        assert (sheet.quote.unit_cents, sheet.quote.list_cents) == (unit, 1000)
        assert (sheet.campaign_cents, sheet.reduced) == (800, unit == 800)


def test_a_lower_price_of_a_larger_quantity_stays(world: World) -> None:
    who = open_venue(world)
    product(world, READY, **SENT, tiers=[{"quantity": 10, "cents": 1000}, {"quantity": 100, "cents": 700}])
    told = commands.run(world, who, "trade.order_now", {"product": READY, "quantity": 100}).result
    assert stored(world, told["order"]).unit_cents == 700


def test_a_coupon_is_taken_once_and_used_once(world: World) -> None:
    who = open_venue(world)
    assert run(world, "take_coupon", who) == {"buyer": 1}
    assert refused(world, "take_coupon", who).code == "venue.no_coupon"
    told = run(world, "order_with_coupon", who, product=READY, quantity=125)
    order = stored(world, told["order"])
    # 125 pieces at US$8.00: goods of exactly 1,000.00.
    assert (order.goods_cents, told["off_usd"]) == (100_000, "30.00")
    assert told["pay_usd"] == f"{(order.total_cents - 3000) / 100:.2f}"
    again = refused(world, "order_with_coupon", who, product=READY, quantity=125)
    assert [text.english() for text in again.fields.values()] == [f"The coupon lies on order {order.id}"]


def test_the_store_receives_everything(world: World) -> None:
    """Money is conserved: what is booked is the whole order, of which the platform pays the coupon."""
    who = open_venue(world)
    run(world, "take_coupon", who)
    number = run(world, "order_with_coupon", who, product=READY, quantity=125)["order"]
    commands.run(world, who, "trade.pay_first", {"order": number})
    order = stored(world, number)
    with world.reading(who) as ctx:
        booked = sum(ctx.session.scalars(select(Receipt.cents).where(Receipt.order_id == number)))
        found = coupons.parts(order, 3000)
        why = coupons.why(ctx, str(number))
    assert booked == order.total_cents == found.buyer + found.platform
    assert found.platform == 3000
    assert why.children[-1].english().count("=") == 1


def test_of_an_order_closed_unpaid_the_coupon_comes_back(world: World) -> None:
    who = open_venue(world)
    run(world, "take_coupon", who)
    number = run(world, "order_with_coupon", who, product=READY, quantity=125)["order"]
    commands.run(world, PLAYER, "trade.withdraw", {"order": number})
    with world.reading(PLAYER) as ctx:
        seen = registry.seen(ctx, registry.offer_of("threshold_coupon"))
        assert (seen.standing.locked.count, seen.standing.lost.count, len(seen.standing.reasons)) == (0, 1, 1)
    again = run(world, "order_with_coupon", who, product=READY, quantity=63)
    assert again["off_usd"] == "10.00"
    with world.reading(PLAYER) as ctx:
        seen = registry.seen(ctx, registry.offer_of("threshold_coupon"))
        assert (seen.standing.locked.count, seen.standing.locked.saved, seen.state) == (1, 1000, "used")


def test_a_paid_and_refunded_order_keeps_the_coupon(world: World) -> None:
    who = open_venue(world)
    run(world, "take_coupon", who)
    number = run(world, "order_with_coupon", who, product=READY, quantity=125)["order"]
    commands.run(world, who, "trade.pay_first", {"order": number})
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Order).where(Order.id == number).values(state="cancelled"))
        ctx.session.commit()
    assert refused(world, "order_with_coupon", who, product=READY, quantity=125).code == "venue.no_coupon"


CASES = {
    "tier": ("L0", READY, 125, "A buyer of tier L0 may not use it"),
    "outside": ("L1", OTHER, 125, "Not a product of the festival venue"),
    "too little": ("L1", READY, 62, "are missing for the first step"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_coupon_is_refused_with_every_reason_and_nothing_is_ordered(world: World, case: str) -> None:
    tier, number, quantity, told = CASES[case]
    who = open_venue(world)
    run(world, "take_coupon", who)
    buyer(world, tier)
    found = refused(world, "order_with_coupon", who, product=number, quantity=quantity)
    assert len(found.fields) == 1
    assert told in next(iter(found.fields.values())).english()


def test_everything_that_stands_against_it_is_told_at_once(world: World) -> None:
    who = open_venue(world, "L0")
    assert len(refused(world, "order_with_coupon", who, product=OTHER, quantity=10).fields) == 4
    assert refused(world, "take_coupon", who).rules == ("F1",)


@pytest.mark.parametrize(
    ("instant", "passes"),
    [(OPENS - SECOND, False), (OPENS, True), (LAST, True), (LAST + SECOND, False)],
)
def test_coupons_are_taken_and_used_from_the_first_second_to_the_last(
    world: World,
    instant: datetime,
    passes: bool,  # noqa: FBT001 - a case of the table
) -> None:
    who = open_venue(world)
    at(world, instant)
    if passes:
        run(world, "take_coupon", who)
        run(world, "order_with_coupon", who, product=READY, quantity=125)
        return
    assert refused(world, "take_coupon", who).rules == ("F1",)
    at(world, OPENS)
    run(world, "take_coupon", who)
    at(world, instant)
    assert "F1" in refused(world, "order_with_coupon", who, product=READY, quantity=125).rules


def test_a_store_takes_no_coupons(world: World) -> None:
    open_venue(world)
    assert refused(world, "take_coupon", PLAYER).code == "command.not_yours"


def test_the_buyers_home_tells_tier_coupon_and_venue(world: World) -> None:
    open_venue(world, "L2")
    asked = listing("/", {}, sorts=shop.SORTS, default="-score", filters=shop.FILTERS)
    with world.reading(SYSTEM) as ctx, counting() as sent:
        home = shop.home(ctx, asked, 1, "US")
    assert len(sent) <= 16
    assert [each.code for each in home.benefits if "L2" in each.tiers] == [
        "lowest_price", "delivery_by", "easy_return", "bnpl", "threshold_coupon",
    ]  # fmt: skip
    assert (home.can_take, home.coupon, home.clock.phase) == (True, None, "running")
    assert [(card.id, card.campaign_cents) for card in home.venue.cards] == [(READY, 800)]


@pytest.mark.parametrize(("moq", "shown"), [(124, 1), (125, 1), (126, 0)])
def test_the_easy_return_venue_shows_orders_up_to_a_thousand_dollars(
    world: World, moq: int, shown: int
) -> None:
    open_venue(world)
    product(world, READY, **SENT, moq=moq)
    asked = listing("/", {"venue": "easy_return"}, sorts=shop.SORTS, default="-score", filters=shop.FILTERS)
    with world.reading(SYSTEM) as ctx:
        assert shop.venue(ctx, asked, "US").page.total == 0
    commands.run(world, PLAYER, "assurance.activate", {})
    with world.reading(SYSTEM) as ctx:
        assert shop.venue(ctx, asked, "US").page.total == shown


def test_a_coupon_row_is_one_of_its_buyer(world: World) -> None:
    who = open_venue(world)
    run(world, "take_coupon", who)
    with world.reading(SYSTEM) as ctx:
        assert ctx.session.scalars(select(Coupon.buyer_id)).all() == [1]
