"""The same site over PostgreSQL schemas."""

from pathlib import Path

from tests.sandboxes.tiny import browsing


def test_a_guest_jumps_rewinds_and_deletes_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with browsing(tmp_path, database_url=postgres_url) as person:
        sandbox = person.desk.get(person.try_it())
        world = person.desk.world(sandbox)
        born = world.state_hash()
        jump, runs = person.jumps.complete(sandbox, person.jumps.target(world, days=1))
        assert (jump.state, len(runs)) == ("done", 4)
        assert person.desk.world(sandbox).state_hash() != born
        person.post(f"/sandboxes/{sandbox.id}/checkpoints/{jump.checkpoint_id}/rewind")
        assert person.desk.world(sandbox).state_hash() == born
        assert person.get(f"/w/{sandbox.id}/clock").status_code == 200
        assert person.post(f"/sandboxes/{sandbox.id}/delete").status_code == 303
        assert not person.desk.worlds.space.exists(sandbox.world_id)
