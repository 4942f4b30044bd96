"""物流服务: compare lines, use a coupon, cancel and get it back, book the US-West container."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from litestar import Litestar
from playwright.sync_api import Page, expect
from sqlalchemy import select

from august.app import create_app
from august.features import house
from august.kernel.clock import parse_instant
from august.kernel.context import SYSTEM
from august.kernel.tables import Clock
from august.logistics import coupons
from august.logistics.models import Coupon
from august.market.grow import BORN
from august.trade.models import Order
from e2e.conftest import ROOT, Complaints, Sandbox, english, settled
from e2e.serving import served
from tests.tools.worlds import provide

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
USABLE = house().rulebook.values("F6", BORN).usable.window
SEPTEMBER = parse_instant("2022-09-10T12:00:00+08:00")
OCTOBER = USABLE.start + timedelta(days=2)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """An August of this file's own, whose worlds the tests reach into."""
    folder: Path = tmp_path_factory.mktemp("logistics")
    return create_app(provide(folder, "furniture"))


@pytest.fixture(scope="session")
def base_url(app: Litestar) -> Iterator[str]:
    """Its address."""
    with served(app) as address:
        yield address


def let_it_be(app: Litestar, sandbox: Sandbox, at: datetime, many: int = 0) -> None:
    """Let it be an instant, with so many coupons in the store's hands."""
    desk = app.state["desk"]
    with desk.world(desk.get(sandbox.id)).writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = ctx.now = at
        if many:
            coupons.issue(ctx, 1, many, 2500, 30_000, USABLE.end)
        ctx.session.commit()


def states(app: Litestar, sandbox: Sandbox) -> list[str]:
    desk = app.state["desk"]
    with desk.world(desk.get(sandbox.id)).reading(SYSTEM) as ctx:
        return list(ctx.session.scalars(select(Coupon.state).order_by(Coupon.id)))


def test_a_coupon_is_used_comes_back_and_is_redeemed(app: Litestar, page: Page, sandbox: Sandbox) -> None:
    let_it_be(app, sandbox, OCTOBER, 2)
    english(page)
    sandbox.open("/logistics-benefits")
    rows = page.locator("#coupons tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("can be used")
    expect(rows.first).to_contain_text("2022-11-30 23:59 PT")
    expect(rows.first).to_contain_text("2022-12-01 15:59 Beijing")
    page.get_by_role("link", name="New logistics order").click()
    settled(page)
    flight = page.locator('[data-line="wuyou_us_charter"]')
    page.locator("#weight_kg").fill("4")
    expect(flight).to_contain_text("¥262.00")
    expect(flight).to_contain_text("not now")
    page.locator("#weight_kg").fill("10")
    expect(flight).to_contain_text("¥610.00")
    expect(flight).to_contain_text("¥585.00")
    flight.get_by_role("button").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("pay the freight")
    expect(page.locator("#money")).to_contain_text("locked by an order")
    assert states(app, sandbox) == ["locked", "issued"]

    page.get_by_role("button", name="Cancel the order").first.click()
    page.locator("dialog#cancel").get_by_role("button", name="Cancel the order").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("was cancelled")
    assert states(app, sandbox) == ["returned", "issued"]
    sandbox.open("/logistics-benefits")
    expect(rows.first).to_contain_text("returned, can be used")

    sandbox.open("/logistics-orders/new")
    # What is shown is the answer to what was typed last, and nothing is under way any more.
    page.locator("#weight_kg").fill("4")
    expect(flight).to_contain_text("¥262.00")
    page.locator("#weight_kg").fill("10")
    expect(flight).to_contain_text("¥585.00")
    flight.get_by_role("button").click()
    settled(page)
    page.get_by_role("button", name="Pay ¥585.00").click()
    settled(page)
    expect(page.locator("#money")).to_contain_text("redeemed")
    page.locator("#money").get_by_role("link", name="Why?").click()
    settled(page)
    expect(page.locator("#why-body")).to_contain_text("Redeemed at")
    assert states(app, sandbox) == ["redeemed", "issued"]
    told = sandbox.api("GET", "/logistics/orders")
    assert (told["total"], told["counts"]) == (2, {"cancelled": 1, "paid": 1})


def test_the_us_west_container_is_booked_and_paid(app: Litestar, page: Page, sandbox: Sandbox) -> None:
    let_it_be(app, sandbox, SEPTEMBER)
    english(page)
    sandbox.open("/fcl")
    expect(page.locator("#calendar")).to_contain_text("limited offer")
    page.locator("#calendar td").filter(has_text="20").get_by_role("link", name="DW US West").click()
    settled(page)
    expect(page.locator("#sailing")).to_contain_text("DW US West port-to-door, limited offer")
    page.get_by_role("button", name="book 40HQ to Los Angeles").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The container was booked")
    expect(page.locator("#money")).to_contain_text("US$4,980.00")
    page.get_by_role("button", name="Pay US$4,880.00").click()
    settled(page)
    expect(page.locator("#money")).to_contain_text("US$100 off US-West")
    expect(page.locator("#timeline")).to_contain_text("Freight paid")
    sandbox.open("/logistics-benefits")
    card = page.locator("#fcl_us_west")
    expect(card).to_contain_text("1 · US$100.00")
    expect(card).to_contain_text("Your store may still use it 1 times")


def test_goods_of_an_order_are_sent_from_its_page(app: Litestar, page: Page, sandbox: Sandbox) -> None:
    let_it_be(app, sandbox, SEPTEMBER)
    desk = app.state["desk"]
    with desk.world(desk.get(sandbox.id)).writing(SYSTEM) as ctx:
        number = ctx.session.scalars(
            select(Order.id)
            .where(Order.merchant_id == 1, Order.state == "producing", ~Order.disputed, Order.terms == "full")
            .order_by(Order.id)
        ).first()
        assert number is not None
        ctx.session.get_one(Order, number).country = "US"
        ctx.session.commit()
    english(page)
    sandbox.open(f"/orders/{number}")
    page.get_by_role("link", name="Ship with platform logistics").click()
    settled(page)
    for name, value in {
        "pieces": "2",
        "length_cm": "60",
        "width_cm": "50",
        "height_cm": "40",
        "weight_kg": "20.5",
    }.items():
        page.locator(f"#{name}").fill(value)
    line = page.locator('[data-line="us_sea_truck_standard"]')
    expect(line).to_contain_text("41 kg")
    line.get_by_role("button").click()
    settled(page)
    page.get_by_role("button", name="Pay").click()
    settled(page)
    expect(page.locator(".august-title")).to_contain_text("Picked up")
    page.locator(".august-title").get_by_role("link", name=f"Order {number}").click()
    settled(page)
    expect(page.locator("#shipments")).to_contain_text("China-US sea and truck (DDP), standard")


def test_what_cannot_be_sent_is_told_beside_the_field(
    app: Litestar, page: Page, sandbox: Sandbox, complaints: Complaints
) -> None:
    complaints.allow("422")
    let_it_be(app, sandbox, SEPTEMBER)
    english(page)
    sandbox.open("/logistics-orders/new")
    page.locator("#weight_kg").fill("0")
    expect(page.locator("#quotes")).to_contain_text("A whole number from 1 to")
    page.locator("#weight_kg").fill("2")
    page.locator("#cargo").select_option("plant")
    expect(page.locator("#quotes tbody tr")).to_have_count(1)
    expect(page.locator("#quotes")).to_contain_text("It does not take such goods.")


@pytest.mark.parametrize(("lang", "theme"), [("zh_CN", "dark"), ("en", "light")])
def test_no_page_is_wider_than_a_phone_or_has_a_barrier(
    app: Litestar, page: Page, sandbox: Sandbox, lang: str, theme: str
) -> None:
    let_it_be(app, sandbox, SEPTEMBER, 2)
    sandbox.api(
        "POST",
        "/commands/logistics.book",
        json={"sailing": "dw_us_west-4", "port": "seattle", "container": "20GP"},
    )
    for name, value in {"lang": lang, "theme": theme}.items():
        page.context.add_cookies([{"name": name, "value": value, "url": sandbox.base_url}])
    page.set_viewport_size({"width": 390, "height": 844})
    axe = AXE.read_text(encoding="utf-8")
    found = []
    paths = (
        "/logistics-orders",
        "/logistics-orders/new",
        "/logistics-orders/1",
        "/fcl",
        "/logistics-benefits",
    )
    for path in (*paths, "/why/logistics_order/1", "/why/coupon/1"):
        sandbox.open(path)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            found.append(f"{path} is wider than the screen")
        page.evaluate(axe)
        violations = page.evaluate("async () => (await axe.run()).violations")
        found += [f"{path} {one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"]]
    assert "\n".join(found) == ""
