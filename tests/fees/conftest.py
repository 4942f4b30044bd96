"""A world to book receipts in."""

from collections.abc import Iterator

import pytest

from august.kernel.world import World, Worlds
from tests.trade.deals import NUMBERS, stored


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    with stored(tmp_path_factory.mktemp("worlds")) as made:
        yield made


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"f{next(NUMBERS)}", "t", seed=3)
