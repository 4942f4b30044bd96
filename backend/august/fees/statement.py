"""The statement of a store: of each order with a settled fee what came in, and where it went."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from august.fees.amounts import payout
from august.fees.models import FeeCharge
from august.fees.queries import Charged, charged_of
from august.integrity.models import Dispute
from august.kernel.clock import beijing
from august.kernel.context import Context
from august.kernel.money import amount
from august.merchants.models import Buyer
from august.trade.models import Order, Receipt

HEADER = (
    "order", "buyer", "settled_beijing", "received_usd", "refunded_usd", "fee", "fee_base_usd",
    "fee_saved_usd", "fee_charged_usd", "benefit", "payout_usd",
)  # fmt: skip


@dataclass(frozen=True)
class OrderMoney:
    """An order's money in US cents: received = paid out + refunded + fees."""

    order: int
    company: str
    at: datetime
    received: int
    refunded: int
    fees: Sequence[Charged]

    @property
    def charged(self) -> int:
        """All fees of the order."""
        return sum(fee.charged for fee in self.fees)

    @property
    def saved(self) -> int:
        """What benefits saved on them."""
        return sum(fee.saved for fee in self.fees)

    @property
    def payout(self) -> int:
        """What reaches the store; below zero it is taken from the store's balance."""
        return payout(self.received, self.refunded, self.charged)


@dataclass(frozen=True)
class Statement:
    """All orders with a settled fee, the newest first, and the sums of each column."""

    orders: Sequence[OrderMoney]

    def total(self, column: str) -> int:
        """The sum of a column: received, refunded, charged, saved, payout."""
        return sum(getattr(order, column) for order in self.orders)


def statement(ctx: Context, only: int | None = None) -> Statement:
    """The acting store's statement, or that of one order; three statements of SQL."""
    asked = (
        select(FeeCharge, Buyer.company)
        .join(Order, Order.id == FeeCharge.order_id)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .where(FeeCharge.merchant_id == ctx.merchant)
        .order_by(FeeCharge.id)
    )
    if only is not None:
        asked = asked.where(FeeCharge.order_id == only)
    fees: dict[int, list[Charged]] = defaultdict(list)
    for charge, company in ctx.session.execute(asked):
        fees[charge.order_id].append(charged_of(charge, company))
    mine = select(FeeCharge.order_id).where(FeeCharge.merchant_id == ctx.merchant)
    if only is not None:
        mine = mine.where(FeeCharge.order_id == only)
    received = _sums(
        ctx,
        select(Receipt.order_id, func.sum(Receipt.cents)).where(
            Receipt.order_id.in_(mine), Receipt.cancelled_at.is_(None)
        ).group_by(Receipt.order_id),
    )  # fmt: skip
    refunded = _sums(
        ctx,
        select(Dispute.order_id, func.sum(Dispute.refund_cents)).where(
            Dispute.order_id.in_(mine), Dispute.settled_at.is_not(None)
        ).group_by(Dispute.order_id),
    )  # fmt: skip
    orders = [
        OrderMoney(
            order,
            charged[0].company,
            max(one.at for one in charged),
            received.get(order, 0),
            refunded.get(order, 0),
            charged,
        )
        for order, charged in fees.items()
    ]
    return Statement(sorted(orders, key=lambda one: (one.at, one.order), reverse=True))


def _sums(ctx: Context, asked: Any) -> dict[int, int]:
    return {order: int(cents or 0) for order, cents in ctx.session.execute(asked)}


def table(found: Statement) -> Iterator[list[str]]:
    """The statement row by row for a spreadsheet, a row for each fee; the money of an order stands once."""
    for order in found.orders:
        for place, fee in enumerate(order.fees):
            first = place == 0
            yield [
                str(order.order),
                order.company,
                f"{beijing(fee.at):%Y-%m-%d %H:%M:%S}",
                amount(order.received) if first else "",
                amount(order.refunded) if first else "",
                fee.fee,
                amount(fee.base),
                amount(fee.saved),
                amount(fee.charged),
                fee.why or "",
                amount(order.payout) if first else "",
            ]
