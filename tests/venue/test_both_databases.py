"""The same story of a festival leaves the same world and tells the same on both databases."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from august.festival.offers import registry
from august.kernel.jobs import advance
from august.kernel.world import World
from august.venue import boards, figures, look, shop
from august.venue.api import offer
from august.web.tables import listing
from tests.tools.bare import BORN, PLAYER, bare, evaluation, order, put, receipt
from tests.venue.conftest import DAY, OPENS, READY, SECOND, at, buyer, product, run
from tests.venue.test_coupons import SENT


def lived(world: World) -> dict[str, Any]:
    """Enrolled, opened, ordered with a coupon, two days counted, then everything read once."""
    with world.writing(PLAYER) as ctx:
        for store in range(1, 25):
            ctx.session.add(evaluation("2022-07", 3, BORN - DAY, store))
        ctx.session.commit()
    product(world, READY, **SENT)
    put(world, order(id=900, product_id=READY, unit_cents=900, paid_at=BORN - 3 * DAY, state="completed"))
    put(world, order(id=901, product_id=READY, terms="oa", paid_at=BORN - DAY, state="completed"))
    run(world, "enrol", product=READY, price_usd="9.00")
    run(world, "set_target", amount_usd="5000")
    at(world, OPENS - SECOND)
    advance(world, OPENS)
    who = buyer(world, "L3")
    run(world, "take_coupon", who)
    run(world, "order_with_coupon", who, product=READY, quantity=200)
    put(world, receipt(order_id=900, cents=700, booked_at=OPENS))
    advance(world, OPENS + 2 * DAY)
    asked = listing("/", {"size": "10"}, sorts=look.SORTS, default="place", filters=look.FILTERS)
    bought = listing("/", {}, sorts=shop.SORTS, default="-score", filters=shop.FILTERS)
    credit = listing("/", {"venue": "oa_credit"}, sorts=shop.SORTS, default="-score", filters=shop.FILTERS)
    with world.reading(PLAYER) as ctx:
        found = boards.boards(ctx)
        screen = figures.screen(ctx)
        return {
            "boards": None if found is None else asdict(found),
            "days": [asdict(day) for day in screen.days],
            "shares": (screen.l1_share, screen.conversion, screen.reached, screen.needed),
            "offers": [offer(seen) for seen in registry.look(ctx)],
            "shelf": [(line.judged.product.id, line.place) for line in look.shelf(ctx, asked).lines],
            "venue": [(card.id, card.campaign_cents) for card in shop.home(ctx, bought, 1, "US").venue.cards],
            "credit": [asdict(one) for one in shop.venue(ctx, credit, "US").stores],
        }


def test_both_databases_live_the_same_festival(tmp_path: Path, postgres_url: str) -> None:
    told, hashes = [], set()
    for url in (None, postgres_url):
        store = bare(tmp_path, url)
        world = store.create("w", "t", seed=3)
        told.append(lived(world))
        hashes.add(world.state_hash())
        store.close()
    assert told[0] == told[1]
    assert told[0]["boards"]
    assert told[0]["venue"]
    assert told[0]["credit"]
    assert len(hashes) == 1
