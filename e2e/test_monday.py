"""A merchant's Monday from the home page: answer, draft, ship, invite; and the clock left running."""

import re
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from playwright.sync_api import Page, expect

from august.app import create_app
from e2e.conftest import Sandbox, english, make_sandbox, settled
from e2e.serving import served
from tests.tools.worlds import provide

Json = dict[str, Any]
SCHEDULER_MS = 20_000


def follow(page: Page, sandbox: Sandbox, todo: str) -> None:
    """From the home page to where a to-do is done."""
    sandbox.open("/")
    page.locator(f'#todos a[data-todo="{todo}"]').click()
    settled(page)


def move(page: Page, sandbox: Sandbox, button: str) -> None:
    """Let time pass by the clock's bar, and read what it brought."""
    sandbox.open("/")
    page.locator("#clock").get_by_role("link", name=button).click()
    settled(page)
    page.locator("#jump").click()
    expect(page).to_have_url(re.compile("/clock/jumps/"), timeout=60_000)
    expect(page.get_by_role("heading", name="Digest")).to_be_visible()
    settled(page)


def answer_all(page: Page, sandbox: Sandbox) -> int:
    """Answer whoever waits, a fifth below the list price; how many there were."""
    follow(page, sandbox, "inquiries")
    waiting: list[Json] = sandbox.api("GET", "/opportunities/inquiries?turn=seller&state=open&size=100")[
        "items"
    ]
    for each in waiting:
        sandbox.open(f"/inquiries/{each['id']}")
        page.locator('[data-quick="price"]').click()
        expect(page.locator("#quote_usd")).not_to_have_value("")
        listed = float(page.locator("#quote_usd").input_value())
        page.locator("#quote_usd").fill(f"{listed * 0.8:.2f}")
        page.locator("#send").click()
        expect(page.locator("#waits")).to_contain_text("The buyer's turn")
        settled(page)
    return len(waiting)


def test_a_merchants_monday(page: Page, sandbox: Sandbox) -> None:
    english(page)
    # Morning: everybody who wrote over the weekend gets an answer.
    assert answer_all(page, sandbox) >= 3
    sandbox.open("/")
    expect(page.locator('#todos a[data-todo="inquiries"]')).to_have_count(0)

    # Goods that are late leave now.
    follow(page, sandbox, "late")
    before = sandbox.api("GET", "/trade/orders?risk=late&size=100")["total"]
    row = page.locator("#orders tbody tr").first
    number = int(str(row.locator("input[type=checkbox]").get_attribute("value")))
    row.locator(f'a[href*="/orders/{number}"]').first.click()
    settled(page)
    page.locator('[data-open="ship"]').click()
    page.locator("#ship button.btn-primary").click()
    settled(page)
    expect(page.locator(".august-steps .now")).to_contain_text("On the way")
    assert sandbox.api("GET", "/trade/orders?risk=late&size=100")["total"] == before - 1

    # Who received goods lately is asked what they are like.
    sandbox.open("/")
    page.locator('#todos a[data-todo^="invite"]').first.click()
    settled(page)
    asked = page.locator("#pending tbody tr").filter(has=page.get_by_role("button", name="Invite")).first
    order = asked.get_attribute("data-order")
    asked.get_by_role("button", name="Invite").click()
    settled(page)
    expect(page.locator(f'#pending tr[data-order="{order}"]')).to_contain_text("invited")

    # Somebody agrees within the day and gets the order.
    move(page, sandbox, "+1 d")
    follow(page, sandbox, "deals")
    page.locator("#inquiries tbody tr").first.locator('a[href*="/inquiries/"]').first.click()
    settled(page)
    page.locator("#draft").click()
    settled(page)
    page.locator("#send").click()
    settled(page)
    expect(page.locator(".august-steps .now")).to_contain_text("Waiting for the buyer's confirmation")
    drafted = int(page.url.partition("?")[0].rpartition("/")[2])

    # A buyer takes thirty hours at most to look at a draft; equal luck, so this one pays in every run.
    move(page, sandbox, "+7 d")
    sandbox.open(f"/orders/{drafted}")
    expect(page.locator(".august-steps .now")).to_contain_text("Waiting for shipment")
    for fact in ("Draft sent", "Draft accepted", "First payment booked"):
        expect(page.locator("#timeline")).to_contain_text(fact)


def test_the_clock_runs_by_itself_until_it_is_paused(page: Page, tmp_path: Path) -> None:
    # The scheduler of real time runs here, as it does for everybody but other tests.
    with served(create_app(replace(provide(tmp_path), chores=True))) as address:
        sandbox = make_sandbox(address, page)
        sandbox.enter()
        english(page)
        runs_and_is_paused(page, sandbox)


def runs_and_is_paused(page: Page, sandbox: Sandbox) -> None:
    """Let the clock run, see it move, pause it, go back to before."""
    sandbox.open("/")
    before = page.locator("#clock [data-pacific]").inner_text()
    page.locator(".august-play select").select_option("30")
    page.get_by_role("button", name="Let the clock run").click()
    settled(page)
    expect(page.locator("#clock")).to_contain_text("The clock runs: 30 s a day")
    # Two seconds of the real scheduler are more than an hour and a half here.
    expect(page.locator("#clock [data-pacific]")).not_to_have_text(before, timeout=SCHEDULER_MS)
    page.get_by_role("button", name="Pause").click()
    settled(page)
    expect(page.locator("#clock nav")).to_be_visible()
    stands = sandbox.api("GET", "/clock")
    assert stands["state"] == "idle"
    # What was before playing is a checkpoint of its own.
    page.goto(f"{sandbox.base_url}/sandboxes/{sandbox.id}")
    page.get_by_role("row", name="Before playing").get_by_role("button", name="Rewind").click()
    page.get_by_role("dialog").get_by_role("button", name="Rewind").click()
    settled(page)
    sandbox.open("/")
    expect(page.locator("#clock [data-pacific]")).to_have_text(before)
