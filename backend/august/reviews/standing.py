"""Ratings as they stand now, of products and stores, each in one statement (V2)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select

from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.words import N_
from august.reviews.models import Review
from august.reviews.rules import Rating, ScoreRules, Tally, rate_product, rate_store

ID_DIGITS = 15  # what fits a BIGINT


def score_rules(ctx: Context) -> ScoreRules:
    """The numbers of V2-score in force now."""
    values: ScoreRules = ctx.rulebook.values("V2-score", ctx.now)
    return values


def _sums(key: Any) -> Any:
    """What a tally needs, grouped by a column."""

    def counted(value: Any) -> Any:
        return func.coalesce(func.sum(case((Review.counts, value), else_=0)), 0)

    stars = (counted(case((Review.quality == number, 1), else_=0)) for number in range(1, 6))
    left = func.sum(case((Review.counts, 0), else_=1))
    sums = (counted(1), counted(Review.quality), counted(Review.service), counted(Review.shipment))
    return select(key, *sums, *stars, left).group_by(key)


def _tally(row: Sequence[Any]) -> Tally:
    count, quality, service, shipment, one, two, three, four, five, left = (int(each) for each in row)
    return Tally(count, quality, service, shipment, (one, two, three, four, five), left)


def product_tallies(ctx: Context, products: Sequence[int]) -> dict[int, Tally]:
    """The reviews of products added up; products without any are left out."""
    rows = ctx.session.execute(_sums(Review.product_id).where(Review.product_id.in_(products)))
    return {row[0]: _tally(row[1:]) for row in rows}


def store_tallies(ctx: Context, stores: Sequence[int]) -> dict[int, Tally]:
    """The reviews of stores added up; stores without any are left out."""
    rows = ctx.session.execute(_sums(Review.merchant_id).where(Review.merchant_id.in_(stores)))
    return {row[0]: _tally(row[1:]) for row in rows}


def product_ratings(ctx: Context, products: Sequence[int]) -> dict[int, Rating]:
    """The rating of each product."""
    rules, found = score_rules(ctx), product_tallies(ctx, products)
    return {product: rate_product(found.get(product, Tally()), rules) for product in products}


def store_rating(ctx: Context, store: int) -> Rating:
    """The rating of a store."""
    return rate_store(store_tallies(ctx, [store]).get(store, Tally()), score_rules(ctx))


def keywords_of(ctx: Context, products: Sequence[int]) -> dict[int, str]:
    """The keyword that the reviews of each product name most often; ties go by the alphabet."""
    found: dict[int, dict[str, int]] = {}
    asked = select(Review.product_id, Review.keywords).where(Review.product_id.in_(products), Review.counts)
    for product, words in ctx.session.execute(asked):
        counts = found.setdefault(product, {})
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return {
        product: min(counts, key=lambda word: (-counts[word], word))
        for product, counts in found.items()
        if counts
    }


def why_product(ctx: Context, key: str) -> Node:
    """Why a product has its score: `rating-product/{product}`."""
    number = _number(key)
    return product_ratings(ctx, [number])[number].why


def why_store(ctx: Context, key: str) -> Node:
    """Why a store has its score: `rating-store/{store}`."""
    return store_rating(ctx, _number(key)).why


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) <= ID_DIGITS):
        raise Refusal("rating.unknown", N_("{key} is not a number."), params={"key": key[:20]}, status=404)
    return int(key)
