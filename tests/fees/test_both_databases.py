"""Fees are the same on SQLite and on PostgreSQL: what is labelled, settled and lost, and what is read."""

from pathlib import Path
from typing import Any

from august.fees import queries, why
from august.fees.commands import cancel_locked
from august.fees.digest import digest
from august.fees.peers import peers
from august.fees.planning import Planned, plan
from august.fees.statement import statement, table
from august.fees.web import benefits_asked, charges_asked, receipts_asked
from august.festival.offers import oa_fee, service_fee
from august.kernel.context import SYSTEM
from august.kernel.world import World
from august.market.grow import BORN
from tests.fees.play import arrive, paid, until
from tests.trade.deals import BUYER, looking, run, stored

LINE = 4_000_000


def played(world: World) -> dict[str, Any]:
    """Do a little of everything, and read everything in every order."""
    until(world, "09-01 00:00:00")
    first = paid(world, LINE - 100)
    crossing, half, oa = (
        paid(world, 100),
        paid(world, 250_000),
        paid(world, 90_000, terms="oa", oa_days=30, first_cents=9_000),
    )
    run(world, "trade.cancel_booking", order=crossing)
    run(world, "fees.buy_package")
    touch = paid(world, 100_000, export_mode="onetouch")
    other = paid(world, 3_000)
    for order in (half, oa, touch):
        run(world, "trade.ship", order=order, quantity=None, line="")
        arrive(world, order)
        run(world, "trade.receive", BUYER, order=order)
    run(world, "trade.pay_final", BUYER, order=oa)
    until(world, "09-03 12:00:00")
    with world.writing(SYSTEM) as ctx:
        lost = cancel_locked(ctx, 1, other, "test"), cancel_locked(ctx, 1, first, "test")
        ctx.session.commit()
    read: dict[str, Any] = {"lost": lost}
    with looking(world) as ctx:
        found = queries.overview(ctx)
        read["overview"] = (
            found.total,
            found.reached_at,
            found.labels,
            found.locked,
            found.settled,
            found.lost,
        )
        read["peers"], read["sums"] = peers(ctx), queries.charge_sums(ctx)
        for name, asked, query in (
            ("receipts", receipts_asked, queries.receipts),
            ("benefits", benefits_asked, queries.benefits),
        ):
            for params in ({"sort": "at"}, {"sort": "-amount"}, {"label": "discount"}, {"state": "lost"}):
                read[f"{name}{params}"] = query(ctx, asked("/x", params))
        for sort in queries.CHARGE_SORTS:
            read[sort] = queries.charges(ctx, charges_asked("/x", {"sort": sort, "fee": ""}))
        read["table"] = list(table(statement(ctx)))
        read["plan"] = plan(ctx, Planned("12.34", str(first))).entry, plan(ctx, Planned("12.34")).charge
        read["why"] = [why.why(ctx, str(order)) for order in (first, half, oa, touch)]
        read["digest"] = digest(ctx, BORN, ctx.now)
        read["offers"] = service_fee.OFFER.stand(ctx), oa_fee.OFFER.stand(ctx)
    read["hash"] = world.state_hash()
    return read


def test_the_same_is_done_and_read(tmp_path: Path, postgres_url: str) -> None:
    found = []
    for number, url in enumerate((None, postgres_url)):
        with stored(tmp_path / str(number), url) as made:
            found.append(played(made.create("w", "t", seed=3)))
    assert found[0] == found[1]
    assert found[0]["overview"][0] > LINE
