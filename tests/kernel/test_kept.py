"""What is kept of a table during an advance is true for as long as it is kept."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, select, update

from august.catalog.models import Product
from august.catalog.shelf import keep_growth, keep_stock, shelf
from august.kernel.context import Context
from august.kernel.plain import among, plain, tuples
from august.showcase.models import ShowcaseItem
from august.showcase.queries import shown
from tests.tools.bare import bare, changing

CHANGES: dict[str, Callable[[Context], object]] = {
    "an object": lambda ctx: setattr(ctx.session.get_one(Product, 1), "stock", 12_345),
    "a statement": lambda ctx: ctx.session.execute(
        update(Product).where(Product.id == 1).values(stock=12_345)
    ),
}


@pytest.mark.parametrize("way", CHANGES)
def test_a_table_that_is_written_is_read_anew(tmp_path: Path, way: str) -> None:
    store = bare(tmp_path)
    with changing(store.create("w", "t", 1)) as ctx:
        before = shelf(ctx)
        assert shelf(ctx) is before
        CHANGES[way](ctx)
        ctx.session.flush()
        assert shelf(ctx).stock[0] == 12_345 != before.stock[0]
    store.close()


def test_another_table_or_a_reading_leaves_it(tmp_path: Path) -> None:
    store = bare(tmp_path)
    with changing(store.create("w", "t", 1)) as ctx:
        before = shelf(ctx)
        ctx.session.scalars(select(Product)).all()
        ctx.emit("noted", ("note", 1))
        ctx.session.execute(delete(ShowcaseItem).where(ShowcaseItem.product_id == 1))
        ctx.session.flush()
        assert shelf(ctx) is before
    store.close()


def test_what_is_written_row_by_row_is_kept_right_by_hand(tmp_path: Path) -> None:
    store = bare(tmp_path)
    with changing(store.create("w", "t", 1)) as ctx:
        growth = np.arange(len(shelf(ctx).ids), dtype=np.int64)
        keep_growth(ctx, growth)
        keep_stock(ctx, {3: 7, 1: 8})
        assert shelf(ctx).growth is growth
        assert shelf(ctx).stock[[0, 2]].tolist() == [8, 7]
    store.close()


def test_the_showcase_is_asked_again_after_a_removal(tmp_path: Path) -> None:
    store = bare(tmp_path)
    with changing(store.create("w", "t", 1)) as ctx:
        first = int(shown(ctx)[1][0])
        ctx.session.execute(delete(ShowcaseItem).where(ShowcaseItem.product_id == first))
        assert first not in shown(ctx)[1]
    store.close()


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_any_list_is_one_parameter(tmp_path: Path, where: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("postgres_url") if where == "postgresql" else None
    store = bare(tmp_path, url)
    table = plain(Product)
    numbers = select(table.c.id).where(among(table.c.id), among(table.c.kind, "kinds")).order_by(table.c.id)
    with changing(store.create("w", "t", 1)) as ctx:
        for wanted in ([], [2], [1, 3, 2**40]):
            found = tuples(
                ctx.session.connection(), numbers, {"values": wanted, "kinds": ["rts", "customization"]}
            )
            assert [number for (number,) in found] == [number for number in wanted if number < 2**40]
        assert not tuples(ctx.session.connection(), numbers, {"values": [1], "kinds": ['it\'s "quoted"']})
        ctx.session.rollback()
    store.close()
