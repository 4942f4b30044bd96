"""What the star pages show: results side by side, indicators with peers and trends, charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from august.kernel.clock import day_start, pt_day
from august.kernel.context import Context
from august.stars import queries, words
from august.stars.explain import Line, lines
from august.stars.models import Evaluation, Prediction
from august.stars.rules import (
    ABILITIES,
    HUNDREDTHS,
    TRACKS,
    Parts,
    Rules,
    Track,
    all_measured,
    inputs_of,
    rules_of,
    star_of,
)
from august.web.i18n import t

VERSIONS = ("5.0", "5.1", "5.2")
TREND_DAYS = 7


@dataclass(frozen=True)
class Result:
    """A star with everything it was made of; `at` is the cut of its data."""

    at: datetime
    version: str
    inputs: Mapping[str, int]
    rules: Rules
    parts: Parts


@dataclass(frozen=True)
class Row:
    """An indicator as the page shows it; `trend` is the change of its points in a week, None if unknown."""

    name: str
    weight: int
    value: Any
    points: str
    level: float
    peers: Any
    trend: str | None
    rising: bool
    key: str
    remedy: str | None


@dataclass(frozen=True)
class Card:
    """An ability of a track: its points and star, the least points of the next star, its indicators."""

    ability: str
    points: str
    level: float
    star: int
    capped: bool
    missing: str | None
    next_star: int
    bonus: int
    bonus_key: str | None
    rows: Sequence[Row]


def now(ctx: Context) -> Result:
    """The star as things stand: what the next PT midnight will predict if nothing changes."""
    inputs, rules = queries.predicted(ctx)
    return Result(queries.today(ctx), rules.version, inputs, rules, queries.decide(inputs, rules))


def issued(ctx: Context, kept: Evaluation | Prediction) -> Result:
    """A stored result with its numbers."""
    inputs, rules = queries.as_issued(ctx, kept)
    at = kept.cut_at if isinstance(kept, Evaluation) else kept.at
    return Result(at, kept.version, inputs, rules, queries.decide(inputs, rules))


def cards(ctx: Context, result: Result, track: Track) -> list[Card]:
    """The abilities of a track with their indicators beside those of other stores and of a week ago."""
    medians = _medians(ctx, result.rules)
    before = _week_ago(ctx, result)
    return [
        _card(result, track, place, ability, medians, before)
        for place, ability in enumerate(ABILITIES[track])
    ]


def _card(
    result: Result,
    track: Track,
    place: int,
    ability: str,
    medians: Mapping[str, int],
    before: Mapping[str, int],
) -> Card:
    points, star = result.parts.abilities[track][place], result.parts.stars[track][place]
    frame = result.rules.frame
    plain = star_of(points, frame)
    least = frame.stars[plain] if plain < len(frame.stars) else None
    bonus = {"merchant": result.parts.strength, "trade": result.parts.machinery}.get(ability, 0)
    return Card(
        ability=words.ABILITIES[ability],
        points=words.points_of(points),
        level=points / HUNDREDTHS,
        star=star,
        capped=star < plain,
        missing=None if least is None else words.points_of(least * HUNDREDTHS - points),
        next_star=plain + 1,
        bonus=bonus if track == "custom" else 0,
        bonus_key=_bonus_of(result.rules, track, ability),
        rows=[_row(line, medians, before) for line in lines(result.inputs, result.rules, track, ability)],
    )


def _bonus_of(rules: Rules, track: Track, ability: str) -> str | None:
    """Which bonus an ability can have under the rules."""
    if track != "custom" or (ability == "trade" and rules.machinery is None):
        return None
    return words.BONUSES.get(ability)


def _row(line: Line, medians: Mapping[str, int], before: Mapping[str, int]) -> Row:
    each = line.indicator
    change = line.score - before[each.name] if each.name in before else None
    return Row(
        name=words.INDICATORS[each.name],
        weight=each.weight,
        value=words.value_of(each.measure, line.value),
        points=words.points_of(line.score),
        level=line.score / HUNDREDTHS,
        peers=words.value_of(each.measure, medians[each.measure]) if each.measure in medians else None,
        trend=None if not change else ("+" if change > 0 else "") + words.hundredth(change),
        rising=bool(change and change > 0),
        key=each.name,
        remedy=words.REMEDIES[each.name] if line.room else None,
    )


def _medians(ctx: Context, rules: Rules) -> dict[str, int]:
    """The middle of all stores at the last published evaluation, measured by these rules."""
    columns = queries.peers(ctx)
    if columns is None:
        return {}
    return {name: int(np.median(values)) for name, values in all_measured(columns, rules).items()}


def _week_ago(ctx: Context, result: Result) -> dict[str, int]:
    """The points of each indicator by the prediction of a week before."""
    at = day_start(pt_day(ctx.now) - timedelta(days=TREND_DAYS))
    kept = ctx.session.get(Prediction, (ctx.merchant, at))
    if kept is None:
        return {}
    inputs = inputs_of(kept.inputs)
    return {
        line.indicator.name: line.score
        for track in TRACKS
        for ability in ABILITIES[track]
        for line in lines(inputs, result.rules, track, ability)
    }


@dataclass(frozen=True)
class Column:
    """One version of the rules in the comparison of the same data."""

    version: str
    preview: bool
    parts: Parts


def compared(ctx: Context, result: Result) -> tuple[list[Column], list[tuple[str, list[str | None]]]]:
    """The same data under every version: stars and abilities, and the points of each indicator."""
    columns, names = [], dict[str, list[str | None]]()
    for place, version in enumerate(VERSIONS):
        rules = rules_of(ctx.rulebook, version)
        columns.append(Column(version, version == VERSIONS[-1], queries.decide(result.inputs, rules)))
        for track in TRACKS:
            for ability in ABILITIES[track]:
                for line in lines(result.inputs, rules, track, ability):
                    key = f"{words.TRACKS[track]}|{words.INDICATORS[line.indicator.name]}"
                    row = names.setdefault(key, [None] * len(VERSIONS))
                    row[place] = f"{words.points_of(line.score)} × {line.indicator.weight}%"
    return columns, list(names.items())


def radar(results: Mapping[str, Result], track: Track) -> dict[str, Any]:
    """The four abilities of a track, one shape for each named result."""
    labels = [t(words.ABILITIES[each]) for each in ABILITIES[track]]
    series = [
        {"name": name, "value": [each / HUNDREDTHS for each in result.parts.abilities[track]]}
        for name, result in results.items()
    ]
    option = {
        "tooltip": {"renderMode": "richText"},
        "legend": {"bottom": 0, "data": [one["name"] for one in series]},
        "radar": {
            "radius": "64%",
            "center": ["50%", "46%"],
            "axisNameGap": 6,
            # Two short lines: a phone has no room for a long one.
            "indicator": [{"name": label.replace(" ", "\n"), "max": 100} for label in labels],
        },
        "series": [{"type": "radar", "areaStyle": {"opacity": 0.12}, "data": series}],
    }
    rows = [
        (label, *(words.points_of(result.parts.abilities[track][place]) for result in results.values()))
        for place, label in enumerate(labels)
    ]
    return {"option": option, "rows": rows, "columns": (t("Ability"), *results)}


def bars(result: Result) -> dict[str, Any]:
    """The abilities of both tracks side by side, beside the points from which stars begin."""
    names = {track: [t(words.ABILITIES[each]) for each in ABILITIES[track]] for track in TRACKS}
    # The first ability has a name of its own in each track.
    shared = [
        "\n".join(dict.fromkeys(both)).replace("\n", " /\n") for both in zip(*names.values(), strict=True)
    ]
    lines_ = [
        {"xAxis": least, "label": {"position": "start", "color": "@text", "formatter": str(star)}}
        for star, least in enumerate(result.rules.frame.stars, start=1)
    ]
    marked = {
        "symbol": "none",
        "data": lines_,
        "lineStyle": {"type": "dashed", "color": "@text", "opacity": 0.5},
        "label": {"show": True},
    }
    points = {track: [each / HUNDREDTHS for each in result.parts.abilities[track]] for track in TRACKS}
    series: list[dict[str, Any]] = [
        {
            "type": "bar",
            "name": t(words.TRACKS[track]),
            "data": points[track],
            "label": {"show": True, "position": "right"},
        }
        for track in TRACKS
    ]
    series[0]["markLine"] = marked
    option = {
        "tooltip": {"renderMode": "richText"},
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 28, "top": 24, "bottom": 32, "containLabel": True},
        "xAxis": {"type": "value", "max": 100},
        "yAxis": {"type": "category", "inverse": True, "data": shared},
        "series": series,
    }
    rows = [
        (f"{t(words.TRACKS[track])} · {name}", value)
        for track in TRACKS
        for name, value in zip(names[track], points[track], strict=True)
    ]
    return {"option": option, "columns": (t("Ability"), t("Points")), "rows": rows}


def course(found: Sequence[Prediction]) -> dict[str, Any]:
    """The predicted star and the lowest ability of its track, day by day."""
    days = [pt_day(each.at).isoformat() for each in found]
    stars = [each.star for each in found]
    lowest = [_lowest(each) for each in found]
    option = {
        "tooltip": {"renderMode": "richText", "trigger": "axis"},
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 8, "top": 24, "bottom": 32, "containLabel": True},
        "xAxis": {"type": "category", "data": days},
        "yAxis": [
            {"type": "value", "min": 0, "max": 5, "interval": 1},
            {"type": "value", "min": 0, "max": 100, "splitLine": {"show": False}},
        ],
        "series": [
            {"name": t("Predicted star"), "type": "line", "step": "end", "data": stars},
            {"name": t("Points of the lowest ability"), "type": "line", "yAxisIndex": 1, "data": lowest},
        ],
    }
    columns = (t("Pacific day"), t("Predicted star"), t("Points of the lowest ability"))
    return {"option": option, "columns": columns, "rows": list(zip(days, stars, lowest, strict=True))}


def _lowest(kept: Prediction) -> float:
    half = len(kept.abilities) // 2
    mine = kept.abilities[:half] if kept.track == "custom" else kept.abilities[half:]
    return float(mine.min()) / HUNDREDTHS


def publication(now: datetime, publish_day: int) -> datetime:
    """When the next evaluation is published: at this day of a month, PT midnight (S1)."""
    day = pt_day(now)
    if now >= day_start(day.replace(day=publish_day)):
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day_start(day.replace(day=publish_day))
