"""大促报名: enrol, be refused with every reason, mend it, and stand in the buyers' venue."""

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled

PAGES_MOST = 12


def test_a_product_is_refused_mended_enrolled_and_seen_by_buyers(
    page: Page, sandbox: Sandbox, complaints: Complaints
) -> None:
    english(page)
    complaints.allow("422")
    sandbox.open("/festival?place=ready")
    row = page.locator("#products tbody tr").first
    title = row.locator("td.main a").inner_text()
    price = row.get_by_label("Campaign price of")
    highest = price.input_value()
    row.locator("input[type=checkbox]").check()
    price.fill("99999")
    page.get_by_role("button", name="Enrol the chosen products").click()
    settled(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("conditions are not met")
    expect(alert).to_contain_text("Set it to")
    expect(price).to_have_value("99999")

    price.fill(highest)
    page.get_by_role("button", name="Enrol the chosen products").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The products are in the festival.")
    sandbox.open("/festival?place=inside")
    expect(page.locator("#products tbody tr")).to_have_count(1)
    expect(page.locator("#products tbody")).to_contain_text(title)

    sandbox.api("POST", "/clock/advance", json={"to": "2022-09-02T08:00:00+00:00"})
    sandbox.open("/shop/as?tier=L2&country=US")
    card = page.locator("#venue .shop-card", has_text=title)
    for number in range(1, PAGES_MOST):
        sandbox.open(f"/shop/festival?sort=price&size=100&page={number}")
        if card.count():
            break
    expect(card).to_contain_text("90-day lowest price")
    expect(card.locator(".shop-price")).to_contain_text(f"US${float(highest):,.2f}")
    expect(page.locator("#store-board tbody tr").first).to_be_visible()
    page.locator("#take-coupon").click()
    settled(page)
    expect(page.locator("#coupon")).to_contain_text("You have it")


def test_what_is_missing_says_what_to_do(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/festival")
    page.get_by_label("State").select_option("failing")
    settled(page)
    row = page.locator("#products tbody tr").first
    expect(row).to_contain_text("Conditions missing")
    expect(row.locator(".august-conditions li")).not_to_have_count(0)
    row.get_by_role("link", name="Why?").click()
    expect(page.locator("#why")).to_contain_text("may not enter the festival venue")


def test_the_offers_stand_on_one_page_with_their_state(page: Page, sandbox: Sandbox) -> None:
    sandbox.open("/festival")
    expect(page.get_by_role("heading", level=1)).to_have_text("大促报名")
    card = page.locator("#offer-threshold_coupon")
    expect(card).to_contain_text("买家满减券")
    expect(card).to_contain_text("未开始")
    expect(card.locator(".august-conditions .bad")).not_to_have_count(0)


def test_the_dashboard_holds_the_days_against_the_target(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/festival/board")
    expect(page.locator(".august-stats")).to_contain_text("The festival opens")
    page.get_by_label("GMV to reach in the festival (US$)").fill("40000")
    page.get_by_role("button", name="Set the target").click()
    settled(page)
    expect(page.locator("#target")).to_contain_text("US$40,000.00")
    sandbox.api("POST", "/clock/advance", json={"to": "2022-09-04T08:00:00+00:00"})
    sandbox.open("/festival/board")
    expect(page.locator("#gmv-chart svg")).to_be_visible()
    expect(page.locator("#visits-chart svg")).to_be_visible()
    expect(page.locator(".august-stats")).to_contain_text("The festival closes")


def test_a_visitor_sees_the_offer_and_cannot_use_it(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.api("POST", "/clock/advance", json={"to": "2022-09-01T08:00:00+00:00"})
    sandbox.open("/shop/as?tier=L0&country=US")
    sandbox.open("/shop/festival")
    expect(page.locator("#coupon")).to_contain_text("It is for buyers from L1 on.")
    expect(page.locator("[data-benefit=bnpl] td.august-here")).to_contain_text("no")
