"""Pages and JSON of guarantees and financing: in both languages, few statements however much there is."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select, update

from august.assurance.models import DeliveryGuarantee, Policy
from august.catalog.models import Product
from august.finance.models import InstalmentRow, LcFinancing, PayLater
from august.kernel.clock import parse_instant
from august.kernel.context import SYSTEM
from august.kernel.tables import Clock
from august.kernel.world import World
from august.merchants.models import Buyer
from august.sandboxes.site import site
from august.settings import Settings
from august.trade.models import Order
from tests.tools.bare import order, put
from tests.tools.statements import counting
from tests.tools.worlds import young

NOW = parse_instant("2022-09-10T09:00:00-07:00")
DAY = timedelta(days=1)
MANY = 30
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Reader:
    """A browser in a guest's sandbox over a furniture world without a past."""

    def __init__(self, client: TestClient[Any]) -> None:
        self.client = client
        made = client.post("/api/v1/sandboxes", json={"world": "furniture", "seed": 7, "name": "Try"})
        self.told = made.json()
        self.id = self.told["id"]
        client.cookies.clear()
        client.get(self.told["login_url"])
        self.cookies = dict(client.cookies)
        desk = client.app.state["desk"]
        self.world: World = desk.world(desk.get(self.id))

    def enter(self, lang: str) -> None:
        """Be this sandbox's guest."""
        self.client.cookies.clear()
        for name, value in (self.cookies | {"lang": lang}).items():
            self.client.cookies.set(name, value)

    def get(self, path: str, lang: str = "en", **headers: str) -> Any:
        self.enter(lang)
        return self.client.get(f"/w/{self.id}{path}", headers=headers, follow_redirects=False)

    def post(self, path: str, **data: str) -> Any:
        self.enter("en")
        typed = {**data, "_csrf_token": self.client.cookies["csrftoken"]}
        return self.client.post(f"/w/{self.id}{path}", data=typed, follow_redirects=False)

    def api(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.told['token']}"}
        answer = self.client.get(f"/api/v1/sandboxes/{self.id}{path}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


def furnish(world: World, count: int) -> None:
    """So many of everything the pages list, in the middle of the festival."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Clock).values(now=NOW))
        ctx.session.execute(update(Product).where(Product.id == 1).values(kind="rts", status="on_sale"))
        ctx.session.execute(update(Buyer).where(Buyer.id == 1).values(tier="L3"))
        ctx.session.commit()
    told: dict[str, Any] = {"shipped_at": NOW - DAY, "shipped_quantity": 10, "paid_at": NOW - 5 * DAY}
    oa = {"kind": "customization", "terms": "oa", "oa_days": 30, "paid_cents": 3_000, "state": "shipped"}
    rows: list[Any] = []
    for number in range(1, count + 1):
        rows += [
            order(id=number, state="shipped", line="express_standard", promised_days=12, **told),
            order(id=1000 + number, special="TALC", **oa, **told),
            order(id=2000 + number, special="TAOLC", **oa, **told),
            order(id=3000 + number, paid_at=NOW),
            order(id=4000 + number, state="producing", paid_at=NOW),
            (Policy, {
                "order_id": number, "merchant_id": 1, "buyer_id": 1, "shipped_at": NOW - DAY,
                "state": "insured", "reason": "half", "amount_cents": 10_000, "base_cents": 100,
                "premium_cents": 50,
                "quota_left": 19_000, "until": None, "due_at": None, "returned_at": None, "refund_cents": 0,
            }),
            (DeliveryGuarantee, {
                "order_id": number, "merchant_id": 1, "buyer_id": 1, "until": NOW - DAY, "state": "late",
                "arrived_at": NOW, "late_seconds": 86_400, "cents": 1_000, "payer": "seller",
            }),
            (LcFinancing, {
                "merchant_id": 1, "order_id": 2000 + number, "state": "accepted", "since": NOW,
                "deadline": None,
                "applied_at": NOW - DAY, "presented_at": NOW, "drawn_at": None, "matures_at": None,
                "ended_at": None, "rest_cents": 7_000, "drawn_cents": 0, "base_fee_cents": 0, "fee_cents": 0,
                "offer": None,
            }),
            (PayLater, {
                "order_id": 3000 + number, "merchant_id": 1, "buyer_id": 1, "at": NOW, "state": "running",
                "total_cents": 10_000, "off_cents": 0, "refunded_cents": 0, "back_buyer_cents": 0,
                "back_platform_cents": 0,
            }),
            (InstalmentRow, {
                "order_id": 3000 + number, "number": 1, "due_at": NOW + DAY, "cents": 10_000, "paid_at": None,
            }),
        ]  # fmt: skip
    put(world, *rows)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    folder = tmp_path_factory.mktemp("pages")
    with TestClient(site(Settings(data=folder, chores=False), young())) as made:
        yield made


@pytest.fixture(scope="module")
def bare(client: TestClient[Any]) -> Reader:
    return Reader(client)


@pytest.fixture(scope="module")
def one(client: TestClient[Any]) -> Reader:
    made = Reader(client)
    furnish(made.world, 1)
    return made


@pytest.fixture(scope="module")
def full(client: TestClient[Any]) -> Reader:
    made = Reader(client)
    furnish(made.world, MANY)
    return made


PAGES = {
    "/easy-return?size=100": 15,
    "/easy-return?q=sofa&state=insured&price=half&reason=half&size=100": 15,
    "/easy-return/deliveries?size=100": 13,
    "/easy-return/deliveries?q=sofa&state=late&payer=seller&size=100": 13,
    "/lc-financing": 15,
    "/oa-credit?size=100": 13,
    "/oa-credit?q=7&state=running&credit=with&size=100": 13,
    "/shop/mine/pay-later?as=1": 17,
    "/shop/mine/orders/3001?as=1": 25,
    "/shop/products/1?as=1": 26,
    "/why/easy-return/1": 13,
    "/why/delivery-by/1": 12,
    "/why/lc-fee/1": 13,
}


@pytest.mark.parametrize(("path", "expected"), PAGES.items())
def test_a_page_costs_as_many_statements_however_much_there_is(
    one: Reader, full: Reader, path: str, expected: int
) -> None:
    costs = []
    for reader in (one, full):
        assert reader.get(path).status_code == 200
        with counting() as statements:
            reader.get(path)
        costs.append(len(statements))
    assert costs == [expected, expected]


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("path", [*PAGES, "/easy-return?amount=x&drafted=y", "/lc-financing?amount=-1&at=z"])
def test_every_sentence_is_filled(bare: Reader, full: Reader, path: str, lang: str) -> None:
    readers = [full] if re.search(r"/1\b|orders/", path) else [bare, full]
    for reader in readers:
        answer = reader.get(path, lang)
        assert answer.status_code == 200, answer.text
        text = re.sub(
            r"<script.*?</script>|hx-headers[^>]*|content='[^']*'", "", answer.text, flags=re.DOTALL
        )
        assert "{" not in text


def test_filters_and_fragments(full: Reader) -> None:
    every = full.get("/easy-return?size=100").text
    none = full.get("/easy-return?price=whole").text
    assert every.count('data-order="') == MANY
    assert "No order fits these filters" in none
    part = full.get("/easy-return?amount=1000.01&category=furniture&destination=US", **HTMX).text
    assert part.lstrip().startswith("<section")
    assert "Not insured" in part
    assert "order above the limit" in part
    assert full.get("/easy-return?size=10", **HTMX).text.lstrip().startswith('<div id="list"')


def test_the_service_is_switched_on_the_page(client: TestClient[Any]) -> None:
    reader = Reader(client)
    assert "service not active" in reader.get("/easy-return").text
    answer = reader.post("/easy-return/activate")
    assert answer.headers["location"].endswith("?done=activated")
    assert "service active" in reader.get("/easy-return").text
    assert reader.post("/easy-return/activate").status_code == 409
    assert reader.post("/easy-return/deactivate").status_code == 303


def test_a_financing_goes_on_from_the_page(client: TestClient[Any]) -> None:
    reader = Reader(client)
    furnish(reader.world, 1)
    page = reader.get("/lc-financing").text
    assert 'data-order="1001"' in page
    assert 'data-step="draw"' in page
    assert reader.post("/lc-financing/apply", order="1001").headers["location"].endswith("done=apply")
    assert reader.post("/lc-financing/1/draw").headers["location"].endswith("done=draw")
    drawn = next(each for each in reader.api("/finance/lc")["financings"] if each["id"] == 1)
    assert (drawn["state"], drawn["drawn_usd"], drawn["offer"]) == ("drawn", "63.00", "festival")
    assert reader.post("/lc-financing/1/draw").status_code == 409
    assert reader.post("/lc-financing/1/dance").status_code == 404
    assert reader.post("/lc-financing/apply", order="1001").status_code == 409


def test_a_buyer_pays_later_and_returns(client: TestClient[Any]) -> None:
    reader = Reader(client)
    furnish(reader.world, 1)
    put(
        reader.world,
        order(
            id=5000,
            state="confirmed",
            paid_at=None,
            paid_cents=0,
            drafted_at=NOW,
            confirmed_at=NOW,
            ship_by=None,
        ),
    )
    page = reader.get("/shop/mine/orders/5000?as=1").text
    assert 'data-step="pay_later"' in page
    assert reader.post("/shop/mine/orders/5000/pay_later?as=1").status_code == 303
    told = reader.api("/finance/pay-later/1")["items"][0]
    # Buyer 1 pays something later already: nothing is taken off.
    assert (told["order"], told["off_usd"], told["open_usd"]) == (5000, "0.00", "75.00")
    with reader.world.writing(SYSTEM) as ctx:
        values = {"state": "completed", "received_at": NOW}
        ctx.session.execute(update(Order).where(Order.id == 1).values(**values))
        ctx.session.commit()
    assert 'action="/w/' in reader.get("/shop/mine/orders/1?as=1").text
    assert reader.post("/shop/mine/orders/1/return?as=1").status_code == 303
    with reader.world.reading(SYSTEM) as ctx:
        assert ctx.session.scalar(select(Policy.state).where(Policy.order_id == 1)) == "returned"


def test_the_json(full: Reader) -> None:
    found = full.api("/assurance/easy-return?size=100")
    assert (found["total"], found["premium_usd"], found["saved_usd"]) == (MANY, "15.00", "15.00")
    late = full.api("/assurance/deliveries?payer=seller")
    assert late["paid_usd"] == {"seller": "300.00"}
    oa = full.api("/finance/oa?state=running&size=100")
    assert (oa["total"], oa["owed_usd"]["running"]) == (2 * MANY, "4200.00")
    assert {item["covered"] for item in oa["items"]} <= {True, False}
