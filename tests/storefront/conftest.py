"""Worlds for the buyer's side: one without a past for queries, a site over a grown one for pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from august.app import create_app
from august.features import house
from august.kernel.context import Context
from august.kernel.features import Measure
from august.kernel.world import World, Worlds
from august.sandboxes.service import Desk
from august.storefront import search
from august.web.tables import Listing, listing
from tests.reviews.conftest import NUMBERS
from tests.tools.worlds import plant, provide


@pytest.fixture(scope="module")
def store(module_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The furniture world's template, on each database."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    made = Worlds.at(house(), folder=folder, url=module_url)
    plant(made)
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


def rank() -> Measure:
    """The market's own order."""
    return next(room.measures["search_score"] for room in house().features if "search_score" in room.measures)


def asking(**params: str) -> Listing:
    return listing("/x", params, sorts=search.SORTS, default=search.DEFAULT, filters=search.FILTERS)


def found(ctx: Context, country: str = "US", **params: str) -> search.Found:
    return search.search(ctx, asking(**params), country, rank())


class Shop:
    """A guest's sandbox with its past, in a browser without scripts."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client
        self.desk: Desk = client.app.state["desk"]
        client.cookies.set("lang", "en")
        client.get("/sign-in")
        told = {"world": "furniture", "_csrf_token": client.cookies["csrftoken"]}
        answer = client.post("/try", data=told, follow_redirects=False)
        self.id: str = answer.headers["location"].split("/")[2]
        self.world: World = self.desk.world(self.desk.get(self.id))

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(f"/w/{self.id}{path}", follow_redirects=False, **options)

    def post(self, path: str, data: dict[str, Any]) -> Any:
        typed = {**data, "_csrf_token": self.client.cookies["csrftoken"]}
        return self.client.post(f"/w/{self.id}{path}", data=typed, follow_redirects=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    """The whole product over a furniture world that is grown already."""
    settings = provide(tmp_path_factory.mktemp("data"), "furniture")
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.fixture
def shop(site: TestClient[Litestar]) -> Shop:
    site.cookies.clear()
    return Shop(site)
