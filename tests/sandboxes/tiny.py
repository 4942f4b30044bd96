"""A site over a tiny house: two jobs, one command, one explanation, a digest."""

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from apscheduler.triggers.cron import CronTrigger
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import func, select

import august
from august.kernel.clock import PACIFIC, parse_instant
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.features import DigestLine, Feature
from august.kernel.house import House
from august.kernel.jobs import Job
from august.kernel.luck import Luck
from august.kernel.rulebook import Rulebook
from august.kernel.tables import Event, WorldSession
from august.sandboxes.jumps import Jumps
from august.sandboxes.service import Desk, WorldFile
from august.sandboxes.site import Plan, site
from august.settings import Settings
from august.web.shell import Named

# A world has every room's tables, whichever rooms its house has.
for _models in Path(august.__file__).parent.glob("*/models.py"):
    importlib.import_module(f"august.{_models.parent.name}.models")

BORN = parse_instant("2022-08-25T10:00:00+08:00")
BORN_TEXT = "2022-08-25T02:00:00Z"


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Write something down."""

    text: str


@command("test.note", title="Note", actors=("player", "buyer"))
def note(ctx: Context, cmd: Note) -> dict[str, object]:
    """Publish the text as a fact; refuse a bad one."""
    fact = ctx.emit("noted", ("note", 1), text=cmd.text, by=ctx.actor.kind)
    ctx.session.flush()
    if cmd.text == "bad":
        raise Refusal("test.bad", "Bad.", rules=["T1"], remedy="Be good.")
    return {"event": fact.id}


def tick(ctx: Context) -> None:
    """Publish a fact with a drawn number."""
    drawn = ctx.luck.integer("tick", int(ctx.now.timestamp()), below=1000)
    ctx.emit("ticked", ("clock", 1), drawn=drawn)


def digest(ctx: Context, start: datetime, end: datetime) -> list[DigestLine]:
    """How many ticks there were."""
    asked = select(func.count()).where(Event.kind == "ticked", Event.at > start, Event.at <= end)
    count = ctx.session.execute(asked).scalar_one()
    return [DigestLine("{count} ticks until {at}", {"count": count, "at": end})]


def why(_ctx: Context, key: str) -> Node:
    """Nothing much."""
    return Node("Because of {key}", {"key": key}, outcome="note")


HOUSE = House(
    (
        Feature(
            "test",
            commands=(note,),
            jobs=(Job("tick", 20, CronTrigger(hour="*/6", timezone=PACIFIC), tick, "Tick"),),
            why={"thing": why},
            digest=digest,
        ),
    ),
    Rulebook({}, ""),
)


def grow(session: WorldSession, _luck: Luck, _now: datetime) -> None:
    """Nothing but the kernel's own rows."""
    session.flush()


FILE = WorldFile(
    "tiny", {"zh": "小世界", "en": "Tiny world"}, {"zh": "很小。", "en": "Very small."}, BORN, grow
)
PLAN = Plan(HOUSE, (FILE,), lambda _ctx: Named(1, "Tiny store"))


def make(folder: Path, **options: Any) -> Litestar:
    """The site over a folder."""
    url = options.pop("database_url", None)
    settings = Settings(data=folder, chores=False, database_url=url, **options)
    return site(settings, PLAN)


class Browser:
    """A client that fetches form tokens like a person who reloads the page."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client
        self.desk: Desk = client.app.state["desk"]
        self.jumps: Jumps = client.app.state["jumps"]
        client.cookies.set("lang", "en")

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, follow_redirects=False, **options)

    def post(self, path: str, data: dict[str, str] | None = None, **options: Any) -> Any:
        if "csrftoken" not in self.client.cookies:
            self.get("/sign-in")
        typed = {**(data or {}), "_csrf_token": self.client.cookies["csrftoken"]}
        return self.client.post(path, data=typed, follow_redirects=False, **options)

    def try_it(self) -> str:
        """A guest's sandbox; its id."""
        answer = self.post("/try", {"world": "tiny"})
        assert answer.status_code == 303, answer.text
        found = re.fullmatch(r"/w/([a-z2-7]{10})/", answer.headers["location"])
        assert found
        return found[1]

    def sign_up(self, email: str = "ann@example.com") -> None:
        told = {"name": "Ann", "email": email, "password": "correct horse"}
        answer = self.post("/sign-up", told)
        assert answer.status_code == 303, answer.text


@contextmanager
def browsing(folder: Path, **options: Any) -> Iterator[Browser]:
    """A browser at a site of its own."""
    with TestClient(make(folder, **options), raise_server_exceptions=True) as client:
        yield Browser(client)
