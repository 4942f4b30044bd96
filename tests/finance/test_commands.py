"""LC financing step by step, pay later to the last cent."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from august.finance import jobs, steps
from august.finance.models import InstalmentRow, LcFinancing, PayLater
from august.integrity.models import Dispute
from august.kernel.clock import parse_instant
from august.kernel.commands import run
from august.kernel.context import SYSTEM, Actor
from august.kernel.errors import Refusal
from august.kernel.world import World
from august.merchants.models import Buyer, Merchant
from august.trade.models import Order, Receipt
from tests.tools.bare import PLAYER, changing, dispute, order, put, set_clock

NOW = parse_instant("2022-09-10T09:00:00-07:00")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
BUYER = Actor("buyer", buyer=1)


def work(world: World, at: datetime) -> None:
    set_clock(world, at)
    with changing(world) as ctx:
        jobs.settle(ctx)


def act(world: World, name: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    return run(world, actor, f"finance.{name}", payload).result


def refused(world: World, name: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    """A refusal, which changes nothing."""
    before = world.state_hash()
    with pytest.raises(Refusal) as caught:
        act(world, name, actor, **payload)
    assert world.state_hash() == before
    return caught.value


def stored(world: World, **more: Any) -> int:
    put(world, order(**more))
    with world.reading(SYSTEM) as ctx:
        return int(ctx.session.scalar(select(func.max(Order.id))) or 0)


def lc_order(world: World, **more: Any) -> int:
    """A shipped letter-of-credit order of US$1,000 whose rest of US$700 is due thirty days later."""
    told = {
        "kind": "customization", "terms": "oa", "oa_days": 30, "special": "TALC", "state": "shipped",
        "total_cents": 1000_00, "goods_cents": 1000_00, "first_cents": 300_00, "paid_cents": 300_00,
        "paid_at": NOW - 10 * DAY, "shipped_at": NOW, "shipped_quantity": 10, **more,
    }  # fmt: skip
    return stored(world, **told)


def financing(world: World, number: int) -> LcFinancing:
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.get_one(LcFinancing, number)
        ctx.session.expunge(found)
        return found


@pytest.fixture
def festival(world: World) -> World:
    set_clock(world, NOW)
    with changing(world) as ctx:
        ctx.session.execute(update(Buyer).where(Buyer.id == 1).values(tier="L2"))
        ctx.session.execute(update(Merchant).where(Merchant.id == 1).values(membership="cgs"))
    return world


def accepted(world: World, **more: Any) -> int:
    """A financing whose money can be drawn three days after the application was approved."""
    number = act(world, "apply_lc", order=lc_order(world, **more))["financing"]
    work(world, NOW + DAY)
    act(world, "present", financing=number)
    work(world, NOW + 4 * DAY)
    return int(number)


def test_the_way_of_a_financing(festival: World) -> None:
    number = act(festival, "apply_lc", order=lc_order(festival))["financing"]
    work(festival, NOW + DAY - SECOND)
    assert financing(festival, number).state == "applied"
    work(festival, NOW + DAY)
    assert act(festival, "present", financing=number)["state"] == "presented"
    work(festival, NOW + 4 * DAY - SECOND)
    assert financing(festival, number).state == "presented"
    work(festival, NOW + 4 * DAY)
    told = act(festival, "draw", financing=number)
    # 90 % of US$700; 1 % of that at 60 %.
    assert (told["drawn_cents"], told["fee_cents"], told["offer"]) == (630_00, 3_78, "festival")
    found = financing(festival, number)
    assert (found.base_fee_cents, found.matures_at) == (6_30, NOW + 30 * DAY)
    with changing(festival) as ctx:
        paid = {"paid_cents": 1000_00, "balance_at": NOW + 20 * DAY, "state": "completed"}
        ctx.session.execute(update(Order).where(Order.id == found.order_id).values(**paid))
    work(festival, NOW + 21 * DAY)
    found = financing(festival, number)
    assert (found.state, found.ended_at) == ("repaid", NOW + 20 * DAY)


def test_what_is_not_paid_at_maturity_is_repaid_by_the_store(festival: World) -> None:
    number = accepted(festival)
    act(festival, "draw", financing=number)
    work(festival, NOW + 30 * DAY - SECOND)
    assert financing(festival, number).state == "drawn"
    work(festival, NOW + 31 * DAY)
    found = financing(festival, number)
    assert (found.state, found.since) == ("overdue", NOW + 30 * DAY)
    assert act(festival, "repay", financing=number)["state"] == "repaid"
    assert refused(festival, "repay", financing=number).code == "lc.wrong_state"


def test_the_offer_is_for_one_drawdown(festival: World) -> None:
    first, second = accepted(festival), None
    act(festival, "draw", financing=first)
    second = act(festival, "apply_lc", order=lc_order(festival))["financing"]
    work(festival, NOW + 5 * DAY)
    act(festival, "present", financing=second)
    work(festival, NOW + 8 * DAY)
    told = act(festival, "draw", financing=second)
    assert (told["fee_cents"], told["offer"]) == (6_30, None)


@pytest.mark.parametrize(
    ("at", "offer", "fee"),
    [("2022-09-30T23:59:59-07:00", "festival", 3_78), ("2022-10-01T00:00:00-07:00", None, 6_30)],
)
def test_the_last_second_of_the_festival(festival: World, at: str, offer: str | None, fee: int) -> None:
    number = accepted(festival)
    set_clock(festival, parse_instant(at))
    told = act(festival, "draw", financing=number)
    assert (told["offer"], told["fee_cents"]) == (offer, fee)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"special": "none"}, "lc.not_financeable"),
        ({"state": "confirmed", "paid_cents": 0}, "lc.not_financeable"),
        ({"paid_cents": 1000_00}, "lc.not_financeable"),
        ({"terms": "before_shipment", "oa_days": None}, "lc.not_financeable"),
        ({"disputed": True}, "lc.not_financeable"),
        ({"merchant_id": 2}, "order.unknown"),
    ],
)
def test_what_cannot_be_financed(festival: World, more: dict[str, Any], code: str) -> None:
    assert refused(festival, "apply_lc", order=lc_order(festival, **more)).code == code


def test_an_order_is_financed_once(festival: World) -> None:
    number = lc_order(festival)
    made = act(festival, "apply_lc", order=number)["financing"]
    assert refused(festival, "apply_lc", order=number).code == "lc.not_financeable"
    act(festival, "withdraw_lc", financing=made)
    assert act(festival, "apply_lc", order=number)["state"] == "applied"


def test_documents_need_a_bill_of_lading(festival: World) -> None:
    made = act(festival, "apply_lc", order=lc_order(festival, shipped_at=None, state="part_shipped"))
    work(festival, NOW + DAY)
    assert refused(festival, "present", financing=made["financing"]).code == "lc.not_shipped"


def test_a_matured_letter_of_credit_is_not_drawn(festival: World) -> None:
    number = accepted(festival)
    set_clock(festival, NOW + 30 * DAY - SECOND)
    with festival.reading(SYSTEM) as ctx:
        row = {"state": "accepted"}
        due = {"shipped_at": 0, "oa_days": 30}
        assert steps.allowed("draw", row, due, 30 * 86_400 - 1)
        assert not steps.allowed("draw", row, due, 30 * 86_400)
        assert ctx.now == NOW + 30 * DAY - SECOND
    set_clock(festival, NOW + 30 * DAY)
    assert refused(festival, "draw", financing=number).code == "lc.matured"


TAKES = {"present": ("approved",), "draw": ("accepted",), "repay": ("drawn", "overdue"),
         "withdraw_lc": ("applied", "approved", "presented", "accepted")}  # fmt: skip


@pytest.mark.parametrize("state", list(steps.STATES))
@pytest.mark.parametrize("name", list(TAKES))
def test_each_step_starts_from_its_states_only(festival: World, name: str, state: str) -> None:
    number = act(festival, "apply_lc", order=lc_order(festival))["financing"]
    with changing(festival) as ctx:
        ctx.session.execute(update(LcFinancing).where(LcFinancing.id == number).values(state=state))
    if state in TAKES[name]:
        assert act(festival, name, financing=number)["financing"] == number
    else:
        assert refused(festival, name, financing=number).code == "lc.wrong_state"


def test_another_store_s_financing_is_unknown(festival: World) -> None:
    number = act(festival, "apply_lc", order=lc_order(festival))["financing"]
    rival = Actor("policy", merchant=2)
    for name in ("present", "draw", "repay", "withdraw_lc"):
        assert refused(festival, name, rival, financing=number).status == 404


def test_an_order_that_ends_ends_its_financing(festival: World) -> None:
    early, late = act(festival, "apply_lc", order=lc_order(festival))["financing"], None
    late = accepted(festival)
    act(festival, "draw", financing=late)
    with changing(festival) as ctx:
        ctx.session.execute(update(Order).values(state="cancelled", closed_at=NOW + 5 * DAY, disputed=False))
    work(festival, NOW + 6 * DAY)
    assert financing(festival, early).state == "ended"
    assert financing(festival, late).state == "overdue"


# Pay later


def unpaid(world: World, **more: Any) -> int:
    """A confirmed RTS order of US$100.01."""
    told = {
        "state": "confirmed", "total_cents": 100_01, "goods_cents": 100_01, "first_cents": 100_01,
        "paid_cents": 0, "paid_at": None, "ship_by": None, "drafted_at": NOW, "confirmed_at": NOW, **more,
    }  # fmt: skip
    return stored(world, **told)


def bill_of(world: World, number: int) -> tuple[PayLater | None, list[InstalmentRow]]:
    with world.reading(SYSTEM) as ctx:
        asked = select(InstalmentRow).where(InstalmentRow.order_id == number)
        parts = list(ctx.session.scalars(asked.order_by(InstalmentRow.number)))
        bill = ctx.session.get(PayLater, number)
        ctx.session.expunge_all()
        return bill, parts


def balanced(world: World, number: int) -> None:
    """Money in is money out: instalments, the platform's part and what came back make the receipt."""
    bill, parts = bill_of(world, number)
    assert bill is not None
    with world.reading(SYSTEM) as ctx:
        standing = Receipt.order_id == number, Receipt.cancelled_at.is_(None)
        received = ctx.session.scalar(select(func.sum(Receipt.cents)).where(*standing))
    assert received == bill.total_cents
    platform = bill.off_cents - bill.back_platform_cents
    buyer = sum(part.cents for part in parts) - bill.back_buyer_cents
    assert bill.refunded_cents + platform + buyer == received


def test_the_seller_has_everything_and_the_buyer_pays_four_times(festival: World) -> None:
    number = unpaid(festival)
    told = act(festival, "pay_later", BUYER, order=number)
    assert (told["state"], told["off_cents"]) == ("producing", 10_00)
    assert [part["cents"] for part in told["instalments"]] == [22_51, 22_50, 22_50, 22_50]
    bill, parts = bill_of(festival, number)
    assert [part.paid_at is not None for part in parts] == [True, False, False, False]
    balanced(festival, number)
    for days, paid in ((14, 2), (28, 3), (42, 4)):
        work(festival, NOW + days * DAY - SECOND)
        assert sum(part.paid_at is not None for part in bill_of(festival, number)[1]) == paid - 1
        work(festival, NOW + days * DAY)
        bill, parts = bill_of(festival, number)
        assert [part.paid_at for part in parts[:paid]] == [part.due_at for part in parts[:paid]]
    assert bill is not None
    assert bill.state == "paid"
    balanced(festival, number)


def test_the_first_use_is_the_first_one(festival: World) -> None:
    assert act(festival, "pay_later", BUYER, order=unpaid(festival))["off_cents"] == 10_00
    assert act(festival, "pay_later", BUYER, order=unpaid(festival))["off_cents"] == 0


@pytest.mark.parametrize(
    ("tier", "more", "code"),
    [
        ("L0", {}, "pay_later.not_for_this"),
        ("L1", {}, "pay_later.not_for_this"),
        ("L2", {"kind": "customization"}, "pay_later.not_for_this"),
        ("L2", {"terms": "before_shipment", "first_cents": 30_00}, "pay_later.not_for_this"),
        ("L2", {"state": "producing", "paid_cents": 100_01}, "order.wrong_state"),
        ("L4", {"buyer_id": 2}, "order.unknown"),
    ],
)
def test_who_cannot_pay_later(festival: World, tier: str, more: dict[str, Any], code: str) -> None:
    with changing(festival) as ctx:
        ctx.session.execute(update(Buyer).where(Buyer.id == 1).values(tier=tier))
    assert refused(festival, "pay_later", BUYER, order=unpaid(festival, **more)).code == code


@pytest.mark.parametrize("refund", [10_00, 67_50, 80_00, 100_01])
def test_a_refund_finds_its_way(festival: World, refund: int) -> None:
    number = unpaid(festival)
    act(festival, "pay_later", BUYER, order=number)
    settled = {"state": "decided", "refund_cents": refund, "settled_at": NOW + DAY, "deadline": None}
    put(festival, dispute(order_id=number, claim_cents=100_01, **settled))
    work(festival, NOW + 2 * DAY)
    work(festival, NOW + 3 * DAY)
    bill, parts = bill_of(festival, number)
    assert bill is not None
    assert bill.refunded_cents == refund
    assert sum(part.cents for part in parts[1:]) == max(0, 67_50 - refund)
    assert bill.back_buyer_cents == min(22_51, max(0, refund - 67_50))
    assert bill.back_platform_cents == max(0, refund - 90_01)
    assert (bill.state == "ended") == (refund == 100_01)
    balanced(festival, number)
    # A second settled request adds to the first.
    if refund == 10_00:
        put(festival, dispute(order_id=number, claim_cents=100_01, **(settled | {"refund_cents": 5_00})))
        work(festival, NOW + 4 * DAY)
        balanced(festival, number)
        with festival.reading(SYSTEM) as ctx:
            total = ctx.session.scalar(select(func.sum(Dispute.refund_cents)))
        again, _ = bill_of(festival, number)
        assert again is not None
        assert again.refunded_cents == total == 15_00


def test_a_cancelled_booking_takes_the_plan_with_it(festival: World) -> None:
    number = unpaid(festival)
    act(festival, "pay_later", BUYER, order=number)
    run(festival, PLAYER, "trade.cancel_booking", {"order": number})
    assert bill_of(festival, number) == (None, [])
    assert act(festival, "pay_later", BUYER, order=number)["off_cents"] == 10_00
    balanced(festival, number)
