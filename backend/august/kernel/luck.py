"""Fair luck: every draw is a hash of seed, stream and ids, never the next of a series (K4)."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T")
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
UNIT = 2.0**-53
MOST = 1 << 32


class Mixed:
    """A column of ids scrambled once, for draws that are asked again and again."""

    __slots__ = ("words",)

    def __init__(self, ids: npt.NDArray[np.integer]) -> None:
        """Scramble the ids."""
        self.words = _scrambled(ids)

    def __getitem__(self, places: npt.NDArray[Any]) -> "Mixed":
        """Those at some places."""
        found = Mixed.__new__(Mixed)
        found.words = self.words[places]
        return found


Ids = int | npt.NDArray[np.integer] | Mixed


class Luck:
    """The luck of one world; the same question always has the same answer."""

    __slots__ = ("_keys", "seed")

    def __init__(self, seed: int) -> None:
        """Take any whole number as seed."""
        self.seed = seed
        self._keys = _keys(seed)

    def uniform(self, stream: str, *ids: int) -> float:
        """One number in [0, 1) for these ids."""
        state = self._keys.get(stream) or self._key(stream)
        # `_mixes` written out: a market asks this some thousand times a day.
        for each in ids:
            word = (each + GOLDEN) & MASK
            word = ((word ^ (word >> 30)) * FIRST) & MASK
            word = ((word ^ (word >> 27)) * SECOND) & MASK
            word ^= (word >> 31) ^ ((state + GOLDEN) & MASK)
            word = ((word ^ (word >> 30)) * FIRST) & MASK
            word = ((word ^ (word >> 27)) * SECOND) & MASK
            state = word ^ (word >> 31)
        state = ((state ^ (state >> 30)) * FIRST) & MASK
        state = ((state ^ (state >> 27)) * SECOND) & MASK
        return ((state ^ (state >> 31)) >> 11) * UNIT

    def uniforms(self, stream: str, *ids: Ids) -> npt.NDArray[np.float64]:
        """Numbers in [0, 1) for columns of ids (broadcast together), each equal to `uniform`."""
        golden = np.uint64(GOLDEN)
        # Wrapping around 64 bits is the arithmetic meant here.
        with np.errstate(over="ignore"):
            state: npt.NDArray[np.uint64] = np.asarray(self._key(stream), dtype=np.uint64)
            for each in ids:
                word = each.words if isinstance(each, Mixed) else _scrambled(each)
                state = _mixes((state + golden) ^ word)
            unit = (_mixes(state) >> np.uint64(11)).astype(np.float64) * UNIT
        return np.asarray(unit, dtype=np.float64)

    def integer(self, stream: str, *ids: int, below: int) -> int:
        """One whole number in [0, below), `below` at most 2**32."""
        _check(below)
        return int(self.uniform(stream, *ids) * below)

    def integers(self, stream: str, *ids: Ids, below: int) -> npt.NDArray[np.int64]:
        """Whole numbers in [0, below), each equal to `integer`."""
        _check(below)
        return np.asarray(self.uniforms(stream, *ids) * below, dtype=np.int64)

    def choice(self, stream: str, *ids: int, options: Sequence[T]) -> T:
        """One of the options, all equally likely."""
        return options[self.integer(stream, *ids, below=len(options))]

    def _key(self, stream: str) -> int:
        key = self._keys.get(stream)
        if key is None:
            text = f"{self.seed}\x00{stream}".encode()
            key = self._keys[stream] = int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
        return key


@lru_cache(maxsize=256)
def _keys(_seed: int) -> dict[str, int]:
    """The keys of the streams asked so far, shared by all that draw by this seed."""
    return {}


def _check(below: int) -> None:
    if not 1 <= below <= MOST:
        raise ValueError(below)


def _mixes(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64 bits (the finaliser of SplitMix64)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(FIRST)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(SECOND)
    return words ^ (words >> np.uint64(31))


def _scrambled(ids: int | npt.NDArray[np.integer]) -> npt.NDArray[np.uint64]:
    # Two's complement for negative whole numbers; wrapping around 64 bits is the arithmetic meant here.
    words = ids.astype(np.uint64) if isinstance(ids, np.ndarray) else np.asarray(ids & MASK, dtype=np.uint64)
    with np.errstate(over="ignore"):
        return _mixes(words + np.uint64(GOLDEN))
