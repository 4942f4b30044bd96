"""Orders from the first draft to the last parcel, many shipped at once, a refund request won."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import ROOT, Complaints, Sandbox, english, settled

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
Json = dict[str, Any]


def orders(sandbox: Sandbox, **wanted: str) -> list[Json]:
    """The store's orders by the filters of the table."""
    found: list[Json] = sandbox.api("GET", "/trade/orders", params={"size": "100", **wanted})["items"]
    return found


def act(sandbox: Sandbox, command: str, buyer: int | None = None, **payload: Any) -> Json:
    """Run a command as the store, or as a buyer."""
    who = {} if buyer is None else {"as": {"buyer": buyer}}
    result: Json = sandbox.api("POST", f"/commands/{command}", json={**payload, **who})["result"]
    return result


def advance(sandbox: Sandbox, **step: int) -> Json:
    """Let time pass; what the jump tells."""
    told: Json = sandbox.api("POST", "/clock/advance", json=step)
    return told


def in_time(sandbox: Sandbox) -> list[Json]:
    """Orders to be shipped that are not late, whose terms let them leave."""
    found = orders(sandbox, state="producing")
    return [each for each in found if each["late_risk"] == "none" and each["terms"] == "full"]


def draft(page: Page, sandbox: Sandbox, past: Json) -> int:
    """Draft forty pieces for a buyer of the past: who, what, how many; the quote follows the typing."""
    sandbox.open("/orders/new")
    page.locator("#buyer_q").fill(past["company"])
    page.locator("#buyers").get_by_role("link", name=past["company"]).click()
    settled(page)
    page.locator("#product_q").fill(str(past["product"]))
    page.locator("#products").get_by_role("link", name=past["title"]).click()
    settled(page)
    page.locator("#terms").select_option("full")
    page.locator("#unit_price_usd").fill("12.50")
    page.locator("#quantity").fill("40")
    expect(page.locator("#quote")).to_contain_text("US$500.00")
    page.locator("#send").click()
    settled(page)
    return int(page.url.partition("?")[0].rpartition("/")[2])


def ship(page: Page, pieces: str | None = None) -> None:
    """Hand pieces over by express, all that are left without a number."""
    if not page.locator("#ship").is_visible():
        page.locator('[data-open="ship"]').click()
    if pieces is not None:
        page.locator("#quantity").fill(pieces)
    page.locator("#line").select_option("express_standard")
    page.locator("#ship button.btn-primary").click()
    settled(page)


def now(page: Page, state: str) -> None:
    """The order stands in a state."""
    expect(page.locator(".august-steps .now")).to_contain_text(state)


def test_from_a_draft_to_the_last_parcel(page: Page, sandbox: Sandbox, complaints: Complaints) -> None:
    english(page)
    past = next(
        each for each in orders(sandbox, state="completed", country="US") if each["kind"] == "customization"
    )
    number = draft(page, sandbox, past)
    now(page, "Waiting for the buyer's confirmation")
    expect(page.locator("#acts")).to_contain_text("Withdraw")

    # The buyer agrees when some time has passed, and pays.
    buyer = sandbox.api("GET", f"/trade/orders/{number}")["buyer"]
    advance(sandbox, hours=1)
    act(sandbox, "trade.accept", buyer, order=number)
    act(sandbox, "trade.pay_first", buyer, order=number)
    page.reload()
    settled(page)
    now(page, "Waiting for shipment")
    expect(page.locator("#receipts")).to_contain_text("First payment")

    # More than there is cannot leave; the form stays open with what was typed.
    complaints.allow("422")
    ship(page, "41")
    expect(page.locator("#ship")).to_be_visible()
    expect(page.locator("#quantity")).to_have_value("41")
    expect(page.locator("#quantity-error")).to_be_visible()

    # In two parts.
    ship(page, "15")
    now(page, "Partly shipped")
    ship(page)
    now(page, "On the way")
    expect(page.locator("#shipments tbody tr")).to_have_count(2)
    expect(page.locator("#promises")).to_contain_text("on time")

    # Express takes nine days, sixteen when something goes wrong, and a buyer five to say so.
    advance(sandbox, days=11)
    told = advance(sandbox, days=11)
    assert any("received" in line["message"] for line in told["digest"]["lines"])
    page.reload()
    settled(page)
    expect(page.locator(".august-steps .done").last).to_contain_text("Completed")
    expect(page.locator("#shipments tbody tr td:last-child time")).to_have_count(2)
    expect(page.locator("#timeline")).to_contain_text("Received by the buyer")


def test_many_leave_at_once_or_none(page: Page, sandbox: Sandbox) -> None:
    english(page)
    able = [each["id"] for each in orders(sandbox, state="producing") if each["terms"] == "full"][:2]
    unable = next(each["id"] for each in orders(sandbox, state="shipped"))
    sandbox.open("/orders?size=100")
    for number in (*able, unable):
        page.locator(f'#orders input[value="{number}"]').check()
    page.locator("[data-needs-checked]").click()
    settled(page)
    rows = page.locator("#ship-rows tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="can leave")).to_have_count(2)
    refused = rows.filter(has_text=str(unable))
    expect(refused).to_contain_text("is not possible now")
    expect(refused.locator('input[name="orders[]"]')).to_be_disabled()
    page.locator("#apply").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The orders were shipped.")
    for number in able:
        assert sandbox.api("GET", f"/trade/orders/{number}")["state"] == "shipped"


def test_a_refund_request_is_won_by_asking_for_the_right_reason(page: Page, sandbox: Sandbox) -> None:
    english(page)
    order = in_time(sandbox)[0]["id"]
    buyer = sandbox.api("GET", f"/trade/orders/{order}")["buyer"]
    number = act(sandbox, "integrity.open", buyer, order=order, reason="late_shipment")["dispute"]

    sandbox.open("/disputes?state=opened")
    row = page.locator("#dispute-table tbody tr").filter(has_text=str(order))
    expect(row).to_contain_text("the dates contradict it")
    row.get_by_role("link", name="not shipped").click()
    settled(page)
    expect(page.locator("#liability")).to_contain_text("would be liable")
    page.get_by_role("button", name="Ask for the right reason").click()
    settled(page)
    expect(page.locator(".august-steps .now")).to_contain_text("Negotiating")

    act(sandbox, "integrity.change_reason", buyer, dispute=number, reason="no_longer_wanted")
    page.reload()
    settled(page)
    expect(page.locator("#claim")).to_contain_text("I do not want the goods any more")
    expect(page.locator("#liability")).to_contain_text("would not be liable")
    act(sandbox, "integrity.escalate", buyer, dispute=number)
    # The platform takes at most 150 hours.
    advance(sandbox, days=7)
    page.reload()
    settled(page)
    expect(page.locator(".august-steps .done").last).to_contain_text("Decided by the platform")
    expect(page.locator(".august-title")).to_contain_text("Not liable")
    sandbox.open(f"/orders/{order}")
    expect(page.locator("#disputes")).to_contain_text("Not liable")


def test_a_bad_offer_stays_typed(page: Page, sandbox: Sandbox, complaints: Complaints) -> None:
    english(page)
    complaints.allow("422")
    order = in_time(sandbox)[0]["id"]
    buyer = sandbox.api("GET", f"/trade/orders/{order}")["buyer"]
    number = act(sandbox, "integrity.open", buyer, order=order, reason="not_as_described")["dispute"]
    sandbox.open(f"/disputes/{number}")
    page.locator('[data-open="offer"]').click()
    page.locator("#amount_usd").fill("9999999.99")
    page.get_by_role("button", name="Send the offer").click()
    settled(page)
    expect(page.locator("#offer")).to_be_visible()
    expect(page.locator("#amount_usd")).to_have_value("9999999.99")
    page.locator("#amount_usd").fill("1.00")
    page.get_by_role("button", name="Send the offer").click()
    settled(page)
    expect(page.locator("#claim")).to_contain_text("US$1.00")


def test_filters_stay_in_the_address_and_under_a_name(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/orders")
    everything = sandbox.api("GET", "/trade/orders")["total"]
    page.locator("#country").select_option("US")
    settled(page)
    expect(page).to_have_url(
        sandbox.url("/orders") + "?q=&risk=&disputed=&country=US&channel=&export=&special="
        "&terms=&from=&to=&size=20&sort=-drafted"
    )
    american = sandbox.api("GET", "/trade/orders", params={"country": "US"})["total"]
    assert 0 < american < everything
    expect(page.locator("#list .august-pager")).to_contain_text(f"of {american}")
    page.locator('[data-open="save-view"]').click()
    page.locator("#save-view #name").fill("America")
    page.locator("#save-view button.btn-primary").click()
    settled(page)
    sandbox.open("/orders")
    page.get_by_role("link", name="America").click()
    settled(page)
    expect(page.locator("#list .august-pager")).to_contain_text(f"of {american}")
    page.get_by_role("button", name="Delete the view America").click()
    settled(page)
    expect(page.get_by_role("link", name="America")).to_have_count(0)


def pages(sandbox: Sandbox) -> list[str]:
    """Every page of orders and refund requests, with something on each."""
    order = in_time(sandbox)[0]
    told = sandbox.api("GET", f"/trade/orders/{order['id']}")
    number = act(sandbox, "integrity.open", told["buyer"], order=order["id"], reason="late_shipment")[
        "dispute"
    ]
    done = orders(sandbox, state="completed")[0]["id"]
    return [
        "/orders",
        "/orders?risk=late",
        "/orders?channel=ta",
        f"/orders/{order['id']}",
        f"/orders/{done}",
        "/orders/new",
        f"/orders/new?buyer={told['buyer']}&product={told['product']}",
        "/disputes",
        f"/disputes/{number}",
        f"/why/order-late/{order['id']}",
        f"/why/order-deadline/{order['id']}",
        f"/why/dispute/{number}",
    ]


@pytest.mark.parametrize(("lang", "theme"), [("zh_CN", "dark"), ("en", "light")])
def test_no_page_is_wider_than_a_phone_or_has_a_barrier(
    page: Page, sandbox: Sandbox, lang: str, theme: str
) -> None:
    for name, value in {"lang": lang, "theme": theme}.items():
        page.context.add_cookies([{"name": name, "value": value, "url": sandbox.base_url}])
    page.set_viewport_size({"width": 390, "height": 844})
    axe = AXE.read_text(encoding="utf-8")
    found = []
    for path in pages(sandbox):
        sandbox.open(path)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            found.append(f"{path} is wider than the screen")
        page.evaluate(axe)
        violations = page.evaluate("async () => (await axe.run()).violations")
        found += [f"{path} {one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"]]
    assert "\n".join(found) == ""
