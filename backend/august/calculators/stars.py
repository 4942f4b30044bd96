"""Abilities into stars as a pure question (S1)."""

import math
from decimal import Decimal
from typing import Any

import msgspec

from august.calculators.registry import LAUNCH, Answer, Calculator, Misfits, Question
from august.kernel.rulebook import Rulebook
from august.stars.rules import ABILITIES, HUNDREDTHS, TRACKS, WHOLE, FrameRules, Track, better_track, star_of
from august.stars.star_why import explain_stars


class CustomAbilities(Question, frozen=True):
    """Points of the abilities of the Customization track."""

    merchant: float
    marketing: float
    trade: float
    assurance: float


class RtsAbilities(Question, frozen=True):
    """Points of the abilities of the RTS track."""

    product: float
    marketing: float
    trade: float
    assurance: float


TRACK_PARTS: dict[Track, type[CustomAbilities | RtsAbilities]] = {
    "custom": CustomAbilities,
    "rts": RtsAbilities,
}


class StarsQuestion(Question, frozen=True):
    """The abilities of both tracks, 0 to 100 points each."""

    custom: dict[str, Any]
    rts: dict[str, Any]


def answer(asked: StarsQuestion, rulebook: Rulebook) -> Answer:
    """The stars of every ability, of both tracks and of the store."""
    wrong = Misfits()
    points: dict[Track, dict[str, int]] = {}
    for track in TRACKS:
        part = wrong.part(getattr(asked, track), TRACK_PARTS[track], track)
        if part is None:
            continue
        given = msgspec.structs.asdict(part)
        for ability, value in given.items():
            wrong.within(value, 0, WHOLE, f"{track}.{ability}")
        points[track] = {ability: hundredths(value) for ability, value in given.items()}
    wrong.refuse()
    frame: FrameRules = rulebook.values("S1", LAUNCH)
    stars = {
        track: {ability: star_of(points[track][ability], frame) for ability in ABILITIES[track]}
        for track in TRACKS
    }
    lowest: dict[Track, int] = {track: min(stars[track].values()) for track in TRACKS}
    better = better_track(lowest)
    told: dict[str, Any] = {track: {"abilities": stars[track], "star": lowest[track]} for track in TRACKS}
    return Answer(told | {"star": lowest[better], "track": better}, explain_stars(points, frame))


def hundredths(points: float) -> int:
    """Whole hundredths, cut off: what falls short of a threshold by whatever little stays short of it."""
    return math.floor(Decimal(str(points)) * HUNDREDTHS)


CALCULATOR = Calculator("stars", StarsQuestion, answer)
