"""The clock's pages: look ahead, jump, stop, resume, digest."""

import threading

from sqlalchemy import update

from august.kernel.clock import parse_instant
from august.sandboxes.models import Jump
from august.sandboxes.service import KEPT_AUTOMATIC
from tests.sandboxes.tiny import BORN, Browser


def test_a_jump_first_shows_its_agenda_and_ends_with_a_digest(person: Browser) -> None:
    box = person.try_it()
    page = person.get(f"/w/{box}/clock?days=1")
    assert page.status_code == 200
    assert "2022-08-26T02:00:00+00:00" in page.text
    answer = person.post(f"/w/{box}/clock/advance", {"to": "2022-08-26T02:00:00+00:00"})
    assert answer.headers["location"] == f"/w/{box}/clock/progress"
    sandbox = person.desk.get(box)
    jump = person.jumps.latest(sandbox)
    assert jump is not None
    person.jumps.wait(jump)
    there = person.get(f"/w/{box}/clock/progress")
    assert there.headers["location"] == f"/w/{box}/clock/jumps/{jump.id}"
    digest = person.get(there.headers["location"])
    assert "4 ticks until 2022-08-25 19:00 PT" in digest.text
    assert [one.name for one in person.desk.checkpoints(sandbox)] == ["Before the jump"]
    assert person.desk.checkpoints(sandbox)[0].at == BORN


def test_backwards_and_too_far_are_refused(person: Browser) -> None:
    box = person.try_it()
    assert person.get(f"/w/{box}/clock?local=2022-08-01T00:00&zone=bj").status_code == 422
    assert person.get(f"/w/{box}/clock?days=9999").status_code == 422
    assert person.get(f"/w/{box}/clock?days=x").status_code == 422
    assert person.post(f"/w/{box}/clock/advance", {"to": "2022-08-01T00:00:00Z"}).status_code == 422


def test_a_second_jump_is_told_of_the_first(person: Browser) -> None:
    box = person.try_it()
    with person.desk.turn(person.desk.get(box)):
        answer = person.post(f"/w/{box}/clock/advance", {"to": "2022-08-26T02:00:00+00:00"})
    assert answer.status_code == 409
    assert "The clock of this world is moving." in answer.text


def test_a_stopped_jump_can_go_on(person: Browser) -> None:
    sandbox = person.desk.get(person.try_it())
    world = person.desk.world(sandbox)
    target = person.jumps.target(world, days=3)
    started, go_on = threading.Event(), threading.Event()
    tick = person.desk.house.jobs[0]
    plain = tick.run

    def slow(ctx: object) -> None:
        plain(ctx)  # type: ignore[arg-type]
        started.set()
        assert go_on.wait(30)

    object.__setattr__(tick, "run", slow)
    try:
        jump = person.jumps.begin(sandbox, target)
        assert started.wait(30)
        assert person.get(f"/w/{sandbox.id}/clock/progress").status_code == 200
        assert 'data-clock="running"' in person.get(f"/w/{sandbox.id}/clock/bar").text
        assert person.post(f"/w/{sandbox.id}/clock/stop").status_code == 303
        go_on.set()
        person.jumps.wait(jump)
    finally:
        object.__setattr__(tick, "run", plain)
    stopped = person.jumps.get(sandbox, jump.id)
    assert (stopped.state, stopped.jobs_done, stopped.now) == (
        "stopped",
        1,
        parse_instant("2022-08-25T07:00:00Z"),
    )
    person.post(f"/w/{sandbox.id}/clock/resume")
    person.jumps.wait(jump)
    done = person.jumps.get(sandbox, jump.id)
    assert (done.state, done.jobs_done, done.now) == ("done", 12, target)
    assert done.digest["lines"][0]["params"]["count"] == 12
    assert done.digest["jobs"] == [{"name": "tick", "title": "Tick", "count": 12}]


def test_a_jump_whose_process_died_is_shown_with_resume(person: Browser) -> None:
    box = person.try_it()
    sandbox = person.desk.get(box)
    jump, _runs = person.jumps.complete(sandbox, person.jumps.target(person.desk.world(sandbox), hours=7))
    with person.desk.control.writing() as session:
        target = person.jumps.target(person.desk.world(sandbox), days=1)
        session.execute(update(Jump).where(Jump.id == jump.id).values(state="running", target=target))
    assert "This jump ended before it arrived." in person.get(f"/w/{box}/clock/progress").text
    assert 'data-clock="interrupted"' in person.get(f"/w/{box}/clock/bar").text
    person.post(f"/w/{box}/clock/resume")
    person.jumps.wait(jump)
    done = person.jumps.get(sandbox, jump.id)
    assert done.state == "done"
    assert done.digest["jobs"] == [{"name": "tick", "title": "Tick", "count": 5}]


def test_the_last_ten_automatic_checkpoints_stay(person: Browser) -> None:
    sandbox = person.desk.get(person.try_it())
    world = person.desk.world(sandbox)
    person.desk.checkpoint(sandbox, "By hand")
    for _ in range(KEPT_AUTOMATIC + 2):
        person.jumps.complete(sandbox, person.jumps.target(world, hours=1))
    kept = person.desk.checkpoints(sandbox)
    assert [one.number for one in kept] == [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 1]
    assert not person.desk.worlds.space.exists("c_none")
    assert all(person.desk.worlds.space.exists(one.world_id) for one in kept)
