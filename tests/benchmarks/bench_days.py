"""What a simulated day costs: a quiet one, one with a jump of its own, one on which rules change."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from august.app import create_app
from august.cli import freeze
from august.features import house
from august.kernel.clock import parse_instant
from august.kernel.jobs import advance
from august.kernel.world import Worlds
from august.market.grow import world_files
from august.sandboxes import accounts
from august.settings import ROOT, Settings
from tests.benchmarks.table import quantile, show

DAY = timedelta(days=1)
TIMES = 9
LONG = 60
# Nothing of the rules begins or ends between here and the end of the year.
QUIET = parse_instant("2022-09-10T08:00:00+00:00")
# The midnight before Q3-sku begins, and the one that judges every product by it.
EVE = parse_instant("2022-09-01T06:00:00+00:00")


def _row(name: str, days: int, taken: Sequence[tuple[float, float]]) -> list[str]:
    waits, works = zip(*taken, strict=True)
    times = quantile(works, 0.5), quantile(waits, 0.5), quantile(waits, 1)
    return [name, str(days), str(len(taken)), *(f"{seconds * 1000 / days:.1f}" for seconds in times)]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor; the latter do not grow when others work as well."""
    started, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - worked


def test_a_simulated_day(tmp_path: Path) -> None:
    freeze()
    worlds = Worlds.at(house(), folder=tmp_path, url=None)
    file = next(iter(world_files(ROOT / "seeds", house().rulebook)))
    worlds.seal("t", file.born, file.key, file.grow)
    changed, single, long = [], [], []
    for number in range(TIMES):
        world = worlds.create(f"w{number}", "t", number)
        advance(world, EVE)
        changed.append(_timed(lambda world=world: advance(world, EVE + DAY)))
        advance(world, QUIET)
        single.append(_timed(lambda world=world: advance(world, QUIET + DAY)))
        long.append(_timed(lambda world=world: advance(world, QUIET + DAY * (LONG + 1))))
    worlds.close()
    rows = [
        _row("rules change, every product judged", 1, changed),
        _row("quiet", 1, single),
        _row("quiet", LONG, long),
        _row("quiet, jump with checkpoint and digest", 1, _jumps(tmp_path / "site")),
    ]
    show("A simulated day, in ms", ["day", "days at once", "times", "CPU p50", "p50", "worst"], rows)


def _jumps(data: Path) -> list[tuple[float, float]]:
    """Days that a player jumps one by one."""
    state = create_app(Settings(data=data, chores=False)).state
    desk, jumps = state["desk"], state["jumps"]
    with desk.control.writing() as session:
        owner = accounts.guest(session)
    sandbox = desk.create(owner, next(iter(desk.files)), 7, "Days")
    world = desk.world(sandbox)
    jumps.complete(sandbox, QUIET)
    waits = []
    for _ in range(2 * TIMES):
        target = jumps.target(world, days=1)
        waits.append(_timed(lambda target=target: jumps.complete(sandbox, target)))
    desk.control.engine.dispose()
    desk.worlds.close()
    return waits
