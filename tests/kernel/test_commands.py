"""A command happens once and whole, or not at all."""

import pytest

from august.kernel import commands
from august.kernel.context import Actor
from august.kernel.errors import Refusal
from august.kernel.world import World

from .conftest import PLAYER


def test_key_makes_a_retry_harmless(world: World) -> None:
    """The same key and payload return the first outcome and write nothing."""
    first = commands.run(world, PLAYER, "test.note", {"text": "a"}, key="k")
    after = world.state_hash()
    again = commands.run(world, PLAYER, "test.note", {"text": "a"}, key="k")
    assert (again.result, again.seq, again.replayed) == (first.result, first.seq, True)
    assert world.state_hash() == after


@pytest.mark.parametrize(
    ("actor", "name", "payload", "key", "code"),
    [
        (PLAYER, "test.note", {"text": "other"}, "k", "command.key_reused"),
        (PLAYER, "test.note", {"text": 3}, None, "payload.invalid"),
        (PLAYER, "test.note", {"text": "a", "more": 1}, None, "payload.invalid"),
        (PLAYER, "test.note", [], None, "payload.no_object"),
        (PLAYER, "test.note", {"text": "a"}, "", "command.bad_key"),
        (PLAYER, "test.note", {"text": "a"}, "k" * 101, "command.bad_key"),
        (PLAYER, "test.nothing", {}, None, "command.unknown"),
        (Actor("buyer", buyer=1), "test.note", {"text": "a"}, None, "command.not_yours"),
        (PLAYER, "test.note", {"text": "bad"}, None, "test.bad"),
    ],
)
def test_refusal_leaves_the_world_as_it_was(
    world: World, actor: Actor, name: str, payload: object, key: str | None, code: str
) -> None:
    """Whatever is refused, the state hash is unchanged."""
    commands.run(world, PLAYER, "test.note", {"text": "a"}, key="k")
    before = world.state_hash()
    with pytest.raises(Refusal) as told:
        commands.run(world, actor, name, payload, key=key)
    assert told.value.code == code
    assert world.state_hash() == before


def test_malformed_field_is_named(world: World) -> None:
    """The field at fault is in the refusal."""
    with pytest.raises(Refusal) as told:
        commands.run(world, PLAYER, "test.note", {"text": 3})
    assert list(told.value.fields) == ["text"]
