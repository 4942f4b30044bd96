"""Worlds are made, copied, swapped and carried from one database to another without a difference."""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select, select

from august.kernel import commands, dump
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.jobs import advance
from august.kernel.tables import Clock, Event, JobRun
from august.kernel.world import World, Worlds

from .conftest import BORN, HOUSE, PLAYER, grow


def test_same_seed_same_actions_same_hash(worlds: Worlds) -> None:
    """Two worlds that lived the same life are equal to the byte; another seed is not."""
    hashes = []
    for name, seed in (("w1", 7), ("w2", 7), ("w3", 8)):
        world = worlds.create(name, "t", seed)
        commands.run(world, PLAYER, "test.note", {"text": "早上好"})
        advance(world, BORN + timedelta(days=3))
        hashes.append(world.state_hash())
    assert hashes[0] == hashes[1]
    assert hashes[0] != hashes[2]


def test_a_world_from_a_template_in_use_is_the_same(worlds: Worlds, world: World) -> None:
    """Whether somebody reads the template meanwhile makes no difference."""
    with worlds.open("t").reading(SYSTEM) as ctx:
        assert ctx.now == BORN
        twin = worlds.create("w2", "t", seed=7)
    assert twin.state_hash() == world.state_hash()
    advance(twin, BORN + timedelta(days=1))


def _die(folder: Path) -> None:
    """Make a world in a process of its own that is gone just before the file gets its name."""
    worlds = Worlds.at(HOUSE, folder=folder, url=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: os._exit(9))
        worlds.create("w1", "t", 7)


def test_killed_while_being_made_there_is_no_world(tmp_path: Path) -> None:
    """A world is there whole or not at all, and can be made again."""
    worlds = Worlds.at(HOUSE, folder=tmp_path, url=None)
    worlds.seal("t", BORN, "test", grow)
    child = multiprocessing.get_context("spawn").Process(target=_die, args=(tmp_path,))
    child.start()
    child.join(60)
    assert child.exitcode == 9
    assert not worlds.space.exists("w1")
    assert worlds.create("w1", "t", 7).state_hash() == worlds.create("w2", "t", 7).state_hash()
    worlds.close()


def test_hash_is_the_same_on_both_databases(world: World) -> None:
    """The canonical hash does not know which database it came from."""
    commands.run(world, PLAYER, "test.note", {"text": "x"})
    advance(world, BORN + timedelta(days=1))
    assert world.state_hash() == "06c13b38c8c3402a19cff49c3feb4c412edf85d2c3f3e8a922c86600bb7ba832"


def test_rewind_puts_every_row_back(worlds: Worlds, world: World) -> None:
    """After a rewind the world is what it was at the checkpoint, and lives on."""
    before = world.state_hash()
    worlds.clone("w1", "c1")
    commands.run(world, PLAYER, "test.note", {"text": "forget me"})
    advance(world, BORN + timedelta(days=2))
    worlds.restore("w1", "c1")
    again = worlds.open("w1")
    assert again.state_hash() == before
    advance(again, BORN + timedelta(days=1))
    with again.reading(SYSTEM) as ctx:
        assert ctx.now == BORN + timedelta(days=1)


def test_fork_is_equal_and_then_independent(worlds: Worlds, world: World) -> None:
    """A fork starts equal and what happens in one does not show in the other."""
    commands.run(world, PLAYER, "test.note", {"text": "both"})
    with world.reading(SYSTEM) as ctx:
        # A page that is being read meanwhile disturbs nothing.
        assert worlds.clone("w1", "w2") == ctx.now == BORN
    fork = worlds.open("w2")
    assert fork.state_hash() == world.state_hash()
    commands.run(fork, PLAYER, "test.note", {"text": "only here"})
    with world.reading(SYSTEM) as ctx:
        assert [fact.params["text"] for fact in ctx.session.scalars(select(Event))] == ["both"]


def test_export_and_import_keep_the_hash(worlds: Worlds, world: World) -> None:
    """One file holds the whole world."""
    commands.run(world, PLAYER, "test.note", {"text": 'line\nbreak "quoted" \u202e'})
    advance(world, BORN + timedelta(days=1))
    data = worlds.export("w1", {"name": "one"})
    twin = worlds.import_("w2", dump.Archive(data))
    assert twin.state_hash() == world.state_hash()


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_export_is_refused(data: bytes) -> None:
    """A file that is not an export says so."""
    with pytest.raises(Refusal) as told:
        dump.Archive(data)
    assert told.value.code == "world.bad_export"


def test_missing_world_is_refused(worlds: Worlds) -> None:
    """No world, no file made by asking."""
    with pytest.raises(Refusal) as told:
        worlds.open("w3")
    assert told.value.code == "world.unknown"
    assert not worlds.space.exists("w3")


def test_namespaces_made_at_once_do_not_disturb_each_other(worlds: Worlds) -> None:
    names = [f"w_{number}" for number in range(6)]
    start = threading.Barrier(len(names), timeout=30)

    def create(name: str) -> None:
        start.wait()
        worlds.space.create(name)

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(create, names))
    assert all(worlds.space.exists(name) for name in names)


def test_copies_made_at_once_wait_for_each_other(worlds: Worlds) -> None:
    worlds.create("w1", "t", 7)
    names = [f"c_{number}" for number in range(6)]
    start = threading.Barrier(len(names), timeout=30)

    def clone(name: str) -> str:
        start.wait()
        worlds.clone("w1", name)
        return worlds.open(name).state_hash()

    with ThreadPoolExecutor(len(names)) as pool:
        assert set(pool.map(clone, names)) == {worlds.open("w1").state_hash()}


def test_a_hash_is_of_one_instant(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer commits to two tables after the first of them was read: neither counts."""
    world = worlds.create("w1", "t", 7)
    before, whole = world.state_hash(), dump.batches
    written = []

    def slowly(connection: Connection, asked: Select[Any], size: int) -> Iterator[Sequence[Any]]:
        if asked.get_final_froms()[0].name == "job_runs" and not written:
            written.append(True)
            with world.writing(SYSTEM) as ctx:
                ctx.session.add(JobRun(at=ctx.now, name="x"))
                ctx.session.get_one(Clock, 1).now = ctx.now + timedelta(days=1)
                ctx.session.commit()
        yield from whole(connection, asked, size)

    monkeypatch.setattr(dump, "batches", slowly)
    assert world.state_hash() == before
    assert written
    assert world.state_hash() != before
