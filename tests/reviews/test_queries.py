"""What 评价管理 lists and reckons: filters, moments, ratings of what counts, weeks, conversion."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.world import World
from august.market.grow import BORN
from august.opportunities.models import Inquiry
from august.reviews import overview, queries, standing
from august.reviews.models import Review
from august.traffic.models import TrafficTick
from august.web.i18n import speaking
from august.web.tables import Listing, listing
from tests.reviews.conftest import PLAYER, RIVAL, order, reviewed, run, set_clock

DAY = timedelta(days=1)


def asked(default: str, params: Mapping[str, str] | None = None) -> Listing:
    filters = {*queries.RECEIVED_FILTERS, *queries.PENDING_FILTERS}
    sorts = (*queries.RECEIVED_SORTS, *queries.PENDING_SORTS, *overview.SORTS)
    return listing("/x", params or {}, sorts=sorts, default=default, filters=tuple(filters))


def received(world: World, **params: str) -> list[queries.Received]:
    with world.reading(PLAYER) as ctx:
        return list(queries.received(ctx, asked("-at", params)).lines)


def pending(world: World, **params: str) -> list[queries.Awaited]:
    with world.reading(PLAYER) as ctx:
        return list(queries.pending(ctx, asked("-received", params)).lines)


def test_filters_of_received_reviews(world: World) -> None:
    plain = reviewed(world)
    run(world, "reply", review=plain, text="Thanks")
    low = reviewed(world, quality=2, invited=True, text="Several pieces were damaged.", product_id=2)
    assert [line.id for line in received(world)] == [low, plain]
    assert [line.id for line in received(world, sort="quality")] == [low, plain]
    assert [line.id for line in received(world, sort="-quality")] == [plain, low]
    for params, found in (
        ({"stars": "5"}, [plain]),
        ({"stars": "2"}, [low]),
        ({"stars": "3"}, []),
        ({"replied": "yes"}, [plain]),
        ({"replied": "no"}, [low]),
        ({"invited": "yes"}, [low]),
        ({"invited": "no"}, [plain]),
        ({"product": "2"}, [low]),
        ({"q": "DAMAGED"}, [low]),
        ({"q": "1"}, [plain]),
        ({"stars": "x", "replied": "maybe", "product": "sofa"}, [low, plain]),
    ):
        assert [line.id for line in received(world, **params)] == found, params


def test_a_reply_is_offered_as_long_as_it_is_possible(world: World) -> None:
    number = reviewed(world)
    assert received(world)[0].reply_until == BORN + 30 * DAY
    set_clock(world, BORN + 30 * DAY)
    assert received(world)[0].reply_until is None
    with world.reading(PLAYER) as ctx:
        assert queries.unreplied(ctx) == 0
    set_clock(world, BORN)
    with world.reading(PLAYER) as ctx:
        assert queries.unreplied(ctx) == 1
    run(world, "reply", review=number, text="Thanks")
    assert received(world)[0].reply_until is None


def test_simulated_words_are_translated_and_typed_ones_are_not(world: World) -> None:
    reviewed(world, text="As described. The packaging could be stronger.", params={})
    with speaking("zh_CN"):
        told = received(world)[0].text
    assert told.original == "As described. The packaging could be stronger."
    assert told.translated == "与描述一致，包装可以再结实一些。"
    with speaking("en"):
        assert received(world)[0].text.translated is None
    reviewed(world, text="Nice.")
    with speaking("zh_CN"):
        assert received(world, q="Nice")[0].text.translated is None


def test_pending_shows_how_good_a_moment_it_is(world: World) -> None:
    set_clock(world, BORN)
    fresh = order(world, BORN - timedelta(hours=12))
    days = order(world, BORN - 4 * DAY)
    late = order(world, BORN - 20 * DAY)
    gone = order(world, BORN - 30 * DAY)
    order(world, None)
    told = [(line.order, line.days, line.moment, line.lift) for line in pending(world)]
    assert told == [(fresh, 0, "best", 32), (days, 4, "good", 24), (late, 20, "late", 3)]
    assert gone not in [line.order for line in pending(world)]
    run(world, "invite", orders=[late], message="Hello")
    assert [line.order for line in pending(world, invited="no")] == [fresh, days]
    assert [(line.order, line.invitation) for line in pending(world, invited="yes")] == [(late, "Hello")]
    assert [line.order for line in pending(world, q=str(days))] == [days]
    assert pending(world, q="nobody of this name") == []
    with world.reading(PLAYER) as ctx:
        assert queries.pending_counts(ctx) == (3, 2)
    with world.reading(RIVAL) as ctx:
        assert queries.pending_counts(ctx) == (0, 0)


def test_a_judgement_takes_reviews_out_of_ratings_afterwards(world: World) -> None:
    reviewed(world)
    bad = reviewed(world, quality=1, service=1, shipment=1)
    with world.reading(PLAYER) as ctx:
        assert standing.product_ratings(ctx, [1])[1].score == 300
        # 5 4 3 and 1 1 1
        assert standing.store_rating(ctx, 1).score == 250
    with world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Review, bad).counts = False
        ctx.session.commit()
    with world.reading(PLAYER) as ctx:
        rating = standing.product_ratings(ctx, [1, 2])
        assert (rating[1].score, rating[1].count, rating[2].score) == (500, 1, None)
        assert standing.store_rating(ctx, 1).score == 400
        assert standing.keywords_of(ctx, [1]) == {}
        assert standing.why_product(ctx, "1").english() == "Score 5.00 from 1 reviews"
        assert standing.why_store(ctx, "1").rules == ("V2-score", "V1-counts")
        with pytest.raises(Refusal):
            standing.why_store(ctx, "one")


def test_the_keyword_named_most_often_stands_for_a_product(world: World) -> None:
    for words in (["fast delivery"], ["fair price", "fast delivery"], ["fair price"], ["as described"]):
        reviewed(world, keywords=words)
    with world.reading(PLAYER) as ctx:
        assert standing.keywords_of(ctx, [1, 2]) == {1: "fair price"}
        assert overview.keywords(ctx) == [("fair price", 2), ("fast delivery", 2), ("as described", 1)]


def test_products_are_listed_with_what_their_pages_show(world: World) -> None:
    reviewed(world)
    with world.reading(PLAYER) as ctx:
        on_sale = set(
            ctx.session.scalars(
                select(Product.id).where(Product.merchant_id == 1, Product.status == "on_sale")
            )
        )
        found = overview.ratings(ctx, asked("-count", {"size": "100"}), 1)
        assert {line.product.id for line in found.lines} == on_sale
        assert (found.lines[0].product.id, found.lines[0].case) == (1, "both")
        assert {line.case for line in found.lines[1:]} == {"store"}
        by_score = overview.ratings(ctx, asked("-score"), 1)
        assert by_score.lines[0].product.id == 1
        nothing = overview.ratings(ctx, asked("title"), 0)
        titles = [line.product.title for line in nothing.lines]
        assert titles == sorted(titles)


def test_weeks_are_seven_complete_pacific_days(world: World) -> None:
    # BORN is 2022-08-24 19:00 PT: the last week is 08-17 to 08-23.
    for days, quality in ((1, 4), (7, 5), (8, 3), (0, 1)):
        reviewed(world, at=BORN - days * DAY, quality=quality)
    with world.reading(PLAYER) as ctx:
        weeks = overview.weeks(ctx)
    assert len(weeks) == 12
    assert [(f"{week.first:%m-%d}", week.count, week.score) for week in weeks[-3:]] == [
        ("08-03", 0, None),
        ("08-10", 1, 300),
        ("08-17", 2, 450),
    ]


def test_conversion_is_that_of_the_last_thirty_days(world: World) -> None:
    reviewed(world, at=BORN - 10 * DAY)
    with world.writing(SYSTEM) as ctx:
        for days in (40, 20, 5):
            start = BORN - days * DAY
            ctx.session.add(
                TrafficTick(
                    start=start,
                    end=start + timedelta(hours=6),
                    visits=3,
                    seen_product=np.array([1]),
                    seen_count=np.array([5]),
                    visit_buyer=np.array([7, 8, 9]),
                    # Product 500 is somebody else's.
                    visit_product=np.array([1, 1, 500]),
                    visit_second=np.array([10, 20, 30]),
                    visit_source=np.array([0, 0, 0]),
                )
            )
        ctx.session.add(inquiry(BORN - 5 * DAY))
        ctx.session.commit()
    with world.reading(PLAYER) as ctx:
        bands = overview.converted(ctx)
    assert [(band.visits, band.inquiries) for band in bands] == [(2, 0), (2, 1), (0, 0)]


def inquiry(at: Any) -> Inquiry:
    return Inquiry(
        merchant_id=1,
        buyer_id=7,
        product_id=1,
        kind="inquiry",
        source="search",
        at=at,
        quantity=10,
        state="open",
        turn="seller",
        last_at=at,
        rounds=0,
        luck=1,
    )


def test_a_jump_tells_what_it_brought(world: World) -> None:
    reviewed(world)
    reviewed(world, quality=3)
    waiting = order(world, BORN)
    with world.reading(PLAYER) as ctx:
        lines = queries.digest(ctx, BORN - DAY, BORN)
        assert queries.digest(ctx, BORN, BORN + DAY) == []
    assert [(line.message, dict(line.params), line.path) for line in lines] == [
        (
            "New reviews: {count}, {low} of them with three stars or fewer",
            {"count": 2, "low": 1},
            "/reviews",
        ),
        ("Buyers to invite to a review: {count}", {"count": 1}, "/reviews/pending"),
    ]
    run(world, "invite", orders=[waiting], message="Hello")
    with world.reading(PLAYER) as ctx:
        assert len(queries.digest(ctx, BORN - DAY, BORN)) == 1


def test_reviews_are_found_by_order_and_product(world: World) -> None:
    reviewed(world)
    with world.reading(PLAYER) as ctx:
        title = ctx.session.get_one(Product, 1).title
        for words in ("1", title[:12].upper()):
            hits = queries.find(ctx, words)
            assert [(hit.label, hit.path) for hit in hits] == [(f"1 · ★5 · {title}", "/reviews?q=1")]
        assert queries.find(ctx, " ") == []
    with world.reading(RIVAL) as ctx:
        assert queries.find(ctx, "1") == []
