"""The statements that stars are counted by, built once: over all stores, or over the one bound as `store`.

Windows are bound as epoch seconds: `month`, `quarter` and `year` begin, `end` is the PT midnight of the cut.
"""

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Table, bindparam, case, func, select

from august.catalog.models import Product
from august.integrity.models import Dispute
from august.kernel.bulk import plain
from august.merchants.models import Buyer, Merchant
from august.opportunities.models import Inquiry
from august.reviews.models import Review
from august.trade.models import Order, Receipt, Shipment

DAY = 86_400
NEVER = 2**62
TRACE_SECONDS = 2 * DAY
# No order is paid later than so long after its draft.
DRAFT_LIFE = 90 * DAY
MONTH: BindParameter[int] = bindparam("month")
QUARTER: BindParameter[int] = bindparam("quarter")
YEAR: BindParameter[int] = bindparam("year")
END: BindParameter[int] = bindparam("end")


def _mine(table: Table, *, one: bool) -> tuple[ColumnElement[bool], ...]:
    """The condition that leaves rows of the one store only, if there is one."""
    return (table.c.merchant_id == bindparam("store"),) if one else ()


def _or(column: ColumnElement[Any], missing: int) -> ColumnElement[Any]:
    return func.coalesce(column, missing)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where the condition holds, 0 elsewhere."""
    return case((condition, 1), else_=0)


def _inside(column: ColumnElement[Any], start: BindParameter[Any]) -> tuple[ColumnElement[bool], ...]:
    return column >= start, column < END


@cache
def stores(*, one: bool) -> Select[Any]:
    """The ids of the stores, rising."""
    table = plain(Merchant)
    asked = select(table.c.id).order_by(table.c.id)
    return asked.where(table.c.id == bindparam("store")) if one else asked


@cache
def goods(*, one: bool) -> Select[Any]:
    """Leaf, number, store, RTS?, growth, quality, orderable?, of what is on sale."""
    table = plain(Product)
    return select(
        table.c.leaf, table.c.id, table.c.merchant_id, _flag(table.c.kind == "rts"), table.c.growth,
        table.c.quality_tenths, _flag((table.c.price_cents > 0) & (table.c.reached > 0)),
    ).where(table.c.status == "on_sale", *_mine(table, one=one))  # fmt: skip


@cache
def owned(*, one: bool) -> Select[Any]:
    """Every product and its store, by number."""
    table = plain(Product)
    return select(table.c.id, table.c.merchant_id).where(*_mine(table, one=one)).order_by(table.c.id)


@cache
def talks(*, one: bool) -> Select[Any]:
    """Tier, store, buyer, inquiry or chat, asked at, first answered at, of the talks of open accounts."""
    table, people = plain(Inquiry), plain(Buyer)
    recent = (table.c.at >= MONTH - DAY) | (table.c.first_reply_at >= MONTH)
    return (
        select(
            people.c.tier, table.c.merchant_id, table.c.buyer_id, _flag(table.c.kind == "inquiry"),
            table.c.at, _or(table.c.first_reply_at, NEVER),
        )
        .join_from(table, people, people.c.id == table.c.buyer_id)
        .where(recent, table.c.at < END, _or(people.c.closed_at, NEVER) >= END, *_mine(table, one=one))
    )  # fmt: skip


@cache
def direct(*, one: bool) -> Select[Any]:
    """Tier, store, buyer and instant of the orders that open accounts placed without a talk."""
    table, people = plain(Order), plain(Buyer)
    return (
        select(people.c.tier, table.c.merchant_id, table.c.buyer_id, table.c.confirmed_at)
        .join_from(table, people, people.c.id == table.c.buyer_id)
        .where(*_inside(table.c.confirmed_at, MONTH), table.c.inquiry_id.is_(None))
        .where(_or(people.c.closed_at, NEVER) >= END, *_mine(table, one=one))
    )


@cache
def acts(*, one: bool) -> Select[Any]:
    """Source, store, buyer and instant of the talks of the month."""
    table = plain(Inquiry)
    return select(table.c.source, table.c.merchant_id, table.c.buyer_id, table.c.at).where(
        *_inside(table.c.at, MONTH), *_mine(table, one=one)
    )


@cache
def deals(*, one: bool) -> Select[Any]:
    """Store, buyer, RTS?, drafted, paid, ship by, shipped, closed, failed?, of a year's orders."""
    table = plain(Order)
    drafted = table.c.drafted_at < END, table.c.drafted_at >= YEAR - DRAFT_LIFE
    return select(
        table.c.merchant_id, table.c.buyer_id, _flag(table.c.kind == "rts"), table.c.drafted_at,
        _or(table.c.paid_at, NEVER), _or(table.c.ship_by, NEVER), _or(table.c.shipped_at, NEVER),
        _or(table.c.closed_at, NEVER), _flag(table.c.close_why.is_not(None)),
    ).where(*drafted, *_mine(table, one=one))  # fmt: skip


@cache
def money(*, one: bool) -> Select[Any]:
    """Store, RTS?, with local after-sales?, and cents of the receipts of 90 days that stand."""
    table, order, product = plain(Receipt), plain(Order), plain(Product)
    local = _flag(product.c.local_service.is_not(None))
    return (
        select(table.c.merchant_id, _flag(order.c.kind == "rts"), local, table.c.cents)
        .join_from(table, order, order.c.id == table.c.order_id)
        .outerjoin(product, product.c.id == order.c.product_id)
        .where(*_inside(table.c.booked_at, QUARTER), _or(table.c.cancelled_at, NEVER) >= END)
        .where(*_mine(table, one=one))
    )


@cache
def reviews(*, one: bool) -> Select[Any]:
    """Store, number of reviews that count, and their stars in three dimensions."""
    table = plain(Review)
    stars = func.sum(table.c.quality + table.c.service + table.c.shipment)
    counted = table.c.counts, table.c.at < END, *_mine(table, one=one)
    return select(table.c.merchant_id, func.count(), stars).where(*counted).group_by(table.c.merchant_id)


@cache
def disputes(*, one: bool) -> Select[Any]:
    """The store of each refund request of 90 days that was not withdrawn."""
    table = plain(Dispute)
    return select(table.c.merchant_id).where(
        *_inside(table.c.opened_at, QUARTER), table.c.state != "withdrawn", *_mine(table, one=one)
    )


@cache
def traces(*, one: bool) -> Select[Any]:
    """Store and seconds until departure of the shipments of 90 days that had time to depart."""
    table = plain(Shipment)
    return select(table.c.merchant_id, _or(table.c.departed_at, NEVER) - table.c.shipped_at).where(
        table.c.shipped_at >= QUARTER, table.c.shipped_at < END - TRACE_SECONDS, *_mine(table, one=one)
    )
