"""Why an order costs so much, and why a coupon is in its state: `logistics_order/{id}`, `coupon/{id}`."""

from typing import Any

from sqlalchemy import select

from august.catalog import carriers
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node, money
from august.kernel.tables import LARGEST_ID, Event
from august.kernel.words import N_, Phrase
from august.logistics.commands import due_now
from august.logistics.judging import Judgement, judge, ticket_met
from august.logistics.models import Coupon, LogisticsOrder
from august.logistics.orders import own
from august.logistics.position import Position, position, reduction_of, smallest, ticket_of, values
from august.logistics.rules import RULE_OF
from august.logistics.steps import able
from august.logistics.words import COUPONS, EVENTS, OFFERS, WHY_LOST

GRAMS = 1000


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and int(key) <= LARGEST_ID else 0


def why_order(ctx: Context, key: str) -> Node:
    """Base freight, what is or was taken off, and what stands against the rest."""
    order = own(ctx, _number(key))
    children, pay = [_base(order)], order.pay
    if able(order, "pay", ctx.now) and order.kind != "fcl":
        here = position(ctx)
        due = due_now(ctx, order, here)
        pay = order.base if due is None else due.pay
        children += _offered(ctx, order, here, due)
    elif order.offer is not None and order.discount:
        children.append(
            Node(
                N_("{offer} took off {discount}"),
                {"offer": Phrase(OFFERS[order.offer]), "discount": money(order.discount, order.currency)},
                rule=RULE_OF[order.offer],
                outcome="ok",
            )
        )
    if order.lost_why is not None:
        text = N_("A reduction of {lost} was lost: {why}")
        told = {"lost": money(order.lost, order.currency), "why": Phrase(WHY_LOST[order.lost_why])}
        children.append(Node(text, told, rule=RULE_OF[order.offer or "fcl_us_west"], outcome="bad"))
    return Node(
        N_("{base} of freight, {pay} to pay"),
        {"base": money(order.base, order.currency), "pay": money(pay, order.currency)},
        rule="F-logistics",
        children=tuple(children),
        outcome="note",
    )


def _base(order: LogisticsOrder) -> Node:
    if order.kind == "fcl":
        fleet = carriers.standing()
        service = fleet.services[order.line]
        told = {
            "container": str(order.container),
            "service": service.name,
            "port": service.ports[str(order.port)].name,
            "base": money(order.base, order.currency),
        }
        return Node(N_("A {container} by {service} by way of {port} costs {base}"), told, rule="F10-sailings")
    line = carriers.standing().lines[order.line]
    about: dict[str, Any] = {
        "line": line.name,
        "charged": order.charged_g / GRAMS,
        "actual": order.weight_g / GRAMS,
        "base": money(order.base, order.currency),
    }
    text = N_("{line}: {charged} kg are charged (actual weight {actual} kg), {base}")
    return Node(text, about, rule="F-logistics", outcome="ok")


def _offered(ctx: Context, order: LogisticsOrder, here: Position, due: Judgement | None) -> list[Node]:
    """The reduction of the line and the coupon of an unpaid order as they stand now."""
    found = []
    code = reduction_of(ctx, order.line)
    if code is not None:
        rules = values(ctx, RULE_OF[code])
        found.append(judge(code, order.base, here.facts[code], rules, smallest(ctx)).why)
    if due is not None and due.code == "coupon":
        found.append(due.why)
    return found


def why_coupon(ctx: Context, key: str) -> Node:
    """The state of a coupon, its conditions, and every change of it."""
    coupon = ctx.session.get(Coupon, _number(key))
    if coupon is None or coupon.merchant_id != ctx.merchant:
        raise Refusal(
            "coupon.unknown",
            N_("There is no coupon {id} in this store."),
            params={"id": key[:20]},
            rules=("F6-coupon",),
            status=404,
        )
    asked = select(Event).where(Event.object_kind == "coupon", Event.object_id == coupon.id)
    past = [
        Node(
            N_("{what} at {at}"),
            {"what": Phrase(EVENTS[event.kind]), "at": event.at},
            rule="F6-coupon",
            outcome="note",
        )
        for event in ctx.session.scalars(asked.order_by(Event.id))
    ]
    conditions = ticket_met(ticket_of(coupon), coupon.least_fen, ctx.now)
    return Node(
        N_("Coupon of {amount}: {state}, until {last}"),
        {"amount": money(coupon.fen, "CNY"), "state": Phrase(COUPONS[coupon.state]), "last": coupon.last},
        rule="F6-coupon",
        children=(*conditions, *past),
        outcome="ok" if coupon.state in {"issued", "returned", "redeemed"} else "note",
    )
