"""What time does to freight: orders move, rivals take from the quotas, coupons come and go (F6-F10, K5)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, bindparam, or_, select

from august.festival import quotas
from august.festival.conditions import in_service
from august.festival.models import QuotaClaim
from august.kernel.clock import PACIFIC, SECOND, Window, day_start, pt_day
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.jobs import Dates, Job
from august.kernel.plain import plain, tuples
from august.kernel.rulebook import Rulebook
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.logistics import coupons, orders
from august.logistics.models import Coupon, LogisticsOrder
from august.logistics.orders import BENEFITS, EXPRESS, both
from august.logistics.position import values
from august.logistics.rules import CouponRules, ExpressRules, RivalRules, UsWestRules
from august.merchants.models import Merchant
from august.messages.commands import send
from august.trade.models import Shipment

PERCENT = 100
REMIND_DAYS = 3
NEXT: Mapping[str, Callable[..., None]] = {
    "paid": orders.pick_up,
    "picked_up": orders.depart,
    "departed": orders.deliver,
}


@cache
def _due() -> Select[Any]:
    table = plain(LogisticsOrder)
    return select(table.c.id).where(table.c.due <= bindparam("now")).order_by(table.c.due, table.c.id)


@cache
def _followed() -> Select[Any]:
    """Orders whose goods' shipment is further than they are."""
    order, shipment = plain(LogisticsOrder), plain(Shipment)
    further = or_(
        (order.c.state == "picked_up") & shipment.c.departed_at.is_not(None),
        (order.c.state == "departed") & shipment.c.arrived_at.is_not(None),
    )
    wanted = order.c.state.in_(("picked_up", "departed")), order.c.shipment_id.is_not(None), further
    return (
        select(order.c.id, shipment.c.departed_at, shipment.c.arrived_at)
        .join(shipment, shipment.c.id == order.c.shipment_id)
        .where(*wanted)
        .order_by(order.c.id)
    )


def progress(ctx: Context) -> None:
    """Take every step that was due since the last time, at its own second."""
    connection = ctx.session.connection()
    while due := tuples(connection, _due(), {"now": to_epoch(ctx.now)}):
        for (number,) in due:
            _step(ctx, number)
        ctx.session.flush()
    for number, departed, arrived in tuples(connection, _followed()):
        order = ctx.session.get_one(LogisticsOrder, number)
        if order.state == "picked_up":
            orders.depart(ctx, order, from_epoch(departed))
        if arrived is not None:
            orders.deliver(ctx, order, from_epoch(arrived))


def _step(ctx: Context, number: int) -> None:
    order = ctx.session.get_one(LogisticsOrder, number)
    assert order.due is not None  # noqa: S101 - asked for by it
    at = from_epoch(order.due)
    order.due = None
    if order.state == "placed":
        orders.cancel(ctx, order, "unpaid", at)
        text = N_("Logistics order {id} was not paid in time and is cancelled.")
        path = f"{orders.PAGE}/{order.id}"
        send(ctx, text, to=order.merchant_id, kind="logistics", path=path, id=order.id)
    else:
        NEXT[order.state](ctx, order, at)


def open_quotas(ctx: Context, at: datetime) -> list[str]:
    """The quotas that could be taken from at an instant."""
    began = Window(quotas.BEGAN, values(ctx, "F10").booked_by.at + SECOND)
    windows = {
        "multimodal": values(ctx, "F7").paid.window,
        "charter": values(ctx, "F8").paid.window,
        "fcl_us_west": began,
        EXPRESS: values(ctx, "F6").shipping.window,
    }
    return [code for code, window in windows.items() if window.contains(at)]


def rivals(ctx: Context) -> None:
    """A day of the other stores of this market: each may take one piece of each quota (K5-logistics)."""
    codes = open_quotas(ctx, ctx.now - SECOND)
    if not codes:
        return
    rules: RivalRules = values(ctx, "K5-logistics")
    known = ctx.kept.get("logistics.rivals")
    if known is None:
        asked = select(Merchant).where(~Merchant.is_player).order_by(Merchant.id)
        known = ctx.kept["logistics.rivals"] = [
            (each.id, each.policy, each.member_until)
            for each in ctx.session.scalars(asked)
            if in_service(each, ctx.now)
        ]
    stores = [(number, policy) for number, policy, until in known if until > ctx.now]
    day = pt_day(ctx.now - SECOND).toordinal()
    ids = np.array([number for number, _ in stores], dtype=np.int64)
    wanted: list[tuple[str, int]] = []
    for code in codes:
        chances = np.array([rules.chances.get(policy, {}).get(code, 0) for _, policy in stores])
        takes = ctx.luck.uniforms(f"logistics.rival.{code}", ids, day) * PERCENT < chances
        wanted += [(code, number) for number in ids[takes].tolist()]
    if wanted:
        quotas.claim_many(ctx, wanted, ("rival_day", day))


def issue(ctx: Context) -> None:
    """F6: stores that took a place get their coupons."""
    rules: ExpressRules = values(ctx, "F6")
    limits: CouponRules = values(ctx, "F6-coupon")
    asked = (
        select(QuotaClaim.merchant_id)
        .join(Merchant, Merchant.id == QuotaClaim.merchant_id)
        .where(QuotaClaim.code == EXPRESS, QuotaClaim.returned_at.is_(None), Merchant.is_player)
        .order_by(QuotaClaim.merchant_id)
    )
    for merchant in list(ctx.session.scalars(asked)):
        store = by_id(ctx.session, Merchant, merchant)
        if store is None or not in_service(store, ctx.now):
            continue
        end = rules.usable.window
        coupons.issue(ctx, merchant, rules.coupons, rules.coupon_fen, limits.least_fen, end.end)
        send(
            ctx,
            N_("{count} freight coupons of {amount} are yours, to be used by {last}."),
            to=merchant,
            kind="logistics",
            path=BENEFITS,
            count=rules.coupons,
            amount=money(rules.coupon_fen, "CNY"),
            last=both(end.last_second),
        )


def expire(ctx: Context) -> None:
    """Coupons that nobody redeemed are over, also those that an unpaid order holds."""
    ended: dict[int, int] = {}
    for coupon in coupons.over(ctx):
        coupons.move(ctx, coupon, "expired")
        ended[coupon.merchant_id] = ended.get(coupon.merchant_id, 0) + 1
    for merchant, count in ended.items():
        text = N_("Freight coupons that ended unused: {count}")
        send(ctx, text, to=merchant, kind="logistics", path=BENEFITS, count=count)


def remind(ctx: Context) -> None:
    """Write about coupons that end soon."""
    soon: dict[int, list[Coupon]] = {}
    asked = select(Coupon).where(Coupon.state.in_(("issued", "returned", "locked")))
    for coupon in ctx.session.scalars(asked.order_by(Coupon.id)):
        soon.setdefault(coupon.merchant_id, []).append(coupon)
    for merchant, found in soon.items():
        text = N_("{count} freight coupons end unused at {last}.")
        send(
            ctx, text, to=merchant, kind="logistics", path=BENEFITS,
            count=len(found), last=both(found[0].last),
        )  # fmt: skip


def departed_too_late(ctx: Context) -> None:
    """F10: what has not departed by the last second loses its reduction, whatever held it up."""
    asked = select(LogisticsOrder).where(
        LogisticsOrder.offer == "fcl_us_west",
        LogisticsOrder.discount > 0,
        LogisticsOrder.departed_at.is_(None),
        LogisticsOrder.state != "cancelled",
    )
    for order in ctx.session.scalars(asked.order_by(LogisticsOrder.id)).all():
        orders.lose(ctx, order, "departed_late")


def jobs(rulebook: Rulebook) -> tuple[Job, ...]:
    """The room's jobs; the dated ones at the instants their rules name."""
    express: ExpressRules = rulebook.versions("F6")[-1].values
    west: UsWestRules = rulebook.versions("F10")[-1].values
    usable = express.usable.window
    reminded = day_start(pt_day(usable.end) - timedelta(days=REMIND_DAYS))
    return (
        Job(
            "logistics.progress",
            24,
            CronTrigger(hour="*/6", timezone=PACIFIC),
            progress,
            N_("Logistics orders move on"),
            routine=True,
        ),
        Job(
            "logistics.rivals",
            25,
            CronTrigger(hour=0, timezone=PACIFIC),
            rivals,
            N_("Rivals take from the logistics quotas"),
            routine=True,
        ),
        Job(
            "logistics.departed_late",
            26,
            Dates([west.departed_by.at + SECOND]),
            departed_too_late,
            N_("Containers that did not depart in time lose their reduction"),
        ),
        Job(
            "logistics.coupons_issue",
            27,
            Dates([express.issued.window.start]),
            issue,
            N_("Freight coupons are issued"),
        ),
        Job(
            "logistics.coupons_remind",
            28,
            Dates([reminded]),
            remind,
            N_("Freight coupons end soon"),
        ),
        Job(
            "logistics.coupons_expire",
            29,
            Dates([usable.end]),
            expire,
            N_("Freight coupons end"),
        ),
    )
