"""Many stores take from quotas at once: as if they came one after the other."""

from collections.abc import Iterator

import pytest

from august.festival import quotas
from august.kernel.clock import PACIFIC, from_local
from august.kernel.context import SYSTEM
from august.kernel.tables import Clock
from august.kernel.world import World, Worlds
from tests.tools.bare import bare
from tests.tools.statements import counting

NOON = from_local(PACIFIC, "2022-09-10 12:00:00")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


def ready(store: Worlds, name: str) -> World:
    world = store.create(name, "t", seed=3)
    with world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = NOON
        ctx.session.commit()
    return world


def test_many_take_as_one_after_the_other(store: Worlds) -> None:
    """At most three multimodal orders and two containers a store; the last container goes to the first."""
    together, one_by_one = ready(store, "together"), ready(store, "one_by_one")
    wanted = [("multimodal", 2)] * 4 + [("fcl_us_west", 3)] * 3 + [("charter", 2), ("multimodal", 4)]
    with together.writing(SYSTEM) as ctx, counting() as sent:
        assert quotas.claim_many(ctx, wanted, ("test", 1)) == 7
        assert len(sent) == 3
        ctx.session.commit()
    with one_by_one.writing(SYSTEM) as ctx:
        for code, merchant in wanted:
            quotas.claim(ctx, code, ("test", 1), merchant)
        ctx.session.commit()
    assert together.state_hash() == one_by_one.state_hash()


@pytest.mark.parametrize("spare", [0, 1, 2])
def test_no_more_is_taken_than_there_is(store: Worlds, spare: int) -> None:
    world = ready(store, f"spare{spare}")
    with world.writing(SYSTEM) as ctx:
        free = quotas.standing(ctx, "fcl_us_west", 1).left
        first = [("fcl_us_west", 1000 + i) for i in range(free - spare)]
        assert quotas.claim_many(ctx, first, ("test", 1)) == free - spare
        late = [("fcl_us_west", 10 + i) for i in range(5)]
        assert quotas.claim_many(ctx, late, ("test", 2)) == spare
        assert quotas.standing(ctx, "fcl_us_west", 1).left == 0
