"""Product and store pages as buyers see them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from august.catalog.lines import standing as book
from august.catalog.models import Product
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.world import World
from august.market.grow import BORN
from august.opportunities.models import Inquiry
from august.storefront import goods
from august.storefront.cards import ways_of
from august.trade.quotes import quote
from august.web.tables import listing
from tests.reviews.conftest import PLAYER, order, reviewed

DAY = timedelta(days=1)


def on_sale(world: World, *numbers: int) -> None:
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Product).where(Product.id.in_(numbers)).values(status="on_sale"))
        ctx.session.commit()


def test_three_pictures_of_reviews(world: World) -> None:
    on_sale(world, 1, 2)
    with world.reading(PLAYER) as ctx:
        assert goods.sheet(ctx, 1, "US", None).case == "neither"
    reviewed(world, product_id=2)
    with world.reading(PLAYER) as ctx:
        sheet = goods.sheet(ctx, 1, "US", None)
        assert (sheet.case, sheet.rating.count, sheet.store_rating.count) == ("store", 0, 1)
        assert goods.sheet(ctx, 2, "US", None).case == "both"


def test_price_and_freight_are_those_of_an_order(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        product = ctx.session.scalars(
            select(Product).where(
                Product.status == "on_sale",
                Product.freight_template_id.is_not(None),
                Product.delivery_by,
                Product.price_mode == "tier",
            )
        ).first()
        assert product is not None
        ways = ways_of(ctx, [product.freight_template_id])[product.freight_template_id or 0]
        row = {column.name: getattr(product, column.name) for column in Product.__table__.columns}
        for quantity in (product.moq, product.moq * 10):
            sheet = goods.sheet(ctx, product.id, "US", quantity)
            assert sheet.quote == quote(row, quantity, "US", ways, book())
            assert sheet.quantity == quantity
            # What is too heavy for every line has none.
            cheapest = [sheet.quote.freight_cents] if sheet.quote.line else []
            assert [way.cents for way in sheet.ways[:1]] == cheapest
        # Less than the minimum is the minimum; too much is the most.
        assert goods.sheet(ctx, product.id, "US", 0).quantity == product.moq
        assert goods.sheet(ctx, product.id, "US", None).quantity == product.moq
        assert goods.sheet(ctx, product.id, "US", 99_999_999).quantity == 10_000_000


@pytest.mark.parametrize("number", [0, -1, 999_999, 2**63])
def test_what_is_not_on_sale_is_not_there(world: World, number: int) -> None:
    with world.reading(PLAYER) as ctx:
        draft = ctx.session.scalar(select(Product.id).where(Product.status == "draft"))
        assert draft is not None
        for hidden in (number, draft):
            with pytest.raises(Refusal) as caught:
                goods.sheet(ctx, hidden, "US", None)
            assert (caught.value.code, caught.value.status) == ("product.not_for_sale", 404)
        with pytest.raises(Refusal) as caught:
            goods.store_facts(ctx, number)
        assert caught.value.status == 404


def test_rivals_are_seen_as_buyers_see_them(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        rival = ctx.session.scalars(
            select(Product).where(Product.merchant_id == 5, Product.status == "on_sale")
        ).first()
        assert rival is not None
        assert goods.sheet(ctx, rival.id, "DE", None).store.id == 5
        assert goods.store_facts(ctx, 5).store.is_player is False


def test_others_read_masked_names_and_only_what_counts(world: World) -> None:
    reviewed(world, text="As described. The packaging could be stronger.", params={}, reply="Thanks")
    reviewed(world, counts=False)
    asked = listing("/x", {}, sorts=("at",), default="-at")
    with world.reading(PLAYER) as ctx:
        told = goods.comments(ctx, asked, product=1)
        whole = goods.comments(ctx, asked, store=1)
        assert goods.comments(ctx, asked, product=2).lines == []
    assert (told.page.total, whole.page.total) == (1, 1)
    (each,) = told.lines
    assert each.who[1:4] == "***"
    assert each.reply == "Thanks"


@pytest.mark.parametrize(("name", "masked"), [("Amy", "A***y"), ("Bo Li", "B***i"), ("X", "X***X")])
def test_a_masked_name_keeps_its_ends(name: str, masked: str) -> None:
    assert goods.masked(name) == masked


def test_a_store_is_known_by_its_answers_and_its_shipments(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        facts = goods.store_facts(ctx, 1)
        assert (facts.reply_minutes, facts.on_time, facts.shipped) == (None, None, 0)
    for days, late in ((1, 0), (2, 1), (100, 1)):
        shipped = BORN - days * DAY
        order(world, BORN, shipped_at=shipped, ship_by=shipped - late * timedelta(seconds=1))
    with world.writing(SYSTEM) as ctx:
        for minutes in (10, 31):
            asked = BORN - 2 * DAY
            ctx.session.add(
                Inquiry(
                    merchant_id=1, buyer_id=7, product_id=1, kind="inquiry", source="search", at=asked,
                    quantity=1, state="open", turn="buyer", last_at=asked, rounds=0, luck=1,
                    first_reply_at=asked + timedelta(minutes=minutes),
                )
            )  # fmt: skip
        ctx.session.commit()
    with world.reading(PLAYER) as ctx:
        facts = goods.store_facts(ctx, 1)
    assert (facts.reply_minutes, facts.shipped, facts.on_time) == (20, 2, 0.5)
