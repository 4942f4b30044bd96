"""Tables that every world has: its clock, its log of actions, its timeline, its finished jobs."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    Index,
    MetaData,
    Select,
    String,
    event,
    func,
    inspect,
    select,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
)

from august.kernel.columns import Id, Instant, Json
from august.kernel.plain import first

Row = TypeVar("Row", bound=DeclarativeBase)
# Where a session finds what its context keeps.
KEPT = "kept"
LARGEST_ID = 2**63 - 1
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class WorldBase(DeclarativeBase):
    """Base of all tables inside a world."""

    metadata = MetaData(naming_convention=NAMING)


class Clock(WorldBase):
    """The single row that holds the world's now."""

    __tablename__ = "clock"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    now: Mapped[datetime] = mapped_column(Instant)
    born: Mapped[datetime] = mapped_column(Instant)
    seed: Mapped[int] = mapped_column(BigInteger)
    world_file: Mapped[str] = mapped_column(String(40))


class Action(WorldBase):
    """One command that was carried out, as it can be replayed."""

    __tablename__ = "actions"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[Any] = mapped_column(Json)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[Any] = mapped_column(Json)
    result: Mapped[Any] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)


class Event(WorldBase):
    """A fact that a room published; an object's rows are its timeline."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(80))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int] = mapped_column(BigInteger)
    merchant_id: Mapped[int | None] = mapped_column(BigInteger)
    actor: Mapped[str] = mapped_column(String(16))
    params: Mapped[Any] = mapped_column(Json)
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "at"))


class JobRun(WorldBase):
    """A job that was done at an instant; the key makes a second time impossible."""

    __tablename__ = "job_runs"
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)


class JobStart(WorldBase):
    """Since when a world knows a job: one added by a newer release does not make up for the past."""

    __tablename__ = "job_starts"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


def by_id(session: Session, table: type[Row], number: int) -> Row | None:
    """The row of an `id` table; None when there is none, also for numbers no database can hold."""
    return session.get(table, number) if 0 < number <= LARGEST_ID else None


def next_id(connection: Connection, table: type[WorldBase]) -> int:
    """The next free id of a table; both databases count alike because we count, not they."""
    return int(first(connection, _last_id(table))[0]) + 1


def next_ids(connection: Connection, tables: Sequence[type[WorldBase]]) -> dict[type[WorldBase], int]:
    """The next free ids of several tables, by one statement."""
    last = first(connection, _last_ids(tuple(tables)))
    return {table: number + 1 for table, number in zip(tables, last, strict=True)}


@cache
def _last_ids(tables: tuple[type[WorldBase], ...]) -> Select[Any]:
    return select(*(_last_id(table).scalar_subquery() for table in tables))


@cache
def _last_id(table: type[WorldBase]) -> Select[Any]:
    return select(func.coalesce(func.max(inspect(table).primary_key[0]), 0))


def assign_ids(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    """Give each new object of an `id` table its number, in the order the objects were added."""
    free: dict[type[WorldBase], int] = {}
    for obj in session.new:
        if isinstance(obj, WorldBase) and hasattr(obj, "id") and obj.id is None:
            kind = type(obj)
            obj.id = free[kind] if kind in free else next_id(session.connection(), kind)
            free[kind] = obj.id + 1


def forget_written(session: Session, _flush: UOWTransaction) -> None:
    """What a context keeps of a table is not true any more when an object of it was written."""
    kept = session.info.get(KEPT, {})
    for table in {type(obj) for objs in (session.new, session.dirty, session.deleted) for obj in objs}:
        kept.pop(table, None)


def forget_changed(state: ORMExecuteState) -> None:
    """Nor when a statement of the session changed some of its rows."""
    if not state.is_select and state.bind_mapper is not None:
        state.session.info.get(KEPT, {}).pop(state.bind_mapper.class_, None)


class WorldSession(Session):
    """A session over one world."""


event.listen(WorldSession, "before_flush", assign_ids)
event.listen(WorldSession, "after_flush", forget_written)
event.listen(WorldSession, "do_orm_execute", forget_changed)
