"""Whole rows in and out as plain numbers and texts: for jobs that move hundreds of rows at once."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from august.kernel.columns import Instant, Json, canonical_json, from_epoch, to_epoch
from august.kernel.tables import WorldBase, next_id

Row = dict[str, Any]


@cache
def plain(table: type[WorldBase]) -> Table:
    """The table with its columns as they are stored: instants are epoch seconds, JSON is text."""
    columns = []
    for column in table.__table__.c:
        kind = column.type
        if isinstance(kind, Instant):
            kind = BigInteger()
        elif isinstance(kind, Json):
            kind = Text()
        columns.append(Column(column.name, kind, primary_key=column.primary_key))
    return Table(table.__tablename__, MetaData(), *columns)


def rows(session: Session, asked: Select[Any]) -> list[Row]:
    """The rows of a statement over plain tables, as dicts that may be changed."""
    return [dict(row) for row in session.execute(asked).mappings()]


def rows_where(session: Session, table: type[WorldBase], *conditions: Any) -> list[Row]:
    """All columns of the rows of one table that meet the conditions, by primary key."""
    stored = plain(table)
    return rows(session, select(stored).where(*conditions).order_by(*stored.primary_key))


def insert_rows(session: Session, table: type[WorldBase], fresh: Sequence[Row]) -> None:
    """Store new rows; those of a table that counts its rows get their numbers here, in their order."""
    if not fresh:
        return
    if "id" in plain(table).c and "id" not in fresh[0]:
        for number, row in enumerate(fresh, start=next_id(session, table)):
            row["id"] = number
    session.execute(insert(plain(table)), list(fresh))


def update_rows(session: Session, table: type[WorldBase], changed: Iterable[tuple[int, Row]]) -> None:
    """Write changed columns of rows named by their one key; rows that change the same columns go together."""
    stored = plain(table)
    (key,) = stored.primary_key
    batches: dict[tuple[str, ...], list[Row]] = {}
    for number, values in changed:
        if values:
            batches.setdefault(tuple(sorted(values)), []).append({"key_": number, **values})
    for names, batch in batches.items():
        statement = update(stored).where(key == bindparam("key_"))
        session.execute(statement.values({name: bindparam(name) for name in names}), batch)


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

    def __init__(self, session: Session, table: type[WorldBase]) -> None:
        """Begin with nothing in hand."""
        self.session, self.table = session, table
        self.rows: dict[int, Row] = {}
        self._fresh: dict[int, Row] = {}
        self._changed: dict[int, Row] = {}
        self._next: int | None = None
        (self._key,) = plain(table).primary_key

    def take(self, *conditions: Any) -> list[Row]:
        """Read the rows that meet the conditions; one in hand already stays as it is in hand."""
        read = rows_where(self.session, self.table, *conditions)
        return [self.rows.setdefault(row[self._key.name], row) for row in read]

    def get(self, number: int) -> Row:
        """One row by its key; KeyError when there is none."""
        if number not in self.rows:
            self.take(self._key == number)
        return self.rows[number]

    def add(self, row: Row) -> Row:
        """A new row with every column; one that is counted gets its number."""
        name = self._key.name
        if name not in row:
            if self._next is None:
                self._next = next_id(self.session, self.table)
            row[name] = self._next
            self._next += 1
        self.rows[row[name]] = self._fresh[row[name]] = row
        return row

    def change(self, row: Row, changes: Mapping[str, Any]) -> None:
        """Let a row in hand have other values."""
        row.update(changes)
        number = row[self._key.name]
        if number not in self._fresh:
            self._changed.setdefault(number, {}).update(changes)

    def remove(self, row: Row) -> None:
        """Delete a row in hand."""
        number = row[self._key.name]
        del self.rows[number]
        self._changed.pop(number, None)
        if self._fresh.pop(number, None) is None:
            self.session.execute(delete(plain(self.table)).where(self._key == number))

    def write(self) -> None:
        """Store what was added and changed."""
        insert_rows(self.session, self.table, list(self._fresh.values()))
        update_rows(self.session, self.table, self._changed.items())
        self._fresh, self._changed = {}, {}
