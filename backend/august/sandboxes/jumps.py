"""Jumps of a sandbox's clock: started, watched, stopped, resumed, and told about afterwards (R2)."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from august.kernel.clock import parse_instant, wall_now
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.jobs import Due, advance, agenda
from august.kernel.tables import Event, JobRun, by_id
from august.kernel.words import N_
from august.kernel.world import World
from august.sandboxes.models import Jump, Play, Sandbox
from august.sandboxes.service import Desk

log = logging.getLogger(__name__)
FARTHEST = timedelta(days=366)
WRITE_EVERY = 0.2
AGENDA_LIMIT = 5000
# A jump to the next event goes no farther when nothing is announced.
EVENTLESS = timedelta(days=60)
BEFORE_JUMP = N_("Before the jump")


class Jumps:
    """The jumps of all sandboxes; at most one runs per sandbox, in whichever process."""

    def __init__(self, desk: Desk) -> None:
        """Bind the desk."""
        self.desk = desk
        self._live: dict[int, threading.Thread] = {}
        self._stops: dict[int, threading.Event] = {}

    def target(
        self,
        world: World,
        *,
        to: datetime | None = None,
        hours: int = 0,
        days: int = 0,
        next_event: bool = False,
    ) -> datetime:
        """Where a jump leads: an instant, hours or days on, or the next event; 422 when it cannot.

        The next event is the next job that is no routine; a jump to it ends earlier when something happens
        to the store before.
        """
        with world.reading(SYSTEM) as ctx:
            now = ctx.now
        limit = now + FARTHEST
        if to is None and next_event:
            special = [job for job in world.house.jobs if not job.routine]
            due = agenda(world, now + EVENTLESS, limit=1, jobs=special)
            to = due[0].at if due else now + EVENTLESS
        if to is None:
            to = now + min(timedelta(hours=min(hours, 100_000), days=min(days, 10_000)), FARTHEST * 2)
        if to < now:
            raise Refusal(
                "clock.backwards",
                N_("The clock stands at {now} and does not run backwards."),
                params={"now": now},
                rules=["world.clock"],
                remedy=N_("Rewind to a checkpoint instead."),
            )
        if to > limit:
            raise too_far()
        return to

    def begin(self, sandbox: Sandbox, target: datetime, *, to_event: bool = False) -> Jump:
        """Start a jump in the background; 409 while another one runs."""
        stack, jump = self._prepare(sandbox, target)
        thread = threading.Thread(
            target=self._run,
            args=(sandbox, jump, stack),
            kwargs={"to_event": to_event},
            name=f"jump-{jump.id}",
            daemon=True,
        )
        self._live[jump.id] = thread
        thread.start()
        return jump

    def complete(
        self, sandbox: Sandbox, target: datetime, *, to_event: bool = False
    ) -> tuple[Jump, list[Due]]:
        """Make a whole jump now; returns it with the jobs it passed."""
        stack, jump = self._prepare(sandbox, target)
        runs = self._run(sandbox, jump, stack, quiet=False, to_event=to_event)
        return self.get(sandbox, jump.id), runs

    def resume(self, sandbox: Sandbox) -> Jump:
        """Go on with a jump whose process died, or that failed; refuses when there is none."""
        last = self.latest(sandbox)
        if last is None or self.state(sandbox, last) not in {"interrupted", "failed", "stopped"}:
            raise Refusal("clock.nothing_to_resume", N_("There is no unfinished jump."), status=409)
        stack = ExitStack()
        stack.enter_context(self.desk.turn(sandbox))
        with self.desk.control.writing() as session:
            row = session.get_one(Jump, last.id)
            row.state, row.stop_requested, row.problem, row.finished = "running", False, None, None
        self._stops[row.id] = threading.Event()
        thread = threading.Thread(
            target=self._run, args=(sandbox, row, stack), name=f"jump-{row.id}", daemon=True
        )
        self._live[row.id] = thread
        thread.start()
        return row

    def _prepare(self, sandbox: Sandbox, target: datetime) -> tuple[ExitStack, Jump]:
        """Take the sandbox's turn and enter the jump; whoever runs it closes the stack."""
        stack = ExitStack()
        stack.enter_context(self.desk.turn(sandbox))
        try:
            world = self.desk.world(sandbox)
            target = self.target(world, to=target)
            with world.reading(SYSTEM) as ctx:
                now = ctx.now
            saved = self.desk.checkpoint(sandbox, BEFORE_JUMP, automatic=True)
            jump = Jump(
                sandbox_id=sandbox.id,
                start=now,
                target=target,
                now=now,
                state="running",
                stop_requested=False,
                jobs_total=len(agenda(world, target, limit=AGENDA_LIMIT)),
                jobs_done=0,
                checkpoint_id=saved.id,
                created=wall_now(),
            )
            with self.desk.control.writing() as session:
                # A jump that a dead process left open is over when a new one begins.
                session.execute(
                    update(Jump)
                    .where(Jump.sandbox_id == sandbox.id, Jump.state == "running")
                    .values(state="stopped", finished=wall_now())
                )
                # A clock that ran by itself stands after a jump.
                session.execute(delete(Play).where(Play.sandbox_id == sandbox.id))
                session.add(jump)
        except BaseException:
            stack.close()
            raise
        self._stops[jump.id] = threading.Event()
        return stack, jump

    def _run(
        self, sandbox: Sandbox, jump: Jump, stack: ExitStack, *, quiet: bool = True, to_event: bool = False
    ) -> list[Due]:
        """Advance, then write down how it ended; a fault of the program is logged and shown as failed."""
        watch = _Watch(self, jump)
        runs: list[Due] = []
        try:
            world = self.desk.world(sandbox)
            happened = self._happened(world) if to_event else lambda: False
            done = advance(
                world, jump.target, progress=watch.progress, stop=lambda: happened() or watch.stop()
            )
            runs = done.runs
            told = self._digest(world, jump.start, done.now, runs)
            # Ended by an event it arrived, earlier than it might have.
            arrived = not done.stopped or happened()
            target = done.now if arrived else jump.target
            state = "done" if arrived else "stopped"
            self._write(jump, watch, state=state, now=done.now, target=target, digest=told)
        except Exception as error:
            log.exception("jump %s of sandbox %s failed", jump.id, sandbox.id)
            self._write(jump, watch, state="failed", now=watch.now, problem=type(error).__name__)
            if not quiet:
                raise
        finally:
            stack.close()
            self._live.pop(jump.id, None)
            self._stops.pop(jump.id, None)
        return runs

    def _happened(self, world: World) -> Callable[[], bool]:
        """Asks whether anything happened to the store since now."""
        store = self.desk.player(world).merchant
        asked = select(func.max(Event.id)).where(Event.merchant_id == store, Event.actor != "player")

        def last() -> int:
            with world.reading(SYSTEM) as ctx:
                return ctx.session.execute(asked).scalar_one() or 0

        before = last()
        return lambda: last() > before

    def _write(self, jump: Jump, watch: "_Watch", **values: Any) -> None:
        """Enter how the jump ended."""
        ended = {"jobs_done": watch.done, "digest": None, "problem": None, "finished": wall_now(), **values}
        with self.desk.control.writing() as session:
            session.execute(update(Jump).where(Jump.id == jump.id).values(ended))

    def _digest(self, world: World, start: datetime, end: datetime, runs: list[Due]) -> dict[str, Any]:
        """What each feature has to tell about the jump, and how often each job ran."""
        lines: list[dict[str, Any]] = []
        with world.reading(self.desk.player(world)) as ctx:
            for feature in self.desk.house.features:
                told = feature.digest(ctx, start, end) if feature.digest is not None else ()
                lines += [
                    {
                        "feature": feature.name,
                        "message": line.message,
                        "params": {name: pack(value) for name, value in line.params.items()},
                        "path": line.path,
                    }
                    for line in told
                ]
            # A jump that was resumed passed jobs before: the world knows them, this run does not.
            asked = select(JobRun.name, func.count()).where(JobRun.at > start, JobRun.at <= end)
            counted = Counter(dict(ctx.session.execute(asked.group_by(JobRun.name)).all()))
        counted.update(due.name for due in runs if due.at <= start)
        jobs = [
            {"name": job.name, "title": job.title, "count": counted[job.name]}
            for job in self.desk.house.jobs
            if counted[job.name]
        ]
        return {"lines": lines, "jobs": jobs}

    def latest(self, sandbox: Sandbox) -> Jump | None:
        """The sandbox's last jump."""
        asked = select(Jump).where(Jump.sandbox_id == sandbox.id).order_by(Jump.id.desc()).limit(1)
        with self.desk.control.reading() as session:
            return session.scalars(asked).first()

    def get(self, sandbox: Sandbox, jump_id: int) -> Jump:
        """A jump of this sandbox; 404 otherwise."""
        with self.desk.control.reading() as session:
            found = by_id(session, Jump, jump_id)
        if found is None or found.sandbox_id != sandbox.id:
            raise Refusal("jump.unknown", N_("There is no such jump."), status=404)
        return found

    def state(self, sandbox: Sandbox, jump: Jump) -> str:
        """running, done, stopped, failed, or interrupted: entered as running, but nobody runs it."""
        if jump.state != "running" or jump.id in self._live:
            return jump.state
        with self.desk.worlds.space.hold(f"{sandbox.world_id}.jump", shared=True, wait=False) as free:
            return "interrupted" if free else "running"

    def stop(self, sandbox: Sandbox) -> Jump | None:
        """Ask the running jump to end at the next tick."""
        last = self.latest(sandbox)
        if last is not None and last.state == "running":
            with self.desk.control.writing() as session:
                session.execute(update(Jump).where(Jump.id == last.id).values(stop_requested=True))
            if last.id in self._stops:
                self._stops[last.id].set()
        return last

    def asked_to_stop(self, jump: Jump) -> bool:
        """Whether somebody in this process asked."""
        event = self._stops.get(jump.id)
        return event is not None and event.is_set()

    def wait(self, jump: Jump, seconds: float = 60) -> None:
        """Wait for a jump of this process to end."""
        thread = self._live.get(jump.id)
        if thread is not None:
            thread.join(seconds)


class _Watch:
    """Writes progress and reads wishes to stop, both only every so often."""

    def __init__(self, jumps: Jumps, jump: Jump) -> None:
        self.jumps, self.jump = jumps, jump
        self.now, self.done = jump.now, jump.jobs_done
        self._wanted = False
        self._last = time.monotonic()

    def progress(self, at: datetime, jobs: int) -> None:
        """Count the finished jobs of an instant."""
        self.now = at
        self.done += jobs
        if time.monotonic() - self._last < WRITE_EVERY:
            return
        self._last = time.monotonic()
        with self.jumps.desk.control.writing() as session:
            row = session.get(Jump, self.jump.id)
            if row is None:
                self._wanted = True
                return
            row.now, row.jobs_done = at, self.done
            self._wanted = row.stop_requested

    def stop(self) -> bool:
        """Whether to end here."""
        return self._wanted or self.jumps.asked_to_stop(self.jump)


def too_far() -> Refusal:
    """Why a jump of years is not made at once."""
    return Refusal(
        "clock.too_far",
        N_("One jump goes at most {days} days ahead."),
        params={"days": FARTHEST.days},
        remedy=N_("Jump in several steps."),
    )


def pack(value: Any) -> Any:
    """A digest value as JSON; instants keep being instants."""
    return {"instant": value.isoformat()} if isinstance(value, datetime) else value


def unpack(value: Any) -> Any:
    """The other way."""
    return parse_instant(value["instant"]) if isinstance(value, dict) and set(value) == {"instant"} else value
