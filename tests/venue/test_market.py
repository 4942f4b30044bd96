"""What the venue does to demand: more looks, clicks and questions from L1 on, nothing outside of it (K2)."""

from dataclasses import replace

import numpy as np
import pytest

from august.features import house
from august.kernel.clock import day_start, pt_day
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.world import World
from august.market.columns import Period, crowd, stalls
from august.market.feature import model
from august.market.looks import Visits, look
from august.market.tick import Tick
from august.merchants.models import TIERS
from august.venue import campaign
from tests.tools.bare import PLAYER
from tests.venue.conftest import DAY, OPENS, OTHER, READY, SECOND, at, buyer, product, run

MODEL = model(house().features[:-1])
DAYS = 12


def seen(ctx: Context) -> tuple[list[Visits], int]:
    """Some days of looks, with what the market makes of products now, and the place of the ready product."""
    people, stands = crowd(ctx, MODEL.demand), stalls(ctx, MODEL.demand, MODEL.measures)
    known = np.zeros(len(people.ids), dtype=np.int64)
    start = to_epoch(day_start(pt_day(ctx.now)))
    periods = [Period(start + n * 86_400, start + (n + 1) * 86_400, None) for n in range(DAYS)]
    looks = [look(people, stands, known, MODEL.demand, ctx.luck, period) for period in periods]
    return looks, int(np.flatnonzero(stands.ids == READY)[0])


def test_the_factors_raise_whatever_stands_in_the_venue() -> None:
    found = {factor.name: factor for factor in MODEL.demand.factors if factor.column == "venue"}
    assert {factor.stage for factor in found.values()} == {"search", "click"}
    for factor in found.values():
        assert factor.curve[0] == (0, 1.0)
        assert factor.curve[1][1] > 1.0
        assert factor.origin == "assumption"


@pytest.mark.parametrize("tier", TIERS)
def test_only_buyers_from_l1_on_are_drawn(tier: str) -> None:
    """F1: L0 and visitors see the benefits and cannot use them."""
    drawn = MODEL.demand.crowd.tier_festival[tier]
    assert (drawn > 1.0) is (tier in {"L1", "L2", "L3", "L4"})
    assert drawn >= 1.0


def test_an_enrolled_product_is_shown_clicked_and_asked_about_more(world: World) -> None:
    at(world, OPENS)
    with world.reading(PLAYER) as ctx:
        before, place = seen(ctx)
    run(world, "enrol", product=READY, price_usd="10.00")
    with world.reading(PLAYER) as ctx:
        after, there = seen(ctx)
    assert place == there

    def count(looks: list[Visits]) -> tuple[int, int, int]:
        visits = [each.place == place for each in looks]
        return (
            sum(int(each.seen[place]) for each in looks),
            sum(int(here.sum()) for here in visits),
            sum(int((here & each.asks).sum()) for here, each in zip(visits, looks, strict=True)),
        )

    shown, clicked, asked = count(before)
    more_shown, more_clicked, more_asked = count(after)
    assert more_shown > shown
    assert more_clicked > clicked
    assert more_asked >= asked


def test_before_the_venue_opens_nothing_changes(world: World) -> None:
    at(world, OPENS - DAY)
    with world.reading(PLAYER) as ctx:
        before = stalls(ctx, MODEL.demand, MODEL.measures)
    run(world, "enrol", product=READY, price_usd="5.00")
    with world.reading(PLAYER) as ctx:
        after = stalls(ctx, MODEL.demand, MODEL.measures)
    for name in ("score", "click", "ask", "prices"):
        assert np.array_equal(getattr(before, name), getattr(after, name))


def test_the_market_looks_at_the_campaign_price(world: World) -> None:
    run(world, "enrol", product=READY, price_usd="5.00")
    at(world, OPENS)
    with world.reading(PLAYER) as ctx:
        stands = stalls(ctx, MODEL.demand, MODEL.measures)
        prices = dict(zip(stands.ids.tolist(), stands.prices.tolist(), strict=True))
        assert (prices[READY], prices[OTHER]) == (500, 1000)
        ids = np.array([READY, OTHER])
        assert campaign.lowered(ctx, ids, np.array([400, 1000])).tolist() == [400, 1000]
        assert campaign.venue(ctx, ids, ids).tolist() == [1, 0]


@pytest.mark.parametrize(("tier", "cents"), [("L0", None), ("L1", 500)])
def test_a_tick_sells_at_the_campaign_price_to_whom_it_is_for(
    world: World, tier: str, cents: int | None
) -> None:
    product(world, READY)
    run(world, "enrol", product=READY, price_usd="5.00")
    buyer(world, tier)
    at(world, OPENS + 6 * 3600 * SECOND)
    start = to_epoch(OPENS)
    with world.writing(PLAYER) as ctx:
        tick = Tick(ctx, MODEL, Period(start, start + 21_600, 0), {})
        assert tick.campaign(READY, 1) == cents
        assert tick.campaign(OTHER, 1) is None
        late = Tick(replace(ctx), MODEL, Period(start - 21_600, start, 3), {})
        assert late.campaign(READY, 1) is None
    assert from_epoch(start) == OPENS
