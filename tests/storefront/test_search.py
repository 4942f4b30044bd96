"""What buyers find: only what is on sale, in the market's order, reachable from their country."""

import numpy as np
import pytest
from sqlalchemy import select

from august.app import plan
from august.catalog.facts import opened
from august.catalog.freight import Parcel, offers
from august.catalog.lines import standing as book
from august.catalog.models import FreightLine, Product
from august.kernel.context import SYSTEM
from august.kernel.world import World
from august.market.columns import stalls
from august.market.feature import model
from august.reviews.models import Review
from august.storefront import search
from tests.reviews.conftest import PLAYER, reviewed
from tests.storefront.conftest import found, rank


def test_results_stand_in_the_order_of_the_market(world: World) -> None:
    reviewed(world, product_id=300)
    numbers = model(plan().house.features)
    with world.reading(PLAYER) as ctx:
        stands = stalls(ctx, numbers.demand, numbers.measures)
        order = np.argsort(stands.ids)
        ids, scores = stands.ids[order], stands.score[order]
        assert rank()(ctx, ids, stands.merchants[order]).tolist() == scores.tolist()
        best = ids[np.lexsort((ids, -scores))]
        shown = found(ctx, size="50")
        assert [card.id for card in shown.cards] == best[:50].tolist()
        assert shown.page.total == len(ids)


def test_drafts_and_what_is_off_the_shelf_are_not_found(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        statuses = dict(ctx.session.execute(select(Product.id, Product.status)).all())
        goods = search.candidates(ctx, {})
    on_sale = [number for number, status in statuses.items() if status == "on_sale"]
    assert goods.ids.tolist() == sorted(on_sale)
    assert len(on_sale) < len(statuses)


@pytest.mark.parametrize("country", ["US", "NZ", "IT", "JP", "NG"])
def test_freight_reaches_whom_a_line_carries_it_to(world: World, country: str) -> None:
    with world.reading(PLAYER) as ctx:
        goods = search.candidates(ctx, {})
        flags = search.reaching(ctx, goods.ids, country)
        lines: dict[int, list[FreightLine]] = {}
        for line in ctx.session.scalars(select(FreightLine).order_by(FreightLine.id)):
            lines.setdefault(line.template_id, []).append(line)
        products = {
            product.id: product
            for product in ctx.session.scalars(select(Product).where(Product.status == "on_sale"))
        }
        expected = []
        for number in goods.ids.tolist():
            product = products[number]
            box, weight = product.package_mm, product.weight_g
            ways = opened(lines.get(product.freight_template_id or 0, []))
            parcel = Parcel(box["l"], box["w"], box["h"], weight, product.moq) if box and weight else None
            expected.append(bool(parcel and offers(parcel, country, ways, book())))
        assert flags.tolist() == expected
        assert 0 < sum(expected) < len(expected)
        shown = found(ctx, country, freight="1", size="100")
        assert shown.page.total == sum(expected)
        assert all(card.freight_cents is not None for card in shown.cards)


def test_filters_narrow(world: World) -> None:
    reviewed(world, product_id=1)
    with world.reading(PLAYER) as ctx:
        every = found(ctx).page.total
        assert [card.id for card in found(ctx, reviewed="1").cards] == [1]
        ready = found(ctx, rts="1", size="100")
        assert 0 < ready.page.total < every
        assert {card.kind for card in ready.cards} == {"rts"}
        beds = found(ctx, category="sofa_beds", size="100")
        leaves = dict(ctx.session.execute(select(Product.id, Product.leaf)).all())
        assert {leaves[card.id] for card in beds.cards} == {"sofa_beds"}
        assert found(ctx, category="furniture").page.total > beds.page.total
        assert found(ctx, category="no such").page.total == 0
        own = found(ctx, store="1", size="100")
        assert {card.store for card in own.cards} == {1}
        words = found(ctx, q="SOFA bed", size="100")
        assert 0 < words.page.total < every
        assert found(ctx, q="100%_no").cards == []


def test_results_are_sorted_by_price(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        prices = dict(ctx.session.execute(select(Product.id, Product.price_cents)).all())
        cheap = [prices[card.id] for card in found(ctx, sort="price", size="100").cards]
        dear = [prices[card.id] for card in found(ctx, sort="-price", size="100").cards]
    assert cheap == sorted(cheap)
    assert dear == sorted(dear, reverse=True)
    assert cheap[0] < dear[0]


def test_results_are_sorted_by_rating_with_the_unrated_last(world: World) -> None:
    reviewed(world, product_id=3, quality=3)
    reviewed(world, product_id=1, quality=5)
    reviewed(world, product_id=4, quality=5)
    reviewed(world, product_id=4, quality=5)
    with world.reading(PLAYER) as ctx:
        assert [card.id for card in found(ctx, sort="-rating").cards][:3] == [4, 1, 3]
        assert [card.id for card in found(ctx, sort="rating").cards][:3] == [3, 4, 1]
        assert found(ctx, sort="-rating").cards[3].rating.count == 0


def test_a_card_shows_score_number_and_keyword_of_what_counts(world: World) -> None:
    reviewed(world, quality=4, keywords=["fair price"])
    reviewed(world, quality=5, keywords=["fair price", "good quality"])
    bad = reviewed(world, quality=1, keywords=["poor finish"])
    with world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Review, bad).counts = False
        ctx.session.commit()
    with world.reading(PLAYER) as ctx:
        (card,) = found(ctx, reviewed="1").cards
    assert (card.rating.score, card.rating.count, card.keyword) == (450, 2, "fair price")
