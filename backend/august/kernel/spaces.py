"""Namespaces for worlds: a file each on SQLite, a schema each on PostgreSQL, the same few functions."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    create_mock_engine,
    event,
    inspect,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from august.kernel import schema
from august.kernel.tables import Clock, WorldBase

OPEN_ENGINES = 64
BUSY_MS = 10_000
BESIDE = ("-wal", "-shm", "-journal")
LOOKS, LOOK_SECONDS = 15, 0.02


class Space(Protocol):
    """Where namespaces live."""

    def create(self, name: str, *, to: str = "head") -> None:
        """An empty namespace at a revision."""

    def exists(self, name: str) -> bool:
        """Whether there is one."""

    def engine(self, name: str) -> Engine:
        """An engine whose tables are that namespace's."""

    def snapshot(self, name: str) -> Any:
        """Context manager: a connection that sees the namespace as of one instant, whoever writes."""

    def names(self, prefix: str) -> list[str]:
        """The namespaces whose names begin so, in order."""

    def schema(self, name: str) -> str | None:
        """The schema's name, where there are schemas."""

    def copy(self, source: str, target: str, *, seed: int | None = None) -> None:
        """A new namespace equal to another one, with luck of its own when given; whole or not at all."""

    def replace(self, target: str, source: str) -> None:
        """Put a copy of `source` in the place of `target`; whole or not at all."""

    def rename(self, source: str, target: str) -> None:
        """Give a finished namespace its name."""

    def drop(self, name: str) -> None:
        """Remove one; a missing one is fine."""

    def close(self) -> None:
        """Let go of all connections."""

    def hold(self, name: str, *, shared: bool, wait: bool) -> Any:
        """Context manager: True while the named lock is held, False when somebody else has it."""


@contextmanager
def patiently(space: Space, name: str, *, shared: bool) -> Iterator[bool]:
    """Hold a lock like `Space.hold`, but look again for a third of a second before giving up."""
    with ExitStack() as stack:
        for _ in range(LOOKS):
            if stack.enter_context(space.hold(name, shared=shared, wait=False)):
                yield True
                return
            stack.close()
            threading.Event().wait(LOOK_SECONDS)
        yield False


class SqliteSpace:
    """A folder of SQLite files."""

    def __init__(self, folder: Path) -> None:
        """Use (and make) the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._guard = threading.Lock()

    def path(self, name: str) -> Path:
        """The file of a namespace."""
        return self.folder / f"{name}.sqlite"

    def schema(self, _name: str) -> None:
        """SQLite has no schemas."""
        return

    def create(self, name: str, *, to: str = "head") -> None:
        """An empty file at a revision, in rollback-journal mode."""
        draft = self.path(f"{name}.draft-{os.getpid()}-{threading.get_ident()}")
        draft.unlink(missing_ok=True)
        engine = create_engine(f"sqlite:///{draft}", poolclass=QueuePool, pool_size=1)
        with engine.begin() as connection:
            schema.upgrade(connection, "world", to=to)
        engine.dispose()
        draft.replace(self.path(name))

    def exists(self, name: str) -> bool:
        """Whether the file is there."""
        return self.path(name).exists()

    def names(self, prefix: str) -> list[str]:
        """The files whose names begin so; drafts, which carry a dot, are no namespaces yet."""
        found = (path.stem for path in self.folder.glob("*.sqlite"))
        return sorted(name for name in found if name.startswith(prefix) and "." not in name)

    def engine(self, name: str) -> Engine:
        """The engine of a file, from the least-recently-used few that stay open."""
        with self._guard:
            if name in self._engines:
                self._engines.move_to_end(name)
                return self._engines[name]
            engine = create_engine(
                f"sqlite:///{self.path(name)}", poolclass=QueuePool, pool_size=4, max_overflow=60
            )
            teach_sqlite(engine)
            self._engines[name] = engine
            while len(self._engines) > OPEN_ENGINES:
                self._engines.popitem(last=False)[1].dispose()
            return engine

    @contextmanager
    def snapshot(self, name: str) -> Iterator[Connection]:
        """A transaction that has begun reads what stood at its first read."""
        with self.engine(name).begin() as connection:
            yield connection

    def _forget(self, name: str) -> None:
        with self._guard:
            engine = self._engines.pop(name, None)
        if engine is not None:
            engine.dispose()

    def copy(self, source: str, target: str, *, seed: int | None = None) -> None:
        """Copy the file beside its place, then rename."""
        draft = self.path(f"{target}.draft-{os.getpid()}-{threading.get_ident()}")
        self._copy_file(source, draft)
        if seed is not None:
            _sow(draft, seed)
        draft.replace(self.path(target))

    def _copy_file(self, source: str, draft: Path) -> None:
        """A plain copy of the file, and of its write-ahead log where there is one.

        Emptying the log into the living file instead would wait for the disk.
        """
        path, log = self.path(source), _beside(self.path(source), "-wal")
        for suffix in ("", *BESIDE):
            _beside(draft, suffix).unlink(missing_ok=True)
        if not log.exists():
            shutil.copyfile(path, draft)
            return
        with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)) as live:
            # Nobody writes meanwhile, so the log only grows old: what is moved into the file is in both.
            live.execute("BEGIN IMMEDIATE")
            shutil.copyfile(path, draft)
            shutil.copyfile(log, _beside(draft, "-wal"))
        with _alone(draft) as copy:
            copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def replace(self, target: str, source: str) -> None:
        """Swap a copy in; the old log is emptied before and removed after, so it can never be replayed."""
        draft = self.path(f"{target}.draft-{os.getpid()}-{threading.get_ident()}")
        self._copy_file(source, draft)
        # What is put in the place of a world must be on the disk before the world is gone.
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        self._forget(target)
        path = self.path(target)
        if path.exists():
            with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000)) as live:
                live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                live.execute("PRAGMA journal_mode=DELETE")
        draft.replace(path)
        self._forget(target)

    def rename(self, source: str, target: str) -> None:
        """Rename the file, its log emptied."""
        self._forget(source)
        with closing(sqlite3.connect(self.path(source), timeout=BUSY_MS / 1000)) as live:
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            live.execute("PRAGMA journal_mode=DELETE")
        self.path(source).replace(self.path(target))

    def drop(self, name: str) -> None:
        """Remove the file and what stands beside it."""
        self._forget(name)
        for suffix in ("", *BESIDE):
            _beside(self.path(name), suffix).unlink(missing_ok=True)
        for lock in self.folder.glob(f"{name}.*.lock"):
            lock.unlink(missing_ok=True)

    def close(self) -> None:
        """Close every open file."""
        for name in list(self._engines):
            self._forget(name)

    @contextmanager
    def hold(self, name: str, *, shared: bool, wait: bool) -> Iterator[bool]:
        """Lock a file beside the world: the system frees it when a process dies."""
        descriptor = os.open(self.folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            flag = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
            try:
                fcntl.flock(descriptor, flag)
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(descriptor)


def _beside(path: Path, suffix: str) -> Path:
    """A file that SQLite keeps beside another one."""
    return path.with_name(path.name + suffix)


@contextmanager
def _alone(draft: Path) -> Iterator[sqlite3.Connection]:
    """A file that nobody else knows yet, written without waiting for the disk: killed, it is no world."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA synchronous=OFF")
        yield connection


def _sow(draft: Path, seed: int) -> None:
    """Write the seed, and the journal mode that the file will be opened in."""
    with _alone(draft) as copy:
        copy.execute("PRAGMA journal_mode=MEMORY")
        copy.execute("UPDATE clock SET seed = ?", (seed,))
        copy.execute("PRAGMA journal_mode=WAL")


def teach_sqlite(engine: Engine) -> None:
    """Write-ahead log, foreign keys, patience, and our own BEGIN; the control database wants the same."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _on_begin
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    """A writer takes its lock at once: a lock upgraded half-way could fail."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@cache
def _definitions(_tables: int) -> list[str]:
    """What makes the tables of a world and their indexes; so many of them are known."""
    found: list[Any] = []
    made = create_mock_engine("postgresql+psycopg://", lambda sql, *_: found.append(sql))
    WorldBase.metadata.create_all(made, checkfirst=False)
    spoken = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    return [str(one.compile(dialect=spoken)).strip() for one in found]


class PostgresSpace:
    """Schemas of one PostgreSQL database."""

    def __init__(self, url: str) -> None:
        """Use the database at a SQLAlchemy address."""
        self._engine = create_engine(url, pool_size=10, max_overflow=50)

    def schema(self, name: str) -> str:
        """The schema carries the namespace's name."""
        return name

    def create(self, name: str, *, to: str = "head") -> None:
        """An empty schema at a revision."""
        with self._engine.begin() as connection:
            connection.execute(text(f'CREATE SCHEMA "{name}"'))
            schema.upgrade(connection, "world", to=to, schema=name)

    def exists(self, name: str) -> bool:
        """Whether the schema is there."""
        with self._engine.connect() as connection:
            return inspect(connection).has_schema(name)

    def names(self, prefix: str) -> list[str]:
        """The schemas whose names begin so."""
        with self._engine.connect() as connection:
            found = inspect(connection).get_schema_names()
        return sorted(name for name in found if name.startswith(prefix))

    def engine(self, name: str) -> Engine:
        """The one engine, its tables translated to the schema."""
        return self._engine.execution_options(schema_translate_map={None: name})

    @contextmanager
    def snapshot(self, name: str) -> Iterator[Connection]:
        """A transaction in which repeated reads agree."""
        alone = self.engine(name).execution_options(isolation_level="REPEATABLE READ")
        with alone.begin() as connection:
            yield connection

    def copy(self, source: str, target: str, *, seed: int | None = None) -> None:
        """All tables made anew and filled, in one transaction."""
        with self._engine.begin() as connection:
            self._copy(connection, source, target)
            if seed is not None:
                there = connection.execution_options(schema_translate_map={None: target})
                there.execute(update(Clock).values(seed=seed))

    def _copy(self, connection: Connection, source: str, target: str) -> None:
        """All of it in one message: a hundred and more small statements would each wait for an answer."""
        lines = [
            f'CREATE SCHEMA "{target}"',
            f'SET LOCAL search_path TO "{target}"',
            *_definitions(len(WorldBase.metadata.tables)),
        ]
        lines.append(f'CREATE TABLE alembic_version AS TABLE "{source}".alembic_version')
        for table in WorldBase.metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in table.c)
            lines.append(
                f'INSERT INTO "{table.name}" ({columns}) '  # noqa: S608  names are our own
                f'SELECT {columns} FROM "{source}"."{table.name}"'
            )
        lines.append("SET LOCAL search_path TO DEFAULT")
        connection.execution_options(no_parameters=True).exec_driver_sql(";\n".join(lines))

    def replace(self, target: str, source: str) -> None:
        """Drop and copy in one transaction."""
        with self._engine.begin() as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{target}" CASCADE'))
            self._copy(connection, source, target)

    def rename(self, source: str, target: str) -> None:
        """Rename the schema."""
        with self._engine.begin() as connection:
            connection.execute(text(f'ALTER SCHEMA "{source}" RENAME TO "{target}"'))

    def drop(self, name: str) -> None:
        """Drop the schema and all in it."""
        with self._engine.begin() as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))

    def close(self) -> None:
        """Close the pool."""
        self._engine.dispose()

    @contextmanager
    def hold(self, name: str, *, shared: bool, wait: bool) -> Iterator[bool]:
        """An advisory lock of a connection of its own: the server frees it when the process dies."""
        number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
        kind = "_shared" if shared else ""
        call = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            got = connection.execute(text(f"SELECT {call}{kind}(:n)"), {"n": number}).scalar_one()
            held = wait or bool(got)
            try:
                yield held
            finally:
                if held:
                    _unlock(connection, kind, number)


def _unlock(connection: Connection, kind: str, number: int) -> None:
    """Give an advisory lock back; a connection that broke meanwhile took it along."""
    try:
        connection.execute(text(f"SELECT pg_advisory_unlock{kind}(:n)"), {"n": number})
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
