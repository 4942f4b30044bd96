"""The buyer's side: as whom one looks, what is found, what a page shows by country and by width."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import ROOT, Sandbox, english, settled
from e2e.test_look import barriers

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def look_as(page: Page, tier: str, country: str) -> None:
    """Become the most active buyer of a tier and a country."""
    page.locator("#as-tier").select_option(tier)
    page.locator("#as-country").select_option(country)
    page.get_by_role("button", name="View as").click()
    settled(page)


def test_an_enterprise_buyer_from_germany_finds_a_sofa(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/shop")
    look_as(page, "L3", "DE")
    who = page.locator(".shop-who")
    expect(who).to_contain_text("L3 enterprise · Germany")

    page.get_by_label("What are you looking for?").fill("sofa")
    page.get_by_role("button", name="Search").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("sofa")
    page.get_by_label("With freight to Germany").check()
    settled(page)
    page.get_by_label("With reviews").check()
    settled(page)
    cards = page.locator(".shop-card")
    told = sandbox.api("GET", "/storefront/search?q=sofa&freight=1&reviewed=1&country=DE")
    expect(cards).to_have_count(len(told["items"]))
    assert cards.first.get_attribute("data-product") == str(told["items"][0]["id"])
    expect(cards.first).to_contain_text("Freight to Germany: US$")
    # The words and ticks are in the address: reloading keeps them.
    page.reload()
    settled(page)
    expect(cards).to_have_count(len(told["items"]))

    cards.first.locator(".shop-card-title").click()
    settled(page)
    number = told["items"][0]["id"]
    product = sandbox.api("GET", f"/storefront/products/{number}?country=DE")
    expect(page.locator("#quote")).to_contain_text(f"US${float(product['freight_usd']):,.2f}")
    more = int(product["quantity"]) * 2
    page.locator("#quantity").fill(str(more))
    page.get_by_role("button", name="Compute").click()
    settled(page)
    larger = sandbox.api("GET", f"/storefront/products/{number}?country=DE&quantity={more}")
    expect(page.locator("#quote")).to_contain_text(f"US${float(larger['goods_usd']):,.2f}")
    # Still the same buyer, and a way home.
    expect(who).to_contain_text("L3 enterprise · Germany")
    page.get_by_role("link", name="Back to my store").click()
    settled(page)
    expect(page.locator("#menu")).to_be_visible()


def test_what_can_be_done_is_what_the_house_can_do(page: Page, sandbox: Sandbox) -> None:
    english(page)
    known = {each["name"] for each in sandbox.api("GET", "/commands")["commands"]}
    sandbox.open("/shop?rts=1&freight=1")
    look_as(page, "L3", "DE")
    sandbox.open("/shop?rts=1&freight=1")
    page.locator(".shop-card-title").first.click()
    settled(page)
    expect(page.locator("#ask-form")).to_have_count(int("opportunities.ask" in known))
    expect(page.locator("#order-now")).to_have_count(int("trade.order_now" in known))
    if "trade.order_now" in known:
        page.locator("#order-now").click()
        settled(page)
        expect(page).to_have_url(re.compile(r"/shop/mine/orders/\d+\?done=ordered"))
        pay = page.locator('[data-step="pay_first"]')
        if "trade.pay_first" in known and pay.count():
            pay.click()
            settled(page)
            expect(page.get_by_role("heading", name="The supplier prepares the goods")).to_be_visible()


def test_lists_show_more_of_a_rating_on_a_wide_screen(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/shop?reviewed=1&sort=-rating")
    card = page.locator(".shop-card").first
    expect(card.locator(".shop-wide")).to_contain_text(re.compile(r"\d\.\d\d\s*\(\d+\)\s*“.+”"))
    expect(card.locator(".shop-narrow")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(card.locator(".shop-wide")).to_be_hidden()
    expect(card.locator(".shop-narrow")).to_have_text(re.compile(r"\d+ reviews"))
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_three_pictures_of_reviews(page: Page, sandbox: Sandbox) -> None:
    english(page)
    cases = {}
    for item in sandbox.api("GET", "/reviews/ratings?size=100")["items"]:
        cases.setdefault(item["case"], item["product"])
    assert set(cases) == {"both", "store"}
    # A store without any review is a rival's.
    for number in range(2, 30):
        if not sandbox.api("GET", f"/storefront/stores/{number}")["rating"]["count"]:
            cases["neither"] = sandbox.api("GET", f"/storefront/search?store={number}")["items"][0]["id"]
            break
    words = {"both": "of 5.00", "store": "No product reviews (yet).", "neither": "No reviews (yet)"}
    for case, product in cases.items():
        sandbox.open(f"/shop/products/{product}")
        block = page.locator("#reviews .card-body")
        expect(block).to_have_attribute("data-case", case)
        expect(block).to_contain_text(words[case])


def test_a_buyer_is_chosen_from_the_list(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/shop/buyers")
    page.get_by_label("Only with orders in my store").check()
    settled(page)
    row = page.locator("#buyers tbody tr").first
    name = row.locator("td").first.inner_text().split("\n")[0]
    row.get_by_role("link", name="View as").click()
    settled(page)
    expect(page.locator("[data-viewer]")).to_have_text(name)
    page.locator(".shop-links a", has_text="My orders").click()
    settled(page)
    expect(page.locator("#orders tbody tr").first).to_be_visible()
    page.locator('#orders a[href*="/mine/orders/"]').first.click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Order")


def test_no_page_of_the_buyers_side_has_a_barrier(page: Page, sandbox: Sandbox) -> None:
    axe = AXE.read_text(encoding="utf-8")
    pending = sandbox.api("GET", "/reviews/pending")["items"][0]
    pad = f"/shop/mine/reviews/{pending['order']}?as={pending['buyer']}"
    order = f"/shop/mine/orders/{pending['order']}"
    found = []
    for theme in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": sandbox.base_url}])
        for path in (
            pad, order, "/shop", "/shop/products/39", "/shop/stores/1", "/shop/buyers", "/shop/mine/orders",
            "/shop/mine/reviews", "/shop/mine/conversations", "/reviews/pending", "/reviews/overview",
        ):  # fmt: skip
            sandbox.open(path)
            found += barriers(page, axe)
    assert found == []
