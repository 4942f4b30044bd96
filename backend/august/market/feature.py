"""The market's entry in the list: its tick, made of what all rooms tell it."""

from collections.abc import Sequence
from functools import partial

from apscheduler.triggers.cron import CronTrigger

from august.kernel.clock import PACIFIC
from august.kernel.context import Context
from august.kernel.features import Feature
from august.kernel.jobs import Job
from august.kernel.words import N_
from august.market import queries
from august.market.api import MarketApi
from august.market.columns import OWN
from august.market.engine import period_before, run_tick
from august.market.enrolling import enrolling
from august.market.ranking import ranking
from august.market.seeds import joining, market_numbers
from august.market.tick import Model
from august.market.web import AutopilotPage, MarketPage
from august.settings import SEEDS
from august.web.menu import MenuItem

PRIORITY = 20


def model(rooms: Sequence[Feature]) -> Model:
    """The seeds' numbers over the rooms' measures; ValueError for a curve over a column nobody tells."""
    demand, days = market_numbers(SEEDS)
    measures = {name: measure for room in rooms for name, measure in room.measures.items()}
    for factor in demand.factors:
        if factor.column not in OWN and factor.column not in measures:
            msg = f"factor {factor.name}: nobody tells the column {factor.column}"
            raise ValueError(msg)
    return Model(demand, days, measures)


def feature(rooms: Sequence[Feature]) -> Feature:
    """The market over these rooms."""
    numbers = model(rooms)

    def tick(ctx: Context) -> None:
        """The quarter of a PT day that ends now."""
        run_tick(ctx, numbers, period_before(ctx))

    job = Job(
        "market.tick",
        PRIORITY,
        CronTrigger(hour="0,6,12,18", timezone=PACIFIC),
        tick,
        N_("Buyers look, ask, pay and judge"),
        routine=True,
    )
    # What the market makes of the rooms' measures is itself told to pages: the order of search results.
    rank = ranking(numbers.demand, numbers.measures)
    return Feature(
        "market",
        controllers=(MarketPage, AutopilotPage, MarketApi),
        menu=(
            MenuItem(N_("Analytics"), N_("How the market works"), "/market", "chart-dots", 90),
            MenuItem(N_("Sandbox"), N_("Autopilot"), "/autopilot", "plane", 20),
        ),
        jobs=(job, enrolling(joining(SEEDS))),
        measures={"search_score": rank},
        why={
            "market-score": partial(queries.why, demand=numbers.demand, measures=numbers.measures),
        },
    )
