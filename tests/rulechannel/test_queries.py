"""The rule channel tells which version counts at the instant, one second to either side of its window."""

from datetime import datetime

import pytest

from august.features import house
from august.kernel.clock import parse_instant
from august.rulechannel.queries import Filter, rows, state

START = parse_instant("2022-08-25T10:00:00+08:00")
RULES = house().rulebook


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_state_at_the_edges_of_every_version(shift: int) -> None:
    """A version counts from its first second to the second before its end."""
    for version in RULES.all():
        if version.effective_from is not None:
            at = datetime.fromtimestamp(version.effective_from.timestamp() + shift, tz=START.tzinfo)
            assert state(version, at) == ("later" if shift < 0 else "now"), version.id
        if version.effective_to is not None:
            at = datetime.fromtimestamp(version.effective_to.timestamp() + shift, tz=START.tzinfo)
            assert state(version, at) == ("now" if shift < 0 else "past"), version.id


def test_filters_narrow_and_search_is_folded() -> None:
    """Every filter keeps exactly the rows it names; search does not care for case."""
    everything = rows(RULES, START, Filter())
    assert len(everything) == len(RULES.all())
    for origin in ("release", "decision", "assumption"):
        found = rows(RULES, START, Filter(origin=origin))
        assert {row.version.id for row in found} == {
            row.version.id for row in everything if row.version.origin == origin
        }
    assert [row.version.id for row in rows(RULES, START, Filter(text="q6-GROWTH"))] == ["Q6-growth"]
    assert rows(RULES, START, Filter(text="no rule says this")) == []


def test_every_rule_speaks_both_languages_and_names_its_source() -> None:
    """No rule without source, title and text in Chinese and English."""
    for version in RULES.all():
        assert version.source
        for words in (version.title, version.text):
            assert set(words) == {"zh", "en"}
            assert all(words.values())
