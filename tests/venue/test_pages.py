"""The festival's pages over a grown world: what they show, keep typed, and how the pieces work together."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from august.app import create_app
from august.festival.conditions import available
from august.festival.offer import Pieces, Progress, Standing
from august.festival.offers import registry
from august.festival.quotas import standing
from august.kernel.context import SYSTEM, Context
from august.kernel.jobs import advance
from august.kernel.tables import Clock
from august.kernel.words import Phrase
from august.venue.models import Enrolment
from tests.storefront.conftest import Shop
from tests.tools.worlds import provide
from tests.venue.conftest import OPENS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    settings = provide(tmp_path_factory.mktemp("data"), "furniture")
    with TestClient(create_app(settings)) as client:
        yield client


class Fair(Shop):
    """A guest's sandbox in a browser, and by its token."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client, self.desk = client, client.app.state["desk"]
        asked = {"world": "furniture", "seed": 7, "name": "Try"}
        told = client.post("/api/v1/sandboxes", json=asked).json()
        self.id, self.token = told["id"], told["token"]
        client.get(told["login_url"])
        client.cookies.set("lang", "en")
        self.world = self.desk.world(self.desk.get(self.id))

    def api(self, path: str) -> Any:
        address = f"/api/v1/sandboxes/{self.id}/festival{path}"
        answer = self.client.get(address, headers={"authorization": f"Bearer {self.token}"})
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def shop(site: TestClient[Litestar]) -> Fair:
    site.cookies.clear()
    return Fair(site)


def listed(shop: Fair, place: str) -> Any:
    return shop.api(f"/products?place={place}&size=100")["items"]


def test_products_enrol_on_the_page_and_refusals_keep_what_was_typed(shop: Fair) -> None:
    ready, failing = listed(shop, "ready"), listed(shop, "failing")
    assert ready
    assert failing
    good, bad = ready[0]["product"], failing[0]["product"]
    page = shop.get("/festival").text
    assert "Can enrol" in page
    assert page.count('class="card" id="offer-') == len(registry.OFFERS)
    before = shop.world.state_hash()
    typed = {"products[]": [str(good), str(bad)], f"price-{good}": "1.11", f"price-{bad}": "1.22"}
    answer = shop.post("/festival/enrol", typed)
    assert answer.status_code == 422
    assert 'value="1.11"' in answer.text
    assert f'href="#product-{bad}"' in answer.text
    assert shop.world.state_hash() == before
    answer = shop.post("/festival/enrol", {"products[]": [str(good)], f"price-{good}": "1.11"})
    assert answer.headers["location"].endswith("/festival?done=enrolled#products")
    (inside,) = listed(shop, "inside")
    assert (inside["product"], inside["campaign_usd"]) == (good, "1.11")
    answer = shop.post(f"/festival/price/{good}", {f"price-{good}": "1.05"})
    assert answer.headers["location"].endswith("done=priced#products")
    answer = shop.post(f"/festival/price/{good}", {f"price-{good}": "nothing"})
    assert (answer.status_code, 'value="nothing"' in answer.text) == (422, True)
    answer = shop.post("/festival/withdraw", {"products[]": [str(good)]})
    assert answer.headers["location"].endswith("done=withdrawn#products")
    assert shop.post("/festival/enrol", {}).status_code == 422
    assert shop.get(f"/why/venue/{bad}").status_code == 200
    assert shop.get("/why/festival-offer/lowest_price").status_code == 200


def test_an_offer_with_a_quota_shows_what_is_left_and_its_curve(
    shop: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stand(ctx: Context) -> Standing:
        node = available(standing(ctx, "multimodal"))
        return Standing(
            conditions=(node,),
            progress=Progress(150_000, 4_000_000, "Target", "USD"),
            quota=standing(ctx, "multimodal"),
            lost=Pieces(2, 5000, "CNY"),
            reasons=(Phrase("No penalty runs"),),
        )

    limited = replace(registry.OFFERS[0], code="limited", kind="logistics", stand=stand)
    monkeypatch.setattr(registry, "OFFERS", (*registry.OFFERS, limited))
    page = shop.get("/festival").text
    assert "3,000 left" in page
    assert 'id="quota-limited"' in page
    assert "US$1,500.00 of US$40,000.00" in page
    assert "2 · ¥50.00" in page
    (told,) = [each for each in shop.api("/offers")["items"] if each["code"] == "limited"]
    assert (told["quota"]["left"], told["quota"]["mine_left"]) == (3000, 3)
    assert told["progress"]["needed"] == "40000.00"
    assert told["lost"]["saved_cny"] == "50.00"


def test_the_dashboard_keeps_a_target_and_refuses_nonsense(shop: Fair) -> None:
    assert "no target yet" in shop.get("/festival/board").text
    answer = shop.post("/festival/board/target", {"amount_usd": "much"})
    assert (answer.status_code, 'value="much"' in answer.text) == (422, True)
    assert shop.post("/festival/board/target", {"amount_usd": "40000"}).status_code == 303
    assert "US$40,000.00" in shop.get("/festival/board").text


def test_the_venue_of_a_running_festival(shop: Fair) -> None:
    """Two days lived through: boards, rivals' products, campaign prices by tier, the coupon."""
    good = listed(shop, "ready")[0]["product"]
    shop.post("/festival/enrol", {"products[]": [str(good)], f"price-{good}": "1.00"})
    with shop.world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = OPENS - timedelta(hours=7)
        ctx.session.commit()
    advance(shop.world, OPENS + timedelta(days=2, hours=1))
    with shop.world.reading(SYSTEM) as ctx:
        rows = ctx.session.execute(select(Enrolment.merchant_id, Enrolment.state)).all()
    assert len({merchant for merchant, _ in rows}) > 5
    dashboard = shop.get("/festival/board").text
    assert dashboard.count("<figure") == 2
    boards = shop.api("/boards")
    assert [row["place"] for row in boards["stores"]] == list(range(1, len(boards["stores"]) + 1))
    assert boards["products"]
    answer = shop.get("/shop/as?tier=L2&country=US")
    assert answer.status_code == 303
    page = shop.get("/shop/festival").text
    assert "90-day lowest price" in page
    assert "Take the coupon" in page
    assert "Products by GMV" in page
    assert shop.get("/shop/festival?venue=oa_credit").status_code == 200
    # Rivals have the service from the first second on.
    assert "Nothing in this venue yet" not in shop.get("/shop/festival?venue=easy_return").text
    assert "US$1.00" in shop.get(f"/shop/products/{good}").text
    taken = shop.post("/shop/festival/coupon", {})
    assert taken.headers["location"].endswith("?done=taken#coupon")
    assert shop.post("/shop/festival/coupon", {}).status_code == 409
    refused = shop.post(f"/shop/festival/order/{good}", {"quantity": "1"})
    assert refused.status_code in {409, 422}
    venue = shop.api("/venue")
    assert venue["total"] > 20
    shop.get("/shop/as?tier=L0&country=US")
    page = shop.get("/shop/festival").text
    assert "It is for buyers from L1 on." in page
    assert "for buyers from L1 on; you pay the price by quantity" in shop.get(f"/shop/products/{good}").text
