"""Receipts into the ledger: what was booked or cancelled is labelled in the order of its instants (F2)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from august.fees.amounts import Charge, FeePrices, charge, fee_of
from august.fees.benefits import HALVED, halved
from august.fees.models import FeeEntry, FeePackage
from august.fees.rules import Account, Entry, Event, FeeRules, Ledger
from august.kernel.bulk import insert_rows
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.plain import Row, among, first, plain, rows
from august.kernel.words import N_
from august.messages.commands import send
from august.trade.models import Order, Receipt

PAGE = "/fees"
# Of a receipt's order: what its label hangs on.
KIND = ("channel", "export_mode", "special", "total_cents")


def fee_rules(ctx: Context) -> FeeRules:
    """The numbers of F2 in force now."""
    values: FeeRules = ctx.rulebook.values("F2", ctx.now)
    return values


def fee_prices(ctx: Context) -> FeePrices:
    """The numbers of F2-fees in force now."""
    values: FeePrices = ctx.rulebook.values("F2-fees", ctx.now)
    return values


@cache
def _last_booked() -> Select[Any]:
    table = plain(FeeEntry)
    mine = table.c.merchant_id == bindparam("merchant"), table.c.kind == "booked"
    return select(func.max(table.c.receipt_id)).where(*mine)


@cache
def _fresh() -> Select[Any]:
    """A store's receipts inside the window that came after one, with what their orders are."""
    receipt, order = plain(Receipt), plain(Order)
    inside = receipt.c.booked_at >= bindparam("start"), receipt.c.booked_at < bindparam("end")
    return (
        select(receipt, *(order.c[name] for name in KIND))
        .join(order, order.c.id == receipt.c.order_id)
        .where(receipt.c.merchant_id == bindparam("merchant"), *inside, receipt.c.id > bindparam("last"))
        .order_by(receipt.c.booked_at, receipt.c.id)
    )


@cache
def _receipts_of() -> Select[Any]:
    receipt, order = plain(Receipt), plain(Order)
    return (
        select(receipt, *(order.c[name] for name in KIND))
        .join(order, order.c.id == receipt.c.order_id)
        .where(among(receipt.c.order_id, "orders"))
        .order_by(receipt.c.booked_at, receipt.c.id)
    )


@cache
def _entries_of() -> Select[Any]:
    table = plain(FeeEntry)
    wanted = among(table.c.order_id, "orders")
    return select(table).where(wanted).order_by(table.c.id)


@cache
def _last_entry() -> Select[Any]:
    table = plain(FeeEntry)
    mine = table.c.merchant_id == bindparam("merchant"), table.c.kind.in_(("booked", "cancelled"))
    return select(table.c.after_cents).where(*mine).order_by(table.c.id.desc()).limit(1)


def catch_up(ctx: Context, merchant: int) -> list[Entry]:
    """Label what a store booked since the ledger was last written; told again it finds nothing."""
    rules, connection = fee_rules(ctx), ctx.session.connection()
    window = rules.window.window
    last = first(connection, _last_booked(), {"merchant": merchant})[0] or 0
    span = {"start": to_epoch(window.start), "end": to_epoch(window.end)}
    found = rows(connection, _fresh(), {"merchant": merchant, "last": last, **span})
    if not found:
        return []
    events = [event_of(row) for row in found]
    # Where the ledger begins late, a booking of the past may have been cancelled meanwhile.
    gone = [row for row in found if row["cancelled_at"] is not None]
    events += [Event(from_epoch(row["cancelled_at"]), "cancel", row["order_id"], row["id"]) for row in gone]
    ledger = resume(ctx, merchant, {row["order_id"] for row in found}, {row["id"] for row in found})
    return write(ctx, merchant, ledger, sorted(events, key=lambda event: event.at), found)


def cancelled(ctx: Context, merchant: int, order: int) -> list[Entry]:
    """Subtract what was cancelled of an order; told again it finds nothing."""
    connection = ctx.session.connection()
    found = rows(connection, _receipts_of(), {"orders": [order]})
    entries = rows(connection, _entries_of(), {"orders": [order]})
    told = {row["receipt_id"] for row in entries if row["kind"] == "cancelled"}
    booked = {row["receipt_id"] for row in entries if row["kind"] == "booked"}
    gone = [
        row for row in found
        if row["cancelled_at"] is not None and row["id"] in booked and row["id"] not in told
    ]  # fmt: skip
    if not gone:
        return []
    ledger = resume(ctx, merchant, {order}, set())
    account = ledger.orders[order]
    counted = {row["receipt_id"]: row["cents"] for row in entries if row["kind"] == "booked"}
    for row in gone:
        account.standing[row["id"]] = counted[row["id"]], from_epoch(row["booked_at"])
    events = [Event(from_epoch(row["cancelled_at"]), "cancel", order, row["id"]) for row in gone]
    return write(ctx, merchant, ledger, events, found)


def event_of(row: Row) -> Event:
    """A receipt with its order's kind as the ledger takes it."""
    return Event(
        from_epoch(row["booked_at"]),
        "receipt",
        row["order_id"],
        row["id"],
        row["cents"],
        row["channel"],
        row["export_mode"],
        row["special"],
    )


def packages(ctx: Context, merchant: int) -> Callable[[datetime], bool]:
    """Whether a package of the store ran at an instant."""
    spans = ctx.session.execute(
        select(FeePackage.bought_at, FeePackage.until).where(FeePackage.merchant_id == merchant)
    ).all()
    return lambda at: any(start <= at < end for start, end in spans)


def resume(ctx: Context, merchant: int, orders: Iterable[int], without: set[int]) -> Ledger:
    """The store's ledger where it stands, knowing these orders; `without` are receipts to come."""
    connection, wanted = ctx.session.connection(), sorted(orders)
    last = first(connection, _last_entry(), {"merchant": merchant}) or (0,)
    accounts = {order: Account() for order in wanted}
    counted: dict[int, int] = {}
    for row in rows(connection, _entries_of(), {"orders": wanted}) if wanted else ():
        if row["kind"] == "booked":
            accounts[row["order_id"]].label = row["label"]
            counted[row["receipt_id"]] = row["cents"]
    for row in rows(connection, _receipts_of(), {"orders": wanted}) if wanted else ():
        if row["cancelled_at"] is None and row["id"] not in without:
            paid = counted.get(row["id"], 0), from_epoch(row["booked_at"])
            accounts[row["order_id"]].standing[row["id"]] = paid
    return Ledger(
        fee_rules(ctx),
        packaged=packages(ctx, merchant),
        total=int(last[0]),
        orders=dict(accounts.items()),
    )


def write(
    ctx: Context, merchant: int, ledger: Ledger, events: Sequence[Event], found: Sequence[Row]
) -> list[Entry]:
    """Let events happen to a ledger and keep what they did; discount orders lock their benefit."""
    kinds = {row["order_id"]: row for row in found}
    before = ledger.total
    entries, lines = [], []
    for event in events:
        for entry in ledger.take(event):
            entries.append(entry)
            lines.append(line(merchant, entry))
            if entry.fresh and entry.label == "discount":
                lines.append(lock(merchant, entry, halved_fee(ctx, kinds[int(str(entry.order))])))
    insert_rows(ctx.session.connection(), FeeEntry, lines)
    _tell(ctx, merchant, before, ledger, entries)
    return entries


def line(merchant: int, entry: Entry) -> Row:
    """An entry as it is stored."""
    return {
        "merchant_id": merchant,
        "order_id": entry.order,
        "receipt_id": entry.receipt,
        "at": to_epoch(entry.at),
        "kind": entry.kind,
        "cents": entry.cents,
        "before_cents": entry.before,
        "after_cents": entry.after,
        "label": entry.label,
        "reason": entry.reason,
    }


def lock(merchant: int, entry: Entry, found: Charge) -> Row:
    """The benefit that a receipt locked, with what it will save."""
    locked = {"kind": "locked", "cents": found.saved, "before_cents": entry.after, "reason": HALVED}
    return line(merchant, entry) | locked


def halved_fee(ctx: Context, order: Row) -> Charge:
    """An order's fee with the discount."""
    fee = fee_of(order["channel"], order["export_mode"])
    return charge(fee, order["total_cents"], fee_prices(ctx), [halved(fee_rules(ctx))])


def _tell(ctx: Context, merchant: int, before: int, ledger: Ledger, entries: Sequence[Entry]) -> None:
    """A message and a fact when the line was reached, or is no longer."""
    line_cents, total = ledger.rules.threshold_cents, ledger.total
    rose = [entry for entry in entries if entry.before < line_cents <= entry.after]
    if rose and total >= line_cents:
        fact = ctx.emit("fees.reached", ("merchant", merchant), cents=total)
        fact.merchant_id = merchant
        text = N_("{line} are reached: the next new orders pay half the service fee")
        send(ctx, text, to=merchant, kind="fees", path=PAGE, line=money(line_cents, "USD"))
    elif before >= line_cents > total:
        fact = ctx.emit("fees.fell", ("merchant", merchant), cents=total)
        fact.merchant_id = merchant
        text = N_("After a cancellation {left} are missing again: orders until then are threshold orders")
        left = money(line_cents - total, "USD")
        send(ctx, text, to=merchant, kind="fees", path=PAGE, left=left)
