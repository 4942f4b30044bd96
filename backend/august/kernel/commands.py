"""Commands: one typed definition behind page, JSON, command line and replay."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec
from sqlalchemy import select

from august.kernel.columns import canonical_json
from august.kernel.context import Actor, Context
from august.kernel.errors import Refusal
from august.kernel.payloads import convert
from august.kernel.tables import Action
from august.kernel.words import N_

if TYPE_CHECKING:
    from august.kernel.world import World

Handler = Callable[[Context, Any], dict[str, Any]]
KEY_LIMIT = 100


@dataclass(frozen=True)
class Command:
    """A thing an actor does: its name, the struct it takes, the function that does it."""

    name: str
    title: str
    takes: type[msgspec.Struct]
    do: Handler
    actors: tuple[str, ...] = ("player", "policy")

    def __call__(self, ctx: Context, cmd: Any) -> dict[str, Any]:
        """Do it inside somebody else's transaction (a policy, a bulk command)."""
        return self.do(ctx, cmd)


@dataclass(frozen=True)
class Outcome:
    """What a command returned, its number in the log, and whether it had been done before."""

    result: dict[str, Any]
    seq: int
    replayed: bool


def command(
    name: str, *, title: str, actors: tuple[str, ...] = ("player", "policy")
) -> Callable[[Handler], Command]:
    """Make a function `(ctx, cmd) -> dict` a command; its second annotation is the struct it takes."""

    def wrap(do: Handler) -> Command:
        hints = [kind for key, kind in get_type_hints(do).items() if key != "return"]
        return Command(name, title, hints[1], do, actors)

    return wrap


def run(world: "World", actor: Actor, name: str, payload: object, key: str | None = None) -> Outcome:
    """Carry out a command and commit once; a refusal leaves the world as it was.

    `key` is the caller's idempotency key: the same key with the same payload returns the first outcome,
    with another payload it is refused.
    """
    spec = world.house.commands.get(name)
    if spec is None:
        raise Refusal("command.unknown", N_("There is no command {name}."), params={"name": name}, status=404)
    if actor.kind not in spec.actors:
        raise Refusal(
            "command.not_yours",
            N_("{name} is not for a {kind}."),
            params={"name": name, "kind": actor.kind},
            status=403,
        )
    cmd = convert(payload, spec.takes)
    told = msgspec.to_builtins(cmd)
    stored_key = None if key is None else _own_key(actor, key)
    with world.command_turn(), world.writing(actor) as ctx:
        if stored_key is not None:
            earlier = ctx.session.scalars(select(Action).where(Action.key == stored_key)).one_or_none()
            if earlier is not None:
                return _again(earlier, name, told)
        result = spec.do(ctx, cmd)
        action = Action(
            at=ctx.now,
            actor=msgspec.to_builtins(actor),
            name=name,
            payload=told,
            result=result,
            key=stored_key,
        )
        ctx.session.add(action)
        ctx.session.commit()
        return Outcome(result, action.id, replayed=False)


def _own_key(actor: Actor, key: str) -> str:
    """The key as stored: two actors may use the same one."""
    if not key or len(key) > KEY_LIMIT:
        raise Refusal(
            "command.bad_key",
            N_("An idempotency key has 1 to {limit} characters."),
            params={"limit": KEY_LIMIT},
        )
    text = f"{actor.kind}:{actor.merchant}:{actor.buyer}:{key}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _again(earlier: Action, name: str, payload: object) -> Outcome:
    """The first outcome of a repeated call."""
    if earlier.name != name or canonical_json(earlier.payload) != canonical_json(payload):
        raise Refusal(
            "command.key_reused",
            N_("This idempotency key was used for another command."),
            remedy=N_("Send a new key with a new command."),
            status=409,
        )
    return Outcome(earlier.result, earlier.id, replayed=True)
