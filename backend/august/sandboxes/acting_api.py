"""JSON for acting and asking: commands, the log of actions, replay, explanations (12-api)."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, get, post
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from sqlalchemy import func, select

from august.kernel.commands import run
from august.kernel.context import Actor
from august.kernel.errors import Refusal
from august.kernel.tables import LARGEST_ID, Action
from august.kernel.words import N_, Phrase
from august.sandboxes.api import Opened, opened, owner_of
from august.sandboxes.door import Door
from august.sandboxes.replay import Log, Logged, replay
from august.web.i18n import current, explain_json, locale_of, speaking

AnyRequest = Request[Any, Any, Any]
SIZE_MOST = 500


class Done(msgspec.Struct, frozen=True):
    """What a command returned, its number in the log, and whether it had been done before."""

    result: dict[str, Any]
    seq: int
    replayed: bool


class Actions(msgspec.Struct, frozen=True):
    """A page of the log."""

    actions: list[Logged]
    page: int
    size: int
    total: int


class Replayed(msgspec.Struct, frozen=True):
    """The fresh sandbox a log was applied to."""

    sandbox: Opened
    applied: int
    hash: str


class CommandsApi(Controller):
    """Every command of the pages."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/commands"
    tags = ("Commands",)

    @get(sync_to_thread=True)
    def index(self, door: Door) -> dict[str, Any]:
        """All commands with the JSON schema of what they take."""
        specs = door.desk.house.commands.values()
        schemas, parts = msgspec.json.schema_components(
            [spec.takes for spec in specs], ref_template="#/$defs/{name}"
        )
        told = [
            {"name": spec.name, "title": spec.title, "actors": list(spec.actors), "takes": schema}
            for spec, schema in zip(specs, schemas, strict=True)
        ]
        return {"commands": told, "$defs": parts}

    @post("/{name:str}", sync_to_thread=True, status_code=200)
    def act(
        self,
        door: Door,
        name: FromPath[str],
        data: JSONBody[dict[str, Any]],
        key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
    ) -> Done:
        """Run a command as the player's store, or as the buyer named in `as`."""
        payload = dict(data)
        actor = _actor(door, payload.pop("as", None))
        outcome = run(door.world, actor, name, payload, key)
        return Done(outcome.result, outcome.seq, outcome.replayed)


def _actor(door: Door, wanted: object) -> Actor:
    if wanted is None:
        return door.actor
    buyer = wanted.get("buyer") if isinstance(wanted, dict) and set(wanted) == {"buyer"} else None
    if not isinstance(buyer, int) or isinstance(buyer, bool) or not 0 < buyer <= LARGEST_ID:
        told = Phrase(N_("Write {example}."), {"example": '{"buyer": 7}'})
        raise Refusal("command.bad_actor", N_("Nobody can act like this."), fields={"as": told})
    return Actor("buyer", buyer=buyer)


class ActionsApi(Controller):
    """The log of what was done."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/actions"
    tags = ("Actions",)

    @get(sync_to_thread=True)
    def index(
        self,
        door: Door,
        page: Annotated[int, QueryParameter(ge=1, le=1_000_000)] = 1,
        size: Annotated[int, QueryParameter(ge=1, le=SIZE_MOST)] = 100,
    ) -> Actions:
        """The actions in their order."""
        with door.reading() as ctx:
            total = ctx.session.execute(select(func.count()).select_from(Action)).scalar_one()
            asked = select(Action).order_by(Action.id).offset((page - 1) * size).limit(size)
            return Actions([Logged.of(row) for row in ctx.session.scalars(asked)], page, size, total)


class ReplayApi(Controller):
    """The same actions once more."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/replay"
    tags = ("Actions",)

    @post(sync_to_thread=True, status_code=201)
    def again(self, request: AnyRequest, door: Door, data: JSONBody[Log | None] = None) -> Replayed:
        """Apply a log (this sandbox's own without a body) to a fresh world of the same file and seed."""
        made, applied = replay(door.desk, door.sandbox, owner_of(door), data)
        return Replayed(opened(request, door.desk, made), applied, door.desk.world(made).state_hash())


class WhyApi(Controller):
    """Explanations as trees."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/why"
    tags = ("Why",)

    @get("/{kind:str}/{key:str}", sync_to_thread=True)
    def why(self, request: AnyRequest, door: Door, kind: FromPath[str], key: FromPath[str]) -> dict[str, Any]:
        """Why a number is what it is: rules, inputs, arithmetic, remedy (R4)."""
        explain = door.desk.house.explainers.get(kind)
        if explain is None:
            raise Refusal(
                "why.unknown",
                N_("Nothing called {kind} can be explained."),
                params={"kind": kind[:40]},
                status=404,
            )
        with speaking(locale_of(request)), door.reading() as ctx:
            return explain_json(explain(ctx, key), current(), ctx.rulebook, ctx.now)
