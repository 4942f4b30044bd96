"""What pages and JSON read: how a store stands to the offers, quotes side by side, why."""

from collections import Counter

import pytest

from august.catalog import carriers
from august.festival.offer import Offer
from august.festival.offers import charter, express, multimodal, small_parcel, us_west
from august.kernel.errors import Refusal
from august.kernel.words import fill
from august.kernel.world import World
from august.logistics import queries, quoting, why
from august.logistics.position import position
from august.logistics.standing import all_standings
from august.web.tables import listing
from tests.logistics.conftest import PLAYER, SEPTEMBER, USABLE, at, give_coupons, order, place, run
from tests.tools.statements import counting

OFFERS = (express.OFFER, multimodal.OFFER, charter.OFFER, small_parcel.OFFER, us_west.OFFER)


def test_all_lines_are_quoted_side_by_side(world: World) -> None:
    goods = quoting.Goods("US", "general", 1, 20_000, 24_000_000)
    with world.reading(PLAYER) as ctx, counting() as sent:
        found = quoting.quotes(ctx, position(ctx), goods)
    assert len(sent) <= 12
    assert len(found) == len(carriers.standing().lines)
    fits = [each for each in found if each.problem is None]
    assert [each.pay for each in fits] == sorted(each.pay for each in fits)
    by = {each.line.code: each for each in found}
    flight = by["wuyou_us_charter"]
    assert (flight.base, flight.pay, flight.days) == (119_000, 113_050, (6, 9))
    assert by["wuyou_japan_korea_premium"].problem is not None
    assert by["wuyou_plant_standard"].problem is not None
    assert by["parcel_general_standard"].problem is not None
    assert by["us_matson_premium"].coupon is None


@pytest.mark.parametrize("offer", OFFERS, ids=[each.code for each in OFFERS])
def test_an_offer_says_how_the_store_stands(world: World, offer: Offer) -> None:
    """The furniture maker has everything but a small parcel line."""
    with world.reading(PLAYER) as ctx:
        found = offer.stand(ctx)
        assert found == all_standings(ctx)[offer.code]
        terms, told = offer.terms(ctx.rulebook, ctx.now), offer.arguments(ctx.rulebook, ctx.now)
    assert all(term.window.start < term.window.end for term in terms)
    assert all(f"{{{name}}}" in offer.sentence for name in told)
    assert "{" not in fill(offer.sentence, dict.fromkeys(told, "x"))
    assert found.eligible is (offer.code != "small_parcel")
    assert (found.progress is not None) is (offer.code == "express")


def test_what_offers_brought(world: World) -> None:
    run(world, "pay", logistics_order=place(world, grams=15_000))
    place(world, grams=15_000)
    with world.reading(PLAYER) as ctx:
        stands = all_standings(ctx)
    assert (stands["charter"].settled.count, stands["charter"].settled.saved) == (1, 4500)
    assert (stands["charter"].locked.count, stands["charter"].locked.saved) == (1, 4500)
    at(world, USABLE.start)
    give_coupons(world, 8)
    with world.reading(PLAYER) as ctx:
        stands = all_standings(ctx)
    assert (stands["express"].locked.count, stands["express"].locked.saved) == (8, 20_000)


def test_why_an_order_costs_so_much(world: World) -> None:
    number = place(world, grams=15_000)
    with world.reading(PLAYER) as ctx:
        told = why.why_order(ctx, str(number))
    assert (
        told.english()
        == "{'cents': 90000, 'currency': 'CNY'} of freight, {'cents': 85500, 'currency': 'CNY'} to pay"
    )
    assert told.rules[:1] == ("F-logistics",)
    assert "F8" in told.rules
    run(world, "pay", logistics_order=number)
    with world.reading(PLAYER) as ctx:
        assert "F8" in why.why_order(ctx, str(number)).rules
        for key in ("0", "x", "99", "9" * 40):
            with pytest.raises(Refusal):
                why.why_order(ctx, key)
            with pytest.raises(Refusal):
                why.why_coupon(ctx, key)


def test_why_a_coupon_is_in_its_state(world: World) -> None:
    at(world, USABLE.start)
    (coupon,) = give_coupons(world)
    run(world, "cancel", logistics_order=place(world, coupon=coupon))
    with world.reading(PLAYER) as ctx:
        told = why.why_coupon(ctx, str(coupon))
    assert [child.outcome for child in told.children] == ["ok"] * 3 + ["note"] * 3


def test_the_table_is_filtered_sorted_and_counted(world: World) -> None:
    numbers = [place(world, grams=1000 * (i + 1)) for i in range(3)]
    run(world, "cancel", logistics_order=numbers[0])
    with world.reading(PLAYER) as ctx:
        asked = listing(
            "/x", {"sort": "-pay"}, sorts=tuple(queries.SORTS), default="-placed", filters=queries.FILTERS
        )
        found = queries.table(ctx, asked)
        assert [each.id for each in found.orders] == numbers[::-1]
        assert found.counts == {"cancelled": 1, "placed": 2}
        asked = listing(
            "/x",
            {"state": "cancelled"},
            sorts=tuple(queries.SORTS),
            default="-placed",
            filters=queries.FILTERS,
        )
        assert [each.id for each in queries.table(ctx, asked).orders] == numbers[:1]
        look = queries.look(ctx, ctx.session.get_one(type(order(world, numbers[1])), numbers[1]))
    assert look.can == {"pay", "cancel"}
    assert Counter(stage.mark for stage in look.stages) == {"now": 1, "next": 4}


def test_sailings_stand_on_the_calendar(world: World) -> None:
    month = queries.month_of("2022-09", SEPTEMBER)
    days = {
        day: [each.sailing.code for each in found]
        for week in queries.calendar(month, SEPTEMBER)
        for day, found in week
    }
    assert days[next(day for day in days if f"{day:%m-%d}" == "09-20")] == ["dw_us_west-4"]
    following = queries.next_sailing(SEPTEMBER)
    assert following is not None
    assert following.code == "dw_us_west-3"
    assert world.id


def test_what_a_new_form_begins_with(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        assert quoting.first_goods(ctx, None)["country"] == "US"
