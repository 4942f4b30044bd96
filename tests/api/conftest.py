"""A caller of the JSON API at a tiny site."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandboxes.tiny import Browser, browsing


class Caller:
    """A program with the bearer token of one sandbox."""

    def __init__(self, person: Browser, seed: int = 7) -> None:
        self.person = person
        self.person.client.cookies.clear()
        self.person.client.cookies.set("lang", "en")
        answer = person.client.post("/api/v1/sandboxes", json={"world": "tiny", "seed": seed, "name": "Try"})
        assert answer.status_code == 201, answer.text
        self.told: dict[str, Any] = answer.json()
        self.id: str = self.told["id"]

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The raw answer."""
        headers = {"Authorization": f"Bearer {self.told['token']}", **options.pop("headers", {})}
        return self.person.client.request(
            method, f"/api/v1/sandboxes/{self.id}{path}", headers=headers, **options
        )

    def get(self, path: str) -> Any:
        """The JSON of a successful read."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def note(self, text: str, **options: Any) -> Any:
        """The tiny house's one command."""
        return self.call("POST", "/commands/test.note", json={"text": text}, **options)

    def hash(self) -> str:
        """The state hash."""
        told: str = self.get("/state-hash")["hash"]
        return told


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Browser]:
    """A browser nobody signed in with."""
    with browsing(tmp_path) as made:
        yield made


@pytest.fixture
def caller(person: Browser) -> Caller:
    """A caller with a fresh sandbox."""
    return Caller(person)
