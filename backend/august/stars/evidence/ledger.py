"""The rows that a count of one store consists of, and what became of each: counted where, left out why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from august.kernel.words import Phrase

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
# An instant that never came.
NONE = -1
COLUMNS = ("kinds", "numbers", "buyers", "at", "then", "values", "which", "top", "bottom")


class Verdict(msgspec.Struct, frozen=True):
    """Why rows are counted or left out: `above` the line of a share, `below` it, in both or in neither."""

    words: str
    params: dict[str, Any] = {}
    above: bool = False
    below: bool = False
    tone: str | None = None

    @property
    def phrase(self) -> Phrase:
        """The reason in words."""
        return Phrase(self.words, self.params)

    @property
    def colour(self) -> str:
        """How the reason is shown: well counted, counted below the line alone, left out."""
        if self.tone is not None:
            return self.tone
        return "good" if self.above else "middle" if self.below else ""


class Heads(msgspec.Struct, frozen=True):
    """What the columns of a list are called; `unit` is how its values are written."""

    what: str
    at: str | None = None
    then: str | None = None
    value: str | None = None
    unit: str = "count"


@dataclass(frozen=True)
class Ledger:
    """Rows column by column; what each brings is `top` above the line and `bottom` below it.

    `kinds` and `numbers` tell what a row is about, `at` and `then` are epoch seconds or NONE.
    """

    heads: Heads
    kinds: npt.NDArray[np.str_]
    numbers: Ints
    buyers: Ints
    at: Ints
    then: Ints
    values: Ints
    verdicts: Sequence[Verdict]
    which: Ints
    top: Ints
    bottom: Ints

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.numbers)

    def take(self, places: Any) -> "Ledger":
        """Only some rows, in this order."""
        return replace(self, **{name: getattr(self, name)[places] for name in COLUMNS})

    def marked(self, name: str) -> Bools:
        """The rows whose verdict says `above` or `below`."""
        said = np.array([getattr(each, name) for each in self.verdicts], dtype=np.bool_)
        return np.asarray(said[self.which])


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """Rows before they are judged; `above` and `below` are what a counted row brings, one each."""

    kind: str | npt.NDArray[np.str_]
    numbers: Ints
    buyers: Ints | None = None
    at: Ints | None = None
    then: Ints | None = None
    values: Ints | None = None
    above: Ints | None = None
    below: Ints | None = None


def judged(heads: Heads, rows: Entries, cases: Sequence[tuple[Bools, Verdict]]) -> Ledger:
    """The rows by the first case that holds for each; those without a case belong to no list."""
    count = len(rows.numbers)
    which = np.full(count, NONE, dtype=np.int64)
    for place in range(len(cases) - 1, -1, -1):
        which[cases[place][0]] = place
    verdicts = tuple(verdict for _, verdict in cases)

    def brought(amounts: Ints | None, name: str) -> Ints:
        said = np.array([*(getattr(each, name) for each in verdicts), False], dtype=np.int64)
        return np.asarray(said[which] * _or(amounts, 1, count))

    found = Ledger(
        heads=heads,
        kinds=np.full(count, rows.kind),
        numbers=rows.numbers,
        buyers=_or(rows.buyers, NONE, count),
        at=_or(rows.at, NONE, count),
        then=_or(rows.then, NONE, count),
        values=_or(rows.values, 0, count),
        verdicts=verdicts,
        which=which,
        top=brought(rows.above, "above"),
        bottom=brought(rows.below, "below"),
    )
    return found.take(np.flatnonzero(which != NONE))


def _or(column: Ints | None, missing: int, count: int) -> Ints:
    return np.full(count, missing, dtype=np.int64) if column is None else column


def joined(first: Ledger, second: Ledger) -> Ledger:
    """The rows of both under the heads of the first."""
    names = "kinds", "numbers", "buyers", "at", "then", "values", "top", "bottom"
    both: dict[str, Any] = {
        name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in names
    }
    which = np.concatenate([first.which, second.which + len(first.verdicts)])
    return replace(first, **both, verdicts=(*first.verdicts, *second.verdicts), which=which)


def ordered(rows: Ledger, by: str, *, descending: bool) -> Ledger:
    """The rows by their instant or value."""
    key = rows.values if by == "value" else rows.at
    return rows.take(np.lexsort((rows.numbers, -key if descending else key)))


def earliest(who: Ints, when: Ints) -> Bools:
    """The first row of everybody."""
    order = np.argsort(when, kind="stable")
    found = np.zeros(len(order), dtype=np.bool_)
    found[order[np.unique(who[order], return_index=True)[1]]] = True
    return found
