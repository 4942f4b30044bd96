"""Inquiries and chats: answer, quote, wait for the buyer, lose one by silence, all by keyboard too."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled


def waiting(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The conversations that wait for the store, the most urgent first."""
    items: list[dict[str, Any]] = sandbox.api("GET", "/opportunities/inquiries?turn=seller")["items"]
    assert items
    return items


def told(sandbox: Sandbox, number: int) -> dict[str, Any]:
    """One conversation with its lines."""
    found: dict[str, Any] = sandbox.api("GET", f"/opportunities/inquiries/{number}")
    return found


def sent(page: Page) -> None:
    """The answer was taken: it is the buyer's turn."""
    expect(page.locator("#waits")).to_contain_text("The buyer's turn")
    expect(page.locator("#composer")).to_have_count(0)
    settled(page)


def test_an_answer_with_a_quote_is_answered_by_the_buyer(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/inquiries")
    first = page.locator("#inquiries tbody tr").first
    number = int(str(first.get_attribute("data-inquiry")))
    assert number == waiting(sandbox)[0]["id"]
    first.locator('a[href*="/inquiries/"]').first.click()
    settled(page)

    # A quick reply writes the sentence and puts the list price in; a lower price is set beside it at once.
    page.locator('[data-quick="price"]').click()
    expect(page.locator("#quote_usd")).not_to_have_value("")
    expect(page.locator("#text")).to_have_value(
        f"Thank you for your inquiry. Our price for {waiting(sandbox)[0]['quantity']} pieces is US$"
        f"{page.locator('#quote_usd').input_value()} a piece, lead time "
        f"{page.locator('#product-card dd', has_text='days').inner_text().split()[0]} days."
    )
    listed = float(page.locator("#quote_usd").input_value())
    page.locator("#quote_usd").fill(f"{listed * 0.8:.2f}")
    expect(page.locator("#margin")).to_contain_text("-20.0% against the list price")
    page.locator("#send").click()
    sent(page)
    expect(page.locator("#quoted")).to_have_text(f"US${listed * 0.8:.2f}")
    expect(page.locator(".august-line.seller").last).to_contain_text("You")
    expect(page.locator("#timeline")).to_contain_text("You answered and offered")

    before = len(told(sandbox, number)["lines"])
    sandbox.api("POST", "/clock/advance", json={"days": 1})
    after = told(sandbox, number)
    assert after["lines"][before]["side"] == "buyer"
    assert after["turn"] != "buyer"
    sandbox.open(f"/inquiries/{number}")
    expect(page.locator(".august-line")).to_have_count(len(after["lines"]))


def test_a_price_the_buyer_named_is_agreed_to_and_waits_for_a_draft(page: Page, sandbox: Sandbox) -> None:
    english(page)
    # A dozen people ask and get a price far too high: those who go on name what they can pay.
    product = sandbox.api("GET", "/catalog/products?status=on_sale")["items"][0]["id"]
    numbers = []
    for buyer in range(1, 13):
        question = {"as": {"buyer": buyer}, "product": product, "quantity": 100, "text": "How much is it?"}
        asked = sandbox.api("POST", "/commands/opportunities.ask", json=question)
        numbers.append(asked["result"]["inquiry"])
        answer = {"inquiry": numbers[-1], "text": "Our price", "quote_usd": "99999.00"}
        sandbox.api("POST", "/commands/opportunities.reply", json=answer)
    sandbox.api("POST", "/clock/advance", json={"days": 1})
    haggling = [each["id"] for each in waiting(sandbox) if each["id"] in numbers]
    assert haggling
    sandbox.open(f"/inquiries/{haggling[0]}")
    page.locator('[data-quick="meet"]').click()
    expect(page.locator("#quote_usd")).not_to_have_value("")
    expect(page.locator("#text")).to_have_value(
        f"We can meet your price: US${page.locator('#quote_usd').input_value()} a piece."
    )
    page.locator("#send").click()
    sent(page)
    sandbox.api("POST", "/clock/advance", json={"days": 1})
    assert told(sandbox, haggling[0])["state"] == "agreed"
    sandbox.open("/inquiries?state=agreed")
    page.locator(f'tr[data-inquiry="{haggling[0]}"] a[href*="/inquiries/"]').click()
    settled(page)
    expect(page.locator("#waits")).to_contain_text("The buyer agreed and waits for the order draft")
    expect(page.locator("#draft")).to_have_attribute(
        "href", f"/w/{sandbox.id}/orders/new?inquiry={haggling[0]}"
    )


def test_who_is_ignored_leaves_and_the_page_says_why(page: Page, sandbox: Sandbox) -> None:
    english(page)
    number = waiting(sandbox)[0]["id"]
    sandbox.open(f"/inquiries/{number}")
    expect(page.locator("#waits")).to_contain_text("Your turn: the buyer has waited")
    expect(page.locator("#waits")).to_contain_text("Buyers wait 30 to 96 hours")
    jump = sandbox.api("POST", "/clock/advance", json={"days": 4})
    assert any("nobody answered" in line["message"] for line in jump["digest"]["lines"])
    sandbox.open(f"/inquiries/{number}")
    expect(page.locator("#waits")).to_contain_text("Lost: nobody answered in time")
    expect(page.locator("#composer, #draft")).to_have_count(0)
    page.get_by_role("link", name="What happened?").click()
    expect(page.locator("#why-body")).to_contain_text("stood unanswered for")
    page.keyboard.press("Escape")
    expect(page.locator("#why")).to_be_hidden()


def test_filters_stay_in_the_address_and_an_empty_list_says_what_to_do(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/inquiries")
    page.locator("#l1plus").select_option("yes")
    expect(page).to_have_url(re.compile("l1plus=yes"))
    settled(page)
    counted = page.locator("#inquiries tbody tr").count()
    expect(page.locator('#inquiries tbody tr a[title*="L1 to L4"]')).to_have_count(counted)
    sandbox.open("/inquiries?turn=buyer")
    expect(page.locator("#list")).to_contain_text("No inquiry fits these filters")
    sandbox.open("/inquiries?q=zzzz")
    page.get_by_role("link", name="Show all inquiries").click()
    expect(page.locator("#inquiries")).to_be_visible()


def test_what_is_refused_stays_typed(page: Page, sandbox: Sandbox, complaints: Complaints) -> None:
    english(page)
    complaints.allow("422")
    sandbox.open(f"/inquiries/{waiting(sandbox)[0]['id']}")
    page.locator("#text").fill('We can do <b>"it"</b>')
    page.locator("#quote_usd").fill("cheap")
    page.locator("#send").click()
    expect(page.get_by_role("alert")).to_contain_text("This was not sent")
    expect(page.locator("#quote_usd-error")).to_be_visible()
    expect(page.locator("#text")).to_have_value('We can do <b>"it"</b>')
    expect(page.locator("#quote_usd")).to_have_value("cheap")
    page.locator("#quote_usd").fill("")
    page.locator("#send").click()
    sent(page)
    expect(page.locator(".august-line.seller").last).to_contain_text('We can do <b>"it"</b>')


def test_the_keyboard_alone_answers_and_goes_on(page: Page, sandbox: Sandbox) -> None:
    english(page)
    first, second = (each["id"] for each in waiting(sandbox)[:2])
    sandbox.open(f"/inquiries/{first}")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator("#text").evaluate("one => one === document.activeElement"):
            break
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Hello,")
    page.keyboard.press("Enter")
    page.keyboard.type("it is in stock.")
    page.keyboard.press("Control+Enter")
    sent(page)
    expect(page.locator(".august-line.seller").last).to_contain_text("it is in stock.")
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page).to_have_url(sandbox.url(f"/inquiries/{second}"))
    settled(page)
    page.keyboard.press("Control+k")
    page.keyboard.type(str(first))
    hit = page.locator(f'#palette-results a[href$="/inquiries/{first}"]')
    expect(hit).to_be_visible()


def test_the_inbox_shows_both_panes_or_one_at_a_time(page: Page, sandbox: Sandbox) -> None:
    english(page)
    second = waiting(sandbox)[1]
    sandbox.open("/chat")
    entries = page.locator(".august-inbox-item")
    expect(entries).to_have_count(len(waiting(sandbox)))
    expect(page.locator("#talk-title")).to_have_text(waiting(sandbox)[0]["company"])
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#talk-title")).to_be_hidden()
    page.locator(f'[data-inquiry="{second["id"]}"]').click()
    settled(page)
    expect(page.locator("#talk-title")).to_have_text(second["company"])
    expect(entries.first).to_be_hidden()
    page.locator("#text").fill("Hello from the inbox")
    page.locator("#send").click()
    sent(page)
    page.locator(".august-back a").click()
    settled(page)
    expect(page.locator(f'[data-inquiry="{second["id"]}"]')).to_contain_text("The buyer's turn")
    page.get_by_role("link", name="All chats").click()
    settled(page)
    assert sandbox.api("GET", "/opportunities/inquiries?kind=chat")["total"] > 20
    expect(entries).to_have_count(20)


def test_a_conversation_is_given_to_a_sub_account(page: Page, sandbox: Sandbox) -> None:
    number = waiting(sandbox)[0]["id"]
    sandbox.open(f"/inquiries/{number}")
    page.locator("#staff").select_option(label="陈静")
    page.locator("#assign").click()
    expect(page.locator("#timeline")).to_contain_text("已分配给陈静")
    settled(page)
    assert told(sandbox, number)["staff"] == 1
    sandbox.open("/inquiries?staff=1")
    expect(page.locator("#inquiries tbody tr")).to_have_count(1)
