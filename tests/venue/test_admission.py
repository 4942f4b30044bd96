"""The conditions of the venue, one step below, at and above each line, and one product like all of them."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.kernel.clock import SECOND
from august.market.grow import BORN
from august.merchants.models import MEMBERSHIPS
from august.venue.admission import (
    STATUSES,
    Columns,
    Goods,
    Store,
    admits,
    failing,
    goods_conditions,
    store_conditions,
)

BOOK = house().rulebook
RULES = BOOK.values("F1-venue", BORN)
DAYS = BOOK.values("F1-price", BORN).days
ACCESS = {each.code: each for each in BOOK.values("S7", BORN).benefits}[RULES.access]
GOODS = Goods("on_sale", "rts", 42, 1000, None)
STORE = Store(2, "cgs", mainland=True, member_until=BORN + timedelta(days=1), penalised=False)


def failed(price: int | None = 1000, goods: Goods = GOODS, store: Store = STORE) -> list[str]:
    found = goods_conditions(goods, price, RULES, DAYS) | store_conditions(store, ACCESS, BORN)
    assert all(node.remedy for node in found.values() if node.outcome == "bad")
    return [code for code, node in found.items() if node.outcome == "bad"]


def goods(**more: Any) -> Goods:
    kept = {name: getattr(GOODS, name) for name in GOODS.__struct_fields__}
    return Goods(**(kept | more))


def store(**more: Any) -> Store:
    kept = {name: getattr(STORE, name) for name in STORE.__struct_fields__}
    return Store(**(kept | more))


def test_what_meets_everything_is_admitted() -> None:
    assert failed() == []


@pytest.mark.parametrize(("quality", "met"), [(0, False), (41, False), (42, True), (43, True), (50, True)])
def test_quality_is_asked_from_4_2_on(quality: int, met: bool) -> None:  # noqa: FBT001 - a case of the table
    assert (failed(goods=goods(quality=quality)) == []) is met


@pytest.mark.parametrize(
    ("price", "listed", "paid", "met"),
    [
        (799, 1000, 800, True),
        (800, 1000, 800, True),
        (801, 1000, 800, False),
        # Nobody paid: the list price is the limit.
        (1000, 1000, None, True),
        (1001, 1000, None, False),
        # The list price came down below what was paid.
        (900, 900, 1000, True),
        (901, 900, 1000, False),
        (1, 1000, 800, True),
    ],
)
def test_the_price_is_not_above_what_was_paid_nor_above_the_list(
    price: int,
    listed: int,
    paid: int | None,
    met: bool,  # noqa: FBT001 - a case of the table
) -> None:
    assert (failed(price, goods(price_cents=listed, paid_cents=paid)) == []) is met


def test_goods_without_a_price_are_not_taken() -> None:
    assert failed(None, goods(price_cents=0)) == ["price"]


@pytest.mark.parametrize(
    ("star", "stores"),
    [
        (0, ()),
        (1, ("verified",)),
        (2, MEMBERSHIPS),
        (3, MEMBERSHIPS),
        (4, MEMBERSHIPS),
        (5, MEMBERSHIPS),
    ],
)
def test_at_one_star_only_verified_suppliers_enrol(star: int, stores: tuple[str, ...]) -> None:
    """S7: 三九大促 - 5★ to 2★ all, 1★ only 金品."""
    assert tuple(name for name in MEMBERSHIPS if admits(ACCESS, star, name)) == stores
    for name in MEMBERSHIPS:
        assert (failed(store=store(star=star, membership=name)) == []) is (name in stores)


@pytest.mark.parametrize(
    ("left", "met"), [(-SECOND, False), (timedelta(0), False), (SECOND, True), (timedelta(days=1), True)]
)
def test_the_membership_is_in_service(left: timedelta, met: bool) -> None:  # noqa: FBT001 - a case
    assert (failed(store=store(member_until=BORN + left)) == []) is met


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ({"status": "draft"}, {}, "on_sale"),
        ({"status": "off_shelf"}, {}, "on_sale"),
        ({"kind": "customization"}, {}, "kind"),
        ({}, {"mainland": False}, "member"),
        ({}, {"penalised": True}, "penalty"),
    ],
)
def test_each_other_condition_fails_by_itself(one: dict[str, Any], other: dict[str, Any], code: str) -> None:
    assert failed(goods=goods(**one), store=store(**other)) == [code]


def test_everything_that_fails_is_named_at_once() -> None:
    poor = Goods("draft", "customization", 29, 1000, 500)
    shut = Store(1, "cgs", mainland=True, member_until=BORN, penalised=True)
    assert failed(501, poor, shut) == ["on_sale", "kind", "quality", "price", "star", "member", "penalty"]


many_goods = st.builds(
    Goods,
    status=st.sampled_from(STATUSES),
    kind=st.sampled_from(("rts", "customization")),
    quality=st.integers(0, 50),
    price_cents=st.integers(0, 30),
    paid_cents=st.none() | st.integers(1, 30),
)
many_stores = st.builds(
    Store,
    star=st.integers(0, 5),
    membership=st.sampled_from(MEMBERSHIPS),
    mainland=st.booleans(),
    member_until=st.sampled_from((BORN - SECOND, BORN, BORN + SECOND)),
    penalised=st.booleans(),
)


@given(st.lists(st.tuples(many_goods, many_stores, st.integers(1, 32)), min_size=1, max_size=20))
def test_all_at_once_is_each_one_by_one(cases: list[tuple[Goods, Store, int]]) -> None:
    columns = Columns(
        status=np.array([STATUSES.index(one.status) for one, _, _ in cases]),
        ready=np.array([one.kind == RULES.kind for one, _, _ in cases]),
        quality=np.array([one.quality for one, _, _ in cases]),
        limit=np.array([one.limit for one, _, _ in cases]),
        price=np.array([price for _, _, price in cases]),
        star=np.array([shop.star for _, shop, _ in cases]),
        membership=np.array([MEMBERSHIPS.index(shop.membership) for _, shop, _ in cases]),
        member=np.array([shop.mainland and shop.member_until > BORN for _, shop, _ in cases]),
        penalised=np.array([shop.penalised for _, shop, _ in cases]),
    )
    found = failing(columns, RULES, ACCESS)
    for place, (one, shop, price) in enumerate(cases):
        assert [code for code, flags in found.items() if flags[place]] == failed(price, one, shop)
