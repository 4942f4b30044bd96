"""One track judged at many counts: only the abilities that a change touches are judged anew."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from august.stars.bonus import LOCAL, STRENGTHS
from august.stars.inputs import MEASURES
from august.stars.rules import ABILITIES, INDEX, Rules, Track, judge_ability

# The basic service metric that caps an ability (S1).
BASIC = {"marketing": "reply", "assurance": "on_time"}


@dataclass(frozen=True)
class Dial:
    """An ability, the measures it is made of, and what picks out the counts behind it."""

    ability: str
    measures: tuple[str, ...]
    counts: Callable[[Mapping[str, int]], Any]


class Gauge:
    """Points and stars of a track's abilities by one set of rules.

    The same counts always come to the same points, so each ability remembers what its own came to.
    """

    def __init__(self, rules: Rules, industry: str, track: Track) -> None:
        """Find out what each ability is made of."""
        self._rules, self._industry, self._track = rules, industry, track
        self._dials = tuple(self._dial(ability) for ability in ABILITIES[track])
        self._known: dict[tuple[str, Any], tuple[int, int]] = {}

    def read(self, counts: Mapping[str, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Points and stars of the abilities, equal to `judge_track`."""
        made = [self._at(dial, counts) for dial in self._dials]
        return tuple(points for points, _ in made), tuple(star for _, star in made)

    def _at(self, dial: Dial, counts: Mapping[str, int]) -> tuple[int, int]:
        key = dial.ability, dial.counts(counts)
        found = self._known.get(key)
        if found is None:
            values = {
                name: self._rules.index.of(counts) if name == INDEX else MEASURES[name].of(counts)
                for name in dial.measures
            }
            found = judge_ability(counts, values, self._rules, self._industry, self._track, dial.ability)
            self._known[key] = found
        return found

    def _dial(self, ability: str) -> Dial:
        measures = {each.measure for each in self._rules.stars.of(self._track, ability)}
        if ability in BASIC:
            measures.add(BASIC[ability])
        names = {name for measure in measures for name in self._counted(measure)}
        if ability == "merchant":
            names.update(STRENGTHS)
        if ability == "trade":
            names.add(LOCAL)
        return Dial(ability, tuple(sorted(measures)), itemgetter(*sorted(names)))

    def _counted(self, measure: str) -> Iterator[str]:
        if measure == INDEX:
            yield from self._rules.index.inputs()
            return
        made = MEASURES[measure]
        yield made.top
        if made.bottom is not None:
            yield made.bottom
