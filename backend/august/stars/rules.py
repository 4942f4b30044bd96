"""Scores, abilities, tracks and stars, one store at a time and all at once (S1, S2)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from august.kernel.rulebook import Rulebook, RuleValues
from august.stars.bonus import BonusRules, MachineryRules, TradeRow
from august.stars.index import IndexRules
from august.stars.inputs import INPUTS, MEASURES

Ints = npt.NDArray[np.int64]
Track = Literal["custom", "rts"]
TRACKS: tuple[Track, ...] = ("custom", "rts")
# The abilities of each track in the order of their columns; the first differs by track.
ABILITIES: Mapping[Track, tuple[str, ...]] = {
    "custom": ("merchant", "marketing", "trade", "assurance"),
    "rts": ("product", "marketing", "trade", "assurance"),
}
EACH = 4
LATER = datetime(9999, 1, 1, tzinfo=UTC)
# Points and scores are whole hundredths, so that one store and all stores come out alike.
# The measure that rule S4 makes in its own way.
INDEX = "index"
HUNDREDTHS = 100
WHOLE = 100
FULL = WHOLE * HUNDREDTHS
Curve = tuple[tuple[int, int], ...]


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One indicator of an ability: what is measured, its share of the ability, and the points it earns."""

    name: str
    track: Literal["custom", "rts", "both"]
    ability: str
    measure: str
    weight: int
    curve: Curve


class FrameRules(RuleValues, frozen=True):
    """The numbers of rule S1: points from which an ability has its stars, and the basic service metrics.

    `reply_seconds` and `on_time_bp` are the last values that are not missed.
    """

    stars: tuple[int, ...]
    capped_star: int
    reply_seconds: int
    on_time_bp: int
    publish_day: int

    def __post_init__(self) -> None:
        """Refuse thresholds that do not rise."""
        if list(self.stars) != sorted(set(self.stars)) or not 0 < self.stars[0] <= self.stars[-1] <= WHOLE:
            msg = "the thresholds of the stars must rise within a hundred points"
            raise ValueError(msg)


class StarRules(RuleValues, frozen=True, dict=True):
    """The numbers of rule S2 (or of its preview S2-next): the indicators of both tracks."""

    indicators: tuple[Indicator, ...]

    def __post_init__(self) -> None:
        """Refuse weights that do not make a whole, unknown measures, curves that do not rise."""
        for track in TRACKS:
            for ability in ABILITIES[track]:
                if sum(each.weight for each in self.of(track, ability)) != WHOLE:
                    msg = f"the weights of {track} {ability} do not sum to {WHOLE}"
                    raise ValueError(msg)
        for each in self.indicators:
            values = [value for value, _ in each.curve]
            if each.measure not in {*MEASURES, INDEX} or values != sorted(set(values)) or len(values) < 2:  # noqa: PLR2004 - a line has two ends
                msg = f"the indicator {each.name} needs a known measure and a curve that rises in its values"
                raise ValueError(msg)
            if any(not 0 <= points <= WHOLE for _, points in each.curve):
                msg = f"the points of {each.name} go from 0 to {WHOLE}"
                raise ValueError(msg)

    def of(self, track: Track, ability: str) -> tuple[Indicator, ...]:
        """The indicators of an ability in their order."""
        return self._of[track, ability]

    @cached_property
    def _of(self) -> Mapping[tuple[Track, str], tuple[Indicator, ...]]:
        return {
            (track, ability): tuple(
                each for each in self.indicators if each.ability == ability and each.track in {track, "both"}
            )
            for track in TRACKS
            for ability in ABILITIES[track]
        }


class Rules(msgspec.Struct, frozen=True):
    """Everything a star is made by: the versions of one instant, or the preview in place of S2."""

    version: str
    frame: FrameRules
    stars: StarRules
    bonus: BonusRules
    machinery: MachineryRules | None
    index: IndexRules


RULES: Mapping[str, type[RuleValues]] = {
    "S1": FrameRules,
    "S2": StarRules,
    "S2-next": StarRules,
    "S3": BonusRules,
    "S4": IndexRules,
    "S6": MachineryRules,
}


def rules_at(rulebook: Rulebook, at: datetime) -> Rules:
    """The rules in force at an instant."""
    return Rules(
        rulebook.at("S2", at).version,
        rulebook.values("S1", at),
        rulebook.values("S2", at),
        rulebook.values("S3", at),
        rulebook.values("S6", at) if rulebook.applies("S6", at) else None,
        rulebook.values("S4", at),
    )


def rules_of(rulebook: Rulebook, version: str) -> Rules:
    """The rules of a version by its name, those of the preview too; KeyError for an unknown one."""
    for known in rulebook.versions("S2"):
        if known.version == version:
            if known.effective_from is not None:
                return rules_at(rulebook, known.effective_from)
            # The one that was always there is looked up a second before it ends.
            return rules_at(rulebook, (known.effective_to or LATER) - timedelta(seconds=1))
    (preview,) = rulebook.versions("S2-next")
    if preview.version != version or preview.effective_from is None:
        raise KeyError(version)
    base = rules_at(rulebook, preview.effective_from)
    return msgspec.structs.replace(base, version=version, stars=preview.values)


class Parts(msgspec.Struct, frozen=True):
    """What became of one store: hundredths of points by track, and the stars."""

    abilities: Mapping[Track, tuple[int, ...]]
    stars: Mapping[Track, tuple[int, ...]]
    track_stars: Mapping[Track, int]
    star: int
    track: Track
    strength: int
    machinery: int


def score(curve: Curve, value: int) -> int:
    """Hundredths of points at a value: straight between two points, level beyond the ends, half up."""
    if value <= curve[0][0]:
        return curve[0][1] * HUNDREDTHS
    for (left, low), (right, high) in pairwise(curve):
        if value <= right:
            span = right - left
            return low * HUNDREDTHS + (2 * (high - low) * HUNDREDTHS * (value - left) + span) // (2 * span)
    return curve[-1][1] * HUNDREDTHS


def scores(curve: Curve, values: Ints) -> Ints:
    """`score` for a column of values."""
    points = np.array(curve, dtype=np.int64)
    held = np.clip(values, points[0, 0], points[-1, 0])
    place = np.clip(np.searchsorted(points[:, 0], held, side="left"), 1, len(points) - 1)
    left, low = points[place - 1].T
    right, high = points[place].T
    span = right - left
    return np.asarray(
        low * HUNDREDTHS + (2 * (high - low) * HUNDREDTHS * (held - left) + span) // (2 * span),
        dtype=np.int64,
    )


def star_of(points: int, frame: FrameRules) -> int:
    """The stars of an ability with so many hundredths of points: 59.99 has none, 60.00 has one."""
    return sum(points >= least * HUNDREDTHS for least in frame.stars)


def measured(inputs: Mapping[str, int], rules: Rules) -> dict[str, int]:
    """Every measure of one store; the opportunity index by the version's own counting."""
    found = {name: measure.of(inputs) for name, measure in MEASURES.items()}
    return found | {INDEX: rules.index.of(inputs)}


def all_measured(columns: Mapping[str, Ints], rules: Rules) -> dict[str, Ints]:
    """`measured` for columns of n stores."""
    found = {name: measure.of_all(columns) for name, measure in MEASURES.items()}
    return found | {INDEX: rules.index.of_all(columns)}


def missed(values: Mapping[str, int], frame: FrameRules) -> dict[str, bool]:
    """Which basic service metrics are missed, by the ability they belong to."""
    return {ability: is_missed(values, frame, ability) for ability in ("marketing", "assurance")}


def is_missed(values: Mapping[str, int], frame: FrameRules, ability: str) -> bool:
    """Whether the basic service metric that belongs to an ability is missed."""
    if ability == "marketing":
        return values["reply"] > frame.reply_seconds
    return ability == "assurance" and values["on_time"] < frame.on_time_bp


def judge(inputs: Mapping[str, int], rules: Rules, industry: str) -> Parts:
    """One store: indicators make abilities, the lowest of them a track, the higher track the star."""
    values = measured(inputs, rules)
    row = trade_row(rules, inputs, _trade_star(values, rules), industry)
    made = {track: judge_track(inputs, values, rules, industry, track) for track in TRACKS}
    lowest = {track: min(stars) for track, (_, stars) in made.items()}
    better = better_track(lowest)
    return Parts(
        abilities={track: points for track, (points, _) in made.items()},
        stars={track: stars for track, (_, stars) in made.items()},
        track_stars=lowest,
        star=lowest[better],
        track=better,
        strength=rules.bonus.of(inputs, industry).total,
        machinery=row.points if row is not None else 0,
    )


def judge_track(
    inputs: Mapping[str, int], values: Mapping[str, int], rules: Rules, industry: str, track: Track
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Points with their bonuses, and stars under their caps, of the four abilities of a track."""
    made = [judge_ability(inputs, values, rules, industry, track, ability) for ability in ABILITIES[track]]
    return tuple(points for points, _ in made), tuple(star for _, star in made)


def judge_ability(
    inputs: Mapping[str, int],
    values: Mapping[str, int],
    rules: Rules,
    industry: str,
    track: Track,
    ability: str,
) -> tuple[int, int]:
    """Points of one ability with its bonus, and its star under its cap."""
    points = ability_points(values, rules, track, ability)
    if ability == "merchant":
        points = min(FULL, points + rules.bonus.of(inputs, industry).total * HUNDREDTHS)
    if track == "custom" and ability == "trade":
        row = trade_row(rules, inputs, star_of(points, rules.frame), industry)
        points = min(FULL, points + (row.points * HUNDREDTHS if row is not None else 0))
    star = star_of(points, rules.frame)
    if is_missed(values, rules.frame, ability):
        star = min(star, rules.frame.capped_star)
    return points, star


def _trade_star(values: Mapping[str, int], rules: Rules) -> int:
    """The custom trade star before its bonus (S6)."""
    return star_of(ability_points(values, rules, "custom", "trade"), rules.frame)


def better_track(stars: Mapping[Track, int]) -> Track:
    """The track whose stars count: the higher, Customization among equals (S1)."""
    return "rts" if stars["rts"] > stars["custom"] else "custom"


def trade_row(rules: Rules, inputs: Mapping[str, int], star: int, industry: str) -> TradeRow | None:
    """The row of S6 that a store reaches with its trade star before the bonus, None without one."""
    return None if rules.machinery is None else rules.machinery.row(inputs["local_gmv"], star, industry)


def ability_points(values: Mapping[str, int], rules: Rules, track: Track, ability: str) -> int:
    """Hundredths of points of an ability: the weighted mean of its indicators, half up once."""
    whole = sum(
        each.weight * score(each.curve, values[each.measure]) for each in rules.stars.of(track, ability)
    )
    return (2 * whole + WHOLE) // (2 * WHOLE)


class AllParts(msgspec.Struct, frozen=True):
    """`Parts` of n stores: `abilities` and `stars` (n, 8) hold custom before RTS; `track` is 0 or 1."""

    abilities: Ints
    stars: Ints
    track_stars: Ints
    star: Ints
    track: Ints


def judge_all(columns: Mapping[str, Ints], rules: Rules, industries: tuple[str, ...]) -> AllParts:
    """Every store at once, equal to `judge` one by one; column `industry` counts in `industries`."""
    values = all_measured(columns, rules)
    count = len(columns["industry"])
    thresholds = np.array(rules.frame.stars, dtype=np.int64) * HUNDREDTHS
    late = values["reply"] > rules.frame.reply_seconds
    unpunctual = values["on_time"] < rules.frame.on_time_bp
    abilities = np.zeros((count, len(TRACKS) * EACH), dtype=np.int64)
    stars = np.zeros_like(abilities)
    for number, track in enumerate(TRACKS):
        for place, ability in enumerate(ABILITIES[track]):
            whole = np.zeros(count, dtype=np.int64)
            for each in rules.stars.of(track, ability):
                whole += each.weight * scores(each.curve, values[each.measure])
            points = (2 * whole + WHOLE) // (2 * WHOLE)
            if ability == "merchant":
                points = points + rules.bonus.of_all(columns, industries) * HUNDREDTHS
            if track == "custom" and ability == "trade" and rules.machinery is not None:
                before = np.searchsorted(thresholds, points, side="right")
                points = points + rules.machinery.of_all(columns, before, industries) * HUNDREDTHS
            points = np.minimum(points, FULL)
            star = np.searchsorted(thresholds, points, side="right")
            if ability in {"marketing", "assurance"}:
                short = late if ability == "marketing" else unpunctual
                star = np.where(short, np.minimum(star, rules.frame.capped_star), star)
            column = number * EACH + place
            abilities[:, column], stars[:, column] = points, star
    lowest = (
        stars.reshape(count, len(TRACKS), EACH).min(axis=2) if count else np.zeros((0, 2), dtype=np.int64)
    )
    track_of = (lowest[:, 1] > lowest[:, 0]).astype(np.int64)
    return AllParts(abilities, stars, lowest, lowest.max(axis=1, initial=0), track_of)


def inputs_of(vector: npt.NDArray[np.integer]) -> dict[str, int]:
    """The stored inputs of an evaluation by their names."""
    return {name: int(value) for name, value in zip(INPUTS, vector, strict=True)}
