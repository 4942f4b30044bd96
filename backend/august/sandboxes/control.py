"""The control database: opened, brought to the newest revision, and read or written in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from august.kernel import schema
from august.kernel.spaces import teach_sqlite


class Control:
    """Short transactions on the control database."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self.engine = engine

    @classmethod
    def at(cls, *, folder: Path, url: str | None) -> "Control":
        """PostgreSQL when an address is given, a SQLite file in the folder otherwise."""
        if url:
            return cls(create_engine(url, pool_size=10, max_overflow=50))
        folder.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{folder / 'control.sqlite'}", pool_size=8, max_overflow=60)
        teach_sqlite(engine)
        return cls(engine)

    def upgrade(self) -> None:
        """Bring the tables to the newest revision."""
        with self.engine.execution_options(writing=True).begin() as connection:
            if schema.revision(connection) != schema.head("control"):
                schema.upgrade(connection, "control")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is never committed; what it read stays readable afterwards."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back by an exception."""
        engine = self.engine.execution_options(writing=True)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
