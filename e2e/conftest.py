"""A live August per worker, a browser that forgives no console error, and a quick way into a sandbox."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, expect

from e2e.serving import august
from tests.tools.browser import FLAGS, find_or_install

ROOT = Path(__file__).parents[1]
# An answer of 4xx is logged by the browser itself; a test that wants one says so with `allow`.
PATIENCE_MS = 8_000


def pytest_configure(config: pytest.Config) -> None:
    """Keep a picture of what failed, in test-results/.

    A trace costs as much as the tests themselves: ask for one by `--tracing retain-on-failure`.
    """
    config.option.screenshot = "only-on-failure"
    config.option.output = "test-results"
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium."""
    return {**browser_type_launch_args, "executable_path": find_or_install(), "args": list(FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desk's screen."""
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this worker's own August."""
    with august(tmp_path_factory.mktemp("august")) as address:
        yield address


@dataclass
class Complaints:
    """What the browser complained about, and what a test lets pass."""

    heard: list[str]
    allowed: list[str]

    def allow(self, part: str) -> None:
        """Let complaints holding these words pass."""
        self.allowed.append(part)


@pytest.fixture(autouse=True)
def complaints(request: pytest.FixtureRequest) -> Iterator[Complaints]:
    """Fail on every console error, page error and unexpected failure; policy slips show up here."""
    kept = Complaints([], [])
    page: Page = request.getfixturevalue("page")
    page.set_default_timeout(PATIENCE_MS)

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            kept.heard.append(f"console: {message.text} ({message.location.get('url')})")

    def broken(error: Error) -> None:
        kept.heard.append(f"page: {error}")

    page.on("console", console)
    page.on("pageerror", broken)
    yield kept
    left = [text for text in kept.heard if not any(part in text for part in kept.allowed)]
    assert left == []


class Sandbox:
    """A guest's sandbox made through the API."""

    def __init__(self, base_url: str, page: Page, told: dict[str, Any]) -> None:
        self.base_url, self.page = base_url, page
        self.id: str = told["id"]
        self.token: str = told["token"]
        self.login_url: str = told["login_url"]

    def url(self, path: str = "/") -> str:
        """The address of a page of the sandbox."""
        return f"{self.base_url}/w/{self.id}{path}"

    def enter(self) -> None:
        """Sign the browser in."""
        self.page.goto(self.login_url)
        settled(self.page)

    def open(self, path: str) -> None:
        """Show a page and wait until it is at rest."""
        self.page.goto(self.url(path))
        settled(self.page)

    def api(self, method: str, path: str, **options: Any) -> Any:
        """Call the JSON API of the sandbox; the answer must be a success."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.base_url}/api/v1/sandboxes/{self.id}{path}"
        answer = httpx.request(method, address, headers=headers, timeout=60, **options)
        assert answer.is_success, answer.text
        return answer.json()


def settled(page: Page) -> None:
    """Wait until the page says that nothing is on its way."""
    expect(page.locator("body")).to_have_attribute("data-settled", "true")


def english(page: Page) -> None:
    """Read the pages in English from now on; without it they are Chinese."""
    parts = urlsplit(page.url)
    page.context.add_cookies([{"name": "lang", "value": "en", "url": f"{parts.scheme}://{parts.netloc}/"}])


def make_sandbox(base_url: str, page: Page, world: str = "furniture", seed: int = 7) -> Sandbox:
    """A guest sandbox by the API."""
    asked = {"world": world, "seed": seed, "name": "Try"}
    answer = httpx.post(f"{base_url}/api/v1/sandboxes", json=asked, timeout=120)
    assert answer.status_code == 201, answer.text
    return Sandbox(base_url, page, answer.json())


@pytest.fixture
def new_sandbox(base_url: str, page: Page) -> Callable[..., Sandbox]:
    """Make another sandbox."""
    return lambda **options: make_sandbox(base_url, page, **options)


@pytest.fixture
def sandbox(base_url: str, page: Page) -> Sandbox:
    """A fresh furniture sandbox with the browser signed in."""
    made = make_sandbox(base_url, page)
    made.enter()
    return made
