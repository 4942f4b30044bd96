"""Uploads of documents: other kinds, giants, other people's, names that are paths or headers."""

from pathlib import Path
from typing import Any

import pytest

from august.kernel.files import MOST_BYTES
from tests.hostile.conftest import Enemy

PDF = b"%PDF-1.4 papers"
PAGE = b"<html><script>alert(1)</script></html>"
NOWHERE = "0" * 64


def apply(enemy: Enemy, kind: str, *files: tuple[str, bytes], **more: str) -> Any:
    """The application form with files."""
    sent = [("files[]", (name, content, "application/pdf")) for name, content in files]
    return enemy.post(f"@/verified/apply/{kind}", more, files=sent)


def take_back(enemy: Enemy) -> None:
    """Withdraw what is in review, so that the next test may apply."""
    for each in enemy.call("GET", "/verified/proofs").json()["items"]:
        if each["state"] == "submitted":
            enemy.command("verified.withdraw", {"proof": each["proof"]["id"]})


def test_a_file_is_given_back_as_something_to_save(enemy: Enemy) -> None:
    take_back(enemy)
    assert apply(enemy, "aeo", ("evil\r\nX: y.pdf", PDF)).status_code == 422
    assert apply(enemy, "aeo", ('ev"il; X: y/../合同.pdf', PDF)).status_code == 303
    file = enemy.call("GET", "/verified/proofs").json()["items"][3]["proof"]["files"][0]
    for answer in (enemy.page("GET", f"@/files/{file['hash']}"), enemy.call("GET", f"/files/{file['hash']}")):
        assert (answer.status_code, answer.content) == (200, PDF)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert "x" not in answer.headers


def test_a_page_by_the_name_of_a_document_is_refused(enemy: Enemy) -> None:
    with enemy.unchanged():
        answer = apply(enemy, "oem", ("contract.pdf", PAGE))
        assert answer.status_code == 422
        assert "contract.pdf" in answer.text
        assert enemy.call("POST", "/files", content=PAGE).status_code == 422
        assert enemy.call("POST", "/files", content=b"").status_code == 422


@pytest.mark.parametrize(
    ("size", "status"), [(MOST_BYTES, 201), (MOST_BYTES + 1, 413), (MOST_BYTES * 2, 413)]
)
def test_a_file_has_at_most_five_megabytes(enemy: Enemy, size: int, status: int) -> None:
    assert enemy.call("POST", "/files", content=PDF.ljust(size, b"x")).status_code == status


def test_a_form_may_bring_several_large_files_but_not_eleven(enemy: Enemy) -> None:
    take_back(enemy)
    with enemy.unchanged():
        eleven = [(f"{n}.pdf", PDF + bytes([n])) for n in range(11)]
        assert apply(enemy, "fortune500", *eleven).status_code == 422
        giant = ("giant.pdf", PDF.ljust(MOST_BYTES + 1, b"x"))
        assert apply(enemy, "fortune500", giant).status_code == 413
    large = [(f"{n}.pdf", (PDF + bytes([n])).ljust(MOST_BYTES, b"x")) for n in range(3)]
    assert apply(enemy, "fortune500", *large).status_code == 303


def test_an_uploaded_file_is_nobodys_until_a_proof_refers_to_it(enemy: Enemy) -> None:
    name = enemy.call("POST", "/files", content=PDF + b" of nobody").json()["hash"]
    assert enemy.call("GET", f"/files/{name}").status_code == 404
    assert enemy.page("GET", f"@/files/{name}").status_code == 404


@pytest.mark.parametrize("name", [NOWHERE, "..%2F..%2Fsecret", "%2e%2e", "A" * 64, "%00", "x" * 3000])
def test_no_other_file_is_reached(enemy: Enemy, name: str) -> None:
    assert enemy.call("GET", f"/files/{name}").status_code in {400, 404}
    assert enemy.page("GET", f"@/files/{name}").status_code in {400, 404}


@pytest.mark.parametrize("kept", [NOWHERE, "../../secret name.pdf", "\0", "x" * 5000, ""])
def test_a_form_cannot_refer_to_what_was_not_uploaded(enemy: Enemy, kept: str) -> None:
    take_back(enemy)
    with enemy.unchanged():
        assert enemy.post("@/verified/apply/oem", {"kept[]": kept}).status_code == 422


@pytest.mark.parametrize(
    "more",
    [{"details": "x"}, {"details-": "x"}, {"details-0": "x"}, {"details-brand-0": "x"}, {"files": "x"}],
)
def test_forms_of_another_shape_are_refused_or_read_as_empty(enemy: Enemy, more: dict[str, str]) -> None:
    take_back(enemy)
    assert enemy.post("@/verified/apply/oem", more).status_code in {303, 400, 422}


def test_a_forked_world_shares_files_and_one_from_elsewhere_lacks_them(enemy: Enemy) -> None:
    take_back(enemy)
    content = PDF + b" to be lost"
    made = apply(enemy, "oem", ("lost.pdf", content)).headers["location"].partition("?")[0]
    name = enemy.call("POST", "/files", content=content).json()["hash"]
    store = enemy.world.files
    path = Path(store.folder, name[:2], name)
    path.unlink()
    page = enemy.client.get(made)
    assert page.status_code == 200
    assert "not here" in page.text
    assert enemy.call("GET", f"/files/{name}").status_code == 404
    store.put(content)
    assert enemy.call("GET", f"/files/{name}").content == content
