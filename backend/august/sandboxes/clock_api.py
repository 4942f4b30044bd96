"""JSON for the clock: read it, look ahead, move it (12-api)."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter, RawBody

from august.kernel.clock import beijing, pacific, parse_instant
from august.kernel.errors import Refusal
from august.kernel.jobs import agenda
from august.kernel.payloads import convert, decode
from august.kernel.words import N_, Phrase
from august.sandboxes import clockbar, play
from august.sandboxes.clock import NEXT_EVENT, digest_lines
from august.sandboxes.door import Door
from august.sandboxes.jumps import AGENDA_LIMIT
from august.sandboxes.models import Jump
from august.web.i18n import locale_of, speaking, t

AnyRequest = Request[Any, Any, Any]
WAYS = "to, hours, days, until"


class Advance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far to jump: exactly one of the four."""

    to: str | None = None
    hours: Annotated[int, msgspec.Meta(ge=0)] | None = None
    days: Annotated[int, msgspec.Meta(ge=0)] | None = None
    until: str | None = None


class Speed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many real seconds a simulated day takes."""

    seconds_per_day: int


class ClockState(msgspec.Struct, frozen=True):
    """Where the clock stands; progress is 0 to 100."""

    now: datetime
    pacific: datetime
    beijing: datetime
    state: str
    progress: int


class Running(msgspec.Struct, frozen=True):
    """Real seconds a simulated day takes while the clock runs by itself; null while it stands."""

    seconds_per_day: int | None


class DueJob(msgspec.Struct, frozen=True):
    """A job at an instant."""

    name: str
    at: datetime


class JumpState(msgspec.Struct, frozen=True):
    """A jump: running, done, stopped, failed or interrupted."""

    id: int
    state: str
    start: datetime
    target: datetime
    now: datetime
    progress: int
    jobs_done: int
    jobs_total: int
    digest: dict[str, Any] | None


def digest_json(jump: Jump) -> dict[str, Any] | None:
    """What a jump brought, its lines in the reader's language too."""
    if jump.digest is None:
        return None
    lines = [
        {
            "feature": line["feature"],
            "message": line["message"],
            "params": msgspec.to_builtins(line["params"]),
            "text": t(line["message"], **line["params"]),
            "path": line["path"],
        }
        for line in digest_lines(jump)
    ]
    return {"lines": lines, "jobs": jump.digest["jobs"]}


class ClockApi(Controller):
    """The clock of one sandbox."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/clock"
    tags = ("Clock",)

    @get(sync_to_thread=True)
    def show(self, door: Door) -> ClockState:
        """Where it stands in both zones."""
        with door.reading() as ctx:
            now = ctx.now
        bar = clockbar.bar(door.jumps, door.sandbox)
        state = "advancing" if bar.moving else "idle"
        return ClockState(now, pacific(now), beijing(now), state, bar.percent if bar.moving else 100)

    @get("/play", sync_to_thread=True)
    def playing(self, door: Door) -> Running:
        """Whether it runs by itself."""
        return _running(door)

    @post("/play", sync_to_thread=True, status_code=200)
    def play(self, door: Door, data: JSONBody[Speed], body: RawBody) -> Running:
        """Let the clock run by itself."""
        data = convert(decode(body), Speed)  # the framework takes "60" for 60
        play.start(door.desk, door.sandbox, data.seconds_per_day)
        return _running(door)

    @post("/pause", sync_to_thread=True, status_code=200)
    def pause(self, door: Door) -> Running:
        """Let it stand."""
        play.pause(door.desk, door.sandbox)
        return _running(door)

    @get("/agenda", sync_to_thread=True)
    def agenda(self, door: Door, to: Annotated[str, QueryParameter()]) -> dict[str, list[DueJob]]:
        """What a jump to an instant would pass."""
        target = door.jumps.target(door.world, to=parse_instant(to))
        return {"jobs": [DueJob(due.name, due.at) for due in agenda(door.world, target, limit=AGENDA_LIMIT)]}

    @post("/advance", sync_to_thread=True, status_code=200)
    def advance(
        self,
        request: AnyRequest,
        door: Door,
        data: JSONBody[Advance],
        body: RawBody,
        wait: Annotated[int, QueryParameter(ge=0, le=1)] = 1,
    ) -> Response[dict[str, Any]]:
        """Jump; with wait=0 answer at once with the address of the progress."""
        data = convert(decode(body), Advance)  # the framework takes "6" for 6
        target = door.jumps.target(door.world, **_way(data))
        if not wait:
            begun = door.jumps.begin(door.sandbox, target, to_event=data.until is not None)
            address = f"/api/v1/sandboxes/{door.sandbox.id}/clock/jumps/{begun.id}"
            return Response(
                {"id": begun.id, "progress": address}, status_code=202, headers={"Location": address}
            )
        jump, runs = door.jumps.complete(door.sandbox, target, to_event=data.until is not None)
        with speaking(locale_of(request)):
            digest = digest_json(jump)
        jobs = [{"name": due.name, "at": due.at} for due in runs]
        told = {"now": jump.now, "state": jump.state, "jobs": jobs, "digest": digest, "jump": jump.id}
        return Response(told, status_code=200)

    @post("/stop", sync_to_thread=True, status_code=202)
    def stop(self, request: AnyRequest, door: Door) -> JumpState:
        """Ask the running jump to end at the next tick."""
        jump = door.jumps.stop(door.sandbox)
        if jump is None:
            raise Refusal("jump.unknown", N_("There is no such jump."), status=404)
        return _told(request, door, door.jumps.get(door.sandbox, jump.id))

    @post("/resume", sync_to_thread=True, status_code=202)
    def resume(self, request: AnyRequest, door: Door) -> JumpState:
        """Go on with a jump that did not arrive."""
        return _told(request, door, door.jumps.resume(door.sandbox))

    @get("/jumps/{jump_id:int}", sync_to_thread=True)
    def progress(self, request: AnyRequest, door: Door, jump_id: FromPath[int]) -> JumpState:
        """How far a jump is, and what it brought."""
        return _told(request, door, door.jumps.get(door.sandbox, jump_id))


def _running(door: Door) -> Running:
    running = play.of(door.desk, door.sandbox)
    return Running(None if running is None else running.seconds_per_day)


def _told(request: AnyRequest, door: Door, jump: Jump) -> JumpState:
    with speaking(locale_of(request)):
        digest = digest_json(jump)
    return JumpState(
        id=jump.id,
        state=door.jumps.state(door.sandbox, jump),
        start=jump.start,
        target=jump.target,
        now=jump.now,
        progress=jump.percent,
        jobs_done=jump.jobs_done,
        jobs_total=jump.jobs_total,
        digest=digest,
    )


def _way(data: Advance) -> dict[str, Any]:
    """The one way that was chosen, as `Jumps.target` takes it."""
    chosen = [name for name in Advance.__struct_fields__ if getattr(data, name) is not None]
    if len(chosen) != 1:
        told = Phrase(N_("Send exactly one of {names}."), {"names": WAYS})
        raise Refusal(
            "clock.one_way",
            N_("Where the clock should go is not clear."),
            fields=dict.fromkeys(chosen or ["to"], told),
        )
    if data.until is not None and data.until != NEXT_EVENT:
        told = Phrase(N_("Only {word} is known."), {"word": NEXT_EVENT})
        raise Refusal("clock.one_way", N_("Where the clock should go is not clear."), fields={"until": told})
    if data.to is not None:
        return {"to": parse_instant(data.to)}
    if data.until is not None:
        return {"next_event": True}
    return {chosen[0]: getattr(data, chosen[0])}
