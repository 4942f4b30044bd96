"""The real-time chore: idle guests go, what ran out is forgotten, old templates are removed (R8, K4b)."""

import logging
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete, select

from august.kernel.clock import UTC, wall_now
from august.kernel.errors import Refusal
from august.sandboxes import accounts
from august.sandboxes.models import Account, Sandbox
from august.sandboxes.play import STEP_SECONDS, step_all
from august.sandboxes.service import Desk

log = logging.getLogger(__name__)
# Also a server that is started anew every hour tidies up, but not while it is still warming.
SOON = timedelta(minutes=1)


def clean_up(desk: Desk, idle: timedelta) -> int:
    """Delete the sandboxes of guests idle for so long, then guests without any; returns the count."""
    before = wall_now() - idle
    asked = (
        select(Sandbox)
        .join(Account, Account.id == Sandbox.owner_id)
        .where(Account.kind == "guest", Sandbox.last_used < before)
    )
    with desk.control.reading() as session:
        old = list(session.scalars(asked))
    gone = 0
    for sandbox in old:
        try:
            desk.delete(sandbox)
            gone += 1
        except Refusal:
            log.info("sandbox %s is busy and stays for now", sandbox.id)
    with desk.control.writing() as session:
        accounts.forget_old(session)
        owners = select(Sandbox.owner_id)
        session.execute(
            delete(Account).where(
                Account.kind == "guest", Account.created < before, Account.id.not_in(owners)
            )
        )
    return gone


def chores(desk: Desk, idle: timedelta) -> BackgroundScheduler:
    """The scheduler of real time, not yet started; of several processes one does the work."""

    def tidy() -> None:
        with desk.worlds.space.hold("chores", shared=False, wait=False) as elected:
            if elected:
                clean_up(desk, idle)
                for name in desk.forget_templates():
                    log.info("template %s of another release is gone", name)

    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        tidy,
        "interval",
        hours=1,
        next_run_time=wall_now() + SOON,
        id="guests",
        coalesce=True,
        max_instances=1,
    )

    def play() -> None:
        with desk.worlds.space.hold("plays", shared=False, wait=False) as elected:
            if elected:
                step_all(desk, wall_now())

    scheduler.add_job(play, "interval", seconds=STEP_SECONDS, id="plays", coalesce=True, max_instances=1)
    return scheduler
