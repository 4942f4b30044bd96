"""Tables that people keep in a spreadsheet: read safely from CSV and XLSX, written without formulas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import msgspec
from openpyxl import Workbook

from august.catalog import xlsx
from august.kernel.errors import Refusal
from august.kernel.words import N_

UPLOAD_LIMIT = 5 * 1024 * 1024
ROW_LIMIT = 2000
COLUMN_LIMIT = 60
CELL_LIMIT = 32_000
# Signs that a text is not written in GB18030 after all: private characters, and Chinese ones in the middle
# of Latin words, as an ö of Latin-1 becomes.
MISREAD = re.compile("[\ue000-\uf8ff]|[A-Za-z][\u3400-\u9fff][A-Za-z]")
XLSX_MAGIC = b"PK\x03\x04"
# A spreadsheet program runs a cell that begins like this.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


Line = tuple[int, Sequence[str]]


class Row(msgspec.Struct, frozen=True):
    """One data line: its number as the spreadsheet shows it, its cells by column name."""

    line: int
    cells: dict[str, str]


def read(data: bytes) -> list[Row]:
    """Rows of an uploaded CSV or XLSX table, the first line being the header (Q8).

    Refuses (413) what is too big packed or unpacked, (422) unknown encodings and broken files.
    """
    if len(data) > UPLOAD_LIMIT:
        raise _too_big()
    lines = _xlsx_lines(data) if data.startswith(XLSX_MAGIC) else _csv_lines(data)
    return _rows(lines)


def _too_big() -> Refusal:
    return Refusal(
        "sheet.too_big",
        N_("The file is larger than {limit} MB, packed or unpacked."),
        params={"limit": UPLOAD_LIMIT // 1024 // 1024},
        remedy=N_("Split the table into several files."),
        fields={},
        status=413,
    )


def _broken(problem: str) -> Refusal:
    return Refusal(
        "sheet.unreadable",
        problem,
        remedy=N_("Save the table as XLSX or as CSV in UTF-8 or GB18030 and upload it again."),
    )


def decode(data: bytes) -> str:
    """Text of a CSV file in UTF-8 (with or without mark) or GB18030; a refusal otherwise."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _broken(N_("The file is written in UTF-16, which is not accepted."))
    if b"\x00" in data:
        raise _broken(N_("The file is neither a CSV nor an XLSX table."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and MISREAD.search(text):
            break
        return text
    raise _broken(N_("The encoding of the file is neither UTF-8 nor GB18030."))


def _csv_lines(data: bytes) -> Iterable[Line]:
    text = decode(data)
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1)
    except csv.Error as error:
        raise _broken(N_("The CSV table is damaged: a quotation mark or a line is not closed.")) from error


def _xlsx_lines(data: bytes) -> Iterable[Line]:
    try:
        return xlsx.rows(data, COLUMN_LIMIT, ROW_LIMIT + 1)
    except xlsx.TooBigError as error:
        raise _too_big() from error
    except xlsx.DamagedError as error:
        raise _broken(N_("The XLSX file is damaged.")) from error


def _rows(lines: Iterable[Line]) -> list[Row]:
    header: list[str] | None = None
    found: list[Row] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > COLUMN_LIMIT and any(cell.strip() for cell in cells[COLUMN_LIMIT:]):
            raise _broken(N_("The table has too many columns."))
        if header is None:
            header = [cell.strip().lower() for cell in cells]
            named = [name for name in header if name]
            if len(set(named)) != len(named):
                raise _broken(N_("Two columns of the table have the same name."))
            continue
        if len(found) == ROW_LIMIT:
            raise Refusal(
                "sheet.too_many_rows",
                N_("The table has more than {limit} lines."),
                params={"limit": ROW_LIMIT},
                remedy=N_("Split the table into several files."),
                status=413,
            )
        pairs = zip(header, cells, strict=False)
        found.append(Row(number, {name: plain(cell) for name, cell in pairs if name}))
    if header is None or not found:
        raise _broken(N_("The table has no lines below its header."))
    return found


def plain(cell: str) -> str:
    """A cell as typed: an apostrophe that our export put before a formula start is taken off again."""
    text = cell[:CELL_LIMIT].strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def harmless(value: str) -> str:
    """A cell that no spreadsheet program runs: formula starts are prefixed with an apostrophe."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV table in UTF-8 with a byte-order mark, which Excel needs to see Chinese."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """An XLSX table of plain text cells."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("products")
    sheet.append(list(header))
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
