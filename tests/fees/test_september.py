"""A September and the months after it, played by commands: ledger, fees, statement and receipts agree."""

import csv
import io
from collections import Counter
from typing import Any

from sqlalchemy import select

from august.catalog.sheets import write_csv
from august.fees import queries
from august.fees.amounts import fee_cents, fee_of
from august.fees.booking import event_of, fee_prices, fee_rules
from august.fees.models import FeeCharge, FeeEntry
from august.fees.rules import Event, fold
from august.fees.statement import HEADER, statement, table
from august.festival.offers import oa_fee, service_fee
from august.kernel.clock import SECOND
from august.kernel.columns import from_epoch
from august.kernel.jobs import advance
from august.kernel.plain import plain, rows
from august.kernel.world import World
from august.trade.models import Order, Receipt
from tests.fees.play import arrive, charges, entries, kinds, paid, pt, still, until
from tests.logistics import conftest as logistics
from tests.trade.deals import BUYER, looking, run


def missing(world: World) -> int:
    """What is missing to the line; the market books receipts of its own."""
    with looking(world) as ctx:
        return queries.overview(ctx).missing


def ship(world: World, order: int) -> None:
    run(world, "trade.ship", order=order, quantity=None, line="")
    arrive(world, order)


def freight(world: World, benefit: str) -> None:
    """An express order, placed and paid."""
    logistics.run(world, "pay", logistics_order=logistics.place(world, benefit=benefit))


def coupons(world: World) -> dict[str, int]:
    """How many freight coupons of the store are in each state."""
    return dict(Counter(logistics.states(world).values()))


def coupons_come_and_go(world: World) -> None:
    """Five express orders of September bring eight coupons; one is used, the others end with November."""
    advance(world, pt("10-15 00:00:00") - SECOND)
    assert coupons(world) == {}
    until(world, "10-15 00:00:00")
    assert coupons(world) == {"issued": 8}
    freight(world, "coupon")
    assert coupons(world) == {"issued": 7, "redeemed": 1}
    until(world, "11-30 23:59:59")
    assert coupons(world) == {"issued": 7, "redeemed": 1}
    until(world, "12-01 00:00:00")
    assert coupons(world) == {"expired": 7, "redeemed": 1}


def test_a_september(world: World) -> None:
    until(world, "09-03 09:00:00")
    early = paid(world, missing(world) - 10_000)
    crossing = paid(world, 10_000)
    half = paid(world, 300_000)
    easy = paid(world, 70_000, export_mode="easy")
    credit = paid(world, 500_000, special="TALC")
    assert [kinds(world, one)[0] for one in (early, crossing, half, easy, credit)] == [
        "booked:threshold", "booked:threshold", "booked:discount", "booked:none", "booked:none",
    ]  # fmt: skip

    until(world, "09-10 09:00:00")
    run(world, "trade.cancel_booking", order=early)
    assert missing(world) > 0
    again = paid(world, missing(world))
    assert kinds(world, again) == ["booked:threshold"]
    assert missing(world) == 0
    run(world, "trade.pay_first", BUYER, order=early)
    assert kinds(world, early)[-1] == "booked:threshold"
    funds = paid(world, 250_001, channel="e_collection", export_mode="market")
    touch = paid(world, 800_000, export_mode="onetouch")
    late = paid(world, 120_000)
    oa = paid(world, 900_000, terms="oa", oa_days=30, first_cents=270_000)
    for _ in range(5):
        freight(world, "none")
    still(world, early, crossing, again, easy, credit, late)

    until(world, "09-20 09:00:00")
    for order in (half, funds, touch, oa):
        ship(world, order)
        run(world, "trade.receive", BUYER, order=order)
    assert charges(world, half) == {"transaction": (6_000, 3_000, "service_fee")}
    # 0.3 % of 2,500.01 is 7.50003; half of it 3.750015.
    assert charges(world, funds) == {"funds": (750, 375, "service_fee")}
    assert charges(world, touch) == {}
    until(world, "09-22 00:00:00")
    assert charges(world, touch) == {"onetouch": (5_000, 2_500, "service_fee")}
    run(world, "trade.pay_final", BUYER, order=oa)
    assert charges(world, oa) == {
        "transaction": (10_000, 5_000, "service_fee"),
        "oa": (2_700, 0, "oa_waiver"),
    }

    until(world, "10-01 00:00:00")
    after = paid(world, 60_000)
    assert kinds(world, after) == []
    agree(world)
    still(world, after)
    coupons_come_and_go(world)
    until(world, "12-31 23:59:59")
    assert kinds(world, late)[-1] == "locked:service_fee"
    advance(world, pt("12-31 23:59:59") + SECOND)
    assert kinds(world, late)[-1] == "lost:late"
    ship(world, late)
    run(world, "trade.receive", BUYER, order=late)
    assert charges(world, late) == {"transaction": (2_400, 2_400, None)}
    agree(world)


def agree(world: World) -> None:
    """The ledger is what the rule makes of the receipts; the statement is what was charged, to the cent."""
    with looking(world) as ctx:
        found, rules = queries.overview(ctx), fee_rules(ctx)
        ledger = [each for each in entries(world) if each.kind in {"booked", "cancelled"}]
        receipts = stored_receipts(ctx)
        counted = sum(
            row["cents"]
            for row in receipts.values()
            if row["cancelled_at"] is None and rules.window.window.contains(from_epoch(row["booked_at"]))
        )
        assert found.total == counted == ledger[-1].after_cents
        replayed(ledger, receipts, rules)
        charged = list(ctx.session.scalars(select(FeeCharge)))
        told = statement(ctx)
        assert told.total("charged") == sum(each.charged_cents for each in charged)
        assert told.total("saved") == sum(each.saved_cents for each in charged)
        halved = sum(each.saved_cents for each in charged if each.why == "service_fee")
        assert halved == found.settled.cents
        for order in told.orders:
            assert order.received == order.payout + order.refunded + order.charged
            standing = [row for row in receipts.values() if row["order_id"] == order.order]
            assert order.received == sum(row["cents"] for row in standing if row["cancelled_at"] is None)
        assert told.total("received") == told.total("payout") + told.total("refunded") + told.total("charged")
        full(ctx, charged)
        lines = list(csv.DictReader(io.StringIO(write_csv(HEADER, table(told)).decode("utf-8-sig"))))
        cents = sum(round(float(line["fee_charged_usd"]) * 100) for line in lines)
        assert cents == told.total("charged")
        offers(ctx, found, charged)


def stored_receipts(ctx: Any) -> dict[int, dict[str, Any]]:
    """The store's receipts with what their orders are, by their numbers."""
    receipt, order = plain(Receipt), plain(Order)
    asked = (
        select(receipt, order.c.channel, order.c.export_mode, order.c.special)
        .join(order, order.c.id == receipt.c.order_id)
        .where(receipt.c.merchant_id == 1)
        .order_by(receipt.c.id)
    )
    return {row["id"]: row for row in rows(ctx.session.connection(), asked)}


def replayed(ledger: list[FeeEntry], receipts: dict[int, dict[str, Any]], rules: Any) -> None:
    """Told once more in the order of the ledger, every label and total comes out the same."""
    outside = [
        event_of(row) for row in receipts.values()
        if from_epoch(row["booked_at"]) < rules.window.window.start and row["cancelled_at"] is None
    ]  # fmt: skip
    events = [
        event_of(receipts[each.receipt_id])
        if each.kind == "booked"
        else Event(each.at, "cancel", each.order_id, each.receipt_id)
        for each in ledger
    ]
    # The market's bookings come a little after the player's of the same hours: the ledger's order counts.
    book, _ = fold(outside, rules)
    made = [entry for event in events for entry in book.take(event)]
    assert [(one.label, one.before, one.after) for one in made] == [
        (each.label, each.before_cents, each.after_cents) for each in ledger
    ]


def full(ctx: Any, charged: list[FeeCharge]) -> None:
    """Every fee in full is the price list's."""
    prices = fee_prices(ctx)
    for each in charged:
        order = ctx.session.get_one(Order, each.order_id)
        assert each.base_cents == each.saved_cents + each.charged_cents
        if each.kind != "oa":
            assert each.kind == fee_of(order.channel, order.export_mode)
            assert each.base_cents == fee_cents(each.kind, order.total_cents, prices)


def offers(ctx: Any, found: queries.Overview, charged: list[FeeCharge]) -> None:
    """The festival's offers tell the same."""
    stood = service_fee.OFFER.stand(ctx)
    assert stood.progress is not None
    assert (stood.progress.done, stood.progress.needed) == (found.total, 4_000_000)
    assert (stood.settled.count, stood.settled.saved) == (found.settled.count, found.settled.cents)
    assert (stood.lost.count, len(stood.reasons)) == (found.lost.count, len(found.losses))
    waived = [each for each in charged if each.why == "oa_waiver"]
    oa = oa_fee.OFFER.stand(ctx)
    assert (oa.settled.count, oa.settled.saved) == (len(waived), sum(each.saved_cents for each in waived))
    for offer in (service_fee.OFFER, oa_fee.OFFER):
        assert offer.terms(ctx.rulebook, ctx.now)
        assert offer.arguments(ctx.rulebook, ctx.now)
