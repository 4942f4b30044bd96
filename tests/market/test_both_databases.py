"""A world grows up and lives the same life on SQLite and on PostgreSQL, equal to the byte."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from august.features import house
from august.kernel.clock import parse_instant
from august.kernel.commands import run
from august.kernel.context import SYSTEM, Actor
from august.kernel.jobs import advance
from august.kernel.world import World, Worlds
from august.market.grow import BORN, world_files
from august.settings import SEEDS
from august.showcase.commands import grant

PLAYER = Actor("player", merchant=1)
FILES = {file.key: file for file in world_files(SEEDS, house().rulebook)}


@pytest.fixture
def stores(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Worlds, Worlds]]:
    """A store of worlds on each database."""
    made = tuple(Worlds.at(house(), folder=tmp_path, url=url) for url in (None, postgres_url))
    yield made[0], made[1]
    for store in made:
        store.close()


def born(stores: tuple[Worlds, Worlds], name: str) -> list[World]:
    """The same fresh world on each."""
    file = FILES[name]
    for store in stores:
        store.seal(f"t_{name}", file.born, file.key, file.grow)
    return [store.create(f"w_{name}", f"t_{name}", seed=7) for store in stores]


def hashes(worlds: list[World]) -> set[str]:
    return {world.state_hash() for world in worlds}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_world_is_born_the_same(stores: tuple[Worlds, Worlds], name: str) -> None:
    worlds = born(stores, name)
    assert len(hashes(worlds)) == 1
    for store in stores:
        with store.open(f"w_{name}").reading(PLAYER) as ctx:
            assert ctx.now == BORN


def test_the_same_actions_lead_to_the_same_world(stores: tuple[Worlds, Worlds]) -> None:
    worlds = born(stores, "furniture")
    sofa: dict[str, Any] = {
        "kind": "rts",
        "leaf": "sofa_beds",
        "title": "现代亚麻沙发床 Modern Sofa Bed",
        "tiers": [{"quantity": 2, "price_usd": "150.00"}, {"quantity": 50, "price_usd": "140.00"}],
        "moq": 2,
        "images": ["sofa-1"],
        "skus": [{"code": "B", "spec": {"color": "Grey", "size": "L"}}, {"code": "A", "stock": 3}],
    }
    lines = [{"line": "express_standard", "countries": ["US", "DE"], "delivery_by": True}]
    for world in worlds:
        made = run(world, PLAYER, "catalog.save_product", {**sofa, "publish": True}, "key").result
        number = made["product"]
        template = run(
            world,
            PLAYER,
            "catalog.save_freight_template",
            {"name": "Express", "origin": "foshan", "lines": lines},
        ).result["template"]
        change = {"products": [number, 1, 2, 3], "freight_template": template, "delivery_by": True}
        run(world, PLAYER, "catalog.bulk", change)
        run(world, PLAYER, "catalog.copy_product", {"product": number})
        run(world, PLAYER, "catalog.import_products", {"rows": [sofa, {**sofa, "product": 4}]})
        run(world, PLAYER, "catalog.save_view", {"name": "红色", "query": "band=red"})
        with world.writing(SYSTEM) as ctx:
            order = grant(ctx, 1, 5, 2, "benefit")
            ctx.session.commit()
        run(world, PLAYER, "showcase.open_order", {"order": order})
        run(world, PLAYER, "showcase.show_best", {})
        advance(world, BORN + timedelta(days=7))
        run(world, PLAYER, "catalog.take_down", {"product": number})
        advance(world, parse_instant("2022-09-02T00:00:00-07:00"))
    assert len(hashes(worlds)) == 1
