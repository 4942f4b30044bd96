"""The service fee: receipts up to the line, the next order at half, a cancellation, and on again."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from e2e.conftest import ROOT, Sandbox, english, settled

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
Json = dict[str, Any]


def act(sandbox: Sandbox, command: str, as_buyer: int | None = None, **payload: Any) -> Json:
    """Run a command as the store, or as a buyer."""
    actor = {} if as_buyer is None else {"as": {"buyer": as_buyer}}
    result: Json = sandbox.api("POST", f"/commands/{command}", json={**payload, **actor})["result"]
    return result


class Deals:
    """Orders of buyers of the past over a product without freight, each buyer once."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        past = sandbox.api("GET", "/trade/orders", params={"size": "100", "state": "completed"})["items"]
        self.product = next(each["product"] for each in past if each["kind"] == "customization")
        details = (sandbox.api("GET", f"/trade/orders/{each['id']}") for each in past)
        self.buyers = (each["buyer"] for each in details)
        self.seen: set[int] = set()

    def paid(self, usd: int) -> int:
        """An order of one dollar a piece at least so dear, paid whole; its number."""
        buyer = next(each for each in self.buyers if each not in self.seen)
        self.seen.add(buyer)
        order = int(
            act(
                self.sandbox, "trade.draft_order", quantity=usd, buyer=buyer, product=self.product,
                unit_price_usd="1.00", terms="full", export_mode="self",
            )["order"]
        )  # fmt: skip
        act(self.sandbox, "trade.accept", buyer, order=order)
        act(self.sandbox, "trade.pay_first", buyer, order=order)
        return order


def missing(sandbox: Sandbox) -> int:
    """Whole dollars that are missing to the line."""
    return int(-(-float(sandbox.api("GET", "/fees")["missing_usd"]) // 1))


def row(page: Page, order: int) -> Any:
    """The newest line of an order on the list of receipts."""
    return page.locator(f'#receipt-table tr[data-order="{order}"]').first


def test_up_to_the_line_and_beyond(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/fees")
    expect(page.locator("#way")).to_contain_text("what is booked before does not")
    expect(page.locator("#receipts")).to_contain_text("No receipt counts yet")
    sandbox.api("POST", "/clock/advance", json={"to": "2022-09-01T18:00:00+00:00"})
    deals = Deals(sandbox)
    first = deals.paid(20_000)
    crossing = deals.paid(max(100, missing(sandbox)))
    page.reload()
    settled(page)
    expect(page.locator("#way progress")).to_have_attribute("max", "4000000")
    expect(page.locator("#way")).to_contain_text("Reached")
    expect(row(page, crossing)).to_contain_text("Threshold order")

    # What would the next receipt do?
    page.locator("#amount_usd").fill("1000")
    expect(page.locator("#plan")).to_contain_text("Discount order")
    expect(page.locator("#plan")).to_contain_text("US$10.00")
    page.locator("#export_mode").select_option("easy")
    expect(page.locator("#plan")).to_contain_text("easy export never gets the discount")

    half = deals.paid(1_000)
    page.reload()
    settled(page)
    expect(row(page, half)).to_contain_text("Discount order")
    row(page, half).get_by_role("link", name="Why?").click()
    expect(page.locator("#why-body")).to_contain_text("The benefit is locked since")
    page.keyboard.press("Escape")

    # A cancelled booking takes the total below the line: it accumulates again.
    act(sandbox, "trade.cancel_booking", order=first)
    again = deals.paid(500)
    page.reload()
    settled(page)
    expect(page.locator("#way")).not_to_contain_text("Reached")
    expect(row(page, first)).to_contain_text("Booking cancelled")
    expect(row(page, again)).to_contain_text("Threshold order")
    expect(row(page, half)).to_contain_text("Discount order")
    page.locator("#receipts #kind").select_option("cancelled")
    expect(page.locator("#receipt-table tbody tr")).to_have_count(1)
    assert "kind=cancelled" in page.url

    sandbox.open("/fees/benefits")
    expect(page.locator(f'tr[data-order="{half}"]')).to_contain_text("Locked")
    sandbox.open("/fees/statement")
    with page.expect_download() as caught:
        page.get_by_role("link", name="As CSV").click()
    assert caught.value.suggested_filename == "service-fees.csv"


def test_nothing_wrong_for_screen_readers(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.api("POST", "/clock/advance", json={"to": "2022-09-20T19:00:00+00:00"})
    for path in ("/fees", "/fees?amount_usd=10", "/fees/benefits", "/fees/charged", "/fees/statement"):
        sandbox.open(path)
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(
            "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)"
        )
        assert found == [], path


def test_a_package_is_bought(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/fees")
    page.get_by_role("button", name="Buy the package").first.click()
    page.locator("#buy-package button.btn-primary").click()
    settled(page)
    expect(page.locator("#package")).to_contain_text(re.compile("It runs until 2025-08-2"))
