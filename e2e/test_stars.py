"""Star levels: from two stars to three by the page's advice, versions side by side, evaluations as issued."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import ROOT, Sandbox, english, settled

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def stars(sandbox: Sandbox) -> int:
    """The star as things stand."""
    return int(sandbox.api("GET", "/stars/now")["star"])


def test_from_two_stars_to_three_by_the_pages_advice(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/stars")
    assert stars(sandbox) == 2
    expect(page.locator("#star-heads .august-stars").nth(2)).to_have_attribute("aria-label", "2 of 5 stars")
    page.get_by_role("link", name="Cheapest path").click()
    settled(page)
    expect(page.locator(".btn-primary", has_text="3★")).to_be_visible()
    expect(page.locator("#gains")).to_contain_text("Merchant ability")
    expect(page.locator("#counts-at")).to_contain_text("published on 2022-09-05 00:00 PT")
    # Whatever can be pressed is pressed; each press leaves a shorter path.
    for _ in range(4):
        button = page.get_by_role("button", name="Do it now").first
        if not button.is_visible():
            break
        button.click()
        settled(page)
    expect(page.get_by_text("You are there")).to_be_visible()
    assert stars(sandbox) == 3

    # The next Pacific midnight predicts it.
    sandbox.api("POST", "/clock/advance", json={"days": 1})
    (last,) = sandbox.api("GET", "/stars/predictions")["items"][-1:]
    assert last["star"] == 3
    sandbox.open("/stars")
    expect(page.locator("#star-heads .august-stars").nth(1)).to_have_attribute("aria-label", "3 of 5 stars")


def test_where_no_path_leads_there_is_advice(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/stars/path?to=5")
    expect(page.get_by_text("No way by your own acts alone")).to_be_visible()
    expect(page.locator("#extras")).to_contain_text("Offline export of US$1,000,000.00")
    page.get_by_role("link", name="Invite buyers").click()
    settled(page)
    expect(page).to_have_url(re.compile(r"/reviews/pending\?invited=no$"))


def test_the_same_data_under_three_versions(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/stars/versions")
    heads = page.locator("#versions thead th")
    expect(heads.nth(1)).to_contain_text("in force")
    expect(heads.nth(3)).to_contain_text("preview")
    told = sandbox.api("GET", "/stars/versions")
    for place, version in enumerate(("5.0", "5.1", "5.2")):
        row = page.locator("#versions tbody tr").nth(3)
        points = told[version]["tracks"]["custom"]["abilities"]["marketing"]["points"].rstrip("0").rstrip(".")
        expect(row.locator("td").nth(place)).to_contain_text(points)


def test_evaluations_are_kept_as_issued_and_say_why(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.api("POST", "/clock/advance", json={"to": "2022-09-06T00:00:00-07:00"})
    sandbox.open("/stars/history")
    rows = page.locator("#evaluations tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("2022-08")
    expect(rows.first).to_contain_text("2022-09-05 00:00 PT")
    rows.first.get_by_role("link", name="Why?").click()
    expect(page.locator("#why-body")).to_contain_text("the higher of the two tracks")
    assert sandbox.api("GET", "/stars/now")["version"] == "5.1"


def test_no_star_page_has_a_barrier_or_is_wider_than_a_phone(page: Page, sandbox: Sandbox) -> None:
    for path in ("", "/custom", "/rts", "/path", "/versions", "/history"):
        page.set_viewport_size({"width": 1440, "height": 900})
        sandbox.open(f"/stars{path}")
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.nodes.length])")
        assert found == [], path
        page.set_viewport_size({"width": 390, "height": 844})
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_evidence_opens_from_the_indicator_and_adds_up(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/stars/custom")
    page.get_by_role("link", name="Shipped on time").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Evidence: Shipped on time")
    above, below = (page.locator("#sums .value").nth(place).inner_text() for place in (0, 1))
    expect(page.locator("#arithmetic")).to_contain_text(f"{above} ÷ {below} = ")
    told = sandbox.api("GET", "/stars/custom/on_time/evidence?show=above&size=100")
    assert (told["sums"]["above"], told["sums"]["below"]) == (int(above), int(below))
    assert told["total"] == int(above)
    rows = page.locator("#evidence tbody tr")
    expect(rows).to_have_count(25)

    # The rows that count are as many as stand above the line.
    page.get_by_role("link", name=f"Counted {above}").click()
    expect(page.locator("#evidence .august-pager")).to_contain_text(f"of {above}")
    expect(rows.first).to_contain_text("Shipped in time")
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator("#evidence .august-pager [aria-current]")).to_have_text("2")
    assert "show=above" in page.url
    number = rows.first.get_by_role("link").inner_text()
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(number)

    # What was issued is told beside a recount of today.
    sandbox.open("/stars/custom/on_time/evidence?of=evaluation")
    expect(page.get_by_text("The rows add up to exactly what was issued.")).to_be_visible()


def test_no_list_of_evidence_has_a_barrier_or_is_wider_than_a_phone(page: Page, sandbox: Sandbox) -> None:
    for path in ("growth", "index", "conversion", "dispute_rate", "risk", "strength"):
        page.set_viewport_size({"width": 1440, "height": 900})
        sandbox.open(f"/stars/custom/{path}/evidence?of=prediction")
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.nodes.length])")
        assert found == [], path
        page.set_viewport_size({"width": 390, "height": 844})
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
