"""Worlds with their past, grown once for all test runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from august.app import plan
from august.kernel.clock import day_start, pt_day
from august.kernel.context import SYSTEM
from august.kernel.jobs import advance
from august.kernel.world import World, Worlds
from august.merchants.models import CHORES, Autopilot
from august.sandboxes.service import code_and_seeds
from tests.tools.worlds import provide

PLAYER = 1


@dataclass
class Shelf:
    """Where worlds are made for a test."""

    worlds: Worlds
    template: str
    count: int = 0

    def world(self, seed: int = 7, pilot: str | None = None) -> World:
        """A fresh world; `pilot` is the policy at which the store's autopilot does every chore."""
        self.count += 1
        made = self.worlds.create(f"w{self.count}", self.template, seed)
        if pilot is not None:
            with made.writing(SYSTEM) as ctx:
                ctx.session.add_all(
                    Autopilot(merchant_id=PLAYER, chore=chore, policy=pilot) for chore in CHORES
                )
                ctx.session.commit()
        return made


@contextmanager
def shelf_of(folder: Path, file: str) -> Iterator[Shelf]:
    """Worlds of one file in a folder."""
    settings = provide(folder, file)
    worlds = Worlds.at(plan().house, folder=settings.worlds, url=None)
    yield Shelf(worlds, f"t_{file}_{code_and_seeds()}")
    worlds.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with shelf_of(tmp_path, "furniture") as found:
        yield found


@pytest.fixture
def wardrobe(tmp_path: Path) -> Iterator[Shelf]:
    with shelf_of(tmp_path, "apparel") as found:
        yield found


def now_of(world: World) -> datetime:
    with world.reading(SYSTEM) as ctx:
        return ctx.now


def days(world: World, count: int) -> None:
    """Jump to the PT midnight so many days on."""
    advance(world, day_start(pt_day(now_of(world)) + timedelta(days=count)))
