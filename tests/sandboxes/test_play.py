"""Play mode: the clock runs by itself (R2)."""

from datetime import timedelta
from pathlib import Path

import pytest

from august.kernel.clock import parse_instant, wall_now
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.jobs import advance
from august.sandboxes import play
from august.sandboxes.models import Account, Play, Sandbox
from august.sandboxes.service import Desk
from tests.sandboxes.tiny import BORN, Browser, browsing


def opened(person: Browser) -> tuple[Desk, Sandbox]:
    number = person.try_it()
    return person.desk, person.desk.get(number)


def now_of(desk: Desk, sandbox: Sandbox) -> timedelta:
    """How far the world is from its birth."""
    with desk.world(sandbox).reading(SYSTEM) as ctx:
        return ctx.now - BORN


@pytest.mark.parametrize(
    ("speed", "seconds", "moved"),
    [
        (60, 0, timedelta(0)),
        (60, 1, timedelta(minutes=24)),
        (60, 59, timedelta(hours=23, minutes=36)),
        (60, 60, timedelta(days=1)),
        (900, 1, timedelta(seconds=96)),
        (30, 75, timedelta(days=2, hours=12)),
    ],
)
def test_real_seconds_become_simulated_time(speed: int, seconds: int, moved: timedelta) -> None:
    since = parse_instant("2026-01-01T00:00:00Z")
    running = Play(sandbox_id="x", seconds_per_day=speed, since=since, world_since=BORN)
    assert play.target_of(running, since + timedelta(seconds=seconds, milliseconds=999)) == BORN + moved


def test_the_clock_runs_until_it_is_paused(tmp_path: Path) -> None:
    with browsing(tmp_path) as person:
        desk, sandbox = opened(person)
        began = play.start(desk, sandbox, 60)
        play.step_all(desk, began.since + timedelta(seconds=30))
        assert now_of(desk, sandbox) == timedelta(hours=12)
        # The same instant again moves nothing; neither does an earlier one.
        play.step_all(desk, began.since + timedelta(seconds=30))
        play.step_all(desk, began.since + timedelta(seconds=20))
        assert now_of(desk, sandbox) == timedelta(hours=12)
        play.pause(desk, sandbox)
        play.step_all(desk, began.since + timedelta(seconds=90))
        assert now_of(desk, sandbox) == timedelta(hours=12)


def test_playing_is_the_same_as_jumping(tmp_path: Path) -> None:
    with browsing(tmp_path) as person:
        desk, played = opened(person)
        jumped = desk.fork(played, _owner(desk, played), "Jumped")
        began = play.start(desk, played, 30)
        for second in range(0, 61, 7):
            play.step_all(desk, began.since + timedelta(seconds=second))
        play.step_all(desk, began.since + timedelta(seconds=60))
        advance(desk.world(jumped), BORN + timedelta(days=2))
        assert desk.world(played).state_hash() == desk.world(jumped).state_hash()


def _owner(desk: Desk, sandbox: Sandbox) -> Account:
    with desk.control.reading() as session:
        return session.get_one(Account, sandbox.owner_id)


def test_a_world_nobody_looks_at_stands_still(tmp_path: Path) -> None:
    with browsing(tmp_path) as person:
        desk, sandbox = opened(person)
        began = play.start(desk, sandbox, 60)
        play.step_all(desk, sandbox.last_used + play.UNWATCHED + timedelta(seconds=1))
        assert play.of(desk, sandbox) is None
        assert now_of(desk, sandbox) == timedelta(0)
        assert began.seconds_per_day == 60


def test_a_jump_and_a_rewind_end_it(tmp_path: Path) -> None:
    with browsing(tmp_path) as person:
        desk, sandbox = opened(person)
        play.start(desk, sandbox, 60)
        person.jumps.complete(sandbox, BORN + timedelta(hours=3))
        assert play.of(desk, sandbox) is None
        saved = desk.checkpoint(sandbox, "Here")
        play.start(desk, sandbox, 60)
        desk.rewind(sandbox, saved.id)
        assert play.of(desk, sandbox) is None


def test_other_speeds_are_refused(tmp_path: Path) -> None:
    with browsing(tmp_path) as person:
        desk, sandbox = opened(person)
        for speed in (0, -60, 59, 61, 10**9):
            with pytest.raises(Refusal) as refused:
                play.start(desk, sandbox, speed)
            assert list(refused.value.fields) == ["seconds_per_day"]
        assert play.of(desk, sandbox) is None


def test_a_page_starts_and_pauses_it(tmp_path: Path) -> None:
    with browsing(tmp_path) as person:
        desk, sandbox = opened(person)
        home = f"/w/{sandbox.id}/clock"
        answer = person.post(f"{home}/play", {"seconds_per_day": "300", "back": home})
        assert (answer.status_code, answer.headers["location"]) == (303, home)
        running = play.of(desk, sandbox)
        assert running is not None
        assert running.seconds_per_day == 300
        assert abs(running.since - wall_now()) < timedelta(minutes=1)
        assert 'data-clock="playing"' in person.get(home).text
        person.post(f"{home}/pause", {})
        assert play.of(desk, sandbox) is None
        assert person.post(f"{home}/play", {"seconds_per_day": "7"}).status_code == 422
