"""As whom one looks, and what that buyer's own pages hold."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.world import World
from august.market.grow import BORN
from august.merchants.models import Buyer
from august.opportunities.models import ChatLine, Inquiry
from august.reviews.photos import offered
from august.storefront import bought, mine, viewers
from august.trade.models import Order
from august.web.tables import Listing, listing
from tests.reviews.conftest import BUYER, GOOD, PLAYER, images, order, reviewed, run, set_clock

EVERY = frozenset(f"trade.{name}" for name in ("accept", "decline", "pay_first", "pay_final", "receive"))


def asking(*filters: str, **params: str) -> Listing:
    sorts = ("activity", "purchases", "name")
    return listing("/x", params, sorts=sorts, default="-activity", filters=filters)


def test_the_address_comes_before_the_cookie_and_the_newest_order_last(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        assert viewers.viewer(ctx, None, None).id == 1
    order(world)
    with world.reading(PLAYER) as ctx:
        assert viewers.viewer(ctx, None, None).id == 7
        assert viewers.viewer(ctx, None, "9").id == 9
        assert viewers.viewer(ctx, "8", "9").id == 8
        for stale in ("nobody", "999999", ""):
            assert viewers.viewer(ctx, None, stale).id == 7
        for unknown in ("nobody", "999999", "", "1" * 30):
            with pytest.raises(Refusal) as caught:
                viewers.viewer(ctx, unknown, "9")
            assert caught.value.status == 404


def test_the_most_active_buyer_of_a_tier_and_country_is_picked(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        found = viewers.pick(ctx, "L3", "DE")
        assert found is not None
        assert (found.tier, found.country, found.place["en"]) == ("L3", "DE", "Germany")
        wanted = (Buyer.tier == "L3", Buyer.country == "DE")
        most = ctx.session.scalars(select(Buyer).where(*wanted).order_by(Buyer.activity.desc())).first()
        assert most is not None
        assert most.activity == ctx.session.get_one(Buyer, found.id).activity
        anybody = viewers.pick(ctx, "", "")
        assert anybody is not None
        assert anybody.id == viewers.crowd(ctx, asking()).lines[0].viewer.id


def test_buyers_are_listed_with_their_orders_in_the_store(world: World) -> None:
    order(world)
    order(world)
    order(world, buyer_id=8, merchant_id=2)
    with world.reading(PLAYER) as ctx:
        found = viewers.crowd(ctx, asking("mine", mine="1"))
        assert [(line.viewer.id, line.orders) for line in found.lines] == [(7, 2)]
        name = ctx.session.get_one(Buyer, 8).name
        named = viewers.crowd(ctx, asking("q", q=name))
        assert {line.viewer.name for line in named.lines} == {name}
        by_wealth = viewers.crowd(ctx, asking("tier", tier="L4", sort="-purchases"))
        wealth = [line.purchases_cents for line in by_wealth.lines]
        assert wealth == sorted(wealth, reverse=True)


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("asked", []),
        ("drafted", ["accept", "decline"]),
        ("confirmed", ["pay_first"]),
        ("producing", []),
        ("balance_due", ["pay_final"]),
        ("shipped", []),
        ("arrived", ["receive"]),
        ("received", ["pay_final"]),
        ("completed", []),
        ("cancelled", []),
    ],
)
def test_a_buyer_is_offered_the_steps_that_are_the_buyers(world: World, state: str, steps: list[str]) -> None:
    number = order(world, None, state=state, paid_cents=400)
    with world.reading(PLAYER) as ctx:
        line = bought.order(ctx, 7, number, EVERY)
        assert [action.name for action in line.actions] == steps
        # What no room has a command for is not offered.
        assert bought.order(ctx, 7, number, ()).actions == []
    amounts = {action.name: action.cents for action in line.actions}
    assert amounts.get("pay_first", 1200) == 1200
    assert amounts.get("pay_final", 800) == 800


def test_a_disputed_order_waits(world: World) -> None:
    number = order(world, None, state="arrived", disputed=True)
    with world.reading(PLAYER) as ctx:
        assert bought.order(ctx, 7, number, EVERY).actions == []


def test_orders_are_counted_by_their_tabs(world: World) -> None:
    for state in ("drafted", "confirmed", "balance_due", "shipped", "arrived", "cancelled"):
        order(world, None, state=state)
    order(world)
    order(world, buyer_id=8)
    with world.reading(PLAYER) as ctx:
        found = bought.orders(ctx, 7, asking("state"), EVERY)
        assert found.counts == {
            "confirm": 1,
            "pay": 2,
            "making": 0,
            "coming": 2,
            "completed": 1,
            "closed": 1,
        }
        assert found.page.total == 7
        paying = bought.orders(ctx, 7, asking("state", state="pay"), EVERY)
        assert [line.order.state for line in paying.lines] == ["balance_due", "confirmed"]
        assert [line.reviewable for line in found.lines][:1] == [True]
        assert mine.counts(ctx, 7) == {"orders": 4, "reviews": 1}


def test_every_state_has_its_words_and_its_tab() -> None:
    states = {state for _, group in bought.GROUPS.values() for state in group}
    assert states == set(bought.STATE_WORDS)


def test_pending_reviews_go_when_they_are_written_or_too_late(world: World) -> None:
    first, second = order(world), order(world, BORN - timedelta(days=29))
    run(world, "invite", orders=[second], message="How is it?")
    with world.reading(PLAYER) as ctx:
        told = [(each.order, each.invitation) for each in mine.owed(ctx, 7)]
        assert told == [(first, None), (second, "How is it?")]
        assert mine.owed(ctx, 8) == []
    run(world, "write", BUYER, order=first, **GOOD)
    set_clock(world, BORN + timedelta(days=1))
    with world.reading(PLAYER) as ctx:
        assert mine.owed(ctx, 7) == []
        (own,) = mine.written(ctx, 7)
        assert (own.order, own.change_until) == (first, BORN + timedelta(days=30))
    set_clock(world, BORN + timedelta(days=30))
    with world.reading(PLAYER) as ctx:
        assert mine.written(ctx, 7)[0].change_until is None


def test_the_pad_says_until_when(world: World) -> None:
    number, coming = order(world), order(world, None)
    drawn = offered(images(world), 5)
    with world.reading(PLAYER) as ctx:
        pad = mine.pad(ctx, 7, number)
        assert (pad.until, pad.review, pad.photos) == (BORN + timedelta(days=30), None, drawn)
        assert mine.pad(ctx, 7, coming).until is None
        with pytest.raises(Refusal) as caught:
            mine.pad(ctx, 8, number)
        assert caught.value.status == 404
    mark = reviewed(
        world, photos=["chair-900001"], params={}, text="As described. The packaging could be stronger."
    )
    with world.reading(PLAYER) as ctx:
        told = mine.pad(ctx, 7, _order_of(ctx, mark))
        assert told.photos == ["chair-900001", *drawn]
        assert told.text == "As described. The packaging could be stronger."
        assert told.until == BORN + timedelta(days=30)


def _order_of(ctx: Any, review: int) -> int:
    return next(each.order for each in mine.written(ctx, 7) if each.id == review)


def test_conversations_are_the_buyers_own(world: World) -> None:
    with world.writing(SYSTEM) as ctx:
        talk = Inquiry(
            merchant_id=1, buyer_id=7, product_id=1, kind="inquiry", source="search", at=BORN, quantity=10,
            state="open", turn="buyer", last_at=BORN, rounds=0, luck=1,
        )  # fmt: skip
        ctx.session.add(talk)
        ctx.session.flush()
        for side, params in (("buyer", None), ("seller", {"price": {"cents": 1250, "currency": "USD"}})):
            text = (
                "Hello"
                if params is None
                else "As this is our first order together, we can offer {price} a piece."
            )
            ctx.session.add(
                ChatLine(inquiry_id=talk.id, at=BORN, side=side, author="market", text=text, params=params)
            )
        ctx.session.commit()
        number = talk.id
    with world.reading(PLAYER) as ctx:
        found, lines = mine.talk(ctx, 7, number)
        assert found.inquiry.id == number
        assert [said.original for _, said in lines] == [
            "Hello",
            "As this is our first order together, we can offer US$12.50 a piece.",
        ]
        assert mine.talks(ctx, 7, asking()).page.total == 1
        assert mine.talks(ctx, 8, asking()).page.total == 0
        for buyer, wanted in ((8, number), (7, 999_999), (7, 2**63)):
            with pytest.raises(Refusal) as caught:
                mine.talk(ctx, buyer, wanted)
            assert caught.value.status == 404


def test_an_order_of_another_buyer_is_not_found(world: World) -> None:
    number = order(world)
    with world.reading(PLAYER) as ctx:
        assert isinstance(bought.order(ctx, 7, number, EVERY).order, Order)
        for buyer, wanted in ((8, number), (7, 0), (7, 2**63)):
            with pytest.raises(Refusal) as caught:
                bought.order(ctx, buyer, wanted, EVERY)
            assert caught.value.remedy == "Look at it as the buyer of that order."
