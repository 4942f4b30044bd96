"""What a stretch of market leaves behind: instants in their ticks, everything accounted for, equal luck."""

from collections import Counter
from datetime import timedelta

import numpy as np
from sqlalchemy import Table, func, select

from august.catalog.models import Product, StockMove
from august.integrity import steps as dispute_steps
from august.integrity.models import Dispute
from august.kernel.columns import Instant
from august.kernel.context import SYSTEM
from august.kernel.jobs import advance
from august.kernel.tables import Clock, WorldBase
from august.kernel.world import World
from august.opportunities.models import ChatLine, Inquiry
from august.reviews.models import PendingReview, Review
from august.trade.models import Order, Receipt, Shipment
from august.traffic.models import TrafficTick
from tests.market.conftest import PLAYER, Shelf, days, now_of

# Instants that say when something ends or is promised, not when something was.
AHEAD = {("orders", "ship_by"), ("disputes", "deadline"), ("merchants", "member_until")}


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
        lines = Counter(session.scalars(select(ChatLine.inquiry_id)))
        assert set(lines) == {number for number, each in asked.items() if each.merchant_id == PLAYER}
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


def test_the_past_adds_up(shelf: Shelf) -> None:
    world = shelf.world()
    accounted(world)
    instants(world)
    with world.reading(SYSTEM) as ctx:
        oldest = ctx.session.execute(select(func.min(Order.drafted_at))).scalar_one()
        traffic = ctx.session.execute(select(func.min(TrafficTick.start))).scalar_one()
        waiting = select(func.count()).where(Inquiry.merchant_id == PLAYER, Inquiry.turn == "seller")
        assert ctx.now - timedelta(days=401) < oldest < ctx.now - timedelta(days=390)
        assert timedelta(days=120) <= ctx.now - traffic < timedelta(days=121)
        # There is something to do on the first morning.
        assert ctx.session.execute(waiting).scalar_one() >= 3


def test_forty_days_without_anybody_add_up(shelf: Shelf) -> None:
    world = shelf.world(seed=3)
    days(world, 40)
    accounted(world)
    instants(world)


def test_a_jump_in_pieces_is_the_jump(shelf: Shelf) -> None:
    whole, pieces = shelf.world(), shelf.world()
    until = now_of(whole) + timedelta(days=5)
    advance(whole, until)
    for hours in (1, 7, 11, 30, 52):
        advance(shelf.worlds.open(pieces.id), now_of(pieces) + timedelta(hours=hours))
    advance(pieces, until)
    assert pieces.state_hash() == whole.state_hash()


def test_seeds_share_the_past_and_differ_afterwards(shelf: Shelf) -> None:
    first, same, other = shelf.world(1), shelf.world(1), shelf.world(2)
    for world in (first, same, other):
        days(world, 2)
    assert first.state_hash() == same.state_hash() != other.state_hash()


def test_another_price_leaves_other_draws_alone(shelf: Shelf) -> None:
    """Visits in other leaves are the same to the second; in its own leaf only by way of the ranking."""
    as_it_was, cheaper = shelf.world(5), shelf.world(5)
    with cheaper.writing(SYSTEM) as ctx:
        product = ctx.session.scalars(
            select(Product)
            .where(Product.merchant_id == PLAYER, Product.status == "on_sale")
            .order_by(Product.id)
        ).first()
        assert product is not None
        leaf = product.leaf
        product.price_cents = product.price_cents // 2
        ctx.session.commit()
    seen = []
    for world in (as_it_was, cheaper):
        days(world, 1)
        with world.reading(SYSTEM) as ctx:
            leaves = dict(ctx.session.execute(select(Product.id, Product.leaf)).all())
            tick = ctx.session.scalars(select(TrafficTick).order_by(TrafficTick.start.desc())).first()
            assert tick is not None
            visits = zip(tick.visit_buyer, tick.visit_product, tick.visit_second, strict=True)
            seen.append({tuple(map(int, visit)) for visit in visits if leaves[int(visit[1])] != leaf})
    assert seen[0] == seen[1] != set()


def test_settled_requests_leave_orders_free(shelf: Shelf) -> None:
    world = shelf.world(2, "average")
    days(world, 30)
    with world.reading(SYSTEM) as ctx:
        for dispute in ctx.session.scalars(select(Dispute).where(Dispute.settled_at.is_not(None))):
            assert dispute_steps.STATES[dispute.state].turn == "nobody"
            assert dispute.deadline is None
            assert dispute.refund_cents is not None
            assert 0 <= dispute.refund_cents <= dispute.claim_cents
