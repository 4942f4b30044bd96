"""What the logistics commands take: grams and millimetres, of one package."""

from typing import Literal

import msgspec

Cargo = Literal["general", "electronics", "cosmetics", "special", "plant"]
Benefit = Literal["best", "offer", "coupon", "none"]


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class Parcel(Payload, frozen=True):
    """Packages of one size: how many, sides in millimetres and grams of one."""

    pieces: int
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int


class PlaceOrder(Payload, frozen=True):
    """Packages by a line to a country; `order` and `quantity` say whose goods of a buyer's order they are.

    `benefit` best takes what takes off most: a platform reduction or a coupon; `coupon` names one.
    """

    line: str
    country: str
    parcel: Parcel
    cargo: Cargo = "general"
    order: int | None = None
    quantity: int | None = None
    benefit: Benefit = "best"
    coupon: int | None = None


class BookContainer(Payload, frozen=True):
    """A container on a sailing to the door behind a port."""

    sailing: str
    port: str
    container: str


class PayOrder(Payload, frozen=True):
    """A logistics order; `expected` is the amount that was shown, such as 275.00: another one is refused."""

    logistics_order: int
    expected: str | None = None


class OneOrder(Payload, frozen=True):
    """A logistics order."""

    logistics_order: int
