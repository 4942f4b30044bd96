"""Products and the venue: what admission needs to know of them, and the rows of those that are in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import Select, bindparam, case, func, select

from august.benefits import queries as benefits
from august.benefits.rules import Benefit
from august.catalog.models import Product
from august.kernel.bulk import insert_rows
from august.kernel.clock import last_days
from august.kernel.columns import looked_up, to_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.plain import columns_of, number_columns, plain
from august.kernel.tables import LARGEST_ID, by_id
from august.kernel.words import N_
from august.merchants.models import MEMBERSHIPS, Merchant
from august.stars.queries import stars_of
from august.trade.models import Order
from august.venue import admission
from august.venue.admission import STATUSES, Columns, Goods, Store
from august.venue.models import Enrolment
from august.venue.rules import PriceRules, VenueRules

UNPAID = 2**62


def venue_rules(ctx: Context) -> VenueRules:
    """The numbers of F1-venue in force now."""
    values: VenueRules = ctx.rulebook.values("F1-venue", ctx.now)
    return values


def price_days(ctx: Context) -> int:
    """Over how many complete PT days the lowest price is looked for (F1-price)."""
    values: PriceRules = ctx.rulebook.values("F1-price", ctx.now)
    return values.days


def access(ctx: Context) -> Benefit:
    """The benefit that admits to the festival (S7)."""
    return benefits.catalogue(ctx)[venue_rules(ctx).access]


def penalised(_ctx: Context) -> frozenset[int]:
    """The stores against which a penalty runs now."""
    # The room of penalties answers here once there is one; until then none can run.
    return frozenset()


def store_facts(ctx: Context) -> Store:
    """The acting store as admission looks at it, in two statements."""
    merchant = ctx.session.get_one(Merchant, ctx.merchant)
    number = np.array([merchant.id], dtype=np.int64)
    return Store(
        star=int(stars_of(ctx, number, number)[0]),
        membership=merchant.membership,
        mainland=merchant.region == "mainland",
        member_until=merchant.member_until,
        penalised=merchant.id in penalised(ctx),
    )


@cache
def _lowest_of_store() -> Select[Any]:
    """The lowest paid price of a piece by product of a store, of orders first paid from `start` to `end`."""
    table = plain(Order)
    paid = table.c.paid_at >= bindparam("start"), table.c.paid_at < bindparam("end")
    asked = select(table.c.product_id, func.min(table.c.unit_cents)).where(*paid)
    return asked.where(table.c.merchant_id == bindparam("store")).group_by(table.c.product_id)


@cache
def _lowest_of_all() -> Select[Any]:
    table = plain(Order)
    paid = table.c.paid_at >= bindparam("start"), table.c.paid_at < bindparam("end")
    asked = select(table.c.product_id, func.min(table.c.unit_cents)).where(*paid)
    return asked.group_by(table.c.product_id).order_by(table.c.product_id)


def _span(ctx: Context) -> dict[str, int]:
    days = last_days(price_days(ctx), ctx.now)
    return {"start": to_epoch(days.start), "end": to_epoch(days.end)}


def lowest(ctx: Context) -> dict[int, int]:
    """The lowest price that was paid for a piece of each of the store's products in the days of F1-price."""
    values = _span(ctx) | {"store": ctx.merchant}
    return {number: int(cents) for number, cents in ctx.session.execute(_lowest_of_store(), values)}


def goods_of(product: Product, paid: Mapping[int, int]) -> Goods:
    """A product as admission looks at it."""
    return Goods(
        product.status, product.kind, product.quality_tenths, product.price_cents, paid.get(product.id)
    )


@dataclass(frozen=True)
class Judged:
    """A product with every condition of the venue, its campaign price and its row, if it has one."""

    product: Product
    goods: Goods
    price_cents: int | None
    conditions: Mapping[str, Node]
    row: Enrolment | None

    @property
    def failed(self) -> dict[str, Node]:
        """The conditions that are not met."""
        return {code: node for code, node in self.conditions.items() if node.outcome == "bad"}

    @property
    def inside(self) -> bool:
        """Whether it is in the venue now."""
        return self.row is not None and self.row.state == "enrolled"


class Judge:
    """Judges products of the acting store; what they share is read once, in four statements."""

    def __init__(self, ctx: Context) -> None:
        """Read the store, its paid prices and its enrolments."""
        self.ctx = ctx
        self.rules, self.days, self.access = venue_rules(ctx), price_days(ctx), access(ctx)
        self.store = store_facts(ctx)
        self.paid = lowest(ctx)
        asked = select(Enrolment).where(Enrolment.merchant_id == ctx.merchant)
        self.rows = {row.product_id: row for row in ctx.session.scalars(asked)}
        self.shared = admission.store_conditions(self.store, self.access, ctx.now)

    def judge(self, product: Product, price_cents: int | None = None) -> Judged:
        """All conditions at a price; of an enrolled product without one at its own."""
        row = self.rows.get(product.id)
        inside = row is not None and row.state == "enrolled"
        if price_cents is None and row is not None and inside:
            price_cents = row.price_cents
        goods = goods_of(product, self.paid)
        own = admission.goods_conditions(goods, price_cents, self.rules, self.days)
        return Judged(product, goods, price_cents, {**own, **self.shared}, row)


def own_products(ctx: Context, numbers: Sequence[int]) -> dict[int, Product]:
    """The store's products of these numbers; 404 names the first that is not its own."""
    wanted = [number for number in numbers if 0 < number <= LARGEST_ID]
    mine = select(Product).where(Product.merchant_id == ctx.merchant, Product.id.in_(wanted))
    found = {product.id: product for product in ctx.session.scalars(mine)}
    for number in numbers:
        if number not in found:
            raise Refusal(
                "product.unknown",
                N_("There is no product {id} in this store."),
                params={"id": number},
                status=404,
            )
    return found


@dataclass(frozen=True)
class Crowd:
    """Products of all stores in the order of their numbers, ready to be judged at once."""

    ids: admission.Ints
    merchants: admission.Ints
    columns: Columns


@cache
def _goods(*, enrolled: bool) -> Select[Any]:
    """Numbers of products and their stores: of those in the venue, or of what rivals sell outside of it."""
    product, merchant, row = plain(Product), plain(Merchant), plain(Enrolment)
    status = case({name: place for place, name in enumerate(STATUSES)}, value=product.c.status)
    member = case({name: place for place, name in enumerate(MEMBERSHIPS)}, value=merchant.c.membership)
    service = (merchant.c.region == "mainland") & (merchant.c.member_until > bindparam("now"))
    asked = select(
        product.c.id, product.c.merchant_id, status, case((product.c.kind == bindparam("kind"), 1), else_=0),
        product.c.quality_tenths, product.c.price_cents, member, case((service, 1), else_=0),
        row.c.price_cents if enrolled else product.c.price_cents,
    ).join(merchant, merchant.c.id == product.c.merchant_id)  # fmt: skip
    if enrolled:
        asked = asked.join(row, row.c.product_id == product.c.id).where(row.c.state == "enrolled")
    else:
        fresh = product.c.id.not_in(select(row.c.product_id))
        asked = asked.where(merchant.c.is_player.is_(False), product.c.status == "on_sale", fresh)
    return asked.order_by(product.c.id)


def crowd(ctx: Context, *, enrolled: bool, prices: bool) -> Crowd:
    """Products in the venue, or rivals' outside of it; without `prices` every price passes (F1-price)."""
    connection = ctx.session.connection()
    values = {"now": to_epoch(ctx.now), "kind": venue_rules(ctx).kind}
    ids, merchants, status, ready, quality, listed, member, service, price = number_columns(
        connection, _goods(enrolled=enrolled), values
    )
    limit = listed
    if prices and len(ids):
        limit = np.minimum(listed, looked_up(*_lowest_columns(ctx), ids, UNPAID))
    wrong = np.array(sorted(penalised(ctx)), dtype=np.int64)
    return Crowd(
        ids,
        merchants,
        Columns(
            status=status,
            ready=ready == 1,
            quality=quality,
            limit=limit,
            price=np.minimum(price, limit) if not (prices and enrolled) else price,
            star=stars_of(ctx, ids, merchants),
            membership=member,
            member=service == 1,
            penalised=np.isin(merchants, wrong),
        ),
    )


def _lowest_columns(ctx: Context) -> tuple[admission.Ints, admission.Ints]:
    found = columns_of(ctx.session.connection(), _lowest_of_all(), _span(ctx))
    ids, cents = (np.array(column, dtype=np.int64) for column in found)
    return ids, cents


def enter_all(
    ctx: Context, products: admission.Ints, merchants: admission.Ints, prices: admission.Ints
) -> None:
    """Put products of rivals into the venue that were judged already."""
    at = to_epoch(ctx.now)
    fresh = [
        {
            "product_id": product,
            "merchant_id": merchant,
            "price_cents": cents,
            "state": "enrolled",
            "since": at,
            "priced_at": at,
            "why": None,
        }
        for product, merchant, cents in zip(
            products.tolist(), merchants.tolist(), prices.tolist(), strict=True
        )
    ]
    insert_rows(ctx.session.connection(), Enrolment, fresh)


def entered(ctx: Context, product: int) -> Enrolment | None:
    """A product's row of the venue, in or out."""
    return by_id(ctx.session, Enrolment, product)
