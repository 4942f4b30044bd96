"""What happens when the last piece of an order has left: it is insured and guaranteed, or not (F1, F4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from august.assurance import delivery
from august.assurance.models import DeliveryGuarantee, EasyReturnPeriod, Policy
from august.assurance.rules import Decision, EasyReturn, Facts, easy_return, judge_all
from august.catalog import taxonomy
from august.catalog.models import Product
from august.festival.models import QuotaClaim
from august.festival.quotas import quota_rule, seconds_in
from august.kernel.bulk import insert_rows
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.plain import Row, among, first, plain, rows, tuples
from august.merchants.models import Buyer, Merchant
from august.trade.models import Order, Shipment

QUOTA = "easy_return"
WANTED = (
    "id", "merchant_id", "buyer_id", "kind", "country", "total_cents", "channel", "drafted_at", "paid_at",
    "shipped_at", "ship_by", "line", "promised_days",
)  # fmt: skip


def columns() -> Select[Any]:
    """What is asked of an order, the first to leave first."""
    order, product, store, buyer = plain(Order), plain(Product), plain(Merchant), plain(Buyer)
    found = select(
        *(order.c[name] for name in WANTED),
        product.c.leaf,
        store.c.is_player,
        store.c.policy,
        buyer.c.tier,
    ).where(
        product.c.id == order.c.product_id,
        store.c.id == order.c.merchant_id,
        buyer.c.id == order.c.buyer_id,
    )
    return found.order_by(order.c.shipped_at, order.c.id)


@cache
def _of_one() -> Select[Any]:
    order = plain(Order)
    return columns().where(order.c.id == bindparam("order"), order.c.shipped_at.is_not(None))


@cache
def _since() -> Select[Any]:
    """The RTS orders whose last piece may have left with a shipment after a mark, from an instant on."""
    order, gone = plain(Order), plain(Shipment)
    newer = select(gone.c.order_id).where(
        gone.c.id > bindparam("mark"), gone.c.shipped_at >= bindparam("from_")
    )
    return columns().where(
        order.c.kind == "rts", order.c.id.in_(newer), order.c.shipped_at >= bindparam("from_")
    )


def of_order(ctx: Context, order: int) -> list[Row]:
    """An order as it is judged; nothing while pieces are left to ship."""
    return rows(ctx.session.connection(), _of_one(), {"order": order})


def shipped_after(ctx: Context, mark: int, since: datetime) -> list[Row]:
    """The RTS orders that left fully with shipments numbered above the mark, not before an instant."""
    return rows(ctx.session.connection(), _since(), {"mark": mark, "from_": to_epoch(since)})


def active_at(ctx: Context, merchant: int, at: datetime) -> bool:
    """Whether a played store had the service at an instant; its first second counts, its last does not."""
    period = EasyReturnPeriod
    running = or_(period.ended_at.is_(None), period.ended_at > at)
    asked = select(func.count()).where(period.merchant_id == merchant, period.started_at <= at, running)
    return bool(ctx.session.scalar(asked))


def facts_of(row: Mapping[str, Any], *, active: bool, left: int) -> Facts:
    """What decides about an order."""
    leaf = taxonomy.standing().leaves.get(row["leaf"])
    return Facts(
        drafted=from_epoch(row["drafted_at"]),
        first_payment=None if row["paid_at"] is None else from_epoch(row["paid_at"]),
        fully_shipped=None if row["shipped_at"] is None else from_epoch(row["shipped_at"]),
        service_active=active,
        rts=row["kind"] == "rts",
        cents=row["total_cents"],
        category=leaf.industry if leaf else row["leaf"],
        destination=row["country"],
        quota_left=left,
        trade_assurance=row["channel"] == "ta",
    )


def has_service(ctx: Context, row: Mapping[str, Any], rules: EasyReturn) -> bool:
    """Whether the order's store had the service when the last piece left; rivals have it by their policy."""
    at = from_epoch(row["shipped_at"])
    if row["is_player"]:
        return active_at(ctx, row["merchant_id"], at)
    return row["policy"] in rules.premium.rivals and at >= rules.premium.rivals_from.at


def cover(ctx: Context, found: Sequence[Row]) -> None:
    """Insure and guarantee fully shipped orders, each once; half premiums take from the quota."""
    fresh = _without_known(ctx, found)
    if not fresh:
        return
    rules, quota = easy_return(ctx.rulebook, ctx.now), quota_rule(ctx, QUOTA)
    claimed = first(ctx.session.connection(), _claims())[0]

    def left(at: datetime, taken: int) -> int:
        return quota.left(seconds_in(at), claimed + taken)

    facts = [facts_of(row, active=has_service(ctx, row, rules), left=0) for row in fresh]
    decisions = judge_all(facts, rules, left)
    connection, taken = ctx.session.connection(), 0
    claims, policies, guarantees = [], [], []
    for row, decision in zip(fresh, decisions, strict=True):
        standing = left(from_epoch(row["shipped_at"]), taken)
        taken += decision.half_price
        if decision.half_price:
            claims.append(_claim(row))
        if row["is_player"] and row["kind"] == "rts":
            policies.append(_policy(row, decision, standing))
            guarantees += _guarantee(ctx, row)
            _tell(ctx, row, decision)
    insert_rows(connection, QuotaClaim, claims)
    insert_rows(connection, Policy, policies)
    insert_rows(connection, DeliveryGuarantee, guarantees)


def _without_known(ctx: Context, found: Sequence[Row]) -> list[Row]:
    """Orders that were not judged yet, the first to leave first: nothing is insured twice."""
    played = [row["id"] for row in found if row["is_player"]]
    known: set[int] = set()
    if played:
        known = {order for (order,) in tuples(ctx.session.connection(), _known(), {"orders": played})}
    fresh = [row for row in found if row["id"] not in known and row["kind"] == "rts"]
    return sorted(fresh, key=lambda row: (row["shipped_at"], row["id"]))


@cache
def _known() -> Select[Any]:
    policy = plain(Policy)
    return select(policy.c.order_id).where(among(policy.c.order_id, "orders"))


@cache
def _claims() -> Select[Any]:
    claim = plain(QuotaClaim)
    return select(func.count()).where(claim.c.code == QUOTA, claim.c.returned_at.is_(None))


def _claim(row: Row) -> Row:
    return {
        "code": QUOTA,
        "merchant_id": row["merchant_id"],
        "about_kind": "order",
        "about_id": row["id"],
        "at": row["shipped_at"],
        "returned_at": None,
    }


def _policy(row: Row, decision: Decision, left: int) -> Row:
    return {
        "order_id": row["id"],
        **{name: row[name] for name in ("merchant_id", "buyer_id", "shipped_at")},
        "state": "insured" if decision.insured else "uninsured",
        "reason": decision.reason,
        "amount_cents": row["total_cents"],
        "base_cents": decision.base_cents,
        "premium_cents": decision.premium_cents,
        "quota_left": left,
        **dict.fromkeys(("until", "due_at", "returned_at")),
        "refund_cents": 0,
    }


def promise_of(row: Mapping[str, Any]) -> delivery.Promise:
    """The promise that a guaranteed order gave."""
    return delivery.Promise(
        cents=row["total_cents"],
        line=row["line"],
        country=row["country"],
        tier=row["tier"],
        days=row["promised_days"],
        shipped_at=row["shipped_at"],
        ship_by=row["ship_by"] or row["shipped_at"],
    )


def is_guaranteed(ctx: Context, row: Mapping[str, Any]) -> bool:
    """Whether the rule of the guarantee was in force at the draft and covers the order."""
    drafted = from_epoch(row["drafted_at"])
    if row["promised_days"] is None or not ctx.rulebook.applies("F1-delivery", drafted):
        return False
    rules = ctx.rulebook.values("F1-delivery", drafted)
    return delivery.guaranteed(row["kind"] == "rts", row["line"], row["country"], row["tier"], rules)


def _guarantee(ctx: Context, row: Row) -> list[Row]:
    if not is_guaranteed(ctx, row):
        return []
    return [
        {
            "order_id": row["id"],
            "merchant_id": row["merchant_id"],
            "buyer_id": row["buyer_id"],
            "until": promise_of(row).until,
            "state": "running",
            "arrived_at": None,
            "late_seconds": 0,
            "cents": 0,
            "payer": "nobody",
        }
    ]


def _tell(ctx: Context, row: Row, decision: Decision) -> None:
    """A fact on the order's timeline, as its store's."""
    if not decision.insured:
        return
    fact = ctx.emit(
        "assurance.insured",
        ("order", row["id"]),
        premium=money(decision.premium_cents, "USD"),
        half=decision.half_price,
    )
    fact.merchant_id = row["merchant_id"]
