"""How fast a sandbox is made, and what two hundred open ones weigh."""

import shutil
import time
from pathlib import Path

import httpx
import pytest

from august.features import house
from august.kernel.world import Worlds
from august.market.grow import world_files
from august.settings import ROOT
from tests.benchmarks.serving import running
from tests.benchmarks.table import quantile, show

pytestmark = pytest.mark.network

TIMES = 40
OPEN = 200


def test_a_new_sandbox_beside_a_plain_file_copy(tmp_path: Path) -> None:
    worlds = Worlds.at(house(), folder=tmp_path, url=None)
    rows = []
    for file in world_files(ROOT / "seeds", house().rulebook):
        template = f"t_{file.key}"
        started = time.perf_counter()
        worlds.seal(template, file.born, file.key, file.grow)
        grown = time.perf_counter() - started
        source = tmp_path / f"{template}.sqlite"
        copies, creations = [], []
        for number in range(TIMES):
            started = time.perf_counter()
            shutil.copyfile(source, tmp_path / f"plain_{number}")
            copies.append(time.perf_counter() - started)
            started = time.perf_counter()
            worlds.create(f"w_{file.key}_{number}", template, number)
            creations.append(time.perf_counter() - started)
        plain, made = quantile(copies, 0.5) * 1000, quantile(creations, 0.5) * 1000
        worst = quantile(creations, 0.99) * 1000
        size = source.stat().st_size / 2**20
        numbers = size, grown, plain, made, worst, made / plain
        rows.append([file.key, *(f"{number:.1f}" for number in numbers)])
    worlds.close()
    head = ["world", "MB", "grown once s", "copy p50 ms", "sandbox p50 ms", "sandbox p99 ms", "times"]
    show("New sandbox beside a plain file copy", head, rows)


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
