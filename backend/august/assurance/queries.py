"""What the pages of the guarantees read: the service, the insured orders, the guaranteed deliveries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from august.assurance import delivery
from august.assurance.commands import PAGE, running
from august.assurance.explain import explain
from august.assurance.insuring import (
    QUOTA,
    active_at,
    columns,
    facts_of,
    has_service,
    is_guaranteed,
    promise_of,
)
from august.assurance.models import DeliveryGuarantee, Policy
from august.assurance.rules import HALF, Decision, Facts, easy_return, judge, judge_all
from august.catalog import taxonomy
from august.catalog.models import Product
from august.festival.quotas import Quota, seconds_in, standing
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.explain import Node, money
from august.kernel.features import DigestLine
from august.kernel.plain import plain, rows
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.trade.acting import party_order
from august.trade.models import Order
from august.trade.rules import TO_SHIP, span
from august.web.tables import Listing, Page

ID_DIGITS = 15
SORTS: Mapping[str, Any] = {
    "shipped": Policy.shipped_at,
    "order": Policy.order_id,
    "amount": Policy.amount_cents,
    "premium": Policy.premium_cents,
    "refund": Policy.refund_cents,
}
FILTERS = ("q", "state", "price", "reason")
DELIVERY_SORTS: Mapping[str, Any] = {
    "until": DeliveryGuarantee.until,
    "order": DeliveryGuarantee.order_id,
    "late": DeliveryGuarantee.late_seconds,
    "cents": DeliveryGuarantee.cents,
}
DELIVERY_FILTERS = ("q", "state", "payer")


class Ahead(msgspec.Struct, frozen=True):
    """The RTS orders that are still to leave, as if all left now with the service active."""

    orders: int
    insured: int
    half: int
    premium_cents: int
    saved_cents: int


class Standing(msgspec.Struct, frozen=True):
    """The service of the store and what it has brought so far; money is US cents."""

    active: bool
    since: datetime | None
    counts: Mapping[str, int]
    base_cents: int
    premium_cents: int
    refund_cents: int
    halves: int
    quota: Quota
    ahead: Ahead

    @property
    def total(self) -> int:
        """All RTS orders that were looked at."""
        return sum(self.counts.values())

    @property
    def insured(self) -> int:
        """Those of them that were insured."""
        return self.total - self.counts.get("uninsured", 0)

    @property
    def saved_cents(self) -> int:
        """What the half premiums saved."""
        return self.base_cents - self.premium_cents


class Line(msgspec.Struct, frozen=True):
    """An order of the list."""

    policy: Policy
    company: str
    title: str
    country: str


class Table(msgspec.Struct, frozen=True):
    """A page of the list."""

    lines: Sequence[Line]
    page: Page


class Delivery(msgspec.Struct, frozen=True):
    """A guaranteed order."""

    promise: DeliveryGuarantee
    company: str
    title: str
    country: str
    line: str | None
    days: int | None

    @property
    def late(self) -> Any:
        """How late it was, in words."""
        return span(self.promise.late_seconds)


class Deliveries(msgspec.Struct, frozen=True):
    """A page of guaranteed orders with the sums by payer, in US cents."""

    lines: Sequence[Delivery]
    page: Page
    counts: Mapping[str, int]
    paid: Mapping[str, int]

    @property
    def total(self) -> int:
        """All guaranteed orders of the store."""
        return sum(self.counts.values())


def standing_of(ctx: Context) -> Standing:
    """The service and its figures, in five statements."""
    period = running(ctx, ctx.merchant)
    mine = Policy.merchant_id == ctx.merchant
    sums = select(
        Policy.state,
        func.count(),
        func.sum(Policy.base_cents),
        func.sum(Policy.premium_cents),
        func.sum(Policy.refund_cents),
        func.count().filter(Policy.reason == HALF),
    )
    found = ctx.session.execute(sums.where(mine).group_by(Policy.state)).all()
    quota = standing(ctx, QUOTA)
    base, premium, refund, halves = (sum(int(row[place] or 0) for row in found) for place in (2, 3, 4, 5))
    return Standing(
        active=period is not None,
        since=period.started_at if period else None,
        counts={row[0]: row[1] for row in found},
        base_cents=base,
        premium_cents=premium,
        refund_cents=refund,
        halves=halves,
        quota=quota,
        ahead=ahead(ctx, quota),
    )


@cache
def _waiting() -> Select[Any]:
    order = plain(Order)
    return columns().where(
        order.c.merchant_id == bindparam("merchant"), order.c.kind == "rts", order.c.state.in_(TO_SHIP)
    )


def ahead(ctx: Context, quota: Quota) -> Ahead:
    """What would become of the RTS orders that are still to leave."""
    found = rows(ctx.session.connection(), _waiting(), {"merchant": ctx.merchant})
    now = to_epoch(ctx.now)
    facts = [facts_of(row | {"shipped_at": now}, active=True, left=0) for row in found]
    decisions = judge_all(facts, easy_return(ctx.rulebook, ctx.now), lambda _at, taken: quota.left - taken)
    return Ahead(
        orders=len(found),
        insured=sum(each.insured for each in decisions),
        half=sum(each.half_price for each in decisions),
        premium_cents=sum(each.premium_cents for each in decisions),
        saved_cents=sum(each.base_cents - each.premium_cents for each in decisions),
    )


def table(ctx: Context, asked: Listing) -> Table:
    """The RTS orders that have fully left, insured or not, as the filters want them; two statements."""
    joined = _joined(Policy).where(*_conditions(ctx, asked.filters))
    total = ctx.session.scalar(joined.with_only_columns(func.count()).order_by(None)) or 0
    page, key = asked.slice_of(total), SORTS[asked.sort]
    order = key.desc() if asked.descending else key.asc()
    shown = joined.order_by(order, Policy.order_id.desc()).limit(page.size).offset(page.offset)
    found = ctx.session.execute(shown)
    return Table([Line(policy, *more) for policy, *more, _line, _days in found], page)


def _joined(table_: Any) -> Select[Any]:
    asked = select(table_, Buyer.company, Product.title, Order.country, Order.line, Order.promised_days).join(
        Order, Order.id == table_.order_id
    )
    return asked.join(Buyer, Buyer.id == Order.buyer_id).join(Product, Product.id == Order.product_id)


def _named(text: str) -> ColumnElement[bool]:
    """Orders by number, buyer or product."""
    either = Buyer.company.icontains(text, autoescape=True) | Product.title.icontains(text, autoescape=True)
    known = text.isascii() and text.isdigit() and len(text) <= ID_DIGITS
    return either | (Order.id == int(text)) if known else either


def _conditions(ctx: Context, filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Policy.merchant_id == ctx.merchant]
    if state := filters.get("state"):
        found.append(Policy.state == state)
    if reason := filters.get("reason"):
        found.append(Policy.reason == reason)
    if (price := filters.get("price")) in {"half", "whole"}:
        found += [Policy.premium_cents > 0, (Policy.reason == HALF) == (price == "half")]
    if text := filters.get("q"):
        found.append(_named(text))
    return found


def deliveries(ctx: Context, asked: Listing) -> Deliveries:
    """The guaranteed orders as the filters want them, in four statements."""
    mine: ColumnElement[bool] = DeliveryGuarantee.merchant_id == ctx.merchant
    wanted = [mine]
    for name, column in (("state", DeliveryGuarantee.state), ("payer", DeliveryGuarantee.payer)):
        if value := asked.get(name):
            wanted.append(column == value)
    if text := asked.get("q"):
        wanted.append(_named(text))
    joined = _joined(DeliveryGuarantee).where(*wanted)
    total = ctx.session.scalar(joined.with_only_columns(func.count()).order_by(None)) or 0
    page, key = asked.slice_of(total), DELIVERY_SORTS[asked.sort]
    order = key.desc() if asked.descending else key.asc()
    shown = joined.order_by(order, DeliveryGuarantee.order_id.desc()).limit(page.size).offset(page.offset)
    found = [Delivery(*row) for row in ctx.session.execute(shown)]
    by_state = select(DeliveryGuarantee.state, func.count()).where(mine).group_by(DeliveryGuarantee.state)
    by_payer = select(DeliveryGuarantee.payer, func.sum(DeliveryGuarantee.cents)).where(mine)
    return Deliveries(
        lines=found,
        page=page,
        counts=dict(ctx.session.execute(by_state).all()),
        paid={
            payer: int(cents)
            for payer, cents in ctx.session.execute(by_payer.group_by(DeliveryGuarantee.payer))
        },
    )


class WhatIf(msgspec.Struct, frozen=True):
    """A planned order with the decision about it."""

    facts: Facts
    decision: Decision
    why: Node


def what_if(ctx: Context, facts: Facts) -> WhatIf:
    """Judge a planned order by the quota that is left at its shipment."""
    quota = standing(ctx, QUOTA)
    at = facts.fully_shipped
    left = quota.left if at is None else quota.rule.left(seconds_in(at), quota.claimed)
    facts = msgspec.structs.replace(facts, quota_left=left)
    rules = easy_return(ctx.rulebook, ctx.now)
    return WhatIf(facts, judge(facts, rules), explain(facts, rules))


@cache
def _one() -> Select[Any]:
    return columns().where(plain(Order).c.id == bindparam("order"))


def _row(ctx: Context, key: str) -> dict[str, Any]:
    known = key.isascii() and key.isdigit() and len(key) <= ID_DIGITS
    order = party_order(ctx, int(key) if known else 0)
    (row,) = rows(ctx.session.connection(), _one(), {"order": order.id})
    return row


def why(ctx: Context, key: str) -> Node:
    """Why an order is insured at its premium or not: `easy-return/{order}`; one to come as if it left now."""
    row = _row(ctx, key)
    policy = ctx.session.get(Policy, row["id"])
    rules = easy_return(ctx.rulebook, ctx.now)
    if row["shipped_at"] is not None and policy is not None:
        active = has_service(ctx, row, rules)
        return explain(facts_of(row, active=active, left=policy.quota_left), rules)
    if row["shipped_at"] is not None and row["kind"] == "rts":
        text = N_("Order {order} left before Easy Return looked at orders here.")
        return Node(text, {"order": str(row["id"])}, rule="F4-insurance", outcome="note")
    active = active_at(ctx, row["merchant_id"], ctx.now)
    facts = facts_of(row, active=active, left=standing(ctx, QUOTA, row["merchant_id"]).left)
    return explain(facts, rules)


def why_delivery(ctx: Context, key: str) -> Node:
    """What a guaranteed order promised and what that came to: `delivery-by/{order}`."""
    row = _row(ctx, key)
    promised = ctx.session.get(DeliveryGuarantee, row["id"])
    if promised is None or row["shipped_at"] is None:
        covered = is_guaranteed(ctx, row)
        text = (
            N_("Order {order} is guaranteed from its full shipment on.")
            if covered
            else N_("Order {order} has no delivery-by guarantee: tier, route or promise do not fit.")
        )
        return Node(text, {"order": str(row["id"])}, rule="F1-delivery", outcome="note")
    if promised.state == "void":
        text = N_("Order {order} ended before it arrived: nothing is guaranteed any more.")
        return Node(text, {"order": str(row["id"])}, rule="F1-delivery", outcome="note")
    arrived = None if promised.arrived_at is None else to_epoch(promised.arrived_at)
    pay = ctx.rulebook.values("F1-delivery-pay", ctx.now)
    return delivery.explain(promise_of(row), arrived, pay)


def categories(ctx: Context) -> Mapping[str, Mapping[Any, str]]:
    """The covered first-level categories, then those of the tree that are not."""
    covered = easy_return(ctx.rulebook, ctx.now).insurance.categories
    tree = taxonomy.standing().industries
    named = {code: {"zh": each.zh, "en": each.en} for code, each in tree.items()}
    return dict(covered) | named


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """What a jump of the clock brought: premiums, returns, late deliveries."""
    left = Policy.merchant_id == ctx.merchant, Policy.shipped_at > since, Policy.shipped_at <= until
    insured = select(func.count(), func.coalesce(func.sum(Policy.premium_cents), 0)).where(*left)
    count, cents = ctx.session.execute(insured.where(Policy.state != "uninsured")).one()
    came = Policy.merchant_id == ctx.merchant, Policy.returned_at > since, Policy.returned_at <= until
    back = ctx.session.scalar(select(func.count()).where(*came)) or 0
    promised = DeliveryGuarantee
    late = promised.merchant_id == ctx.merchant, promised.state == "late"
    inside = promised.arrived_at > since, promised.arrived_at <= until
    behind, paid = ctx.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(promised.cents).filter(promised.payer == "seller"), 0),
        ).where(*late, *inside)
    ).one()
    lines = []
    if count:
        told = {"count": count, "amount": money(int(cents), "USD")}
        lines.append(DigestLine(N_("Orders insured by Easy Return: {count}, premiums {amount}"), told, PAGE))
    if back:
        lines.append(DigestLine(N_("Goods returned within Easy Return: {count}"), {"count": back}, PAGE))
    if behind:
        told = {"count": behind, "amount": money(int(paid), "USD")}
        path = f"{PAGE}/deliveries?state=late"
        lines.append(
            DigestLine(N_("Guaranteed orders that arrived late: {count}, you pay {amount}"), told, path)
        )
    return lines
