"""Why a store has its star: tracks, abilities, indicators, what they were measured from (S1, S2)."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from august.kernel.explain import Node, money
from august.kernel.words import N_, Phrase
from august.stars import words
from august.stars.inputs import MEASURES
from august.stars.rules import (
    ABILITIES,
    HUNDREDTHS,
    INDEX,
    TRACKS,
    WHOLE,
    Indicator,
    Parts,
    Rules,
    Track,
    ability_points,
    measured,
    missed,
    score,
    star_of,
)

Inputs = Mapping[str, int]


class Line(msgspec.Struct, frozen=True):
    """An indicator of an ability: its value, its points, and how many more the ability could have from it."""

    indicator: Indicator
    value: int
    score: int
    room: int


def lines(inputs: Inputs, rules: Rules, track: Track, ability: str) -> tuple[Line, ...]:
    """The indicators of an ability; `room` is in hundredths of the ability's points."""
    values = measured(inputs, rules)
    found = []
    for each in rules.stars.of(track, ability):
        points = score(each.curve, values[each.measure])
        most = max(high for _, high in each.curve) * HUNDREDTHS
        found.append(Line(each, values[each.measure], points, each.weight * (most - points) // WHOLE))
    return tuple(found)


def why_star(inputs: Inputs, rules: Rules, parts: Parts, industry: str, at: datetime) -> Node:
    """The whole tree of a star; its data end at `at`."""
    return Node(
        N_("{star}★: the higher of the two tracks, {track}"),
        {"star": parts.star, "track": Phrase(words.TRACKS[parts.track])},
        rule="S1",
        children=tuple(why_track(inputs, rules, parts, track, industry, at) for track in TRACKS),
    )


def why_track(inputs: Inputs, rules: Rules, parts: Parts, track: Track, industry: str, at: datetime) -> Node:
    """One track: the lowest of its abilities decides."""
    lowest = min(parts.stars[track])
    names = [
        words.ABILITIES[ability]
        for ability, star in zip(ABILITIES[track], parts.stars[track], strict=True)
        if star == lowest
    ]
    return Node(
        N_("{track}: {star}★, as its lowest ability: {lowest}"),
        {"track": Phrase(words.TRACKS[track]), "star": parts.track_stars[track], "lowest": Phrase(names[0])},
        rule="S1",
        children=tuple(
            why_ability(inputs, rules, parts, track, ability, industry, at) for ability in ABILITIES[track]
        ),
    )


def why_ability(  # noqa: PLR0913, PLR0917 - a star, its track and ability, and when its data end
    inputs: Inputs, rules: Rules, parts: Parts, track: Track, ability: str, industry: str, at: datetime
) -> Node:
    """One ability: its indicators, the bonus, the basic service metric, what is missing to the next star."""
    place = ABILITIES[track].index(ability)
    points, star = parts.abilities[track][place], parts.stars[track][place]
    children = [_line(each, inputs, at) for each in lines(inputs, rules, track, ability)]
    if track == "custom" and ability == "merchant":
        children.append(_strength(inputs, rules, industry))
    if track == "custom" and ability == "trade" and rules.machinery is not None:
        children.append(_machinery(inputs, rules, industry))
    if missed(measured(inputs, rules), rules.frame).get(ability, False):
        children.append(_missed(ability, rules))
    children.append(_missing(points, rules))
    return Node(
        N_("{ability}: {points} points, {star}★"),
        {"ability": Phrase(words.ABILITIES[ability]), "points": words.points_of(points), "star": star},
        rule="S2",
        children=tuple(children),
        outcome="bad" if star == 0 else None,
    )


def _line(line: Line, inputs: Inputs, at: datetime) -> Node:
    each = line.indicator
    return Node(
        N_("{indicator}: {value} earns {points} of 100 points, weight {weight}%"),
        {
            "indicator": Phrase(words.INDICATORS[each.name]),
            "value": words.value_of(each.measure, line.value),
            "points": words.points_of(line.score),
            "weight": each.weight,
        },
        rule="S4" if each.measure == INDEX else "S5" if each.name == "conversion" else "S2",
        children=_sources(each.measure, inputs, at),
        outcome="ok" if not line.room else "note",
        remedy=words.REMEDIES[each.name] if line.room else None,
    )


def _sources(measure: str, inputs: Inputs, at: datetime) -> tuple[Node, ...]:
    """The counts a measure was made of, and the days they were counted over."""
    days = words.DAYS.get(measure)
    when = Node(N_("As it stands at {until}."), {"until": at})
    if days is not None:
        when = Node(N_("{days} complete Pacific days up to {until}."), {"days": days, "until": at})
    if measure == INDEX or MEASURES[measure].bottom is None:
        return (when,)
    made = MEASURES[measure]
    bottom = inputs[str(made.bottom)]
    if not bottom:
        return (Node(N_("There is nothing to measure yet: a neutral value stands in."), outcome="note"), when)
    return (Node(N_("{top} ÷ {bottom}"), {"top": inputs[made.top], "bottom": bottom}), when)


def _strength(inputs: Inputs, rules: Rules, industry: str) -> Node:
    bonus = rules.bonus.of(inputs, industry)
    if not bonus.open:
        return Node(
            N_("No strength bonus: the growth average of Customization products is below {least}."),
            {"least": rules.bonus.growth_least},
            rule="S3",
            outcome="bad",
            remedy=words.REMEDIES["growth"],
        )
    return Node(
        N_("Strength bonus +{total}: export {export}, professional {professional}, services {service}"),
        {
            "total": bonus.total,
            "export": bonus.export,
            "professional": bonus.professional,
            "service": bonus.service,
        },
        rule="S3",
        outcome="ok" if bonus.total else "note",
        remedy=None if bonus.total == rules.bonus.total_cap else N_("Have more strengths verified."),
    )


def _machinery(inputs: Inputs, rules: Rules, industry: str) -> Node:
    before = star_of(ability_points(measured(inputs, rules), rules, "custom", "trade"), rules.frame)
    return why_local(rules, industry, inputs["local_gmv"], before)


def why_local(rules: Rules, industry: str, cents: int, before: int) -> Node:
    """What local-service trade of 90 days brings at a trade star before the bonus (S6)."""
    assert rules.machinery is not None  # noqa: S101 - asked for only where the rule is in force
    if industry != rules.machinery.industry:
        return Node(
            N_("No local service bonus: the main industry is not machinery."), rule="S6", outcome="note"
        )
    row = rules.machinery.row(cents, before, industry)
    told = {"amount": money(cents, "USD"), "star": before}
    if row is not None:
        text = N_("Local service bonus +{points}: {amount} with local after-sales at {star}★ before it")
        return Node(text, {**told, "points": row.points}, rule="S6", outcome="ok")
    need = next((each.least_cents for each in rules.machinery.rows if each.star == before), None)
    if need is None:
        return Node(N_("No local service bonus: five stars have no row."), rule="S6", outcome="note")
    return Node(
        N_("No local service bonus: {amount} with local after-sales, {need} are needed at {star}★."),
        {**told, "need": money(need, "USD")},
        rule="S6",
        outcome="note",
        remedy=N_("Offer local after-sales on more machinery products and sell them online."),
    )


def _missed(ability: str, rules: Rules) -> Node:
    if ability == "marketing":
        text, value = N_("Average reply above {limit} h: this ability has {star}★ at most."), _hours(rules)
        remedy = words.REMEDIES["reply"]
    else:
        text = N_("Shipped on time below {limit}%: this ability has {star}★ at most.")
        value = words.points_of(rules.frame.on_time_bp)
        remedy = words.REMEDIES["on_time"]
    return Node(
        text, {"limit": value, "star": rules.frame.capped_star}, rule="S1", outcome="bad", remedy=remedy
    )


def _hours(rules: Rules) -> str:
    return words.tenth(rules.frame.reply_seconds * 10 // 3600)


def _missing(points: int, rules: Rules) -> Node:
    """How far the next star is."""
    star = star_of(points, rules.frame)
    if star == len(rules.frame.stars):
        return Node(N_("The highest star of an ability."), rule="S1", outcome="ok")
    least = rules.frame.stars[star]
    return Node(
        N_("{points} points are missing to {star}★, which begins at {least}."),
        {"points": words.points_of(least * HUNDREDTHS - points), "star": star + 1, "least": least},
        rule="S1",
        outcome="note",
    )
