"""Proofs as acts: offered where the store may have them, counted on the day that was told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest

from august.kernel.clock import day_start, parse_instant, pt_day
from august.kernel.jobs import advance
from august.kernel.world import World, Worlds
from august.merchants.models import Merchant
from august.stars import queries
from august.stars.path.proofs import proof_acts
from august.stars.path.search import Act
from august.verified import queries as verified
from tests.market.conftest import now_of
from tests.stars.handing_in import hand_in, show_cases
from tests.tools.bare import PLAYER
from tests.trade.deals import stored

ENGINEERING = parse_instant("2022-09-06T00:00:00-07:00")
NUMBERS = count(1)
# What a furniture store that has its trademark verified may apply for, and the days of each review.
DAYS = {
    "proof:fortune500": 5, "proof:aeo": 3, "proof:oem": 4, "proof:models_3d": 2,
    "proof:overseas_stock": 3, "proof:engineering": 5,
}  # fmt: skip


@pytest.fixture(scope="module")
def store(module_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    with stored(tmp_path_factory.mktemp("worlds"), module_url) as made:
        yield made


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"p{next(NUMBERS)}", "t", seed=3)


def offered(world: World, at: datetime | None = None) -> dict[str, Act]:
    with world.writing(PLAYER) as ctx:
        ctx.now = at or ctx.now
        inputs, _ = queries.predicted(ctx)
        return {act.key: act for act in proof_acts(ctx, verified.overview(ctx), inputs, 45, 30)}


def test_a_store_is_offered_what_its_industry_may_have_but_no_export(world: World) -> None:
    found = offered(world)
    assert {key: act.days for key, act in found.items()} == DAYS
    assert {act.minutes for act in found.values()} == {45}
    assert found["proof:oem"].adds == {"proof_oem": 1}
    assert found["proof:models_3d"].adds == {"service_models_3d": 1}


def test_a_store_without_access_is_offered_nothing(world: World) -> None:
    with world.writing(PLAYER) as ctx:
        ctx.session.get_one(Merchant, 1).membership = "cgs"
        ctx.session.commit()
    assert offered(world, ENGINEERING) == {}


def test_what_is_in_review_is_awaited_if_it_will_pass(world: World) -> None:
    hand_in(world, "overseas_stock")
    hand_in(world, "aeo", level="registered")
    hand_in(world, "export", yearly_export_usd="90000000")
    found = offered(world)
    assert not {"proof:overseas_stock", "proof:aeo", "await:aeo"} & found.keys()
    stock = Act("await:overseas_stock", "await", 0, {"service_overseas_stock": 1}, days=3)
    assert found["await:overseas_stock"] == stock
    with world.reading(PLAYER) as ctx:
        verified_before = queries.predicted(ctx)[0]["export_cents"]
    assert verified_before > 0
    more = {"export_cents": 9_000_000_000 - verified_before}
    assert found["await:export"] == Act("await:export", "await", 0, more, days=3)
    assert offered(world, now_of(world) + timedelta(days=2))["await:overseas_stock"].days == 1


def test_cases_go_from_tier_to_tier_behind_the_capability(world: World) -> None:
    assert "case:1" not in offered(world)
    found = offered(world, ENGINEERING)
    first = Act("case:1", "case", 30, {"cases": 1}, ("proof:engineering",))
    assert (found["case:1"], found["case:3"]) == (first, Act("case:3", "case", 60, {"cases": 2}, ("case:1",)))
    hand_in(world, "engineering")
    show_cases(world, 2)
    found = offered(world, ENGINEERING - timedelta(seconds=1))
    assert not [key for key in found if key.startswith("case")]
    (case,) = [act for key, act in offered(world, ENGINEERING).items() if key.startswith("case")]
    assert case == Act("case:3", "case", 30, {"cases": 1}, ("await:engineering",))
    show_cases(world, 1)
    assert not [key for key in offered(world, ENGINEERING) if key.startswith("case")]


def test_every_proof_counts_from_the_day_that_was_told(world: World) -> None:
    found = offered(world)
    for key in found:
        hand_in(world, key.partition(":")[2])
    began = pt_day(now_of(world))
    for day in range(1, 6):
        advance(world, day_start(began + timedelta(days=day)))
        with world.reading(PLAYER) as ctx:
            inputs, _ = queries.predicted(ctx)
        for act in found.values():
            assert {name: inputs[name] for name in act.adds} == {
                name: more if act.days <= day else 0 for name, more in act.adds.items()
            }, (act.key, day)
    assert offered(world) == {}
