"""The home page: what waits, how it goes, what the last jump brought."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import Sandbox, english, settled


def test_the_first_morning_teaches_and_the_figures_are_those_of_the_api(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/")
    expect(page.locator("#first-day")).to_contain_text("Your first morning")
    expect(page.locator("#digest")).to_have_count(0)

    told = sandbox.api("GET", "/home/figures")
    rows = page.locator("#figures tbody tr")
    expect(rows).to_have_count(9)
    visits = rows.filter(has=page.get_by_role("rowheader", name="Visits", exact=True)).locator("td")
    expect(visits.nth(0)).to_contain_text(f"{told['yesterday']['visits']['value']:,}")
    expect(visits.nth(1)).to_contain_text(f"{told['last_30_days']['visits']['value']:,}")
    money = rows.filter(has_text="GMV paid").locator("td").nth(1)
    expect(money).to_contain_text(f"US${float(told['last_30_days']['gmv']['value_usd']):,.2f}")

    # All three charts are drawn, and each has its table.
    for chart in ("traffic-chart", "deals-chart", "funnel-chart"):
        expect(page.locator(f"#{chart} svg")).to_be_visible()
    table = page.locator("#funnel-chart ~ details")
    table.locator("summary").click()
    counts = [one["count"] for one in told["funnel"]]
    assert counts == sorted(counts, reverse=True)
    for count in counts:
        expect(table.get_by_role("cell", name=f"{count:,}", exact=True).first).to_be_visible()


def test_todos_lead_to_where_they_are_done(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/")
    listed = sandbox.api("GET", "/home/todos")["items"]
    shown = page.locator("#todos a[data-todo]")
    assert shown.evaluate_all("all => all.map(one => one.dataset.todo)") == [each["key"] for each in listed]
    assert listed
    for each in listed:
        answer = page.request.get(sandbox.url(each["path"]))
        assert answer.status == 200, each["path"]
    red = shown.and_(page.locator('[data-todo="red"]'))
    expect(red).to_contain_text(re.compile(r"Products with a red quality ball: \d+"))
    red.click()
    expect(page).to_have_url(sandbox.url("/products?band=red"))


def test_after_a_jump_the_page_tells_what_it_brought(page: Page, sandbox: Sandbox) -> None:
    english(page)
    before = sandbox.api("GET", "/home/figures")["days"][-1]["day"]
    jump = sandbox.api("POST", "/clock/advance", json={"days": 1})
    told = {line["message"]: line["params"] for line in jump["digest"]["lines"]}
    traffic = next(params for message, params in told.items() if message.startswith("Exposures"))
    assert 0 < traffic["visitors"] <= traffic["visits"] < traffic["exposures"]

    sandbox.open("/")
    expect(page.locator("#first-day")).to_have_count(0)
    digest = page.locator("#digest")
    expect(digest).to_contain_text(f"visits: {traffic['visits']} by {traffic['visitors']} visitors")
    digest.get_by_role("link", name=re.compile("Exposures")).click()
    expect(page).to_have_url(sandbox.url("/visitors?days=0"))
    settled(page)
    # The next statistic day is complete.
    assert sandbox.api("GET", "/home/figures")["days"][-1]["day"] > before

    sandbox.open("/")
    page.locator("#digest").get_by_role("link", name="The whole digest").click()
    expect(page.get_by_role("heading", name="Digest")).to_be_visible()
