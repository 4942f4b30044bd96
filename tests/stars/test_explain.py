"""Why a store has its star: every indicator has words, the tree names rules, and what is missing is right."""

from datetime import UTC, datetime

import pytest

from august.features import house
from august.kernel.clock import parse_instant
from august.stars import words
from august.stars.explain import why_ability, why_star
from august.stars.inputs import INPUTS, MEASURES
from august.stars.rules import ABILITIES, TRACKS, Track, judge, rules_at, rules_of

BOOK = house().rulebook
RULES = rules_at(BOOK, parse_instant("2022-09-20T00:00:00-07:00"))
AT = datetime(2022, 9, 20, 7, tzinfo=UTC)
EMPTY = dict.fromkeys(INPUTS, 0)


@pytest.mark.parametrize("version", ["5.0", "5.1", "5.2"])
def test_every_indicator_has_a_name_a_remedy_and_a_way_to_be_written(version: str) -> None:
    for each in rules_of(BOOK, version).stars.indicators:
        assert each.name in words.INDICATORS
        assert each.name in words.REMEDIES
        assert words.value_of(each.measure, 12_345) is not None
    assert set(words.UNITS) <= {*MEASURES, "index"}
    assert set(words.DAYS) <= {*MEASURES, "index"}


def test_the_tree_goes_from_the_star_to_the_counts() -> None:
    parts = judge(EMPTY, RULES, "furniture")
    tree = why_star(EMPTY, RULES, parts, "furniture", AT)
    assert tree.english() == "0★: the higher of the two tracks, Customization track"
    assert [len(track.children) for track in tree.children] == [4, 4]
    assert set(tree.rules) >= {"S1", "S2", "S3", "S4", "S5", "S6"}
    said = [node.english() for node in tree.walk()]
    assert any(text.startswith("No strength bonus: the growth average") for text in said)
    assert any("30 complete Pacific days up to" in text for text in said)
    assert any("90 complete Pacific days up to" in text for text in said)


@pytest.mark.parametrize("track", TRACKS)
def test_what_is_missing_is_the_distance_to_the_next_threshold(track: Track) -> None:
    parts = judge(EMPTY, RULES, "furniture")
    for place, ability in enumerate(ABILITIES[track]):
        points = parts.abilities[track][place]
        last = why_ability(EMPTY, RULES, parts, track, ability, "furniture", AT).children[-1]
        reached = [least for least in RULES.frame.stars if points >= least * 100]
        if len(reached) == len(RULES.frame.stars):
            assert last.english() == "The highest star of an ability."
            continue
        least = RULES.frame.stars[len(reached)]
        assert last.params["least"] == least
        assert last.params["points"] == words.points_of(least * 100 - points)
