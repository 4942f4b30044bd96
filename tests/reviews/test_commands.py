"""Writing, changing, inviting, replying: once each, in time to the second; a refusal writes nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from august.kernel.context import SYSTEM
from august.kernel.tables import Event
from august.kernel.world import World
from august.market.grow import BORN
from august.reviews.photos import offered
from tests.reviews.conftest import (
    BUYER,
    GOOD,
    OTHER,
    PLAYER,
    RIVAL,
    awaited,
    images,
    order,
    refused,
    review,
    reviewed,
    run,
    set_clock,
)

SECOND = timedelta(seconds=1)
END = BORN + timedelta(days=30)
# One second before the end, at it, after it.
EDGES = [(END - SECOND, "in time"), (END, "too late"), (END + SECOND, "too late")]


def told(world: World, kind: str) -> list[tuple[int, int | None, dict[str, Any]]]:
    """The facts of a kind: order, store, values."""
    with world.reading(SYSTEM) as ctx:
        asked = select(Event.object_id, Event.merchant_id, Event.params).where(Event.kind == kind)
        return [tuple(row) for row in ctx.session.execute(asked.order_by(Event.id))]


def test_a_review_takes_the_place_of_what_was_awaited(world: World) -> None:
    number = order(world)
    drawn = offered(images(world), 5)
    made = run(
        world, "write", BUYER, order=number, **GOOD, keywords=["good quality"], photos=[drawn[0], drawn[2]]
    )
    found = review(world, made["review"])
    assert (found.order_id, found.merchant_id, found.buyer_id, found.product_id) == (number, 1, 7, 1)
    assert (found.quality, found.service, found.shipment, found.text) == (5, 4, 3, "Solid chairs.")
    assert (found.keywords, found.photos) == (["good quality"], [drawn[0], drawn[2]])
    assert (found.at, found.params, found.invited, found.counts) == (BORN, None, False, True)
    assert awaited(world, number) is None
    assert told(world, "reviews.written") == [(number, 1, {"stars": 5})]


@pytest.mark.parametrize(("at", "comes"), EDGES)
def test_a_review_is_written_within_thirty_days(world: World, at: datetime, comes: str) -> None:
    number = order(world)
    set_clock(world, at)
    if comes == "in time":
        assert run(world, "write", BUYER, order=number, **GOOD)["review"] == 1
    else:
        refusal = refused(world, "write", BUYER, order=number, **GOOD)
        assert (refusal.code, refusal.status, refusal.rules) == ("review.too_late", 409, ("V1",))


@pytest.mark.parametrize(("at", "comes"), EDGES)
def test_a_review_is_changed_within_thirty_days(world: World, at: datetime, comes: str) -> None:
    number = reviewed(world)
    set_clock(world, at)
    if comes == "in time":
        run(world, "change", BUYER, review=number, quality=2, service=2, shipment=2, text="It broke.")
        found = review(world, number)
        assert (found.quality, found.text, found.changed_at, found.at) == (2, "It broke.", at, BORN)
        assert told(world, "reviews.changed") == [(found.order_id, 1, {"stars": 2})]
    else:
        refusal = refused(world, "change", BUYER, review=number, **GOOD)
        assert (refusal.code, refusal.status) == ("review.change_late", 409)


@pytest.mark.parametrize(("at", "comes"), EDGES)
def test_a_store_replies_within_thirty_days(world: World, at: datetime, comes: str) -> None:
    number = reviewed(world)
    set_clock(world, at)
    if comes == "in time":
        run(world, "reply", review=number, text="  Thank you!  ")
        found = review(world, number)
        assert (found.reply, found.replied_at) == ("Thank you!", at)
        assert told(world, "reviews.replied") == [(found.order_id, 1, {})]
    else:
        refusal = refused(world, "reply", review=number, text="Thank you!")
        assert (refusal.code, refusal.status) == ("review.reply_late", 409)
        assert refusal.remedy


@pytest.mark.parametrize(("at", "comes"), EDGES)
def test_a_buyer_is_invited_within_thirty_days(world: World, at: datetime, comes: str) -> None:
    number = order(world)
    set_clock(world, at)
    if comes == "in time":
        assert run(world, "invite", orders=[number], message="How is it?") == {"invited": [number]}
        row = awaited(world, number)
        assert row is not None
        # 0: the market decides at its next tick what the buyer does.
        assert (row.invited_at, row.invitation, row.due) == (at, "How is it?", 0)
        assert told(world, "reviews.invited") == [(number, 1, {})]
    else:
        refusal = refused(world, "invite", orders=[number], message="How is it?")
        assert (refusal.code, list(refusal.fields)) == ("invite.not_possible", ["orders.0"])
        assert "30 days ago" in refusal.fields["orders.0"].english()


def test_everything_happens_once(world: World) -> None:
    number = reviewed(world)
    found = review(world, number)
    assert refused(world, "write", BUYER, order=found.order_id, **GOOD).code == "review.written"
    run(world, "change", BUYER, review=number, **GOOD)
    assert refused(world, "change", BUYER, review=number, **GOOD).code == "review.changed"
    run(world, "reply", review=number, text="Thanks")
    assert refused(world, "reply", review=number, text="Thanks").code == "review.replied"
    waiting = order(world)
    run(world, "invite", orders=[waiting], message="Hello")
    again = refused(world, "invite", orders=[waiting], message="Hello")
    assert "was invited" in again.fields["orders.0"].english()


def test_an_invited_review_says_so(world: World) -> None:
    number = order(world)
    run(world, "invite", orders=[number], message="Hello")
    assert review(world, run(world, "write", BUYER, order=number, **GOOD)["review"]).invited


def test_many_are_invited_or_none(world: World) -> None:
    first, second, late = order(world), order(world), order(world, BORN - timedelta(days=30))
    done = review(world, reviewed(world)).order_id
    refusal = refused(world, "invite", orders=[first, late, done, second], message="Hello")
    assert (refusal.status, list(refusal.fields)) == (409, ["orders.1", "orders.2"])
    assert run(world, "invite", orders=[second, first, second], message="Hello")["invited"] == [second, first]
    coming = order(world, None)
    refusal = refused(world, "invite", orders=[coming], message="Hello")
    assert "does not await" in refusal.fields["orders.0"].english()


@pytest.mark.parametrize("orders", [[], list(range(1, 102))])
def test_one_to_a_hundred_orders_are_chosen(world: World, orders: list[int]) -> None:
    assert refused(world, "invite", orders=orders, message="Hello").code == "invite.how_many"


@pytest.mark.parametrize("number", [0, -1, 999_999, 2**63])
def test_what_is_not_there_is_not_found(world: World, number: int) -> None:
    assert refused(world, "invite", orders=[number], message="Hello").status == 404
    assert refused(world, "write", BUYER, order=number, **GOOD).status == 404
    assert refused(world, "change", BUYER, review=number, **GOOD).status == 404
    assert refused(world, "reply", review=number, text="Hello").status == 404


def test_what_is_others_is_not_found(world: World) -> None:
    number, waiting = reviewed(world), order(world)
    assert refused(world, "invite", RIVAL, orders=[waiting], message="Hello").status == 404
    assert refused(world, "reply", RIVAL, review=number, text="Hello").status == 404
    assert refused(world, "write", OTHER, order=waiting, **GOOD).status == 404
    assert refused(world, "change", OTHER, review=number, **GOOD).status == 404


def test_each_side_does_its_own(world: World) -> None:
    number, waiting = reviewed(world), order(world)
    assert refused(world, "write", PLAYER, order=waiting, **GOOD).code == "command.not_yours"
    assert refused(world, "change", PLAYER, review=number, **GOOD).code == "command.not_yours"
    assert refused(world, "invite", BUYER, orders=[waiting], message="Hello").code == "command.not_yours"
    assert refused(world, "reply", BUYER, review=number, text="Hello").code == "command.not_yours"


def test_only_what_was_received_is_reviewed(world: World) -> None:
    refusal = refused(world, "write", BUYER, order=order(world, None), **GOOD)
    assert (refusal.code, refusal.remedy) == ("review.not_received", "Confirm the receipt first.")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"quality": 0}, ["quality"]),
        ({"quality": 6, "service": 0, "shipment": -1}, ["quality", "service", "shipment"]),
        ({"text": "x" * 1001}, ["text"]),
        ({"text": "Chairs \u202egnp"}, ["text"]),
        ({"keywords": ["cheap"]}, ["keywords"]),
        ({"keywords": ["good quality", "fast delivery", "fair price", "as described"]}, ["keywords"]),
        ({"photos": ["sofa-1"]}, ["photos"]),
    ],
)
def test_what_does_not_fit_is_named(world: World, change: dict[str, Any], fields: list[str]) -> None:
    refusal = refused(world, "write", BUYER, order=order(world), **{**GOOD, **change})
    assert (refusal.status, list(refusal.fields)) == (422, fields)


def test_three_pictures_at_most_of_those_offered(world: World) -> None:
    number, drawn = order(world), offered(images(world), 5)
    assert list(refused(world, "write", BUYER, order=number, **GOOD, photos=drawn[:4]).fields) == ["photos"]
    made = run(world, "write", BUYER, order=number, **GOOD, photos=drawn[:3])["review"]
    assert review(world, made).photos == drawn[:3]


def test_pictures_of_a_simulated_review_may_stay_when_it_is_changed(world: World) -> None:
    number = reviewed(world, photos=["chair-900001"], text="As described.", params={})
    run(world, "change", BUYER, review=number, **GOOD, photos=["chair-900001"])
    found = review(world, number)
    assert (found.photos, found.text, found.params) == (["chair-900001"], "Solid chairs.", None)


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "a\u0007b"])
def test_a_reply_has_words_that_fit(world: World, text: str) -> None:
    assert list(refused(world, "reply", review=reviewed(world), text=text).fields) == ["text"]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 501])
def test_an_invitation_has_words_that_fit(world: World, text: str) -> None:
    assert list(refused(world, "invite", orders=[order(world)], message=text).fields) == ["message"]
