"""Pages and JSON of service fees in both languages: what they show, how few statements that takes."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from august.kernel.world import World
from august.sandboxes.service import Desk
from august.sandboxes.site import site
from august.settings import Settings
from tests.fees.play import arrive, paid, until
from tests.tools.statements import counting
from tests.tools.worlds import young
from tests.trade.deals import BUYER, run

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
LINE = 4_000_000
TABS = ("/fees", "/fees/benefits", "/fees/charged", "/fees/statement")
# Session and account, sandbox, clock, store, and the frame's clock, unread messages and last jump.
FRAME = 8
COSTS = {
    "/fees?size=100": 6,
    "/fees?amount_usd=10.00": 8,
    "/fees/benefits?size=100": 5,
    "/fees/charged?size=100": 5,
    "/fees/statement": 5,
}


class Store:
    """A guest's store, its world and its API."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client
        self.told = client.post(
            "/api/v1/sandboxes", json={"world": "furniture", "seed": 7, "name": "Try"}
        ).json()
        self.id = self.told["id"]
        desk: Desk = client.app.state["desk"]
        self.world: World = desk.world(desk.get(self.id))

    def get(self, path: str, lang: str = "en", **headers: str) -> Any:
        self.client.cookies.clear()
        self.client.cookies.set("lang", lang)
        self.client.get(self.told["login_url"])
        return self.client.get(f"/w/{self.id}{path}", headers=headers, follow_redirects=False)

    def post(self, path: str) -> Any:
        data = {"_csrf_token": self.client.cookies["csrftoken"], "_key": "once"}
        return self.client.post(f"/w/{self.id}{path}", data=data, follow_redirects=False)

    def api(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.told['token']}"}
        return self.client.get(f"/api/v1/sandboxes/{self.id}{path}", headers=headers)


def complete(world: World, order: int) -> None:
    run(world, "trade.ship", order=order, quantity=None, line="")
    arrive(world, order)
    run(world, "trade.receive", BUYER, order=order)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    app = site(Settings(data=tmp_path_factory.mktemp("pages"), chores=False), young())
    with TestClient(app) as made:
        yield made


@pytest.fixture(scope="module")
def empty(client: TestClient[Litestar]) -> Store:
    return Store(client)


@pytest.fixture(scope="module")
def store(client: TestClient[Litestar]) -> Store:
    """The line reached, one discount order settled, one locked, one lost, an OA fee waived, some more."""
    made = Store(client)
    world = made.world
    until(world, "09-01 10:00:00")
    for _ in range(10):
        paid(world, LINE // 10)
    settled, _locked, lost = (paid(world, 100_000) for _ in range(3))
    oa = paid(world, 1_000_000, terms="oa", oa_days=30, first_cents=300_000)
    paid(world, 500, export_mode="easy")
    complete(world, settled)
    complete(world, oa)
    run(world, "trade.pay_final", BUYER, order=oa)
    run(world, "trade.cancel_booking", order=lost)
    run(world, "trade.withdraw", order=lost)
    return made


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("path", TABS)
def test_every_page_shows_full_and_empty(store: Store, empty: Store, path: str, lang: str) -> None:
    for who in (store, empty):
        answer = who.get(path, lang)
        assert answer.status_code == 200
        assert ("服务费" if lang == "zh_CN" else "Service fees") in answer.text
    assert 'class="august-empty"' in empty.get(path, lang).text


def test_the_first_page_tells_the_total_and_each_label(store: Store) -> None:
    text = store.get("/fees?size=100").text
    assert "half price for new orders" in text
    assert '<progress value="5200500" max="4000000">' in text
    assert text.count('data-label="threshold"') == 10
    assert text.count('data-label="discount"') == 6
    assert text.count('data-label="none"') == 1
    only = store.get("/fees?label=none&size=100").text
    assert (only.count('data-label="none"'), only.count('data-label="discount"')) == (1, 0)
    assert "easy export never gets the discount" in only
    part = store.get("/fees?kind=cancelled", **PART).text
    assert part.strip().startswith('<section class="card" id="receipts"')
    assert part.count("data-order=") == 1


def test_a_planned_receipt_is_judged_by_the_same_rule_and_kept_nowhere(store: Store) -> None:
    before = store.world.state_hash()
    asked = "/fees?amount_usd=1000.00&channel=e_collection"
    part = store.get(asked, **PART, **{"HX-Target": "div#plan"}).text
    assert part.strip().startswith('<div id="plan"')
    assert "Discount order" in part
    assert "US$1.50" in part
    told = store.api("/fees/plan?amount_usd=1000.00").json()
    assert (told["label"], told["base_usd"], told["charged_usd"]) == ("discount", "20.00", "10.00")
    assert told["why"]["children"]
    easy = store.api("/fees/plan?amount_usd=1000.00&export_mode=easy").json()
    assert (easy["label"], easy["reason"], easy["saved_usd"]) == ("none", "easy", "0.00")
    known = store.api("/fees/receipts?label=threshold&size=10").json()["items"][0]["order"]
    again = store.api(f"/fees/plan?amount_usd=5.00&order={known}").json()
    assert (again["label"], again["reason"]) == ("threshold", "labelled")
    assert store.world.state_hash() == before


@pytest.mark.parametrize(
    ("query", "status", "fields"),
    [
        ("amount_usd=x", 422, {"amount_usd"}),
        ("amount_usd=0", 422, {"amount_usd"}),
        ("amount_usd=1&channel=cash&special=X", 422, {"channel", "special"}),
        ("amount_usd=1&order=999999", 404, {"order"}),
        ("amount_usd=1&order=abc", 404, {"order"}),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(store: Store, query: str, status: int, fields: set[str]) -> None:
    answer = store.api(f"/fees/plan?{query}")
    assert (answer.status_code, set(answer.json()["fields"])) == (status, fields)
    for headers in ({}, {**PART, "HX-Target": "div#plan"}):
        page = store.get(f"/fees?{query}", **headers)
        assert page.status_code == 200
        assert 'role="alert"' in page.text


def test_savings_and_fees_agree_between_page_and_json(store: Store) -> None:
    told = store.api("/fees").json()
    assert told["total_usd"] == "52005.00"
    assert told["market"]["reached"] == 1
    assert told["labels"] == {"threshold": 10, "discount": 4, "none": 1}
    assert told["settled"] == {"count": 2, "usd": "60.00"}
    assert told["locked"] == {"count": 1, "usd": "10.00"}
    assert told["lost"] == {"count": 1, "usd": "10.00"}
    assert told["losses"] == {"closed": {"count": 1, "usd": "10.00"}}
    states = {each["order"]: each["kind"] for each in store.api("/fees/benefits").json()["items"]}
    assert sorted(states.values()) == ["locked", "lost", "settled", "settled"]
    page = store.get("/fees/benefits?state=lost").text
    assert page.count('data-state="lost"') == 1
    assert "The order was closed" in page
    fees = store.api("/fees/charges?fee=oa").json()["items"]
    assert [(each["base_usd"], each["charged_usd"], each["why"]) for each in fees] == [
        ("30.00", "0.00", "oa_waiver")
    ]
    assert "OA service fee waived" in store.get("/fees/charged?fee=oa").text


def test_the_statement_is_the_same_to_the_cent_as_page_json_and_table(store: Store) -> None:
    told = store.api("/fees/statement").json()
    assert told["total"] == {
        "received_usd": "11000.00",
        "refunded_usd": "0.00",
        "charged_usd": "60.00",
        "saved_usd": "90.00",
        "payout_usd": "10940.00",
    }
    page = store.get("/fees/statement").text
    for amount in ("US$11,000.00", "US$60.00", "US$90.00", "US$10,940.00"):
        assert amount in page
    answer = store.get("/fees/statement.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "service-fees.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(float(row["fee_charged_usd"]) for row in rows) == 60
    assert sum(float(row["payout_usd"] or 0) for row in rows) == 10_940
    pdf = store.get("/fees/statement.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    one = told["orders"][0]
    assert store.api(f"/fees/orders/{one['order']}").json() == one
    missing = store.api("/fees/orders/999999")
    assert (missing.status_code, missing.json()["code"]) == (404, "fees.not_settled")


def test_why_an_order_pays_what_it_pays(store: Store) -> None:
    store.get("/fees", "en")
    for each in store.api("/fees/benefits?size=100").json()["items"]:
        told = store.api(f"/why/service_fee/{each['order']}").json()
        assert told["text"].endswith("Discount order")
        found = str(told)
        assert "F2.6" in found
        assert {"locked": "F2.8", "settled": "F2.9", "lost": "F2.7"}[each["kind"]] in found
    oa = store.api("/fees/charges?fee=oa").json()["items"][0]["order"]
    assert "F3" in str(store.api(f"/why/service_fee/{oa}").json())
    for key in ("0", "999999", "x", "9" * 30):
        assert store.api(f"/why/service_fee/{key}").status_code == 404


@pytest.mark.parametrize(("path", "most"), COSTS.items())
def test_pages_cost_few_statements_full_or_empty(store: Store, empty: Store, path: str, most: int) -> None:
    costs = []
    for who in (empty, store):
        who.get(path)
        with counting() as statements:
            answer = who.client.get(f"/w/{who.id}{path}")
        assert answer.status_code == 200
        costs.append(len(statements))
    assert max(costs) <= FRAME + most, costs


def test_the_package_is_bought_on_the_page_once(client: TestClient[Litestar]) -> None:
    made = Store(client)
    assert "Buy the package" in made.get("/fees").text
    answer = made.post("/fees/package")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/w/{made.id}/fees?done=package")
    assert made.post("/fees/package").status_code == 303  # the same form once more
    text = made.get("/fees?done=package").text
    assert "It runs until" in text
    assert "Buy the package" not in text
    assert made.api("/fees").json()["package_until"].startswith("2025-08-25")
