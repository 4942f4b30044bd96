"""Tables, worlds and logs that are bombs, lies or in other people's letters."""

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from openpyxl import Workbook

from tests.hostile.conftest import Enemy

OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"
SHEET = "xl/worksheets/sheet1.xml"
TEXT = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
HEADER = "kind,leaf,title\n"


def packed(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook() -> dict[str, bytes]:
    book = Workbook()
    book.active.append(["kind", "leaf", "title"])
    buffer = io.BytesIO()
    book.save(buffer)
    return members(buffer.getvalue())


BOOK = workbook()


def sheet(data: bytes) -> bytes:
    return packed({**BOOK, SHEET: data})


def patched(data: bytes, central: int, local: int, value: int, size: str = "<H") -> bytes:
    """A zip file with a field of every entry overwritten, in its directory and before the entry itself."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", central), (b"PK\x03\x04", local)):
        place = -1
        while (place := changed.find(mark, place + 1)) >= 0:
            struct.pack_into(size, changed, place + offset, value)
    return bytes(changed)


ENTITIES = b'<!DOCTYPE l [<!ENTITY a "%s"><!ENTITY b "%s">]>' % (b"a" * 10_000, b"&a;" * 10_000)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
TABLES: dict[str, tuple[bytes, int]] = {
    "30 MB": (b"x" * 30_000_000, 413),
    "zeros that unpack to 60 MB": (sheet(b"0" * 60_000_000), 413),
    "zeros that unpack to 40 MB": (sheet(b"0" * 40_000_000), 422),
    "a tag of 30 MB": (sheet(b"<a b='" + b"0" * 30_000_000 + b"'/>"), 422),
    "a bomb in a bomb": (packed({"a.zip": packed({"b": b"0" * 30_000_000})}), 422),
    "a small size that lies": (patched(sheet(b"0" * 60_000_000), 24, 22, 1000, "<I"), 422),
    "a large size that lies": (patched(packed(BOOK), 24, 22, 2**32 - 2, "<I"), 413),
    "a password": (patched(packed(BOOK), 8, 6, 1), 422),
    "an unknown way of packing": (patched(packed(BOOK), 10, 8, 99), 422),
    "a cut file": (packed(BOOK)[:-200], 422),
    "nothing packed": (packed({}), 422),
    "300 members": (packed({str(n): b"" for n in range(300)}), 413),
    "two million rows": (sheet(OPEN + b"<row/>" * 2_000_000 + CLOSE), 413),
    "two million cells": (sheet(OPEN + b"<row>" + b"<c/>" * 2_000_000 + b"</row>" + CLOSE), 413),
    "2,001 products": (sheet(OPEN + b"<row><c><v>1</v></c></row>" * 2002 + CLOSE), 413),
    "too many columns": (sheet(OPEN + TEXT % b"kind" + b'<row><c r="ZZ2"><v>1</v></c></row>' + CLOSE), 422),
    "depth": (sheet(b"<a>" * 1_000_000), 413),
    "entities that grow": (sheet(ENTITIES + OPEN + TEXT % b"&b;" + CLOSE), 422),
    "an entity that names a file": (sheet(OUTSIDE + OPEN + TEXT % b"&e;" + CLOSE), 422),
    "a row before the first": (sheet(OPEN + b'<row r="0"><c r="A0"><v>1</v></c></row>' + CLOSE), 422),
    "a row that goes back": (sheet(OPEN + b'<row r="2"/><row r="1"/>' + CLOSE), 422),
    "a place that is none": (sheet(OPEN + b'<row r="1"><c r="??"><v>1</v></c></row>' + CLOSE), 422),
    "a text that is not there": (sheet(OPEN + b'<row><c t="s"><v>99</v></c></row>' + CLOSE), 422),
    "a text before the first": (sheet(OPEN + b'<row><c t="s"><v>-1</v></c></row>' + CLOSE), 422),
    "no sheet": (packed({name: data for name, data in BOOK.items() if name != SHEET}), 422),
    "no book": (packed({name: data for name, data in BOOK.items() if "workbook" not in name}), 422),
    "a quotation without end": (HEADER.encode() + b'"' * 4_000_001, 422),
    "a million columns": (b",".join([b"a"] * 1_000_000), 422),
    "a cell of 4 MB": (HEADER.encode() + b"rts,sofa_beds," + b"x" * 4_000_000, 422),
    "2,001 lines": (HEADER.encode() + b"rts,sofa_beds,T\n" * 2001, 413),
    "NUL": (HEADER.encode() + b"rts,sofa_beds,a\0b\n", 422),
    "UTF-16": (f"{HEADER}rts,sofa_beds,沙发\n".encode("utf-16"), 422),
    "UTF-16 without a mark": (f"{HEADER}rts,sofa_beds,沙发\n".encode("utf-16-le"), 422),
    "UTF-32": (f"{HEADER}rts,sofa_beds,沙发\n".encode("utf-32"), 422),
    "Latin-1": (f"{HEADER}rts,sofa_beds,Canapé en été\n".encode("latin-1"), 422),
    "Latin-1 that could be Chinese": (f"{HEADER}rts,sofa_beds,Größe Möbel\n".encode("latin-1"), 422),
    "digits that are none": (f"{HEADER[:-1]},skus,lead_times\nrts,sofa_beds,T,A;5;²,²:²\n".encode(), 422),
    "endless digits": (
        f"id,{HEADER[:-1]},skus\n{'9' * 5000},rts,sofa_beds,T,A;5;{'9' * 5000}\n".encode(),
        422,
    ),
    "an unknown id": (f"id,{HEADER}999999,rts,sofa_beds,T\n".encode(), 422),
}


@pytest.mark.parametrize("what", TABLES)
def test_tables_that_are_none_are_refused(enemy: Enemy, what: str) -> None:
    data, status = TABLES[what]
    with enemy.unchanged():
        answer = enemy.post("@/products/import", files={"table": ("table", data, "x")})
    assert answer.status_code == status


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_tables_in_both_chinese_encodings_are_taken(enemy: Enemy, encoding: str) -> None:
    table = f"{HEADER}rts,sofa_beds,现代亚麻沙发床 USB充电 {encoding}\n".encode(encoding)
    answer = enemy.post("@/products/import", files={"table": ("table.csv", table, "text/csv")})
    assert answer.status_code == 303
    assert f"现代亚麻沙发床 USB充电 {encoding}" in enemy.page("GET", "@/products?sort=-id").text


def test_a_body_of_30_mb_is_refused_everywhere(enemy: Enemy) -> None:
    large = b"x" * 30_000_000
    with enemy.unchanged():
        for path in ("@/products/new", "@/products/import", "/sign-in", "/try"):
            assert enemy.post(path, files={"file": ("x", large, "x")}).status_code == 413, path
            assert enemy.send(path, b"title=" + large).status_code == 413, path
        for path in ("/commands/catalog.save_product", "/replay", "/clock/advance"):
            assert enemy.call("POST", path, content=large).status_code == 413, path


@pytest.fixture(scope="module")
def export(enemy: Enemy) -> dict[str, bytes]:
    """The members of an honest export."""
    return members(enemy.call("GET", "/export").content)


def imported(enemy: Enemy, data: bytes) -> Any:
    return enemy.client.post("/api/v1/sandboxes/import", content=data)


def test_an_honest_export_comes_back(enemy: Enemy) -> None:
    made = imported(enemy, enemy.call("GET", "/export").content)
    assert made.status_code == 201
    token = {"Authorization": f"Bearer {made.json()['token']}"}
    there = enemy.client.get(f"/api/v1/sandboxes/{made.json()['id']}/state-hash", headers=token)
    assert there.json()["hash"] == enemy.world.state_hash()


LIES: dict[str, bytes] = {
    "nothing": b"",
    "text": b"PK nonsense",
    "an empty archive": packed({}),
    "a table": packed(BOOK),
    "zeros": packed({"world.json": b"0" * 60_000_000}),
    "depth": packed({"world.json": b"[" * 100_000}),
    "a list": packed({"world.json": b"[1]"}),
    "a password": patched(packed({"world.json": b"{}"}), 8, 6, 1),
    "an unknown way of packing": patched(packed({"world.json": b"{}"}), 10, 8, 99),
    "a size that lies": patched(packed({"world.json": b" " * 60_000_000 + b"{}"}), 24, 22, 10, "<I"),
}


@pytest.mark.parametrize("what", LIES)
def test_files_that_hold_no_world_are_refused(enemy: Enemy, what: str) -> None:
    answer = imported(enemy, LIES[what])
    assert (answer.status_code, answer.json()["code"]) == (422, "world.bad_export")
    page = enemy.post("/sandboxes/import", files={"file": ("world.zip", LIES[what], "application/zip")})
    assert page.status_code == 422


def test_an_export_that_unpacks_to_too_much_is_refused(enemy: Enemy) -> None:
    bomb = patched(packed({"world.json": b"{}"}), 24, 22, 2**32 - 2, "<I")
    assert imported(enemy, bomb).status_code == 413


CELLS: tuple[tuple[str, str, Any], ...] = (
    ("products", "id", 10**30),
    ("products", "title", "x" * 5000),
    ("products", "title", "a\0b"),
    ("products", "title", 7),
    ("products", "title", None),
    ("products", "title", "\ud800"),
    ("products", "images", "no json"),
    ("products", "images", "[" * 100_000),
    ("products", "kind", "hat"),
    ("products", "created_at", 10**17),
    ("products", "delivery_by", 1),
    ("products", "moq", True),
    ("clock", "now", 10**15),
    ("clock", "now", -(10**15)),
    ("clock", "seed", 2**63),
    ("clock", "world_file", "x" * 400),
)


@pytest.mark.parametrize("number", range(len(CELLS)))
def test_worlds_with_a_damaged_cell_are_refused(enemy: Enemy, export: dict[str, bytes], number: int) -> None:
    table, column, value = CELLS[number]
    header, first, *rest = export[f"{table}.jsonl"].split(b"\n")
    row = json.loads(first)
    row[json.loads(header).index(column)] = value
    lines = b"\n".join((header, json.dumps(row).encode(), *rest))
    kept = enemy.desk.worlds.space.names("w_")
    answer = imported(enemy, packed({**export, f"{table}.jsonl": lines}))
    assert (answer.status_code, answer.json()["code"]) == (422, "world.bad_export")
    assert enemy.desk.worlds.space.names("w_") == kept


def test_worlds_with_damaged_tables_are_refused(enemy: Enemy, export: dict[str, bytes]) -> None:
    header, first, *_ = export["products.jsonl"].split(b"\n")
    for damaged in (
        b"",
        b"{}",
        header + b"\n" + first + b"\n" + first,
        header + b"\n" + b"[" * 100_000,
        b"[]",
    ):
        answer = imported(enemy, packed({**export, "products.jsonl": damaged}))
        assert (answer.status_code, answer.json()["code"]) == (422, "world.bad_export")
    for missing in ("clock.jsonl", "merchants.jsonl"):
        nothing = export[missing].split(b"\n")[0]
        assert imported(enemy, packed({**export, missing: nothing})).status_code == 422
        rest = {name: data for name, data in export.items() if name != missing}
        assert imported(enemy, packed(rest)).status_code == 422


ABOUT: tuple[tuple[dict[str, Any], int], ...] = (
    ({"name": "a\0b"}, 422),
    ({"name": "a\u202eb"}, 422),
    ({"revision": "9999"}, 422),
    ({"revision": 1}, 422),
    ({"format": 2}, 422),
    ({"name": "x" * 5000}, 201),
    ({"name": 7}, 201),
)


@pytest.mark.parametrize(("change", "status"), ABOUT)
def test_what_an_export_says_of_itself_is_checked(
    enemy: Enemy, export: dict[str, bytes], change: dict[str, Any], status: int
) -> None:
    about = {**json.loads(export["world.json"]), **change}
    assert imported(enemy, packed({**export, "world.json": json.dumps(about).encode()})).status_code == status


ACTION: dict[str, Any] = {
    "id": 1,
    "at": "2022-08-25T02:00:00Z",
    "actor": {"kind": "player", "merchant": 1},
    "name": "catalog.take_down",
    "payload": {"product": 1},
    "result": {},
}
LOGGED: tuple[tuple[dict[str, Any], int], ...] = (
    ({}, 201),
    ({"key": "x" * 500}, 422),
    ({"at": "2199-01-01T00:00:00Z"}, 422),
    ({"at": "9999-12-31T23:59:59Z"}, 422),
    ({"at": "0001-01-01T00:00:00Z"}, 422),
    ({"at": "2000-01-01T00:00:00Z"}, 422),
    ({"at": "2022-08-25T02:00:00"}, 422),
    ({"actor": {"kind": "player", "merchant": 2}}, 422),
    ({"actor": {"kind": "player", "merchant": 10**30}}, 422),
    ({"actor": {"kind": "buyer", "buyer": 10**30}}, 422),
    ({"actor": {"kind": "system"}}, 422),
    ({"name": "\0"}, 404),
    ({"payload": {"product": 10**30}}, 404),
    ({"payload": {"deep": json.loads("[" * 500 + "]" * 500)}}, 422),
)


@pytest.mark.parametrize(("change", "status"), LOGGED)
def test_logs_that_nobody_wrote_are_not_replayed(enemy: Enemy, change: dict[str, Any], status: int) -> None:
    kept = enemy.desk.worlds.space.names("w_")
    answer = enemy.call("POST", "/replay", json={"actions": [{**ACTION, **change}]})
    assert answer.status_code == status
    assert len(enemy.desk.worlds.space.names("w_")) == len(kept) + (status == 201)


def test_a_log_uses_no_key_twice(enemy: Enemy) -> None:
    twice = {"actions": [{**ACTION, "key": "a" * 64}, {**ACTION, "key": "a" * 64}]}
    answer = enemy.call("POST", "/replay", json=twice)
    assert (answer.status_code, answer.json()["code"]) == (422, "replay.bad_key")
