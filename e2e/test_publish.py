"""The product form: the ball leads to its fields, and what is refused stays typed."""

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled


def tab(page: Page, name: str) -> None:
    """Turn to a part of the form."""
    page.locator(f"#tab-{name}").click()
    expect(page.locator(f"#pane-{name}")).to_be_visible()


def test_an_item_of_the_ball_leads_to_its_field(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/products?band=red")
    page.locator('#products a[href*="/products/"]').first.click()
    settled(page)
    items = page.locator("#ball [data-check]")
    for at in range(items.count()):
        item = items.nth(at)
        item.click()
        name = item.get_attribute("data-reveal")
        expect(page.locator(f'[data-field="{name}"], [id="{name}"]').first).to_be_in_viewport()


def test_what_is_refused_stays_typed(page: Page, sandbox: Sandbox, complaints: Complaints) -> None:
    english(page)
    complaints.allow("422")
    sandbox.open("/products/new")
    page.locator("#title").fill('<script>alert("x")</script> مرحبا')
    tab(page, "trade")
    page.locator("#moq").fill("-3")
    page.locator("#publish").click()
    settled(page)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#title")).to_have_value('<script>alert("x")</script> مرحبا')
    expect(page.locator("#moq")).to_have_value("-3")
    expect(page.locator("#moq.is-invalid")).to_have_count(1)
