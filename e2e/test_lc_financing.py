"""信用证融资: apply, present the documents, draw; and a buyer who pays later."""

from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from e2e.conftest import Sandbox, english, settled


def later(sandbox: Sandbox, hours: int) -> None:
    """Banks act at the ticks of the market, four a day."""
    sandbox.api("POST", "/clock/advance", json={"hours": hours})


def test_the_rest_of_a_letter_of_credit_is_drawn(page: Page, sandbox: Sandbox) -> None:
    english(page)
    order = sandbox.api("GET", "/finance/lc")["candidates"][0]
    sandbox.open("/lc-financing")
    page.get_by_role("button", name=f"Apply for it Order {order['order']}").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The bank has the application.")
    expect(page.locator("#open")).to_contain_text("Applied for")

    later(sandbox, 30)
    sandbox.open("/lc-financing")
    page.get_by_role("button", name="Present the documents").click()
    settled(page)
    expect(page.locator("#open")).to_contain_text("Documents presented")

    later(sandbox, 78)
    sandbox.open("/lc-financing")
    page.get_by_role("button", name="Draw the money").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The money was drawn, less the fee.")
    found = sandbox.api("GET", "/finance/lc")["financings"][0]
    assert (found["state"], found["drawn_usd"]) == ("drawn", order["advance_usd"])
    # Before the festival only the membership makes the fee smaller.
    assert found["offer"] == "membership"
    page.locator("#open").get_by_role("link", name="Why?").click()
    expect(page.locator("#why")).to_contain_text("Verified Suppliers pay 90 % of the fee")


def test_the_fee_of_a_first_drawdown_in_the_festival(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/lc-financing")
    page.get_by_label("To be drawn (US$)").fill("10000")
    page.get_by_label("Drawn (Pacific time)").fill("2022-09-30 23:59:59")
    page.locator("#what-if").get_by_role("button", name="Compute").click()
    settled(page)
    expect(page.locator("#answer")).to_contain_text("Fee US$60.00")


def test_a_buyer_pays_later(page: Page, sandbox: Sandbox) -> None:
    english(page)
    later(sandbox, 240)
    sandbox.open("/shop/as?tier=L2&country=US")
    goods = sandbox.api("GET", "/storefront/search?rts=1&freight=1&country=US&size=20")["items"]
    sandbox.open(f"/shop/products/{goods[0]['id']}")
    expect(page.locator("#pay-later")).to_contain_text("Pay later: 4 interest-free instalments")
    page.locator("#order-now").click()
    settled(page)
    page.locator("[data-step=pay_later]").click()
    settled(page)
    expect(page.locator("#bill tbody tr")).to_have_count(4)
    page.get_by_role("link", name="Pay later").click()
    settled(page)
    expect(page.locator("main")).to_contain_text("still to be charged")
    now = datetime.fromisoformat(sandbox.api("GET", "/clock")["now"])
    sandbox.api("POST", "/clock/advance", json={"to": (now + timedelta(days=15)).isoformat()})
    page.reload()
    settled(page)
    expect(page.locator("section.card tbody .august-badge.good")).to_have_count(2)


def test_oa_orders_say_what_is_owed(page: Page, sandbox: Sandbox) -> None:
    sandbox.open("/oa-credit")
    expect(page.get_by_role("heading", level=1)).to_have_text("OA 赊销")
    expect(page.locator("#oa-orders tbody tr").first).to_be_visible()
