"""A world as canonical rows: its state hash, its export, its import."""

import base64
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import (
    Boolean,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError

from august.kernel.columns import Json, Numbers, canonical_json, to_epoch
from august.kernel.errors import Refusal
from august.kernel.plain import batches, plain
from august.kernel.tables import WorldBase
from august.kernel.words import N_, Phrase

FORMAT = 1
# Rows as text: values in order, so that nothing needs sorting.
ROWS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
SIZE_LIMIT = 400 * 1024 * 1024
BATCH = 2000
# What a file that is no export, was cut, or lies about itself makes the libraries say. A recursion that is
# too deep and a password are runtime errors, an unknown way of packing is not implemented.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError)


@contextmanager
def rows(connection: Connection, table: Table) -> Iterator[Iterator[list[Any]]]:
    """The rows of a table by primary key, as plain values that are the same on every database.

    The database's cursor is closed with the context, also when a value cannot be read.
    """
    kinds = [isinstance(column.type, Json) for column in table.c]
    asked = select(*table.c).order_by(*table.primary_key)
    with connection.execute(asked, execution_options={"yield_per": BATCH}) as result:
        yield (
            [_plain(value, is_json=is_json) for value, is_json in zip(row, kinds, strict=True)]
            for row in result
        )


def _plain(value: Any, *, is_json: bool) -> Any:
    if isinstance(value, datetime):
        return to_epoch(value)
    if isinstance(value, np.ndarray):
        return _text(value)
    return canonical_json(value) if is_json and value is not None else value


def state_hash(connection: Connection) -> str:
    """SHA-256 over every row of every table in canonical order; an empty table counts as none.

    JSON is hashed as it is stored: it was written canonically. Rows are written down some thousands at a
    time, always as many.
    """
    digest = hashlib.sha256()
    for kind in sorted(_kinds(), key=lambda kind: kind.__tablename__):
        table = plain(kind)
        odd = {
            place: bool if isinstance(column.type, Boolean) else _text
            for place, column in enumerate(table.c)
            if isinstance(column.type, Boolean | Numbers)
        }
        for number, batch in enumerate(batches(connection, _whole(kind), BATCH)):
            if number == 0:
                digest.update(f"\n[{table.name}]\n".encode())
            told = [_alike(row, odd) for row in batch] if odd else [tuple(row) for row in batch]
            digest.update(ROWS.encode(told).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@cache
def _whole(kind: type[WorldBase]) -> Select[Any]:
    table = plain(kind)
    return select(table).order_by(*table.primary_key)


def _kinds() -> list[type[WorldBase]]:
    return [mapper.class_ for mapper in WorldBase.registry.mappers]


def _alike(row: Any, odd: Mapping[int, Callable[[Any], Any]]) -> list[Any]:
    """A row whose flags and packed numbers are told alike by both databases."""
    values = list(row)
    for place, kind in odd.items():
        if values[place] is not None:
            values[place] = kind(values[place])
    return values


def _text(packed: Any) -> str:
    """Packed numbers as text, as JSON needs them."""
    return base64.b64encode(packed if isinstance(packed, bytes) else packed.tobytes()).decode()


def _tables() -> list[Table]:
    return sorted(WorldBase.metadata.tables.values(), key=lambda table: table.name)


def write(connection: Connection, revision: str, about: dict[str, Any]) -> bytes:
    """The whole world as one zip file: a head and one file of JSON lines a table."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("world.json", canonical_json({"format": FORMAT, "revision": revision, **about}))
        for table in _tables():
            lines = [canonical_json([column.name for column in table.c])]
            with rows(connection, table) as found:
                lines += [canonical_json(row) for row in found]
            archive.writestr(f"{table.name}.jsonl", "\n".join(lines))
    return buffer.getvalue()


class Archive:
    """An export opened for reading; refuses what is not one."""

    def __init__(self, data: bytes) -> None:
        """Open and check head and size; nothing is unpacked beyond the limit."""
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            if sum(entry.file_size for entry in self.zip.infolist()) > SIZE_LIMIT:
                raise _refuse(N_("it unpacks to too much"), status=413)
            self.about: dict[str, Any] = json.loads(self.zip.read("world.json"))
            if self.about.get("format") != FORMAT or not isinstance(self.about.get("revision"), str):
                raise _refuse(N_("it is of an unknown format"))
        except (*BROKEN, AttributeError) as error:
            raise _refuse(N_("it is not an export of a world")) from error

    def load(self, connection: Connection, schema: str | None) -> None:
        """Insert all rows into the namespace, which stands at the export's revision."""
        metadata = MetaData()
        metadata.reflect(connection, schema=schema)
        for table in metadata.sorted_tables:
            if table.name == "alembic_version":
                continue
            try:
                for batch in self._batches(table):
                    connection.execute(insert(table), batch)
            except (*BROKEN, TypeError, OverflowError, DBAPIError) as error:
                raise _refuse(N_("table {table} is damaged"), table=table.name) from error

    def _batches(self, table: Table) -> Iterator[list[dict[str, Any]]]:
        """The rows of a table, some at a time: a file may be much larger than memory likes."""
        with self.zip.open(f"{table.name}.jsonl") as file:
            names = json.loads(file.readline())
            if set(names) != {column.name for column in table.c}:
                raise _refuse(N_("table {table} has other columns"), table=table.name)
            packed = [column.name for column in table.c if isinstance(column.type, LargeBinary)]
            while lines := list(islice(file, BATCH)):
                batch = [dict(zip(names, json.loads(line), strict=True)) for line in lines]
                for row in batch:
                    _check(table, row)
                    row.update({name: base64.b64decode(row[name], validate=True) for name in packed})
                yield batch


def proven(connection: Connection) -> None:
    """Read every row once; refuses an import whose values cannot be read as what they should be."""
    try:
        for table in _tables():
            with rows(connection, table) as found:
                for row in found:
                    ROWS.encode(row)
    except (ValueError, OverflowError, RecursionError) as error:
        raise _refuse(N_("some of its values are damaged")) from error


def _check(table: Table, row: dict[str, Any]) -> None:
    """Types as the columns want them; SQLite alone would take anything."""
    for column in table.c:
        value = row[column.name]
        wanted: type | tuple[type, ...] = str
        if isinstance(column.type, Boolean):
            wanted = bool
        elif isinstance(column.type, Float):
            wanted = (int, float)
        elif isinstance(column.type, Integer):
            wanted = int
        elif not isinstance(column.type, String | LargeBinary):
            continue
        if value is None and column.nullable:
            continue
        if (
            not isinstance(value, wanted)
            or (isinstance(value, bool) and wanted is not bool)
            or (isinstance(value, str) and not _fits(value, column.type))
        ):
            raise _refuse(N_("{column} has a value of the wrong kind"), column=f"{table.name}.{column.name}")


def _fits(value: str, kind: Any) -> bool:
    """Whether the column takes the text on every database."""
    return "\0" not in value and (kind.length is None or len(value) <= kind.length)


def _refuse(problem: str, status: int = 422, **params: str) -> Refusal:
    return Refusal(
        "world.bad_export",
        N_("This file cannot be imported: {problem}."),
        params={"problem": Phrase(problem, params)},
        remedy=N_("Use a file that the export of a sandbox wrote."),
        status=status,
    )
