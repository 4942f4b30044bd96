"""Buying a One-Touch package, cancelling what is locked, what commands of orders leave in the ledger."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from august.fees.amounts import PackageRules
from august.fees.booking import cancelled, catch_up
from august.fees.models import FeePackage
from august.fees.payloads import BuyPackage
from august.fees.rules import Entry
from august.fees.settling import Settling, open_locks, settle
from august.kernel.clock import BEIJING, UTC
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import Event
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.trade.models import Order


@command("fees.buy_package", title=N_("Buy the One-Touch 3N-year package"))
def buy_package(ctx: Context, _cmd: BuyPackage) -> dict[str, Any]:
    """Buy a package that pays the One-Touch fee and excludes the half price (F2.9, F2-package)."""
    rules: PackageRules = ctx.rulebook.values("F2-package", ctx.now)
    asked = select(FeePackage).where(FeePackage.merchant_id == ctx.merchant, FeePackage.until > ctx.now)
    running = ctx.session.scalars(asked).first()
    if running is not None:
        raise Refusal(
            "fees.package_runs",
            N_("A One-Touch package runs until {until} already."),
            params={"until": running.until},
            rules=("F2-package", "F2.9"),
            remedy=N_("Buy the next one when it has ended."),
            status=409,
        )
    bought = ctx.now.astimezone(BEIJING)
    # Bought on a 29 February, it ends with the last day before March.
    last = bought.day if (bought.month, bought.day) != (2, 29) else 28
    until = bought.replace(year=bought.year + rules.years, day=last).astimezone(UTC)
    package = FeePackage(merchant_id=ctx.merchant, bought_at=ctx.now, until=until, price_fen=rules.price_fen)
    ctx.session.add(package)
    ctx.session.flush()
    ctx.emit("fees.package_bought", ("fee_package", package.id), fen=rules.price_fen)
    return {"package": package.id, "until": until.isoformat(), "price_fen": rules.price_fen}


def cancel_locked(ctx: Context, merchant: int, order: int, reason: str) -> int:
    """An order is ruled improper or abnormal: all that the store has locked is lost, if it had locked some.

    Returns how many benefits were lost; 0 when the order itself held none, or again (F2.7). `reason` is kept
    as a fact.
    """
    locks = open_locks(ctx, merchant)
    if order not in {lock["order_id"] for lock in locks}:
        return 0
    settling = Settling(ctx, merchant, [lock["order_id"] for lock in locks])
    for lock in locks:
        settling.lose(lock, "abnormal")
    settling.write()
    fact = ctx.emit("fees.locked_cancelled", ("order", order), reason=reason, count=len(locks))
    fact.merchant_id = merchant
    return len(locks)


def on_booked(ctx: Context, fact: Event) -> None:
    """A command booked a payment: it is labelled at once, and may have completed the order."""
    order = _played(ctx, fact)
    if order is not None:
        follow(ctx, order.merchant_id, catch_up(ctx, order.merchant_id), [order.id])


def on_cancelled(ctx: Context, fact: Event) -> None:
    """A command cancelled the bookings of an order."""
    order = _played(ctx, fact)
    if order is not None:
        cancelled(ctx, order.merchant_id, order.id)


def on_ended(ctx: Context, fact: Event) -> None:
    """A command completed or closed an order."""
    order = _played(ctx, fact)
    if order is not None:
        settle(ctx, order.merchant_id, [order.id])


def follow(ctx: Context, merchant: int, entries: Sequence[Entry], orders: Sequence[int]) -> None:
    """After a booking: fees of orders that may be complete, and benefits that were locked too late."""
    locked = {int(str(entry.order)) for entry in entries if entry.fresh and entry.label == "discount"}
    settle(ctx, merchant, sorted({*orders, *locked}))


def _played(ctx: Context, fact: Event) -> Order | None:
    """The order a fact is about when its store is played; rivals keep no ledger."""
    if fact.object_kind != "order":
        return None
    ctx.session.flush()
    order = ctx.session.get_one(Order, fact.object_id)
    return order if ctx.session.get_one(Merchant, order.merchant_id).is_player else None
