"""Time runs forward, each job at each instant once, however the process dies."""

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from august.kernel import commands
from august.kernel.clock import parse_instant
from august.kernel.context import SYSTEM, Context
from august.kernel.errors import Refusal
from august.kernel.house import House
from august.kernel.jobs import Dates, Due, advance, agenda
from august.kernel.tables import JobRun
from august.kernel.world import World, Worlds

from .conftest import BORN, HOUSE, PLAYER

WEEK = BORN + timedelta(days=7)


def runs(world: World) -> list[tuple[datetime, str]]:
    """What was done, in order of instants."""
    with world.reading(SYSTEM) as ctx:
        return [
            (run.at, run.name) for run in ctx.session.scalars(select(JobRun).order_by(JobRun.at, JobRun.name))
        ]


def test_agenda_is_what_the_jump_does(world: World) -> None:
    """The preview and the jump name the same jobs, the lower priority number first."""
    planned = agenda(world, BORN + timedelta(days=1))
    jump = advance(world, BORN + timedelta(days=1))
    assert jump.runs == planned
    assert planned == [
        Due(parse_instant("2022-08-25T07:00:00+00:00"), 10, "count"),
        Due(parse_instant("2022-08-25T07:00:00+00:00"), 20, "tick"),
        Due(parse_instant("2022-08-25T13:00:00+00:00"), 20, "tick"),
        Due(parse_instant("2022-08-25T19:00:00+00:00"), 20, "tick"),
        Due(parse_instant("2022-08-26T01:00:00+00:00"), 20, "tick"),
    ]


def test_many_small_jumps_equal_one(worlds: Worlds) -> None:
    """How the way is cut makes no difference."""
    one, many = worlds.create("w1", "t", 7), worlds.create("w2", "t", 7)
    advance(one, WEEK)
    for hours in range(1, 24 * 7 + 1):
        advance(many, BORN + timedelta(hours=hours))
    assert one.state_hash() == many.state_hash()


def test_backwards_is_refused(world: World) -> None:
    """The past is reached by rewinding only."""
    before = world.state_hash()
    with pytest.raises(Refusal) as told:
        advance(world, BORN - timedelta(seconds=1))
    assert told.value.code == "clock.backwards"
    assert world.state_hash() == before


def test_stop_leaves_a_whole_instant(world: World) -> None:
    """A stop is obeyed between two instants, never between two jobs of one."""
    jump = advance(world, WEEK, stop=lambda: True)
    assert jump.stopped
    assert [due.name for due in jump.runs] == ["count", "tick"]
    commands.run(world, PLAYER, "test.note", {"text": "still works"})


def test_second_advance_is_told(worlds: Worlds, world: World) -> None:
    """While the clock moves, another jump and any command are refused with the reason."""
    refused: list[str] = []

    def meanwhile(_at: datetime, jobs: int) -> None:
        if jobs != len(("count", "tick")):
            return
        twin = worlds.open("w1")
        for attempt in (
            lambda: advance(twin, WEEK),
            lambda: commands.run(twin, PLAYER, "test.note", {"text": "no"}),
        ):
            with pytest.raises(Refusal) as told:
                attempt()
            refused.append(told.value.code)

    advance(world, BORN + timedelta(days=1), progress=meanwhile)
    assert refused == ["clock.advancing", "clock.advancing"]


def _die(folder: Path, url: str | None, after: int) -> None:
    """Advance in a process of its own that is gone, without a word, after some instants."""
    world = Worlds.at(HOUSE, folder=folder, url=url).open("w1")
    done = 0

    def count(_at: datetime, _jobs: int) -> None:
        nonlocal done
        done += 1
        if done == after:
            os._exit(9)

    advance(world, WEEK, progress=count)


def killed(worlds: Worlds, folder: Path, database: str, after: int, die: Callable[..., None] = _die) -> World:
    """The world after a process that advanced it died; its locks are free again."""
    url = None if database.startswith("sqlite") else database
    child = multiprocessing.get_context("spawn").Process(target=die, args=(folder, url, after))
    child.start()
    child.join(60)
    assert child.exitcode == 9
    # PostgreSQL frees the locks of a dead process when it notices that nobody is there any more.
    for lock in ("w1.advance", "w1.turn"):
        with worlds.space.hold(lock, shared=False, wait=True):
            pass
    return worlds.open("w1")


@pytest.mark.parametrize("after", [1, 9])
def test_killed_and_resumed_equals_undisturbed(
    database: str, tmp_path: Path, worlds: Worlds, after: int
) -> None:
    """A process killed after any instant loses nothing and repeats nothing."""
    undisturbed = worlds.create("w2", "t", 7)
    advance(undisturbed, WEEK)
    worlds.create("w1", "t", 7)
    survivor = killed(worlds, tmp_path, database, after)
    assert len({at for at, _ in runs(survivor)}) == after
    advance(survivor, WEEK)
    assert survivor.state_hash() == undisturbed.state_hash()


def _die_inside(folder: Path, url: str | None, after: int) -> None:
    """Advance in a process of its own that is gone in the middle of some instant's last job."""
    (feature,) = HOUSE.features
    count, tick = HOUSE.job("count"), HOUSE.job("tick")
    done = 0

    def die(ctx: Context) -> None:
        nonlocal done
        done += 1
        tick.run(ctx)
        ctx.session.flush()
        if done == after:
            os._exit(9)

    house = House((replace(feature, jobs=(replace(tick, run=die), count)),), HOUSE.rulebook)
    advance(Worlds.at(house, folder=folder, url=url).open("w1"), WEEK)


@pytest.mark.parametrize("after", [5])
def test_killed_inside_an_instant_leaves_nothing_of_it(
    database: str, tmp_path: Path, worlds: Worlds, after: int
) -> None:
    """Neither the clock nor the jobs before the one that died: commands find the last whole instant."""
    undisturbed = worlds.create("w2", "t", 7)
    advance(undisturbed, WEEK)
    worlds.create("w1", "t", 7)
    world = killed(worlds, tmp_path, database, after, die=_die_inside)
    # Four instants, the first of which had two jobs.
    assert len(runs(world)) == after
    advance(world, WEEK)
    assert world.state_hash() == undisturbed.state_hash()


def test_dates_fire_each_once() -> None:
    """Listed instants come in order, without repetition, and end."""
    trigger = Dates([WEEK, BORN, WEEK])
    assert trigger.get_next_fire_time(None, BORN - timedelta(days=1)) == BORN
    assert trigger.get_next_fire_time(BORN, BORN) == WEEK
    assert trigger.get_next_fire_time(WEEK, WEEK) is None
