"""The pages of the day read the same on SQLite and on PostgreSQL, and the autopilot does the same."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from august.home import figures, queries, timeline
from august.kernel.commands import run
from august.kernel.context import SYSTEM
from august.kernel.world import World
from august.market import queries as market
from august.market import web
from august.market.grow import BORN
from august.merchants.queries import pilots, waiting
from august.traffic import queries as traffic
from august.traffic.models import TrafficTick
from august.web.tables import listing
from tests.tools.bare import DAY, PLAYER, awaited, bare, dispute, inquiry, order, put, receipt, review

HOUR = timedelta(hours=1)


def lived(world: World) -> dict[str, Any]:
    """Fill a world, hand a chore over, and read everything once."""
    with world.writing(SYSTEM) as ctx:
        for days in (1, 2, 40):
            ctx.session.add(
                TrafficTick(
                    start=BORN - days * DAY - HOUR,
                    end=BORN - days * DAY + 5 * HOUR,
                    visits=3,
                    seen_product=np.array([1, 2, 900]),
                    seen_count=np.array([5, 6, 7]),
                    visit_buyer=np.array([1, 2, 1]),
                    visit_product=np.array([1, 2, 2]),
                    visit_second=np.array([1, 2, 3]),
                    visit_source=np.array([0, 2, 3]),
                )
            )
        ctx.session.commit()
    put(
        world,
        inquiry(at=BORN - 30 * HOUR, first_reply_at=BORN - 20 * HOUR, turn="buyer"),
        inquiry(state="agreed"),
        order(ship_by=BORN - DAY, paid_at=BORN - 9 * DAY),
        order(ship_by=BORN + DAY),
        order(state="asked", paid_at=None),
        order(state="balance_due"),
        receipt(booked_at=BORN - 2 * DAY),
        dispute(),
        awaited(order_id=1, received_at=BORN - HOUR),
        awaited(order_id=2, received_at=BORN - 3 * DAY),
        review(at=BORN - 3 * DAY, product_id=7),
    )
    run(world, PLAYER, "merchants.set_autopilot", {"chore": "invite", "policy": "average"})
    asked = listing("/", {}, sorts=traffic.SORTS, default="-last", filters=traffic.FILTERS)
    by_product = listing("/", {}, sorts=traffic.PRODUCT_SORTS, default="-visits", filters=traffic.FILTERS)
    demand, _ = web.numbers()
    with world.reading(PLAYER) as ctx:
        seen = market.measures_of(world.house.features)
        guests = traffic.visitors(ctx, asked)
        return {
            "queues": queries.queues(ctx),
            "report": asdict(figures.report(ctx)),
            "guests": [asdict(row) for row in guests.rows],
            "products": traffic.products(ctx, by_product)[0][:3],
            "passed": traffic.passed(ctx, BORN - 3 * DAY, BORN),
            "waiting": waiting(ctx),
            "pilots": pilots(ctx),
            "dates": timeline.items(ctx, set()),
            "factors": market.view(ctx, demand, seen),
            "why": market.why(ctx, "7", demand, seen),
        }


def test_both_databases_tell_the_same(tmp_path: Path, postgres_url: str) -> None:
    told, hashes = [], set()
    for url in (None, postgres_url):
        store = bare(tmp_path, url)
        world = store.create("w", "t", seed=3)
        told.append(lived(world))
        hashes.add(world.state_hash())
        store.close()
    assert told[0] == told[1]
    assert len(hashes) == 1
    assert set(told[0]["queues"]) >= {
        "late",
        "soon",
        "confirm",
        "balances",
        "disputes",
        "invite",
        "invite_today",
    }
    assert told[0]["guests"]
