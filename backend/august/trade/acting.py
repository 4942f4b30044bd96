"""What all commands of orders do alike: whose order it is, taking a step, writing down what it leaves."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select

from august.catalog.models import Product, StockMove
from august.kernel.bulk import put, row_of
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import Event, WorldBase, by_id
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.trade import effects, steps
from august.trade.models import Order, Receipt, Shipment
from august.trade.rules import order_terms

Row = Mapping[str, Any]


def acting_buyer(ctx: Context) -> Buyer:
    """The buyer who acts; 404 when there is no such buyer."""
    number = ctx.actor.buyer or 0
    buyer = by_id(ctx.session, Buyer, number)
    if buyer is None:
        raise Refusal("buyer.unknown", N_("There is no buyer {id}."), params={"id": str(number)}, status=404)
    return buyer


def party_order(ctx: Context, number: int) -> Order:
    """An order of the acting store or of the acting buyer; 404 for everybody else's."""
    order = by_id(ctx.session, Order, number)
    if order is None or not _party(ctx, order):
        raise Refusal(
            "order.unknown", N_("There is no order {id} here."), params={"id": str(number)}, status=404
        )
    return order


def _party(ctx: Context, order: Order) -> bool:
    if ctx.actor.kind == "buyer":
        return order.buyer_id == ctx.actor.buyer
    return order.merchant_id == ctx.merchant


def take(ctx: Context, order: Order, step: str, change: Callable[[Row, int], Mapping[str, Any]]) -> Row:
    """Let the order take a step that its state and its time allow; returns the row it was."""
    before, at = row_of(order), to_epoch(ctx.now)
    steps.require(step, before)
    steps.require_in_time(step, before, at, order_terms(ctx.rulebook, ctx.now))
    put(order, change(before, at))
    return before


def note(ctx: Context, kind: str, order: Order, **params: Any) -> Event:
    """A fact on the timeline of an order; it is the store's, whoever acts."""
    fact = ctx.emit(kind, ("order", order.id), **params)
    fact.merchant_id = order.merchant_id
    return fact


def summary(order: Order) -> dict[str, Any]:
    """What every command of an order answers with."""
    return {"order": order.id, "state": order.state}


def add(ctx: Context, table: type[WorldBase], row: Row) -> WorldBase:
    """A new thing with these plain columns."""
    made = table()
    put(made, row)
    ctx.session.add(made)
    return made


def book(ctx: Context, order: Order, kind: str, cents: int) -> None:
    """A payment of the buyer."""
    add(ctx, Receipt, effects.receipt(row_of(order), kind, cents, to_epoch(ctx.now)))


def set_aside(ctx: Context, order: Order) -> None:
    """The first payment takes the pieces from the stock, as far as they are there."""
    product = ctx.session.get_one(Product, order.product_id)
    move(ctx, order, product, -effects.set_aside(row_of(order), product.stock), "ordered")


def put_back(ctx: Context, order: Order) -> None:
    """The pieces that an order took return, unless some of them have left."""
    if not effects.back_on_the_shelf(row_of(order)):
        return
    taken = select(func.coalesce(func.sum(StockMove.pieces), 0)).where(StockMove.order_id == order.id)
    product = ctx.session.get_one(Product, order.product_id)
    move(ctx, order, product, -int(ctx.session.scalar(taken) or 0), "returned")


def move(ctx: Context, order: Order, product: Product, pieces: int, why: str) -> None:
    """Pieces come or go; every one of them is written down."""
    if pieces:
        product.stock += pieces
        moved = {"product_id": product.id, "pieces": pieces, "why": why, "order_id": order.id}
        ctx.session.add(StockMove(at=ctx.now, **moved))


def send(ctx: Context, order: Order, quantity: int, line: str | None) -> Shipment:
    """Hand goods over; the order counts them already."""
    made = Shipment()
    put(made, effects.shipment(row_of(order), quantity, line, to_epoch(ctx.now)))
    ctx.session.add(made)
    return made
