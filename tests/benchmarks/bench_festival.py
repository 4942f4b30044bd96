"""How long it takes to hold a store against every offer of the festival, and to show the page."""

import time
from collections.abc import Callable, Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from august.app import create_app
from august.festival.offers import registry
from august.kernel.context import Context
from august.kernel.world import World
from august.sandboxes.service import Desk
from august.venue import figures, look
from august.web.tables import listing
from tests.benchmarks.table import quantile, show
from tests.tools.bare import PLAYER
from tests.tools.worlds import provide

ROUNDS = 20
OFFERS_MS = 30.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    settings = provide(tmp_path_factory.mktemp("data"), "furniture")
    with TestClient(create_app(settings)) as client:
        yield client


def sandbox(site: TestClient[Litestar]) -> tuple[str, World]:
    told = site.post("/api/v1/sandboxes", json={"world": "furniture", "seed": 7, "name": "Try"}).json()
    site.get(told["login_url"])
    desk: Desk = site.app.state["desk"]
    return told["id"], desk.world(desk.get(told["id"]))


def milliseconds(world: World, do: Callable[[Context], object]) -> list[float]:
    """How long each of some rounds takes, every one with a session of its own."""
    found = []
    for _ in range(ROUNDS):
        with world.reading(PLAYER) as ctx:
            began = time.perf_counter()
            do(ctx)
            found.append((time.perf_counter() - began) * 1000)
    return found


def test_all_offers_are_checked_in_time(site: TestClient[Litestar]) -> None:
    """The page must not cost more with every offer that is added: all of them share one budget."""
    number, world = sandbox(site)
    asked = listing("/", {}, sorts=look.SORTS, default="place", filters=look.FILTERS)
    took = {
        f"all {len(registry.OFFERS)} offers": milliseconds(world, registry.look),
        "the store's products": milliseconds(world, lambda ctx: look.shelf(ctx, asked)),
        "the dashboard": milliseconds(world, figures.screen),
    }
    pages = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert site.get(f"/w/{number}/festival").status_code == 200
        pages.append((time.perf_counter() - began) * 1000)
    took["the whole page, by HTTP"] = pages
    rows = [
        (name, f"{quantile(times, 0.5):.1f}", f"{quantile(times, 0.95):.1f}") for name, times in took.items()
    ]
    show("The festival, milliseconds", ("what", "median", "95 of 100"), rows)
    offers = next(iter(took.values()))
    assert quantile(offers, 0.5) <= OFFERS_MS
