"""Why abilities make these stars (S1), and what the opportunity index counts (S4)."""

from collections.abc import Mapping

from august.kernel.explain import Node, Outcome
from august.kernel.words import N_, Phrase
from august.stars import words
from august.stars.index import COUNTED, IndexRules
from august.stars.rules import ABILITIES, TRACKS, FrameRules, Track, better_track, star_of

COUNTED_NAMES: Mapping[str, str] = {
    "none": N_("buyers without a label"),
    "blue": N_("blue-label buyers"),
    "gold": N_("gold-label buyers"),
    "visitor": N_("buyers without a tier"),
    "L0": N_("L0 buyers"),
    "L1": N_("L1 buyers"),
    "L2": N_("L2 buyers"),
    "L3": N_("L3 buyers"),
    "L4": N_("L4 buyers"),
}
Points = Mapping[Track, Mapping[str, int]]


def explain_stars(points: Points, frame: FrameRules) -> Node:
    """Tell the stars of hundredths of points: lowest ability, higher track (S1)."""
    lowest: dict[Track, int] = {
        track: min(star_of(points[track][each], frame) for each in ABILITIES[track]) for track in TRACKS
    }
    better = better_track(lowest)
    params = {"star": lowest[better], "track": Phrase(words.TRACKS[better])}
    text = N_("Star level {star}, by the higher of the two tracks: {track}")
    if len(set(lowest.values())) == 1:
        text = N_("Star level {star} on both tracks; {track} is named first")
    return Node(
        text,
        params,
        rule="S1",
        children=tuple(_track(track, points[track], lowest[track], frame) for track in TRACKS),
        outcome="ok" if lowest[better] else "bad",
    )


def _track(track: Track, points: Mapping[str, int], lowest: int, frame: FrameRules) -> Node:
    params = {"track": Phrase(words.TRACKS[track]), "star": lowest}
    lines = tuple(_ability(each, points[each], lowest, frame) for each in ABILITIES[track])
    text = N_("{track}: star level {star}, that of its lowest ability")
    return Node(text, params, rule="S1", children=lines, outcome="ok" if lowest else "bad")


def _ability(ability: str, points: int, lowest: int, frame: FrameRules) -> Node:
    star = star_of(points, frame)
    params = {"ability": Phrase(words.ABILITIES[ability]), "points": words.points_of(points), "star": star}
    if star == len(frame.stars):
        return Node(N_("{ability}, {points} points: star level {star}"), params, rule="S1", outcome="ok")
    text = N_("{ability}, {points} points: star level {star}; the next from {least} points")
    # Only an ability that holds its track down is a trouble.
    outcome: Outcome = "bad" if star == lowest else "ok"
    return Node(text, params | {"least": frame.stars[star]}, rule="S1", outcome=outcome)


def explain_index(counted: Mapping[str, int], version: str, rules: IndexRules) -> Node:
    """Tell what the version counts, with which weight, and the sum (S4); `counted` by tier or label."""
    names = COUNTED[rules.counts]
    tenths = sum(rules.weights[name] * counted[name] for name in names)
    index = rules.index(tenths)
    counts = {
        "inquiries": N_("Version {version} counts valid inquiries of the last 30 days."),
        "buyers": N_("Version {version} counts every opportunity buyer of the last 30 days once."),
    }
    lines = tuple(_line(name, counted[name], rules.weights[name]) for name in names if counted[name])
    params = {"sum": words.points_of(10 * tenths), "constant": rules.constant, "index": index}
    return Node(
        N_("Opportunity index: {index}"),
        {"index": index},
        rule="S4",
        children=(
            Node(counts[rules.counts], {"version": version}, rule="S4", children=lines, outcome="note"),
            Node(N_("1000 · (1 - exp(-{sum} / {constant})) = {index}"), params, rule="S4"),
        ),
        outcome="ok" if index else "bad",
    )


def _line(name: str, number: int, weight: int) -> Node:
    params = {
        "number": number,
        "who": Phrase(COUNTED_NAMES[name]),
        "weight": words.points_of(10 * weight),
        "sum": words.points_of(10 * weight * number),
    }
    return Node(N_("{who}: {number} with a weight of {weight} each: {sum}"), params, rule="S4", outcome="ok")
