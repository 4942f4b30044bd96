"""What a step leaves behind beside its order: receipts, shipments, pieces taken from stock, a review to come.

Plain rows again, so that a person's command and the market's bulk work write the same.
"""

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
Fresh = dict[str, Any]
# The way of goods that no logistics line of ours carries.
OTHER_LINE = "other"


def receipt(order: Row, kind: str, cents: int, at: int) -> Fresh:
    """A payment booked to an order."""
    return {
        "order_id": order["id"],
        "merchant_id": order["merchant_id"],
        "kind": kind,
        "cents": cents,
        "booked_at": at,
        "cancelled_at": None,
    }


def shipment(order: Row, quantity: int, line: str | None, at: int) -> Fresh:
    """Goods handed over to a line; `order` counts them among the shipped ones already."""
    return {
        "order_id": order["id"],
        "merchant_id": order["merchant_id"],
        "quantity": quantity,
        "line": line or order["line"] or OTHER_LINE,
        "tracking": tracking(order),
        "shipped_at": at,
        "departed_at": None,
        "cleared_at": None,
        "arrived_at": None,
        "due": 0,
    }


def tracking(order: Row) -> str:
    """A number to follow the last shipment of an order by."""
    return f"AG{(order['luck'] * 31 + order['shipped_quantity']) % 10**10:010d}CN"


def set_aside(order: Row, stock: int) -> int:
    """How many pieces the first payment takes from the stock: what is ordered, as far as it is there."""
    return min(stock, int(order["quantity"])) if order["kind"] == "rts" else 0


def back_on_the_shelf(order: Row) -> bool:
    """Whether the pieces of an order that ends or loses its payment return: none of them has left."""
    return order["kind"] == "rts" and not order["shipped_quantity"]


def awaited_review(order: Row, at: int) -> Fresh:
    """From its receipt on an order can be reviewed."""
    return {
        "order_id": order["id"],
        **{name: order[name] for name in ("merchant_id", "buyer_id", "product_id", "luck")},
        "received_at": at,
        "invited_at": None,
        "invitation": None,
        "due": 0,
    }
