"""How fast a sandbox is made, and what two hundred open ones weigh."""

import shutil
import time
from pathlib import Path

import httpx
import pytest

from august.features import house
from august.kernel.context import SYSTEM
from august.kernel.world import Worlds
from august.market.grow import world_files
from august.settings import ROOT
from tests.benchmarks.serving import running
from tests.benchmarks.table import quantile, show

pytestmark = pytest.mark.network

TIMES = 40
OPEN = 200
# What a world will weigh when it is born with a past.
HEAVY_MB = 20
HEAD = ["world", "MB", "grown once s", "copy p50 ms", "sandbox p50 ms", "sandbox p99 ms", "times"]


def _made(worlds: Worlds, template: str, source: Path | None) -> list[str]:
    """Sandboxes of a template beside plain copies of its file, in turn; none stays, so that none waits."""
    copies, creations = [], []
    for number in range(TIMES):
        if source is not None:
            plainly = source.with_name("plain")
            started = time.perf_counter()
            shutil.copyfile(source, plainly)
            copies.append(time.perf_counter() - started)
            plainly.unlink()
        started = time.perf_counter()
        worlds.create("w", template, number)
        creations.append(time.perf_counter() - started)
        worlds.drop("w")
    made, worst = quantile(creations, 0.5) * 1000, quantile(creations, 0.99) * 1000
    if not copies:
        return ["", f"{made:.1f}", f"{worst:.1f}", ""]
    plain = quantile(copies, 0.5) * 1000
    return [f"{number:.1f}" for number in (plain, made, worst, made / plain)]


def _heavier(worlds: Worlds, source: Path, megabytes: int) -> None:
    """Put facts into a template's file until it weighs so much."""
    with worlds.open(source.stem).writing(SYSTEM) as ctx:
        while (
            source.stat().st_size + source.with_name(f"{source.name}-wal").stat().st_size < megabytes * 2**20
        ):
            for _ in range(5000):
                ctx.emit("bench.filled", ("nothing", 1), words="so much" * 20)
            ctx.session.flush()
        ctx.session.commit()
    worlds.close()


def test_a_new_sandbox_beside_a_plain_file_copy(tmp_path: Path) -> None:
    worlds = Worlds.at(house(), folder=tmp_path, url=None)
    rows = []
    for file in world_files(ROOT / "seeds", house().rulebook):
        template = f"t_{file.key}"
        started = time.perf_counter()
        worlds.seal(template, file.born, file.key, file.grow)
        grown = f"{time.perf_counter() - started:.1f}"
        source = tmp_path / f"{template}.sqlite"
        rows.append([file.key, _megabytes(source), grown, *_made(worlds, template, source)])
    _heavier(worlds, source, HEAVY_MB)
    rows.append([f"{file.key} with a past", _megabytes(source), "", *_made(worlds, template, source)])
    worlds.close()
    show("New sandbox beside a plain file copy", HEAD, rows)


def _megabytes(file: Path) -> str:
    return f"{file.stat().st_size / 2**20:.1f}"


def test_a_new_sandbox_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    worlds = Worlds.at(house(), folder=tmp_path, url=postgres_url)
    file = next(iter(world_files(ROOT / "seeds", house().rulebook)))
    started = time.perf_counter()
    worlds.seal("t", file.born, file.key, file.grow)
    grown = f"{time.perf_counter() - started:.1f}"
    rows = [[file.key, "", grown, *_made(worlds, "t", None)]]
    worlds.close()
    show("New sandbox on PostgreSQL", HEAD, rows)


def test_the_memory_of_two_hundred_open_sandboxes(tmp_path: Path) -> None:
    with running(tmp_path) as server, httpx.Client(timeout=120) as client:
        client.get(f"{server.address}/empty").raise_for_status()
        rows = [["started", "0", f"{server.resident_mb():.0f}"]]
        for number in range(OPEN):
            # A new guest each, who looks at the product list.
            client.cookies.clear()
            made = server.sandbox(client, f"Open {number}")
            client.get(made["login_url"])
            client.get(f"{server.address}/w/{made['id']}/products").raise_for_status()
            if number + 1 in {1, 50, 100, OPEN}:
                rows.append(["sandboxes open", str(number + 1), f"{server.resident_mb():.0f}"])
    show("Memory of the server", ["state", "sandboxes", "resident MB"], rows)
