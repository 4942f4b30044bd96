"""Uploaded files: kept beside the databases under the hash of their content, never changed (ADR 4)."""

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Literal

import msgspec

from august.kernel.errors import Refusal
from august.kernel.words import N_

Kind = Literal["pdf", "png", "jpeg"]
MOST_BYTES = 5 * 1024 * 1024
MEGABYTE = 1024 * 1024
# A file is what its first bytes say, whatever it is called.
MAGIC: dict[Kind, bytes] = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
TYPES: dict[Kind, str] = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
PICTURES: frozenset[Kind] = frozenset({"png", "jpeg"})
HASH = re.compile("[0-9a-f]{64}")
LONGEST_MAGIC = max(map(len, MAGIC.values()))


class Stored(msgspec.Struct, frozen=True):
    """A file that is here: its hash, how long it is, what it is."""

    hash: str
    size: int
    kind: Kind


def kind_of(start: bytes) -> Kind | None:
    """What a file is by its first bytes; None for anything but PDF, PNG and JPEG."""
    return next((kind for kind, magic in MAGIC.items() if start.startswith(magic)), None)


class Files:
    """The store: a folder of folders named by the first two letters of the hashes inside."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when the first file comes."""
        self.folder = folder

    def put(self, data: bytes) -> Stored:
        """Keep a file; the same content twice is one file. Refuses other kinds and anything too large."""
        kind = kind_of(data[:LONGEST_MAGIC])
        if len(data) > MOST_BYTES:
            raise Refusal(
                "file.too_large",
                N_("A file has at most {most} MB."),
                params={"most": MOST_BYTES // MEGABYTE},
                remedy=N_("Make the file smaller and send it again."),
                status=413,
            )
        if kind is None:
            raise Refusal(
                "file.kind",
                N_("Only PDF, PNG and JPEG files are taken; what counts is what is inside, not the name."),
                remedy=N_("Save the document as one of these kinds and send it again."),
            )
        found = Stored(hashlib.sha256(data).hexdigest(), len(data), kind)
        path = self._path(found.hash)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Written aside and moved into place: nobody ever reads half a file.
            draft = path.with_name(f".{found.hash}.{secrets.token_hex(4)}")
            try:
                with draft.open("wb") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
        return found

    def get(self, name: str) -> bytes | None:
        """The content of a hash; None when it is not here, or is no hash at all."""
        if HASH.fullmatch(name) is None:
            return None
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def known(self, name: str) -> Stored | None:
        """What is kept under a hash, without reading it all."""
        if HASH.fullmatch(name) is None:
            return None
        try:
            with self._path(name).open("rb") as file:
                kind = kind_of(file.read(LONGEST_MAGIC))
                size = os.fstat(file.fileno()).st_size
        except FileNotFoundError:
            return None
        return None if kind is None else Stored(name, size, kind)

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name
