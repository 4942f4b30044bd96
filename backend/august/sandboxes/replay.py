"""The log of actions applied to a fresh world: the same seed and actions give the same world (K4)."""

import re
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from august.kernel.clock import UTC
from august.kernel.commands import run
from august.kernel.context import SYSTEM, Actor
from august.kernel.errors import Refusal
from august.kernel.jobs import advance
from august.kernel.tables import LARGEST_ID, Action, Clock
from august.kernel.words import N_
from august.kernel.world import World
from august.sandboxes.jumps import FARTHEST, too_far
from august.sandboxes.models import Account, Sandbox
from august.sandboxes.service import Desk

STORED_KEY = re.compile("[0-9a-f]{64}")


class Logged(msgspec.Struct, frozen=True):
    """One action as the log has it."""

    id: int
    at: datetime
    actor: Actor
    name: str
    payload: dict[str, Any]
    result: dict[str, Any]
    key: str | None = None

    @classmethod
    def of(cls, row: Action) -> "Logged":
        """From the world's own table."""
        actor = msgspec.convert(row.actor, Actor)
        return cls(row.id, row.at, actor, row.name, row.payload, row.result, row.key)


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Actions in their order, and where the clock goes after the last."""

    actions: list[Logged]
    until: datetime | None = None


def own_log(world: World) -> Log:
    """The log of a world, up to its now."""
    with world.reading(SYSTEM) as ctx:
        rows = ctx.session.scalars(select(Action).order_by(Action.id))
        return Log([Logged.of(row) for row in rows], ctx.now)


def replay(desk: Desk, sandbox: Sandbox, owner: Account, log: Log | None) -> tuple[Sandbox, int]:
    """A fresh sandbox of the same file and seed with the log applied; and how many actions it had.

    Refuses (422), leaving nothing behind, when an action does not go through as it did.
    """
    if log is None:
        log = own_log(desk.world(sandbox))
    else:
        _check(log, desk.world(sandbox))
    made = desk.create(owner, sandbox.world_file, sandbox.seed, sandbox.name)
    try:
        world = desk.world(made)
        seat = desk.player(world)
        for action in log.actions:
            _again(world, seat, action)
        if log.until is not None:
            advance(world, _instant(log.until))
    except BaseException:
        desk.delete(made)
        raise
    return made, len(log.actions)


def _check(log: Log, world: World) -> None:
    """Refuse what no log of ours says: keys that are not as stored, or twice; steps longer than a jump."""
    keys = [action.key for action in log.actions if action.key is not None]
    if len(set(keys)) < len(keys) or not all(STORED_KEY.fullmatch(key) for key in keys):
        raise Refusal("replay.bad_key", N_("An idempotency key of the log is not as a log keeps it."))
    with world.reading(SYSTEM) as ctx:
        at = ctx.session.get_one(Clock, 1).born
    for instant in (*(action.at for action in log.actions), *([log.until] if log.until else [])):
        before, at = at, _instant(instant)
        if at - before > FARTHEST:
            raise too_far()


def _again(world: World, seat: Actor, action: Logged) -> None:
    actor = action.actor
    buyer = actor.kind == "buyer" and actor.merchant is None and 0 < (actor.buyer or 0) <= LARGEST_ID
    if actor != seat and not buyer:
        raise Refusal("replay.bad_actor", N_("Only actions of stores and buyers can be replayed."))
    advance(world, _instant(action.at))
    outcome = run(world, actor, action.name, action.payload)
    if action.key is not None:
        # The log keeps keys as they are stored, so they are put back and not hashed once more.
        with world.writing(SYSTEM) as ctx:
            ctx.session.get_one(Action, outcome.seq).key = action.key
            ctx.session.commit()


def _instant(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Refusal("replay.bad_instant", N_("An instant of the log does not say its offset from UTC."))
    return at.astimezone(UTC)
