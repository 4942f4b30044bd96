"""Pictures of every page of the menu, in both languages, both themes and two widths: `make shots`."""

import itertools
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from e2e.serving import august
from tests.tools.browser import FLAGS, find_or_install

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "shots"
LOOKS = tuple(itertools.product(("zh_CN", "en"), ("light", "dark"), (1440, 390)))
HEIGHT = 900
PUBLIC = ("/", "/sign-in", "/sign-up", "/dev/components", "/no-such-page")
SIGNED_IN = ("/sandboxes",)
BESIDE_THE_MENU = ("messages", "clock?days=7", "products/import")


def _name(path: str, sandbox: str) -> str:
    short = path.partition("?")[0].replace(f"/w/{sandbox}", "").replace(sandbox, "own").strip("/")
    return short.replace("/", "-") or ("home" if sandbox in path else "landing")


def _menu(page: Page, home: str) -> list[str]:
    page.goto(home)
    links = page.locator("#menu a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    first_rows = []
    for link in links:
        page.goto(link)
        inner = page.locator("main table tbody tr:first-child a[href^='/w/']:not([href*='?'])").first
        if inner.count():
            first_rows.append(inner.get_attribute("href"))
    beside = [home + path for path in BESIDE_THE_MENU]
    return list(dict.fromkeys([home, *links, *beside, *filter(None, first_rows)]))


def _take(
    browser: Browser, address: str, paths: Sequence[str], sandbox: str, state: StorageState | None
) -> int:
    for language, theme, width in LOOKS:
        folder = FOLDER / f"{language}-{theme}-{width}"
        folder.mkdir(parents=True, exist_ok=True)
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": HEIGHT},
            storage_state=state,
            reduced_motion="reduce",
        )
        host = {"url": address}
        context.add_cookies(
            [{"name": "lang", "value": language, **host}, {"name": "theme", "value": theme, **host}]
        )
        page = context.new_page()
        for path in paths:
            page.goto(path)
            page.locator("body[data-settled=true]").wait_for(state="attached")
            # A window as tall as the page: what stays in place stays in its place.
            height = int(page.evaluate("document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": width, "height": max(height, HEIGHT)})
            page.wait_for_load_state("networkidle")  # pictures further down come when they are seen
            page.screenshot(path=folder / f"{_name(path, sandbox)}.png")
            page.set_viewport_size({"width": width, "height": HEIGHT})
        context.close()
    return len(paths) * len(LOOKS)


def main() -> int:
    """Start August, open a guest's store, take the pictures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        august(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=list(FLAGS))
        asked = {"world": "furniture", "seed": 7, "name": "August"}
        made = httpx.post(f"{address}/api/v1/sandboxes", json=asked, timeout=120).raise_for_status().json()
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto(made["login_url"])
        paths = _menu(page, f"/w/{made['id']}/")
        state = context.storage_state()
        context.close()
        count = _take(browser, address, PUBLIC, made["id"], None)
        own = [*SIGNED_IN, f"/sandboxes/{made['id']}", *paths]
        count += _take(browser, address, own, made["id"], state)
        browser.close()
    print(f"{count} pictures in {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
