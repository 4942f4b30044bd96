"""Whole rows in and out: for jobs that move hundreds of rows at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Select, Update, bindparam, delete, insert, select, update

from august.kernel.columns import Instant, Json, Numbers, canonical_json, from_epoch, to_epoch
from august.kernel.plain import Row, among, drive, plain, rows
from august.kernel.tables import WorldBase, next_id


@cache
def _those(table: type[WorldBase], column: str) -> Select[Any]:
    """All columns of the rows whose column is one of `values`."""
    stored = plain(table)
    return select(stored).where(among(stored.c[column])).order_by(*stored.primary_key)


@cache
def _below(table: type[WorldBase], column: str) -> Select[Any]:
    """All columns of the rows whose column is below `value`."""
    stored = plain(table)
    return select(stored).where(stored.c[column] < bindparam("value"))


@cache
def _insert(table: type[WorldBase]) -> Insert:
    return insert(plain(table))


@cache
def _update(table: type[WorldBase], names: tuple[str, ...]) -> Update:
    stored = plain(table)
    (key,) = stored.primary_key
    statement = update(stored).where(key == bindparam("key_"))
    return statement.values({name: bindparam(name) for name in names})


@cache
def _delete(table: type[WorldBase]) -> Delete:
    stored = plain(table)
    (key,) = stored.primary_key
    return delete(stored).where(key == bindparam("key_"))


def insert_rows(
    connection: Connection, table: type[WorldBase], fresh: Sequence[Row], first: int | None = None
) -> None:
    """Store new rows; those of a table that counts its rows get their numbers here, in their order.

    `first` is the first of these numbers, asked for if not known.
    """
    if not fresh:
        return
    if "id" in plain(table).c and "id" not in fresh[0]:
        for number, row in enumerate(fresh, start=first or next_id(connection, table)):
            row["id"] = number
    _many(connection, _insert(table), list(fresh))


def update_rows(
    connection: Connection, table: type[WorldBase], names: tuple[str, ...], changed: Iterable[tuple[int, Row]]
) -> None:
    """Write the named columns of rows given by their one key."""
    batch = (
        [{"key_": number, **{name: row[name] for name in names}} for number, row in changed] if names else []
    )
    if batch:
        _many(connection, _update(table, names), batch)


def insert_columns(
    connection: Connection, table: type[WorldBase], columns: Mapping[str, Iterable[Any]]
) -> None:
    """Store new rows given by their columns, as the driver takes values: packed numbers are bytes.

    By one executemany, or by COPY where there is one. No column may be left out; columns that end late
    are cut at the first that ends.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    rows_ = zip(*columns.values())  # noqa: B905 - a column may repeat one value for ever
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        text = f"INSERT INTO {table.__tablename__} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
        drive(connection, text, rows_, many=True)
        return
    schema = connection.get_execution_options().get("schema_translate_map", {}).get(None)
    place = f'"{schema}".{table.__tablename__}' if schema else table.__tablename__
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {place} ({names}) FROM STDIN") as copy:
        for row in rows_:
            copy.write_row(row)


# The text of a statement for a database with positional values, and what takes them out of a row in order.
_TEXTS: dict[tuple[Any, ...], tuple[str, Callable[[Row], Any]]] = {}


def _many(connection: Connection, statement: Insert | Update | Delete, batch: list[Row]) -> None:
    """One statement for many rows; where values go by position the driver gets them without a detour."""
    if not connection.dialect.positional:
        connection.execute(statement, batch)
        return
    key = statement, *(batch[0] if isinstance(statement, Insert) else ())
    if key not in _TEXTS:
        wanted = list(batch[0]) if isinstance(statement, Insert) else None
        compiled: Any = statement.compile(dialect=connection.dialect, column_keys=wanted)
        names = compiled.positiontup
        _TEXTS[key] = str(compiled), _taker(names, statement.table.c)
    text, values = _TEXTS[key]
    drive(connection, text, [values(row) for row in batch], many=True)


def _taker(names: Sequence[str], columns: Any) -> Callable[[Row], Any]:
    packed = {
        name: columns[name].type
        for name in names
        if isinstance(getattr(columns.get(name), "type", 0), Numbers)
    }
    if packed:
        return lambda row: [packed[name].pack(row[name]) if name in packed else row[name] for name in names]
    one = itemgetter(*names)
    return one if len(names) > 1 else lambda row: (one(row),)


def do(connection: Connection, statement: Insert | Update | Delete, values: Row) -> None:
    """One kept statement over plain tables."""
    _many(connection, statement, [values])


def row_of(obj: WorldBase) -> Row:
    """A loaded object as its plain row."""
    found = {}
    for column in obj.__table__.c:
        value = getattr(obj, column.name)
        if value is not None and isinstance(column.type, Instant):
            value = to_epoch(value)
        elif value is not None and isinstance(column.type, Json):
            value = canonical_json(value)
        found[column.name] = value
    return found


def put(obj: WorldBase, changes: Mapping[str, Any]) -> None:
    """Plain changes onto a loaded object."""
    for name, value in changes.items():
        column = obj.__table__.c[name]
        moment = value is not None and isinstance(column.type, Instant)
        setattr(obj, name, from_epoch(value) if moment else value)


class Book:
    """The rows of one table that a job has in hand: read, added and changed in memory, written at the end."""

    def __init__(self, connection: Connection, table: type[WorldBase], first: int | None = None) -> None:
        """Begin with nothing in hand; `first` is the number of the first new row, asked for if not known."""
        self.connection, self.table = connection, table
        self.rows: dict[int, Row] = {}
        self._fresh: dict[int, Row] = {}
        self._changed: dict[int, Row] = {}
        self._names: set[str] = set()
        self._gone: list[int] = []
        self._next = first
        (key,) = plain(table).primary_key
        self.key = key.name

    def _keep(self, found: Iterable[Row]) -> list[Row]:
        """One in hand already stays as it is in hand."""
        return [self.rows.setdefault(row[self.key], row) for row in found]

    def take(self, column: str, values: Iterable[int]) -> list[Row]:
        """Read the rows whose column has one of the values."""
        wanted = sorted(set(values))
        if not wanted:
            return []
        return self._keep(rows(self.connection, _those(self.table, column), {"values": wanted}))

    def take_below(self, column: str, value: int) -> list[Row]:
        """Read the rows whose column is below the value."""
        found = rows(self.connection, _below(self.table, column), {"value": value})
        # Put in order here: asked for an order, SQLite would walk the whole table in it.
        return self._keep(sorted(found, key=itemgetter(self.key)))

    def get(self, number: int) -> Row:
        """One row by its key; KeyError when there is none."""
        if number not in self.rows:
            self.take(self.key, [number])
        return self.rows[number]

    def add(self, row: Row) -> Row:
        """A new row with every column; one that is counted gets its number."""
        if self.key not in row:
            if self._next is None:
                self._next = next_id(self.connection, self.table)
            row[self.key] = self._next
            self._next += 1
        self.rows[row[self.key]] = self._fresh[row[self.key]] = row
        return row

    def change(self, row: Row, changes: Mapping[str, Any]) -> None:
        """Let a row in hand have other values."""
        row.update(changes)
        if row[self.key] not in self._fresh:
            self._changed[row[self.key]] = row
            self._names.update(changes)

    def remove(self, row: Row) -> None:
        """Delete a row in hand."""
        number = row[self.key]
        del self.rows[number]
        self._changed.pop(number, None)
        if self._fresh.pop(number, None) is None:
            self._gone.append(number)

    def write(self) -> None:
        """Store what was added, changed (columns that any row changed) and removed, each by a statement."""
        if self._gone:
            batch = [{"key_": number} for number in self._gone]
            _many(self.connection, _delete(self.table), batch)
        insert_rows(self.connection, self.table, list(self._fresh.values()))
        names = tuple(sorted(self._names))
        update_rows(self.connection, self.table, names, self._changed.items())
        self._fresh, self._changed, self._names, self._gone = {}, {}, set(), []
