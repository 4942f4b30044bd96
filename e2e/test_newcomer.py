"""A newcomer's first ten minutes: no account, no manual, Chinese pages."""

from playwright.sync_api import Page, expect

from e2e.conftest import settled


def test_one_click_leads_from_the_start_page_into_a_store(page: Page, base_url: str) -> None:
    page.goto(base_url + "/")
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.locator('form[action="/try"] button').first.click()
    settled(page)
    expect(page.locator("#clock-bar [data-pacific]")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # The store is there, with its to-dos and its figures.
    expect(page.locator("#todos a").first).to_be_visible()
    expect(page.locator("#menu a[aria-current=page]")).to_have_count(1)


def test_a_product_shows_its_ball_and_says_why(page: Page, base_url: str) -> None:
    page.goto(base_url + "/")
    page.locator('form[action="/try"] button').first.click()
    settled(page)
    page.locator("#menu summary", has_text="商品管理").click()
    page.locator('#menu a[href$="/products"]').click()
    settled(page)
    first = page.locator('main table a[href*="/products/"]').first
    title = first.inner_text()
    first.click()
    settled(page)
    expect(page.locator("#title")).to_have_value(title)
    ball = page.locator("svg.august-ball").first
    expect(ball).to_be_visible()
    score = (ball.text_content() or "").strip()
    assert 0.0 <= float(score) <= 5.0

    page.locator('a[href*="/why/"]').first.click()
    drawer = page.locator("#why")
    expect(drawer).to_be_visible()
    expect(drawer.locator(".august-why").first).to_contain_text(score)
    # The reasons name rules, and each rule its source.
    expect(drawer.locator(".august-rule").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
