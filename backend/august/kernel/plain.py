"""Rows as plain numbers and texts, read by kept statements: for what jobs and pages ask again and again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    case,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from august.kernel.columns import Instant, Json, Numbers, canonical_json

Row = dict[str, Any]
# Stands for a value that every asking has to bring.
MISSING = object()


@cache
def plain(table: type[DeclarativeBase]) -> Table:
    """The table with its columns as they are stored: instants are epoch seconds, JSON is text.

    Columns of packed numbers are read and written here as arrays.
    """
    columns = []
    for column in table.__table__.c:
        kind = column.type
        if isinstance(kind, Instant):
            kind = BigInteger()
        elif isinstance(kind, Json):
            kind = Text()
        columns.append(Column(column.name, kind, primary_key=column.primary_key))
    return Table(table.__tablename__, MetaData(), *columns)


def rows(connection: Connection, asked: Select[Any], values: Mapping[str, Any] | None = None) -> list[Row]:
    """The rows of a statement over plain tables, as dicts that may be changed."""
    names, found = _found(connection, asked, values or {})
    return [dict(zip(names, row)) for row in found]  # noqa: B905 - the database gives a value a name


def tuples(
    connection: Connection, asked: Select[Any], values: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """The rows of a statement over plain tables, each as a tuple."""
    return _found(connection, asked, values or {})[1]


def batches(connection: Connection, asked: Select[Any], size: int) -> Iterator[Sequence[Any]]:
    """The rows of an ordered statement over plain tables, so many at a time; most tables are one batch."""
    if connection.dialect.positional:
        cursor = drive(connection, _read(connection, asked).text, ())
        while batch := cursor.fetchmany(size):
            yield batch
        return
    # A cursor of the server costs some more messages than the few rows of most tables are worth.
    batch = connection.execute(asked.limit(size)).all()
    if batch:
        yield batch
    if len(batch) == size:
        rest = asked.offset(size).execution_options(yield_per=size)
        with connection.execute(rest) as result:
            yield from result.partitions()


def first(connection: Connection, asked: Select[Any], values: Mapping[str, Any] | None = None) -> Any:
    """The first row of a statement over plain tables as a tuple; None when there is none."""
    return next(iter(tuples(connection, asked, values)), None)


def columns_of(
    connection: Connection, asked: Select[Any], values: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """What a statement selects, column by column."""
    names, found = _found(connection, asked, values or {})
    return list(zip(*found, strict=True)) or [()] * len(names)


def number_columns(
    connection: Connection, asked: Select[Any], values: Mapping[str, Any] | None = None
) -> list[npt.NDArray[np.int64]]:
    """The columns of a statement that selects whole numbers only, each as an array."""
    return [np.array(column, dtype=np.int64) for column in columns_of(connection, asked, values)]


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where the condition holds, 0 elsewhere."""
    return case((condition, 1), else_=0)


class Listed(TypeDecorator[list[Any]]):
    """A list as one value: an array where the database has them, JSON elsewhere."""

    impl = ARRAY
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """JSON for SQLite."""
        return dialect.type_descriptor(Text()) if dialect.name == "sqlite" else self.impl_instance

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """As `_found` does it."""
        return canonical_json(value) if dialect.name == "sqlite" else value


class Among(FunctionElement[bool]):
    """Whether a column has one of the values of a list that is a single parameter."""

    inherit_cache = True


@compiles(Among, "sqlite")
def _among_sqlite(element: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled by SQLAlchemy


@compiles(Among)
def _among(element: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(each, **kw) for each in element.clauses)
    return f"{column} = ANY ({values})"


def among(column: ColumnElement[Any], name: str = "values") -> Among:
    """Whether the column has one of the values bound by a name, a list: of any length one statement."""
    return Among(column, bindparam(name, type_=Listed(column.type)))


class _Read:
    """A kept statement for a database with positional values: its text, its values in order, its columns."""

    __slots__ = ("names", "own", "packed", "text")

    def __init__(self, connection: Connection, asked: Select[Any]) -> None:
        compiled: Any = asked.compile(dialect=connection.dialect)
        wanted = {bind.key: MISSING for bind in compiled.binds.values() if bind.required}
        if any(bind.required and bind.expanding for bind in compiled.binds.values()):
            msg = f"a list of values is bound by `among`: {compiled}"
            raise TypeError(msg)
        # Lists that the statement itself holds are written out.
        state = compiled.construct_expanded_state(wanted)
        self.text: str = state.statement
        self.own: list[tuple[str, Any]] = [(name, state.parameters[name]) for name in state.positiontup]
        self.names: tuple[str, ...] = ()
        self.packed = {
            place: column.type
            for place, column in enumerate(asked.selected_columns)
            if isinstance(column.type, Numbers)
        }

    def given(self, values: Mapping[str, Any]) -> list[Any]:
        found = [values[name] if value is MISSING else values.get(name, value) for name, value in self.own]
        return [canonical_json(value) if isinstance(value, list) else value for value in found]


_READS: WeakKeyDictionary[Select[Any], _Read] = WeakKeyDictionary()


def _read(connection: Connection, asked: Select[Any]) -> _Read:
    read = _READS.get(asked)
    if read is None:
        read = _READS[asked] = _Read(connection, asked)
    return read


def _found(
    connection: Connection, asked: Select[Any], values: Mapping[str, Any]
) -> tuple[tuple[str, ...], Sequence[Any]]:
    """The names and rows of a statement; where values go by position the driver is asked without a detour.

    Only for plain tables, whose values are as they are stored, and for statements that are kept: a new one
    is compiled each time.
    """
    if not connection.dialect.positional:
        result = connection.execute(asked, values)
        return tuple(result.keys()), result.all()
    read = _read(connection, asked)
    cursor = drive(connection, read.text, read.given(values))
    if not read.names:
        read.names = tuple(column[0] for column in cursor.description)
    found = cursor.fetchall()
    if read.packed:
        found = [_unpacked(row, read.packed) for row in found]
    return read.names, found


def _unpacked(row: Sequence[Any], packed: Mapping[int, Numbers]) -> tuple[Any, ...]:
    return tuple(packed[place].unpack(value) if place in packed else value for place, value in enumerate(row))


def drive(connection: Connection, text: str, given: Iterable[Any], *, many: bool = False) -> Any:
    """Let the driver execute a text, once or for many; its cursor. Only where values go by position."""
    if not connection.in_transaction():
        raise RuntimeError("nothing has begun: each statement would see another instant")
    driver: Any = connection.connection.driver_connection
    return driver.executemany(text, given) if many else driver.execute(text, given)
