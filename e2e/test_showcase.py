"""橱窗: fill it, replace what is weak, take out, and why there are so many slots."""

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled


def test_the_best_fill_the_free_slots_and_low_ones_are_replaced(page: Page, sandbox: Sandbox) -> None:
    english(page)
    before = sandbox.api("GET", "/showcase")
    assert before["free"] > 0
    sandbox.open("/showcase")
    expect(page.locator(".august-stats")).to_contain_text(f"{before['used']} of {before['slots']}")
    page.get_by_role("button", name="Fill the free slots with the best").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The products are in the showcase.")
    expect(page.locator("#shown tbody tr")).to_have_count(before["slots"])
    expect(page.get_by_role("button", name="Fill the free slots with the best")).to_be_disabled()

    lowest = min(item["growth"] for item in sandbox.api("GET", "/showcase")["items"])
    page.get_by_role("button", name="Replace all of these").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The products were replaced.")
    assert min(item["growth"] for item in sandbox.api("GET", "/showcase")["items"]) > lowest


def test_chosen_products_leave_and_come_in(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/showcase")
    used = sandbox.api("GET", "/showcase")["used"]
    shown, waiting = page.locator("#shown tbody tr"), page.locator("#waiting tbody tr")
    leaves = shown.first.locator("td.main").inner_text()
    shown.first.locator("input").check()
    page.get_by_role("button", name="Take the chosen products out").click()
    settled(page)
    expect(shown).to_have_count(used - 1)
    expect(waiting.first).to_contain_text(leaves)
    waiting.first.locator("input").check()
    page.get_by_role("button", name="Put the chosen products on show").click()
    settled(page)
    expect(shown).to_have_count(used)
    expect(page.locator("#shown")).to_contain_text(leaves)


def test_the_slots_say_why(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/showcase")
    page.get_by_role("link", name="Why so many slots?").click()
    drawer = page.locator("#why")
    expect(drawer).to_contain_text("30 showcase slots")
    expect(drawer).to_contain_text("Verified Supplier membership until")


def test_more_than_is_free_is_refused_on_the_page(
    page: Page, sandbox: Sandbox, complaints: Complaints
) -> None:
    english(page)
    complaints.allow("409")
    sandbox.open("/showcase")
    page.locator("#waiting").get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Put the chosen products on show").click()
    settled(page)
    expect(page.get_by_role("alert")).to_contain_text("need as many slots")


def test_the_page_is_chinese_for_who_reads_chinese(page: Page, sandbox: Sandbox) -> None:
    sandbox.open("/showcase")
    expect(page.get_by_role("heading", level=1)).to_have_text("橱窗")
    expect(page.locator("#orders")).to_contain_text("金品诚企会员")
