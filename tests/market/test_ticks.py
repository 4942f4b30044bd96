"""What a stretch of market leaves behind: instants in their ticks, everything accounted for, equal luck."""

from datetime import timedelta

from sqlalchemy import func, select

from august.catalog.models import Product
from august.integrity import steps as dispute_steps
from august.integrity.models import Dispute
from august.kernel.context import SYSTEM
from august.kernel.jobs import advance
from august.opportunities.models import Inquiry
from august.trade.models import Order
from august.traffic.models import TrafficTick
from tests.market.conftest import PLAYER, Shelf, days, now_of
from tests.market.ledger import accounted, instants
from tests.tools.bare import changing


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
    # Over the first of a month, when rules begin, a festival opens and stars are evaluated.
    until = now_of(whole) + timedelta(days=12)
    advance(whole, until)
    for hours in (1, 7, 11, 30, 52, 90):
        advance(shelf.worlds.open(pieces.id), now_of(pieces) + timedelta(hours=hours))
    advance(pieces, until)
    assert pieces.state_hash() == whole.state_hash()


def test_what_is_published_at_noon_is_seen_from_the_next_tick_on(shelf: Shelf) -> None:
    """Whether a jump passes that tick at once or begins at it."""
    hashes = []
    for stops in ((), (9,)):
        world = shelf.world()
        advance(world, now_of(world) + timedelta(hours=19))
        with changing(world) as ctx:
            asked = select(Product).where(Product.merchant_id == PLAYER, Product.status == "on_sale")
            for product in ctx.session.scalars(asked):
                product.published_at = ctx.now
        begun = now_of(world)
        for hours in (*stops, 20):
            advance(world, begun + timedelta(hours=hours))
        hashes.append(world.state_hash())
        with world.reading(SYSTEM) as ctx:
            fresh = select(func.count()).where(Inquiry.merchant_id == PLAYER, Inquiry.at >= begun)
            assert ctx.session.execute(fresh).scalar_one() > 0
    assert hashes[0] == hashes[1]


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
