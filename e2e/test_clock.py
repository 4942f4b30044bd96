"""The clock's bar: look ahead, jump, read what happened, go back, go another way."""

import re
import threading
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from august.sandboxes import jumps
from e2e.conftest import Complaints, Sandbox, english, settled

TICK = 5


def pacific(page: Page) -> str:
    """The Pacific time of the clock bar."""
    return page.locator("#clock-bar [data-pacific]").inner_text()


def jump(page: Page, sandbox: Sandbox, asked: str) -> None:
    """Jump as far as the address says and stay on the page of what happened."""
    sandbox.open(f"/clock?{asked}")
    page.locator("#jump").click()
    expect(page).to_have_url(sandbox_pattern(sandbox, "/clock/jumps/"), timeout=60_000)
    settled(page)


def sandbox_pattern(sandbox: Sandbox, path: str) -> re.Pattern[str]:
    """Addresses of the sandbox that begin so."""
    return re.compile(re.escape(sandbox.url(path)))


def test_the_agenda_tells_before_the_jump_what_it_will_pass(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/")
    before = pacific(page)
    page.locator('#clock-bar a[href$="days=7"]').click()
    agenda = page.locator("#agenda")
    expect(agenda).to_be_visible()
    expect(agenda.locator("tbody tr").first).to_be_visible()
    # Every line of the summary is a job that runs at least once.
    counts = agenda.locator("tbody tr td:nth-child(2)").all_inner_texts()
    assert [count for count in counts if int(count.replace(",", "")) < 1] == []
    # Looking moves nothing.
    assert pacific(page) == before
    told = sandbox.api("GET", "/clock")
    assert told["state"] == "idle"


def test_a_jumped_week_can_be_rewound(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/")
    before = pacific(page)
    hash_before = sandbox.api("GET", "/state-hash")["hash"]
    jump(page, sandbox, "days=7")
    expect(page.get_by_role("heading", name="Digest")).to_be_visible()
    after = pacific(page)
    assert after != before
    assert sandbox.api("GET", "/state-hash")["hash"] != hash_before
    page.get_by_role("button", name="Rewind to before the jump").click()
    expect(page).to_have_url(sandbox.url("/"))
    assert pacific(page) == before
    assert sandbox.api("GET", "/state-hash")["hash"] == hash_before


def test_a_checkpoint_made_by_hand_is_rewound_and_forked(page: Page, sandbox: Sandbox) -> None:
    english(page)
    page.goto(f"{sandbox.base_url}/sandboxes/{sandbox.id}")
    page.locator("#name").fill("Before the fair")
    page.get_by_role("button", name="Save a checkpoint").click()
    row = page.get_by_role("row", name="Before the fair")
    expect(row).to_be_visible()
    hash_before = sandbox.api("GET", "/state-hash")["hash"]
    jump(page, sandbox, "days=1")

    page.goto(f"{sandbox.base_url}/sandboxes/{sandbox.id}")
    row = page.get_by_role("row", name="Before the fair")
    row.get_by_role("button", name="Fork").click()
    dialog = page.get_by_role("dialog", name="Fork from this checkpoint")
    dialog.get_by_label("Name").fill("The other way")
    dialog.get_by_role("button", name="Fork").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The other way")
    page.get_by_role("link", name="Open", exact=True).click()
    settled(page)
    forked_at = pacific(page)

    page.goto(f"{sandbox.base_url}/sandboxes/{sandbox.id}")
    page.get_by_role("row", name="Before the fair").get_by_role("button", name="Rewind").click()
    dialog = page.get_by_role("dialog", name="Rewind to this checkpoint?")
    dialog.get_by_role("button", name="Rewind").click()
    expect(page).to_have_url(f"{sandbox.base_url}/sandboxes/{sandbox.id}")
    sandbox.open("/")
    assert pacific(page) == forked_at
    assert sandbox.api("GET", "/state-hash")["hash"] == hash_before


def test_a_date_in_the_past_is_refused_with_a_remedy(
    page: Page, sandbox: Sandbox, complaints: Complaints
) -> None:
    english(page)
    complaints.allow("422")
    sandbox.open("/clock?local=2022-08-01T00:00&zone=bj")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("does not run backwards")
    expect(alert).to_contain_text("Rewind to a checkpoint instead.")


class Gate:
    """Holds a running jump at its n-th tick until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tick: int) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        asked = jumps._Watch.stop
        passed = iter(range(1, tick + 1))

        def stop(watch: jumps._Watch) -> bool:
            if next(passed, tick) == tick and not self.opened.is_set():
                self.reached.set()
                assert self.opened.wait(60)
            return asked(watch)

        monkeypatch.setattr(jumps._Watch, "stop", stop)


def now(sandbox: Sandbox) -> datetime:
    """Where the clock of the sandbox stands."""
    return datetime.fromisoformat(sandbox.api("GET", "/clock")["now"])


def ran(page: Page) -> int:
    """How many jobs the digest lists."""
    counts = page.locator("main table td:nth-child(2)").all_inner_texts()
    return sum(int(count.replace(",", "")) for count in counts)


def test_a_long_jump_is_stopped_at_a_tick_and_goes_on(
    page: Page, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    english(page)
    gate = Gate(monkeypatch, TICK)
    sandbox.open("/clock?days=15")
    asked = page.locator('input[name="to"]').input_value()
    target = datetime.fromisoformat(asked)
    told = sandbox.api("GET", "/clock/agenda", params={"to": asked})["jobs"]
    due = [datetime.fromisoformat(job["at"]) for job in told]
    page.locator("#jump").click()
    expect(page).to_have_url(sandbox.url("/clock/progress"))
    assert gate.reached.wait(60)
    assert sandbox.api("GET", "/clock")["state"] == "advancing"
    page.get_by_role("button", name="Stop at the next tick").click()
    expect(page.get_by_role("button", name="Stopping at the next tick …")).to_be_disabled()
    gate.opened.set()

    # The page that watches goes to the digest by itself.
    expect(page).to_have_url(sandbox_pattern(sandbox, "/clock/jumps/"))
    settled(page)
    expect(page.locator("main")).to_contain_text("stopped before")
    assert sandbox.api("GET", "/clock")["state"] == "idle"
    stopped = now(sandbox)
    assert stopped == sorted(set(due))[TICK - 1] < target
    assert ran(page) == len([at for at in due if at <= stopped])

    page.get_by_role("button", name="Go on to the target").click()
    expect(page).to_have_url(sandbox_pattern(sandbox, "/clock/jumps/"), timeout=100_000)
    settled(page)
    expect(page.locator("main")).not_to_contain_text("stopped before")
    expect(page.get_by_role("button", name="Go on to the target")).to_have_count(0)
    assert now(sandbox) == target
    # What it brought is told of the whole way.
    assert ran(page) == len(due)


@pytest.mark.parametrize("width", [1280, 1439, 1440])
def test_the_clocks_bar_stands_in_one_row(page: Page, sandbox: Sandbox, width: int) -> None:
    """From the width on at which the menu stands beside the page, in the longer language too."""
    page.set_viewport_size({"width": width, "height": 900})
    for language in ("zh_CN", "en"):
        page.context.add_cookies([{"name": "lang", "value": language, "url": f"{sandbox.base_url}/"}])
        sandbox.open("/")
        tops = page.locator("#clock > *").evaluate_all(
            "all => all.map(one => Math.round(one.getBoundingClientRect().top + one.offsetHeight / 2))"
        )
        assert max(tops) - min(tops) <= 2, (language, tops)
