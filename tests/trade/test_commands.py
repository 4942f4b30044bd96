"""What stores and buyers do with orders: done, or refused without a trace."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from august.catalog import lines
from august.catalog.models import FreightLine, FreightTemplate, Product, StockMove
from august.kernel.tables import Event
from august.kernel.world import World
from august.market.grow import BORN
from august.opportunities.models import ChatLine, Inquiry
from august.opportunities.words import DRAFTED
from august.reviews.models import PendingReview
from august.trade.models import STATES, OrderView
from tests.trade.deals import (
    BUYER,
    DAY,
    NOW,
    PLAYER,
    RIVAL,
    STRANGER,
    a_product,
    an_inquiry,
    an_order,
    changing,
    looking,
    order_of,
    receipts_of,
    refusal,
    refused,
    run,
    shipments_of,
    unchanged,
)

# Where each command starts from, and who gives it.
SELLER = {
    "confirm": {"asked"},
    "withdraw": {"asked", "drafted", "confirmed"},
    "ready": {"producing"},
    "ship": {"producing", "part_shipped"},
    "cancel_booking": {"producing", "balance_due"},
}
BUYERS = {
    "accept": {"drafted"},
    "decline": {"drafted"},
    "pay_first": {"confirmed"},
    "pay_final": {"balance_due", "received"},
    "receive": {"arrived"},
}


@pytest.mark.parametrize("state", STATES)
def test_every_command_in_every_other_state_changes_nothing(shared: World, state: str) -> None:
    number = an_order(shared, state)
    tried = [(PLAYER, name) for name, starts in SELLER.items() if state not in starts]
    tried += [(BUYER, name) for name, starts in BUYERS.items() if state not in starts]
    with unchanged(shared):
        for actor, name in tried:
            why = refusal(shared, f"trade.{name}", actor, order=number)
            assert (why.code, why.status) == ("order.wrong_state", 409), name


@pytest.mark.parametrize("name", SELLER)
def test_nobody_touches_another_stores_order(shared: World, name: str) -> None:
    number = an_order(shared, min(SELLER[name]))
    with unchanged(shared):
        for other in (number, 987_654, 0, -1, 2**63):
            why = refusal(shared, f"trade.{name}", RIVAL, order=other)
            assert (why.code, why.status) == ("order.unknown", 404)
        assert refusal(shared, f"trade.{name}", BUYER, order=number).code == "command.not_yours"


@pytest.mark.parametrize("name", BUYERS)
def test_nobody_touches_another_buyers_order(shared: World, name: str) -> None:
    number = an_order(shared, min(BUYERS[name]))
    with unchanged(shared):
        assert refusal(shared, f"trade.{name}", STRANGER, order=number).code == "order.unknown"
        assert refusal(shared, f"trade.{name}", PLAYER, order=number).code == "command.not_yours"


TIMED = (
    ("confirm", "asked", 5),
    ("withdraw", "asked", 5),
    ("withdraw", "drafted", 7),
    ("accept", "drafted", 7),
    ("decline", "drafted", 7),
    ("pay_first", "confirmed", 7),
    ("receive", "arrived", 10),
)


def test_a_second_before_the_deadline_is_in_time(shared: World) -> None:
    for name, state, days in TIMED:
        number = an_order(shared, state, since=NOW - days * DAY + 1)
        actor = PLAYER if name in SELLER else BUYER
        assert run(shared, f"trade.{name}", actor, order=number)["order"] == number


@pytest.mark.parametrize("off", [0, 1])
def test_the_second_of_the_deadline_is_too_late(shared: World, off: int) -> None:
    orders = [(name, an_order(shared, state, since=NOW - days * DAY - off)) for name, state, days in TIMED]
    with unchanged(shared):
        for name, number in orders:
            actor = PLAYER if name in SELLER else BUYER
            why = refusal(shared, f"trade.{name}", actor, order=number)
            assert (why.code, why.rules) == ("order.too_late", ("trade.states",)), name
            assert why.remedy


def test_a_draft_from_a_conversation_concludes_it(world: World) -> None:
    product = a_product(world, "customization")
    inquiry = an_inquiry(world, product)
    made = run(world, "trade.draft_order", inquiry=inquiry, quantity=12, unit_price_usd="12.34")
    order = order_of(world, made["order"])
    assert (order.state, order.due, order.luck, order.inquiry_id) == ("drafted", 0, 99, inquiry)
    assert (order.unit_cents, order.goods_cents) == (12_34, 148_08)
    assert (order.terms, order.first_cents) == ("before_shipment", (order.total_cents * 30 + 50) // 100)
    with looking(world) as ctx:
        talk = ctx.session.get_one(Inquiry, inquiry)
        assert (talk.state, talk.turn, talk.order_id, talk.due) == ("ordered", "nobody", order.id, None)
        line = ctx.session.scalars(select(ChatLine).where(ChatLine.inquiry_id == inquiry)).one()
        assert (line.side, line.author, line.text) == ("seller", "player", DRAFTED)
        assert line.params == {"quantity": 12, "price": {"cents": 12_34, "currency": "USD"}}
        event = ctx.session.scalars(select(Event).where(Event.object_kind == "order")).one()
        assert (event.kind, event.merchant_id, event.actor) == ("trade.drafted", 1, "player")
    again = refused(world, "trade.draft_order", inquiry=inquiry, quantity=12)
    assert (again.code, again.status) == ("inquiry.over", 409)


def test_a_draft_is_an_answer(world: World) -> None:
    inquiry = an_inquiry(world, a_product(world, "rts"), state="open", first_reply_at=None, quote_cents=None)
    run(world, "trade.draft_order", inquiry=inquiry, quantity=12, terms="full")
    with looking(world) as ctx:
        assert ctx.session.get_one(Inquiry, inquiry).first_reply_at == BORN


BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"quantity": 0}, "quantity"),
    ({"quantity": 10_000_001}, "quantity"),
    ({"unit_price_usd": "0"}, "unit_price_usd"),
    ({"unit_price_usd": "1.234"}, "unit_price_usd"),
    ({"unit_price_usd": "10000000.01"}, "unit_price_usd"),
    ({"terms": "oa"}, "oa_days"),
    ({"terms": "oa", "oa_days": 31}, "oa_days"),
    ({"terms": "full", "oa_days": 30}, "oa_days"),
    ({"channel": "e_collection", "special": "TALC"}, "special"),
    ({"terms": "later"}, "terms"),
    ({"colour": "red"}, "colour"),
)


def test_a_bad_draft_is_refused_beside_its_field(shared: World) -> None:
    inquiry = an_inquiry(shared, a_product(shared, "customization"))
    with unchanged(shared):
        for change, field in BAD:
            why = refusal(shared, "trade.draft_order", **({"inquiry": inquiry, "quantity": 12} | change))
            assert (why.status, list(why.fields)) == (422, [field]), change


@pytest.mark.parametrize("days", [30, 60, 90])
def test_oa_terms_and_letters_of_credit(world: World, days: int) -> None:
    inquiry = an_inquiry(world, a_product(world, "customization"))
    made = run(
        world, "trade.draft_order", inquiry=inquiry, quantity=12, terms="oa", oa_days=days, special="TAOLC"
    )
    order = order_of(world, made["order"])
    assert (order.terms, order.oa_days, order.special, order.channel) == ("oa", days, "TAOLC", "ta")


def test_a_draft_names_one_source(shared: World) -> None:
    product = a_product(shared, "rts")
    inquiry = an_inquiry(shared, product)
    lost = an_inquiry(shared, product, state="lost")
    with unchanged(shared):
        both = refusal(shared, "trade.draft_order", inquiry=inquiry, buyer=7, quantity=1)
        assert both.code == "order.two_sources"
        none = refusal(shared, "trade.draft_order", product=product, quantity=1)
        assert (none.code, list(none.fields)) == ("order.nobody_named", ["buyer"])
        assert refusal(shared, "trade.draft_order", inquiry=987, quantity=1).code == "inquiry.unknown"
        theirs = refusal(shared, "trade.draft_order", RIVAL, inquiry=inquiry, quantity=1)
        assert theirs.code == "inquiry.unknown"
        assert refusal(shared, "trade.draft_order", inquiry=lost, quantity=1).code == "inquiry.over"


def test_an_unasked_draft_goes_to_acquaintances_once_a_month(world: World) -> None:
    product = a_product(world, "rts")
    asked = {"buyer": 7, "product": product, "quantity": 50, "terms": "full"}
    stranger = refused(world, "trade.draft_order", **asked)
    assert (stranger.code, list(stranger.fields)) == ("order.stranger", ["buyer"])
    an_inquiry(world, product, state="lost")
    made = run(world, "trade.draft_order", **asked)
    again = refused(world, "trade.draft_order", **asked)
    assert (again.code, again.status) == ("order.unasked_again", 409)
    assert again.params["next"] == BORN + timedelta(days=30)
    for off, free in ((1, False), (0, True)):
        with changing(world) as session:
            event = session.scalars(select(Event).where(Event.object_id == made["order"])).one()
            event.at = BORN - timedelta(days=30) + timedelta(seconds=off)
        if free:
            assert run(world, "trade.draft_order", **asked)["state"] == "drafted"
        else:
            assert refused(world, "trade.draft_order", **asked).code == "order.unasked_again"


def test_what_is_not_on_sale_is_not_drafted(shared: World) -> None:
    hidden = a_product(shared, "rts")
    an_inquiry(shared, hidden, state="lost")
    with changing(shared) as session:
        session.get_one(Product, hidden).status = "off_shelf"
    why = refused(shared, "trade.draft_order", buyer=7, product=hidden, quantity=1)
    assert (why.code, why.status) == ("order.not_on_sale", 409)
    assert (
        refused(shared, "trade.draft_order", buyer=7, product=999_999, quantity=1).code == "product.unknown"
    )


def ready_product(world: World) -> int:
    """A product in stock that can be sent wherever express goes."""
    product = a_product(world, "rts")
    with changing(world) as session:
        found = session.get_one(Product, product)
        found.stock, found.moq = 100, 10
        found.package_mm, found.weight_g = {"l": 100, "w": 100, "h": 10}, 50
        template = FreightTemplate(merchant_id=1, name="Everywhere", origin="foshan")
        session.add(template)
        session.flush()
        reach = list(lines.standing().lines["express_standard"].zones)
        line = {"line": "express_standard", "countries": reach, "delivery_by": True}
        session.add(FreightLine(template_id=template.id, **line))
        found.freight_template_id = template.id
    return product


def stock(world: World, product: int) -> int:
    """Pieces in stock; every one of them is accounted for since the order came."""
    with looking(world) as ctx:
        moved = ctx.session.scalar(
            select(func.coalesce(func.sum(StockMove.pieces), 0)).where(
                StockMove.product_id == product, StockMove.order_id.is_not(None)
            )
        )
        left = ctx.session.get_one(Product, product).stock
        assert left == 100 + int(moved or 0)
        return left


def test_a_buyer_orders_pays_and_gets_the_booking_cancelled(world: World) -> None:
    product = ready_product(world)
    made = run(world, "trade.order_now", BUYER, product=product, quantity=30)
    number = made["order"]
    assert (made["state"], stock(world, product)) == ("confirmed", 100)
    paid = run(world, "trade.pay_first", BUYER, order=number)
    order = order_of(world, number)
    assert (paid["state"], stock(world, product)) == ("producing", 70)
    assert receipts_of(world, number) == [("first", order.total_cents, None)]
    assert order.ship_by == BORN + timedelta(days=order.lead_days)
    run(world, "trade.cancel_booking", order=number)
    order = order_of(world, number)
    assert (order.state, order.paid_cents, order.paid_at, order.ship_by) == ("confirmed", 0, None, None)
    assert receipts_of(world, number) == [("first", order.total_cents, BORN)]
    assert stock(world, product) == 100
    # Paid once more, it takes its pieces once more and books a receipt of its own.
    run(world, "trade.pay_first", BUYER, order=number)
    assert stock(world, product) == 70
    assert receipts_of(world, number) == [
        ("first", order.total_cents, BORN),
        ("first", order.total_cents, None),
    ]


def test_the_first_payment_takes_what_is_there(world: World) -> None:
    product = ready_product(world)
    number = an_order(world, "confirmed", kind="rts", product_id=product, quantity=130)
    run(world, "trade.pay_first", BUYER, order=number)
    assert stock(world, product) == 0
    custom = an_order(world, "confirmed", product_id=product)
    run(world, "trade.pay_first", BUYER, order=custom)
    with looking(world) as ctx:
        assert ctx.session.scalars(select(StockMove).where(StockMove.order_id == custom)).all() == []


def test_what_cannot_leave_at_once_is_asked_for(world: World) -> None:
    product = ready_product(world)
    made = run(world, "trade.order_now", BUYER, product=product, quantity=101)
    assert made["state"] == "asked"
    assert run(world, "trade.confirm", order=made["order"])["state"] == "confirmed"
    custom = a_product(world, "customization")
    made = run(world, "trade.order_now", BUYER, product=custom, quantity=5_000)
    order = order_of(world, made["order"])
    assert (order.state, order.terms, order.channel) == ("asked", "before_shipment", "ta")


def test_what_cannot_be_ordered(shared: World) -> None:
    product = ready_product(shared)
    with unchanged(shared):
        small = refusal(shared, "trade.order_now", BUYER, product=product, quantity=9)
        assert (small.code, list(small.fields)) == ("order.bad_order_quantity", ["quantity"])
        assert refusal(shared, "trade.order_now", BUYER, product=0, quantity=9).code == "product.not_for_sale"
        mine = refusal(shared, "trade.order_now", PLAYER, product=product, quantity=10)
        assert mine.code == "command.not_yours"
    with changing(shared) as session:
        session.get_one(Product, product).freight_template_id = None
    why = refused(shared, "trade.order_now", BUYER, product=product, quantity=10)
    assert (why.code, why.status) == ("order.not_computable", 409)


def test_first_and_final_receipt_make_the_total(world: World) -> None:
    number = an_order(world, "confirmed", terms="before_shipment", total_cents=100_01, first_cents=30_00)
    run(world, "trade.pay_first", BUYER, order=number)
    run(world, "trade.ready", order=number)
    run(world, "trade.pay_final", BUYER, order=number)
    assert receipts_of(world, number) == [("first", 30_00, None), ("final", 70_01, None)]
    order = order_of(world, number)
    assert (order.state, order.paid_cents, order.balance_at) == ("producing", 100_01, BORN)
    run(world, "trade.cancel_booking", order=number)
    assert [cancelled for *_, cancelled in receipts_of(world, number)] == [BORN, BORN]


def test_goods_leave_in_parts(world: World) -> None:
    number = an_order(world, "producing")
    first = run(world, "trade.ship", order=number, quantity=4)
    assert (first["state"], order_of(world, number).shipped_at) == ("part_shipped", None)
    second = run(world, "trade.ship", order=number, line="sea_lcl")
    order = order_of(world, number)
    assert (second["state"], order.shipped_quantity, order.shipped_at) == ("shipped", 10, BORN)
    assert shipments_of(world, number) == [(4, "other"), (6, "sea_lcl")]
    assert first["tracking"] != second["tracking"]


def test_bad_shipments_change_nothing(shared: World) -> None:
    number = an_order(shared, "part_shipped")
    unpaid = an_order(shared, "producing", terms="before_shipment")
    with unchanged(shared):
        for pieces in (0, 7, -2):
            why = refusal(shared, "trade.ship", order=number, quantity=pieces)
            assert why.code == "order.bad_quantity"
        for line in ("teleport", "x" * 500):
            why = refusal(shared, "trade.ship", order=number, line=line)
            assert (why.code, list(why.fields)) == ("order.bad_line", ["line"])
        assert refusal(shared, "trade.ship", order=unpaid).code == "order.balance_unpaid"


def test_a_batch_leaves_wholly(world: World) -> None:
    numbers = [an_order(world, "producing"), an_order(world, "part_shipped"), an_order(world, "producing")]
    done = run(world, "trade.ship_batch", orders=[*numbers, numbers[0]])
    assert done == {"shipped": 3, "orders": numbers}
    assert [shipments_of(world, each) for each in numbers] == [
        [(10, "other")],
        [(6, "other")],
        [(10, "other")],
    ]
    assert {order_of(world, each).state for each in numbers} == {"shipped"}


def test_a_batch_is_refused_with_a_reason_for_each_row(shared: World) -> None:
    able = an_order(shared, "producing")
    unpaid = an_order(shared, "producing", terms="before_shipment")
    gone = an_order(shared, "shipped")
    why = refused(shared, "trade.ship_batch", orders=[able, unpaid, gone])
    assert (why.code, why.status) == ("order.batch_refused", 409)
    assert list(why.fields) == [f"orders.{unpaid}", f"orders.{gone}"]
    assert "not paid yet" in why.fields[f"orders.{unpaid}"].english()
    assert (why.params["count"], why.params["total"]) == (2, 3)


def test_a_batch_needs_orders_of_ones_own(shared: World) -> None:
    number = an_order(shared, "producing")
    with unchanged(shared):
        assert refusal(shared, "trade.ship_batch", orders=[]).code == "order.nothing_chosen"
        many = refusal(shared, "trade.ship_batch", orders=list(range(1, 202)))
        assert many.code == "order.too_many"
        assert refusal(shared, "trade.ship_batch", orders=[number, 2**63]).code == "order.unknown"
        assert refusal(shared, "trade.ship_batch", RIVAL, orders=[number]).code == "order.unknown"


def test_what_is_received_can_be_reviewed(world: World) -> None:
    number = an_order(world, "arrived")
    assert run(world, "trade.receive", BUYER, order=number)["state"] == "completed"
    with looking(world) as ctx:
        pending = ctx.session.get_one(PendingReview, number)
        assert (pending.buyer_id, pending.received_at, pending.due) == (7, BORN, 0)
    oa = an_order(world, "arrived", terms="oa")
    assert run(world, "trade.receive", BUYER, order=oa)["state"] == "received"
    assert run(world, "trade.pay_final", BUYER, order=oa)["state"] == "completed"


def test_a_buyers_facts_are_on_the_stores_timeline(world: World) -> None:
    number = an_order(world, "drafted")
    run(world, "trade.accept", BUYER, order=number)
    run(world, "trade.pay_first", BUYER, order=number)
    with looking(world) as ctx:
        events = ctx.session.scalars(select(Event).where(Event.object_id == number).order_by(Event.id)).all()
        assert [(one.kind, one.merchant_id, one.actor) for one in events] == [
            ("trade.accepted", 1, "buyer"),
            ("trade.paid", 1, "buyer"),
        ]


def test_the_same_key_ships_once(world: World) -> None:
    number = an_order(world, "producing")
    first = run(world, "trade.ship", order=number, quantity=3, key="k")
    assert run(world, "trade.ship", order=number, quantity=3, key="k") == first
    assert shipments_of(world, number) == [(3, "other")]


def test_views_are_kept_replaced_and_deleted(world: World) -> None:
    made = run(world, "trade.save_view", name="Late ones", query="risk=late")
    assert run(world, "trade.save_view", name="Late ones", query="risk=soon") == made
    with looking(world) as ctx:
        assert [view.query for view in ctx.session.scalars(select(OrderView))] == ["risk=soon"]
    assert refused(world, "trade.delete_view", RIVAL, view=made["view"]).code == "view.unknown"
    assert refused(world, "trade.save_view", name="", query="").fields.keys() == {"name"}
    run(world, "trade.delete_view", view=made["view"])
    assert refused(world, "trade.delete_view", view=made["view"]).status == 404
    for number in range(30):
        run(world, "trade.save_view", name=f"V{number}", query="")
    assert refused(world, "trade.save_view", name="One more", query="").code == "view.too_many"
