"""Rules of the tests' own, so that curves may be calibrated without touching a test."""

from datetime import datetime

import msgspec

from august.features import house
from august.kernel.clock import parse_instant
from august.stars.inputs import INPUTS, MEASURES
from august.stars.rules import ABILITIES, TRACKS, Curve, Indicator, Rules, StarRules, rules_at

BOOK = house().rulebook
BEFORE, FROM = parse_instant("2022-09-05T23:59:59-07:00"), parse_instant("2022-09-06T00:00:00-07:00")
INDUSTRIES = ("furniture", "apparel", "machinery", "construction", "security")
STRAIGHT: Curve = ((0, 0), (10_000, 100))
# The plain count that makes each ability, in hundredths of points.
MADE_OF = {
    "merchant": "tradable",
    "product": "rts_high",
    "marketing": "traffic",
    "trade": "custom_gmv",
    "assurance": "points",
}


def plain_rules(at: datetime = FROM) -> Rules:
    """The rules in force at an instant, but each ability made of one count."""
    indicators = tuple(
        Indicator(f"{track}_{ability}", track, ability, MADE_OF[ability], 100, STRAIGHT)
        for track in TRACKS
        for ability in ABILITIES[track]
    )
    return msgspec.structs.replace(rules_at(BOOK, at), stars=StarRules(indicators=indicators))


def counted(**given: int) -> dict[str, int]:
    """Counts of a store that has nothing but these."""
    return dict.fromkeys(INPUTS, 0) | given


def store(points: dict[str, int], **given: int) -> dict[str, int]:
    """Counts of a store whose abilities have these hundredths of points (9500 unless named)."""
    found = dict.fromkeys(MADE_OF, 9_500) | points
    counts = {MEASURES[MADE_OF[ability]].top: number for ability, number in found.items()}
    return counted(**counts | given)
