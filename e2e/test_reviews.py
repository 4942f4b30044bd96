"""评价管理 from the invitation to the reply: the copied link, the buyer's form, what buyers then see."""

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled

BROKEN_CLIPBOARD = "navigator.clipboard.writeText = () => Promise.reject(new Error('no'))"


def first_order(page: Page, sandbox: Sandbox) -> str:
    """The order received last whose buyer was not invited yet."""
    sandbox.open("/reviews/pending?invited=no")
    return page.locator("#pending tbody tr").first.get_attribute("data-order") or ""


def test_an_invited_buyer_reviews_by_the_copied_link_and_the_store_replies(
    page: Page, sandbox: Sandbox
) -> None:
    english(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    order = first_order(page, sandbox)
    row = page.locator(f'#pending tr[data-order="{order}"]')
    page.locator("#message").fill("How do you like the chairs?")
    row.get_by_role("button", name="Invite").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The invitations were sent.")
    expect(row).to_contain_text("invited")
    row.locator("summary").click()
    expect(row).to_contain_text("How do you like the chairs?")

    row.get_by_role("button", name="Copy link").click()
    expect(page.locator("#toasts")).to_contain_text("The link was copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == row.locator("input[readonly]").input_value()

    # The link opens exactly the form, as exactly that buyer.
    page.goto(link)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Review order {order}")
    expect(page.get_by_text("How do you like the chairs?")).to_be_visible()
    for name, stars in (("quality", 5), ("service", 4), ("shipment", 3)):
        page.locator(f'input[name="{name}"][value="{stars}"]').check()
    page.locator("#text").fill("Sturdy and comfortable.")
    page.get_by_label("good quality").check()
    page.locator('input[name="photos[]"]').first.check()
    page.get_by_role("button", name="Publish the review").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("the review was published")
    expect(page.locator(f'#owed tr[data-order="{order}"]')).to_have_count(0)

    sandbox.open(f"/reviews?q={order}")
    card = page.locator(f'article[data-order="{order}"]')
    expect(card).to_contain_text("Sturdy and comfortable.")
    expect(card).to_contain_text("after an invitation")
    expect(card.locator("img.august-photo")).to_have_count(1)
    card.locator("summary", has_text="Reply").click()
    card.locator("textarea").fill("Thank you, come again.")
    card.get_by_role("button", name="Send the reply").click()
    settled(page)
    expect(card).to_contain_text("Thank you, come again.")
    expect(card.locator("textarea")).to_have_count(0)

    product = card.locator('a[href*="/products/"]').get_attribute("href") or ""
    sandbox.open(f"/shop/products/{product.rpartition('/')[2]}")
    told = page.locator(".shop-comment", has_text="Sturdy and comfortable.")
    expect(told).to_contain_text("Thank you, come again.")


def test_many_are_invited_at_once(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/reviews/pending?invited=no")
    chosen = page.locator('#pending input[name="orders[]"]')
    total = chosen.count()
    button = page.get_by_role("button", name="Invite the chosen buyers")
    expect(button).to_be_disabled()
    page.get_by_label("Choose all on this page").check()
    expect(button).to_contain_text(f"({total})")
    button.click()
    settled(page)
    sandbox.open("/reviews/pending?invited=no")
    expect(page.get_by_text("No order fits these filters")).to_be_visible()
    told = sandbox.api("GET", "/reviews/pending?invited=yes&size=100")
    assert told["total"] >= total


def test_without_a_clipboard_the_link_is_marked(page: Page, sandbox: Sandbox) -> None:
    english(page)
    page.add_init_script(BROKEN_CLIPBOARD)
    order = first_order(page, sandbox)
    page.locator(f'[data-copy="link-{order}"]').click()
    expect(page.locator("#toasts")).to_contain_text("Copy the marked link with Ctrl C.")
    field = page.locator(f"#link-{order}")
    expect(field).to_be_focused()
    marked = field.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert marked == field.input_value()


def test_filters_find_reviews_and_say_when_there_are_none(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/reviews")
    page.locator("#stars").select_option("5")
    settled(page)
    told = sandbox.api("GET", "/reviews/received?stars=5")
    expect(page.locator("#list article")).to_have_count(min(20, told["total"]))
    expect(page.get_by_label("5 of 5 stars").first).to_be_visible()
    page.locator("#replied").select_option("yes")
    settled(page)
    expect(page.get_by_text("No review fits these filters")).to_be_visible()
    page.get_by_role("link", name="Show all reviews").click()
    settled(page)
    expect(page.locator("#list article").first).to_be_visible()


def test_a_rating_says_why(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/reviews/overview")
    told = sandbox.api("GET", "/reviews/ratings")["store"]
    card = page.locator("#store-rating")
    expect(card).to_contain_text(told["score"])
    card.get_by_role("link", name="Why?").click()
    drawer = page.locator("#why")
    expect(drawer).to_contain_text(f"Score {told['score']} from {told['count']} reviews")
    expect(drawer.locator(".august-rule").first).to_contain_text("V2-score")
    expect(page.locator("#conversion-chart svg")).to_be_visible()
    expect(page.locator("#trend-chart svg")).to_be_visible()


def test_half_a_review_is_refused_and_stays(page: Page, sandbox: Sandbox, complaints: Complaints) -> None:
    english(page)
    complaints.allow("422")
    first_order(page, sandbox)
    page.goto(page.locator("#pending input[readonly]").first.input_value())
    settled(page)
    page.locator("#text").fill("Only words.")
    page.get_by_role("button", name="Publish the review").click()
    settled(page)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Only words.")
    expect(page.locator(".invalid-feedback")).to_have_count(3)
