"""Fees are settled when their time has come; locked benefits are used then, or lost (F2.7-F2.9, F3)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from august.fees.amounts import (
    Benefit,
    Charge,
    Course,
    Fee,
    Loss,
    OaFacts,
    OaRules,
    PackageRules,
    charge,
    fee_of,
    loss,
    lost_at,
    oa_charge,
    settles_at,
)
from august.fees.benefits import HALVED, PACKAGE, covered, halved
from august.fees.booking import PAGE, fee_prices, fee_rules, packages
from august.fees.models import FeeCharge, FeeEntry
from august.fees.words import LOSSES
from august.festival.conditions import in_service
from august.kernel.bulk import insert_rows
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.plain import Row, among, plain, rows, tuples
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.messages.commands import send
from august.trade.models import Order, Receipt, Shipment
from august.web.i18n import speaking, t

ENDED = ("settled", "lost")


@cache
def _orders() -> Select[Any]:
    table = plain(Order)
    wanted = among(table.c.id, "orders")
    return select(table).where(wanted, table.c.merchant_id == bindparam("merchant")).order_by(table.c.id)


@cache
def _cleared() -> Select[Any]:
    """When the last goods of each order were cleared; NULL while some are not."""
    table = plain(Shipment)
    open_ones = func.count().filter(table.c.cleared_at.is_(None))
    return (
        select(table.c.order_id, func.max(table.c.cleared_at), open_ones)
        .where(among(table.c.order_id, "orders"))
        .group_by(table.c.order_id)
    )


@cache
def _charged() -> Select[Any]:
    table = plain(FeeCharge)
    return select(table.c.order_id, table.c.kind).where(among(table.c.order_id, "orders"))


@cache
def _benefits_of() -> Select[Any]:
    table = plain(FeeEntry)
    kinds = table.c.kind.in_(("locked", *ENDED))
    wanted = among(table.c.order_id, "orders")
    return select(table).where(kinds, wanted).order_by(table.c.id)


@cache
def _prepaid() -> Select[Any]:
    table = plain(Receipt)
    return (
        select(table.c.order_id, func.min(table.c.booked_at))
        .where(among(table.c.order_id, "orders"), table.c.cancelled_at.is_(None))
        .group_by(table.c.order_id)
    )


@cache
def _open_locks() -> Select[Any]:
    """The benefits of a store that are locked and neither used nor lost."""
    table, other = plain(FeeEntry), plain(FeeEntry).alias()
    ended = select(other.c.id).where(other.c.kind.in_(ENDED), other.c.receipt_id == table.c.receipt_id)
    mine = table.c.merchant_id == bindparam("merchant"), table.c.kind == "locked"
    return select(table).where(*mine, ~ended.exists()).order_by(table.c.id)


def open_locks(ctx: Context, merchant: int) -> list[Row]:
    """The entries of a store's benefits that are still locked."""
    return rows(ctx.session.connection(), _open_locks(), {"merchant": merchant})


class Settling:
    """What is known of some orders of a store while their fees are looked at."""

    def __init__(self, ctx: Context, merchant: int, orders: Iterable[int]) -> None:
        """Read it in a few statements."""
        self.ctx, self.merchant = ctx, merchant
        self.rules, self.prices = fee_rules(ctx), fee_prices(ctx)
        self.package: PackageRules = ctx.rulebook.values("F2-package", ctx.now)
        self.oa: OaRules = ctx.rulebook.values("F3", ctx.now)
        connection, wanted = ctx.session.connection(), {"orders": sorted(set(orders))}
        self.orders = rows(connection, _orders(), {**wanted, "merchant": merchant})
        self.cleared = {
            order: None if waiting else from_epoch(last)
            for order, last, waiting in tuples(connection, _cleared(), wanted)
        }
        self.charged = set(tuples(connection, _charged(), wanted))
        self.locked: dict[int, Row] = {}
        for row in rows(connection, _benefits_of(), wanted):
            if row["kind"] == "locked":
                self.locked[row["order_id"]] = row
            else:
                self.locked.pop(row["order_id"], None)
        oa = [row["id"] for row in self.orders if row["terms"] == "oa"]
        self.prepaid: dict[int, int] = {}
        if oa:
            self.prepaid = dict(tuples(connection, _prepaid(), {"orders": oa}))
        self.entries: list[Row] = []
        self.charges: list[Row] = []
        self.lost: list[tuple[Row, Loss]] = []

    @cached_property
    def packaged(self) -> Callable[[datetime], bool]:
        """Whether a package of the store ran at an instant."""
        return packages(self.ctx, self.merchant)

    @cached_property
    def store(self) -> Merchant:
        """The store."""
        return self.ctx.session.get_one(Merchant, self.merchant)

    def cleared_at(self, order: Row) -> datetime | None:
        """When all that was ordered had been cleared."""
        return self.cleared.get(order["id"]) if order["shipped_quantity"] >= order["quantity"] else None

    def completed_at(self, order: Row) -> datetime | None:
        """When the order was complete."""
        return from_epoch(order["closed_at"]) if order["state"] == "completed" else None

    def look(self, order: Row) -> None:
        """Charge what is due of an order, and end its benefit when its time has come."""
        fee: Fee = fee_of(order["channel"], order["export_mode"])
        due = settles_at(fee, self.completed_at(order), self.cleared_at(order), self.rules.settlement_zone)
        why = self._loss(order, fee, due)
        lock = self.locked.get(order["id"])
        if lock is not None and why is not None:
            self.lose(lock, why)
            lock = None
        if due is not None and due <= self.ctx.now and (order["id"], fee) not in self.charged:
            self._settle(order, fee, due, lock)
        done = self.completed_at(order)
        if order["terms"] == "oa" and done is not None and (order["id"], "oa") not in self.charged:
            self._charge(order, "oa", done, oa_charge(order["total_cents"], self.oa_facts(order), self.oa))

    def _loss(self, order: Row, fee: Fee, due: datetime | None) -> Loss | None:
        lock = self.locked.get(order["id"])
        if lock is None:
            return None
        shipped = order["shipped_at"]
        course = Course(
            fee,
            from_epoch(lock["at"]),
            None if shipped is None else from_epoch(shipped),
            self.cleared_at(order),
            due,
            closed=order["state"] == "cancelled",
        )
        member = in_service(self.store, due or self.ctx.now)
        return loss(course, self.ctx.now, self.rules, member=member)

    def _settle(self, order: Row, fee: Fee, due: datetime, lock: Row | None) -> None:
        benefits: list[Benefit] = [] if lock is None else [halved(self.rules)]
        if fee in self.package.covers and self.packaged(due):
            benefits += covered(self.package, fee)
        found = charge(fee, order["total_cents"], self.prices, benefits)
        self._charge(order, fee, due, found)
        if lock is None:
            return
        if found.why == HALVED:
            self._end(lock, "settled", due, found.saved, HALVED)
        else:
            self._end(lock, "lost", due, lock["cents"], PACKAGE)

    def _charge(self, order: Row, kind: str, at: datetime, found: Charge) -> None:
        self.charged.add((order["id"], kind))
        self.charges.append(
            {
                "merchant_id": self.merchant,
                "order_id": order["id"],
                "kind": kind,
                "at": to_epoch(at),
                "base_cents": found.base,
                "saved_cents": found.saved,
                "charged_cents": found.charged,
                "why": found.why,
            }
        )

    def oa_facts(self, order: Row) -> OaFacts:
        """What rule F3 asks of an order with OA terms (F3-mode)."""
        confirmed, prepaid = order["confirmed_at"], self.prepaid.get(order["id"])
        insured = order["channel"] in self.oa.channels and order["export_mode"] in self.oa.modes
        return OaFacts(
            from_epoch(order["drafted_at"]),
            None if confirmed is None else from_epoch(confirmed),
            None if prepaid is None else from_epoch(prepaid),
            insured,
            order["channel"],
            order["export_mode"],
        )

    def lose(self, lock: Row, why: Loss) -> None:
        """A locked benefit is gone; nothing is made up for."""
        self._end(lock, "lost", lost_at(why, self.ctx.now, self.rules), lock["cents"], why)
        self.lost.append((lock, why))

    def _end(self, lock: Row, kind: str, at: datetime, cents: int, reason: str) -> None:
        self.locked.pop(lock["order_id"], None)
        ended = {"kind": kind, "at": to_epoch(at), "cents": cents, "reason": reason}
        self.entries.append({name: value for name, value in lock.items() if name != "id"} | ended)

    def write(self) -> None:
        """Store it, and tell the store what it lost."""
        connection = self.ctx.session.connection()
        insert_rows(connection, FeeEntry, self.entries)
        insert_rows(connection, FeeCharge, self.charges)
        for why in dict.fromkeys(why for _, why in self.lost):
            gone = [lock for lock, reason in self.lost if reason == why]
            send(
                self.ctx,
                N_("Half-price benefits lost: {count} orders, {saved}. {reason}"),
                to=self.merchant,
                kind="fees",
                path=PAGE,
                count=len(gone),
                saved=money(sum(lock["cents"] for lock in gone), "USD"),
                reason=_both(LOSSES[why]),
            )


def _both(msgid: str) -> dict[str, str]:
    """A sentence in both languages, as a message keeps it."""
    told = {}
    for key, locale in (("zh", "zh_CN"), ("en", "en")):
        with speaking(locale):
            told[key] = t(msgid)
    return told


def settle(ctx: Context, merchant: int, orders: Sequence[int]) -> None:
    """Look at the fees of some orders of a store; done again it changes nothing."""
    if not orders:
        return
    settling = Settling(ctx, merchant, orders)
    for order in settling.orders:
        settling.look(order)
    settling.write()


def sweep(ctx: Context, merchant: int) -> None:
    """Look at all orders whose benefit is locked: after the deadline those not shipped lose it (F2.7)."""
    settle(ctx, merchant, [lock["order_id"] for lock in open_locks(ctx, merchant)])
