"""A furniture store without a past, on each database, and an apparel one; files to upload."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from august.features import house
from august.kernel import commands
from august.kernel.context import Actor
from august.kernel.errors import Refusal
from august.kernel.world import World, Worlds
from august.verified.models import Proof
from tests.tools.worlds import plant

NUMBERS = count(1)
PLAYER = Actor("player", merchant=1)
RIVAL = Actor("policy", merchant=2)
PDF = b"%PDF-1.7 a contract"
PNG = b"\x89PNG\r\n\x1a\n a picture"
STOCK = {"country": "US", "area_m2": "100", "products": "5"}


@pytest.fixture(scope="module")
def store(module_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Both worlds' templates."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    made = Worlds.at(house(), folder=folder, url=module_url)
    for key in ("furniture", "apparel"):
        plant(made, f"t_{key}", key)
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t_furniture", seed=3)


@pytest.fixture
def wardrobe(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t_apparel", seed=3)


def files(world: World, *contents: bytes) -> list[dict[str, str]]:
    """Uploaded files as commands refer to them."""
    return [{"hash": world.files.put(each).hash, "name": f"file {n}"} for n, each in enumerate(contents)]


def run(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    return commands.run(world, actor, f"verified.{command}", payload).result


def refused(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    """The refusal of a command, which must have changed nothing."""
    before = world.state_hash()
    with pytest.raises(Refusal) as caught:
        run(world, command, actor, **payload)
    assert world.state_hash() == before
    return caught.value


def proof(world: World, number: int) -> Proof:
    with world.reading(PLAYER) as ctx:
        found = ctx.session.get_one(Proof, number)
        ctx.session.expunge(found)
        return found
