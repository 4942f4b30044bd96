"""What the page of LC financing reads (F5)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import select

from august.catalog.models import Product
from august.finance import lending, steps
from august.finance.explain import conditions, explain_fee
from august.finance.models import LcFinancing
from august.finance.rules import Drawing, Fee, advance, fee
from august.kernel.bulk import row_of
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.words import Phrase
from august.merchants.models import Buyer
from august.trade.models import Order
from august.trade.rules import countdown
from august.trade.steps import PAID

ID_DIGITS = 15


class Stage(msgspec.Struct, frozen=True):
    """A stop on the way of a financing, as ui.steps shows it."""

    label: str
    mark: str
    at: datetime | None


class Lent(msgspec.Struct, frozen=True):
    """A financing with its order, what can be done, and the fee if it were drawn now."""

    financing: LcFinancing
    order: Order
    company: str
    title: str
    can: Sequence[str]
    stages: Sequence[Stage]
    left: Phrase | None
    advance_cents: int
    fee: Fee | None

    @property
    def rest(self) -> int:
        """What is still to be paid of the order, in cents."""
        return self.order.total_cents - self.order.paid_cents


class Candidate(msgspec.Struct, frozen=True):
    """A letter-of-credit order that can be financed."""

    order: Order
    company: str
    title: str
    advance_cents: int
    fee: Fee

    @property
    def rest(self) -> int:
        """What is still to be paid of the order, in cents."""
        return self.order.total_cents - self.order.paid_cents


class Desk(msgspec.Struct, frozen=True):
    """LC financing of the store as it stands."""

    conditions: Sequence[Node]
    open: Sequence[Lent]
    over: Sequence[Lent]
    candidates: Sequence[Candidate]
    drawn_cents: int
    fee_cents: int
    saved_cents: int
    outstanding_cents: int

    @property
    def eligible(self) -> bool:
        """Whether the next drawdown has the festival's offer now."""
        return all(node.outcome == "ok" for node in self.conditions)


def desk(ctx: Context) -> Desk:
    """Everything about LC financing, in six statements."""
    drawing = lending.drawing_of(ctx, 0)
    joined = (
        select(LcFinancing, Order, Buyer.company, Product.title)
        .join(Order, Order.id == LcFinancing.order_id)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .join(Product, Product.id == Order.product_id)
        .where(LcFinancing.merchant_id == ctx.merchant)
    )
    found = ctx.session.execute(joined.order_by(LcFinancing.id.desc())).all()
    lines = [_lent(ctx, drawing, *row) for row in found]
    taken = {row[0].order_id for row in found if row[0].state in steps.OPEN or row[0].drawn_at is not None}
    drawn = [line.financing for line in lines if line.financing.drawn_at is not None]
    return Desk(
        conditions=conditions(drawing, lending.lc_offer(ctx)),
        open=[line for line in lines if line.financing.state in steps.OPEN],
        over=[line for line in lines if line.financing.state not in steps.OPEN],
        candidates=candidates(ctx, drawing, taken),
        drawn_cents=sum(one.drawn_cents for one in drawn),
        fee_cents=sum(one.fee_cents for one in drawn),
        saved_cents=sum(one.base_fee_cents - one.fee_cents for one in drawn),
        outstanding_cents=sum(one.drawn_cents for one in drawn if one.ended_at is None),
    )


def candidates(ctx: Context, drawing: Drawing, taken: set[int]) -> list[Candidate]:
    """The store's letter-of-credit orders whose rest can be financed."""
    mine = Order.merchant_id == ctx.merchant, Order.special != "none", Order.state.in_(PAID)
    asked = (
        select(Order, Buyer.company, Product.title)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .join(Product, Product.id == Order.product_id)
        .where(*mine)
        .order_by(Order.id.desc())
    )
    terms = lending.terms(ctx)
    made = []
    for order, company, title in ctx.session.execute(asked):
        if order.id in taken or lending.obstacle(row_of(order)) is not None:
            continue
        cents = advance(order.total_cents - order.paid_cents, terms)
        made.append(Candidate(order, company, title, cents, _fee(ctx, drawing, cents)))
    return made


def _fee(ctx: Context, drawing: Drawing, cents: int) -> Fee:
    one = msgspec.structs.replace(drawing, cents=cents)
    return fee(one, lending.lc_offer(ctx), lending.terms(ctx))


def _lent(
    ctx: Context, drawing: Drawing, financing: LcFinancing, order: Order, company: str, title: str
) -> Lent:
    row, goods, now = row_of(financing), row_of(order), to_epoch(ctx.now)
    seller = [name for name, step in steps.STEPS.items() if step.actor == "seller"]
    can = [name for name in seller if steps.allowed(name, row, goods, now)]
    cents = advance(order.total_cents - order.paid_cents, lending.terms(ctx))
    waiting = financing.drawn_at is None and financing.ended_at is None
    return Lent(
        financing,
        order,
        company,
        title,
        can,
        _stages(financing),
        None if row["deadline"] is None else countdown(now, row["deadline"]),
        cents if waiting else financing.drawn_cents,
        _fee(ctx, drawing, cents) if waiting else None,
    )


def _stages(financing: LcFinancing) -> list[Stage]:
    """The way of a financing: what is done, where it is, what comes."""
    reached = {
        "applied": financing.applied_at,
        "presented": financing.presented_at,
        "drawn": financing.drawn_at,
        "repaid": financing.ended_at if financing.state == "repaid" else None,
    }
    here = "drawn" if financing.state == "overdue" else financing.state
    last = steps.WAY.index(here) if here in steps.WAY else _last(financing)
    broken = here not in steps.WAY
    made = []
    for place, name in enumerate(steps.WAY):
        mark = "done" if place < last or financing.state == "repaid" else "next"
        if place == last and financing.state != "repaid":
            mark = "broken" if broken or financing.state == "overdue" else "now"
        made.append(Stage(steps.STATES[name].label, mark, reached.get(name)))
    return made


def _last(financing: LcFinancing) -> int:
    """How far a financing came that ended on its way."""
    return steps.WAY.index("presented" if financing.presented_at else "applied")


def why_fee(ctx: Context, key: str) -> Node:
    """Why a drawdown costs its fee: `lc-fee/{financing}`, before the drawdown as if it were now."""
    known = key.isascii() and key.isdigit() and len(key) <= ID_DIGITS
    financing = lending.own_financing(ctx, int(key) if known else 0)
    offer, terms = lending.lc_offer(ctx), lending.terms(ctx)
    if financing.drawn_at is None:
        order = ctx.session.get_one(Order, financing.order_id)
        cents = advance(order.total_cents - order.paid_cents, terms)
        return explain_fee(lending.drawing_of(ctx, cents), offer, terms)
    return explain_fee(lending.drawing_as_it_was(ctx, financing), offer, terms)


def what_if(ctx: Context, cents: int, at: datetime) -> tuple[Fee, Node]:
    """The fee of a planned drawdown and why."""
    drawing = lending.drawing_of(ctx, cents, at)
    offer, terms = lending.lc_offer(ctx), lending.terms(ctx)
    return fee(drawing, offer, terms), explain_fee(drawing, offer, terms)
