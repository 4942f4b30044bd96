"""The whole product on both databases, one small store in it, and somebody who means no good."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import delete

from august.catalog.models import Product
from august.kernel.context import SYSTEM
from august.kernel.world import World
from august.merchants.models import Buyer
from august.sandboxes.service import Desk
from august.sandboxes.site import site
from august.settings import Settings
from tests.conftest import empty_database
from tests.tools.worlds import young

SOFA: dict[str, Any] = {
    "kind": "rts",
    "leaf": "sofa_beds",
    "title": "Modern Linen Sofa Bed for Small Living Rooms",
    "tiers": [{"quantity": 2, "price_usd": "150.00"}],
    "moq": 2,
    "images": ["sofa-1"],
}
FORM = {
    "kind": "rts",
    "leaf": "sofa_beds",
    "title": "Modern Linen Sofa Bed for Small Living Rooms",
    "tiers-0-quantity": "2",
    "tiers-0-price_usd": "150.00",
    "moq": "2",
    "unit": "piece",
    "images[]": "sofa-1",
}


class Enemy:
    """A signed-in guest with the token of their sandbox, who tries everything."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client
        self.desk: Desk = client.app.state["desk"]
        made = client.post("/api/v1/sandboxes", json={"world": "furniture", "seed": 7, "name": "Mine"})
        self.box: str = made.json()["id"]
        self.bearer = {"Authorization": f"Bearer {made.json()['token']}"}
        self.base = f"/api/v1/sandboxes/{self.box}"
        self.sign_in(made.json()["login_url"])
        self.shrink()

    def sign_in(self, address: str) -> None:
        self.client.cookies.clear()
        self.client.cookies.set("lang", "en")
        self.client.get("/login/" + address.rpartition("/login/")[2], follow_redirects=False)
        self.client.get("/sign-in", follow_redirects=False)

    def shrink(self) -> None:
        """Nobody but the player's store, so that the whole world is soon hashed."""
        with self.world.writing(SYSTEM) as ctx:
            ctx.session.execute(delete(Buyer))
            ctx.session.execute(delete(Product).where(Product.merchant_id != 1))
            ctx.session.commit()

    @property
    def world(self) -> World:
        return self.desk.world(self.desk.get(self.box))

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The answer to a program; a fault of ours is raised here and fails the test."""
        headers = self.bearer | options.pop("headers", {})
        return self.client.request(method, self.base + path, headers=headers, **options)

    def command(self, name: str, payload: object) -> Any:
        return self.call("POST", f"/commands/{name}", json=payload)

    def page(self, method: str, path: str, **options: Any) -> Any:
        """The answer to a browser, `@` being the address of the store."""
        return self.client.request(
            method, path.replace("@", f"/w/{self.box}"), follow_redirects=False, **options
        )

    @property
    def token(self) -> str:
        found: str = self.client.cookies["csrftoken"]
        return found

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        """A form with its token."""
        return self.page("POST", path, data={**(data or {}), "_csrf_token": self.token}, **options)

    def send(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> Any:
        """A form whose body is written by hand."""
        headers = {"Content-Type": kind, "X-CSRFToken": self.token}
        return self.page("POST", path, content=body, headers=headers)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """What happens inside leaves no trace in the world."""
        before = self.world.state_hash()
        yield
        assert self.world.state_hash() == before


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def _site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Litestar]]:
    folder: Path = tmp_path_factory.mktemp("hostile")

    @contextmanager
    def running(url: str | None) -> Iterator[TestClient[Litestar]]:
        app = site(Settings(data=folder, chores=False, database_url=url), young())
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client

    if request.param == "sqlite":
        with running(None) as client:
            yield client
    else:
        with empty_database(request.getfixturevalue("postgres")) as url, running(url) as client:
            yield client


@pytest.fixture(scope="module")
def enemy(_site: TestClient[Litestar]) -> Enemy:
    return Enemy(_site)
