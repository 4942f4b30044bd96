"""What booking, cancelling, completing and buying leave in the ledger of a played store."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from august.fees import commands, jobs
from august.fees.booking import cancelled, catch_up
from august.fees.models import FeePackage
from august.fees.settling import open_locks, settle
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM
from august.kernel.jobs import advance
from august.kernel.world import World
from august.merchants.models import Merchant
from august.messages.models import Message
from tests.fees.play import arrive, charges, deal, entries, kinds, paid, pay, pt, still, until
from tests.trade.deals import BUYER, an_order, changing, looking, refused, run, unchanged

LINE = 4_000_000


def test_a_payment_is_labelled_at_once(september: World) -> None:
    first = paid(september, LINE - 1)
    last = paid(september, 1)
    new = paid(september, 100_000)
    assert [kinds(september, order) for order in (first, last, new)] == [
        ["booked:threshold"],
        ["booked:threshold"],
        ["booked:discount", "locked:service_fee"],
    ]
    locked = entries(september, new)[1]
    assert (locked.cents, locked.after_cents, locked.at) == (1_000, LINE + 100_000, pt("09-02 10:00:00"))
    with looking(september) as ctx:
        texts = [each.text for each in ctx.session.scalars(select(Message).where(Message.kind == "fees"))]
    assert len(texts) == 1
    assert texts[0].startswith("{line} are reached")


def test_nothing_is_kept_outside_of_the_window(world: World) -> None:
    until(world, "08-31 23:59:59")
    early = paid(world, LINE)
    advance(world, pt("09-01 00:00:00"))
    inside = paid(world, 5)
    until(world, "09-30 23:59:59")
    late = paid(world, 7)
    until(world, "10-01 00:00:00")
    over = paid(world, 9)
    assert [bool(kinds(world, order)) for order in (early, inside, late, over)] == [False, True, True, False]


def test_a_cancelled_booking_is_subtracted_and_what_follows_accumulates_again(september: World) -> None:
    first, other = paid(september, LINE - 100), paid(september, 100)
    run(september, "trade.cancel_booking", order=other)
    assert kinds(september, other) == ["booked:threshold", "cancelled:threshold"]
    assert entries(september, other)[-1].after_cents == LINE - 100
    again = paid(september, 99)
    assert kinds(september, again) == ["booked:threshold"]
    pay(september, other)
    assert kinds(september, other) == ["booked:threshold", "cancelled:threshold", "booked:threshold"]
    assert kinds(september, paid(september, 5)) == ["booked:discount", "locked:service_fee"]
    run(september, "trade.cancel_booking", order=first)
    with looking(september) as ctx:
        texts = [each.text for each in ctx.session.scalars(select(Message).where(Message.kind == "fees"))]
    assert [text.split("{")[1].split("}")[0] for text in texts] == ["line", "left", "line", "left"]


def test_what_was_written_is_not_written_again(september: World) -> None:
    order = paid(september, LINE)
    discount = paid(september, 700)
    run(september, "trade.cancel_booking", order=order)
    before = [each.id for each in entries(september)]
    with september.writing(SYSTEM) as ctx:
        assert catch_up(ctx, 1) == []
        assert cancelled(ctx, 1, order) == []
        settle(ctx, 1, [order, discount])
        jobs.after_tick(ctx)
        ctx.session.commit()
    assert [each.id for each in entries(september)] == before


def test_a_ledger_begun_late_comes_to_the_same(september: World) -> None:
    """Receipts and a cancellation that no listener heard of, as in a world of an earlier release."""
    first, other = deal(september, LINE), deal(september, 50)
    third = deal(september, 60)
    listen = dict(september.house.listeners)
    september.house.listeners.clear()
    try:
        for order in (first, other):
            pay(september, order)
        until(september, "09-02 10:00:05")
        run(september, "trade.cancel_booking", order=first)
        until(september, "09-02 10:00:10")
        pay(september, third)
    finally:
        september.house.listeners.update(listen)
    with september.writing(SYSTEM) as ctx:
        jobs.after_tick(ctx)
        ctx.session.commit()
    assert kinds(september, first) == ["booked:threshold", "cancelled:threshold"]
    assert kinds(september, other) == ["booked:discount", "locked:service_fee"]
    assert kinds(september, third) == ["booked:threshold"]


@pytest.mark.parametrize(
    ("more", "label", "reason"),
    [
        ({"export_mode": "easy"}, "none", "easy"),
        ({"special": "TALC"}, "none", "special"),
        ({"special": "TAPLC"}, "none", "special"),
        ({"special": "TAOLC"}, "none", "special"),
        ({"channel": "e_collection", "export_mode": "market"}, "discount", "reached"),
    ],
)
def test_labels_above_the_line(september: World, more: dict[str, str], label: str, reason: str) -> None:
    paid(september, LINE)
    entry = entries(september, paid(september, 5, **more))[0]
    assert (entry.label, entry.reason, entry.before_cents, entry.after_cents) == (
        label,
        reason,
        LINE,
        LINE + 5,
    )


def test_an_order_first_paid_before_the_window(world: World) -> None:
    until(world, "08-30 10:00:00")
    thirds = {"terms": "before_shipment", "first_cents": 300}
    one, two = deal(world, 1_000, **thirds), deal(world, 1_000, **thirds)
    for order in (one, two):
        pay(world, order)
        run(world, "trade.ready", order=order)
    still(world, one, two)
    until(world, "09-02 10:00:00")
    run(world, "trade.pay_final", BUYER, order=one)
    paid(world, LINE)
    run(world, "trade.pay_final", BUYER, order=two)
    assert kinds(world, one) == ["booked:threshold"]
    assert [(each.label, each.reason) for each in entries(world, two)] == [("none", "paid_before")]


def complete(world: World, order: int) -> None:
    run(world, "trade.ship", order=order, quantity=None, line="")
    arrive(world, order)
    run(world, "trade.receive", BUYER, order=order)


def test_a_fee_is_settled_when_the_order_completes(september: World) -> None:
    full = paid(september, LINE)
    half = paid(september, 100_000)
    funds = paid(september, 100_000, channel="e_collection")
    for order in (full, half, funds):
        complete(september, order)
    assert charges(september, full) == {"transaction": (10_000, 10_000, None)}
    assert charges(september, half) == {"transaction": (2_000, 1_000, "service_fee")}
    assert charges(september, funds) == {"funds": (300, 150, "service_fee")}
    assert kinds(september, half)[-1] == "settled:service_fee"
    assert entries(september, half)[-1].cents == 1_000
    with looking(september) as ctx:
        assert open_locks(ctx, 1) == []


def test_onetouch_is_settled_the_day_after_the_customs_data(september: World) -> None:
    paid(september, LINE)
    order = paid(september, 100_000, export_mode="onetouch")
    run(september, "trade.ship", order=order, quantity=None, line="")
    arrive(september, order, pt("09-02 10:00:00"))
    run(september, "trade.receive", BUYER, order=order)
    assert charges(september, order) == {}
    # 10:00 Pacific on the second is 01:00 in Beijing on the third: due at midnight of the fourth there.
    until(september, "09-03 08:59:59")
    assert charges(september, order) == {}
    until(september, "09-03 12:00:00")
    assert charges(september, order) == {"onetouch": (5_000, 2_500, "service_fee")}
    settled = entries(september, order)[-1]
    assert (settled.kind, settled.at) == ("settled", pt("09-03 09:00:00"))


def test_a_store_that_is_no_member_at_settlement_pays_in_full(september: World) -> None:
    paid(september, LINE)
    order = paid(september, 100_000)
    with changing(september) as session:
        session.get_one(Merchant, 1).member_until = pt("09-02 10:00:00")
    complete(september, order)
    assert kinds(september, order)[-1] == "lost:no_member"
    assert charges(september, order) == {"transaction": (2_000, 2_000, None)}


def test_an_order_that_closes_loses_its_benefit_and_costs_no_fee(september: World) -> None:
    paid(september, LINE)
    order = paid(september, 100_000)
    run(september, "trade.cancel_booking", order=order)
    assert kinds(september, order)[-1] == "cancelled:discount"
    run(september, "trade.withdraw", order=order)
    assert kinds(september, order)[-1] == "lost:closed"
    assert charges(september, order) == {}


def test_what_is_not_shipped_by_the_deadline_is_lost_and_paid_in_full_later(september: World) -> None:
    paid(september, LINE)
    late, shipped = paid(september, 100_000), paid(september, 100_000)
    run(september, "trade.ship", order=shipped, quantity=None, line="")
    still(september, late, shipped)
    with september.writing(SYSTEM) as ctx:
        for at, lost in ((pt("12-31 23:59:59"), False), (pt("12-31 23:59:59") + timedelta(seconds=1), True)):
            ctx.now = at
            jobs.after_tick(ctx)
            assert (late not in {lock["order_id"] for lock in open_locks(ctx, 1)}) == lost
            assert shipped in {lock["order_id"] for lock in open_locks(ctx, 1)}
        ctx.session.commit()
    assert kinds(september, late)[-1] == "lost:late"
    assert entries(september, late)[-1].at == pt("12-31 23:59:59") + timedelta(seconds=1)
    complete(september, late)
    assert charges(september, late) == {"transaction": (2_000, 2_000, None)}
    complete_shipped = charges(september, shipped)
    assert complete_shipped == {}


def test_an_improper_order_cancels_all_that_is_locked(september: World) -> None:
    threshold = paid(september, LINE)
    settled, one, two = (paid(september, 100_000) for _ in range(3))
    complete(september, settled)
    with september.writing(SYSTEM) as ctx:
        # Not an order that is locked to the benefit: nothing happens.
        assert commands.cancel_locked(ctx, 1, threshold, "wash trading") == 0
        assert commands.cancel_locked(ctx, 1, settled, "wash trading") == 0
        assert commands.cancel_locked(ctx, 1, two, "wash trading") == 2
        assert commands.cancel_locked(ctx, 1, two, "wash trading") == 0
        ctx.session.commit()
    assert [kinds(september, order)[-1] for order in (settled, one, two)] == [
        "settled:service_fee", "lost:abnormal", "lost:abnormal",
    ]  # fmt: skip
    complete(september, one)
    assert charges(september, one) == {"transaction": (2_000, 2_000, None)}


def test_a_package_excludes_the_discount_and_pays_the_onetouch_fee(september: World) -> None:
    paid(september, LINE)
    before = paid(september, 100_000, export_mode="onetouch")
    own = paid(september, 100_000)
    told = run(september, "fees.buy_package")
    assert told["price_fen"] == 980_000
    again = refused(september, "fees.buy_package")
    assert (again.code, again.status) == ("fees.package_runs", 409)
    assert again.remedy
    after = paid(september, 100_000)
    assert [(each.label, each.reason) for each in entries(september, after)] == [("none", "package")]
    # What was locked before stays; of the two on one order the package is larger.
    complete(september, own)
    assert charges(september, own) == {"transaction": (2_000, 1_000, "service_fee")}
    run(september, "trade.ship", order=before, quantity=None, line="")
    arrive(september, before)
    until(september, "09-05 00:00:00")
    assert charges(september, before) == {"onetouch": (5_000, 0, "package")}
    assert kinds(september, before)[-1] == "lost:package"
    with looking(september) as ctx:
        package = ctx.session.scalars(select(FeePackage)).one()
        assert (package.bought_at, package.until) == (
            pt("09-02 10:00:00"),
            pt("09-02 10:00:00").replace(year=2025),
        )


def test_rivals_keep_no_ledger(september: World) -> None:
    with changing(september) as session:
        session.get_one(Merchant, 1).is_player = False
    paid(september, LINE)
    assert entries(september) == []


@pytest.mark.parametrize(
    ("more", "drafted", "fee"),
    [
        ({}, "09-01 00:00:00", (3_000, 0, "oa_waiver")),
        ({}, "08-31 23:59:59", (3_000, 3_000, None)),
        ({"export_mode": "onetouch"}, "09-01 00:00:00", (3_000, 0, "oa_waiver")),
        ({"export_mode": "market"}, "09-01 00:00:00", (3_000, 3_000, None)),
        ({"channel": "e_collection"}, "09-01 00:00:00", (3_000, 3_000, None)),
    ],
)
def test_the_oa_fee_at_completion(
    september: World, more: dict[str, str], drafted: str, fee: tuple[int, int, str | None]
) -> None:
    oa = {"terms": "oa", "oa_days": 30, "first_cents": 300_000, "drafted_at": to_epoch(pt(drafted))}
    order = paid(september, 1_000_000, **oa, **more)
    complete(september, order)
    assert "oa" not in charges(september, order)
    run(september, "trade.pay_final", BUYER, order=order)
    assert charges(september, order)["oa"] == fee


def test_bad_input_changes_nothing(september: World) -> None:
    with unchanged(september):
        for payload in ({"years": 1}, {"merchant": 2}):
            why = refused(september, "fees.buy_package", **payload)
            assert why.status == 422
        assert refused(september, "fees.buy_package", BUYER).code == "command.not_yours"
    assert an_order(september, "confirmed")
