"""Fixtures for all tests: a private PostgreSQL, a database of either kind, no network in unit tests."""

import itertools
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest

from tests.tools.postgres import cluster

HERE = Path(__file__).parent
_numbers = itertools.count(1)

# The same examples in every run: a property that fails, fails for everybody.
hypothesis.settings.register_profile("august", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("august")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """A private PostgreSQL cluster for this session, as the folder of its socket."""
    with cluster() as folder:
        yield folder


@contextmanager
def empty_database(postgres: Path) -> Iterator[str]:
    """An empty PostgreSQL database, as a SQLAlchemy address, gone afterwards."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(host=str(postgres), user="august", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield f"postgresql+psycopg://august@/{name}?host={postgres}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_url(postgres: Path) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own, as a SQLAlchemy address."""
    with empty_database(postgres) as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def module_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for SQLite, then the address of an empty PostgreSQL database: the module's tests run on each."""
    if request.param == "sqlite":
        yield None
    else:
        with empty_database(request.getfixturevalue("postgres")) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind: the test runs once on each."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'control.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unit tests open no network sockets; those in integration/ and e2e/ and those marked may."""
    inside = request.path.is_relative_to(HERE) and "integration" not in request.path.relative_to(HERE).parts
    if not inside or request.node.get_closest_marker("network"):
        return

    def guarded(name: str) -> None:
        real = getattr(socket.socket, name)

        def guard(self: socket.socket, *args: object) -> object:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                pytest.fail(f"a unit test wants to {name} a network socket")
            return real(self, *args)

        monkeypatch.setattr(socket.socket, name, guard)

    for name in ("connect", "connect_ex", "bind"):
        guarded(name)
