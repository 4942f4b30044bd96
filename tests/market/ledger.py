"""What must be true of every world at any time: everything is accounted for, no instant lies ahead."""

from collections import Counter

import numpy as np
from sqlalchemy import Table, func, select

from august.catalog.models import Product, StockMove
from august.integrity.models import Dispute
from august.kernel.columns import Instant
from august.kernel.context import SYSTEM
from august.kernel.tables import Clock, WorldBase
from august.kernel.world import World
from august.opportunities.models import ChatLine, Inquiry
from august.reviews.models import PendingReview, Review
from august.trade.models import Order, Receipt, Shipment
from august.traffic.models import TrafficTick
from tests.market.conftest import PLAYER

# Instants that say when something ends or is promised, not when something was.
AHEAD = {
    ("orders", "ship_by"),
    ("disputes", "deadline"),
    ("merchants", "member_until"),
    ("benefit_grants", "valid_until"),
    ("showcase_orders", "until"),
    ("buyers", "closed_at"),
}


def accounted(world: World) -> None:
    """Every order, receipt, shipment, piece of stock, message and review adds up."""
    with world.reading(SYSTEM) as ctx:
        session = ctx.session
        orders = {order.id: order for order in session.scalars(select(Order))}
        paid: Counter[int] = Counter()
        for receipt in session.scalars(select(Receipt)):
            if receipt.cancelled_at is None:
                paid[receipt.order_id] += receipt.cents
        assert {number: order.paid_cents for number, order in orders.items() if order.paid_cents} == dict(
            paid
        )
        sent: Counter[int] = Counter()
        for shipment in session.scalars(select(Shipment)):
            sent[shipment.order_id] += shipment.quantity
        assert {number: o.shipped_quantity for number, o in orders.items() if o.shipped_quantity} == dict(
            sent
        )
        for order in orders.values():
            assert order.total_cents == order.goods_cents + order.freight_cents
            assert order.goods_cents == order.unit_cents * order.quantity
            assert order.state != "completed" or order.paid_cents == order.total_cents
        moved = dict(
            session.execute(
                select(StockMove.product_id, func.sum(StockMove.pieces)).group_by(StockMove.product_id)
            ).all()
        )
        stocks = dict(session.execute(select(Product.id, Product.stock)).all())
        assert {number: stock for number, stock in stocks.items() if stock != moved.get(number, 0)} == {}
        open_disputes = {
            dispute.order_id for dispute in session.scalars(select(Dispute)) if dispute.settled_at is None
        }
        assert {number for number, order in orders.items() if order.disputed} == open_disputes
        reviewed = set(session.scalars(select(Review.order_id)))
        assert reviewed.isdisjoint(session.scalars(select(PendingReview.order_id)))
        assert {orders[number].state for number in reviewed} <= {"completed", "received", "cancelled"}
        asked = {inquiry.id: inquiry for inquiry in session.scalars(select(Inquiry))}
        lines = set(session.scalars(select(ChatLine.inquiry_id)))
        typed = set(session.scalars(select(ChatLine.inquiry_id).where(ChatLine.author == "player")))
        mine = {number for number, each in asked.items() if each.merchant_id == PLAYER}
        assert mine <= lines <= mine | typed
        for inquiry in asked.values():
            assert (inquiry.state == "ordered") == (inquiry.order_id is not None)
            if inquiry.order_id is not None:
                assert orders[inquiry.order_id].inquiry_id == inquiry.id


def instants(world: World) -> None:
    """No instant lies after the clock, none outside its tick."""
    with world.reading(SYSTEM) as ctx:
        now = ctx.session.get_one(Clock, 1).now
        for table in WorldBase.metadata.tables.values():
            assert isinstance(table, Table)
            for column in table.c:
                if isinstance(column.type, Instant) and (table.name, column.name) not in AHEAD:
                    latest = ctx.session.execute(select(func.max(column))).scalar_one()
                    assert latest is None or latest <= now, (table.name, column.name)
        before = None
        for tick in ctx.session.scalars(select(TrafficTick).order_by(TrafficTick.start)):
            assert before in (None, tick.start)
            before = tick.end
            seconds = np.asarray(tick.visit_second)
            assert len(seconds) == tick.visits
            assert (
                not len(seconds)
                or 0 <= seconds.min() <= seconds.max() < (tick.end - tick.start).total_seconds()
            )
            assert (np.diff(seconds) >= 0).all()
