"""One conversation in full: its lines in both languages, the buyer, the product, the order, its timeline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, or_, select

from august.catalog import lines as freight_lines
from august.catalog.facts import opened
from august.catalog.models import Product, Sku
from august.catalog.queries import lines_of, price_range
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.tables import Event
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.opportunities import words
from august.opportunities.models import ChatLine, Inquiry
from august.opportunities.queries import L1_PLUS, Names, country_names, urgent
from august.opportunities.viewed import Viewed, viewed
from august.trade.models import Order
from august.trade.quotes import Quote, asked_price, quote, unit_price
from august.trade.steps import STATES as ORDER_STATES
from august.venue import campaign
from august.web.i18n import current, speaking, t

SHOWN_ORDERS = 3


class Said(msgspec.Struct, frozen=True):
    """A line: what was written, its translation for a reader of Chinese where there is one, a named price."""

    id: int
    side: str
    author: str
    at: datetime
    original: str
    translation: str | None
    asked_cents: int | None


class OrderLine(msgspec.Struct, frozen=True):
    """An order as a card mentions it."""

    id: int
    state: str
    label: str
    total_cents: int
    drafted_at: datetime


class BuyerCard(msgspec.Struct, frozen=True):
    """Who asks: the company, its orders and conversations with this store, what it looked at here."""

    id: int
    name: str
    company: str
    country: Names
    l1plus: bool
    orders: int
    paid_cents: int
    last_orders: Sequence[OrderLine]
    talks: int
    viewed: Sequence[tuple[Viewed, str]]


class Tier(msgspec.Struct, frozen=True):
    """From this quantity on a piece costs so much; `here` is the tier of the asked quantity."""

    quantity: int
    cents: int
    here: bool


class ProductCard(msgspec.Struct, frozen=True):
    """What is asked about; `list_cents` is the list price of a piece at the asked quantity."""

    id: int
    title: str
    image: str
    kind: str
    status: str
    unit: str
    moq: int
    stock: int
    lead_days: int
    low_cents: int | None
    high_cents: int | None
    tiers: Sequence[Tier]
    list_cents: int
    quote: Quote
    sample: Mapping[str, int] | None


class Moment(msgspec.Struct, frozen=True):
    """A fact of the timeline."""

    at: datetime
    text: Phrase
    actor: str


def said(ctx: Context, inquiry: int) -> list[Said]:
    """The lines of a conversation in their order."""
    rows = select(ChatLine).where(ChatLine.inquiry_id == inquiry).order_by(ChatLine.id)
    return [in_words(line) for line in ctx.session.scalars(rows)]


def in_words(line: ChatLine) -> Said:
    """A simulated line in English and, for a reader of Chinese, in Chinese too; a typed one as it is."""
    original, translation, asked = line.text, None, None
    if line.params is not None:
        params = {**line.params}
        asked = params.get("asked", {}).get("cents")
        if "country" in params:
            params["country"] = country_names(params["country"])
        with speaking("en"):
            original = t(line.text, **params)
        if current() != "en":
            translation = t(line.text, **params)
    return Said(line.id, line.side, line.author, line.at, original, translation, asked)


def named_price(lines: Sequence[Said]) -> int | None:
    """What the buyer last named as the most for a piece, in cents."""
    named = [line.asked_cents for line in lines if line.asked_cents is not None]
    return named[-1] if named else None


def buyer_card(ctx: Context, inquiry: Inquiry) -> BuyerCard:
    """The buyer as this store may see it, in five statements."""
    buyer = ctx.session.get_one(Buyer, inquiry.buyer_id)
    mine = Order.merchant_id == ctx.merchant, Order.buyer_id == buyer.id
    orders, paid = ctx.session.execute(
        select(func.count(Order.id), func.coalesce(func.sum(Order.paid_cents), 0)).where(*mine)
    ).one()
    last = select(Order).where(*mine).order_by(Order.drafted_at.desc(), Order.id.desc()).limit(SHOWN_ORDERS)
    talks = select(func.count(Inquiry.id)).where(
        Inquiry.merchant_id == ctx.merchant, Inquiry.buyer_id == buyer.id
    )
    titles: dict[int, str] = dict(
        ctx.session.execute(
            select(Product.id, Product.title).where(Product.merchant_id == ctx.merchant)
        ).all()
    )
    return BuyerCard(
        id=buyer.id,
        name=buyer.name,
        company=buyer.company,
        country=country_names(buyer.country),
        l1plus=buyer.tier in L1_PLUS,
        orders=orders,
        paid_cents=int(paid),
        last_orders=[_order_line(order) for order in ctx.session.scalars(last)],
        talks=ctx.session.scalar(talks) or 0,
        viewed=[(each, titles[each.product]) for each in viewed(ctx, buyer.id, titles)],
    )


def _order_line(order: Order) -> OrderLine:
    return OrderLine(
        order.id, order.state, ORDER_STATES[order.state].label, order.total_cents, order.drafted_at
    )


def order_of(ctx: Context, inquiry: Inquiry) -> OrderLine | None:
    """The order that came of a conversation, the newest of several."""
    mine = or_(Order.id == inquiry.order_id, Order.inquiry_id == inquiry.id)
    rows = select(Order).where(Order.merchant_id == ctx.merchant, mine).order_by(Order.id.desc()).limit(1)
    found = ctx.session.scalar(rows)
    return None if found is None else _order_line(found)


def list_price(ctx: Context, product: Product, inquiry: Inquiry) -> int:
    """What a piece costs the asker at the asked quantity by the product's own or its campaign price."""
    listed = unit_price(product.tiers, product.price_cents, inquiry.quantity)
    return asked_price(listed, campaign.price_to(ctx, product.id, inquiry.buyer_id))


def product_card(ctx: Context, inquiry: Inquiry) -> ProductCard:
    """The product with its prices at the asked quantity and the way to the buyer's country."""
    product = ctx.session.get_one(Product, inquiry.product_id)
    buyer = ctx.session.get_one(Buyer, inquiry.buyer_id)
    own = None
    if product.price_mode == "sku":
        rows = select(func.min(Sku.cents), func.max(Sku.cents)).where(Sku.product_id == product.id)
        low, high = ctx.session.execute(rows).one()
        own = None if low is None or high is None else (low, high)
    low, high = price_range(product, own)
    template = product.freight_template_id
    ways = () if template is None else opened(lines_of(ctx, template))
    sheet = {
        "tiers": product.tiers,
        "price_cents": product.price_cents,
        "lead_times": product.lead_times,
        "package_mm": product.package_mm,
        "weight_g": product.weight_g,
        "delivery_by": product.delivery_by,
        "campaign_cents": campaign.price(ctx, product.id, buyer.tier),
    }
    offer = quote(sheet, inquiry.quantity, buyer.country, ways, freight_lines.standing())
    reached = [tier["quantity"] for tier in product.tiers if inquiry.quantity >= tier["quantity"]]
    here = reached[-1] if reached else None
    return ProductCard(
        id=product.id,
        title=product.title,
        image=product.images[0] if product.images else "",
        kind=product.kind,
        status=product.status,
        unit=product.unit,
        moq=product.moq,
        stock=product.stock,
        lead_days=offer.lead_days,
        low_cents=low,
        high_cents=high,
        tiers=[Tier(tier["quantity"], tier["cents"], tier["quantity"] == here) for tier in product.tiers],
        list_cents=list_price(ctx, product, inquiry),
        quote=offer,
        sample=product.sample,
    )


def timeline(ctx: Context, inquiry: int) -> list[Moment]:
    """What happened to a conversation, the newest first."""
    rows = (
        select(Event)
        .where(Event.object_kind == "inquiry", Event.object_id == inquiry)
        .order_by(Event.at.desc(), Event.id.desc())
    )
    return [
        Moment(fact.at, _moment(fact), fact.actor)
        for fact in ctx.session.scalars(rows)
        if fact.kind in words.TIMELINE
    ]


def _moment(fact: Event) -> Phrase:
    params: dict[str, Any] = dict(fact.params)
    if fact.kind == "opportunities.lost":
        return Phrase(words.TIMELINE[fact.kind], {"why": Phrase(words.LOST_WHY[params["why"]])})
    if fact.kind == "opportunities.replied" and "quote_cents" in params:
        return Phrase(
            N_("You answered and offered {price} a piece"), {"price": money(params["quote_cents"], "USD")}
        )
    return Phrase(words.TIMELINE[fact.kind], params)


def next_waiting(ctx: Context, but: int) -> int | None:
    """The most urgent other conversation that waits for the store."""
    rows = (
        select(Inquiry.id)
        .where(Inquiry.merchant_id == ctx.merchant, Inquiry.turn == "seller", Inquiry.id != but)
        .order_by(*urgent(), Inquiry.id)
        .limit(1)
    )
    return ctx.session.scalar(rows)
