"""The first sheet of an XLSX workbook as text: every part is read at once, within limits, without DTDs."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn
from xml.parsers import expat

UNPACKED_LIMIT = 40 * 1024 * 1024
MEMBER_LIMIT = 200
# A full product table has some 300,000 elements.
ELEMENT_LIMIT = 1_000_000
DEPTH_LIMIT = 30
PLACE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
WHOLE = re.compile(r"-?[0-9]{1,15}")
LETTERS = 26
# What a damaged or lying file makes the libraries say; a password is a runtime error, an unknown way of
# packing is one too.
BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, ValueError, RuntimeError)

Row = tuple[int, list[str]]


class TooBigError(Exception):
    """The file unpacks to more than is read."""


class _Enough(Exception):  # noqa: N818 - not an error
    """More rows were found than anybody wants."""


class DamagedError(Exception):
    """The file is no workbook that can be read."""


def rows(data: bytes, columns: int, most: int) -> list[Row]:
    """Number and cells of the rows of the first sheet that have any: no more than `most` and one.

    A row has at most `columns` cells, and one more for whatever stands to the right of them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            # The declared sizes may lie; zipfile itself stops reading at the declared size.
            if len(members) > MEMBER_LIMIT or sum(each.file_size for each in members) > UNPACKED_LIMIT:
                raise TooBigError
            return _first_sheet(archive, columns, most)
    except BROKEN as error:
        raise DamagedError from error


def _first_sheet(archive: zipfile.ZipFile, columns: int, most: int) -> list[Row]:
    (book,) = _related(archive, "", "/officeDocument").values()
    sheets, shared = _related(archive, book, "/worksheet"), _related(archive, book, "/sharedStrings")
    texts = _Texts()
    for path in shared.values():
        texts.parse(archive.read(path))
    listed = _Named("sheet")
    listed.parse(archive.read(book))
    first = next((each["id"] for each in listed.found if each.get("id") in sheets), "")
    cells = _Cells(texts.found, columns, most)
    with suppress(_Enough):
        cells.parse(archive.read(sheets[first]))
    return [row for row in cells.found if row[1]]


def _related(archive: zipfile.ZipFile, part: str, kind: str) -> Mapping[str, str]:
    """The parts that a part points to, by id, whose kind ends so."""
    folder, name = posixpath.split(part)
    links = _Named("Relationship")
    links.parse(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    return {
        each["Id"]: posixpath.normpath(posixpath.join("/", folder, each["Target"])).lstrip("/")
        for each in links.found
        if each["Type"].endswith(kind)
    }


class _Reader:
    """What one kind of part says; subclasses look at its elements by their local names."""

    def __init__(self) -> None:
        self.depth = self.count = 0

    def parse(self, data: bytes) -> None:
        """Read a whole part; in pieces a single endless tag would take quadratic time."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        parser.buffer_text = True
        parser.Parse(data, True)  # noqa: FBT003 - the library takes it by position only

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.count > ELEMENT_LIMIT or self.depth > DEPTH_LIMIT:
            raise TooBigError
        self.start(_local(name), attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.end(_local(name))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text stands inside."""


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse_doctype(*_parts: Any) -> NoReturn:
    """Entities could grow without end or name files; no workbook declares any."""
    raise DamagedError


class _Named(_Reader):
    """The attributes of every element of a name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.name:
            self.found.append({_local(key): value for key, value in attributes.items()})


class _Texts(_Reader):
    """The texts that cells share: the runs of each are joined, what is only there to be pronounced is not."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.runs: list[str] = []
        self.wanted = self.spoken = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self.runs = []
        self.spoken = self.spoken or name == "rPh"
        self.wanted = name == "t" and not self.spoken

    def end(self, name: str) -> None:
        self.wanted = False
        if name == "rPh":
            self.spoken = False
        if name == "si":
            self.found.append("".join(self.runs))

    def text(self, text: str) -> None:
        if self.wanted:
            self.runs.append(text)


class _Cells(_Reader):
    """The rows of a sheet; a cell is its text, its number, yes or no, or the formula it holds."""

    def __init__(self, texts: Sequence[str], columns: int, most: int) -> None:
        super().__init__()
        self.texts, self.columns, self.most = texts, columns, most
        self.found: list[Row] = []
        self.number = self.column = 0
        self.kind, self.inside = "n", ""
        self.parts: dict[str, list[str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            number = int(attributes.get("r", self.number + 1))
            if number <= self.number:
                raise DamagedError
            self.number, self.column = number, 0
            if self.found and not self.found[-1][1]:
                self.found.pop()
            if len(self.found) > self.most:
                raise _Enough
            self.found.append((number, []))
        elif name == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.kind, self.parts = attributes.get("t", "n"), {}
        elif name in {"v", "f", "t"}:
            self.inside = name
            self.parts.setdefault(name, [])
        elif name == "rPh":
            self.kind = "spoken"

    def text(self, text: str) -> None:
        if self.inside and not (self.inside == "t" and self.kind == "spoken"):
            self.parts[self.inside].append(text)

    def end(self, name: str) -> None:
        if name in {"v", "f", "t"}:
            self.inside = ""
        elif name == "rPh":
            self.kind = "inlineStr"
        elif name == "c" and (value := self._value()):
            cells = self.found[-1][1]
            place = min(self.column, self.columns + 1) - 1
            cells.extend([""] * (place + 1 - len(cells)))
            cells[place] = value

    def _value(self) -> str:
        told = {name: "".join(texts) for name, texts in self.parts.items()}
        if "f" in told:
            return f"={told['f']}"
        if self.kind == "s":
            return self._shared(told["v"]) if "v" in told else ""
        if self.kind == "inlineStr":
            return told.get("t", "")
        value = told.get("v", "")
        if self.kind == "b":
            return "yes" if value == "1" else "no"
        return _plain(value) if self.kind == "n" else value

    def _shared(self, number: str) -> str:
        if not (number.isascii() and number.isdigit()):
            raise DamagedError
        return self.texts[int(number)]


def _column(place: str) -> int:
    """`AB7` is in column 28."""
    found = PLACE.fullmatch(place)
    if found is None:
        raise DamagedError
    number = 0
    for letter in found[1]:
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number


def _plain(value: str) -> str:
    """A number as people write it: at most ten decimals, no exponent."""
    if not value or WHOLE.fullmatch(value):
        return value
    return f"{float(value):.10f}".rstrip("0").rstrip(".")
