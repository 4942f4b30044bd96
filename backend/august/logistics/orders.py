"""What logistics orders go through, whoever moves them: handing over, departing, delivering, what counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from august.catalog import carriers
from august.festival import quotas
from august.festival.conditions import in_service
from august.kernel.columns import to_epoch
from august.kernel.context import Actor, Context
from august.kernel.errors import Refusal
from august.kernel.explain import money
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.logistics import coupons, sailings
from august.logistics.judging import done_by
from august.logistics.models import LogisticsOrder
from august.logistics.position import express_history, express_shipped, values
from august.logistics.rules import RULE_OF, ExpressRules, StateRules
from august.logistics.sailings import DAY_SECONDS, HOUR_SECONDS, within
from august.merchants.models import Merchant
from august.messages.commands import send
from august.web.i18n import instant, speaking

PAGE, BENEFITS = "/logistics-orders", "/logistics-benefits"
EXPRESS = "express"
# What a reduction is claimed from; small parcels are limited by store alone.
CLAIMED = ("multimodal", "charter", "fcl_us_west")


def own(ctx: Context, number: int) -> LogisticsOrder:
    """A logistics order of the acting store; 404 for others'."""
    order = by_id(ctx.session, LogisticsOrder, number)
    if order is None or order.merchant_id != ctx.merchant:
        raise Refusal(
            "logistics.unknown",
            N_("There is no logistics order {id} in this store."),
            params={"id": str(number)},
            status=404,
        )
    return order


def note(ctx: Context, kind: str, order: LogisticsOrder, at: datetime | None = None, **params: Any) -> None:
    """A fact on the order's timeline; it is the store's, whoever acts."""
    fact = ctx.emit(f"logistics.{kind}", ("logistics_order", order.id), **params)
    fact.merchant_id = order.merchant_id
    fact.at = at or ctx.now


def as_store(ctx: Context, merchant: int) -> Context:
    """The same world seen by a store: for jobs that ask what a store would."""
    return replace(ctx, actor=Actor("system", merchant=merchant))


def state_rules(ctx: Context) -> StateRules:
    """The numbers of logistics.states in force."""
    found: StateRules = values(ctx, "logistics.states")
    return found


def let_go(ctx: Context, order: LogisticsOrder) -> None:
    """What an order took comes back: its coupon, its piece of a quota."""
    coupons.free(ctx, order)
    if order.offer in CLAIMED:
        quotas.give_back(ctx, str(order.offer), ("logistics_order", order.id))


def cancel(ctx: Context, order: LogisticsOrder, why: str, at: datetime) -> None:
    """End an order that was not picked up."""
    order.state, order.cancelled_at, order.cancel_why, order.due = "cancelled", at, why, None
    let_go(ctx, order)
    note(ctx, "cancelled", order, at, why=why)


def pickup_at(ctx: Context, order: LogisticsOrder) -> datetime:
    """When a paid order is picked up; containers are gated in at the cut-off."""
    if order.kind == "fcl":
        return carriers.standing().sailings[str(order.sailing)].cutoff
    return ctx.now + within(ctx.luck, "parcel.pickup", state_rules(ctx).pickup_hours, HOUR_SECONDS, order.id)


def pick_up(ctx: Context, order: LogisticsOrder, at: datetime) -> None:
    """Goods are in the carrier's hands: from now on they count as shipped (F6)."""
    order.state, order.picked_up_at = "picked_up", at
    note(ctx, "picked_up", order, at)
    if order.kind == "fcl":
        sailing = carriers.standing().sailings[str(order.sailing)]
        leaves, skipped = sailings.leaves(ctx.luck, sailing, values(ctx, "F10-sailings"))
        order.due = to_epoch(leaves)
        if skipped:
            note(ctx, "skipped", order, at)
            text = N_("Your container {id} was moved to the next ship: its sailing was skipped.")
            send(ctx, text, to=order.merchant_id, kind="logistics", path=f"{PAGE}/{order.id}", id=order.id)
        return
    # Goods of a buyer's order follow their shipment.
    departs = within(ctx.luck, "parcel.departs", state_rules(ctx).departs_hours, HOUR_SECONDS, order.id)
    order.due = None if order.shipment_id is not None else to_epoch(at + departs)
    ctx.session.flush()
    count_express(ctx, order, at)


def depart(ctx: Context, order: LogisticsOrder, at: datetime) -> None:
    """Goods left the country; a container that did so too late loses its reduction (F10)."""
    order.state, order.departed_at = "departed", at
    note(ctx, "departed", order, at)
    if order.offer == "fcl_us_west" and order.discount:
        last = values(ctx, "F10").departed_by.at
        if done_by(at, last, RULE_OF["fcl_us_west"], "", "").outcome == "bad":
            lose(ctx, order, "departed_late")
    if order.kind == "fcl":
        port = carriers.standing().services[order.line].ports[str(order.port)]
        order.due = to_epoch(sailings.lands(ctx.luck, order.id, port, at))
    elif order.shipment_id is None:
        order.due = to_epoch(at + days_abroad(ctx, order))


def days_abroad(ctx: Context, order: LogisticsOrder) -> timedelta:
    """How long a parcel is on its way, by its line's days, sometimes longer."""
    rules = state_rules(ctx)
    days = carriers.days_to(order.line, order.country) or (1, 1)
    way = within(ctx.luck, "parcel.way", days, DAY_SECONDS, order.id)
    if ctx.luck.uniform("parcel.late", order.id) * 100 < rules.late_percent:
        way += within(ctx.luck, "parcel.delay", rules.late_days, DAY_SECONDS, order.id)
    return way


def deliver(ctx: Context, order: LogisticsOrder, at: datetime) -> None:
    """Goods are where they were sent."""
    order.state, order.delivered_at, order.due = "delivered", at, None
    note(ctx, "delivered", order, at)


def lose(ctx: Context, order: LogisticsOrder, why: str) -> None:
    """A reduction that was given is taken back: its amount is charged after all, and not made up for."""
    order.lost, order.lost_why = order.discount, why
    order.pay, order.discount = order.pay + order.discount, 0
    note(ctx, "benefit_lost", order, cents=order.lost, why=why)
    text = N_("The reduction of {amount} on logistics order {id} is lost: it did not depart by {last}.")
    if why == "penalty":
        text = N_("The reduction of {amount} on logistics order {id} is lost: the store was penalised.")
    params: Mapping[str, Any] = {"amount": money(order.lost, order.currency), "id": order.id}
    if why != "penalty":
        params = {**params, "last": both(values(ctx, "F10").departed_by.at)}
    send(ctx, text, to=order.merchant_id, kind="logistics", path=f"{PAGE}/{order.id}", **params)


def both(last: datetime) -> dict[str, str]:
    """An instant for a message, in both zones and both languages."""
    told = {}
    for key, locale in (("zh", "zh_CN"), ("en", "en")):
        with speaking(locale):
            told[key] = instant(last)
    return told


def count_express(ctx: Context, order: LogisticsOrder, at: datetime) -> None:
    """F6: the fifth shipment of September takes one of the platform's three thousand places."""
    rules: ExpressRules = values(ctx, "F6")
    named = order.line in rules.lines or order.line in values(ctx, "F7").lines
    if not named or not rules.shipping.window.contains(at):
        return
    store = as_store(ctx, order.merchant_id)
    if express_shipped(store) != rules.orders:
        return
    merchant = ctx.session.get_one(Merchant, order.merchant_id)
    if not in_service(merchant, at) or express_history(store) >= rules.fewer_than * rules.months:
        return
    taken = quotas.claim(ctx, EXPRESS, ("merchant", order.merchant_id), order.merchant_id)
    note(ctx, "express_earned" if taken else "express_missed", order, at)
    if taken is None:
        text = N_("Five orders shipped, but no place is left: {quota} stores were faster.")
        quota = quotas.quota_rule(ctx, EXPRESS).total
        send(ctx, text, to=order.merchant_id, kind="logistics", path=BENEFITS, quota=quota)
        return
    send(
        ctx,
        N_("Five orders shipped: {count} coupons of {amount} come on {at}."),
        to=order.merchant_id,
        kind="logistics",
        path=BENEFITS,
        count=rules.coupons,
        amount=money(rules.coupon_fen, "CNY"),
        at=both(rules.issued.window.start),
    )
