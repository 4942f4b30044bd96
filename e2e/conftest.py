"""Browser tests: one live August per worker, a guest who is signed in once, no console error forgiven."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect

from tests.tools.browser import FLAGS, find_or_install

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
START_SECONDS = 60


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, quiet."""
    return browser_type_launch_args | {"executable_path": find_or_install(), "args": list(FLAGS)}


def _answers(port: int) -> bool:
    with socket.socket() as plug:
        plug.settimeout(1)
        return plug.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an August that runs as users run it, with empty data."""
    folder = tmp_path_factory.mktemp("august")
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        port = plug.getsockname()[1]
    settings = {
        "AUGUST_HOST": "127.0.0.1",
        "AUGUST_PORT": str(port),
        "AUGUST_DATA": str(folder / "data"),
        "AUGUST_DATABASE_URL": "",
        "PYTHONPATH": str(ROOT / "backend"),
    }
    log = folder / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", "august.cli", "serve"],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        pause = Event()
        try:
            for _ in range(START_SECONDS * 10):
                if server.poll() is not None or _answers(port):
                    break
                pause.wait(0.1)
            if not _answers(port):
                pytest.fail(f"August did not start:\n{log.read_text()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def new_sandbox(base_url: str) -> Callable[..., dict[str, Any]]:
    """Make a guest's sandbox through the API: world, seed -> its id, token and login address."""

    def make(world: str = "furniture", seed: int = 7, name: str = "e2e") -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  the server of this test
            f"{base_url}/api/v1/sandboxes",
            data=json.dumps({"world": world, "seed": seed, "name": name}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  the same
            made: dict[str, Any] = json.load(answer)
        return made

    return make


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], base_url: str) -> dict[str, Any]:
    """A desktop window of a reader of Chinese."""
    return browser_context_args | {
        "base_url": base_url,
        "locale": "zh-CN",
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def guest(
    browser: Browser,
    browser_context_args: dict[str, Any],
    new_sandbox: Callable[..., dict[str, Any]],
) -> dict[str, Any]:
    """A guest with a sandbox, signed in once per worker: the sandbox and the `state` of their browser."""
    made = new_sandbox()
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.goto(made["login_url"])
    state = context.storage_state()
    context.close()
    return made | {"state": state}


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """A context in which an error on the console fails the test: this catches slips of the CSP."""
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # Refused forms answer 4xx on purpose; the browser logs that as an error of loading.
        if message.type == "error" and "Failed to load resource" not in message.text:
            errors.append(message.text)

    def on_error(error: WebError) -> None:
        errors.append(str(error.error))

    context.on("console", on_console)
    context.on("weberror", on_error)
    yield context
    assert errors == []


@pytest.fixture
def settled() -> Callable[[Page], None]:
    """Wait until the page has nothing under way."""

    def wait(page: Page) -> None:
        expect(page.locator("body[data-settled=true]")).to_be_attached()

    return wait


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Find violations of accessibility on a page, one line each."""
    source = AXE.read_text(encoding="utf-8")

    def find(page: Page) -> list[str]:
        page.evaluate(source)
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{found['id']}: {node['html'][:160]}"
            for found in result["violations"]
            for node in found["nodes"]
        ]

    return find
