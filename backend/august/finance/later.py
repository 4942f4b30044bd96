"""What buyers see of pay later: the offer at checkout, and what they still owe (F1-bnpl)."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from august.finance import paying
from august.finance.models import InstalmentRow, PayLater
from august.finance.rules import Instalment, plan
from august.kernel.context import Context
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.trade.models import Order


class LaterOffer(msgspec.Struct, frozen=True):
    """What a buyer could pay later: the instalments, and what the platform takes off."""

    parts: Sequence[Instalment]
    off_cents: int
    able: bool
    problem: str | None
    tiers: Sequence[str]


class Bill(msgspec.Struct, frozen=True):
    """An order that is paid later, with its instalments."""

    bill: PayLater
    parts: Sequence[InstalmentRow]

    @property
    def open_cents(self) -> int:
        """What is still to be charged."""
        return sum(part.cents for part in self.parts if part.paid_at is None)


def later_offer(ctx: Context, buyer: Buyer, cents: int, *, fits: bool = True) -> LaterOffer | None:
    """How an amount could be paid later by a buyer; None where the order is not one that can be."""
    if not fits or cents < 1:
        return None
    numbers = paying.rules(ctx)
    able = buyer.tier in numbers.tiers
    off = paying.off_for(ctx, buyer.id, cents) if able else 0
    problem = None if able else N_("Pay later is for buyers of the tiers {tiers}; yours is {tier}.")
    return LaterOffer(plan(cents - off, ctx.now, numbers), off, able, problem, numbers.tiers)


def bill_of(ctx: Context, order: int) -> Bill | None:
    """How an order is paid later; None when it is not."""
    bill = ctx.session.get(PayLater, order)
    return None if bill is None else Bill(bill, paying.instalments_of(ctx, order))


def bills(ctx: Context, buyer: int) -> list[Bill]:
    """All that a buyer pays later, the newest first, in two statements."""
    asked = select(PayLater).where(PayLater.buyer_id == buyer).order_by(PayLater.order_id.desc())
    found = list(ctx.session.scalars(asked))
    mine = select(InstalmentRow).where(InstalmentRow.order_id.in_([bill.order_id for bill in found]))
    parts: dict[int, list[InstalmentRow]] = {}
    for part in ctx.session.scalars(mine.order_by(InstalmentRow.order_id, InstalmentRow.number)):
        parts.setdefault(part.order_id, []).append(part)
    return [Bill(bill, parts.get(bill.order_id, [])) for bill in found]


def fits(order: Order) -> bool:
    """Whether an order is one that can be paid later, by whomever."""
    return order.kind == "rts" and order.terms == "full" and order.state == "confirmed"
