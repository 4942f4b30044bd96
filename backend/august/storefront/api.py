"""The buyer's side as JSON: the same queries the pages read, for a buyer or a country."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.catalog.lines import standing as book
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import amount
from august.kernel.words import N_, Phrase
from august.reviews.api import paged, told
from august.sandboxes.door import Door
from august.storefront import goods, search
from august.storefront.cards import Card
from august.storefront.frame import rank_of
from august.storefront.viewers import viewer
from august.storefront.web import asked_of, number_of
from august.web.htmx import AnyRequest
from august.web.tables import listing

USUAL = "US"


def country_of(request: AnyRequest, ctx: Context) -> str:
    """The country of `?buyer=` or `?country=`; the United States without either."""
    if buyer := request.query_params.get("buyer"):
        return viewer(ctx, buyer, None).country
    country = request.query_params.get("country", USUAL)
    if country not in book().countries:
        told_so = Phrase(N_("Choose countries from the list."))
        raise Refusal("country.unknown", N_("This country is not known."), fields={"country": told_so})
    return country


def tier_of(request: AnyRequest, ctx: Context) -> str:
    """The tier of `?buyer=`; without one whoever looks is not signed in."""
    buyer = request.query_params.get("buyer")
    return viewer(ctx, buyer, None).tier if buyer else "visitor"


def _usd(cents: int | None) -> str | None:
    return None if cents is None else amount(cents)


def _card(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "title": card.title,
        "kind": card.kind,
        "store": card.store,
        "price_min_usd": _usd(card.low_cents),
        "price_max_usd": _usd(card.high_cents),
        "moq": card.moq,
        "unit": card.unit,
        "rating": told(card.rating),
        "keyword": card.keyword,
        "freight_usd": _usd(card.freight_cents),
        "delivery_by_days": card.promised_days,
        "campaign_usd": _usd(card.campaign_cents),
    }


class StorefrontApi(Controller):
    """What buyers see of all stores."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/storefront"
    tags = ("Storefront",)

    @get("/search", sync_to_thread=True)
    def search(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """Results: `?q=&category=&store=&rts=1&reviewed=1&freight=1&sort=&page=&size=&buyer=|country=`."""
        asked = asked_of(request, request.url.path)
        with door.reading() as ctx:
            country = country_of(request, ctx)
            found = search.search(ctx, asked, country, rank_of(door))
        return {"country": country, **paged([_card(card) for card in found.cards], found.page)}

    @get("/products/{product:int}", sync_to_thread=True)
    def product(self, request: AnyRequest, door: Door, product: FromPath[int]) -> dict[str, Any]:
        """A product on sale, with price and freight of `?quantity=` pieces to the country."""
        with door.reading() as ctx:
            country = country_of(request, ctx)
            quantity = number_of(request.query_params.get("quantity", ""))
            sheet = goods.sheet(ctx, product, country, quantity, tier_of(request, ctx))
            reviews = goods.comments(ctx, _first(request), product=product)
        one, quote = sheet.product, sheet.quote
        return {
            "id": one.id,
            "title": one.title,
            "kind": one.kind,
            "store": one.merchant_id,
            "images": one.images,
            "description": one.description,
            "moq": one.moq,
            "unit": one.unit,
            "tiers": [
                {"quantity": tier["quantity"], "price_usd": amount(tier["cents"])} for tier in one.tiers
            ],
            "variants": [
                {"code": each.code, "price_usd": _usd(each.cents), "stock": each.stock}
                for each in sheet.variants
            ],
            "country": country,
            "quantity": sheet.quantity,
            "unit_usd": amount(quote.unit_cents),
            "goods_usd": amount(quote.goods_cents),
            "campaign_usd": _usd(sheet.campaign_cents),
            "freight_usd": amount(quote.freight_cents) if quote.line else None,
            "line": quote.line,
            "lead_days": quote.lead_days,
            "delivery_by_days": quote.promised_days,
            "rating": told(sheet.rating),
            "store_rating": told(sheet.store_rating),
            "case": sheet.case,
            "reviews": [_comment(each) for each in reviews.lines],
        }

    @get("/stores/{store:int}", sync_to_thread=True)
    def store(self, request: AnyRequest, door: Door, store: FromPath[int]) -> dict[str, Any]:
        """A store with its rating, how fast it answers, how often it ships in time."""
        with door.reading() as ctx:
            facts = goods.store_facts(ctx, store)
            reviews = goods.comments(ctx, _first(request), store=store)
        return {
            "id": facts.store.id,
            "name": {"zh": facts.store.name_zh, "en": facts.store.name_en},
            "region": facts.store.region,
            "membership": facts.store.membership,
            "industry": facts.store.industry,
            "products": facts.products,
            "rating": told(facts.rating),
            "reply_minutes": facts.reply_minutes,
            "shipped_90d": facts.shipped,
            "on_time_share": facts.on_time,
            "reviews": [_comment(each) for each in reviews.lines],
        }


def _first(request: AnyRequest) -> Any:
    return listing(request.url.path, {}, sorts=("at",), default="-at")


def _comment(each: goods.Comment) -> dict[str, Any]:
    return {
        "id": each.id,
        "at": each.at,
        "who": each.who,
        "product": each.product,
        "quality": each.quality,
        "service": each.service,
        "shipment": each.shipment,
        "text": each.text.original,
        "keywords": each.keywords,
        "photos": each.photos,
        "reply": each.reply,
    }
