"""Lists as a merchant uses them: filters that stay, answers that come again, nothing wider than a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled
from e2e.test_look import menu_paths


def asked(page: Page) -> str:
    """The address's question, without the filters that are empty."""
    parts = page.url.partition("?")[2].split("&")
    return "&".join(sorted(part for part in parts if not part.endswith("=")))


def test_filters_keep_the_tab_and_the_sort(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/products?status=on_sale")
    page.locator("#q").fill("sofa")
    expect(page).to_have_url(re.compile("q=sofa"))
    settled(page)
    # The first click takes the focus from the field; the field's own change must not undo the click.
    page.locator("#products thead a", has_text="Product").click()
    expect(page.locator("#products th[aria-sort=ascending]")).to_contain_text("Product")
    page.locator("#band").select_option("amber")
    expect(page.locator("#products .august-ball.red")).to_have_count(0)
    settled(page)
    assert asked(page) == "band=amber&q=sofa&size=20&sort=title&status=on_sale"
    page.go_back()
    settled(page)
    expect(page.locator("#band")).to_have_value("")
    expect(page.locator("#q")).to_have_value("sofa")


def test_the_drawer_answers_again_and_again(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/products")
    row = page.locator("#products tbody tr").first
    row.get_by_text("Why?").click()
    expect(page.locator("#why-body")).to_contain_text("Quality score")
    page.locator("#why [data-close]").click()
    expect(page.locator("#why")).to_be_hidden()
    row.locator("a[href*='/why/growth/']").click()
    expect(page.locator("#why-body")).to_contain_text("Growth score")


def test_ticks_are_there_after_going_back(page: Page, sandbox: Sandbox) -> None:
    sandbox.open("/products")
    change = page.locator("[data-needs-checked]")
    expect(change).to_be_disabled()
    ticks = page.locator("#products tbody input[type=checkbox]")
    ticks.nth(0).check()
    ticks.nth(1).check()
    expect(page.locator("[data-check-all]")).to_have_js_property("indeterminate", value=True)
    change.click()
    expect(page.locator("#bulk-products tbody tr")).to_have_count(2)
    page.go_back()
    settled(page)
    expect(page.locator("[data-checked-count]")).to_have_text(str(page.locator("tbody :checked").count()))


def test_what_cannot_be_read_is_not_offered_to_apply(
    page: Page, sandbox: Sandbox, complaints: Complaints
) -> None:
    english(page)
    complaints.allow("422")
    sandbox.open("/products")
    page.locator("#products tbody input[type=checkbox]").first.check()
    page.locator("[data-needs-checked]").click()
    page.locator("#delivery_by").select_option("yes")
    page.locator("[id=sample-max]").fill("x")
    page.locator("button[value=preview]").click()
    settled(page)
    expect(page.locator("[id=sample-max-error]")).to_have_text("Write a whole number.")
    expect(page.locator("#apply")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1024])
def test_no_page_is_wider_than_its_window(page: Page, sandbox: Sandbox, width: int) -> None:
    english(page)
    page.set_viewport_size({"width": width, "height": 844})
    sandbox.open("/")
    inside = ("/messages", "/clock?days=7", "/products/import", "/products/17", "/rules?q=none-such")
    outside = ("/", "/sign-in", "/sign-up", "/sandboxes", f"/sandboxes/{sandbox.id}")
    paths = [*menu_paths(page), *(f"/w/{sandbox.id}{path}" for path in inside), *outside]
    wide = []
    for path in paths:
        page.goto(sandbox.base_url + path)
        settled(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []


def test_the_drawer_shows_its_head_on_a_phone(page: Page, sandbox: Sandbox) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sandbox.open("/products")
    page.locator("#products tbody a[hx-target='#why-body']").first.click()
    expect(page.locator("#why [data-close]")).to_be_in_viewport()
    page.locator("#why [data-close]").click()
    expect(page.locator("#why")).to_be_hidden()
