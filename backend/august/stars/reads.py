"""The statements that stars are counted by, built once: over all stores, or over the one bound as `store`.

Windows are bound as epoch seconds: `month`, `quarter` and `year` begin, `end` is the PT midnight of the cut.
"""

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Table, bindparam, func, select

from august.catalog.models import Product
from august.integrity.models import Dispute
from august.kernel.plain import flag, plain
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
        table.c.leaf, table.c.id, table.c.merchant_id, flag(table.c.kind == "rts"), table.c.growth,
        table.c.quality_tenths, flag((table.c.price_cents > 0) & (table.c.reached > 0)),
    ).where(table.c.status == "on_sale", *_mine(table, one=one))  # fmt: skip


@cache
def owned(*, one: bool) -> Select[Any]:
    """Every product and its store, by number."""
    table = plain(Product)
    return select(table.c.id, table.c.merchant_id).where(*_mine(table, one=one)).order_by(table.c.id)


def _open_account() -> ColumnElement[bool]:
    return _or(plain(Buyer).c.closed_at, NEVER) >= END


def _talks(*, one: bool) -> Select[Any]:
    table, people = plain(Inquiry), plain(Buyer)
    recent = (table.c.at >= MONTH - DAY) | (table.c.first_reply_at >= MONTH)
    return (
        select(
            people.c.tier, table.c.merchant_id, table.c.buyer_id, flag(table.c.kind == "inquiry"),
            table.c.at, _or(table.c.first_reply_at, NEVER),
        )
        .join_from(table, people, people.c.id == table.c.buyer_id)
        .where(recent, table.c.at < END, *_mine(table, one=one))
    )  # fmt: skip


@cache
def talks(*, one: bool) -> Select[Any]:
    """Tier, store, buyer, inquiry or chat, asked at, first answered at, of the talks of open accounts."""
    return _talks(one=one).where(_open_account())


@cache
def each_talk(*, one: bool) -> Select[Any]:
    """`talks` of closed accounts too; then number, and whether the account is open."""
    return _talks(one=one).add_columns(plain(Inquiry).c.id, flag(_open_account()))


def _direct(*, one: bool) -> Select[Any]:
    table, people = plain(Order), plain(Buyer)
    return (
        select(people.c.tier, table.c.merchant_id, table.c.buyer_id, table.c.confirmed_at)
        .join_from(table, people, people.c.id == table.c.buyer_id)
        .where(*_inside(table.c.confirmed_at, MONTH), table.c.inquiry_id.is_(None))
        .where(*_mine(table, one=one))
    )


@cache
def direct(*, one: bool) -> Select[Any]:
    """Tier, store, buyer and instant of the orders that open accounts placed without a talk."""
    return _direct(one=one).where(_open_account())


@cache
def each_direct(*, one: bool) -> Select[Any]:
    """`direct` of closed accounts too; then number, and whether the account is open."""
    return _direct(one=one).add_columns(plain(Order).c.id, flag(_open_account()))


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
        table.c.merchant_id, table.c.buyer_id, flag(table.c.kind == "rts"), table.c.drafted_at,
        _or(table.c.paid_at, NEVER), _or(table.c.ship_by, NEVER), _or(table.c.shipped_at, NEVER),
        _or(table.c.closed_at, NEVER), flag(table.c.close_why.is_not(None)),
    ).where(*drafted, *_mine(table, one=one))  # fmt: skip


@cache
def each_deal(*, one: bool) -> Select[Any]:
    """`deals`; then number and total."""
    table = plain(Order)
    return deals(one=one).add_columns(table.c.id, table.c.total_cents)


def _stands() -> ColumnElement[bool]:
    return _or(plain(Receipt).c.cancelled_at, NEVER) >= END


def _money(*, one: bool) -> Select[Any]:
    table, order, product = plain(Receipt), plain(Order), plain(Product)
    local = flag(product.c.local_service.is_not(None))
    return (
        select(table.c.merchant_id, flag(order.c.kind == "rts"), local, table.c.cents)
        .join_from(table, order, order.c.id == table.c.order_id)
        .outerjoin(product, product.c.id == order.c.product_id)
        .where(*_inside(table.c.booked_at, QUARTER), *_mine(table, one=one))
    )


@cache
def money(*, one: bool) -> Select[Any]:
    """Store, RTS?, with local after-sales?, and cents of the receipts of 90 days that stand."""
    return _money(one=one).where(_stands())


@cache
def each_receipt(*, one: bool) -> Select[Any]:
    """`money` of cancelled receipts too; then order, buyer, booked, cancelled, and whether it stands."""
    table, order = plain(Receipt), plain(Order)
    return _money(one=one).add_columns(
        order.c.id, order.c.buyer_id, table.c.booked_at, _or(table.c.cancelled_at, NEVER), flag(_stands())
    )


@cache
def reviews(*, one: bool) -> Select[Any]:
    """Store, number of reviews that count, and their stars in three dimensions."""
    table = plain(Review)
    stars = func.sum(table.c.quality + table.c.service + table.c.shipment)
    counted = table.c.counts, table.c.at < END, *_mine(table, one=one)
    return select(table.c.merchant_id, func.count(), stars).where(*counted).group_by(table.c.merchant_id)


@cache
def each_review(*, one: bool) -> Select[Any]:
    """Order, buyer, instant and stars in three dimensions of every review, and whether it counts."""
    table = plain(Review)
    stars = table.c.quality + table.c.service + table.c.shipment
    return select(table.c.order_id, table.c.buyer_id, table.c.at, stars, flag(table.c.counts)).where(
        table.c.at < END, *_mine(table, one=one)
    )


def _disputes(*, one: bool) -> Select[Any]:
    table = plain(Dispute)
    return select(table.c.merchant_id).where(*_inside(table.c.opened_at, QUARTER), *_mine(table, one=one))


def _upheld() -> ColumnElement[bool]:
    return plain(Dispute).c.state != "withdrawn"


@cache
def disputes(*, one: bool) -> Select[Any]:
    """The store of each refund request of 90 days that was not withdrawn."""
    return _disputes(one=one).where(_upheld())


@cache
def each_dispute(*, one: bool) -> Select[Any]:
    """`disputes`, withdrawn ones too; then number, buyer, opened, claim, and whether it was upheld."""
    table = plain(Dispute)
    return _disputes(one=one).add_columns(
        table.c.id, table.c.buyer_id, table.c.opened_at, table.c.claim_cents, flag(_upheld())
    )


def _traces(*, one: bool) -> Select[Any]:
    table = plain(Shipment)
    return select(table.c.merchant_id, _or(table.c.departed_at, NEVER) - table.c.shipped_at).where(
        *_inside(table.c.shipped_at, QUARTER), *_mine(table, one=one)
    )


@cache
def traces(*, one: bool) -> Select[Any]:
    """Store and seconds until departure of the shipments of 90 days that had time to depart."""
    return _traces(one=one).where(plain(Shipment).c.shipped_at < END - TRACE_SECONDS)


@cache
def each_shipment(*, one: bool) -> Select[Any]:
    """`traces`, young ones too; then order, buyer, shipped, and whether it had time to depart."""
    table, order = plain(Shipment), plain(Order)
    return (
        _traces(one=one)
        .add_columns(
            order.c.id, order.c.buyer_id, table.c.shipped_at, flag(table.c.shipped_at < END - TRACE_SECONDS)
        )
        .join(order, order.c.id == table.c.order_id)
    )
