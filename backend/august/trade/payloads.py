"""What the commands of orders take."""

from typing import Literal

import msgspec

Channel = Literal["ta", "e_collection"]
ExportMode = Literal["onetouch", "market", "self", "easy"]
Special = Literal["none", "TALC", "TAPLC", "TAOLC"]
Terms = Literal["full", "before_shipment", "oa"]


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a command takes: unknown fields are refused."""


class DraftOrder(Payload, frozen=True):
    """An order over buyer and product of an inquiry, or those named; without a price at the list price."""

    quantity: int
    inquiry: int | None = None
    buyer: int | None = None
    product: int | None = None
    unit_price_usd: str = ""
    terms: Terms = "before_shipment"
    oa_days: int | None = None
    channel: Channel = "ta"
    export_mode: ExportMode = "onetouch"
    special: Special = "none"


class OrderNow(Payload, frozen=True):
    """So many pieces of a product, at its own price."""

    product: int
    quantity: int


class OneOrder(Payload, frozen=True):
    """One order."""

    order: int


class ShipOrder(Payload, frozen=True):
    """So many pieces of an order, or all that are left; by the order's own line unless another is named."""

    order: int
    quantity: int | None = None
    line: str = ""


class ShipBatch(Payload, frozen=True):
    """Orders whose pieces all leave at once, each by its own line."""

    orders: list[int]


class SaveOrderView(Payload, frozen=True):
    """A name for filters of the order table."""

    name: str
    query: str


class OneOrderView(Payload, frozen=True):
    """One view."""

    view: int
