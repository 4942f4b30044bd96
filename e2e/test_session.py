"""A session that runs out while a form is being typed: nothing typed is lost, nothing is sent by itself."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled
from e2e.test_look import AXE, barriers
from e2e.test_publish import tab

PASSWORD = "eleven oaks in a row"
TITLE = 'Oak Chair <b>"Nº 7"</b> & Footrest'
KEYWORDS = "oak chair\nfootrest"
DESCRIPTION = "## Oak\n\nTwo lines\nand a third.\n\n- one\n- two"


@dataclass(frozen=True)
class Merchant:
    """Somebody with an account, and the address of the store."""

    email: str
    store: str


@pytest.fixture
def merchant(page: Page, base_url: str, request: pytest.FixtureRequest) -> Merchant:
    """A new account with a furniture store, signed in, reading English."""
    email = re.sub(r"\W", ".", request.node.name).strip(".") + "@example.com"
    page.goto(base_url + "/")
    english(page)
    page.goto(base_url + "/sign-up")
    page.get_by_label("Name").fill("Mei")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    expect(page).to_have_url(base_url + "/sandboxes")
    page.locator("#world").select_option("furniture")
    page.get_by_role("button", name="Create").click()
    expect(page).to_have_url(re.compile(r"/w/[a-z2-7]{10}/$"))
    return Merchant(email, page.url.removesuffix("/"))


def half_typed(page: Page, store: str) -> None:
    """A product form with something on most of its tabs."""
    page.goto(store + "/products/new")
    settled(page)
    with page.expect_response(re.compile(r"/products/form/attributes$")):
        page.locator("#leaf").select_option("dining_chairs")
    settled(page)
    page.locator("#title").fill(TITLE)
    page.locator("#keywords").fill(KEYWORDS)
    boxes = page.locator('input[name="images[]"]')
    for at in (0, 2):
        boxes.nth(at).check()
    tab(page, "description")
    page.locator("#description").fill(DESCRIPTION)
    tab(page, "trade")
    page.locator("#moq").fill("12")
    page.locator("#price_mode").select_option("sku")
    page.get_by_role("button", name="Add a variant").click()
    page.locator("#skus-0-code").fill("OAK-7")
    page.locator("#skus-0-price_usd").fill("39.90")


def expect_typed(page: Page) -> None:
    """Everything of it is on the form."""
    expect(page.locator("#leaf")).to_have_value("dining_chairs")
    expect(page.locator("#title")).to_have_value(TITLE)
    expect(page.locator("#keywords")).to_have_value(KEYWORDS)
    expect(page.locator('input[name="images[]"]:checked')).to_have_count(2)
    expect(page.locator("#description")).to_have_value(DESCRIPTION)
    expect(page.locator("#moq")).to_have_value("12")
    expect(page.locator("#price_mode")).to_have_value("sku")
    expect(page.locator("#skus-0-code")).to_have_value("OAK-7")
    expect(page.locator("#skus-0-price_usd")).to_have_value("39.90")


def run_out(page: Page) -> None:
    """The browser's session ends."""
    page.context.clear_cookies(name="august")


def sign_in_again(page: Page, email: str) -> None:
    """By the form that the page shows, with a slip first."""
    form = page.locator("#sign-in-here")
    form.get_by_label("E-mail address").fill(email)
    form.get_by_label("Password").fill("twelve oaks in a row")
    form.get_by_role("button", name="Sign in").click()
    expect(form.get_by_role("alert")).to_contain_text("do not fit together")
    expect(form.get_by_label("E-mail address")).to_have_value(email)
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Sign in").click()
    expect(page.locator("#toasts")).to_contain_text("Send the form once more.")
    expect(form).to_have_count(0)


def test_a_part_of_the_form_asks_beside_what_is_typed(
    page: Page, merchant: Merchant, complaints: Complaints
) -> None:
    complaints.allow("401")
    complaints.allow("422")
    half_typed(page, merchant.store)
    run_out(page)
    for _ in range(2):
        page.locator("#recheck").click()
        expect(page.locator("#sign-in-here")).to_have_count(1)
        expect(page.locator("#again-email")).to_be_focused()
    assert barriers(page, AXE.read_text(encoding="utf-8")) == []
    sign_in_again(page, merchant.email)
    expect_typed(page)
    page.locator("#recheck").click()
    expect(page.locator("#ball-change")).to_be_visible()
    page.locator("#save").click()
    expect(page).to_have_url(re.compile(r"/products/\d+\?done=saved$"))
    expect_typed(page)


def test_a_sent_form_is_kept_until_its_sender_is_back(
    page: Page, merchant: Merchant, complaints: Complaints
) -> None:
    complaints.allow("401")
    complaints.allow("422")
    half_typed(page, merchant.store)
    run_out(page)
    page.locator("#save").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("What you typed is kept")
    assert barriers(page, AXE.read_text(encoding="utf-8")) == []
    sign_in_again(page, merchant.email)
    # Signing in alone sends nothing.
    other = page.context.new_page()
    other.goto(merchant.store + "/products?q=Footrest")
    expect(other.locator("#products")).to_have_count(0)
    page.get_by_role("button", name="Send once more").click()
    expect(page).to_have_url(re.compile(r"/products/\d+\?done=saved$"))
    settled(page)
    expect_typed(page)
    other.reload()
    expect(other.locator("#products tbody tr")).to_have_count(1)


def test_a_guest_comes_in_again_by_the_link(page: Page, sandbox: Sandbox, complaints: Complaints) -> None:
    complaints.allow("401")
    english(page)
    half_typed(page, sandbox.url(""))
    # This time the server forgets the session.
    other = page.context.new_page()
    other.goto(sandbox.base_url + "/sandboxes")
    other.get_by_role("button", name="Sign out").click()
    expect(other).to_have_url(sandbox.base_url + "/")
    page.locator("#save").click()
    settled(page)
    kept = page.locator("#again")
    expect(kept).to_be_visible()
    expect(page.locator("#sign-in-here")).to_contain_text("Open it again in another tab")
    # Too early: it is kept once more.
    kept.get_by_role("button", name="Send once more").click()
    settled(page)
    expect(kept).to_be_visible()
    other.goto(sandbox.login_url)
    settled(other)
    kept.get_by_role("button", name="Send once more").click()
    expect(page).to_have_url(re.compile(r"/products/\d+\?done=saved$"))
    settled(page)
    expect_typed(page)
