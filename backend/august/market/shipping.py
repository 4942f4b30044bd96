"""Shipments step by step, and shelves filled up again."""

import numpy as np

from august.catalog.carriers import days_to
from august.catalog.shelf import shelf
from august.kernel.plain import Row
from august.market.demand import between
from august.market.tick import DAY, HOUR, Tick
from august.trade import effects, steps

# Days on the way where no line says how many, and how many more when something goes wrong.
UNKNOWN_WAY = (24.0, 40.0)
DELAYED_PERCENT, DELAY = 4.0, (2.0, 7.0)
LOW_SHELVES, REFILL = 5, 20


def send(tick: Tick, order: Row, quantity: int, at: int) -> None:
    """Hand goods over to the line."""
    tick.push("shipment", tick.shipments.add(effects.shipment(order, quantity, None, at)))


def plan(tick: Tick, row: Row) -> tuple[int, str] | None:
    """The next tracking event."""
    order = tick.orders.get(row["order_id"])
    key = row["quantity"]
    numbers = tick.demand.deals
    departs = row["shipped_at"] + int(
        between(numbers.depart_hours, tick.share("ship.depart", order, key)) * HOUR
    )
    if row["departed_at"] is None:
        return departs, "depart"
    way = int(days_on_the_way(tick, order, row) * DAY)
    arrives = max(row["shipped_at"] + way, row["departed_at"] + HOUR)
    if row["cleared_at"] is None:
        share = between(numbers.cleared_share, tick.share("ship.clear", order, key))
        return max(row["departed_at"], row["shipped_at"] + int(way * share)), "clear"
    return (max(arrives, row["cleared_at"]), "arrive") if row["arrived_at"] is None else None


def days_on_the_way(tick: Tick, order: Row, row: Row) -> float:
    """By the line's own span to that country, sometimes longer."""
    known = days_to(row["line"], order["country"])
    span = UNKNOWN_WAY if known is None else (float(known[0]), float(known[1]))
    days = between(span, tick.share("ship.way", order, row["quantity"]))
    if tick.percent("ship.delayed", order, DELAYED_PERCENT, row["quantity"]):
        days += between(DELAY, tick.share("ship.delay", order, row["quantity"]))
    return days


def act(tick: Tick, row: Row, at: int, action: str) -> None:
    """Write the event down; the last arrival brings the order to its buyer."""
    name = {"depart": "departed_at", "clear": "cleared_at", "arrive": "arrived_at"}[action]
    tick.change("shipment", row, {name: at, "due": None if action == "arrive" else 0})
    order = tick.orders.get(row["order_id"])
    tick.note(
        f"trade.{name.removesuffix('_at')}",
        ("order", order["id"]),
        order,
        at,
        "carrier",
        tracking=row["tracking"],
    )
    if action != "arrive":
        return
    # All shipments of an order whose shipment is due are in hand.
    whole = [each for each in tick.shipments.rows.values() if each["order_id"] == order["id"]]
    if order["state"] == "shipped" and all(each["arrived_at"] is not None for each in whole):
        tick.change("order", order, steps.arrive(order, at))


def restock(tick: Tick) -> None:
    """Stores that look after their shelves fill them at the end of a PT day."""
    at = tick.period.end - 1
    all_ = shelf(tick.ctx)
    low = np.flatnonzero((all_.rts == 1) & (all_.on_sale == 1) & (all_.stock < all_.moq * LOW_SHELVES))
    tick.fetch(all_.ids[low].tolist())
    for number in all_.ids[low].tolist():
        product = tick.product(number)
        policy = tick.policy(product, "restock")
        if policy is None or product["stock"] >= product["moq"] * LOW_SHELVES:
            continue
        if tick.luck.uniform("shelf.refill", number, tick.period.number) * 100 < policy.restock:
            tick.move_stock(product, product["moq"] * REFILL, "restocked", None, at)
