"""The clock's pages: what a jump will pass, how far it is, what it brought (R2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from august.kernel.clock import BEIJING, PACIFIC, beijing, from_local, pacific, parse_instant
from august.kernel.errors import Refusal
from august.kernel.house import House
from august.kernel.jobs import Due, agenda
from august.kernel.words import N_, Phrase
from august.sandboxes import clockbar, play
from august.sandboxes.door import Door
from august.sandboxes.jumps import AGENDA_LIMIT, unpack
from august.sandboxes.models import Jump
from august.web.htmx import go, safe_path
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.templates import render

SHOWN = 40
LOCAL = "%Y-%m-%dT%H:%M"
ZONES = {"bj": BEIJING, "pt": PACIFIC}
NEXT_EVENT = "next-event"


@dataclass(frozen=True)
class Line:
    """A job a jump passes, and how often."""

    title: str
    count: int
    first: datetime
    last: datetime


def summed(house: House, dues: Sequence[Due]) -> list[Line]:
    """One line per job, in the order they come."""
    found: dict[str, list[datetime]] = {}
    for due in dues:
        found.setdefault(due.name, []).append(due.at)
    return [Line(house.job(name).title, len(times), times[0], times[-1]) for name, times in found.items()]


class ClockPages(Controller):
    """Look ahead, jump, watch, stop, read what happened."""

    path = "/w/{sandbox_id:str}/clock"

    @get(sync_to_thread=True)
    def ahead(self, request: Request[Any, Any, Any], door: Door) -> Response[str]:
        """Where the clock stands, the jump that was asked about, the agenda it would pass."""
        asked = dict(request.query_params.items())
        try:
            target = _asked(door, asked)
        except Refusal as refused:
            return self._page(request, door, asked, refused=refused)
        return self._page(request, door, asked, target=target)

    def _page(
        self,
        request: Request[Any, Any, Any],
        door: Door,
        asked: dict[str, Any],
        *,
        target: datetime | None = None,
        refused: Refusal | None = None,
    ) -> Response[str]:
        with door.reading() as ctx:
            now = ctx.now
        dues = agenda(door.world, target, limit=AGENDA_LIMIT) if target is not None else []
        zone = "pt" if asked.get("zone") == "pt" else "bj"
        last = door.jumps.latest(door.sandbox)
        return door.page(
            request,
            "clock/ahead.html",
            status=refused.status if refused else 200,
            now=now,
            target=target,
            target_text=target.isoformat() if target else "",
            to_event=asked.get("until") == NEXT_EVENT,
            lines=summed(door.desk.house, dues),
            dues=[(due.at, door.desk.house.job(due.name).title) for due in dues[:SHOWN]],
            dues_left=max(0, len(dues) - SHOWN),
            refused=refused,
            zone=zone,
            local=asked.get("local") or (pacific(now) if zone == "pt" else beijing(now)).strftime(LOCAL),
            last=last,
            checkpoints=door.desk.checkpoints(door.sandbox)[:5],
            crumbs=(),
        )

    @post("/advance", sync_to_thread=True, status_code=200)
    def advance(self, request: Request[Any, Any, Any], door: Door, form: ReadForm) -> Response[str]:
        """Start the jump; 409 beside another one."""
        try:
            target = door.jumps.target(door.world, to=parse_instant(form.text("to")))
            door.jumps.begin(door.sandbox, target, to_event=form.text("until") == NEXT_EVENT)
        except Refusal as refused:
            return self._page(request, door, {}, refused=refused)
        return go(request, f"/w/{door.sandbox.id}/clock/progress")

    @get("/progress", sync_to_thread=True)
    def progress(self, request: Request[Any, Any, Any], door: Door) -> Response[str]:
        """The running jump; asked again every second until it ended, then its digest."""
        bar = clockbar.bar(door.jumps, door.sandbox)
        if bar.state == "idle":
            last = door.jumps.latest(door.sandbox)
            return go(request, f"/w/{door.sandbox.id}/clock" + (f"/jumps/{last.id}" if last else ""))
        return door.page(request, "clock/progress.html", "progress", crumbs=(), bar=bar)

    @get("/bar", sync_to_thread=True)
    def bar(self, request: Request[Any, Any, Any], door: Door) -> Response[str]:
        """The clock bar alone, for its own polling."""
        return render(
            request,
            "clock/_bar.html",
            shell=door.shell(request),
            bar=clockbar.bar(door.jumps, door.sandbox),
            # The bar asks for itself; a press on it comes back to the page it stands on.
            here=safe_path(
                urlsplit(request.headers.get("hx-current-url", "")).path, f"/w/{door.sandbox.id}/"
            ),
        )

    @post("/stop", sync_to_thread=True, status_code=200)
    def stop(self, request: Request[Any, Any, Any], door: Door) -> Response[str]:
        """Ask the jump to end at the next tick."""
        door.jumps.stop(door.sandbox)
        return go(request, f"/w/{door.sandbox.id}/clock/progress")

    @post("/resume", sync_to_thread=True, status_code=200)
    def resume(self, request: Request[Any, Any, Any], door: Door) -> Response[str]:
        """Go on with an interrupted jump."""
        door.jumps.resume(door.sandbox)
        return go(request, f"/w/{door.sandbox.id}/clock/progress")

    @post("/play", sync_to_thread=True, status_code=200)
    def play(self, request: Request[Any, Any, Any], door: Door, form: ReadForm) -> Response[str]:
        """Let the clock run by itself."""
        speed = form.text("seconds_per_day")
        play.start(door.desk, door.sandbox, int(speed) if speed.isascii() and speed.isdigit() else 0)
        return go(request, safe_path(form.text("back"), f"/w/{door.sandbox.id}/"))

    @post("/pause", sync_to_thread=True, status_code=200)
    def pause(self, request: Request[Any, Any, Any], door: Door, form: ReadForm) -> Response[str]:
        """Let it stand."""
        play.pause(door.desk, door.sandbox)
        return go(request, safe_path(form.text("back"), f"/w/{door.sandbox.id}/"))

    @get("/jumps/{jump_id:int}", sync_to_thread=True)
    def digest(self, request: Request[Any, Any, Any], door: Door, jump_id: FromPath[int]) -> Response[str]:
        """What a jump brought."""
        jump = door.jumps.get(door.sandbox, jump_id)
        return door.page(
            request,
            "clock/digest.html",
            jump=jump,
            state=door.jumps.state(door.sandbox, jump),
            lines=digest_lines(jump),
            jobs=(jump.digest or {}).get("jobs", []),
            crumbs=(
                Crumb(Phrase(N_("Clock")), f"/w/{door.sandbox.id}/clock"),
                Crumb(Phrase(N_("What happened"))),
            ),
        )


def digest_lines(jump: Jump) -> list[dict[str, Any]]:
    """The digest's lines with their values as they were."""
    told = (jump.digest or {}).get("lines", [])
    return [
        {**line, "params": {name: unpack(value) for name, value in line["params"].items()}} for line in told
    ]


def _asked(door: Door, asked: dict[str, Any]) -> datetime | None:
    """The target of the address, None when nothing was asked."""
    for unit in ("hours", "days"):
        if text := str(asked.get(unit, "")).strip():
            if not text.isascii() or not text.isdigit() or not 0 < len(text) <= 6:  # noqa: PLR2004 - no year is longer
                raise Refusal(
                    "clock.unreadable_step",
                    N_("{text} is not a number of hours or days."),
                    params={"text": text[:20]},
                    fields={unit: Phrase(N_("Write a whole number."))},
                )
            step = int(text)
            return door.jumps.target(
                door.world, hours=step if unit == "hours" else 0, days=step if unit == "days" else 0
            )
    if asked.get("until") == NEXT_EVENT:
        return door.jumps.target(door.world, next_event=True)
    if local := str(asked.get("local", "")).strip():
        zone = ZONES.get(str(asked.get("zone", "bj")), BEIJING)
        return door.jumps.target(door.world, to=from_local(zone, local))
    return None
