"""Which SQL statements something costs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from august.kernel import plain

# What a connection says for itself.
OWN = ("BEGIN", "PRAGMA")


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that any engine executes inside, and those that drivers are asked without one."""
    found: list[str] = []
    driven = plain.drive

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(OWN):
            found.append(statement)

    def drive(connection: Connection, text: str, given: Iterable[Any], *, many: bool = False) -> Any:
        found.append(text)
        return driven(connection, text, given, many=many)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with patch("august.kernel.plain.drive", drive), patch("august.kernel.bulk.drive", drive):
            yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
