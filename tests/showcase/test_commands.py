"""What is put on show, what is refused, what ends by itself."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from august.catalog.models import Product
from august.kernel.commands import run
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.jobs import advance
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.merchants.models import Merchant
from august.showcase import commands, queries
from august.showcase.models import ShowcaseItem, ShowcaseOrder
from tests.tools.bare import PLAYER, bare

NUMBERS = count(1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


def act(world: World, name: str, **payload: Any) -> dict[str, Any]:
    return run(world, PLAYER, f"showcase.{name}", payload).result


def on_show(world: World, merchant: int = 1) -> list[int]:
    with world.reading(SYSTEM) as ctx:
        stores, products = queries.shown(ctx)
        return [int(number) for number in products[stores == merchant]]


def others(world: World, status: str = "on_sale") -> list[int]:
    there = on_show(world)
    asked = select(Product.id).where(Product.merchant_id == 1, Product.status == status)
    with world.reading(SYSTEM) as ctx:
        return [one for one in ctx.session.scalars(asked.order_by(Product.id)) if one not in there]


def given_order(world: World, slots: int = 5, days: int = 7) -> int:
    with world.writing(SYSTEM) as ctx:
        number = commands.grant(ctx, 1, slots, days, "benefit")
        ctx.session.commit()
        return number


def test_stores_are_born_with_a_showcase_by_their_policy(world: World) -> None:
    with world.reading(SYSTEM) as ctx:
        stores, products = queries.shown(ctx)
        room = queries.slots_of_all(ctx)
        rows = ctx.session.execute(select(Merchant.id, Merchant.policy, Merchant.is_player)).all()
        growth = dict(ctx.session.execute(select(Product.id, Product.growth)).all())
        mine: dict[int, list[int]] = {}
        for merchant, number in ctx.session.execute(
            select(Product.merchant_id, Product.id).where(Product.status == "on_sale")
        ):
            mine.setdefault(merchant, []).append(number)
    for number, policy, is_player in rows:
        shown = products[stores == number].tolist()
        percent = {"diligent": 100, "average": 70, "careless": 40}["average" if is_player else policy]
        assert len(shown) == min(len(mine[number]), room[number].total * percent // 100)
        assert set(shown) <= set(mine[number])
        if policy == "diligent" and set(mine[number]) - set(shown):
            rest = max(growth[one] for one in set(mine[number]) - set(shown))
            assert min(growth[one] for one in shown) >= rest


def test_products_come_and_go(world: World) -> None:
    # A Verified Supplier with an average past: 30 slots, 21 of them filled.
    assert len(on_show(world)) == 21
    first, second = others(world)[:2]
    assert act(world, "show", products=[second, first, second]) == {"shown": [second, first], "free": 7}
    assert act(world, "remove", products=[first]) == {"removed": [first], "free": 8}
    assert second in on_show(world)
    assert first not in on_show(world)
    told = act(world, "replace", remove=[second], show=[first])
    assert told == {"removed": [second], "shown": [first], "free": 8}


def test_the_best_fill_what_is_free(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        growth = dict(ctx.session.execute(select(Product.id, Product.growth)).all())
    waiting = others(world)
    told = act(world, "show_best")
    assert told["free"] == 0
    assert told["shown"] == sorted(waiting, key=lambda one: (-growth[one], one))[:9]
    with pytest.raises(Refusal) as refused:
        act(world, "show_best")
    assert refused.value.code == "showcase.nothing_to_show"


CASES = ("nothing", "draft", "twice", "foreign", "too_many", "not_shown", "swap", "huge")


@pytest.mark.parametrize("case", CASES)
def test_what_is_refused_changes_nothing(world: World, case: str) -> None:
    free, there = others(world), on_show(world)
    name, payload, code = {
        "nothing": ("show", {"products": []}, "showcase.nothing_chosen"),
        "draft": ("show", {"products": [free[0], others(world, "draft")[0]]}, "showcase.not_on_sale"),
        "twice": ("show", {"products": [free[0], there[0]]}, "showcase.shown_already"),
        "foreign": ("show", {"products": [free[0], 500]}, "product.unknown"),
        "too_many": ("show", {"products": free[:10]}, "showcase.no_room"),
        "not_shown": ("remove", {"products": [there[0], free[0]]}, "showcase.not_shown"),
        # The first half of a swap goes back with the second.
        "swap": ("replace", {"remove": [there[0]], "show": [there[0], there[1]]}, "showcase.shown_already"),
        "huge": ("remove", {"products": [2**70]}, "product.unknown"),
    }[case]
    before = world.state_hash()
    with pytest.raises(Refusal) as refused:
        act(world, name, **payload)
    assert refused.value.code == code
    assert refused.value.fields
    assert world.state_hash() == before


def test_exactly_the_free_slots_can_be_filled(world: World) -> None:
    assert act(world, "show", products=others(world)[:9])["free"] == 0


def test_a_product_taken_off_sale_frees_its_slot(world: World) -> None:
    gone = on_show(world)[0]
    run(world, PLAYER, "catalog.take_down", {"product": gone})
    assert gone not in on_show(world)


def test_an_order_counts_from_its_opening_to_its_midnight(world: World) -> None:
    number = given_order(world)
    with world.reading(PLAYER) as ctx:
        assert queries.standing(ctx).slots.total == 30
    told = act(world, "open_order", order=number)
    # Born on 24 August in Los Angeles: seven full days from the 25th on.
    assert (told["slots"], told["until"]) == (5, "2022-09-01T07:00:00+00:00")
    with pytest.raises(Refusal) as refused:
        act(world, "open_order", order=number)
    assert refused.value.code == "showcase.opened"
    act(world, "show", products=others(world)[:14])
    last = sorted(set(on_show(world)))
    with world.reading(PLAYER) as ctx:
        end = ctx.session.get_one(ShowcaseOrder, number).until
        rows = ctx.session.execute(select(ShowcaseItem.since, ShowcaseItem.product_id)).all()
    assert end is not None
    advance(world, end - timedelta(seconds=1))
    assert on_show(world) == last
    advance(world, end)
    assert len(on_show(world)) == 30
    newest = sorted((since, one) for since, one in rows if one in last)[-5:]
    assert set(last) - set(on_show(world)) == {one for _, one in newest}
    with world.reading(PLAYER) as ctx:
        (line,) = [line for line in queries.orders(ctx, queries.slots(ctx)) if line.number == number]
        assert (line.state, line.left) == ("ended", None)


def test_a_membership_that_ends_empties_the_showcase(world: World) -> None:
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(
            update(Merchant).where(Merchant.id == 1).values(member_until=BORN + timedelta(hours=1))
        )
        ctx.session.commit()
    advance(world, BORN + timedelta(days=1))
    assert on_show(world) == []
    with world.reading(PLAYER) as ctx:
        assert queries.why(ctx, "slots").children[0].outcome == "bad"


@pytest.mark.parametrize("order", [999, 0, 2**70])
def test_an_order_that_is_not_there_cannot_be_opened(world: World, order: int) -> None:
    with pytest.raises(Refusal) as refused:
        act(world, "open_order", order=order)
    assert refused.value.status == 404


def test_another_store_s_order_cannot_be_opened(world: World) -> None:
    with world.writing(SYSTEM) as ctx:
        number = commands.grant(ctx, 2, 5, 7, "benefit")
        ctx.session.commit()
    with pytest.raises(Refusal) as refused:
        act(world, "open_order", order=number)
    assert refused.value.status == 404


@pytest.mark.parametrize(("slots", "days"), [(0, 7), (101, 7), (5, 0), (5, 367)])
def test_a_senseless_grant_is_a_fault(world: World, slots: int, days: int) -> None:
    with world.writing(SYSTEM) as ctx, pytest.raises(ValueError, match=str(slots)):
        commands.grant(ctx, 1, slots, days, "benefit")


def test_the_market_is_told_who_is_on_show(world: World) -> None:
    with world.reading(SYSTEM) as ctx:
        found = queries.showcased(ctx, np.array([*on_show(world)[:2], 10_000]), np.array([1, 1, 1]))
    assert found.tolist() == [1, 1, 0]
