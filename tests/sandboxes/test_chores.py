"""Idle guests, the control tables, settings."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, update

from august.kernel import schema
from august.sandboxes.guests import clean_up
from august.sandboxes.models import Account, ControlBase, Sandbox
from august.settings import from_environment
from tests.sandboxes.tiny import BORN, Browser


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


def test_the_control_tables_do_not_drift(database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        schema.upgrade(connection, "control")
        assert schema.drift(connection, ControlBase.metadata) == []
    engine.dispose()


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
