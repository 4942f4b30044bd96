"""Sandboxes: made, opened, checkpointed, rewound, forked, reset, carried away and deleted (R1)."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from august.kernel.clock import wall_now
from august.kernel.columns import canonical_json
from august.kernel.context import SYSTEM, Actor, Context
from august.kernel.dump import Archive
from august.kernel.errors import Refusal
from august.kernel.house import House
from august.kernel.spaces import patiently
from august.kernel.tables import Clock
from august.kernel.texts import deceit, normal
from august.kernel.words import N_, Phrase
from august.kernel.world import Grow, World, Worlds
from august.sandboxes.control import Control
from august.sandboxes.models import Account, Checkpoint, Jump, Play, Sandbox
from august.settings import SEEDS
from august.web.shell import Named

KEPT_AUTOMATIC = 10
MOST_CHECKPOINTS = 100
MOST_SANDBOXES = {"guest": 10, "user": 50, "admin": 500}
NAME_MAX = 80
SEED_MAX = 2**53 - 1
CODE = Path(__file__).parents[1]
# What `fresh_id` makes.
ID = re.compile("[a-z2-7]{10}")
# A sealed template, or the draft of one whose process died while growing it.
TEMPLATE = re.compile(r"t_.+_(?P<key>[0-9a-f]{16})(_d[0-9]+)?")
PAGE_ROOMS = ("web", "sandboxes", "home", "rulechannel", "calculators", "storefront")


@dataclass(frozen=True)
class WorldFile:
    """A world that can be made: its key, its words in both languages, its first instant, its past."""

    key: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    born: datetime
    grow: Grow


def fresh_id() -> str:
    """Ten letters and digits nobody can guess."""
    return base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]


def once_of(who: int | str, key: str | None, *asked: str) -> str | None:
    """What is kept of a form that makes something: its sender, its key, what it asked; None without a key.

    The same form with other contents is another form.
    """
    if key is None:
        return None
    return hashlib.sha256(canonical_json([who, key, *asked]).encode("utf-8", "surrogatepass")).hexdigest()


def templates_lock(key: str) -> str:
    """The lock that says whether some process lives by the templates of a key."""
    return f"templates_{key}"


def code_and_seeds() -> str:
    """The hash of everything a world's past depends on: seeds, and code that is no page (K4b)."""
    digest = hashlib.sha256()
    code = [path for path in CODE.rglob("*.py") if not _shows_only(path)]
    for path in sorted([*code, *(path for path in SEEDS.rglob("*") if path.is_file())]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _shows_only(path: Path) -> bool:
    """Whether a module makes pages or answers programs, and has no part in how a world grows."""
    room = path.relative_to(CODE).parts[0]
    return room in PAGE_ROOMS or path.stem in {"web", "api", "cli"} or path.stem.endswith(("_web", "_api"))


class Desk:
    """Where sandboxes are asked for; holds the control database, the worlds and the world files."""

    def __init__(
        self,
        control: Control,
        worlds: Worlds,
        files: Sequence[WorldFile],
        *,
        key: str,
        seat: Callable[[Context], Named],
        unread: Callable[[Context], int] | None = None,
    ) -> None:
        """Bind them; `key` names the sealed templates, `seat` tells which store is the player's."""
        self.control = control
        self.worlds = worlds
        self.files = {file.key: file for file in files}
        self.key = key
        self.seat = seat
        self.unread = unread or (lambda _ctx: 0)

    @property
    def house(self) -> House:
        """The features and rules all worlds live by."""
        return self.worlds.house

    def grown(self, file: WorldFile) -> bool:
        """Whether a world file's template is there already."""
        return self.worlds.space.exists(f"t_{file.key}_{self.key}")

    def template(self, file: WorldFile) -> str:
        """The name of a world file's sealed template, grown now when there is none."""
        name = f"t_{file.key}_{self.key}"
        self.worlds.seal(name, file.born, file.key, file.grow)
        return name

    @contextmanager
    def open_templates(self) -> Iterator[None]:
        """While a process lives inside, nobody removes the templates of its release."""
        with self.worlds.space.hold(templates_lock(self.key), shared=True, wait=True):
            yield

    def forget_templates(self) -> list[str]:
        """Remove the templates of releases that no process lives by any more; returns their names."""
        gone: list[str] = []
        for name in self.worlds.space.names("t_"):
            found = TEMPLATE.fullmatch(name)
            if found is None or found["key"] == self.key:
                continue
            with self.worlds.space.hold(templates_lock(found["key"]), shared=False, wait=False) as unused:
                if unused:
                    self.worlds.drop(name)
                    gone.append(name)
        return gone

    def world(self, sandbox: Sandbox) -> World:
        """The sandbox's world, ready to read and to act in."""
        return self.worlds.open(sandbox.world_id)

    def player(self, world: World) -> Actor:
        """The actor of the world's one seat."""
        with world.reading(SYSTEM) as ctx:
            return Actor("player", merchant=int(self.seat(ctx).id))

    def get(self, sandbox_id: str) -> Sandbox:
        """A sandbox by id; 404 when there is none."""
        with self.control.reading() as session:
            found = session.get(Sandbox, sandbox_id) if ID.fullmatch(sandbox_id) else None
        if found is None:
            raise unknown()
        return found

    def own(self, account: Account, sandbox_id: str) -> Sandbox:
        """A sandbox of this account; another's is as unknown as none (R8)."""
        found = self.get(sandbox_id)
        if found.owner_id != account.id:
            raise unknown()
        return found

    def mine(self, account: Account) -> list[Sandbox]:
        """The account's sandboxes, the last used first."""
        asked = select(Sandbox).where(Sandbox.owner_id == account.id)
        asked = asked.order_by(Sandbox.last_used.desc(), Sandbox.id)
        with self.control.reading() as session:
            return list(session.scalars(asked))

    def made(self, once: str | None) -> Sandbox | None:
        """The sandbox that a form has made already."""
        if once is None:
            return None
        with self.control.reading() as session:
            return session.scalars(select(Sandbox).where(Sandbox.once == once)).one_or_none()

    def create(
        self, owner: Account, world_file: str, seed: int, name: str, *, once: str | None = None
    ) -> Sandbox:
        """A fresh world from the sealed template of a world file; the one already made by `once`."""
        if (earlier := self.made(once)) is not None:
            return earlier
        file = self._check(world_file, seed, name)
        self._room(owner)
        sandbox = self._row(owner.id, world_file, seed, name)
        sandbox.once = once
        self.worlds.create(sandbox.world_id, self.template(file), seed)
        return self._keep(sandbox)

    def _check(self, world_file: str, seed: int, name: str) -> WorldFile:
        wrong: dict[str, Phrase] = {}
        if world_file not in self.files:
            wrong["world"] = Phrase(N_("There is no world {name}."), {"name": world_file[:40]})
        if not 0 <= seed <= SEED_MAX:
            wrong["seed"] = Phrase(N_("A seed is a whole number from 0 to {most}."), {"most": SEED_MAX})
        wrong |= name_problem(name)
        if wrong:
            raise Refusal("sandbox.malformed", N_("The sandbox was not created."), fields=wrong)
        return self.files[world_file]

    def _room(self, owner: Account) -> None:
        most = MOST_SANDBOXES[owner.kind]
        if len(self.mine(owner)) >= most:
            raise Refusal(
                "sandbox.too_many",
                N_("An account has at most {most} sandboxes."),
                params={"most": most},
                remedy=N_("Delete one first."),
            )

    @staticmethod
    def _row(owner_id: int, world_file: str, seed: int, name: str) -> Sandbox:
        now = wall_now()
        return Sandbox(
            id=fresh_id(),
            owner_id=owner_id,
            world_file=world_file,
            seed=seed,
            name=normal(name),
            created=now,
            last_used=now,
        )

    def _keep(self, sandbox: Sandbox) -> Sandbox:
        """Enter a sandbox whose world is there; without the entry the world must not stay."""
        try:
            with self.control.writing() as session:
                session.add(sandbox)
        except BaseException as error:
            self.worlds.drop(sandbox.world_id)
            # Its form was sent twice, and the other one was quicker.
            if isinstance(error, IntegrityError) and (earlier := self.made(sandbox.once)) is not None:
                return earlier
            raise
        return sandbox

    def touch(self, sandbox: Sandbox, every_seconds: int = 600) -> None:
        """Remember that somebody is here; at most one write in a while."""
        now = wall_now()
        if (now - sandbox.last_used).total_seconds() < every_seconds:
            return
        with self.control.writing() as session:
            row = session.get(Sandbox, sandbox.id)
            if row is not None:
                row.last_used = now

    @contextmanager
    def turn(self, sandbox: Sandbox) -> Iterator[None]:
        """Be the only one who jumps, rewinds, resets or deletes this sandbox; 409 otherwise."""
        with patiently(self.worlds.space, f"{sandbox.world_id}.jump", shared=False) as free:
            if not free:
                raise World.busy()
            yield

    def checkpoint(
        self, sandbox: Sandbox, name: str, *, automatic: bool = False, once: str | None = None
    ) -> Checkpoint:
        """Keep a copy of the world as it is; of automatic ones the last ten stay (R1)."""
        if (earlier := self._saved(sandbox, once)) is not None:
            return earlier
        if wrong := name_problem(name):
            raise Refusal("checkpoint.malformed", N_("The checkpoint was not made."), fields=wrong)
        if not automatic and len(self.checkpoints(sandbox)) >= MOST_CHECKPOINTS:
            raise Refusal(
                "checkpoint.too_many",
                N_("A sandbox has at most {most} checkpoints."),
                params={"most": MOST_CHECKPOINTS},
                remedy=N_("Delete one first."),
            )
        made = Checkpoint(
            id=fresh_id(), sandbox_id=sandbox.id, name=normal(name), automatic=automatic, once=once
        )
        made.at = self.worlds.clone(sandbox.world_id, made.world_id)
        try:
            with self.control.writing() as session:
                last = select(func.max(Checkpoint.number)).where(Checkpoint.sandbox_id == sandbox.id)
                made.number = (session.execute(last).scalar_one() or 0) + 1
                made.created = wall_now()
                session.add(made)
        except BaseException as error:
            self.worlds.drop(made.world_id)
            if isinstance(error, IntegrityError) and (earlier := self._saved(sandbox, once)) is not None:
                return earlier
            raise
        if automatic:
            kept = [one for one in self.checkpoints(sandbox) if one.automatic]
            for old in kept[KEPT_AUTOMATIC:]:
                self.forget(sandbox, old.id)
        return made

    def _saved(self, sandbox: Sandbox, once: str | None) -> Checkpoint | None:
        """The checkpoint that a form has made already."""
        return next((one for one in self.checkpoints(sandbox) if once is not None and one.once == once), None)

    def checkpoints(self, sandbox: Sandbox) -> list[Checkpoint]:
        """The sandbox's checkpoints, the newest first."""
        asked = (
            select(Checkpoint).where(Checkpoint.sandbox_id == sandbox.id).order_by(Checkpoint.number.desc())
        )
        with self.control.reading() as session:
            return list(session.scalars(asked))

    def _checkpoint(self, sandbox: Sandbox, checkpoint_id: str) -> Checkpoint:
        with self.control.reading() as session:
            found = session.get(Checkpoint, checkpoint_id) if ID.fullmatch(checkpoint_id) else None
        if found is None or found.sandbox_id != sandbox.id:
            raise Refusal("checkpoint.unknown", N_("There is no such checkpoint."), status=404)
        return found

    def forget(self, sandbox: Sandbox, checkpoint_id: str) -> None:
        """Delete a checkpoint."""
        found = self._checkpoint(sandbox, checkpoint_id)
        with self.control.writing() as session:
            session.execute(delete(Checkpoint).where(Checkpoint.id == found.id))
        self.worlds.drop(found.world_id)

    def rewind(self, sandbox: Sandbox, checkpoint_id: str) -> Checkpoint:
        """The world becomes again what it was at the checkpoint, which stays."""
        found = self._checkpoint(sandbox, checkpoint_id)
        with self.turn(sandbox):
            self.worlds.restore(sandbox.world_id, found.world_id)
            self._close_jumps(sandbox)
        return found

    def _close_jumps(self, sandbox: Sandbox) -> None:
        """The past of the clock is another one now: its jumps are no longer shown or resumed."""
        with self.control.writing() as session:
            session.execute(delete(Jump).where(Jump.sandbox_id == sandbox.id))
            session.execute(delete(Play).where(Play.sandbox_id == sandbox.id))

    def reset(self, sandbox: Sandbox) -> None:
        """The world starts anew from its file and seed; checkpoints stay."""
        file = self._file_of(sandbox)
        draft = f"w_{fresh_id()}"
        with self.turn(sandbox):
            try:
                self.worlds.create(draft, self.template(file), sandbox.seed)
                self.worlds.restore(sandbox.world_id, draft)
            finally:
                self.worlds.drop(draft)
            self._close_jumps(sandbox)

    def _file_of(self, sandbox: Sandbox) -> WorldFile:
        file = self.files.get(sandbox.world_file)
        if file is None:
            raise Refusal(
                "sandbox.no_world_file",
                N_("This installation has no world {name}, so the sandbox cannot start anew."),
                params={"name": sandbox.world_file},
            )
        return file

    def fork(
        self,
        sandbox: Sandbox,
        owner: Account,
        name: str,
        checkpoint_id: str | None = None,
        *,
        once: str | None = None,
    ) -> Sandbox:
        """A second sandbox that begins where this one (or its checkpoint) stands, with equal luck (K4)."""
        if (earlier := self.made(once)) is not None:
            return earlier
        if wrong := name_problem(name):
            raise Refusal("sandbox.malformed", N_("The sandbox was not created."), fields=wrong)
        self._room(owner)
        source = self._checkpoint(sandbox, checkpoint_id).world_id if checkpoint_id else sandbox.world_id
        fork = self._row(owner.id, sandbox.world_file, sandbox.seed, name)
        fork.once = once
        self.worlds.clone(source, fork.world_id)
        return self._keep(fork)

    def export(self, sandbox: Sandbox) -> bytes:
        """The world as one file (R1)."""
        about: dict[str, Any] = {"name": sandbox.name, "world": sandbox.world_file, "seed": sandbox.seed}
        return self.worlds.export(sandbox.world_id, about)

    def import_(
        self, owner: Account, data: bytes, name: str | None = None, *, once: str | None = None
    ) -> Sandbox:
        """A sandbox from an exported file; what the file says of itself is checked."""
        if (earlier := self.made(once)) is not None:
            return earlier
        self._room(owner)
        archive = Archive(data)
        row = self._row(owner.id, "", 0, str(name or archive.about.get("name") or "")[:NAME_MAX])
        if row.name and (wrong := name_problem(row.name)):
            raise Refusal("sandbox.malformed", N_("The sandbox was not created."), fields=wrong)
        row.once = once
        world = self.worlds.import_(row.world_id, archive)
        try:
            with world.reading(SYSTEM) as ctx:
                clock = ctx.session.get_one(Clock, 1)
                row.world_file, row.seed = clock.world_file, clock.seed
                self.seat(ctx)
        except InvalidRequestError as error:
            self.worlds.drop(row.world_id)
            raise Refusal("world.bad_export", N_("This file has no clock or no store to play.")) from error
        row.name = row.name or f"{row.world_file} · {row.seed}"
        return self._keep(row)

    def delete(self, sandbox: Sandbox) -> None:
        """Remove the sandbox, its world and its checkpoints."""
        with self.turn(sandbox):
            copies = [one.world_id for one in self.checkpoints(sandbox)]
            with self.control.writing() as session:
                session.execute(delete(Sandbox).where(Sandbox.id == sandbox.id))
            for world_id in (sandbox.world_id, *copies):
                self.worlds.drop(world_id)


def unknown() -> Refusal:
    """One answer for no sandbox and for another's."""
    return Refusal("sandbox.unknown", N_("There is no such sandbox."), status=404)


def name_problem(name: str) -> dict[str, Phrase]:
    """What is wrong with a name, by field."""
    if not 1 <= len(normal(name)) <= NAME_MAX:
        return {"name": Phrase(N_("A name has 1 to {limit} characters."), {"limit": NAME_MAX})}
    trouble = deceit(normal(name))
    return {"name": Phrase(trouble)} if trouble else {}
