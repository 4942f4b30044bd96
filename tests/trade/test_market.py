"""What the market makes of what stores and buyers did: the other side answers, deadlines end states."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from august.catalog.models import Product
from august.integrity.models import Dispute
from august.kernel.jobs import advance
from august.kernel.tables import Event
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.trade.models import Order
from august.trade.quotes import unit_price
from tests.trade.deals import (
    BUYER,
    DAY,
    NOW,
    NUMBERS,
    a_product,
    an_inquiry,
    an_order,
    changing,
    looking,
    order_of,
    receipts_of,
    run,
    shipments_of,
)

QUANTITY = 12


@pytest.fixture(scope="module")
def drafted(store: Worlds) -> tuple[World, dict[str, list[int]]]:
    """A world three days after drafts of several kinds were sent, forty of each."""
    world = store.create(f"w{next(NUMBERS)}", "t", seed=5)
    product = a_product(world, "customization")
    with looking(world) as ctx:
        found = ctx.session.get_one(Product, product)
        listed = unit_price(found.tiers, found.price_cents, QUANTITY)
    kinds = {
        # Agreed on at nine tenths of the list price, and drafted like that, dearer, or over more pieces.
        "agreed": {"unit_price_usd": usd(listed * 9 // 10)},
        "dearer": {"unit_price_usd": usd(listed * 12 // 10)},
        # Agreed on, then quoted dearer and drafted before the buyer said anything to that.
        "raised": {"unit_price_usd": usd(listed * 13 // 10)},
        "larger": {"unit_price_usd": usd(listed * 9 // 10), "quantity": QUANTITY * 2},
        # Nothing was agreed on.
        "early": {"unit_price_usd": usd(listed * 8 // 10)},
        "greedy": {"unit_price_usd": usd(listed * 13 // 10)},
    }
    made: dict[str, list[int]] = {}
    for kind, deal in kinds.items():
        for place in range(40):
            asked = {"luck": 1_000_003 * place + 17, "quantity": QUANTITY}
            if kind in {"early", "greedy"}:
                asked |= {"state": "open", "first_reply_at": None, "quote_cents": None}
            else:
                asked |= {"quote_cents": listed * 9 // 10}
            inquiry = an_inquiry(world, product, **asked)
            if asked["quote_cents"]:
                agree(world, inquiry, asked["quote_cents"])
            if kind == "raised":
                quoted = {"text": "It has become dearer.", "quote_usd": usd(listed * 13 // 10)}
                run(world, "opportunities.reply", inquiry=inquiry, **quoted)
            done = run(world, "trade.draft_order", **({"inquiry": inquiry, "quantity": QUANTITY} | deal))
            made.setdefault(kind, []).append(done["order"])
    advance(world, BORN + timedelta(days=3))
    return world, made


def agree(world: World, inquiry: int, cents: int) -> None:
    """Write down that the buyer said yes."""
    fact = {"kind": "opportunities.agreed", "object_kind": "inquiry", "object_id": inquiry}
    with changing(world) as session:
        session.add(Event(at=BORN, merchant_id=1, actor="buyer", params={"quote_cents": cents}, **fact))


def usd(cents: int) -> str:
    """Cents as a command takes them."""
    return f"{cents // 100}.{cents % 100:02d}"


def accepted(world: World, orders: Sequence[int]) -> int:
    """How many of the drafts the buyers agreed to; the others were declined."""
    with looking(world) as ctx:
        found = list(ctx.session.scalars(select(Order).where(Order.id.in_(orders))))
    assert all(order.confirmed_at is not None or order.close_why == "declined" for order in found)
    return sum(order.confirmed_at is not None for order in found)


def test_buyers_accept_what_was_agreed_on(drafted: tuple[World, dict[str, list[int]]]) -> None:
    world, made = drafted
    assert accepted(world, made["agreed"]) >= 34
    states = Counter(order_of(world, number).state for number in made["agreed"])
    assert states["producing"] > states["confirmed"]


def test_buyers_do_not_pay_more_than_was_agreed_on(drafted: tuple[World, dict[str, list[int]]]) -> None:
    world, made = drafted
    assert accepted(world, made["dearer"]) == 0
    assert accepted(world, made["raised"]) == 0
    assert accepted(world, made["larger"]) == 0
    assert accepted(world, made["greedy"]) == 0


def test_a_draft_before_an_agreement_is_judged_like_an_answer(
    drafted: tuple[World, dict[str, list[int]]],
) -> None:
    world, made = drafted
    assert 5 <= accepted(world, made["early"]) <= 30


@pytest.fixture(scope="module")
def waited(store: Worlds) -> tuple[World, dict[str, int]]:
    """A world in which everybody waited sixteen days for whatever ends by itself."""
    world = store.create(f"w{next(NUMBERS)}", "t", seed=5)
    orders = {
        state: an_order(world, state, due=0, luck=7_777) for state in ("asked", "confirmed", "producing")
    }
    orders["arrived"] = an_order(world, "arrived", due=0)
    orders["disputed"] = an_order(world, "arrived", disputed=False, since=NOW - 9 * DAY)
    orders["silent"] = run(
        world, "integrity.open", BUYER, order=orders["disputed"], reason="not_as_described"
    )["dispute"]
    orders["fought"] = an_order(world, "producing", due=0, luck=99)
    orders["fight"] = run(world, "integrity.open", BUYER, order=orders["fought"], reason="no_longer_wanted")[
        "dispute"
    ]
    run(world, "integrity.escalate", BUYER, dispute=orders["fight"])
    run(world, "trade.ship", order=orders["producing"], quantity=4)
    run(world, "trade.ship", order=orders["producing"], line="express_standard")
    advance(world, BORN + timedelta(days=16))
    return world, orders


def test_states_end_at_their_deadline(waited: tuple[World, dict[str, int]]) -> None:
    world, orders = waited
    asked = order_of(world, orders["asked"])
    ends = BORN - timedelta(hours=1) + timedelta(days=5)
    assert (asked.state, asked.close_why, asked.closed_at) == ("cancelled", "lapsed", ends)
    received = order_of(world, orders["arrived"])
    assert received.state == "completed"
    assert received.received_at is not None
    # Buyers confirm within 120 hours, long before it counts as confirmed.
    assert BORN < received.received_at < BORN + timedelta(hours=120)


def test_buyers_pay_as_the_market_books_it(waited: tuple[World, dict[str, int]]) -> None:
    world, orders = waited
    paid = order_of(world, orders["confirmed"])
    assert paid.state == "producing"
    assert receipts_of(world, orders["confirmed"]) == [("first", 100_00, None)]
    assert paid.ship_by is not None
    assert paid.paid_at is not None
    assert paid.ship_by - paid.paid_at == timedelta(days=20)


def test_parts_travel_and_the_last_one_brings_the_order(waited: tuple[World, dict[str, int]]) -> None:
    world, orders = waited
    shipped = order_of(world, orders["producing"])
    assert shipments_of(world, orders["producing"]) == [(4, "other"), (6, "express_standard")]
    assert shipped.state == "shipped"
    advance(world, BORN + timedelta(days=50))
    assert order_of(world, orders["producing"]).state in {"arrived", "completed"}


def test_who_says_nothing_for_five_days_has_accepted(waited: tuple[World, dict[str, int]]) -> None:
    world, orders = waited
    with looking(world) as ctx:
        dispute = ctx.session.get_one(Dispute, orders["silent"])
        assert (dispute.state, dispute.settled_at) == ("accepted", BORN + timedelta(days=5))
        assert (dispute.seller_liable, dispute.refund_cents) == (True, 100_00)
        about = Event.object_kind == "dispute", Event.object_id == dispute.id
        event = ctx.session.scalars(select(Event).where(*about, Event.kind == "integrity.accept")).one()
        assert event.actor == "system"
    order = order_of(world, orders["disputed"])
    assert (order.state, order.close_why, order.disputed) == ("cancelled", "refunded", False)


def test_the_platform_decides_by_the_frozen_reason(waited: tuple[World, dict[str, int]]) -> None:
    world, orders = waited
    with looking(world) as ctx:
        dispute = ctx.session.get_one(Dispute, orders["fight"])
        assert (dispute.state, dispute.seller_liable) == ("decided", False)
        assert dispute.refund_cents == 100_00
    assert order_of(world, orders["fought"]).close_why == "refunded"


def test_buyers_seldom_accept_what_they_did_not_ask_for(world: World) -> None:
    orders = [
        an_order(world, "drafted", due=0, luck=place * 7_919, product_id=product, unit_cents=cents)
        for place in range(40)
        for product, cents in ((a_product(world, "customization"), 1),)
    ]
    advance(world, BORN + timedelta(days=2))
    assert accepted(world, orders) <= 8
