"""Column types that read the same on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Dialect, Integer, Text
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
