"""An installation with a wrong seed does not start, and says which file and line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from august.settings import ROOT


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product: code and seeds."""
    folder = tmp_path_factory.mktemp("installation")
    shutil.copytree(
        ROOT / "backend" / "august",
        folder / "backend" / "august",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


def started(folder: Path, command: str) -> tuple[int, str]:
    """The status of a command and what it complained about."""
    told = {"PYTHONPATH": str(folder / "backend"), "AUGUST_DATA": str(folder / "data")}
    done = subprocess.run(  # noqa: S603 - our own program, told nothing from outside
        [sys.executable, "-m", "august.cli", command],
        env={**os.environ, **told},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "saying"),
    [
        ("data/categories.yaml", "shape: sofa,", "form: sofa,", "unknown field `form`"),
        ("data/categories.yaml", "[wood, color", "[wod, color", "asks for unknown attribute 'wod'"),
        ("data/countries.yaml", "code: CA", "code: US", "country 'US' is there twice"),
        ("data/countries.yaml", "code: CA", "code: [CA", "not YAML"),
        ("data/lines.yaml", "[US, CA]", "[US, XX]", "goes to unknown country 'XX'"),
        ("worlds/furniture.yaml", "sofa_beds: 5", "sofa_bed: 5", "unknown leaf 'sofa_bed'"),
        ("market/policies.yaml", "template: partly", "template: nowhere", "no template 'nowhere'"),
        ("rules/05-quality.yaml", "origin: release", "origin: hearsay", "'origin' is 'hearsay'"),
    ],
)
def test_a_wrong_seed_is_named_by_file_and_line(
    installation: Path, file: str, old: str, new: str, saying: str
) -> None:
    path = installation / "seeds" / file
    right = path.read_text("utf-8")
    path.write_text(right.replace(old, new, 1), "utf-8")
    try:
        status, complaint = started(installation, "serve")
    finally:
        path.write_text(right, "utf-8")
    line = right[: right.index(old)].count("\n") + 1
    assert (status, complaint.startswith(f"August does not start: {path}, line {line}: ")) == (2, True)
    assert saying in complaint
    assert not (installation / "data").exists()


def test_right_seeds_are_found_right(installation: Path) -> None:
    assert started(installation, "check-seeds") == (0, "")
