"""The store of uploads: content-addressed, immutable, picky about kinds, deaf to paths."""

from pathlib import Path

import pytest

from august.kernel.errors import Refusal
from august.kernel.files import MOST_BYTES, Files, kind_of

PDF = b"%PDF-1.4 x"


def test_what_was_put_is_got_and_the_same_content_is_one_file(tmp_path: Path) -> None:
    store = Files(tmp_path / "files")
    first, second = store.put(PDF), store.put(PDF)
    assert first == second
    assert (first.size, first.kind) == (len(PDF), "pdf")
    assert store.get(first.hash) == PDF
    assert store.known(first.hash) == first
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == [first.hash]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-", "pdf"),
        (b"%PDF", None),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\x89PNG\r\n\x1a", None),
        (b"\xff\xd8\xff", "jpeg"),
        (b"\xff\xd8", None),
        (b"<html>", None),
        (b"<svg xmlns=", None),
        (b"MZ", None),
        (b"", None),
    ],
)
def test_kinds_by_their_first_bytes(start: bytes, kind: str | None) -> None:
    assert kind_of(start) == kind


@pytest.mark.parametrize(("more", "code"), [(-1, None), (0, None), (1, "file.too_large")])
def test_five_megabytes_are_taken_and_a_byte_more_is_not(tmp_path: Path, more: int, code: str | None) -> None:
    data = PDF.ljust(MOST_BYTES + more, b"x")
    if code is None:
        assert Files(tmp_path).put(data).size == len(data)
        return
    with pytest.raises(Refusal) as caught:
        Files(tmp_path).put(data)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        Files(tmp_path).put(b"<script>")
    assert caught.value.code == "file.kind"


@pytest.mark.parametrize(
    "name", ["", "..", "../secret", "A" * 64, "0" * 63, "0" * 65, "0" * 64, "0" * 62 + "/."]
)
def test_what_is_no_hash_of_a_file_is_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(PDF)
    store = Files(tmp_path / "files")
    assert store.get(name) is None
    assert store.known(name) is None
