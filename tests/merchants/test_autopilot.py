"""The autopilot: a chore is handed over and taken back, and what is open is decided anew."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from august.kernel import commands
from august.kernel.context import Actor
from august.kernel.errors import Refusal
from august.kernel.plain import plain
from august.kernel.tables import Event
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.merchants.models import CHORES, Autopilot
from august.merchants.queries import pilots, waiting
from august.opportunities.models import Inquiry
from tests.tools.bare import PLAYER, awaited, bare, dispute, inquiry, order, put
from tests.tools.statements import counting

NUMBERS = count(1)
LATER = 2_000_000_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    """One of everything that is open or not, the store's and a rival's."""
    made = store.create(f"w{next(NUMBERS)}", "t", seed=3)
    put(
        made,
        inquiry(due=None),
        inquiry(state="agreed", due=LATER),
        inquiry(state="lost", turn="nobody"),
        inquiry(merchant_id=2, due=LATER),
        order(state="asked", due=LATER),
        order(state="drafted", due=LATER),
        order(state="producing", due=LATER),
        order(state="part_shipped", due=None),
        order(state="producing", disputed=True),
        order(state="arrived", due=LATER),
        order(merchant_id=2, state="producing", due=LATER),
        awaited(order_id=1, due=LATER),
        awaited(order_id=2, due=LATER, invited_at=BORN),
        awaited(order_id=3, merchant_id=2, due=LATER),
        dispute(due=LATER),
        dispute(due=LATER, state="negotiating"),
        dispute(merchant_id=2, due=LATER),
    )
    return made


def run(world: World, actor: Actor = PLAYER, **payload: Any) -> dict[str, Any]:
    return commands.run(world, actor, "merchants.set_autopilot", payload).result


def undecided(world: World) -> dict[str, list[int]]:
    """Which rows the market decides anew, by table."""
    found: dict[str, list[int]] = {}
    with world.reading(PLAYER) as ctx:
        for name, (table, _) in {
            "inquiries": inquiry(),
            "orders": order(),
            "pending": awaited(),
            "disputes": dispute(),
        }.items():
            stored = plain(table)
            key = stored.c.order_id if name == "pending" else stored.c.id
            found[name] = list(ctx.session.scalars(select(key).where(stored.c.due == 0).order_by(key)))
    return {name: numbers for name, numbers in found.items() if numbers}


@pytest.mark.parametrize(
    ("chore", "anew"),
    [
        ("reply", {"inquiries": [1, 2], "orders": [1, 2]}),
        ("ship", {"orders": [3, 4]}),
        ("invite", {"pending": [1]}),
        ("disputes", {"disputes": [1]}),
        ("restock", {}),
    ],
)
def test_handing_over_decides_the_open_things_anew(
    world: World, chore: str, anew: dict[str, list[int]]
) -> None:
    assert run(world, chore=chore, policy="careless") == {"chore": chore, "policy": "careless"}
    assert undecided(world) == anew
    with world.reading(PLAYER) as ctx:
        assert pilots(ctx) == {chore: "careless"}


def test_changing_and_taking_back(world: World) -> None:
    run(world, chore="reply", policy="careless")
    run(world, chore="reply", policy="diligent")
    run(world, chore="ship", policy="average")
    with world.reading(PLAYER) as ctx:
        assert pilots(ctx) == {"reply": "diligent", "ship": "average"}
    assert run(world, chore="reply", policy=None) == {"chore": "reply", "policy": None}
    with world.reading(PLAYER) as ctx:
        assert pilots(ctx) == {"ship": "average"}
        assert [row.params for row in ctx.session.scalars(select(Event).order_by(Event.id))] == [
            {"chore": "reply", "policy": "careless"},
            {"chore": "reply", "policy": "diligent"},
            {"chore": "ship", "policy": "average"},
            {"chore": "reply", "policy": None},
        ]


def test_the_same_again_changes_nothing(world: World) -> None:
    run(world, chore="reply", policy=None)
    assert undecided(world) == {}
    with world.reading(PLAYER) as ctx:
        assert list(ctx.session.scalars(select(Event))) == []
        assert list(ctx.session.scalars(select(Autopilot))) == []


@pytest.mark.parametrize(
    "payload",
    [
        {"chore": "cook", "policy": "diligent"},
        {"chore": "reply", "policy": "none"},
        {"chore": "reply", "policy": ""},
        {"chore": "reply"},
        {"chore": "reply", "policy": "diligent", "more": 1},
    ],
)
def test_nonsense_is_refused_and_writes_nothing(world: World, payload: dict[str, Any]) -> None:
    before = world.state_hash()
    with pytest.raises(Refusal) as refused:
        run(world, **payload)
    assert refused.value.status == 422
    assert world.state_hash() == before


def test_buyers_have_no_autopilot(world: World) -> None:
    with pytest.raises(Refusal) as refused:
        run(world, Actor("buyer", buyer=7), chore="reply", policy="diligent")
    assert refused.value.status == 403


def test_what_waits_is_counted_in_one_statement(world: World) -> None:
    put(world, inquiry(turn="buyer"), inquiry(at=BORN - timedelta(days=2)))
    with world.reading(PLAYER) as ctx, counting() as sent:
        found = waiting(ctx)
    assert len(sent) == 1
    assert set(found) == set(CHORES)
    assert (found["reply"], found["ship"], found["invite"], found["disputes"]) == (3, 2, 1, 1)
    with world.reading(PLAYER) as ctx:
        assert ctx.session.get_one(Inquiry, 1).turn == "seller"
