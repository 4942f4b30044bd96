"""What the pages and the API tell of service fees: the running total, labels, benefits, fees charged."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from august.fees.booking import fee_rules
from august.fees.models import FEES, FeeCharge, FeeEntry, FeePackage
from august.fees.rules import Entry, FeeRules
from august.kernel.columns import from_epoch
from august.kernel.context import Context
from august.kernel.plain import Row, plain, rows
from august.merchants.models import Buyer
from august.trade.models import Order
from august.web.tables import Listing, Page

RECEIPT_KINDS, BENEFIT_KINDS = ("booked", "cancelled"), ("locked", "settled", "lost")
LABELS = ("threshold", "discount", "none")
RECEIPT_FILTERS, BENEFIT_FILTERS, CHARGE_FILTERS = ("label", "kind"), ("state",), ("fee",)
ENTRY_SORTS: Mapping[str, Any] = {"at": FeeEntry.id, "amount": FeeEntry.cents}
CHARGE_SORTS: Mapping[str, Any] = {
    "at": FeeCharge.at,
    "base": FeeCharge.base_cents,
    "saved": FeeCharge.saved_cents,
    "charged": FeeCharge.charged_cents,
}


@dataclass(frozen=True)
class Pile:
    """Some benefits of one kind: how many, and what they save in US cents."""

    count: int
    cents: int


@dataclass(frozen=True)
class Overview:
    """How a store stands to the line, and what became of its benefits."""

    rules: FeeRules
    total: int
    reached_at: datetime | None
    receipts: int
    # Orders by their labels.
    labels: Mapping[str, int]
    locked: Pile
    settled: Pile
    lost: Pile
    # Why benefits were lost, the most frequent first.
    losses: Sequence[tuple[str, Pile]]
    package: FeePackage | None
    # What happened to the total: (entry, total after it).
    steps: Sequence[tuple[datetime, int]]

    @property
    def reached(self) -> bool:
        """Whether new orders are discount orders now."""
        return self.total >= self.rules.threshold_cents

    @property
    def missing(self) -> int:
        """What is missing to the line."""
        return max(0, self.rules.threshold_cents - self.total)


def ledger_rows(ctx: Context) -> list[Row]:
    """The whole ledger of the acting store, in its order."""
    return rows(ctx.session.connection(), _ledger(), {"store": ctx.merchant})


@cache
def _ledger() -> Select[Any]:
    table = plain(FeeEntry)
    return select(table).where(table.c.merchant_id == bindparam("store")).order_by(table.c.id)


def overview(ctx: Context) -> Overview:
    """The acting store's standing; three statements."""
    rules, found = fee_rules(ctx), ledger_rows(ctx)
    moves = [row for row in found if row["kind"] in RECEIPT_KINDS]
    total, reached_at = 0, None
    for row in moves:
        total = row["after_cents"]
        if row["before_cents"] < rules.threshold_cents <= total:
            reached_at = from_epoch(row["at"])
    labels = {row["order_id"]: row["label"] for row in moves}
    ended = {row["receipt_id"] for row in found if row["kind"] in {"settled", "lost"}}
    locked = [row for row in found if row["kind"] == "locked" and row["receipt_id"] not in ended]
    lost = [row for row in found if row["kind"] == "lost"]
    by_reason = Counter(row["reason"] for row in lost)
    running = select(FeePackage).where(
        FeePackage.merchant_id == ctx.merchant, FeePackage.bought_at <= ctx.now, FeePackage.until > ctx.now
    )
    return Overview(
        rules=rules,
        total=total,
        reached_at=reached_at if total >= rules.threshold_cents else None,
        receipts=sum(row["kind"] == "booked" for row in moves),
        labels={label: sum(each == label for each in labels.values()) for label in LABELS},
        locked=_pile(locked),
        settled=_pile([row for row in found if row["kind"] == "settled"]),
        lost=_pile(lost),
        losses=[
            (reason, _pile([row for row in lost if row["reason"] == reason]))
            for reason, _ in by_reason.most_common()
        ],
        package=ctx.session.scalars(running).first(),
        steps=[(from_epoch(row["at"]), row["after_cents"]) for row in moves],
    )


def _pile(found: Sequence[Row]) -> Pile:
    return Pile(len(found), sum(row["cents"] for row in found))


@dataclass(frozen=True)
class Line:
    """A line of the ledger with its order."""

    id: int
    order: int
    company: str
    receipt: int
    at: datetime
    kind: str
    cents: int
    before: int
    after: int
    label: str
    reason: str
    channel: str
    mode: str
    special: str


def _lines(ctx: Context, kinds: Sequence[str]) -> Any:
    return (
        select(FeeEntry, Order.channel, Order.export_mode, Order.special, Buyer.company)
        .join(Order, Order.id == FeeEntry.order_id)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .where(FeeEntry.merchant_id == ctx.merchant, FeeEntry.kind.in_(kinds))
    )


def _line(entry: FeeEntry, channel: str, mode: str, special: str, company: str) -> Line:
    return Line(
        id=entry.id,
        order=entry.order_id,
        company=company,
        receipt=entry.receipt_id,
        at=entry.at,
        kind=entry.kind,
        cents=entry.cents,
        before=entry.before_cents,
        after=entry.after_cents,
        label=entry.label,
        reason=entry.reason,
        channel=channel,
        mode=mode,
        special=special,
    )


def _paged(ctx: Context, asked: Listing, wanted: Any, sort: Any) -> tuple[list[Any], Page]:
    """A page of what is wanted, by the column and then by the number."""
    count = ctx.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    page = asked.slice_of(count)
    order = sort.desc() if asked.descending else sort.asc()
    table = sort.class_
    last = table.id.desc() if asked.descending else table.id.asc()
    found = ctx.session.execute(wanted.order_by(order, last).limit(page.size).offset(page.offset)).all()
    return list(found), page


def receipts(ctx: Context, asked: Listing) -> tuple[list[Line], Page]:
    """A page of bookings and cancellations, each with its label and why."""
    wanted = _lines(ctx, RECEIPT_KINDS)
    if asked.get("label") in LABELS:
        wanted = wanted.where(FeeEntry.label == asked.get("label"))
    if asked.get("kind") in RECEIPT_KINDS:
        wanted = wanted.where(FeeEntry.kind == asked.get("kind"))
    found, page = _paged(ctx, asked, wanted, ENTRY_SORTS[asked.sort])
    return [_line(*row) for row in found], page


def benefits(ctx: Context, asked: Listing) -> tuple[list[Line], Page]:
    """A page of benefits as they stand now: still locked, settled, or lost and why."""
    other = FeeEntry.__table__.alias()
    ended = select(other.c.id).where(
        other.c.receipt_id == FeeEntry.receipt_id, other.c.kind.in_(("settled", "lost"))
    )
    wanted = _lines(ctx, BENEFIT_KINDS).where((FeeEntry.kind != "locked") | ~ended.exists())
    if asked.get("state") in BENEFIT_KINDS:
        wanted = wanted.where(FeeEntry.kind == asked.get("state"))
    found, page = _paged(ctx, asked, wanted, ENTRY_SORTS[asked.sort])
    return [_line(*row) for row in found], page


@dataclass(frozen=True)
class Charged:
    """A fee of an order as it was settled."""

    order: int
    company: str
    fee: str
    at: datetime
    base: int
    saved: int
    charged: int
    why: str | None


def charges(ctx: Context, asked: Listing) -> tuple[list[Charged], Page]:
    """A page of the fees the store was charged, OA fees among them."""
    wanted: Any = (
        select(FeeCharge, Buyer.company)
        .join(Order, Order.id == FeeCharge.order_id)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .where(FeeCharge.merchant_id == ctx.merchant)
    )
    if asked.get("fee"):
        wanted = wanted.where(FeeCharge.kind == asked.get("fee"))
    found, page = _paged(ctx, asked, wanted, CHARGE_SORTS[asked.sort])
    return [charged_of(charge, company) for charge, company in found], page


def charged_of(charge: FeeCharge, company: str) -> Charged:
    """A stored fee as pages tell it."""
    return Charged(
        order=charge.order_id,
        company=company,
        fee=charge.kind,
        at=charge.at,
        base=charge.base_cents,
        saved=charge.saved_cents,
        charged=charge.charged_cents,
        why=charge.why,
    )


def charge_sums(ctx: Context) -> dict[str, Pile]:
    """How many fees of each kind were charged, and how much."""
    asked = (
        select(FeeCharge.kind, func.count(), func.sum(FeeCharge.charged_cents))
        .where(FeeCharge.merchant_id == ctx.merchant)
        .group_by(FeeCharge.kind)
        .order_by(FeeCharge.kind)
    )
    found = {kind: Pile(count, int(cents)) for kind, count, cents in ctx.session.execute(asked)}
    return {fee: found.get(fee, Pile(0, 0)) for fee in FEES}


def entry_of(row: Row) -> Entry:
    """A booking or a cancellation of the ledger as the rule made it."""
    return Entry(
        from_epoch(row["at"]),
        row["kind"],
        row["order_id"],
        row["receipt_id"],
        row["cents"],
        row["before_cents"],
        row["after_cents"],
        row["label"],
        row["reason"],
        fresh=row["kind"] == "booked" and row["reason"] in {"below", "reached"},
    )
