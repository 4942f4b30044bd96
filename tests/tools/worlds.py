"""Worlds grown once for all test runs of the same code and seeds, in build/worlds."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from august.app import plan
from august.features import house
from august.kernel.dump import Archive
from august.kernel.spaces import SqliteSpace
from august.kernel.world import Worlds
from august.market.grow import world_files
from august.sandboxes.service import code_and_seeds
from august.sandboxes.site import Plan
from august.settings import ROOT, SEEDS, Settings

# The worlds that most tests play in; another one is named by who needs it, or grown on demand.
USUAL = ("apparel", "furniture")
# A server that starts grows whatever it lacks.
EVERY = (*USUAL, "machinery")
SHELF = ROOT / "build" / "worlds"


def provide(data: Path, *keys: str) -> Settings:
    """Settings over a data folder in which these worlds lie already (the usual ones without keys)."""
    settings = Settings(data=data, chores=False)
    made = plan()
    shelf = Worlds.at(made.house, folder=SHELF, url=None)
    settings.worlds.mkdir(parents=True, exist_ok=True)
    code = code_and_seeds()
    for file in made.files:
        if file.key not in (keys or USUAL):
            continue
        name = f"t_{file.key}_{code}"
        # Several test processes may come here at once: the first grows, the others wait.
        shelf.seal(name, file.born, file.key, file.grow)
        shutil.copyfile(SHELF / f"{name}.sqlite", settings.worlds / f"{name}.sqlite")
    shelf.close()
    for old in SHELF.glob("[ty]_*.sqlite"):
        # Not those that another test process is growing just now.
        if code not in old.stem:
            old.unlink(missing_ok=True)
    return settings


def young() -> Plan:
    """The product over worlds that are born without a past: grown in a second, and soon hashed."""
    made = plan()
    return replace(made, files=world_files(SEEDS, made.house.rulebook))


def plant(store: Worlds, name: str = "t", key: str = "furniture") -> None:
    """Seal a world without a past in a store of worlds, grown once for all tests."""
    file = next(one for one in world_files(SEEDS, house().rulebook) if one.key == key)
    shelf = Worlds.at(house(), folder=SHELF, url=None)
    young = f"y_{key}_{code_and_seeds()}"
    shelf.seal(young, file.born, file.key, file.grow)
    if isinstance(store.space, SqliteSpace):
        shutil.copyfile(SHELF / f"{young}.sqlite", store.space.path(name))
    else:
        carry(shelf, young, store, name)
    shelf.close()


def carry(here: Worlds, source: str, there: Worlds, target: str) -> None:
    """A template into another store."""
    there.import_(f"{target}_d0", Archive(here.export(source, {})))
    there.space.rename(f"{target}_d0", target)


def provide_postgres(url: str, folder: Path, *keys: str) -> None:
    """The same templates in a PostgreSQL database, carried there; `folder` is for what is in between."""
    settings, house = provide(folder, *keys), plan().house
    here, there = Worlds.at(house, folder=settings.worlds, url=None), Worlds.at(house, folder=folder, url=url)
    for path in settings.worlds.glob("t_*.sqlite"):
        carry(here, path.stem, there, path.stem)
    here.close()
    there.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        provide(Path(folder))
