"""A reading of stores up to a PT midnight: what the statements bind, and how rows are told apart by store."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select

from august.kernel.clock import last_days
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.plain import columns_of
from august.stars import reads

Ints = npt.NDArray[np.int64]
Statement = Callable[..., Select[Any]]
BUYERS = 1 << 32


@dataclass(frozen=True)
class Cut:
    """A reading of one store or all of them up to a PT midnight; windows are epoch seconds."""

    ctx: Context
    at: datetime
    one: int | None
    live: bool = False
    _read: dict[Statement, list[tuple[Any, ...]]] = field(default_factory=dict)

    @cached_property
    def windows(self) -> dict[str, Any]:
        """What the statements bind."""
        starts = {"month": 30, "quarter": 90, "year": 365}
        begun = {name: to_epoch(last_days(days, self.at).start) for name, days in starts.items()}
        return {**begun, "end": to_epoch(last_days(1, self.at).end), "store": self.one}

    @cached_property
    def ids(self) -> Ints:
        """The stores that are counted, rising."""
        return self.numbers(reads.stores)[0]

    @property
    def end(self) -> int:
        """The midnight of the cut."""
        return int(self.windows["end"])

    @property
    def month(self) -> int:
        """Where the last 30 days begin."""
        return int(self.windows["month"])

    @property
    def quarter(self) -> int:
        """Where the last 90 days begin."""
        return int(self.windows["quarter"])

    @property
    def year(self) -> int:
        """Where the last 365 days begin."""
        return int(self.windows["year"])

    def columns(self, statement: Statement) -> list[tuple[Any, ...]]:
        """What a statement selects, column by column; asked once."""
        if statement not in self._read:
            asked = statement(one=self.one is not None)
            self._read[statement] = columns_of(self.ctx.session.connection(), asked, self.windows)
        return self._read[statement]

    def numbers(self, statement: Statement) -> list[Ints]:
        """The columns of a statement that selects whole numbers."""
        return [np.array(column, dtype=np.int64) for column in self.columns(statement)]

    def tally(self, stores: Ints, amounts: Ints | None = None) -> Ints:
        """How often each store occurs, or the sum of its amounts."""
        places = np.searchsorted(self.ids, stores)
        if amounts is None:
            return np.bincount(places, minlength=len(self.ids))
        found = np.zeros(len(self.ids), dtype=np.int64)
        np.add.at(found, places, amounts)
        return found

    def buyers(self, stores: Ints, buyers: Ints) -> Ints:
        """How many different buyers each store has in these pairs."""
        return self.tally(np.unique(stores * BUYERS + buyers) // BUYERS)
