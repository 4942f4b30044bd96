"""Visitors, the market model, the autopilot and the timeline."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import Sandbox, english, settled


def numbers(page: Page, column: int) -> list[int]:
    """A column of the visitors' table as whole numbers."""
    cells = page.locator(f"#visitor-table tbody tr td:nth-child({column})").all_inner_texts()
    return [int(cell.replace(",", "")) for cell in cells]


def test_visitors_are_filtered_sorted_and_paged(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/visitors")
    whole = sandbox.api("GET", "/traffic/visitors?days=30")
    expect(page.locator("#visitors .august-pager")).to_contain_text(f"1 to 20 of {whole['total']}")
    expect(page.locator("#visits-by-day svg")).to_be_visible()
    expect(page.locator("#visits-by-country svg")).to_be_visible()

    page.get_by_label("Came by").select_option("platform_prospect")
    settled(page)
    expect(page).to_have_url(re.compile("source=platform_prospect"))
    prospects = sandbox.api("GET", "/traffic/visitors?source=platform_prospect")
    assert 0 < prospects["total"] < whole["total"]
    expect(page.locator("#visitors .august-pager")).to_contain_text(f"of {prospects['total']}")
    badges = page.locator("#visitor-table tbody tr td:nth-child(2)")
    expect(badges.filter(has_text="Found by the platform")).to_have_count(min(20, prospects["total"]))

    page.get_by_label("Came by").select_option("")
    settled(page)
    page.locator("#visitor-table thead").get_by_role("link", name="Visits").click()
    settled(page)
    rising = numbers(page, 3)
    assert rising == sorted(rising)
    page.locator("#visitor-table thead").get_by_role("link", name="Visits").click()
    settled(page)
    falling = numbers(page, 3)
    assert falling == sorted(falling, reverse=True)
    assert falling[0] == max(
        item["visits"]
        for item in whole["items"] + sandbox.api("GET", "/traffic/visitors?days=30&sort=-visits")["items"]
    )

    page.get_by_label("Buyer tier").select_option("visitor")
    page.get_by_label("Afterwards").select_option("looked")
    settled(page)
    names = page.locator("#visitor-table tbody tr td:first-child")
    expect(names.first).to_contain_text("Visitor, not signed in")
    expect(names.filter(has_text="L1+")).to_have_count(0)


def test_from_a_product_to_its_visitors_and_to_why(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/visitors/products")
    first = sandbox.api("GET", "/traffic/products")["items"][0]
    row = page.locator("#product-traffic tbody tr").first
    expect(row).to_contain_text(first["title"])
    row.get_by_role("link", name="Why?").click()
    why = page.locator("#why-body")
    expect(why).to_contain_text(re.compile(r"shown ×\d\.\d\d, clicked ×\d\.\d\d, asked ×\d\.\d\d"))
    expect(why).to_contain_text("in the category")
    page.keyboard.press("Escape")
    # The drawer opens again for another product.
    page.locator("#product-traffic tbody tr").nth(1).get_by_role("link", name="Why?").click()
    settled(page)
    expect(why).to_be_visible()
    page.keyboard.press("Escape")
    row.get_by_role("link", name=f"{first['visits']:,}", exact=True).click()
    settled(page)
    expect(page).to_have_url(sandbox.url(f"/visitors?days=30&product={first['product']}"))
    expect(page.locator("#visitors")).to_contain_text(first["title"])
    expect(page.locator("#visitors .august-pager")).to_contain_text(f"of {first['visitors']}")


def test_the_market_shows_every_factor_with_its_origin_and_the_stores_values(
    page: Page, sandbox: Sandbox
) -> None:
    english(page)
    sandbox.open("/market")
    factors = sandbox.api("GET", "/market/factors")["items"]
    expect(page.locator("[data-factor]")).to_have_count(len(factors))
    for each in factors:
        card = page.locator(f'[data-factor="{each["name"]}"]')
        expect(card).to_contain_text(each["title"]["en"])
        expect(card).to_contain_text(each["origin"].capitalize())
        expect(card).to_contain_text(each["source"])
        expect(card.locator("[data-mine]")).to_contain_text(f"×{each['mine']['multiplier']:.2f}")
    reply = page.locator('[data-factor="ask_reply"]')
    reply.locator("summary").click()
    expect(reply.get_by_role("row", name="12.0 ×1.00")).to_be_visible()
    expect(page.locator("#part-crowd > div > table > tbody > tr")).to_have_count(17)
    # In Chinese the same page speaks Chinese.
    page.context.add_cookies([{"name": "lang", "value": "zh_CN", "url": sandbox.base_url}])
    sandbox.open("/market")
    expect(page.locator('[data-factor="quality"]')).to_contain_text("商品信息质量分")


def test_the_autopilot_answers_in_the_players_place(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/autopilot")
    before = {one["chore"]: one for one in sandbox.api("GET", "/market/autopilot")["items"]}
    assert before["reply"]["policy"] is None
    assert before["reply"]["waiting"] > 0
    card = page.locator("#chore-reply")
    expect(card).to_contain_text(f"Waiting now: {before['reply']['waiting']}")
    card.get_by_label("Who does it").select_option("diligent")
    card.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("The autopilot has the chore.")
    expect(page.locator("#chore-reply")).to_have_attribute("data-policy", "diligent")
    expect(page.locator("#chore-ship")).to_have_attribute("data-policy", "")

    # At the next ticks the market answers what waited; what a person does stays as it is.
    jump = sandbox.api("POST", "/clock/advance", json={"hours": 12})
    assert jump["now"]
    after = {one["chore"]: one for one in sandbox.api("GET", "/market/autopilot")["items"]}
    assert after["reply"]["policy"] == "diligent"
    assert after["reply"]["waiting"] < before["reply"]["waiting"]
    assert after["ship"]["waiting"] >= before["ship"]["waiting"]
    month = sandbox.api("GET", "/home/figures")["last_30_days"]
    assert month["reply"]["value"] is not None

    sandbox.open("/autopilot")
    page.locator("#chore-reply").get_by_label("Who does it").select_option("")
    page.locator("#chore-reply").get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("The chore is yours again.")
    expect(page.locator("#chore-reply")).to_have_attribute("data-policy", "")


def test_the_timeline_is_drawn_listed_and_leads_the_clock(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/timeline?kind=window&chapter=01-festival")
    drawing = page.locator("svg.august-gantt")
    expect(drawing).to_be_visible()
    expect(drawing.locator("line.now")).to_have_count(1)
    row = page.locator("#festival")
    expect(row).to_contain_text("Coming")
    expect(row).to_contain_text("2022-09-01 00:00 PT")
    expect(row).to_contain_text("2022-10-01 14:59 Beijing")
    row.get_by_role("link", name="Jump there").click()
    expect(page).to_have_url(sandbox.url("/clock?local=2022-09-01T00:00&zone=pt"))
    expect(page.locator("#agenda")).to_contain_text("2022-09-01 00:00 PT")

    sandbox.open("/timeline?view=calendar&month=2022-09")
    page.get_by_label("Days of").select_option("bj")
    settled(page)
    cells = page.locator(".august-month td").filter(has_text="September procurement festival")
    expect(cells).to_have_count(2)
    expect(cells.last).to_contain_text("ends")


def test_the_timeline_is_a_list_on_a_phone(page: Page, sandbox: Sandbox) -> None:
    english(page)
    page.set_viewport_size({"width": 390, "height": 844})
    sandbox.open("/timeline?state=running")
    expect(page.locator("svg.august-gantt")).to_be_hidden()
    entry = page.locator("#dates tbody tr").filter(has_text="Store diagnosis for 9.9 yuan")
    expect(entry).to_be_visible()
    expect(entry).to_contain_text("2022-08-25 10:00 Beijing")
