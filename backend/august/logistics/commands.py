"""What stores do about freight: place, book, pay, cancel (F6-F10)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from august.catalog import carriers
from august.catalog.carriers import Carrier
from august.festival import quotas
from august.kernel.columns import to_epoch
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import money
from august.kernel.money import amount, parse_amount
from august.kernel.tables import by_id
from august.kernel.words import N_, Phrase
from august.logistics import coupons, orders, steps
from august.logistics.judging import Judgement
from august.logistics.models import Coupon, LogisticsOrder
from august.logistics.orders import CLAIMED, own, state_rules
from august.logistics.payloads import BookContainer, OneOrder, PayOrder, PlaceOrder
from august.logistics.position import FREE, Position, judged, position
from august.logistics.quoting import Goods, base_of, checked, goods_of, shippable
from august.trade.commands import leave
from august.trade.models import Order


def summary(order: LogisticsOrder) -> dict[str, Any]:
    """What every command answers with."""
    unit = "usd" if order.currency == "USD" else "cny"
    return {
        "logistics_order": order.id,
        "state": order.state,
        "offer": order.offer,
        "coupon": order.coupon_id,
        f"base_{unit}": amount(order.base),
        f"discount_{unit}": amount(order.discount),
        f"pay_{unit}": amount(order.pay),
    }


@command("logistics.place", title=N_("Place a logistics order"))
def place(ctx: Context, cmd: PlaceOrder) -> dict[str, Any]:
    """Order freight of packages; a coupon that is used is locked from now on."""
    goods = goods_of(ctx, cmd)
    line = checked(ctx, goods, cmd.line)
    if cmd.order is not None:
        shippable(ctx, cmd.order, cmd.quantity, cmd.country)
    base, charged = base_of(line, goods)
    here = position(ctx)
    coupon = _named(ctx, cmd, here)
    if coupon is not None:
        here = Position(here.facts, here.quotas, [coupon])
    wanted = "coupon" if coupon is not None else cmd.benefit
    chosen = judged(ctx, here, line.code, base, wanted)[2]
    if wanted == "coupon" and chosen is None:
        raise _no_coupon(ctx, here, line, base)
    order = _stored(ctx, cmd, line, goods, base, charged)
    _promise(order, chosen)
    order.benefit = "none" if cmd.benefit == "none" else "coupon" if order.coupon_id else "offer"
    ctx.session.add(order)
    ctx.session.flush()
    order.tracking = f"LP{order.id:010d}CN"
    if order.coupon_id is not None:
        coupons.move(ctx, ctx.session.get_one(Coupon, order.coupon_id), "locked", order)
    orders.note(ctx, "placed", order)
    return summary(order)


def _stored(
    ctx: Context, cmd: PlaceOrder, line: Carrier, goods: Goods, base: int, charged: int
) -> LogisticsOrder:
    pay_by = ctx.now + timedelta(days=state_rules(ctx).unpaid_days)
    return LogisticsOrder(
        merchant_id=ctx.merchant,
        kind="parcel",
        line=line.code,
        country=goods.country,
        cargo=goods.cargo,
        order_id=cmd.order,
        quantity=cmd.quantity if cmd.order is not None else None,
        pieces=goods.pieces,
        weight_g=goods.weight_g,
        volume_mm3=goods.volume_mm3,
        charged_g=charged,
        currency="CNY",
        base=base,
        lost=0,
        state="placed",
        placed_at=ctx.now,
        pay_by=pay_by,
        tracking="",
        due=to_epoch(pay_by),
    )


def _promise(order: LogisticsOrder, chosen: Judgement | None) -> None:
    """What is taken off as things stand."""
    order.discount = 0 if chosen is None else chosen.discount
    order.pay = order.base - order.discount
    order.offer = None if chosen is None else chosen.code
    order.coupon_id = None if chosen is None else chosen.coupon


def _named(ctx: Context, cmd: PlaceOrder, here: Position) -> Coupon | None:
    """The coupon the store named; refused when it is not free."""
    if cmd.coupon is None:
        return None
    found = next((each for each in here.coupons if each.id == cmd.coupon), None)
    if found is None:
        known = by_id(ctx.session, Coupon, cmd.coupon)
        mine = known is not None and known.merchant_id == ctx.merchant
        raise Refusal(
            "coupon.not_free" if mine else "coupon.unknown",
            N_("Coupon {id} is locked, used or over.")
            if mine
            else N_("There is no coupon {id} in this store."),
            params={"id": cmd.coupon},
            rules=("F6-coupon",),
            fields={"coupon": Phrase(N_("Choose a free coupon."))},
            remedy=N_("Choose a free coupon in the benefits center, or none."),
            status=409 if mine else 404,
        )
    return found


def _no_coupon(ctx: Context, here: Position, line: Carrier, base: int) -> Refusal:
    """Why no coupon can be used for this freight."""
    judgement = judged(ctx, here, line.code, base, "coupon")[1]
    failed = [] if judgement is None else [each for each in judgement.why.children if each.outcome == "bad"]
    message, params = N_("No coupon can be used on {line}."), {"line": line.name}
    if failed:
        message, params = failed[0].message, failed[0].params
    return Refusal(
        "coupon.not_here",
        message,
        params=params,
        rules=("F6", "F6-coupon"),
        fields={"coupon": Phrase(message, params)},
        remedy=N_("Order without a coupon, or a freight that it can be used for."),
        status=409,
    )


@command("logistics.book", title=N_("Book a container"))
def book(ctx: Context, cmd: BookContainer) -> dict[str, Any]:
    """Book a container on a sailing; its reduction takes from the quota at once (F10)."""
    fleet = carriers.standing()
    sailing = fleet.sailings.get(cmd.sailing)
    service = None if sailing is None else fleet.services[sailing.service]
    port = None if service is None else service.ports.get(cmd.port)
    wrong = {
        name: Phrase(N_("Choose one of the offered values."))
        for name, missing in (
            ("sailing", sailing is None),
            ("port", service is not None and port is None),
            ("container", cmd.container not in fleet.containers),
        )
        if missing
    }
    if wrong or sailing is None or service is None or port is None:
        raise Refusal("logistics.bad_booking", N_("There is no such container to book."), fields=wrong)
    if ctx.now >= sailing.cutoff:
        raise Refusal(
            "logistics.cut_off",
            N_("Bookings of this sailing closed at {at}."),
            params={"at": sailing.cutoff},
            rules=("F10-sailings",),
            fields={"sailing": Phrase(N_("Choose a later sailing."))},
            remedy=N_("Choose a later sailing."),
            status=409,
        )
    here = position(ctx)
    facts = here.facts["fcl_us_west"]
    if facts.forwarder or facts.partner:
        raise Refusal(
            "logistics.no_space",
            N_("Freight forwarders and partners' companies get no space."),
            rules=("F10",),
            remedy=N_("Containers are for stores that sell goods."),
            status=403,
        )
    base = port.cents[cmd.container]
    chosen = judged(ctx, here, service.code, base)[2]
    order = LogisticsOrder(
        merchant_id=ctx.merchant,
        kind="fcl",
        line=service.code,
        sailing=sailing.code,
        port=port.code,
        container=cmd.container,
        country="US",
        cargo="general",
        pieces=1,
        weight_g=0,
        volume_mm3=0,
        charged_g=0,
        currency="USD",
        base=base,
        benefit="offer" if chosen is not None else "none",
        lost=0,
        state="placed",
        placed_at=ctx.now,
        pay_by=sailing.cutoff,
        tracking="",
        due=to_epoch(sailing.cutoff),
    )
    _promise(order, chosen)
    ctx.session.add(order)
    ctx.session.flush()
    order.tracking = f"DW{order.id:010d}CN" if service.label else f"SW{order.id:010d}CN"
    if chosen is not None:
        quotas.claim(ctx, "fcl_us_west", ("logistics_order", order.id))
    orders.note(ctx, "booked", order)
    return summary(order)


def due_now(ctx: Context, order: LogisticsOrder, here: Position | None = None) -> Judgement | None:
    """What would be taken off if an order were paid now: its locked coupon, or what its line has now."""
    if order.kind == "fcl" or order.benefit == "none":
        return None
    here = here or position(ctx)
    if order.benefit == "coupon":
        coupon = coupons.of(ctx, order)
        if coupon is not None and coupon.state == "locked" and ctx.now < coupon.valid_until:
            # Locked by this order it is free for this order.
            ready = Coupon(
                id=coupon.id,
                fen=coupon.fen,
                least_fen=coupon.least_fen,
                valid_from=coupon.valid_from,
                valid_until=coupon.valid_until,
                state=FREE[0],
            )
            return judged(ctx, Position(here.facts, here.quotas, [ready]), order.line, order.base, "coupon")[
                2
            ]
    return judged(ctx, here, order.line, order.base, "offer")[2]


@command("logistics.pay", title=N_("Pay the freight"))
def pay(ctx: Context, cmd: PayOrder) -> dict[str, Any]:
    """Pay: coupons are redeemed, reductions take from their quotas, goods of a buyer's order leave."""
    order = own(ctx, cmd.logistics_order)
    steps.require(order, "pay", ctx.now)
    if order.kind != "fcl":
        _settle(ctx, order)
    if cmd.expected is not None and parse_amount(cmd.expected, "expected") != order.pay:
        raise Refusal(
            "logistics.other_amount",
            N_("The freight is now {amount}: what is taken off has changed."),
            params={"amount": money(order.pay, order.currency)},
            rules=("F-logistics",),
            fields={"expected": Phrase(N_("Look at the new amount."))},
            remedy=N_("Look at the new amount and pay again, or cancel the order."),
            status=409,
        )
    order.state, order.paid_at = "paid", ctx.now
    orders.note(ctx, "paid", order, amount=order.pay, currency=order.currency)
    if order.order_id is not None:
        goods = ctx.session.get_one(Order, order.order_id)
        shipment = leave(ctx, goods, order.quantity, order.line)
        ctx.session.flush()
        order.shipment_id, order.tracking = shipment.id, shipment.tracking
        orders.pick_up(ctx, order, ctx.now)
    else:
        order.due = to_epoch(orders.pickup_at(ctx, order))
    return summary(order)


def _settle(ctx: Context, order: LogisticsOrder) -> None:
    """What is really taken off at payment; a coupon whose time ran out stays out."""
    chosen = due_now(ctx, order)
    held = coupons.of(ctx, order)
    _promise(order, chosen)
    if chosen is None:
        return
    if chosen.coupon is not None and held is not None:
        coupons.move(ctx, held, "redeemed")
    elif chosen.code in CLAIMED:
        quotas.claim(ctx, chosen.code, ("logistics_order", order.id))


@command("logistics.cancel", title=N_("Cancel the logistics order"))
def cancel(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Cancel before the goods are picked up: the freight is paid back, a valid coupon returns."""
    order = own(ctx, cmd.logistics_order)
    steps.require(order, "cancel", ctx.now)
    orders.cancel(ctx, order, "seller", ctx.now)
    return summary(order)


def revoke(ctx: Context, merchant: int) -> int:
    """F-logistics: a store penalised for embargoed or prohibited goods loses what it has not used up.

    For the room that penalises. Free and locked coupons are void, unpaid orders lose their reduction,
    containers that have not departed pay in full; returns how many were touched.
    """
    asked = select(Coupon).where(
        Coupon.merchant_id == merchant, Coupon.state.in_(("issued", "returned", "locked"))
    )
    void = list(ctx.session.scalars(asked.order_by(Coupon.id)))
    for coupon in void:
        coupons.move(ctx, coupon, "void")
    open_ = select(LogisticsOrder).where(
        LogisticsOrder.merchant_id == merchant,
        LogisticsOrder.discount > 0,
        LogisticsOrder.state.in_(("placed", "paid", "picked_up")),
    )
    touched = len(void)
    for order in ctx.session.scalars(open_.order_by(LogisticsOrder.id)).all():
        if order.state == "placed" or order.kind == "fcl":
            order.benefit = "none"
            orders.lose(ctx, order, "penalty")
            touched += 1
    return touched
