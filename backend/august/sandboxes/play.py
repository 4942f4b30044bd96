"""Play mode: the clock runs by itself at a chosen speed, until paused or no longer looked at (R2)."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from august.kernel.clock import wall_now
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.jobs import advance
from august.kernel.words import N_, Phrase
from august.sandboxes.models import Play, Sandbox
from august.sandboxes.service import Desk

log = logging.getLogger(__name__)
# Real seconds a simulated day takes.
SPEEDS = (30, 60, 300, 900)
DAY = timedelta(days=1)
# A world that nobody looks at stands still after a while.
UNWATCHED = timedelta(minutes=30)
# The scheduler's pace; every step moves the clock by what its real seconds are worth.
STEP_SECONDS = 2
BEFORE_PLAY = N_("Before playing")


def start(desk: Desk, sandbox: Sandbox, seconds_per_day: int) -> Play:
    """Let the clock run from here; a running one changes its speed. Refuses other speeds than the offered."""
    if seconds_per_day not in SPEEDS:
        told = Phrase(N_("Choose one of {speeds}."), {"speeds": [str(speed) for speed in SPEEDS]})
        raise Refusal(
            "play.speed",
            N_("The clock does not run at this speed."),
            fields={"seconds_per_day": told},
            rules=("world.clock",),
        )
    with desk.turn(sandbox):
        now = _now(desk, sandbox)
        if of(desk, sandbox) is None:
            desk.checkpoint(sandbox, BEFORE_PLAY, automatic=True)
        made = Play(sandbox_id=sandbox.id, seconds_per_day=seconds_per_day, since=wall_now(), world_since=now)
        with desk.control.writing() as session:
            session.merge(made)
    return made


def pause(desk: Desk, sandbox: Sandbox) -> None:
    """Let the clock stand; a standing one stays as it is."""
    with desk.control.writing() as session:
        session.execute(delete(Play).where(Play.sandbox_id == sandbox.id))


def of(desk: Desk, sandbox: Sandbox) -> Play | None:
    """How the sandbox's clock runs, None when it stands."""
    with desk.control.reading() as session:
        return session.get(Play, sandbox.id)


def step_all(desk: Desk, at: datetime) -> None:
    """Move every running clock to where it is at a real instant; one that fails is paused and logged."""
    with desk.control.reading() as session:
        running = session.execute(select(Play, Sandbox).join(Sandbox, Sandbox.id == Play.sandbox_id)).all()
    for play, sandbox in running:
        try:
            if at - sandbox.last_used > UNWATCHED:
                pause(desk, sandbox)
            else:
                step(desk, sandbox, play, at)
        except Refusal:
            log.info("the clock of sandbox %s is busy and waits for its next step", sandbox.id)
        except Exception:
            log.exception("playing sandbox %s failed", sandbox.id)
            pause(desk, sandbox)


def target_of(play: Play, at: datetime) -> datetime:
    """Where the clock is at a real instant, in whole seconds."""
    passed = (at - play.since) // timedelta(seconds=1)
    return play.world_since + passed * DAY // play.seconds_per_day


def step(desk: Desk, sandbox: Sandbox, play: Play, at: datetime) -> None:
    """Move one running clock; 409 while somebody else moves it."""
    with desk.turn(sandbox):
        target = target_of(play, at)
        if target > _now(desk, sandbox):
            advance(desk.world(sandbox), target)


def _now(desk: Desk, sandbox: Sandbox) -> datetime:
    with desk.world(sandbox).reading(SYSTEM) as ctx:
        return ctx.now
