from pathlib import Path

import msgspec
import pytest

from august.kernel.clock import BEIJING, from_local
from august.kernel.errors import Refusal
from august.kernel.rulebook import RuleValues, SeedError, load

GOOD = """\
- id: A1
  version: 5.1
  origin: release
  source: 标题
  effective_from: always
  effective_to: BJ 2022-08-31 23:59:59
  title: {zh: 一, en: One}
  text: {zh: 甲, en: First}
  values:
    most: 3
    steps:
      - {from_day: 1, points: 2}
- id: A1
  version: 5.2
  origin: decision
  source: 标题
  effective_from: BJ 2022-09-01 00:00:00
  see: [A2]
  title: {zh: 一, en: One}
  text: {zh: 甲, en: First again}
  values: {most: 4}
- id: A2
  version: 1
  origin: assumption
  source: 标题
  effective_from: PT 2022-10-01 00:00:00
  title: {zh: 二, en: Two}
  text: {zh: 乙, en: Second}
"""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    from_day: int
    points: int


class Values(RuleValues, frozen=True):
    most: int
    steps: tuple[Step, ...] = ()


DECLARED = {"A1": Values}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "00-a.yaml").write_text(GOOD, "utf-8")
    return tmp_path


def test_the_version_in_force_changes_to_the_second(seeds: Path) -> None:
    book = load(seeds, DECLARED)
    assert book.at("A1", from_local(BEIJING, "2022-08-31 23:59:59")).version == "5.1"
    assert book.at("A1", from_local(BEIJING, "2022-09-01 00:00:00")).version == "5.2"
    assert book.values("A1", from_local(BEIJING, "2022-08-01 00:00:00")) == Values(
        most=3, steps=(Step(1, 2),)
    )
    assert [version.version for version in book.versions("A1")] == ["5.1", "5.2"]
    assert len(book.all()) == 3


def test_a_rule_out_of_force_is_refused_and_an_unknown_one_is_a_mistake(seeds: Path) -> None:
    book = load(seeds, DECLARED)
    before = from_local(BEIJING, "2022-10-01 14:59:59")
    with pytest.raises(Refusal, match=r"rule\.not_in_force"):
        book.at("A2", before)
    assert not book.applies("A2", before)
    assert book.applies("A2", from_local(BEIJING, "2022-10-01 15:00:00"))
    assert [version.id for version in book.in_force(before)] == ["A1"]
    assert "A2" in book
    with pytest.raises(KeyError):
        book.at("A3", before)


def test_the_fingerprint_follows_the_seeds(seeds: Path) -> None:
    first = load(seeds, DECLARED).fingerprint
    assert load(seeds, DECLARED).fingerprint == first
    (seeds / "00-a.yaml").write_text(GOOD.replace("First again", "First anew"), "utf-8")
    assert load(seeds, DECLARED).fingerprint != first


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("  source: 标题\n  effective_from: always", "  effective_from: always", 1, "'source' is missing"),
        ("  source: 标题\n  effective_from: always", "  source: ''\n  effective_from: always", 4, "'source'"),
        ("  see: [A2]", "  seee: [A2]", 18, "unknown key 'seee'"),
        ("  see: [A2]", "  see: [A2, A9]", 18, "unknown rule 'A9'"),
        ("  see: [A2]", "  see: A2", 18, "must be a list"),
        ("origin: decision", "origin: rumour", 15, "rumour"),
        ("BJ 2022-09-01 00:00:00", "BJ 2022-08-31 23:59:59", 13, "overlaps version 5.1"),
        ("  effective_to: BJ 2022-08-31 23:59:59\n", "", 12, "overlaps version 5.1"),
        ("version: 5.2", "version: 5.1", 13, "two versions '5.1'"),
        ("PT 2022-10-01 00:00:00", "2022-10-01", 26, "must look like"),
        ("PT 2022-10-01 00:00:00", "PT 2022-03-13 02:30:00", 26, "must look like"),
        ("effective_to: BJ 2022-08-31 23:59:59", "effective_to: BJ yesterday", 6, "must look like"),
        ("title: {zh: 二, en: Two}", "title: {zh: 二}", 27, "zh and in en"),
        ("title: {zh: 二, en: Two}", "title: {zh: 二, en: ' '}", 27, "zh and in en"),
        ("most: 3", "most: three", 10, "Expected `int`"),
        ("points: 2", "points: [2]", 12, "Expected `int`"),
        ("most: 3", "most: 3\n    least: 1", 11, "unknown field `least`"),
        ("{from_day: 1, points: 2}", "{from_day: 1, pints: 2, points: 2}", 12, "unknown field `pints`"),
        ("  values: {most: 4}", "", 13, "missing required field `most`"),
        ("most: 3", "most: 3\n    most: 4", 11, "there twice"),
        (
            "text: {zh: 乙, en: Second}",
            "text: {zh: 乙, en: Second}\n  values: {x: 1}",
            29,
            "no feature declares",
        ),
        ("- id: A2", "- just words\n- id: A2", 22, "a rule is a mapping"),
        ("- id: A2", "- id: [A2", 23, "not YAML"),
    ],
)
def test_a_wrong_seed_is_refused_by_file_and_line(
    seeds: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in GOOD
    (seeds / "00-a.yaml").write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(SeedError) as no:
        load(seeds, DECLARED)
    assert (no.value.file.name, no.value.line) == ("00-a.yaml", line)
    assert words in str(no.value)


def test_a_file_that_is_no_list_is_refused(seeds: Path) -> None:
    (seeds / "01-b.yaml").write_text("id: A3\n", "utf-8")
    with pytest.raises(SeedError, match=r"01-b\.yaml, line 1: a rule file is a list of rules"):
        load(seeds, DECLARED)


def test_versions_in_two_files_overlap_too(seeds: Path) -> None:
    again = GOOD[GOOD.index("- id: A2") :].replace("version: 1", "version: 2")
    (seeds / "01-b.yaml").write_text(again, "utf-8")
    with pytest.raises(SeedError, match=r"01-b\.yaml, line 1: version 2 of rule A2 overlaps version 1"):
        load(seeds, DECLARED)


def test_declared_values_need_their_rule(seeds: Path) -> None:
    with pytest.raises(SeedError, match="no rule 'A7'"):
        load(seeds, {**DECLARED, "A7": Values})
