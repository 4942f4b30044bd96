"""A world as canonical rows: its state hash, its export, its import."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Connection, Float, Integer, MetaData, String, Table, insert, select

from august.kernel.columns import Json, canonical_json, to_epoch
from august.kernel.errors import Refusal
from august.kernel.tables import WorldBase
from august.kernel.words import N_

FORMAT = 1
SIZE_LIMIT = 400 * 1024 * 1024
BATCH = 2000


def rows(connection: Connection, table: Table) -> Iterator[list[Any]]:
    """The rows of a table by primary key, as plain values that are the same on every database."""
    kinds = [isinstance(column.type, Json) for column in table.c]
    result = connection.execute(
        select(*table.c).order_by(*table.primary_key), execution_options={"yield_per": BATCH}
    )
    for row in result:
        yield [_plain(value, is_json=is_json) for value, is_json in zip(row, kinds, strict=True)]


def _plain(value: Any, *, is_json: bool) -> Any:
    if isinstance(value, datetime):
        return to_epoch(value)
    return canonical_json(value) if is_json and value is not None else value


def state_hash(connection: Connection) -> str:
    """SHA-256 over every row of every table in canonical order; an empty table counts as none."""
    digest = hashlib.sha256()
    for table in _tables():
        for number, row in enumerate(rows(connection, table)):
            if number == 0:
                digest.update(f"\n[{table.name}]\n".encode())
            digest.update(canonical_json(row).encode("utf-8", "surrogatepass"))
            digest.update(b"\n")
    return digest.hexdigest()


def _tables() -> list[Table]:
    return sorted(WorldBase.metadata.tables.values(), key=lambda table: table.name)


def write(connection: Connection, revision: str, about: dict[str, Any]) -> bytes:
    """The whole world as one zip file: a head and one file of JSON lines a table."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("world.json", canonical_json({"format": FORMAT, "revision": revision, **about}))
        for table in _tables():
            lines = [canonical_json([column.name for column in table.c])]
            lines += [canonical_json(row) for row in rows(connection, table)]
            archive.writestr(f"{table.name}.jsonl", "\n".join(lines))
    return buffer.getvalue()


class Archive:
    """An export opened for reading; refuses what is not one."""

    def __init__(self, data: bytes) -> None:
        """Open and check head and size; nothing is unpacked beyond the limit."""
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            if sum(entry.file_size for entry in self.zip.infolist()) > SIZE_LIMIT:
                raise _refuse("it unpacks to too much", status=413)
            self.about: dict[str, Any] = json.loads(self.zip.read("world.json"))
            if self.about.get("format") != FORMAT or not isinstance(self.about.get("revision"), str):
                raise _refuse("it is of an unknown format")
        except (zipfile.BadZipFile, KeyError, ValueError, AttributeError) as error:
            raise _refuse("it is not an export of a world") from error

    def load(self, connection: Connection, schema: str | None) -> None:
        """Insert all rows into the namespace, which stands at the export's revision."""
        metadata = MetaData()
        metadata.reflect(connection, schema=schema)
        for table in metadata.sorted_tables:
            if table.name == "alembic_version":
                continue
            try:
                header, *lines = self.zip.read(f"{table.name}.jsonl").decode().split("\n")
                names = json.loads(header)
                batch = [dict(zip(names, json.loads(line), strict=True)) for line in lines]
            except (KeyError, ValueError, TypeError) as error:
                raise _refuse(f"table {table.name} is damaged") from error
            if set(names) != {column.name for column in table.c}:
                raise _refuse(f"table {table.name} has other columns")
            for row in batch:
                _check(table, row)
            for start in range(0, len(batch), BATCH):
                connection.execute(insert(table), batch[start : start + BATCH])


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
        elif not isinstance(column.type, String):
            continue
        if value is None and column.nullable:
            continue
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise _refuse(f"{table.name}.{column.name} has a value of the wrong kind")


def _refuse(problem: str, status: int = 422) -> Refusal:
    return Refusal(
        "world.bad_export",
        N_("This file cannot be imported: {problem}."),
        params={"problem": problem},
        remedy=N_("Use a file that the export of a sandbox wrote."),
        status=status,
    )
