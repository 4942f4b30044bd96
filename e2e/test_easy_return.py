"""无忧退: activate it, ask what an order would cost, ship, and find it in the list with its reason."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import Sandbox, english, settled


def test_an_order_that_leaves_is_listed_with_its_premium_and_reason(page: Page, sandbox: Sandbox) -> None:
    english(page)
    # Into the festival, with somebody who answers and restocks; the player ships.
    for chore in ("reply", "restock"):
        sandbox.api("POST", "/commands/merchants.set_autopilot", json={"chore": chore, "policy": "diligent"})
    sandbox.api("POST", "/clock/advance", json={"to": "2022-09-08T12:00:00-07:00"})
    sandbox.open("/easy-return")
    expect(page.locator(".august-badge", has_text="service not active")).to_be_visible()
    expect(page.locator("#list")).to_contain_text("No RTS order has left yet")

    page.get_by_role("button", name="Activate the service").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("Easy Return is active")
    expect(page.locator("#service")).to_contain_text("Active since")

    waiting = sandbox.api("GET", "/trade/orders?state=producing&size=100")["items"]
    ready = [item["id"] for item in waiting if item["kind"] == "rts"]
    assert ready
    sandbox.api("POST", "/commands/trade.ship_batch", json={"orders": ready})
    sandbox.open("/easy-return")
    expect(page.locator("#policies tbody tr")).to_have_count(len(ready))
    page.locator("#policies tbody tr").first.get_by_role("link", name="Why?").click()
    expect(page.locator("#why")).to_contain_text(re.compile("Insured at|Not insured"))


def test_a_planned_order_is_judged_as_it_is_typed(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/easy-return")
    answer = page.locator("#answer")
    page.get_by_label("Drafted (Pacific time)").fill("2022-09-30 23:59:59")
    page.get_by_label("First payment booked (Pacific time)").fill("2022-09-30 23:59:59")
    page.get_by_label("Fully shipped (Pacific time)").fill("2022-11-20 00:00:00")
    page.get_by_label("Order amount (US$)").fill("1000.00")
    page.locator("#what-if").get_by_role("button", name="Compute").click()
    settled(page)
    expect(answer).to_contain_text("Premium US$5.00")
    page.get_by_label("Order amount (US$)").fill("1000.01")
    page.locator("#what-if").get_by_role("button", name="Compute").click()
    settled(page)
    expect(answer).to_contain_text("order above the limit")


def test_the_delivery_guarantee_names_its_routes(page: Page, sandbox: Sandbox) -> None:
    sandbox.open("/easy-return/deliveries")
    expect(page.get_by_role("heading", level=1)).to_have_text("到货保障")
    expect(page.locator("#routes")).to_contain_text("34 条路线")
