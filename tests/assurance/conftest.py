"""A world without a past, in the middle of the festival."""

from collections.abc import Iterator
from itertools import count

import pytest

from august.kernel.world import World, Worlds
from tests.tools.bare import bare

NUMBERS = count(1)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)
