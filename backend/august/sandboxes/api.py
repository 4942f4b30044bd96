"""JSON for programs: sandboxes, their clock, commands, explanations (12-api)."""

from datetime import datetime
from typing import Any

import msgspec
from anyio.to_thread import run_sync
from litestar import Controller, Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody, RawBody

from august.kernel.context import SYSTEM
from august.kernel.payloads import convert, decode
from august.sandboxes import accounts
from august.sandboxes.door import Door
from august.sandboxes.manage import exported
from august.sandboxes.models import Account, Checkpoint, Sandbox
from august.sandboxes.service import Desk
from august.sandboxes.web import no_guests

IMPORT_LIMIT = 200_000_000
AnyRequest = Request[Any, Any, Any]


class NewSandbox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new sandbox is made from."""

    world: str
    seed: int = 0
    name: str | None = None


class Naming(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name for what is made, and for a fork the checkpoint it starts from."""

    name: str | None = None
    checkpoint: str | None = None


class Opened(msgspec.Struct, frozen=True):
    """A new sandbox and the ways into it."""

    id: str
    token: str
    now: datetime
    login_url: str


class Described(msgspec.Struct, frozen=True):
    """A sandbox."""

    id: str
    name: str
    world: str
    seed: int
    now: datetime


class Saved(msgspec.Struct, frozen=True):
    """A checkpoint; `at` is the world's time."""

    id: str
    name: str
    automatic: bool
    at: datetime


class Hash(msgspec.Struct, frozen=True):
    """The canonical hash of a whole world."""

    hash: str


def opened(request: AnyRequest, desk: Desk, sandbox: Sandbox) -> Opened:
    """Make token and link, and tell them this once."""
    with desk.control.writing() as session:
        token, link = accounts.api_token(session, sandbox), accounts.login_link(session, sandbox)
    return Opened(
        sandbox.id, token, now_of(desk, sandbox), f"{str(request.base_url).rstrip('/')}/login/{link}"
    )


def now_of(desk: Desk, sandbox: Sandbox) -> datetime:
    """The world's now."""
    with desk.world(sandbox).reading(SYSTEM) as ctx:
        return ctx.now


def saved(one: Checkpoint) -> Saved:
    """A checkpoint as JSON tells it."""
    return Saved(one.id, one.name, one.automatic, one.at)


class SandboxesApi(Controller):
    """How a sandbox comes to be."""

    path = "/api/v1/sandboxes"
    tags = ("Sandboxes",)

    @post(sync_to_thread=True, status_code=201, security=[])
    def create(self, request: AnyRequest, data: JSONBody[NewSandbox], body: RawBody) -> Opened:
        """Create a sandbox of a new guest; no token is needed."""
        data = convert(decode(body), NewSandbox)  # the framework takes "7" for 7
        desk = guests_only(request)
        with desk.control.writing() as session:
            account = accounts.guest(session)
        name = f"{data.world} · {data.seed}"[:80] if data.name is None else data.name
        return opened(request, desk, desk.create(account, data.world, data.seed, name))

    @post("/import", status_code=201, request_max_body_size=IMPORT_LIMIT, security=[])
    async def import_(self, request: AnyRequest) -> Opened:
        """Create a sandbox of a new guest from the body, an exported file."""
        desk, data = guests_only(request), await request.body()
        return await run_sync(self._import, request, desk, data)

    @staticmethod
    def _import(request: AnyRequest, desk: Desk, data: bytes) -> Opened:
        with desk.control.writing() as session:
            account = accounts.guest(session)
        return opened(request, desk, desk.import_(account, data))


def guests_only(request: AnyRequest) -> Desk:
    """The desk, where guests are let in."""
    if not request.app.state["settings"].guests:
        raise no_guests()
    desk: Desk = request.app.state["desk"]
    return desk


class SandboxApi(Controller):
    """One sandbox, by its bearer token."""

    path = "/api/v1/sandboxes/{sandbox_id:str}"
    tags = ("Sandboxes",)

    @get(sync_to_thread=True)
    def show(self, door: Door) -> Described:
        """What it is."""
        box = door.sandbox
        return Described(box.id, box.name, box.world_file, box.seed, now_of(door.desk, box))

    @delete(sync_to_thread=True)
    def remove(self, door: Door) -> None:
        """Delete it with its checkpoints and tokens."""
        door.desk.delete(door.sandbox)

    @post("/reset", sync_to_thread=True, status_code=200)
    def reset(self, door: Door) -> Described:
        """Start anew from the same file and seed."""
        door.desk.reset(door.sandbox)
        return self._described(door)

    @staticmethod
    def _described(door: Door) -> Described:
        box = door.sandbox
        return Described(box.id, box.name, box.world_file, box.seed, now_of(door.desk, box))

    @post("/fork", sync_to_thread=True, status_code=201)
    def fork(self, request: AnyRequest, door: Door, data: JSONBody[Naming | None] = None) -> Opened:
        """A second sandbox from here or from a checkpoint, with equal luck."""
        asked = data or Naming()
        made = door.desk.fork(door.sandbox, owner_of(door), asked.name or door.sandbox.name, asked.checkpoint)
        return opened(request, door.desk, made)

    @get("/checkpoints", sync_to_thread=True)
    def checkpoints(self, door: Door) -> list[Saved]:
        """The checkpoints, the newest first."""
        return [saved(one) for one in door.desk.checkpoints(door.sandbox)]

    @post("/checkpoints", sync_to_thread=True, status_code=201)
    def checkpoint(self, door: Door, data: JSONBody[Naming | None] = None) -> Saved:
        """Keep the world as it is."""
        asked = data or Naming()
        return saved(door.desk.checkpoint(door.sandbox, asked.name or "API"))

    @post("/checkpoints/{checkpoint_id:str}/restore", sync_to_thread=True, status_code=200)
    def restore(self, door: Door, checkpoint_id: FromPath[str]) -> Described:
        """Go back to a checkpoint."""
        door.desk.rewind(door.sandbox, checkpoint_id)
        return self._described(door)

    @delete("/checkpoints/{checkpoint_id:str}", sync_to_thread=True)
    def forget(self, door: Door, checkpoint_id: FromPath[str]) -> None:
        """Delete a checkpoint."""
        door.desk.forget(door.sandbox, checkpoint_id)

    @get("/export", sync_to_thread=True)
    def export(self, door: Door) -> Response[bytes]:
        """The world as one file."""
        return exported(door.sandbox, door.desk.export(door.sandbox))

    @get("/state-hash", sync_to_thread=True)
    def state_hash(self, door: Door) -> Hash:
        """The canonical hash of the whole world."""
        return Hash(door.world.state_hash())


def owner_of(door: Door) -> Account:
    """The account that owns the open sandbox."""
    with door.desk.control.reading() as session:
        return session.get_one(Account, door.sandbox.owner_id)
