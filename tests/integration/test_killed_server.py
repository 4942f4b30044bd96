"""kill -9 of the real server in the middle of a jump: nothing is lost, nothing is done twice (T5)."""

from pathlib import Path

import pytest

from august.kernel.spaces import PostgresSpace, SqliteSpace
from tests.integration.serving import Serving, serving
from tests.tools.worlds import EVERY, provide, provide_postgres

FAR = {"days": 8}
# More answers than the jump lasts.
POLLS = 20_000


def polled(server: Serving, path: str, token: str, *, until: str) -> dict[str, object]:
    """Ask for the progress of a jump again and again until something about it is true."""
    for _ in range(POLLS):
        told: dict[str, object] = server.call("GET", path, token)
        if told["state"] != "running" or told[until]:
            return told
    pytest.fail(f"the jump got nowhere: {told}")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """None for SQLite, then the address of an empty PostgreSQL database."""
    if request.param == "sqlite":
        return None
    found: str = request.getfixturevalue("postgres_url")
    return found


def until_noticed(url: str | None, folder: Path, lock: str) -> None:
    """PostgreSQL frees the locks of a dead process when it notices that nobody is there any more."""
    space = PostgresSpace(url) if url else SqliteSpace(folder)
    with space.hold(lock, shared=False, wait=True):
        pass
    space.close()


def test_a_jump_survives_kill_9(tmp_path: Path, url: str | None) -> None:
    asked = {"world": "furniture", "seed": 7, "name": "Killed"}
    if url is None:
        provide(tmp_path, *EVERY)
    else:
        provide_postgres(url, tmp_path, *EVERY)
    with serving(tmp_path, url) as server:
        made = server.call("POST", "/api/v1/sandboxes", json=asked)
        token, address = made["token"], f"/api/v1/sandboxes/{made['id']}"
        begun = server.call("POST", f"{address}/clock/advance?wait=0", token, json=FAR)
        under_way = polled(server, begun["progress"], token, until="jobs_done")
        server.kill()
    assert under_way["state"] == "running"
    assert 0 < under_way["jobs_done"] < under_way["jobs_total"]
    until_noticed(url, tmp_path / "worlds", f"w_{made['id']}.jump")
    with serving(tmp_path, url) as server:
        found = server.call("GET", begun["progress"], token)
        assert found["state"] == "interrupted"
        assert found["jobs_done"] >= under_way["jobs_done"]
        resumed = server.call("POST", f"{address}/clock/resume", token)
        assert (resumed["id"], resumed["target"]) == (begun["id"], under_way["target"])
        done = polled(server, begun["progress"], token, until="digest")
        assert (done["state"], done["now"]) == ("done", under_way["target"])
        # The second sandbox has the same seed and jumps undisturbed.
        twin = server.call("POST", "/api/v1/sandboxes", json=asked)
        calm = server.call("POST", f"/api/v1/sandboxes/{twin['id']}/clock/advance", twin["token"], json=FAR)
        assert (calm["state"], len(calm["jobs"])) == ("done", done["jobs_total"])
        hashes = [
            server.call("GET", f"/api/v1/sandboxes/{one['id']}/state-hash", one["token"])["hash"]
            for one in (made, twin)
        ]
        assert hashes[0] == hashes[1]
