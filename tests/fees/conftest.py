"""A world to book receipts in."""

from collections.abc import Iterator

import pytest

from august.kernel.world import World, Worlds
from tests.fees.play import until
from tests.trade.deals import NUMBERS, stored


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    with stored(tmp_path_factory.mktemp("worlds")) as made:
        yield made


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"f{next(NUMBERS)}", "t", seed=3)


@pytest.fixture(scope="module")
def second(store: Worlds) -> str:
    """A world on the second of September, to be cloned."""
    made = store.create(f"f{next(NUMBERS)}", "t", seed=3)
    until(made, "09-02 10:00:00")
    return made.id


@pytest.fixture
def september(store: Worlds, second: str) -> World:
    """A world on the second of September."""
    name = f"f{next(NUMBERS)}"
    store.clone(second, name)
    return store.open(name)
