"""12-api: the clock."""

import pytest

from tests.api.conftest import Caller
from tests.sandboxes.tiny import BORN_TEXT


def test_the_clock_tells_both_zones(caller: Caller) -> None:
    assert caller.get("/clock") == {
        "now": BORN_TEXT,
        "pacific": "2022-08-24T19:00:00-07:00",
        "beijing": "2022-08-25T10:00:00+08:00",
        "state": "idle",
        "progress": 100,
    }


@pytest.mark.parametrize(
    ("way", "now"),
    [
        ({"hours": 6}, "2022-08-25T08:00:00Z"),
        ({"days": 1}, "2022-08-26T02:00:00Z"),
        ({"to": "2022-08-25T12:00:00+08:00"}, "2022-08-25T04:00:00Z"),
        ({"until": "next-event"}, "2022-08-25T07:00:00Z"),
    ],
)
def test_every_way_ahead(caller: Caller, way: dict[str, object], now: str) -> None:
    answer = caller.call("POST", "/clock/advance", json=way)
    assert (answer.status_code, answer.json()["now"]) == (200, now)


def test_an_advance_tells_jobs_and_digest(caller: Caller) -> None:
    agenda = caller.get("/clock/agenda?to=2022-08-25T20:00:00Z")["jobs"]
    told = caller.call("POST", "/clock/advance", json={"to": "2022-08-25T20:00:00Z"}).json()
    assert told["jobs"] == agenda
    assert agenda == [
        {"name": "tick", "at": "2022-08-25T07:00:00Z"},
        {"name": "tick", "at": "2022-08-25T13:00:00Z"},
        {"name": "tick", "at": "2022-08-25T19:00:00Z"},
    ]
    assert told["digest"]["lines"][0]["params"]["count"] == 3
    assert told["digest"]["jobs"] == [{"name": "tick", "title": "Tick", "count": 3}]


@pytest.mark.parametrize(
    "way",
    [
        {"to": "2022-08-24T00:00:00Z"},
        {"to": "2022-08-26T00:00:00"},
        {"to": "soon"},
        {"hours": -1},
        {"days": 99999999999},
        {"hours": 1, "days": 1},
        {"until": "dawn"},
        {},
        {"weeks": 1},
    ],
)
def test_impossible_ways_are_refused_and_change_nothing(caller: Caller, way: dict[str, object]) -> None:
    before = caller.hash()
    answer = caller.call("POST", "/clock/advance", json=way)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert caller.hash() == before


def test_without_waiting_there_is_a_progress_address(caller: Caller) -> None:
    answer = caller.call("POST", "/clock/advance?wait=0", json={"days": 2})
    assert answer.status_code == 202
    jump = caller.person.jumps.get(caller.person.desk.get(caller.id), answer.json()["id"])
    caller.person.jumps.wait(jump)
    told = caller.get(answer.json()["progress"].partition(caller.id)[2])
    assert (told["state"], told["progress"], told["now"]) == ("done", 100, "2022-08-27T02:00:00Z")


def test_a_second_advance_is_told_of_the_first(caller: Caller) -> None:
    with caller.person.desk.turn(caller.person.desk.get(caller.id)):
        answer = caller.call("POST", "/clock/advance", json={"hours": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "clock.advancing")


def test_the_same_seed_gives_the_same_world_and_another_one_another(caller: Caller) -> None:
    twin, other = Caller(caller.person), Caller(caller.person, seed=8)
    for one in (caller, twin, other):
        one.call("POST", "/clock/advance", json={"days": 3})
    assert caller.hash() == twin.hash()
    assert caller.hash() != other.hash()
