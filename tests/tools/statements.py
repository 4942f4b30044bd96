"""Which SQL statements something costs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

# What a connection says for itself.
OWN = ("BEGIN", "PRAGMA")


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that any engine executes inside."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(OWN):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
