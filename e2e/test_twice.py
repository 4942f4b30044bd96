"""A button pressed twice makes one thing, also when both presses are on their way at once."""

import re
import threading
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from august.sandboxes.service import Desk
from e2e.conftest import Sandbox, english, settled


class Twice:
    """Lets the desk begin a work only when it was asked for twice."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
        self.asked, self.both = threading.Event(), threading.Barrier(2, timeout=60)
        self.made: list[str] = []
        self.done = threading.Semaphore(0)
        plain = getattr(Desk, method)

        def wait(desk: Desk, *asked: Any, **options: Any) -> Any:
            self.asked.set()
            self.both.wait()
            done = plain(desk, *asked, **options)
            self.made.append(done.id)
            self.done.release()
            return done

        monkeypatch.setattr(Desk, method, wait)

    def press(self, page: Page, button: Locator) -> None:
        """Press, and press again while the first press is under way."""
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box
        place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        # The mouse itself does not wait for the page that the first press asked for.
        page.mouse.click(*place)
        assert self.asked.wait(60)
        page.mouse.click(*place)

    def expect_one(self) -> None:
        """Both presses came to the same thing."""
        assert all(self.done.acquire(timeout=60) for _ in range(2))
        assert self.made == [self.made[0]] * 2


def listed(page: Page, base_url: str) -> int:
    """How many sandboxes the account has."""
    page.goto(base_url + "/sandboxes")
    return page.locator("tbody tr").count()


def test_a_newcomer_gets_one_store(page: Page, base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    twice = Twice(monkeypatch, "create")
    page.goto(base_url + "/")
    twice.press(page, page.locator('form[action="/try"] button').first)
    expect(page).to_have_url(re.compile(r"/w/[a-z2-7]{10}/$"))
    settled(page)
    twice.expect_one()
    assert listed(page, base_url) == 1


def test_create_makes_one(page: Page, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    english(page)
    twice = Twice(monkeypatch, "create")
    page.goto(sandbox.base_url + "/sandboxes")
    page.locator("#name").fill("Pressed twice")
    twice.press(page, page.get_by_role("button", name="Create"))
    expect(page).to_have_url(re.compile(r"/w/[a-z2-7]{10}/$"))
    twice.expect_one()
    assert listed(page, sandbox.base_url) == 2


def test_fork_makes_one(page: Page, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    english(page)
    twice = Twice(monkeypatch, "fork")
    page.goto(f"{sandbox.base_url}/sandboxes/{sandbox.id}")
    page.get_by_role("button", name="Fork").click()
    dialog = page.get_by_role("dialog", name="Fork this sandbox")
    dialog.get_by_label("Name").fill("Pressed twice")
    twice.press(page, dialog.get_by_role("button", name="Fork"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pressed twice")
    twice.expect_one()
    assert listed(page, sandbox.base_url) == 2


def test_checkpoint_makes_one(page: Page, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    english(page)
    twice = Twice(monkeypatch, "checkpoint")
    page.goto(f"{sandbox.base_url}/sandboxes/{sandbox.id}")
    page.locator("#name").fill("Pressed twice")
    twice.press(page, page.get_by_role("button", name="Save a checkpoint"))
    expect(page.get_by_role("row", name="Pressed twice")).to_have_count(1)
    twice.expect_one()


def test_import_makes_one(page: Page, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    english(page)
    exported = page.request.get(f"{sandbox.base_url}/sandboxes/{sandbox.id}/export").body()
    twice = Twice(monkeypatch, "import_")
    page.goto(sandbox.base_url + "/sandboxes")
    file = {"name": "world.zip", "mimeType": "application/zip", "buffer": exported}
    page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
    twice.press(page, page.get_by_role("button", name="Import"))
    expect(page).to_have_url(re.compile(r"/sandboxes/[a-z2-7]{10}$"))
    twice.expect_one()
    assert listed(page, sandbox.base_url) == 2
