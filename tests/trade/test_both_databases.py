"""Orders and refund requests are the same on SQLite and on PostgreSQL: what is done, and what is read."""

from pathlib import Path
from typing import Any

from august.integrity import queries as disputes
from august.integrity.models import Dispute
from august.kernel.world import World
from august.market.grow import BORN
from august.trade import digest, drafting, queries, views, why
from august.trade.detail import look
from august.trade.models import Order
from august.web.tables import listing
from tests.tools.bare import bare
from tests.trade.deals import BUYER, DAY, NOW, a_product, an_inquiry, an_order, looking, run


def traded(world: World) -> dict[str, Any]:
    """Do a little of everything, and read everything in every order."""
    product = a_product(world, "rts")
    inquiry = an_inquiry(world, product)
    drafted = run(world, "trade.draft_order", inquiry=inquiry, quantity=12, terms="oa", oa_days=60)["order"]
    run(world, "trade.accept", BUYER, order=drafted)
    run(world, "trade.pay_first", BUYER, order=drafted)
    run(world, "trade.ship", order=drafted, quantity=5)
    again = run(world, "trade.draft_order", buyer=7, product=product, quantity=50)["order"]
    late = an_order(world, "producing", ship_by=NOW - DAY, kind="rts", product_id=product)
    numbers = [an_order(world, "producing", ship_by=NOW + DAY), an_order(world, "arrived", quantity=10)]
    run(world, "trade.ship_batch", orders=[numbers[0]])
    first = run(world, "integrity.open", BUYER, order=late, reason="late_shipment")["dispute"]
    run(world, "integrity.offer", dispute=first, amount_usd="5.00")
    second = run(world, "integrity.open", BUYER, order=numbers[1], reason="not_as_described")["dispute"]
    run(world, "integrity.accept", dispute=second)
    run(world, "trade.save_view", name="Späte", query="risk=late")
    read: dict[str, Any] = {"again": again}
    with looking(world) as ctx:
        for sort in (*queries.SORTS, *(f"-{name}" for name in queries.SORTS)):
            read[sort] = queries.table(ctx, asked(queries, sort=sort)).lines
        for filters in ({"q": "1"}, {"q": "LIVING"}, {"q": "%"}, {"risk": "late"}, {"from": "2022-08-24"}):
            read[str(filters)] = queries.table(ctx, asked(queries, **filters)).lines
        for sort in (*disputes.SORTS, *(f"-{name}" for name in disputes.SORTS)):
            read[f"dispute {sort}"] = disputes.table(ctx, asked(disputes, sort=sort)).lines
        seen = look(ctx, ctx.session.get_one(Order, drafted))
        read["way"], read["sums"], read["can"] = seen.stages, seen.sums, seen.can
        read["entries"] = seen.entries
        read["dispute"] = disputes.look(ctx, ctx.session.get_one(Dispute, first)).why
        read["late"] = why.late(ctx, str(late))
        read["views"] = [(view.name, view.query) for view in views.views(ctx)]
        read["digest"] = digest.digest(ctx, BORN.replace(hour=0), BORN)
        read["digest of disputes"] = disputes.digest(ctx, BORN.replace(hour=0), BORN)
        read["found"] = queries.find(ctx, "a"), disputes.find(ctx, str(late))
        read["buyers"] = [buyer.id for buyer in drafting.known_buyers(ctx, "")]
        read["products"] = [each.id for each in drafting.on_sale(ctx, "SOFA")]
        read["counts"] = queries.state_counts(ctx), queries.risk_counts(ctx), list(queries.countries(ctx))
    return read


def asked(room: Any, **params: str) -> Any:
    """What an address asks of a room's table."""
    return listing("/", params, sorts=tuple(room.SORTS), default="id", filters=room.FILTERS)


def test_both_databases_do_and_read_the_same(tmp_path: Path, postgres_url: str) -> None:
    found, hashes = [], []
    for name, url in (("sqlite", None), ("postgres", postgres_url)):
        store = bare(tmp_path / name, url)
        world = store.create("w", "t", seed=7)
        found.append(traded(world))
        hashes.append(world.state_hash())
        store.close()
    for name, value in found[0].items():
        assert found[1][name] == value, name
    assert hashes[0] == hashes[1]
    assert [line.id for line in found[0]["-id"]] == sorted((line.id for line in found[0]["id"]), reverse=True)
