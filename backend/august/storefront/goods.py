"""A product page and a store page as buyers see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, case, func, select

from august.catalog import reference
from august.catalog.freight import Offer, Parcel, offers
from august.catalog.lines import standing as book
from august.catalog.models import Product
from august.catalog.saving import variants_of
from august.kernel.clock import last_days
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.plain import plain
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.merchants.models import Buyer, Merchant
from august.opportunities.models import Inquiry
from august.reviews.models import Review
from august.reviews.rules import Rating, case_of
from august.reviews.saying import Said, said
from august.reviews.standing import keywords_of, product_ratings, store_rating
from august.storefront.cards import price_for, star_levels, ways_of
from august.trade.models import Order
from august.trade.quotes import Quote
from august.venue import campaign
from august.web.tables import Listing, Page

REPLY_DAYS, SHIP_DAYS = 30, 90
QUANTITY_MOST = 10_000_000
MINUTE = 60


class Comment(msgspec.Struct, frozen=True):
    """A review as other buyers read it; `who` is masked."""

    id: int
    who: str
    country: dict[str, str]
    at: datetime
    quality: int
    service: int
    shipment: int
    text: Said
    keywords: Sequence[str]
    photos: Sequence[str]
    reply: str | None
    product: int
    product_title: str


class Comments(msgspec.Struct, frozen=True):
    """A page of reviews."""

    lines: Sequence[Comment]
    page: Page


class Variant(msgspec.Struct, frozen=True):
    """A variant; `spec` are pairs of an attribute's names and its value."""

    code: str
    spec: Sequence[tuple[Mapping[str, str], str]]
    cents: int | None
    stock: int


class Way(msgspec.Struct, frozen=True):
    """One logistics line to the buyer's country for the asked quantity."""

    name: dict[str, str]
    cents: int
    days: tuple[int, int]
    promise: int | None


class Sheet(msgspec.Struct, frozen=True):
    """Everything a product page shows."""

    product: Product
    leaf: Mapping[str, str]
    attributes: Sequence[tuple[Mapping[str, str], str]]
    variants: Sequence[Variant]
    quantity: int
    quote: Quote
    ways: Sequence[Way]
    rating: Rating
    keyword: str | None
    store: Merchant
    store_rating: Rating
    case: str
    # The names of the countries where somebody comes to install and repair.
    local_service: Sequence[Mapping[str, str]]
    # The campaign price as everybody sees it, and whether this buyer may have it.
    campaign_cents: int | None
    reduced: bool


class StoreFacts(msgspec.Struct, frozen=True):
    """What a store page tells beside its products; None where there is nothing to reckon with."""

    store: Merchant
    industry: Mapping[str, str]
    rating: Rating
    products: int
    reply_minutes: int | None
    shipped: int
    on_time: float | None
    star: int


def on_sale(ctx: Context, number: int) -> Product:
    """A product that buyers see; 404 for any other."""
    product = by_id(ctx.session, Product, number)
    if product is None or product.status != "on_sale":
        raise Refusal(
            "product.not_for_sale",
            N_("Product {id} is not on sale."),
            params={"id": number},
            remedy=N_("Search for another one."),
            status=404,
        )
    return product


def store_of(ctx: Context, number: int) -> Merchant:
    """A store; 404 for none."""
    store = by_id(ctx.session, Merchant, number)
    if store is None:
        raise Refusal("store.unknown", N_("There is no store {id}."), params={"id": number}, status=404)
    return store


def sheet(ctx: Context, number: int, country: str, quantity: int | None, tier: str = "L0") -> Sheet:
    """A product on sale, its price and freight for a quantity (the minimum order without one) and a tier."""
    product = on_sale(ctx, number)
    pieces = product.moq if quantity is None else min(max(quantity, product.moq), QUANTITY_MOST)
    ways = ways_of(ctx, [product.freight_template_id]).get(product.freight_template_id or 0, ())
    mine = campaign.price(ctx, number, tier)
    offer = price_for(product, pieces, country, ways, mine)
    rating, whole = product_ratings(ctx, [number])[number], store_rating(ctx, product.merchant_id)
    found = _offers(product, pieces, country, ways)
    return Sheet(
        product=product,
        leaf=reference.leaf_names().get(product.leaf, {}),
        attributes=[(reference.attribute_label(name), text) for name, text in product.attributes.items()],
        variants=[
            Variant(
                sku.code,
                [(reference.attribute_label(name), text) for name, text in sku.spec.items()],
                sku.cents,
                sku.stock,
            )
            for sku in variants_of(ctx, product)
        ],
        quantity=pieces,
        quote=offer,
        ways=[_way(each, delivery_by=product.delivery_by) for each in found],
        rating=rating,
        keyword=keywords_of(ctx, [number]).get(number),
        store=store_of(ctx, product.merchant_id),
        store_rating=whole,
        case=case_of(rating.count, whole.count),
        local_service=[
            {"zh": book().countries[code].zh, "en": book().countries[code].en}
            for code in product.local_service or ()
        ],
        campaign_cents=campaign.prices(ctx).get(number),
        reduced=mine is not None,
    )


def _offers(product: Product, quantity: int, country: str, ways: Any) -> list[Offer]:
    box = product.package_mm
    if not box or not product.weight_g:
        return []
    parcel = Parcel(box["l"], box["w"], box["h"], product.weight_g, quantity)
    return offers(parcel, country, ways, book())


def _way(offer: Offer, *, delivery_by: bool) -> Way:
    line = book().lines[offer.line]
    promise = offer.delivery_by if delivery_by else None
    return Way({"zh": line.zh, "en": line.en}, offer.cents, offer.days, promise)


def comments(
    ctx: Context, asked: Listing, *, product: int | None = None, store: int | None = None
) -> Comments:
    """Reviews that count, of a product or of a whole store, in three statements."""
    wanted: list[ColumnElement[bool]] = [Review.counts.is_(True)]
    if product is not None:
        wanted.append(Review.product_id == product)
    if store is not None:
        wanted.append(Review.merchant_id == store)
    total = ctx.session.scalar(select(func.count()).select_from(Review).where(*wanted)) or 0
    page = asked.slice_of(total)
    rows = ctx.session.scalars(
        select(Review).where(*wanted).order_by(Review.at.desc(), Review.id.desc())
        .limit(page.size).offset(page.offset)
    ).all()  # fmt: skip
    people = _people(ctx, [row.buyer_id for row in rows])
    asked_titles = select(Product.id, Product.title).where(Product.id.in_({row.product_id for row in rows}))
    titles = dict(ctx.session.execute(asked_titles).all())
    return Comments([_comment(row, people, titles) for row in rows], page)


def _people(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[str, dict[str, str]]]:
    countries = book().countries
    asked = select(Buyer.id, Buyer.name, Buyer.country).where(Buyer.id.in_(set(ids)))
    return {
        number: (masked(name), {"zh": countries[country].zh, "en": countries[country].en})
        for number, name, country in ctx.session.execute(asked)
    }


def masked(name: str) -> str:
    """A buyer's name as others see it: A***y."""
    letters = name.strip()
    return f"{letters[:1]}***{letters[-1:]}"


def _comment(
    row: Review, people: Mapping[int, tuple[str, dict[str, str]]], titles: Mapping[int, str]
) -> Comment:
    name, country = people[row.buyer_id]
    return Comment(
        id=row.id,
        who=name,
        country=country,
        at=row.at,
        quality=row.quality,
        service=row.service,
        shipment=row.shipment,
        text=said(row.text, row.params),
        keywords=row.keywords,
        photos=row.photos,
        reply=row.reply,
        product=row.product_id,
        product_title=titles[row.product_id],
    )


def store_facts(ctx: Context, number: int) -> StoreFacts:
    """What a store page tells of its store, in six statements."""
    store = store_of(ctx, number)
    products = select(func.count()).where(Product.merchant_id == number, Product.status == "on_sale")
    shipped, punctual = _punctuality(ctx, number)
    return StoreFacts(
        store=store,
        industry=dict(reference.industries()).get(store.industry, {}),
        rating=store_rating(ctx, number),
        products=ctx.session.scalar(products) or 0,
        reply_minutes=_reply_minutes(ctx, number),
        shipped=shipped,
        on_time=punctual / shipped if shipped else None,
        star=star_levels(ctx, [number])[number],
    )


def _reply_minutes(ctx: Context, store: int) -> int | None:
    """The mean time until the first reply over the replies of the last 30 complete PT days."""
    window, table = last_days(REPLY_DAYS, ctx.now), plain(Inquiry)
    first = table.c.first_reply_at
    asked = select(func.sum(first - table.c.at), func.count()).where(
        table.c.merchant_id == store, first >= to_epoch(window.start), first < to_epoch(window.end)
    )
    seconds, count = ctx.session.execute(asked).one()
    return int(seconds) // count // MINUTE if count else None


def _punctuality(ctx: Context, store: int) -> tuple[int, int]:
    """Orders whose goods left in the last 90 complete PT days, and how many of them left in time."""
    window, table = last_days(SHIP_DAYS, ctx.now), plain(Order)
    in_time = func.coalesce(func.sum(case((table.c.shipped_at <= table.c.ship_by, 1), else_=0)), 0)
    asked = select(func.count(), in_time).where(
        table.c.merchant_id == store,
        table.c.ship_by.is_not(None),
        table.c.shipped_at >= to_epoch(window.start),
        table.c.shipped_at < to_epoch(window.end),
    )
    every, punctual = ctx.session.execute(asked).one()
    return every, int(punctual)
