"""Worlds: a sandbox's own database namespace, opened, copied, swapped, exported."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, select, text
from sqlalchemy.exc import NoResultFound

from august.kernel import dump, schema
from august.kernel.columns import from_epoch
from august.kernel.context import SYSTEM, Actor, Context
from august.kernel.errors import Refusal
from august.kernel.files import Files
from august.kernel.house import House
from august.kernel.luck import Luck
from august.kernel.plain import first, plain
from august.kernel.spaces import PostgresSpace, Space, SqliteSpace, patiently
from august.kernel.tables import Clock, JobStart, WorldSession
from august.kernel.words import N_

_clock = plain(Clock)
NOW = select(_clock.c.now, _clock.c.seed).where(_clock.c.id == 1)
NOW_LOCKED = NOW.with_for_update()
Grow = Callable[[WorldSession, Luck, datetime], None]


class World:
    """One open world: contexts to read and write it, and the turns that keep writers apart."""

    def __init__(self, world_id: str, space: Space, house: House, files: Files) -> None:
        """Bind the world to its namespace."""
        self.id = world_id
        self.space = space
        self.house = house
        self.files = files

    @cached_property
    def _engine(self) -> Engine:
        """Opened when it is first needed."""
        return self.space.engine(self.id)

    @cached_property
    def _writer(self) -> Engine:
        """The same, whose transactions take the writer's lock at once."""
        return self._engine.execution_options(writing=True)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Context]:
        """A context that is never committed."""
        with WorldSession(self._engine, autoflush=False) as session:
            yield self._context(session, NOW, actor)

    @contextmanager
    def writing(self, actor: Actor, kept: dict[Any, Any] | None = None) -> Iterator[Context]:
        """A context for a runner, which commits it; writers of one world go one after the other.

        `kept` is what a context of the same runner remembered.
        """
        with WorldSession(self._writer) as session:
            yield self._context(session, NOW_LOCKED, actor, kept)

    def _context(
        self, session: WorldSession, asked: Select[Any], actor: Actor, kept: dict[Any, Any] | None = None
    ) -> Context:
        found = first(session.connection(), asked)
        if found is None:
            raise NoResultFound("a world without a clock")
        now, seed = found
        return Context(
            session=session,
            now=from_epoch(now),
            actor=actor,
            rulebook=self.house.rulebook,
            luck=Luck(seed),
            listeners=self.house.listeners,
            writable=asked is NOW_LOCKED,
            files=self.files,
            kept={} if kept is None else kept,
        )

    @contextmanager
    def command_turn(self) -> Iterator[None]:
        """Commands run beside each other but not during an advance."""
        # A clock that runs by itself moves for some hundredths of a second: worth waiting for.
        with patiently(self.space, f"{self.id}.turn", shared=True) as free:
            if not free:
                raise self.busy()
            yield

    @contextmanager
    def advance_turn(self) -> Iterator[None]:
        """One advance at a time; it waits for running commands, and refuses beside another advance."""
        with self.space.hold(f"{self.id}.advance", shared=False, wait=False) as free:
            if not free:
                raise self.busy()
            with self.space.hold(f"{self.id}.turn", shared=False, wait=True):
                yield

    def advancing(self) -> bool:
        """Whether somebody moves this world's clock just now."""
        with self.space.hold(f"{self.id}.advance", shared=True, wait=False) as free:
            return not free

    @staticmethod
    def busy() -> Refusal:
        """Why nothing can be done while the clock moves."""
        return Refusal(
            "clock.advancing",
            N_("The clock of this world is moving."),
            rules=["world.clock"],
            remedy=N_("Wait until the jump ends, or stop it at the clock bar."),
            status=409,
        )

    def state_hash(self) -> str:
        """The canonical hash of all that is in the world."""
        with self.space.snapshot(self.id) as connection:
            return dump.state_hash(connection)


class Worlds:
    """The store of worlds over one kind of namespace."""

    def __init__(self, space: Space, house: House, files: Files) -> None:
        """Keep the space, the house and the store of files that all worlds share."""
        self.space = space
        self.house = house
        self.files = files
        self._guard = threading.Lock()
        self._checked: set[str] = set()

    @classmethod
    def at(cls, house: House, *, folder: Path, url: str | None, files: Path | None = None) -> "Worlds":
        """PostgreSQL when an address is given, a folder of SQLite files otherwise."""
        space = PostgresSpace(url) if url else SqliteSpace(folder)
        return cls(space, house, Files(files or folder / "files"))

    def close(self) -> None:
        """Let go of all connections."""
        self.space.close()

    def seal(self, template: str, born: datetime, world_file: str, grow: Grow) -> None:
        """Grow a template once; several processes may try, one finished result stays.

        `grow` gets luck keyed by the template's own seed 0: the past belongs to the world file (K4b).
        """
        if self.space.exists(template):
            return
        with self._guard, self.space.hold(f"{template}.grow", shared=False, wait=True):
            if self.space.exists(template):
                return
            draft = f"{template}_d{os.getpid()}"
            self.space.drop(draft)
            self.space.create(draft)
            with WorldSession(self.space.engine(draft).execution_options(writing=True)) as session:
                session.add(Clock(id=1, now=born, born=born, seed=0, world_file=world_file))
                session.add_all(JobStart(name=job.name, since=born) for job in self.house.jobs)
                session.flush()
                grow(session, Luck(0), born)
                session.commit()
            self.space.rename(draft, template)

    def create(self, world_id: str, template: str, seed: int) -> World:
        """A fresh world from a sealed template, its luck decided by the seed."""
        self.space.copy(template, world_id, seed=seed)
        self._checked.add(world_id)
        return World(world_id, self.space, self.house, self.files)

    def open(self, world_id: str) -> World:
        """An existing world, brought to the newest revision first; 404 when there is none."""
        if world_id not in self._checked:
            if not self.space.exists(world_id):
                raise Refusal("world.unknown", N_("There is no such world."), status=404)
            self._upgrade(world_id)
            self._checked.add(world_id)
        return World(world_id, self.space, self.house, self.files)

    def _upgrade(self, world_id: str) -> None:
        engine = self.space.engine(world_id)
        name = self.space.schema(world_id)
        table = f'"{name}".alembic_version' if name else "alembic_version"
        with engine.execution_options(writing=True).begin() as connection:
            at = connection.execute(text(f"SELECT version_num FROM {table}")).scalar_one()  # noqa: S608
            if at != schema.head("world"):
                schema.upgrade(connection, "world", schema=name)

    def clone(self, source: str, target: str) -> datetime:
        """A second world equal to the first: fork, and checkpoint, which is a fork nobody opens.

        Returns the instant at which both stand.
        """
        world = self.open(source)
        # Copies wait for each other; only a moving clock refuses them.
        with self.space.hold(f"{source}.copy", shared=False, wait=True), world.advance_turn():
            self.space.copy(source, target)
            with world.reading(SYSTEM) as ctx:
                return ctx.now

    def restore(self, world_id: str, checkpoint: str) -> None:
        """Rewind: the checkpoint's copy takes the world's place."""
        if not self.space.exists(checkpoint):
            raise Refusal("checkpoint.unknown", N_("There is no such checkpoint."), status=404)
        with self.open(world_id).advance_turn():
            self._checked.discard(world_id)
            self.space.replace(world_id, checkpoint)

    def drop(self, world_id: str) -> None:
        """Remove a world or checkpoint for good."""
        self._checked.discard(world_id)
        self.space.drop(world_id)

    def export(self, world_id: str, about: dict[str, Any]) -> bytes:
        """The world as one file."""
        self.open(world_id)
        with self.space.engine(world_id).connect() as connection:
            return dump.write(connection, schema.head("world"), about)

    def import_(self, world_id: str, archive: dump.Archive) -> World:
        """A new world from an export of this or an earlier release; nothing stays when it fails."""
        revisions = schema.known("world")
        if archive.about["revision"] not in revisions:
            raise Refusal(
                "world.newer_export",
                N_("This file comes from another release (revision {revision})."),
                params={"revision": str(archive.about["revision"])[:40]},
                remedy=N_("Import it where it was written, or upgrade this installation."),
            )
        try:
            self.space.create(world_id, to=archive.about["revision"])
            engine = self.space.engine(world_id).execution_options(writing=True)
            with engine.begin() as connection:
                archive.load(connection, self.space.schema(world_id))
            world = self.open(world_id)
            with self.space.engine(world_id).connect() as connection:
                dump.proven(connection)
            return world  # noqa: TRY300 - whatever fails here must leave nothing
        except BaseException:
            self.drop(world_id)
            raise
