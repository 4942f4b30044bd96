"""Guarantees and financing are the same on SQLite and on PostgreSQL: what is done, and what is read."""

from pathlib import Path
from typing import Any

from sqlalchemy import update

from august.assurance import jobs as assured
from august.assurance import queries as assurance
from august.assurance.covering import insurable
from august.catalog.models import Product
from august.festival.offers import bnpl, delivery_by, easy_return, lc_financing, oa_credit
from august.finance import jobs as financed
from august.finance import later, oa, queries
from august.kernel.context import SYSTEM
from august.kernel.tables import Clock
from august.kernel.world import World
from august.trade.models import Order
from august.web.tables import listing
from tests.assurance.test_commands import BUYER, act, ordered, received, shipped
from tests.assurance.test_pages import DAY, NOW, furnish
from tests.tools.bare import PLAYER, bare, dispute, put

OFFERS = (easy_return.OFFER, lc_financing.OFFER, bnpl.OFFER, oa_credit.OFFER, delivery_by.OFFER)


def settled(world: World, days: int) -> None:
    """Both rooms' jobs some days later."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Clock).values(now=NOW + days * DAY))
        ctx.session.commit()
    with world.writing(SYSTEM) as ctx:
        assured.settle(ctx)
        financed.settle(ctx)
        ctx.session.commit()


def lived(world: World) -> dict[str, Any]:
    """Do a little of everything, and read everything in every order."""
    furnish(world, 3)
    act(world, "assurance.activate")
    ships = ordered(world)
    act(world, "trade.ship", order=ships)
    shipped(world, NOW, merchant_id=2)
    back = received(world, NOW + DAY)
    act(world, "assurance.claim_return", BUYER, order=back)
    act(world, "finance.apply_lc", order=1001)
    act(world, "finance.draw", financing=2)
    paid = {"refund_cents": 2_000, "settled_at": NOW, "state": "decided", "deadline": None}
    put(world, dispute(order_id=3001, **paid), dispute(order_id=3001, **paid))
    settled(world, 3)
    act(world, "finance.present", financing=4)
    settled(world, 45)
    act(world, "finance.repay", financing=2)
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Order).where(Order.id == 1).values(state="arrived"))
        ctx.session.commit()
    settled(world, 60)
    read: dict[str, Any] = {}
    with world.reading(PLAYER) as ctx:
        read["standing"] = repr(assurance.standing_of(ctx))
        for sort in assurance.SORTS:
            asked = listing("/x", {}, sorts=tuple(assurance.SORTS), default=f"-{sort}")
            read[f"easy {sort}"] = [line.policy.order_id for line in assurance.table(ctx, asked).lines]
        for sort in assurance.DELIVERY_SORTS:
            asked = listing("/x", {}, sorts=tuple(assurance.DELIVERY_SORTS), default=sort)
            found = assurance.deliveries(ctx, asked)
            read[f"late {sort}"] = [line.promise.order_id for line in found.lines], found.paid, found.counts
        for filters in ({"q": "1"}, {"q": "%"}, {"price": "half"}, {"price": "whole"}, {"state": "insured"}):
            asked = listing("/x", filters, sorts=("order",), default="order", filters=assurance.FILTERS)
            read[str(filters)] = [line.policy.order_id for line in assurance.table(ctx, asked).lines]
        for sort in oa.SORTS:
            asked = listing("/x", {"sort": sort}, sorts=oa.SORTS, default="due", filters=oa.FILTERS)
            table = oa.oa_orders(ctx, asked)
            read[f"oa {sort}"] = [line.order.id for line in table.lines], table.counts, table.owed
            read[f"credit {sort}"] = [(line.state, line.credit) for line in table.lines]
        for state in oa.STATES:
            asked = listing("/x", {"state": state}, sorts=oa.SORTS, default="id", filters=oa.FILTERS)
            lines = oa.oa_orders(ctx, asked).lines
            assert {line.state for line in lines} <= {state}
            read[f"oa {state}"] = [line.order.id for line in lines]
        desk = queries.desk(ctx)
        read["lc"] = [(one.financing.id, one.financing.state, one.can) for one in (*desk.open, *desk.over)]
        read["bills"] = [
            (one.bill.order_id, one.bill.state, one.bill.back_buyer_cents, one.open_cents)
            for one in later.bills(ctx, 1)
        ]
        read["covered"] = insurable(ctx, ctx.session.get_one(Product, 1), "US", 100)
        read["digest"] = assurance.digest(ctx, NOW - 90 * DAY, NOW + 90 * DAY)
        read["offers"] = [repr(offer.stand(ctx)) for offer in OFFERS]
    return read


def test_both_databases_agree(postgres_url: str, tmp_path: Path) -> None:
    told = []
    for name, url in (("here", None), ("there", postgres_url)):
        store = bare(tmp_path / name, url)
        world = store.create("w", "t", seed=3)
        told.append((lived(world), world.state_hash()))
        store.close()
    assert told[0] == told[1]
