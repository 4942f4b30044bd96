"""The cheapest way to the next star: a search over what a store can do with a certain effect (S1)."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import msgspec

from august.stars.path.gauge import Gauge
from august.stars.rules import (
    ABILITIES,
    HUNDREDTHS,
    TRACKS,
    WHOLE,
    Parts,
    Rules,
    Track,
    judge,
)

Inputs = Mapping[str, int]
# Hundredths of points a minute below zero, minutes, days, key: the best act is the least of them.
Rank = tuple[float, int, int, str]


class Act(msgspec.Struct, frozen=True):
    """Something to do: what it adds to the counts, the minutes it takes, the acts that come first.

    It counts from the Pacific midnight so many `days` on.
    """

    key: str
    kind: str
    minutes: int
    adds: Mapping[str, int]
    after: tuple[str, ...] = ()
    days: int = 1


class Path(msgspec.Struct, frozen=True, dict=True):
    """Acts in the order in which to do them, and what the store will be then.

    A `narrow` one leaves an ability less than the margin above the line: a day's data may undo it.
    """

    track: Track
    target: int
    acts: tuple[Act, ...]
    parts: Parts
    narrow: bool = False

    @cached_property
    def minutes(self) -> int:
        """The effort of the whole path."""
        return sum(act.minutes for act in self.acts)

    @cached_property
    def days(self) -> int:
        """After how many Pacific midnights all of it counts."""
        return max((act.days for act in self.acts), default=0)


class Task(msgspec.Struct, frozen=True, dict=True):
    """A store, the rules, what it can do, and the star to reach."""

    inputs: Inputs
    rules: Rules
    industry: str
    acts: Mapping[str, Act]
    target: int
    # Hundredths of points to stand above the threshold, as the data of a day more can take some: the first
    # ability, which goes by growth scores, and the others.
    margin: int = 0
    slack: int = 0

    def done(self, chosen: Iterable[str]) -> dict[str, int]:
        """The counts after some acts."""
        return self.more(self.inputs, chosen)

    def more(self, counts: Inputs, chosen: Iterable[str]) -> dict[str, int]:
        """Other counts after some acts."""
        found = dict(counts)
        for key in chosen:
            for name, more in self.acts[key].adds.items():
                found[name] += more
        return found

    def parts(self, chosen: Iterable[str]) -> Parts:
        """What the store is after some acts."""
        return judge(self.done(chosen), self.rules, self.industry)

    def lacking(self, counts: Inputs, track: Track) -> int:
        """Hundredths of points that a track's abilities lack together; one for a cap that still holds."""
        points, stars = self.gauges[track].read(counts)
        short = sum(max(0, least - each) for least, each in zip(self.aims[track], points, strict=True))
        return short or int(min(stars) < self.target)

    @cached_property
    def gauges(self) -> Mapping[Track, Gauge]:
        """What judges counts, by track."""
        return {track: Gauge(self.rules, self.industry, track) for track in TRACKS}

    @cached_property
    def aims(self) -> Mapping[Track, tuple[int, ...]]:
        """The points each ability is to have: what one's own acts raise, with the margin."""
        least = self.rules.frame.stars[self.target - 1] * HUNDREDTHS
        safe = min(WHOLE * HUNDREDTHS, least + self.margin)
        return {track: (safe, *(least for _ in ABILITIES[track][1:])) for track in TRACKS}

    def opened(self, counts: Inputs) -> bool:
        """Whether proofs count at some counts (S3)."""
        return self.rules.bonus.of(counts, self.industry).open


def cheapest(task: Task) -> Path | None:
    """The path of least effort over both tracks; None when no acts reach the star.

    Where nothing reaches it with the margin, what just reaches it will do.
    """
    found = _over_tracks(_careful(task))
    if found is None and task.margin:
        found = _over_tracks(msgspec.structs.replace(task, margin=0))
    if found is None:
        return None
    keys = [act.key for act in found.acts]
    parts = task.parts(keys)
    least = task.rules.frame.stars[task.target - 1] * HUNDREDTHS
    own, *others = _careful(task).parts(keys).abilities[found.track]
    narrow = own < min(WHOLE * HUNDREDTHS, least + task.margin) or min(others) < least + task.slack
    return msgspec.structs.replace(found, parts=parts, narrow=narrow)


def _careful(task: Task) -> Task:
    """The same task, but proofs count only where the growth average is above their line by the margin."""
    bonus = task.rules.bonus
    bonus = msgspec.structs.replace(bonus, growth_least=bonus.growth_least + task.margin // HUNDREDTHS)
    return msgspec.structs.replace(task, rules=msgspec.structs.replace(task.rules, bonus=bonus))


def _over_tracks(task: Task) -> Path | None:
    found = [path for track in TRACKS if (path := _of_track(task, track)) is not None]
    return min(found, key=lambda path: (path.minutes, TRACKS.index(path.track)), default=None)


def _of_track(task: Task, track: Track) -> Path | None:
    """The better of two searches: by what helps most a minute, and with the strength bonus opened first."""
    begun: list[Sequence[str]] = [()]
    if track == "custom":
        begun.append(_opened(task))
    best: Path | None = None
    for start in begun:
        chosen = _climb(task, track, start)
        if chosen is None:
            continue
        kept = _pruned(task, track, chosen)
        path = Path(track, task.target, tuple(task.acts[key] for key in kept), task.parts(kept))
        if best is None or path.minutes < best.minutes:
            best = path
    return best


def _bundle(task: Task, key: str, chosen: Sequence[str]) -> list[str]:
    """An act behind everything that must come first and was not chosen yet."""
    found: list[str] = []
    for first in task.acts[key].after:
        found += [each for each in _bundle(task, first, [*chosen, *found]) if each not in found]
    return [*found, key] if key not in chosen else found


def _opened(task: Task) -> list[str]:
    """The acts that raise the growth average to where proofs begin to count, the most effective first."""
    least = task.rules.bonus.growth_least
    raising = sorted(
        (key for key, act in task.acts.items() if act.adds.get("custom_growth", 0) > 0),
        key=lambda key: (-task.acts[key].adds["custom_growth"] / task.acts[key].minutes, key),
    )
    chosen: list[str] = []
    for key in raising:
        counts = task.done(chosen)
        if counts["custom_growth"] >= least * counts["custom_products"]:
            break
        chosen += _bundle(task, key, chosen)
    return chosen


def _climb(task: Task, track: Track, start: Sequence[str]) -> list[str] | None:
    """Take what helps most for its minutes until the star is reached; None when nothing helps any more.

    What an act brings shrinks while others are taken, so only the most promising one is weighed again; all
    are, when the strength bonus opens or nothing seems to help.
    """
    chosen, counts = list(start), task.done(start)
    lack = task.lacking(counts, track)
    open_ = task.opened(counts)
    heap: list[Rank] = []
    fresh = False
    while lack:
        if not heap:
            heap, fresh = _weighed(task, track, chosen, counts, lack), True
        if not heap:
            return None
        *_, key = heapq.heappop(heap)
        if key in chosen:
            continue
        rank = _rank(task, track, chosen, counts, lack, key)
        if rank is None:
            continue
        if not fresh and heap and rank > heap[0]:
            heapq.heappush(heap, rank)
            continue
        bundle = _bundle(task, key, chosen)
        chosen, counts = [*chosen, *bundle], task.more(counts, bundle)
        lack, fresh = task.lacking(counts, track), False
        if not open_ and task.opened(counts):
            open_, heap = True, []
    return chosen


def _weighed(task: Task, track: Track, chosen: Sequence[str], counts: Inputs, lack: int) -> list[Rank]:
    """Every act that helps, as a heap: the most hundredths a minute first."""
    ranks = (_rank(task, track, chosen, counts, lack, key) for key in sorted(task.acts) if key not in chosen)
    heap = [rank for rank in ranks if rank is not None]
    heapq.heapify(heap)
    return heap


def _rank(
    task: Task, track: Track, chosen: Sequence[str], counts: Inputs, lack: int, key: str
) -> Rank | None:
    """How much an act and what comes first help a minute; `counts` are those after what is chosen."""
    bundle = _bundle(task, key, chosen)
    gain = lack - task.lacking(task.more(counts, bundle), track)
    if gain <= 0:
        return None
    minutes = sum(task.acts[each].minutes for each in bundle)
    # What only has to be awaited takes no minute at all.
    return -gain / max(1, minutes), minutes, max(task.acts[each].days for each in bundle), key


def _pruned(task: Task, track: Track, chosen: Sequence[str]) -> list[str]:
    """Leave out what the rest reaches the star without, the dearest first, then what counts latest."""
    kept = list(chosen)
    for key in sorted(chosen, key=lambda each: (-task.acts[each].minutes, -task.acts[each].days, each)):
        needed = any(key in task.acts[each].after for each in kept)
        without = [each for each in kept if each != key]
        if key in kept and not needed and not task.lacking(task.done(without), track):
            kept = without
    return kept


def helps(task: Task, track: Track) -> list[str]:
    """The abilities of a track that no act can bring to the star, for whom only the market can do more."""
    everything = [key for name in sorted(task.acts) for key in _bundle(task, name, [])]
    parts = task.parts(dict.fromkeys(everything))
    least = task.rules.frame.stars[task.target - 1] * HUNDREDTHS
    return [
        ability
        for ability, points, star in zip(
            ABILITIES[track], parts.abilities[track], parts.stars[track], strict=True
        )
        if points < least or star < task.target
    ]
