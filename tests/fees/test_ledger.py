"""The stored ledger is the pure one, whatever is booked and cancelled, step by step."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, update

from august.fees.booking import cancelled, catch_up, fee_rules
from august.fees.models import FeeEntry
from august.fees.rules import Event, fold
from august.kernel.bulk import insert_rows
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM, Context
from august.kernel.world import World, Worlds
from august.trade.models import Order, Receipt
from tests.fees.test_rules import RULES, histories
from tests.trade.deals import NUMBERS, columns

# Numbers that nothing stored has.
FIRST = 900_000


@pytest.fixture(scope="module")
def shared(store: Worlds) -> World:
    return store.create(f"f{next(NUMBERS)}", "t", seed=3)


def happen(ctx: Context, event: Event) -> None:
    """Let an event happen to the stored rows as commands do, and tell the ledger."""
    ctx.now, connection = event.at, ctx.session.connection()
    order = FIRST + int(str(event.order))
    if event.kind == "cancel":
        standing = Receipt.order_id == order, Receipt.cancelled_at.is_(None)
        gone = update(Receipt).where(*standing)
        if event.receipt is not None:
            gone = gone.where(Receipt.id == FIRST + int(str(event.receipt)))
        ctx.session.execute(gone.values(cancelled_at=event.at))
        cancelled(ctx, 1, order)
        return
    if ctx.session.scalar(select(Order.id).where(Order.id == order)) is None:
        kind = {"channel": event.channel, "export_mode": event.mode, "special": event.special}
        insert_rows(connection, Order, [columns("confirmed", id=order, **kind)])
    receipt: dict[str, Any] = {
        "id": FIRST + int(str(event.receipt)),
        "order_id": order,
        "merchant_id": 1,
        "kind": "first",
        "cents": event.cents,
        "booked_at": to_epoch(event.at),
        "cancelled_at": None,
    }
    insert_rows(connection, Receipt, [receipt])
    catch_up(ctx, 1)


def stored(drawn: list[Event]) -> list[Event]:
    """Events as rows can hold them: by a way that orders know, receipts numbered as they come."""
    receipts = [event.receipt for event in drawn if event.kind == "receipt"]
    numbers = {receipt: number for number, receipt in enumerate(receipts)} | {None: None}
    ways = {"bank": "ta"}
    return [
        replace(event, receipt=numbers[event.receipt], channel=ways.get(event.channel, event.channel))
        for event in drawn
    ]


def shape(kept: FeeEntry) -> tuple[Any, ...]:
    """A stored entry, to be compared."""
    return kept.at, kept.kind, kept.receipt_id, kept.cents, kept.after_cents, kept.label, kept.reason


@given(histories())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_step_by_step(shared: World, drawn: list[Event]) -> None:
    events = stored(drawn)
    _, expected = fold(events, RULES)
    inside = {
        event.receipt for event in events
        if event.kind == "receipt" and RULES.window.window.contains(event.at)
    }  # fmt: skip
    with shared.writing(SYSTEM) as ctx:
        assert fee_rules(ctx) == RULES
        for event in events:
            happen(ctx, event)
        kept = ctx.session.scalars(
            select(FeeEntry).where(FeeEntry.kind.in_(("booked", "cancelled"))).order_by(FeeEntry.id)
        ).all()
        assert [shape(each) for each in kept] == [
            (
                each.at,
                each.kind,
                FIRST + int(str(each.receipt)),
                each.cents,
                each.after,
                each.label,
                each.reason,
            )
            for each in expected
            if each.receipt in inside
        ]
        locked = set(ctx.session.scalars(select(FeeEntry.order_id).where(FeeEntry.kind == "locked")))
        fresh = [each.order for each in expected if each.fresh and each.label == "discount"]
        assert locked == {FIRST + int(str(order)) for order in fresh}
        ctx.session.rollback()
