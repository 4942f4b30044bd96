"""Drafts of a seller and direct orders of a buyer: what they cost, and the row they become."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import String, cast, exists, func, or_, select

from august.catalog import lines
from august.catalog.checks import QUANTITY_LIMIT, Problems
from august.catalog.facts import opened
from august.catalog.models import Product
from august.catalog.queries import lines_of
from august.catalog.saving import own_product
from august.kernel.bulk import put
from august.kernel.columns import to_epoch
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import money
from august.kernel.tables import Event, by_id
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.opportunities.commands import own_inquiry
from august.opportunities.models import ChatLine, Inquiry
from august.opportunities.words import DRAFTED
from august.trade.acting import acting_buyer, note, summary
from august.trade.drafts import Deal, drafted
from august.trade.models import Order
from august.trade.payloads import DraftOrder, OrderNow
from august.trade.quotes import Quote, first_payment, quote
from august.trade.rules import STATES_RULE, order_terms
from august.venue import campaign

LUCK_KEY = float(1 << 53)
WANTED = ("tiers", "price_cents", "lead_times", "package_mm", "weight_g", "delivery_by")
TALKING = ("open", "agreed")
CHOICES = 10


class Parties(msgspec.Struct, frozen=True):
    """Whose deal over what: the inquiry, where it comes from one, the buyer and the product."""

    inquiry: Inquiry | None
    buyer: Buyer
    product: Product


def parties(ctx: Context, inquiry: int | None, buyer: int | None, product: int | None) -> Parties:
    """The parties of a draft; refuses what is not the store's, closed conversations and strangers."""
    if inquiry is not None:
        if buyer is not None or product is not None:
            raise Refusal(
                "order.two_sources",
                N_("An inquiry names its buyer and product itself."),
                remedy=N_("Name the inquiry, or the buyer and the product."),
            )
        asked = open_inquiry(ctx, inquiry)
        return Parties(asked, buyer_of(ctx, asked.buyer_id), own_product(ctx, asked.product_id))
    if buyer is None or product is None:
        missing = [name for name, number in (("buyer", buyer), ("product", product)) if number is None]
        raise Refusal(
            "order.nobody_named",
            N_("A draft needs a buyer and a product."),
            remedy=N_("Name the inquiry, or the buyer and the product."),
            fields={name: Phrase(N_("This is required.")) for name in missing},
        )
    found = Parties(None, buyer_of(ctx, buyer), own_product(ctx, product))
    require_known(ctx, found.buyer)
    require_on_sale(found.product)
    return found


def open_inquiry(ctx: Context, number: int) -> Inquiry:
    """A conversation of the acting store that has not ended; 404 for another's, 409 for an ended one."""
    inquiry = own_inquiry(ctx, number)
    if inquiry.state not in TALKING:
        raise Refusal(
            "inquiry.over",
            N_("Inquiry {id} has ended: no order can be drafted from it."),
            params={"id": str(number)},
            remedy=N_("Draft the order for the buyer and the product themselves."),
            status=409,
        )
    return inquiry


def buyer_of(ctx: Context, number: int) -> Buyer:
    """A buyer; 404 when there is none."""
    buyer = by_id(ctx.session, Buyer, number)
    if buyer is None:
        raise Refusal("buyer.unknown", N_("There is no buyer {id}."), params={"id": str(number)}, status=404)
    return buyer


def require_known(ctx: Context, buyer: Buyer) -> None:
    """Refuse an unasked draft to a stranger, and a second one within the rule's days."""
    mine = Order.merchant_id == ctx.merchant, Order.buyer_id == buyer.id
    asked = exists().where(Inquiry.merchant_id == ctx.merchant, Inquiry.buyer_id == buyer.id)
    if not ctx.session.scalar(select(asked | exists().where(*mine))):
        raise Refusal(
            "order.stranger",
            N_("{buyer} has neither asked nor ordered anything here."),
            params={"buyer": buyer.company},
            rules=(STATES_RULE,),
            fields={"buyer": Phrase(N_("Choose a buyer who has dealt with your store."))},
            remedy=N_("Choose a buyer who has dealt with your store."),
        )
    days = order_terms(ctx.rulebook, ctx.now).unasked_days
    unasked = select(Order.id).where(*mine, Order.inquiry_id.is_(None))
    drafts = Event.kind == "trade.drafted", Event.object_kind == "order", Event.object_id.in_(unasked)
    last = ctx.session.scalar(select(func.max(Event.at)).where(*drafts))
    if last is not None and ctx.now < last + timedelta(days=days):
        raise Refusal(
            "order.unasked_again",
            N_("{buyer} got a draft without asking on {at}; the next one is possible from {next} on."),
            params={"buyer": buyer.company, "at": last, "next": last + timedelta(days=days)},
            rules=(STATES_RULE,),
            remedy=N_("Draft from an inquiry of the buyer, or wait."),
            status=409,
        )


def require_on_sale(product: Product) -> None:
    """Refuse to sell what buyers do not see."""
    if product.status != "on_sale":
        raise Refusal(
            "order.not_on_sale",
            N_("Product {id} is not on sale."),
            params={"id": str(product.id)},
            remedy=N_("Publish it first."),
            status=409,
        )


def offered(ctx: Context, product: Product, buyer: Buyer, quantity: int, unit_cents: int | None) -> Quote:
    """What a quantity costs a buyer, sent to the buyer's country."""
    template = product.freight_template_id
    ways = () if template is None else opened(lines_of(ctx, template))
    wanted = {name: getattr(product, name) for name in WANTED}
    wanted["campaign_cents"] = campaign.price(ctx, product.id, buyer.tier)
    return quote(wanted, quantity, buyer.country, ways, lines.standing(), unit_cents)


def checked(ctx: Context, cmd: DraftOrder, product: Product) -> int | None:
    """The price of a piece in cents, None for the list price; one refusal names every problem."""
    found = Problems()
    terms = order_terms(ctx.rulebook, ctx.now)
    found.number("quantity", cmd.quantity, 1, QUANTITY_LIMIT)
    unit = found.price("unit_price_usd", cmd.unit_price_usd, required=not product.price_cents)
    if cmd.terms == "oa" and cmd.oa_days not in terms.oa_days:
        found.add(
            "oa_days", N_("OA terms have one of these numbers of days: {days}."), days=list(terms.oa_days)
        )
    if cmd.terms != "oa" and cmd.oa_days is not None:
        found.add("oa_days", N_("Only OA terms have days."))
    if cmd.special != "none" and cmd.channel != "ta":
        found.add("special", N_("Letters of credit are for the Trade Assurance channel."))
    if found.fields:
        raise Refusal(
            "order.invalid",
            N_("This order cannot be drafted: {count} fields need attention."),
            params={"count": len(found.fields)},
            rules=(STATES_RULE,),
            fields=found.fields,
        )
    return unit


class Drafting(msgspec.Struct, frozen=True):
    """A checked draft: who, what, on which terms, and what it costs."""

    parties: Parties
    deal: Deal
    quote: Quote


def prepared(ctx: Context, cmd: DraftOrder) -> Drafting:
    """The draft that a command would make; nothing is written."""
    found = parties(ctx, cmd.inquiry, cmd.buyer, cmd.product)
    unit = checked(ctx, cmd, found.product)
    deal = Deal(
        kind=found.product.kind,
        country=found.buyer.country,
        quantity=cmd.quantity,
        channel=cmd.channel,
        export_mode=cmd.export_mode,
        special=cmd.special,
        terms=cmd.terms,
        oa_days=cmd.oa_days,
        first_percent=order_terms(ctx.rulebook, ctx.now).first_percent,
    )
    return Drafting(found, deal, offered(ctx, found.product, found.buyer, cmd.quantity, unit))


@command("trade.draft_order", title=N_("Draft an order"))
def draft_order(ctx: Context, cmd: DraftOrder) -> dict[str, Any]:
    """Send the buyer an order to accept; one from a conversation is its conclusion."""
    draft = prepared(ctx, cmd)
    who, at = draft.parties, to_epoch(ctx.now)
    inquiry = who.inquiry
    asked = {"merchant_id": ctx.merchant, "buyer_id": who.buyer.id, "product_id": who.product.id}
    asked |= (
        {"luck": fresh_luck(ctx, *asked.values())}
        if inquiry is None
        else {"id": inquiry.id, "luck": inquiry.luck}
    )
    order = stored(ctx, drafted(asked, draft.deal, draft.quote, at))
    note(ctx, "trade.drafted", order)
    if inquiry is not None:
        conclude(ctx, inquiry, order)
    return summary(order)


def first_cents(draft: Drafting) -> int:
    """What the buyer pays first."""
    return first_payment(draft.quote.total_cents, draft.deal.terms, draft.deal.first_percent)


def fresh_luck(ctx: Context, *ids: int) -> int:
    """The luck of a deal that no inquiry began."""
    return int(ctx.luck.uniform("order.key", *ids, to_epoch(ctx.now)) * LUCK_KEY)


def stored(ctx: Context, row: dict[str, Any]) -> Order:
    """A new order with its number."""
    order = Order()
    put(order, row)
    ctx.session.add(order)
    ctx.session.flush()
    return order


def conclude(ctx: Context, inquiry: Inquiry, order: Order) -> None:
    """The conversation ends with its order."""
    ctx.session.add(
        ChatLine(
            inquiry_id=inquiry.id,
            at=ctx.now,
            side="seller",
            author=ctx.actor.kind,
            text=DRAFTED,
            params={"quantity": order.quantity, "price": money(order.unit_cents, "USD")},
        )
    )
    inquiry.state, inquiry.turn, inquiry.order_id, inquiry.due = "ordered", "nobody", order.id, None
    inquiry.first_reply_at = inquiry.first_reply_at or ctx.now
    inquiry.last_at = ctx.now


@command("trade.order_now", title=N_("Order directly"), actors=("buyer",))
def order_now(ctx: Context, cmd: OrderNow) -> dict[str, Any]:
    """Order at the product's own price: agreed at once when ready to ship and in stock, else asked for."""
    buyer = acting_buyer(ctx)
    product = by_id(ctx.session, Product, cmd.product)
    if product is None or product.status != "on_sale":
        raise Refusal(
            "product.not_for_sale",
            N_("There is no product {id} on sale."),
            params={"id": str(cmd.product)},
            status=404,
        )
    if not product.moq <= cmd.quantity <= QUANTITY_LIMIT:
        text = N_("A whole number from {low} to {high} is expected.")
        limits = {"low": product.moq, "high": QUANTITY_LIMIT}
        raise Refusal(
            "order.bad_order_quantity",
            N_("At least {moq} pieces of product {id} can be ordered."),
            params={"moq": product.moq, "id": str(product.id)},
            fields={"quantity": Phrase(text, limits)},
        )
    offer = offered(ctx, product, buyer, cmd.quantity, None)
    ready = product.kind == "rts"
    if not offer.unit_cents or (ready and offer.line is None):
        raise Refusal(
            "order.not_computable",
            N_("What product {id} costs, sent to {country}, cannot be computed."),
            params={"id": str(product.id), "country": buyer.country},
            remedy=N_("Ask the supplier for a quotation."),
            status=409,
        )
    deal = Deal(
        kind=product.kind,
        country=buyer.country,
        quantity=cmd.quantity,
        channel="ta",
        export_mode="self",
        special="none",
        terms="full" if ready else "before_shipment",
        oa_days=None,
        first_percent=order_terms(ctx.rulebook, ctx.now).first_percent,
    )
    asked = {"merchant_id": product.merchant_id, "buyer_id": buyer.id, "product_id": product.id}
    luck = fresh_luck(ctx, *asked.values())
    row = drafted(asked | {"luck": luck}, deal, offer, to_epoch(ctx.now)) | {"state": "asked"}
    if ready and product.stock >= cmd.quantity:
        row |= {"state": "confirmed", "confirmed_at": row["drafted_at"]}
    order = stored(ctx, row)
    note(ctx, "trade.ordered", order)
    return summary(order)


def sold(ctx: Context, number: int) -> Product:
    """A product of the store that buyers see."""
    product = own_product(ctx, number)
    require_on_sale(product)
    return product


def known_buyers(ctx: Context, text: str) -> Sequence[Buyer]:
    """Buyers who have asked or ordered here, by name or company; some of them."""
    asked = select(Inquiry.buyer_id).where(Inquiry.merchant_id == ctx.merchant)
    ordered = select(Order.buyer_id).where(Order.merchant_id == ctx.merchant)
    named = or_(Buyer.company.icontains(text, autoescape=True), Buyer.name.icontains(text, autoescape=True))
    wanted = select(Buyer).where(Buyer.id.in_(asked) | Buyer.id.in_(ordered), named)
    return ctx.session.scalars(wanted.order_by(Buyer.company).limit(CHOICES)).all()


def on_sale(ctx: Context, text: str) -> Sequence[Product]:
    """Products of the store on sale, by number or words of the title; some of them."""
    mine = Product.merchant_id == ctx.merchant, Product.status == "on_sale"
    named = or_(Product.title.icontains(text, autoescape=True), cast(Product.id, String) == text)
    return ctx.session.scalars(select(Product).where(*mine, named).order_by(Product.id).limit(CHOICES)).all()


def talking(ctx: Context) -> Sequence[Any]:
    """Conversations that have not ended, agreed ones first: number, state, quantity, buyer, product."""
    found = select(Inquiry.id, Inquiry.state, Inquiry.quantity, Buyer.company, Product.title)
    found = found.join(Buyer, Buyer.id == Inquiry.buyer_id).join(Product, Product.id == Inquiry.product_id)
    mine = Inquiry.merchant_id == ctx.merchant, Inquiry.state.in_(TALKING)
    return ctx.session.execute(
        found.where(*mine).order_by(Inquiry.state, Inquiry.id.desc()).limit(CHOICES)
    ).all()
