"""A browser at a tiny site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandboxes.tiny import Browser, browsing


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Browser]:
    """Nobody signed in."""
    with browsing(tmp_path) as made:
        yield made
