"""What both sides do about refund requests: done, or refused without a trace; the order goes on."""

from typing import Any

import pytest
from sqlalchemy import select

from august.catalog.models import Product, StockMove
from august.integrity import queries
from august.integrity.commands import STATEMENT_LIMIT
from august.integrity.models import STATES, Dispute
from august.integrity.words import REASONS
from august.kernel.bulk import put
from august.kernel.errors import Refusal
from august.kernel.tables import Event
from august.kernel.world import World
from august.market.grow import BORN
from august.trade.models import STATES as ORDER_STATES
from august.web.tables import listing
from tests.integrity.test_steps import request
from tests.trade.deals import (
    BUYER,
    DAY,
    NOW,
    PAID,
    PLAYER,
    RIVAL,
    STRANGER,
    a_product,
    an_order,
    changing,
    looking,
    order_of,
    refusal,
    refused,
    run,
    unchanged,
)

OPEN = {"opened", "negotiating"}
SELLER: dict[str, dict[str, Any]] = {
    "accept": {},
    "offer": {"amount_usd": "40.00"},
    "remind": {},
    "explain": {"statement": "In time."},
}
BUYERS: dict[str, dict[str, Any]] = {
    "change_reason": {"reason": "no_longer_wanted"},
    "withdraw": {},
    "take_offer": {},
    "escalate": {},
}
WAYS = [(PLAYER, name, told) for name, told in SELLER.items()] + [
    (BUYER, name, told) for name, told in BUYERS.items()
]


def a_dispute(world: World, state: str = "opened", order: int | None = None, **more: Any) -> int:
    """A stored request against a disputed order in production; its number."""
    number = order or an_order(world, "producing", disputed=state in {*OPEN, "arbitration"}, disputes=1)
    row = request(state, order_id=number, **more)
    del row["id"]
    with changing(world) as session:
        dispute = Dispute()
        put(dispute, row)
        session.add(dispute)
        session.flush()
        return dispute.id


def dispute_of(world: World, number: int) -> Dispute:
    """A request as it is stored."""
    with looking(world) as ctx:
        found = ctx.session.get_one(Dispute, number)
        ctx.session.expunge(found)
        return found


@pytest.mark.parametrize("state", STATES)
def test_every_command_in_every_other_state_changes_nothing(shared: World, state: str) -> None:
    number = a_dispute(shared, state)
    with unchanged(shared):
        for actor, name, told in WAYS:
            if state in OPEN and (name != "take_offer" or state == "negotiating"):
                continue
            why = refusal(shared, f"integrity.{name}", actor, dispute=number, **told)
            assert (why.code, why.status, why.rules) == ("dispute.wrong_state", 409, ("I4",)), name


def test_nobody_touches_others_requests(shared: World) -> None:
    number = a_dispute(shared, "negotiating")
    with unchanged(shared):
        for actor, name, told in WAYS:
            other, wrong = (RIVAL, BUYER) if actor is PLAYER else (STRANGER, PLAYER)
            for each in (number, 0, 2**63):
                why = refusal(shared, f"integrity.{name}", other, dispute=each, **told)
                assert (why.code, why.status) == ("dispute.unknown", 404)
            why = refusal(shared, f"integrity.{name}", wrong, dispute=number, **told)
            assert why.code == "command.not_yours"


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_the_second_of_the_deadline_is_too_late(world: World, off: int) -> None:
    for actor, name, told in WAYS:
        number = a_dispute(world, "negotiating", deadline=NOW - off)
        if off < 0:
            assert run(world, f"integrity.{name}", actor, dispute=number, **told)["dispute"] == number
        else:
            why = refusal(world, f"integrity.{name}", actor, dispute=number, **told)
            assert why.code == "dispute.too_late"


@pytest.mark.parametrize("state", ORDER_STATES)
def test_money_back_is_asked_for_what_was_paid(world: World, state: str) -> None:
    number = an_order(world, state)
    if state not in PAID[:-1]:
        assert refused(world, "integrity.open", BUYER, order=number, reason="late_shipment").status == 409
        return
    made = run(world, "integrity.open", BUYER, order=number, reason="late_shipment")
    dispute, order = dispute_of(world, made["dispute"]), order_of(world, number)
    assert (dispute.state, dispute.truth, dispute.claim_cents) == (
        "opened",
        "late_shipment",
        order.paid_cents,
    )
    assert (order.disputed, order.disputes, order.due) == (True, 1, None)
    again = refusal(world, "integrity.open", BUYER, order=number, reason="late_shipment")
    assert again.code == "order.disputed"


def test_a_request_is_the_buyers_own(shared: World) -> None:
    number = an_order(shared, "producing")
    with unchanged(shared):
        for actor, code in ((STRANGER, "order.unknown"), (PLAYER, "command.not_yours")):
            assert refusal(shared, "integrity.open", actor, order=number, reason="late_shipment").code == code
        bad = refusal(shared, "integrity.open", BUYER, order=number, reason="bad mood")
        assert list(bad.fields) == ["reason"]
    ended = an_order(shared, "arrived", since=NOW - 10 * DAY)
    late = refused(shared, "integrity.open", BUYER, order=ended, reason="not_as_described")
    assert late.code == "order.too_late"


def test_won_by_asking_for_the_right_reason(world: World) -> None:
    order = an_order(world, "producing")
    number = run(world, "integrity.open", BUYER, order=order, reason="late_shipment")["dispute"]
    with looking(world) as ctx:
        seen = queries.look(ctx, ctx.session.get_one(Dispute, number))
        assert (seen.wrong, seen.liable) == (True, True)
        assert list(seen.can) == ["remind", "offer", "explain", "accept"]
    run(world, "integrity.remind", dispute=number)
    run(world, "integrity.change_reason", BUYER, dispute=number, reason="no_longer_wanted")
    done = run(world, "integrity.accept", dispute=number)
    assert (done["state"], done["seller_liable"]) == ("accepted", False)
    assert (order_of(world, order).state, order_of(world, order).close_why) == ("cancelled", "refunded")
    with looking(world) as ctx:
        seen = queries.look(ctx, ctx.session.get_one(Dispute, number))
        assert [(each.state, each.mark) for each in seen.stages] == [
            ("opened", "done"),
            ("negotiating", "done"),
            ("accepted", "done"),
        ]
        assert (seen.liable, list(seen.can)) == (False, [])
        kinds = [each.kind for each in seen.entries]
        assert kinds == [f"integrity.{name}" for name in ("opened", "remind", "change_reason", "accept")]
        events = ctx.session.scalars(select(Event).where(Event.object_kind == "order").order_by(Event.id))
        assert [(each.kind, each.merchant_id) for each in events] == [
            ("integrity.opened", 1),
            ("integrity.settled", 1),
        ]


def test_a_request_settled_before_shipment_gives_the_pieces_back(world: World) -> None:
    product = a_product(world, "rts")
    with changing(world) as session:
        session.get_one(Product, product).stock = 100
    order = an_order(world, "confirmed", kind="rts", product_id=product)
    run(world, "trade.pay_first", BUYER, order=order)
    number = run(world, "integrity.open", BUYER, order=order, reason="out_of_stock")["dispute"]
    run(world, "integrity.accept", dispute=number)
    with looking(world) as ctx:
        assert ctx.session.get_one(Product, product).stock == 100
        moves = ctx.session.scalars(
            select(StockMove).where(StockMove.order_id == order).order_by(StockMove.id)
        )
        assert [(move.pieces, move.why) for move in moves] == [(-10, "ordered"), (10, "returned")]


@pytest.mark.parametrize(("amount", "goes_on"), [("40.00", True), ("99.99", True), ("100.00", False)])
def test_an_offer_taken_lets_the_order_go_on_unless_it_is_all(
    world: World, amount: str, *, goes_on: bool
) -> None:
    order = an_order(world, "arrived", since=NOW - 9 * DAY)
    number = run(world, "integrity.open", BUYER, order=order, reason="not_as_described")["dispute"]
    run(world, "integrity.offer", dispute=number, amount_usd=amount)
    done = run(world, "integrity.take_offer", BUYER, dispute=number)
    assert (done["state"], done["seller_liable"]) == ("accepted", False)
    after = order_of(world, order)
    assert (after.state, after.disputed) == ("arrived" if goes_on else "cancelled", False)
    if goes_on:
        # The ten days for the buyer's receipt begin anew.
        assert (after.since, after.due) == (BORN, 0)
        assert run(world, "trade.receive", BUYER, order=order)["state"] == "completed"


def test_a_withdrawn_request_gives_the_order_its_course_back(world: World) -> None:
    order = an_order(world, "balance_due", terms="before_shipment", since=NOW - DAY)
    promised = order_of(world, order).ship_by
    number = run(world, "integrity.open", BUYER, order=order, reason="asks_more_money")["dispute"]
    assert refusal(world, "trade.pay_final", BUYER, order=order).code == "order.disputed"
    assert refusal(world, "trade.cancel_booking", order=order).code == "order.disputed"
    run(world, "integrity.withdraw", BUYER, dispute=number)
    after = order_of(world, order)
    assert (after.state, after.disputed) == ("balance_due", False)
    assert promised is not None
    assert after.ship_by is not None
    assert (after.ship_by - promised).days == 1
    assert run(world, "trade.pay_final", BUYER, order=order)["state"] == "producing"


def test_arbitration_freezes_the_reason(world: World) -> None:
    number = a_dispute(world, "negotiating")
    run(world, "integrity.escalate", BUYER, dispute=number)
    frozen = refused(world, "integrity.change_reason", BUYER, dispute=number, reason="agreed_cancel")
    assert (frozen.code, frozen.status) == ("dispute.wrong_state", 409)
    assert dispute_of(world, number).deadline is None


def test_bad_words_and_amounts_change_nothing(shared: World) -> None:
    number = a_dispute(shared)
    tries: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("offer", {"amount_usd": "0"}, "amount_usd"),
        ("offer", {"amount_usd": "100.01"}, "amount_usd"),
        ("offer", {"amount_usd": "a lot"}, "amount_usd"),
        ("explain", {"statement": "  "}, "statement"),
        ("explain", {"statement": "x" * (STATEMENT_LIMIT + 1)}, "statement"),
        ("explain", {"statement": "\u202eright to left"}, "statement"),
    )
    with unchanged(shared):
        for name, told, field in tries:
            why = refusal(shared, f"integrity.{name}", dispute=number, **told)
            assert (why.status, list(why.fields)) == (422, [field]), told
        same = refusal(shared, "integrity.change_reason", BUYER, dispute=number, reason="late_shipment")
        assert (same.code, list(same.fields)) == ("dispute.same_reason", ["reason"])


def test_a_statement_of_the_longest_length_is_kept(world: World) -> None:
    number = a_dispute(world)
    run(world, "integrity.explain", dispute=number, statement="x" * STATEMENT_LIMIT)
    kept = dispute_of(world, number)
    assert (kept.state, kept.statement) == ("negotiating", "x" * STATEMENT_LIMIT)


def found(world: World, **params: str) -> list[int]:
    """The numbers of the requests that the table shows."""
    asked = listing("/disputes", params, sorts=tuple(queries.SORTS), default="id", filters=queries.FILTERS)
    with looking(world) as ctx:
        return [line.id for line in queries.table(ctx, asked).lines]


def test_every_filter_keeps_exactly_its_requests(world: World) -> None:
    first = a_dispute(world)
    second = a_dispute(
        world, "decided", reason="not_as_described", seller_liable=True, refund_cents=5, settled_at=NOW
    )
    third = a_dispute(world, "withdrawn", seller_liable=False, refund_cents=0, settled_at=NOW)
    a_dispute(world, merchant_id=2)
    order = dispute_of(world, second).order_id
    for params, numbers in (
        ({}, [first, second, third]),
        ({"state": "opened"}, [first]),
        ({"reason": "not_as_described"}, [second]),
        ({"liable": "yes"}, [second]),
        ({"liable": "no"}, [third]),
        ({"q": str(order)}, [second] if str(order) != str(first) else [first, second]),
        ({"q": "nobody at all"}, []),
        ({"sort": "-id"}, [third, second, first]),
        ({"sort": "deadline"}, [first, second, third]),
    ):
        assert found(world, **params) == numbers, params


def test_the_digest_counts_what_was_opened_and_settled(world: World) -> None:
    order = an_order(world, "producing")
    number = run(world, "integrity.open", BUYER, order=order, reason="late_shipment")["dispute"]
    run(world, "integrity.accept", dispute=number)
    with looking(world) as ctx:
        told = [(line.message, dict(line.params)) for line in queries.digest(ctx, BORN.replace(hour=1), BORN)]
        assert queries.digest(ctx, BORN, BORN) == []
    assert told == [
        ("Refund requests opened: {count}", {"count": 1}),
        (
            "Refund requests settled: {count}, {amount} paid back",
            {"count": 1, "amount": {"cents": 100_00, "currency": "USD"}},
        ),
        ("Refund requests you are liable for: {count}", {"count": 1}),
    ]


def test_requests_are_found_by_the_number_of_their_order(world: World) -> None:
    order = an_order(world, "producing", id=4_242)
    number = a_dispute(world, order=order)
    with looking(world) as ctx:
        assert [hit.path for hit in queries.find(ctx, "4242")] == [f"/disputes/{number}"]
        assert queries.find(ctx, "nobody") == []
        for key in ("x", "0", "9" * 30):
            with pytest.raises(Refusal):
                queries.why(ctx, key)
        assert str(number) in queries.why(ctx, str(number)).english()


@pytest.mark.parametrize("reason", REASONS)
def test_any_reason_may_become_any_other(world: World, reason: str) -> None:
    number = a_dispute(world, reason="agreed_cancel" if reason != "agreed_cancel" else "late_shipment")
    run(world, "integrity.change_reason", BUYER, dispute=number, reason=reason)
    kept = dispute_of(world, number)
    # Who changes it says what is true.
    assert (kept.reason, kept.truth, kept.due) == (reason, reason, 0)
