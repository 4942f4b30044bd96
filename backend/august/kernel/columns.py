"""Column types that read the same on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# SQLite gives a rowid table only to INTEGER; ids are assigned by us so that both databases agree.
Id = BigInteger().with_variant(Integer, "sqlite")


def to_epoch(at: datetime) -> int:
    """Whole seconds since 1970 of an aware instant."""
    return (at - EPOCH) // timedelta(seconds=1)


def from_epoch(seconds: int) -> datetime:
    """The aware UTC instant that many seconds after 1970."""
    return EPOCH + timedelta(seconds=seconds)


class Instant(TypeDecorator[datetime]):
    """An aware instant kept as whole epoch seconds (T1), so that numpy reads columns of them directly."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """To seconds; naive values are refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant needs a zone"
            raise ValueError(msg)
        return to_epoch(value)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        """From seconds."""
        return None if value is None else from_epoch(int(value))


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class Json(TypeDecorator[Any]):
    """A JSON value kept as canonical text, equal to the byte on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, _dialect: Dialect) -> str | None:
        """To canonical text; None stays NULL."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> Any:
        """From text."""
        return None if value is None else msgspec.json.decode(value)


Vector: TypeAlias = npt.NDArray[np.integer[Any]]


def looked_up(
    keys: npt.NDArray[Any], values: npt.NDArray[Any], wanted: npt.NDArray[Any], missing: float
) -> npt.NDArray[Any]:
    """For each wanted key its value, or `missing`; keys ascend, and a key stands once."""
    if not len(keys):
        return np.full(len(wanted), missing, dtype=values.dtype)
    places = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    return np.where(keys[places] == wanted, values[places], missing).astype(values.dtype)


def packed(rows: Vector, kind: str) -> list[bytes]:
    """Each row of a matrix as a column of `Numbers` keeps it; a number that does not fit is refused."""
    small = rows.astype(f"<{kind}")
    if not np.array_equal(small, rows):
        raise OverflowError(kind)
    whole, width = small.tobytes(), small.shape[1] * small.itemsize
    return [whole[start : start + width] for start in range(0, len(whole), width)]


class Numbers(TypeDecorator[Vector]):
    """A column of whole numbers packed into one value: little-endian bytes of a fixed kind such as `i4`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, kind: str) -> None:
        """Keep the kind of number, `i1`, `i4` or `i8`."""
        super().__init__()
        self.kind = kind

    def __repr__(self) -> str:
        """As migrations write it."""
        return f"Numbers({self.kind!r})"

    def process_bind_param(self, value: Vector | None, _dialect: Dialect) -> bytes | None:
        """To bytes; a number that does not fit is refused."""
        return None if value is None else self.pack(value)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> Vector | None:
        """From bytes; the array cannot be written to."""
        return None if value is None else self.unpack(value)

    def pack(self, value: Vector) -> bytes:
        """The bytes of numbers; OverflowError for one that does not fit."""
        packed = np.asarray(value).astype(f"<{self.kind}")
        if not np.array_equal(packed, value):
            raise OverflowError(self.kind)
        return packed.tobytes()

    def unpack(self, value: bytes) -> Vector:
        """The numbers of some bytes, which cannot be written to."""
        return np.frombuffer(value, dtype=f"<{self.kind}")
