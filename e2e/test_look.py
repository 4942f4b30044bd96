"""Language, colours, keyboard, and no barrier on any page."""

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import ROOT, Sandbox, settled

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
OUTSIDE = "/", "/sign-in", "/sign-up", "/sandboxes", "/dev/components"


def menu_paths(page: Page) -> list[str]:
    """Every page of the menu, in its order."""
    found = page.locator("#menu a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    assert found
    return list(dict.fromkeys(found))


def barriers(page: Page, axe: str) -> list[str]:
    """What axe-core finds on the page as it stands: rule and element."""
    # Evaluated over the debugging protocol: a script tag would be stopped by the policy.
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{page.url} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("theme", "lang"), [("light", "zh_CN"), ("dark", "en")])
def test_no_page_has_a_barrier(page: Page, sandbox: Sandbox, lang: str, theme: str) -> None:
    for name, value in {"lang": lang, "theme": theme}.items():
        page.context.add_cookies([{"name": name, "value": value, "url": sandbox.base_url}])
    axe = AXE.read_text(encoding="utf-8")
    sandbox.open("/")
    paths = [*menu_paths(page), *OUTSIDE, f"/sandboxes/{sandbox.id}", f"/w/{sandbox.id}/clock?days=1"]
    found = []
    for path in paths:
        answer = page.goto(sandbox.base_url + path)
        assert answer is not None
        assert answer.status == 200, path
        settled(page)
        expect(page.locator("html")).to_have_attribute("lang", lang.replace("_", "-"))
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        found += barriers(page, axe)
    assert found == []


def test_language_and_colours_stay_chosen(page: Page, sandbox: Sandbox) -> None:
    html = page.locator("html")
    sandbox.open("/")
    expect(html).to_have_attribute("lang", "zh-CN")
    page.locator('[data-switch="lang"]').click()
    expect(html).to_have_attribute("lang", "en")
    page.locator('[data-switch="theme"]').click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    # That every page keeps to them is seen where all pages are looked at.
    for path in menu_paths(page)[:3]:
        page.goto(sandbox.base_url + path)
        expect(html).to_have_attribute("lang", "en")
        expect(html).to_have_attribute("data-bs-theme", "dark")
    page.locator('[data-switch="theme"]').click()
    expect(html).to_have_attribute("data-bs-theme", "light")
    page.locator('[data-switch="lang"]').click()
    expect(html).to_have_attribute("lang", "zh-CN")


def test_the_keyboard_alone_goes_everywhere(page: Page, sandbox: Sandbox) -> None:
    sandbox.open("/")
    # The first stop skips the menus.
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    # Jump-to: words, Enter, there.
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("products")
    hit = page.locator("#palette-results a").first
    expect(hit).to_have_attribute("href", f"/w/{sandbox.id}/products")
    page.keyboard.press("Enter")
    expect(page).to_have_url(sandbox.url("/products"))
    settled(page)

    # Escape closes what is open and gives the page back.
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()

    # Tab reaches a product of the list, Enter opens it.
    link = page.locator('main table a[href*="/products/"]').first
    for _ in range(120):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    expect(link).to_be_focused()
    address = link.get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(sandbox.base_url + str(address))
