"""How many SQL statements a page costs: few, and as many for a full store as for an empty one."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import delete, update

from august.app import create_app
from august.benefits.commands import issue
from august.benefits.models import Grant
from august.benefits.rules import times_of
from august.catalog.models import FreightTemplate, Product, SavedView
from august.integrity.models import Dispute
from august.kernel.commands import run
from august.kernel.context import SYSTEM, Actor, Context
from august.kernel.world import World
from august.logistics import coupons
from august.market.grow import BORN
from august.messages.models import Message
from august.sandboxes import accounts
from august.sandboxes.models import Sandbox
from august.sandboxes.service import Desk
from august.stars.evidence.lists import LEDGERS
from august.stars.models import Evaluation
from august.stars.words import INDICATORS
from august.trade.models import Order, OrderView
from august.verified.models import EngineeringCase, Proof
from tests.tools.bare import evaluation
from tests.tools.statements import counting
from tests.tools.worlds import provide

MANY = 40
PLAYER = Actor("player", merchant=1)
# Every page begins with these: session and account, sandbox, clock, store; and ends with the frame's:
# clock, unread messages, last jump.
FRAME = 8
# A product that every filter finds, with a template, priced by variants.
FIRST = {
    "title": "Sofa",
    "status": "on_sale",
    "quality_tenths": 10,
    "price_mode": "sku",
    "freight_template_id": 1,
}
PAGES = {
    "/": FRAME + 18,
    "/visitors": FRAME + 6,
    "/visitors?days=7&country=US&did=asked&size=100": FRAME + 6,
    "/visitors/products?size=100": FRAME + 5,
    "/stars": FRAME + 23,
    "/stars/custom": FRAME + 25,
    "/stars/custom/growth/evidence": FRAME + 11,
    "/stars/custom/index/evidence": FRAME + 5,
    "/stars/custom/conversion/evidence": FRAME + 8,
    "/stars/custom/strength/evidence": FRAME + 18,
    "/stars/versions": FRAME + 21,
    "/stars/history": FRAME + 3,
    "/why/star/now": FRAME + 21,
    "/market": FRAME + 7,
    "/autopilot": FRAME + 3,
    "/timeline?size=100": FRAME + 3,
    "/orders": FRAME + 8,
    "/orders?size=100": FRAME + 8,
    "/orders?q=sofa&risk=late&sort=ship_by": FRAME + 8,
    "/orders/1": FRAME + 9,
    "/orders/new": FRAME + 4,
    "/disputes?size=100": FRAME + 4,
    "/disputes/1": FRAME + 7,
    "/products": FRAME + 6,
    "/products?size=100": FRAME + 6,
    "/products?q=sofa&band=red&size=100": FRAME + 6,
    "/products/new": FRAME + 4,
    "/products/1": FRAME + 9,
    "/products/import": FRAME,
    "/freight-templates": FRAME + 4,
    "/freight-templates/1": FRAME + 3,
    "/quality": FRAME + 4,
    "/showcase": FRAME + 12,
    "/growth?size=100": FRAME + 7,
    "/benefits?size=100": FRAME + 8,
    "/data-advisor": FRAME + 5,
    "/festival?size=100": FRAME + 40,
    "/festival/board": FRAME + 2,
    "/why/venue/1": FRAME + 6,
    "/why/festival-offer/lowest_price": FRAME + 5,
    "/rules": FRAME + 1,
    "/messages?size=100": FRAME + 3,
    "/messages/latest": FRAME + 2,
    "/onetouch/news": FRAME + 2,
    "/help?q=order": FRAME + 2,
    "/clock": FRAME + 3,
    "/clock?days=30": FRAME + 7,
    "/clock/bar": FRAME,
    "/find?q=sofa": FRAME + 7,
    "/verified": FRAME + 5,
    "/verified/access": FRAME + 5,
    "/verified/apply/oem": FRAME + 5,
    "/verified/engineering": FRAME + 6,
    "/verified/proofs/1": FRAME + 6,
    "/why/proof/1": FRAME + 2,
    "/why/quality/1": FRAME + 5,
    "/why/growth/1": FRAME + 6,
    "/why/order-late/1": FRAME + 2,
    "/why/order-deadline/1": FRAME + 2,
    "/why/dispute/1": FRAME + 3,
    "/why/market-score/1": FRAME + 8,
    "/why/benefit/rfq_pin": FRAME + 6,
    "/logistics-orders?size=100": FRAME + 4,
    "/logistics-orders/new": FRAME + 8,
    "/logistics-orders/1": FRAME + 10,
    "/fcl": FRAME + 8,
    "/logistics-benefits": FRAME + 15,
    "/why/logistics_order/1": FRAME + 9,
}
# A call begins with: token, sandbox, clock, store.
CALL = 4
CALLS = {
    "": 1,
    "/catalog/products?size=100": 5,
    "/catalog/products/1": 3,
    "/catalog/products/1/freight": 3,
    "/catalog/freight-templates": 3,
    "/catalog/views": 2,
    "/logistics/orders?size=100": 4,
    "/logistics/quotes?country=US&pieces=1&length_mm=100&width_mm=100&height_mm=100&weight_g=1000": 8,
    "/logistics/sailings": 1,
    "/logistics/benefits": 14,
    "/quality/products/1": 6,
    "/quality/summary": 3,
    "/trade/orders?size=100": 4,
    "/trade/orders/1": 9,
    "/integrity/disputes?size=100": 4,
    "/integrity/disputes/1": 7,
    "/home/todos": 11,
    "/stars/custom/conversion/evidence?size=100": 8,
    "/verified/proofs": 5,
    "/verified/proofs/1": 2,
    "/verified/cases": 2,
    "/home/figures": 7,
    "/traffic/visitors?size=100": 6,
    "/traffic/products?size=100": 5,
    "/benefits": 6,
    "/benefits/history?size=100": 3,
    "/traffic/days": 3,
    "/festival/offers": 35,
    "/festival/products?size=100": 6,
    "/festival/boards": 1,
    "/festival/dashboard": 2,
    "/festival/venue": 12,
    "/market/factors": 7,
    "/market/numbers": 0,
    "/market/autopilot": 3,
    "/checkpoints": 1,
    "/actions?size=500": 3,
    "/clock": 3,
    "/clock/agenda?to=2022-12-01T00:00:00Z": 4,
}


class Site:
    """The whole product with two sandboxes of one guest: a store with hardly anything, and a full one."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client
        self.desk: Desk = client.app.state["desk"]
        client.cookies.set("lang", "en")
        client.get("/sign-in")
        self.empty, self.full = self.made(), self.made()

    def made(self) -> Sandbox:
        told = {"world": "furniture", "_csrf_token": self.client.cookies["csrftoken"]}
        answer = self.client.post("/try", data=told, follow_redirects=False)
        return self.desk.get(answer.headers["location"].split("/")[2])

    def cost(self, path: str, **options: Any) -> int:
        """The statements of one page; the first answer is not counted, it may bring a world up to date."""
        self.client.get(path, **options)
        with counting() as statements:
            answer = self.client.get(path, **options)
        assert answer.status_code == 200, answer.text
        return len(statements)


def strip(world: World) -> None:
    """Leave one freight template and one product."""
    with world.writing(SYSTEM) as ctx:
        for table in (Product, FreightTemplate, Order, Dispute):
            ctx.session.execute(delete(table).where(table.id > 1))
        ctx.session.execute(update(Product).values(**FIRST))
        own(ctx)
        starred(ctx)
        ctx.session.commit()
    sent(world, 1)


def sent(world: World, many: int) -> None:
    """Let the store have so many logistics orders."""
    parcel = {"pieces": 1, "length_mm": 100, "width_mm": 100, "height_mm": 100, "weight_g": 15_000}
    for _ in range(many):
        run(world, PLAYER, "logistics.place", {"line": "wuyou_us_charter", "country": "US", "parcel": parcel})


def own(ctx: Context) -> None:
    """Let the first order and the first refund request be the store's, over its first product."""
    for table in (Order, Dispute):
        ctx.session.execute(update(table).where(table.id == 1).values(merchant_id=1, product_id=1))
    ctx.session.execute(update(Dispute).where(Dispute.id == 1).values(order_id=1))


def starred(ctx: Context) -> None:
    """Let the store have two stars, and nothing before them."""
    for table in (Grant, Evaluation):
        ctx.session.execute(delete(table))
    times = times_of("2022-07", ctx.rulebook.values("S7-windows", BORN))
    ctx.session.add(evaluation("2022-07", 2, times.published))
    ctx.session.flush()
    issue(ctx, 1, 2, "2022-07", times.following)


def granted(month: str) -> Grant:
    """A benefit of some other month, all over."""
    past = {"issued_at": BORN, "claimed_at": BORN, "valid_from": BORN, "valid_until": BORN, "ended_at": BORN}
    told = {"code": "rfq_pin", "month": month, "star": 2, "quantity": 3, "used": 0, "state": "expired"}
    return Grant(merchant_id=1, **told, **past)


def fill(desk: Desk, sandbox: Sandbox) -> None:
    """Have many of everything a page lists."""
    world = desk.world(sandbox)
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Product).where(Product.id == 1).values(**FIRST))
        own(ctx)
        starred(ctx)
        ctx.session.add_all(granted(f"20{n:02}-01") for n in range(22))
        ctx.session.add_all(granted(f"19{n:02}-01") for n in range(MANY))
        ctx.session.add_all(OrderView(merchant_id=1, name=f"View {n}", query="") for n in range(MANY))
        ctx.session.add_all(
            FreightTemplate(merchant_id=1, name=f"Template {n}", origin="foshan") for n in range(MANY)
        )
        ctx.session.add_all(SavedView(merchant_id=1, name=f"View {n}", query="") for n in range(MANY))
        ctx.session.add_all(
            Message(merchant_id=1, at=BORN, kind="rule", text="{n}", params={"n": n}) for n in range(MANY)
        )
        ctx.session.add_all(case(n) for n in range(MANY))
        ctx.session.add_all(proof() for _ in range(MANY))
        ctx.session.commit()
    sent(world, MANY)
    with world.writing(SYSTEM) as ctx:
        coupons.issue(ctx, 1, MANY, 2500, 30_000, BORN + timedelta(days=90))
        ctx.session.commit()
    for n in range(MANY):
        desk.checkpoint(sandbox, f"Checkpoint {n}")


def case(number: int) -> EngineeringCase:
    """A case without pictures."""
    told = {"country": "US", "finished_on": "2022-05", "value_cents": None, "files": [], "removed_at": None}
    return EngineeringCase(merchant_id=1, title=f"Case {number}", description="Built.", added_at=BORN, **told)


def proof() -> Proof:
    """One of many applications that were taken back."""
    told: dict[str, Any] = {"details": {}, "files": [], "findings": []}
    at = {"submitted_at": BORN, "due_at": BORN, "decided_at": BORN}
    return Proof(merchant_id=1, kind="aeo", state="withdrawn", **at, **told)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    app = create_app(provide(tmp_path_factory.mktemp("data"), "furniture"))
    with TestClient(app) as client:
        made = Site(client)
        strip(made.desk.world(made.empty))
        fill(made.desk, made.full)
        yield made


@pytest.mark.parametrize(("path", "statements"), PAGES.items())
def test_a_page_of_a_full_store_costs_no_more(site: Site, path: str, statements: int) -> None:
    costs = [site.cost(f"/w/{box.id}{path}") for box in (site.empty, site.full)]
    assert costs == [statements, statements]


def test_the_way_to_a_star_asks_twice_more_where_products_are_on_it(site: Site) -> None:
    """Once for their titles, once for the lines of their freight templates."""
    costs = [site.cost(f"/w/{box.id}/stars/path") for box in (site.empty, site.full)]
    assert costs == [FRAME + 34, FRAME + 36]


@pytest.mark.parametrize(("path", "statements"), CALLS.items())
def test_a_call_about_a_full_store_costs_no_more(site: Site, path: str, statements: int) -> None:
    costs = []
    for box in (site.empty, site.full):
        with site.desk.control.writing() as session:
            headers = {"Authorization": f"Bearer {accounts.api_token(session, box)}"}
        costs.append(site.cost(f"/api/v1/sandboxes/{box.id}{path}", headers=headers))
    assert costs == [CALL + statements, CALL + statements]


@pytest.mark.parametrize("name", [each for each in LEDGERS if each in INDICATORS])
def test_evidence_costs_few_statements_whatever_it_lists(site: Site, name: str) -> None:
    track = "rts" if name.startswith("rts") or name in {"tradable", "certainty"} else "custom"
    assert site.cost(f"/w/{site.full.id}/stars/{track}/{name}/evidence") <= FRAME + 11


def test_a_list_of_sandboxes_costs_the_same_however_long(site: Site) -> None:
    before = site.cost("/sandboxes"), site.cost(f"/sandboxes/{site.empty.id}")
    site.made()
    after = site.cost("/sandboxes"), site.cost(f"/sandboxes/{site.full.id}")
    assert before == after == (2, 4)


def test_a_bulk_change_costs_the_same_for_one_and_many(site: Site) -> None:
    costs = []
    for products in (["1"], [str(n) for n in range(1, 61)]):
        typed = {"products[]": products, "step": "preview", "status": "publish", "delivery_by": "yes"}
        typed["_csrf_token"] = site.client.cookies["csrftoken"]
        with counting() as statements:
            answer = site.client.post(f"/w/{site.full.id}/products/bulk", data=typed)
        assert answer.status_code == 200
        costs.append(len(statements))
    assert costs == [FRAME + 7, FRAME + 7]


def test_publishing_many_costs_little_more_than_publishing_one(site: Site) -> None:
    """The rows of one table are written together, and what a check reads is read for all at once."""
    world, costs = site.desk.world(site.full), []
    drafts = [copied(world, 2) for _ in range(MANY)]
    for products in (drafts[:1], drafts[1:]):
        with counting() as statements:
            run(world, PLAYER, "catalog.bulk", {"products": products, "status": "publish"})
        costs.append(len(statements))
    assert costs == [9, 9]


def copied(world: World, product: int) -> int:
    """A draft like the product."""
    made: int = run(world, PLAYER, "catalog.copy_product", {"product": product}).result["product"]
    return made
