"""Products as buyers find them: picture, price, minimum order, rating, freight to the buyer's country."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np
from sqlalchemy import func, select

from august.catalog.facts import opened
from august.catalog.freight import OpenLine
from august.catalog.lines import standing as book
from august.catalog.models import FreightLine, Product, Sku
from august.catalog.queries import price_range
from august.kernel.context import Context
from august.merchants.models import Merchant
from august.reviews.rules import Rating
from august.reviews.standing import keywords_of, product_ratings
from august.stars.queries import stars_of
from august.trade.quotes import Quote, quote
from august.venue import campaign

ASKED = ("tiers", "price_cents", "lead_times", "package_mm", "weight_g", "delivery_by")


class Card(msgspec.Struct, frozen=True):
    """A product of a result list; prices and freight in US cents, freight for the minimum order."""

    id: int
    title: str
    image: str
    kind: str
    low_cents: int | None
    high_cents: int | None
    moq: int
    unit: str
    store: int
    store_name: dict[str, str]
    verified: bool
    star: int
    rating: Rating
    keyword: str | None
    freight_cents: int | None
    promised_days: int | None
    sample: bool
    # What buyers from L1 on pay for a piece at most while the festival runs.
    campaign_cents: int | None


def cards(ctx: Context, numbers: Sequence[int], country: str) -> list[Card]:
    """The cards of products, in the order of their numbers, in eight statements; nine in the festival."""
    found = {
        product.id: product for product in ctx.session.scalars(select(Product).where(Product.id.in_(numbers)))
    }
    products = [found[number] for number in numbers]
    own = own_prices(ctx, [product.id for product in products if product.price_mode == "sku"])
    stores = names_of(ctx, [product.merchant_id for product in products])
    levels = star_levels(ctx, stores)
    ways = ways_of(ctx, [product.freight_template_id for product in products])
    ratings, words = product_ratings(ctx, numbers), keywords_of(ctx, numbers)
    reduced = campaign.prices(ctx)
    made = []
    for product in products:
        offer = price_for(product, product.moq, country, ways.get(product.freight_template_id or 0, ()))
        low, high = price_range(product, own.get(product.id))
        name, verified = stores[product.merchant_id]
        made.append(
            Card(
                id=product.id,
                title=product.title,
                image=product.images[0] if product.images else "",
                kind=product.kind,
                low_cents=low,
                high_cents=high,
                moq=product.moq,
                unit=product.unit,
                store=product.merchant_id,
                store_name=name,
                verified=verified,
                star=levels[product.merchant_id],
                rating=ratings[product.id],
                keyword=words.get(product.id),
                freight_cents=offer.freight_cents if offer.line else None,
                promised_days=offer.promised_days,
                sample=bool(product.sample),
                campaign_cents=reduced.get(product.id),
            )
        )
    return made


def own_prices(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Lowest and highest variant price by product."""
    if not ids:
        return {}
    asked = (
        select(Sku.product_id, func.min(Sku.cents), func.max(Sku.cents))
        .where(Sku.product_id.in_(ids), Sku.cents.is_not(None))
        .group_by(Sku.product_id)
    )
    rows = ctx.session.execute(asked)
    return {product: (low, high) for product, low, high in rows if low is not None and high is not None}


def goods_of(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Title and first picture of products, on sale or not."""
    asked = select(Product.id, Product.title, Product.images).where(Product.id.in_(set(ids)))
    rows = ctx.session.execute(asked)
    return {number: (title, images[0] if images else "") for number, title, images in rows}


def names_of(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[dict[str, str], bool]]:
    """Each store's name in both languages, and whether it is a verified one."""
    asked = select(Merchant.id, Merchant.name_zh, Merchant.name_en, Merchant.membership)
    rows = ctx.session.execute(asked.where(Merchant.id.in_(set(ids))))
    return {number: ({"zh": zh, "en": en}, member == "verified") for number, zh, en, member in rows}


def star_levels(ctx: Context, stores: Iterable[int]) -> dict[int, int]:
    """The evaluated star of each store, 0 for those without one."""
    ids = np.array(sorted(stores), dtype=np.int64)
    return dict(zip(ids.tolist(), stars_of(ctx, ids, ids).tolist(), strict=True))


def ways_of(ctx: Context, templates: Sequence[int | None]) -> Mapping[int, tuple[OpenLine, ...]]:
    """The opened lines of freight templates, in one statement."""
    wanted = set(templates) - {None}
    if not wanted:
        return {}
    grouped: dict[int, list[FreightLine]] = {}
    asked = select(FreightLine).where(FreightLine.template_id.in_(wanted)).order_by(FreightLine.id)
    for line in ctx.session.scalars(asked):
        grouped.setdefault(line.template_id, []).append(line)
    return {template: opened(group) for template, group in grouped.items()}


def price_for(
    product: Product, quantity: int, country: str, ways: Sequence[OpenLine], campaign_cents: int | None = None
) -> Quote:
    """What so many pieces cost to a country by list price, or a campaign's, and the cheapest line."""
    wanted = {name: getattr(product, name) for name in ASKED} | {"campaign_cents": campaign_cents}
    return quote(wanted, quantity, country, ways, book())
