"""12-api, "Sandboxes", sentence by sentence."""

from pathlib import Path

import pytest

from tests.api.conftest import Caller
from tests.sandboxes.tiny import BORN_TEXT, Browser, browsing


def test_creating_tells_id_token_now_and_a_link_that_signs_in(caller: Caller) -> None:
    assert set(caller.told) == {"id", "token", "now", "login_url"}
    assert caller.told["now"] == BORN_TEXT
    path = "/login/" + caller.told["login_url"].rpartition("/login/")[2]
    answer = caller.person.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/w/{caller.id}/")
    assert caller.person.get(f"/w/{caller.id}/clock").status_code == 200
    assert caller.person.get("/login/unknown").status_code == 404


def test_a_sandbox_describes_itself(caller: Caller) -> None:
    assert caller.get("") == {"id": caller.id, "name": "Try", "world": "tiny", "seed": 7, "now": BORN_TEXT}


def test_without_or_with_another_token_nothing_is_told(caller: Caller) -> None:
    other = Caller(caller.person)
    bare = caller.person.client.get(f"/api/v1/sandboxes/{caller.id}")
    assert (bare.status_code, bare.json()["code"]) == (401, "token.unknown")
    assert bare.headers["content-type"] == "application/problem+json"
    strange = caller.person.client.get(
        f"/api/v1/sandboxes/{caller.id}", headers={"Authorization": f"Bearer {other.told['token']}"}
    )
    assert (strange.status_code, strange.json()["code"]) == (404, "sandbox.unknown")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"world": "nowhere"}, "world"),
        ({"world": "tiny", "seed": -1}, "seed"),
        ({"world": "tiny", "name": ""}, "name"),
        ({"world": "tiny", "name": "x" * 5000}, "name"),
    ],
)
def test_impossible_values_name_their_field(person: Browser, body: dict[str, object], field: str) -> None:
    answer = person.client.post("/api/v1/sandboxes", json=body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_unknown_fields_and_wrong_types_are_refused(person: Browser) -> None:
    for body in ({"world": "tiny", "colour": "red"}, {"world": 7}, {"world": "tiny", "seed": "7"}, {}):
        answer = person.client.post("/api/v1/sandboxes", json=body)
        assert answer.status_code == 422, (body, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


def test_guests_can_be_switched_off(tmp_path: Path) -> None:
    with browsing(tmp_path, guests=False) as person:
        answer = person.client.post("/api/v1/sandboxes", json={"world": "tiny"})
        assert (answer.status_code, answer.json()["code"]) == (403, "guests.off")
        assert person.post("/try", {"world": "tiny"}).status_code == 403


def test_checkpoint_restore_reset_fork(caller: Caller) -> None:
    born = caller.hash()
    saved = caller.call("POST", "/checkpoints", json={"name": "Start"})
    assert (saved.status_code, saved.json()["at"], saved.json()["automatic"]) == (201, BORN_TEXT, False)
    assert caller.note("one").status_code == 200
    noted = caller.hash()
    fork = caller.call("POST", "/fork")
    assert fork.status_code == 201
    other = fork.json()
    told = caller.person.client.get(
        f"/api/v1/sandboxes/{other['id']}/state-hash", headers={"Authorization": f"Bearer {other['token']}"}
    )
    assert told.json()["hash"] == noted
    assert caller.call("POST", f"/checkpoints/{saved.json()['id']}/restore").status_code == 200
    assert caller.hash() == born
    caller.note("two")
    assert caller.call("POST", "/reset").json()["now"] == BORN_TEXT
    assert caller.hash() == born
    assert [one["name"] for one in caller.get("/checkpoints")] == ["Start"]


def test_export_and_import_give_the_same_world(caller: Caller) -> None:
    caller.note("one")
    file = caller.call("GET", "/export")
    sent = caller.person.client.post(
        "/api/v1/sandboxes/import", content=file.content, headers={"Content-Type": "application/zip"}
    )
    assert sent.status_code == 201, sent.text
    headers = {"Authorization": f"Bearer {sent.json()['token']}"}
    there = caller.person.client.get(f"/api/v1/sandboxes/{sent.json()['id']}/state-hash", headers=headers)
    assert there.json()["hash"] == caller.hash()
    bad = caller.person.client.post("/api/v1/sandboxes/import", content=b"PK nonsense")
    assert (bad.status_code, bad.json()["code"]) == (422, "world.bad_export")


def test_deleting_leaves_nothing(caller: Caller) -> None:
    desk = caller.person.desk
    caller.call("POST", "/checkpoints", json={"name": "Start"})
    assert caller.call("DELETE", "").status_code == 204
    assert caller.call("GET", "").status_code == 401
    assert not desk.worlds.space.exists(f"w_{caller.id}")


def test_commands_run_log_and_repeat(caller: Caller) -> None:
    first = caller.note("one", headers={"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()["replayed"], first.json()["seq"]) == (200, False, 1)
    again = caller.note("one", headers={"Idempotency-Key": "k1"})
    assert again.json() == {**first.json(), "replayed": True}
    other = caller.note("two", headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (409, "command.key_reused")
    buyer = caller.call("POST", "/commands/test.note", json={"text": "b", "as": {"buyer": 3}})
    assert buyer.status_code == 200
    log = caller.get("/actions")
    assert (log["total"], [one["actor"]["kind"] for one in log["actions"]]) == (2, ["player", "buyer"])
    assert caller.get("/commands")["commands"][0]["name"] == "test.note"


def test_a_refused_command_changes_nothing(caller: Caller) -> None:
    before = caller.hash()
    bad = caller.note("bad")
    assert bad.status_code == 422
    assert bad.json() == {
        "type": bad.json()["type"],
        "title": bad.json()["title"],
        "status": 422,
        "code": "test.bad",
        "detail": "Bad.",
        "rules": ["T1"],
        "fields": {},
        "remedy": "Be good.",
    }
    assert caller.call("POST", "/commands/test.note", json={"text": 7}).status_code == 422
    assert caller.call("POST", "/commands/test.none", json={}).status_code == 404
    assert caller.call("POST", "/commands/test.note", json={"text": "x", "as": "me"}).status_code == 422
    assert caller.call("POST", "/commands/test.note", content=b"{").status_code == 400
    assert caller.hash() == before


def test_replay_gives_the_same_world(caller: Caller) -> None:
    caller.note("one", headers={"Idempotency-Key": "k1"})
    caller.call("POST", "/clock/advance", json={"hours": 30})
    caller.note("two")
    caller.call("POST", "/clock/advance", json={"hours": 3})
    answer = caller.call("POST", "/replay")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["applied"], answer.json()["hash"]) == (2, caller.hash())
    sent = caller.call("POST", "/replay", json={"actions": caller.get("/actions")["actions"]})
    assert (sent.status_code, sent.json()["applied"]) == (201, 2)
    assert sent.json()["sandbox"]["now"] == "2022-08-26T08:00:00Z"


def test_why_tells_the_tree(caller: Caller) -> None:
    assert caller.get("/why/thing/x")["text"] == "Because of x"
    assert caller.call("GET", "/why/nothing/x").status_code == 404


def test_openapi_names_every_call(person: Browser) -> None:
    told = person.client.get("/schema/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    base = "/api/v1/sandboxes/{sandbox_id}"
    for path in (
        "",
        "/clock",
        "/clock/advance",
        "/clock/agenda",
        "/state-hash",
        "/actions",
        "/replay",
        "/export",
    ):
        assert base + path in told["paths"]
    assert not any(path.startswith(("/w/", "/sign", "/dev")) for path in told["paths"])


def test_unrouted_api_paths_answer_with_a_problem(person: Browser) -> None:
    answer = person.client.get("/api/v1/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    wrong = person.client.patch("/api/v1/sandboxes")
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, "application/problem+json")
