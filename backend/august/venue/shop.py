"""大促主会场: the festival as a buyer sees it - benefits by tier, venues, boards, the coupon (F1, F12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from august.assurance.covering import covered_by, covered_goods
from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.merchants.models import MEMBERSHIPS, TIERS, Buyer, Merchant
from august.storefront.cards import Card, cards
from august.trade.models import Order
from august.venue import boards, campaign, coupons, figures
from august.venue.coupons import Held
from august.venue.figures import Row
from august.venue.look import Clock, clock
from august.venue.models import Enrolment
from august.venue.rules import BuyerBenefit
from august.web.tables import Listing, Page

VENUES: Mapping[str, str] = {
    "": N_("All products of the venue"),
    "easy_return": N_("Easy Return venue"),
    "oa_credit": N_("OA credit venue"),
}
FILTERS = ("venue",)
SORTS = ("score", "price")
TOP = 10


@dataclass(frozen=True)
class Credit:
    """A store of the OA credit venue: deals on OA terms within the days of F12, and their total."""

    store: int
    name: Mapping[str, str]
    orders: int
    cents: int


@dataclass(frozen=True)
class Venue:
    """A page of products with their cards, or the stores of the credit venue."""

    cards: Sequence[Card]
    stores: Sequence[Credit]
    page: Page


@dataclass(frozen=True)
class Home:
    """The festival's home as a buyer sees it."""

    clock: Clock
    tiers: Sequence[str]
    benefits: Sequence[BuyerBenefit]
    stores: Sequence[Row]
    products: Sequence[Row]
    until: Any
    coupon: Held | None
    take: Sequence[Node]
    steps: Sequence[tuple[int, int]]
    venue: Venue

    @property
    def can_take(self) -> bool:
        """Whether the coupon can be taken now."""
        return all(node.outcome == "ok" for node in self.take)


def home(ctx: Context, asked: Listing, buyer: int, country: str) -> Home:
    """Everything of the page for a buyer of a country."""
    who = ctx.session.get_one(Buyer, buyer)
    mine = coupons.held(ctx, buyer)
    found = boards.boards(ctx)
    return Home(
        clock=clock(ctx),
        tiers=TIERS,
        benefits=campaign.buyer_rules(ctx).benefits,
        stores=[] if found is None else figures.store_rows(ctx, found.stores, None, TOP),
        products=[] if found is None else figures.product_rows(ctx, found.products[:TOP], None),
        until=None if found is None else found.until,
        coupon=mine,
        take=coupons.may_take(ctx, who, mine),
        steps=coupons.steps(ctx),
        venue=venue(ctx, asked, country),
    )


def venue(ctx: Context, asked: Listing, country: str) -> Venue:
    """A page of one of the venues."""
    if asked.get("venue") == "oa_credit":
        stores = credit_stores(ctx)
        page = asked.slice_of(len(stores))
        return Venue((), stores[page.offset : page.offset + page.size], page)
    wanted = _goods(ctx, easy_return=asked.get("venue") == "easy_return")
    total = ctx.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = asked.slice_of(total)
    key: Any = Enrolment.price_cents if asked.sort == "price" else Product.growth
    order = key.desc() if asked.descending else key.asc()
    numbers = ctx.session.scalars(wanted.order_by(order, Product.id).limit(page.size).offset(page.offset))
    return Venue(cards(ctx, list(numbers), country), (), page)


def _goods(ctx: Context, *, easy_return: bool) -> Select[Any]:
    """Numbers of the products in the venue, or of those that the Easy Return venue shows as well (F12)."""
    wanted = (
        select(Product.id)
        .join(Enrolment, Enrolment.product_id == Product.id)
        .where(Enrolment.state == "enrolled", Product.status == "on_sale")
    )
    if easy_return:
        most = boards.board_rules(ctx).return_cents
        covered = Product.id.in_(covered_goods().params(covered_by(ctx)))
        wanted = wanted.where(covered, Enrolment.price_cents * Product.moq <= most)
    return wanted


def credit_stores(ctx: Context) -> list[Credit]:
    """Stores in service that sold on OA terms within the days of F12, those that sold most first."""
    since = ctx.now - timedelta(days=boards.board_rules(ctx).oa_days)
    asked = (
        select(Merchant.id, Merchant.name_zh, Merchant.name_en, func.count(), func.sum(Order.total_cents))
        .join(Order, Order.merchant_id == Merchant.id)
        .where(
            Order.terms == "oa",
            Order.paid_at > since,
            Merchant.region == "mainland",
            Merchant.membership.in_(MEMBERSHIPS),
            Merchant.member_until > ctx.now,
        )
        .group_by(Merchant.id, Merchant.name_zh, Merchant.name_en)
    )
    found = [
        Credit(number, {"zh": zh, "en": en}, count, int(cents))
        for number, zh, en, count, cents in ctx.session.execute(asked)
    ]
    return sorted(found, key=lambda each: (-each.cents, each.store))


@dataclass(frozen=True)
class Basket:
    """What the festival does to a product's page for a buyer: the coupon's conditions for a quantity."""

    conditions: Sequence[Node]
    off_cents: int

    @property
    def usable(self) -> bool:
        """Whether the coupon can be used on this quantity."""
        return all(node.outcome == "ok" for node in self.conditions)


def basket(ctx: Context, buyer: int, product: int, goods_cents: int) -> Basket | None:
    """The coupon beside a product's price; None where the festival says nothing about it."""
    row = by_id(ctx.session, Enrolment, product)
    if row is None or row.state != "enrolled" or not campaign.window(ctx).contains(ctx.now):
        return None
    who = ctx.session.get_one(Buyer, buyer)
    return Basket(coupons.may_use(ctx, who, product, goods_cents), coupons.off_of(ctx, goods_cents))
