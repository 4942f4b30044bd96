"""A track read at changing counts is judged like a track judged at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.stars.inputs import INPUTS
from august.stars.path.gauge import Gauge
from august.stars.rules import TRACKS, Rules, Track, judge_track, measured, rules_of
from tests.stars.rulebooks import BOOK, INDUSTRIES
from tests.stars.test_path import STORE

VERSIONS = ("5.0", "5.1", "5.2")
# Small numbers change shares, large ones reach amounts; both meet again and again.
NUMBERS = 0, 1, 2, 3, 5, 20, 59, 80, 1_000, 86_400, 1_000_000, 600_000_000
COUNTS = st.fixed_dictionaries({name: st.sampled_from(NUMBERS) for name in INPUTS})
CHANGES = st.lists(st.tuples(st.sampled_from(INPUTS), st.sampled_from(NUMBERS)), max_size=6)
# Proofs count here, and so does local service in machinery.
OPEN = STORE | {"custom_growth": 1300, "engineering": 1, "cases": 1, "custom_gmv": 0}


def said(counts: dict[str, int], rules: Rules, industry: str, track: Track) -> object:
    return judge_track(counts, measured(counts, rules), rules, industry, track)


@given(
    counts=COUNTS,
    changes=CHANGES,
    version=st.sampled_from(VERSIONS),
    track=st.sampled_from(TRACKS),
    industry=st.sampled_from(INDUSTRIES),
)
def test_it_reads_what_a_judgement_says(
    counts: dict[str, int], changes: list[tuple[str, int]], version: str, track: Track, industry: str
) -> None:
    rules = rules_of(BOOK, version)
    gauge = Gauge(rules, industry, track)
    for name, number in [("industry", 0), *changes]:
        counts = counts | {name: number}
        assert gauge.read(counts) == said(counts, rules, industry, track)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("industry", INDUSTRIES)
def test_no_count_is_overlooked(version: str, industry: str) -> None:
    rules = rules_of(BOOK, version)
    for track in TRACKS:
        gauge = Gauge(rules, industry, track)
        for name in INPUTS:
            for number in NUMBERS:
                counts = OPEN | {name: number}
                assert gauge.read(counts) == said(counts, rules, industry, track), (name, number)
