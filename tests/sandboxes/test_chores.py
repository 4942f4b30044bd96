"""Idle guests, the control tables, settings."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text, update

from august.kernel import schema
from august.kernel.spaces import PostgresSpace
from august.sandboxes.control import Control
from august.sandboxes.guests import clean_up
from august.sandboxes.models import Account, ApiToken, ControlBase, Sandbox
from august.sandboxes.service import templates_lock
from august.settings import from_environment
from tests.sandboxes.tiny import BORN, Browser, browsing


def test_idle_guests_go_and_users_stay(person: Browser) -> None:
    idle = person.try_it()
    person.post("/sign-out")
    fresh = person.try_it()
    person.post("/sign-out")
    person.sign_up()
    mine = person.post("/sandboxes", {"world": "tiny", "name": "Mine"}).headers["location"].split("/")[2]
    with person.desk.control.writing() as session:
        session.execute(update(Sandbox).where(Sandbox.id.in_((idle, mine))).values(last_used=BORN))
        session.execute(update(Account).values(created=BORN))
    assert clean_up(person.desk, timedelta(days=7)) == 1
    assert not person.desk.worlds.space.exists(f"w_{idle}")
    assert person.desk.get(fresh).id == fresh
    assert person.desk.get(mine).id == mine
    with person.desk.control.reading() as session:
        assert session.execute(select(func.count()).select_from(Account)).scalar_one() == 2


OTHER = "0123456789abcdef"


def test_templates_of_other_releases_go_when_nobody_lives_by_them(database: str, tmp_path: Path) -> None:
    url = None if database.startswith("sqlite") else database
    with browsing(tmp_path, database_url=url) as person:
        box, desk = person.try_it(), person.desk
        space, mine = desk.worlds.space, f"t_tiny_{desk.key}"
        others = [f"t_big_world_{OTHER}", f"t_tiny_{OTHER}", f"t_tiny_{OTHER}_d77"]
        for name in (*others, "t_tiny", "t_tiny_now"):
            space.copy(mine, name)
        with space.hold(templates_lock(OTHER), shared=True, wait=True):
            assert desk.forget_templates() == []
        assert desk.forget_templates() == others
        assert desk.forget_templates() == []
        assert space.names("t_") == sorted(["t_tiny", mine, "t_tiny_now"])
        assert space.names("w_") == [f"w_{box}"]
        # A living process holds the lock of its own release.
        with space.hold(templates_lock(desk.key), shared=False, wait=False) as free:
            assert not free
        assert person.get(f"/w/{person.try_it()}/clock").status_code == 200


def test_a_lock_is_given_back_even_where_its_connection_broke(postgres_url: str) -> None:
    space, engine = PostgresSpace(postgres_url), create_engine(postgres_url)
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database "
        "WHERE locktype = 'advisory' AND datname = current_database()"
    )
    with space.hold("one", shared=False, wait=True), engine.begin() as other:
        assert other.execute(text(kill)).scalars().all() == [True]
    with space.hold("one", shared=False, wait=True) as held:
        assert held
    engine.dispose()
    space.close()


def test_the_control_tables_do_not_drift(database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        schema.upgrade(connection, "control")
        assert schema.drift(connection, ControlBase.metadata) == []
    engine.dispose()


def test_an_older_control_database_keeps_its_rows(database: str, tmp_path: Path) -> None:
    control = Control.at(folder=tmp_path, url=None if database.startswith("sqlite") else database)
    with control.engine.execution_options(writing=True).begin() as connection:
        schema.upgrade(connection, "control", to="0001")
        for statement in (
            "INSERT INTO accounts (id, kind, name, created) VALUES (1, 'guest', '', 0)",
            "INSERT INTO sandboxes VALUES ('abcdefghij', 1, 'tiny', 7, 'Old', 0, 0)",
            "INSERT INTO api_tokens (token, sandbox_id, created) VALUES ('t', 'abcdefghij', 0)",
        ):
            connection.execute(text(statement))
    control.upgrade()
    with control.reading() as session:
        box = session.scalars(select(Sandbox)).one()
        assert (box.id, box.name, box.once) == ("abcdefghij", "Old", None)
        # The token hangs on the sandbox: it would go with a table that is made anew.
        assert session.scalars(select(ApiToken)).one().token == "t"
    control.engine.dispose()


def test_settings_come_from_the_environment() -> None:
    told = {
        "AUGUST_PORT": "8102",
        "AUGUST_DATA": "/srv/a",
        "AUGUST_GUESTS": "0",
        "DATABASE_URL": "postgres://h/d",
    }
    settings = from_environment(told)
    assert (settings.port, settings.data, settings.guests) == (8102, Path("/srv/a"), False)
    assert settings.database_url == "postgresql+psycopg://h/d"
    with pytest.raises(ValueError, match="AUGUST_PORT must be a whole number, not 'x'"):
        from_environment({"AUGUST_PORT": "x"})
