"""A furniture world without a past, on each database; what a test adds to it is never committed."""

from collections.abc import Iterator

import pytest

from august.kernel.world import World
from tests.trade.deals import stored


@pytest.fixture(scope="module")
def world(module_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with stored(tmp_path_factory.mktemp("worlds"), module_url) as made:
        yield made.create("w", "t", seed=3)
