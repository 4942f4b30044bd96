"""Work that time does: due instants by APScheduler triggers, each job at each instant exactly once."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, func, select, update

from august.kernel.bulk import do, insert_rows
from august.kernel.clock import UTC
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM, Context
from august.kernel.errors import Refusal
from august.kernel.plain import plain
from august.kernel.tables import Clock, JobRun, JobStart
from august.kernel.words import N_

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from august.kernel.world import World


# Written by itself: many jobs have nothing to do, and then a unit of work would be most of the work.
MOVED = update(plain(Clock)).values(now=bindparam("at"))


class Trigger(Protocol):
    """The part of an APScheduler trigger that simulated time needs."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next instant after the previous one."""


class Dates:
    """A trigger that fires at listed instants (rule versions coming into force, announcements)."""

    def __init__(self, instants: Sequence[datetime]) -> None:
        """Keep the instants in order, each once."""
        self.instants = sorted(set(instants))

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The first listed instant after the previous one."""
        after = previous_fire_time or now
        return next((at for at in self.instants if at > after), None)


@dataclass(frozen=True)
class Job:
    """Work due at simulated instants; at one instant jobs run by priority, then by name."""

    name: str
    priority: int
    trigger: Any
    run: Callable[[Context], None]
    title: str
    # Every day alike: nothing to stop at when somebody asks for the next event.
    routine: bool = False


@dataclass(frozen=True, order=True)
class Due:
    """A job at an instant, in the order the world does them."""

    at: datetime
    priority: int
    name: str


@dataclass
class Jump:
    """What an advance did: where the clock stands, the jobs done, whether it was stopped."""

    start: datetime
    now: datetime
    runs: list[Due] = field(default_factory=list)
    stopped: bool = False


def upcoming(jobs: Sequence[Job], after: dict[str, datetime]) -> Iterator[Due]:
    """All due jobs in their order, for ever; `after` holds each job's last instant."""
    by_name = {job.name: job for job in jobs}
    heap: list[Due] = []
    calendar = Calendar()
    for job in jobs:
        _push(heap, job, calendar.following(job.trigger, after[job.name]))
    while heap:
        due = heapq.heappop(heap)
        yield due
        job = by_name[due.name]
        _push(heap, job, calendar.following(job.trigger, due.at))


def _push(heap: list[Due], job: Job, at: datetime | None) -> None:
    if at is not None:
        heapq.heappush(heap, Due(at, job.priority, job.name))


class Calendar:
    """When triggers fire next; many jobs share a schedule, which is asked once for an instant."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self._names: dict[int, str] = {}
        self._asked: dict[str, tuple[datetime, datetime | None]] = {}

    def following(self, trigger: Any, last: datetime) -> datetime | None:
        """The first instant after the last one, in UTC."""
        name = self._names.get(id(trigger))
        if name is None:
            # A cron trigger is told by its fields and zone, one of our own by itself.
            name = self._names[id(trigger)] = repr(trigger)
        known = self._asked.get(name)
        if known is None or known[0] != last:
            self._asked[name] = known = last, self._ask(trigger, last)
        return known[1]

    @staticmethod
    def _ask(trigger: Any, last: datetime) -> datetime | None:
        found: datetime | None = trigger.get_next_fire_time(last, last)
        if found is not None and found <= last:
            found = trigger.get_next_fire_time(last, last + timedelta(seconds=1))
        return None if found is None else found.astimezone(UTC)


def last_runs(session: "Session", jobs: Sequence[Job], now: datetime) -> dict[str, datetime]:
    """Each job's last instant; a job this world never heard of counts from now."""
    latest = select(JobRun.name, func.max(JobRun.at)).group_by(JobRun.name)
    done = dict(session.execute(latest).all())
    known = dict(session.execute(select(JobStart.name, JobStart.since)).all())
    return {job.name: done.get(job.name) or known.get(job.name) or now for job in jobs}


def agenda(
    world: "World", until: datetime, limit: int = 1000, jobs: Sequence[Job] | None = None
) -> list[Due]:
    """The jobs (all, unless some are named) that a jump to `until` would pass, at most `limit` of them."""
    jobs = world.house.jobs if jobs is None else jobs
    with world.reading(SYSTEM) as ctx:
        after = last_runs(ctx.session, jobs, ctx.now)
    found: list[Due] = []
    for due in upcoming(jobs, after):
        if due.at > until or len(found) == limit:
            break
        found.append(due)
    return found


def advance(
    world: "World",
    until: datetime,
    *,
    progress: Callable[[datetime, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Jump:
    """Move the clock to `until`, doing each due job once, all of an instant in one transaction.

    Killed anywhere it resumes at the next instant not done; `progress` is told each instant and how many
    jobs it had, `stop` is asked after it. Refuses to go backwards (422) and while another advance of this
    world runs (409).
    """
    with world.advance_turn():
        with world.reading(SYSTEM) as ctx:
            start = ctx.now
            after = last_runs(ctx.session, world.house.jobs, start)
        if until < start:
            raise Refusal(
                "clock.backwards",
                N_("The clock stands at {now} and does not run backwards."),
                params={"now": start},
                rules=["world.clock"],
                remedy=N_("Rewind to a checkpoint instead."),
            )
        jump = Jump(start, start)
        kept: dict[Any, Any] = {}
        for at, together in groupby(upcoming(world.house.jobs, after), key=attrgetter("at")):
            if at > until:
                break
            done = _do(world, at, together, kept)
            jump.runs += done
            jump.now = at
            if progress is not None:
                progress(at, len(done))
            if stop is not None and stop():
                jump.stopped = True
                return jump
        with world.writing(SYSTEM) as ctx:
            _set_clock(ctx, until)
            ctx.session.commit()
        jump.now = until
        return jump


def _do(world: "World", at: datetime, together: Iterable[Due], kept: dict[Any, Any]) -> list[Due]:
    """An instant: clock, its jobs one after the other, and their records in a single transaction."""
    done: list[Due] = []
    with world.writing(SYSTEM, kept) as ctx:
        _set_clock(ctx, at)
        for due in together:
            world.house.job(due.name).run(ctx)
            # What a job wrote row by row is not in the objects an earlier one read.
            if ctx.session.new or ctx.session.identity_map:
                ctx.session.flush()
                ctx.session.expunge_all()
            done.append(due)
        records = [{"at": to_epoch(at), "name": due.name} for due in done]
        insert_rows(ctx.session.connection(), JobRun, records)
        ctx.session.commit()
    return done


def _set_clock(ctx: Context, at: datetime) -> None:
    """Move the clock in the running transaction."""
    do(ctx.session.connection(), MOVED, {"at": to_epoch(at)})
    ctx.now = at
