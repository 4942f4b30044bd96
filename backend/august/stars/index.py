"""The opportunity index (商机指数): inquiries in 5.0, distinct opportunity buyers since 5.1 (S4)."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

from august.kernel.rulebook import RuleValues
from august.stars.inputs import LABELS, TIERS

Ints = npt.NDArray[np.int64]
MOST = 1000
TENTHS = 10
COUNTED = {"inquiries": LABELS, "buyers": TIERS}


class IndexRules(RuleValues, frozen=True):
    """The numbers of rule S4: what counts, its weight in tenths, and the K of 1000 · (1 - exp(-Σw / K))."""

    counts: Literal["inquiries", "buyers"]
    weights: dict[str, int]
    constant: int

    def __post_init__(self) -> None:
        """Refuse weights that are missing or below zero, and a constant that is none."""
        if (
            set(self.weights) != set(COUNTED[self.counts])
            or min(self.weights.values()) < 0
            or self.constant < 1
        ):
            msg = f"weights are wanted for {', '.join(COUNTED[self.counts])}, and a constant above zero"
            raise ValueError(msg)

    def weight(self, inputs: Mapping[str, int]) -> int:
        """The tenths of weight one store collects."""
        return sum(self.weights[name] * inputs[f"{self.counts}_{name}"] for name in COUNTED[self.counts])

    def inputs(self) -> tuple[str, ...]:
        """The counts that are looked at."""
        return tuple(f"{self.counts}_{name}" for name in COUNTED[self.counts])

    def of(self, inputs: Mapping[str, int]) -> int:
        """The index of one store, 0 to 1000."""
        return self.index(self.weight(inputs))

    def index(self, tenths: int) -> int:
        """The index of a weight in tenths."""
        return int(_index(np.array([tenths], dtype=np.int64), self.constant)[0])

    def of_all(self, columns: Mapping[str, Ints]) -> Ints:
        """The index of n stores."""
        whole = np.zeros_like(columns["industry"])
        for name in COUNTED[self.counts]:
            whole = whole + self.weights[name] * columns[f"{self.counts}_{name}"]
        return _index(whole, self.constant)


def _index(tenths: Ints, constant: int) -> Ints:
    """Half up to a whole number; rounded before, so that machines which round the last bit apart agree."""
    exact = MOST * -np.expm1(-tenths / (TENTHS * constant))
    return np.asarray(np.floor(np.round(exact, 6) + 0.5), dtype=np.int64)
