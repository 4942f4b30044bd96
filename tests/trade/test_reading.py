"""What pages, digest, explanations and the jump-to box say of orders."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.bulk import row_of
from august.kernel.errors import Refusal
from august.kernel.world import World
from august.market.grow import BORN
from august.merchants.models import Buyer
from august.trade import queries, why
from august.trade.detail import Look, look
from august.trade.digest import digest
from august.trade.models import STATES, Order, Shipment
from august.trade.rules import late_risk, order_terms
from august.web.tables import listing
from tests.trade.deals import BUYER, DAY, NOW, PLAYER, RIVAL, an_order, changing, looking, order_of, run


def found(world: World, **params: str) -> list[int]:
    """The numbers of the orders that the table shows."""
    asked = listing("/orders", params, sorts=tuple(queries.SORTS), default="id", filters=queries.FILTERS)
    with looking(world) as ctx:
        table = queries.table(ctx, asked)
    assert table.page.total == len(table.lines)
    return [line.id for line in table.lines]


def test_every_filter_keeps_exactly_its_orders(world: World) -> None:
    with looking(world) as ctx:
        mine = select(Product).where(Product.merchant_id == 1).order_by(Product.id).limit(2)
        titles = [each.title for each in ctx.session.scalars(mine)]
        company = ctx.session.get_one(Buyer, 9).company
    plain = an_order(world, "producing", product_id=1)
    other = an_order(
        world,
        "completed",
        product_id=2,
        buyer_id=9,
        country="GB",
        channel="e_collection",
        export_mode="easy",
        special="TALC",
        terms="oa",
        disputes=1,
        drafted_at=NOW - 40 * DAY,
    )
    held = an_order(world, "arrived", disputed=True, disputes=1)
    an_order(world, "producing", merchant_id=2)
    for params, numbers in (
        ({}, [plain, other, held]),
        ({"q": str(other)}, [other]),
        ({"q": company.upper()}, [other]),
        ({"q": titles[1][3:20].lower()}, [other]),
        ({"q": "100%_no"}, []),
        ({"state": "arrived"}, [held]),
        ({"state": "nonsense"}, [plain, other, held]),
        ({"channel": "e_collection"}, [other]),
        ({"export": "easy"}, [other]),
        ({"special": "TALC"}, [other]),
        ({"terms": "oa"}, [other]),
        ({"country": "GB"}, [other]),
        ({"disputed": "yes"}, [held]),
        ({"disputed": "once"}, [other, held]),
        ({"from": "2022-08-24"}, [plain, held]),
        ({"to": "2022-08-23"}, [other]),
        ({"from": "2022-08-24", "to": "2022-08-24"}, [plain, held]),
        ({"from": "never", "to": "9999-99-99"}, [plain, other, held]),
        ({"sort": "-id"}, [held, other, plain]),
        ({"sort": "ship_by"}, [plain, other, held]),
    ):
        assert found(world, **params) == numbers, params
    with looking(world) as ctx:
        assert queries.state_counts(ctx) == {"producing": 1, "completed": 1, "arrived": 1}
        assert list(queries.countries(ctx)) == ["GB", "US"]


def test_drafted_days_are_pacific_to_the_second(world: World) -> None:
    # BORN is 2022-08-24 19:00 PT; that day began 19 hours before.
    midnight = NOW - 19 * 3600
    numbers = [an_order(world, "drafted", drafted_at=midnight + off) for off in (-1, 0, 1)]
    assert found(world, **{"from": "2022-08-24"}) == numbers[1:]
    assert found(world, to="2022-08-23") == numbers[:1]


def test_late_risk_in_sql_is_late_risk_in_words(world: World) -> None:
    terms = None
    for state in STATES:
        for off in (-3 * DAY, -2 * DAY - 1, -2 * DAY, -2 * DAY + 1, -1, 0, 1, DAY):
            an_order(world, state, ship_by=NOW - off)
    with looking(world) as ctx:
        terms = order_terms(ctx.rulebook, ctx.now)
        risks = {one.id: late_risk(row_of(one), NOW, terms) for one in ctx.session.scalars(select(Order))}
        for risk in ("late", "soon"):
            wanted = [number for number, each in risks.items() if each == risk]
            assert list(ctx.session.scalars(select(Order.id).where(queries.at_risk(ctx, risk)))) == wanted
            assert queries.risk_counts(ctx)[risk] == len(wanted) > 0


def look_at(world: World, number: int) -> Look:
    """The page of an order."""
    with looking(world) as ctx:
        seen = look(ctx, ctx.session.get_one(Order, number))
        ctx.session.expunge_all()
        return seen


def way(world: World, number: int) -> list[tuple[str, str]]:
    """State and mark of every stage."""
    return [(each.state, each.mark) for each in look_at(world, number).stages]


# The states that only some terms lead to.
ONLY = {"balance_due": {"before_shipment"}, "received": {"oa"}}
PLACES = [
    (state, terms)
    for terms in ("full", "before_shipment", "oa")
    for state in STATES
    if terms in ONLY.get(state, {terms})
]


@pytest.mark.parametrize(("state", "terms"), PLACES)
def test_every_order_is_in_exactly_one_place_of_its_way(shared: World, state: str, terms: str) -> None:
    stages = way(shared, an_order(shared, state, terms=terms, inquiry_id=5))
    marks = [mark for _, mark in stages]
    if state == "cancelled":
        assert stages[-1] == ("cancelled", "broken")
        assert set(marks[:-1]) == {"done"}
    elif state == "completed":
        assert set(marks) == {"done"}
    else:
        assert marks.count("now") == 1
        assert stages[marks.index("now")][0] == state
        assert marks == sorted(marks, key=["done", "now", "next"].index)


def test_goods_wait_twice_when_the_rest_is_paid_before(world: World) -> None:
    states = [
        "drafted",
        "confirmed",
        "producing",
        "balance_due",
        "producing",
        "shipped",
        "arrived",
        "completed",
    ]
    first = an_order(world, "producing", terms="before_shipment", inquiry_id=5)
    assert [state for state, _ in way(world, first)] == states
    assert way(world, first)[2] == ("producing", "now")
    paid = an_order(
        world, "producing", terms="before_shipment", inquiry_id=5, paid_cents=100_00, balance_at=NOW
    )
    assert way(world, paid)[4] == ("producing", "now")


@pytest.mark.parametrize(
    ("state", "more", "can"),
    [
        ("asked", {}, ["confirm", "withdraw"]),
        ("drafted", {}, ["withdraw"]),
        ("drafted", {"since": NOW - 7 * DAY}, []),
        ("confirmed", {}, ["withdraw"]),
        ("producing", {}, ["ship", "cancel_booking"]),
        ("producing", {"terms": "before_shipment"}, ["ready", "cancel_booking"]),
        ("producing", {"disputed": True}, ["ship"]),
        ("balance_due", {"terms": "before_shipment"}, ["cancel_booking"]),
        ("part_shipped", {}, ["ship"]),
        ("shipped", {}, []),
        ("arrived", {}, []),
        ("received", {}, []),
        ("completed", {}, []),
        ("cancelled", {}, []),
    ],
)
def test_only_what_can_be_done_is_offered(
    shared: World, state: str, more: dict[str, Any], can: list[str]
) -> None:
    assert list(look_at(shared, an_order(shared, state, **more)).can) == can


def test_the_page_adds_the_money_up(world: World) -> None:
    number = an_order(world, "confirmed", terms="before_shipment", total_cents=100_01, first_cents=30_00)
    run(world, "trade.pay_first", BUYER, order=number)
    sums = look_at(world, number).sums
    assert (sums.first_cents, sums.final_cents, sums.outstanding_cents) == (30_00, 70_01, 70_01)
    run(world, "trade.cancel_booking", order=number)
    seen = look_at(world, number)
    assert seen.sums.outstanding_cents == 100_01
    assert [(each.cents, each.cancelled_at) for each in seen.receipts] == [(30_00, BORN)]
    assert [each.kind for each in seen.entries] == ["trade.paid", "trade.booking_cancelled"]
    run(world, "trade.withdraw", order=number)
    assert look_at(world, number).sums.outstanding_cents == 0


@pytest.mark.parametrize(("off", "kept"), [(-1, True), (0, True), (1, False)])
def test_promised_and_kept_to_the_second(world: World, off: int, *, kept: bool) -> None:
    number = an_order(
        world, "arrived", ship_by=NOW - 20 * DAY, shipped_at=NOW - 20 * DAY + off, promised_days=12
    )
    with changing(world) as session:
        arrived = BORN - timedelta(days=8) + timedelta(seconds=2 * off)
        session.add(
            Shipment(
                order_id=number,
                merchant_id=1,
                quantity=10,
                line="express_standard",
                tracking="AG1",
                shipped_at=BORN - timedelta(days=20),
                departed_at=None,
                cleared_at=None,
                arrived_at=arrived,
                due=None,
            )
        )
    shipment, delivery = look_at(world, number).promises
    assert (shipment.kept, delivery.kept) == (kept, kept)
    assert delivery.promised == BORN - timedelta(days=8) + timedelta(seconds=off)


def test_why_an_order_is_late(world: World) -> None:
    number = an_order(world, "producing", paid_at=NOW - 21 * DAY, ship_by=NOW - 1)
    with looking(world) as ctx:
        tree = why.late(ctx, str(number))
        assert (tree.english(), tree.outcome) == (f"Order {number} is late.", "bad")
        assert tree.remedy
        assert tree.rules == ("trade.states",)
        # The lead time ran out a day ago; the goods waited nearly a day for the rest.
        assert [node.params.get("days") for node in tree.children] == [20, None, None, 2, None]
        assert why.late(ctx, str(number)) == tree
    for key in ("0", "x", "99999999999999999999", "-1"):
        with looking(world) as ctx, pytest.raises(Refusal) as caught:
            why.late(ctx, key)
        assert caught.value.status == 404
    with looking(world, RIVAL) as ctx, pytest.raises(Refusal):
        why.ends(ctx, str(number))


@pytest.mark.parametrize("state", STATES)
def test_every_state_explains_its_deadline_and_its_lateness(shared: World, state: str) -> None:
    for more in ({}, {"disputed": True}):
        number = str(an_order(shared, state, **more))
        with looking(shared) as ctx:
            assert number in why.ends(ctx, number).english()
            assert number in why.late(ctx, number).english()


def test_the_digest_of_a_jump(world: World) -> None:
    since, until = BORN - timedelta(seconds=1), BORN
    number = an_order(world, "drafted", total_cents=100_00)
    run(world, "trade.accept", BUYER, order=number)
    run(world, "trade.pay_first", BUYER, order=number)
    late = an_order(world, "producing", ship_by=NOW - 1)
    an_order(world, "producing", ship_by=NOW - 1, merchant_id=2)
    with looking(world) as ctx:
        told = {line.message: line.params for line in digest(ctx, since, until)}
        assert told["Drafts accepted by buyers: {count}"] == {"count": 1}
        assert told["Money booked: {amount}"] == {"amount": {"cents": 100_00, "currency": "USD"}}
        assert told["Orders that are late to ship: {count}"] == {"count": 1}
        # What happened at the very beginning belongs to the jump before.
        assert "Money booked: {amount}" not in {line.message for line in digest(ctx, until, until)}
    run(world, "trade.ship", order=late)
    with looking(world) as ctx:
        told = {line.message: line.params for line in digest(ctx, since, until)}
        assert told["Orders shipped late: {count}"] == {"count": 1}
        assert "Orders that are late to ship: {count}" not in told


def test_orders_are_found_by_number_and_buyer(world: World) -> None:
    number = an_order(world, "drafted")
    an_order(world, "drafted", merchant_id=2, buyer_id=9)
    with looking(world) as ctx:
        company = ctx.session.get_one(Buyer, 7).company
        for text in (str(number), company[:8].lower(), f" {number} "):
            assert [hit.path for hit in queries.find(ctx, text)] == [f"/orders/{number}"], text
        assert queries.find(ctx, "") == []
        assert queries.find(ctx, "9" * 30) == []


def test_a_draft_from_a_conversation_can_be_told_from_a_direct_order(world: World) -> None:
    assert way(world, an_order(world, "confirmed"))[0][0] == "asked"
    assert way(world, an_order(world, "confirmed", inquiry_id=3))[0][0] == "drafted"
    assert order_of(world, an_order(world, "confirmed")).merchant_id == PLAYER.merchant
