"""Tables in and out: encodings, bombs, formulas, damage."""

import io
import zipfile

import pytest

from august.catalog import sheets, xlsx
from august.catalog.sheets import harmless, plain, read, write_csv, write_xlsx
from august.kernel.errors import Refusal

HEADER = ("id", "title")


def code_of(data: bytes) -> tuple[str, int]:
    with pytest.raises(Refusal) as caught:
        read(data)
    return caught.value.code, caught.value.status


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_written_tables_read_back(write: object) -> None:
    rows = [["1", '沙发, „quoted"'], ["2", "=1+1"], ["3", "-5"]]
    found = read(write(HEADER, rows))  # type: ignore[operator]
    assert [(row.line, list(row.cells.values())) for row in found] == [
        (n + 2, row) for n, row in enumerate(rows)
    ]


def test_formula_starts_are_prefixed() -> None:
    assert [harmless(cell) for cell in ("=A1", "+1", "-1", "@x", "\tx", "x=1")] == [
        "'=A1", "'+1", "'-1", "'@x", "'\tx", "x=1",
    ]  # fmt: skip
    assert plain("'=A1") == "=A1"
    assert plain("'tis") == "'tis"
    assert b"'=1+1" in write_csv(HEADER, [["1", "=1+1"]])


def test_both_chinese_encodings_are_read() -> None:
    text = "id,title\n1,红色沙发床\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert read(text.encode(encoding))[0].cells == {"id": "1", "title": "红色沙发床"}


def test_other_encodings_and_files_are_refused_clearly() -> None:
    assert code_of("id,title\n1,沙发\n".encode("utf-16")) == ("sheet.unreadable", 422)
    assert code_of(b"id,title\n1,\x81\n") == ("sheet.unreadable", 422)
    assert code_of(b"\x89PNG\r\n\x1a\n\x00") == ("sheet.unreadable", 422)
    assert code_of(b"PK\x03\x04nonsense") == ("sheet.unreadable", 422)
    assert code_of(b'id,title\n1,"open\n') == ("sheet.unreadable", 422)
    assert code_of(b"id,id\n1,2\n") == ("sheet.unreadable", 422)
    assert code_of(b"id,title\n") == ("sheet.unreadable", 422)
    assert code_of(b"") == ("sheet.unreadable", 422)


def test_large_files_and_bombs_are_refused() -> None:
    assert code_of(b"x" * (sheets.UPLOAD_LIMIT + 1)) == ("sheet.too_big", 413)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (xlsx.UNPACKED_LIMIT + 1))
    assert len(buffer.getvalue()) < 100_000
    assert code_of(buffer.getvalue()) == ("sheet.too_big", 413)
    assert code_of(b"id\n" + b"1\n" * (sheets.ROW_LIMIT + 1)) == ("sheet.too_many_rows", 413)
