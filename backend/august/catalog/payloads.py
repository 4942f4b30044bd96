"""What the catalogue's commands take: money as text, sizes in millimetres, weights in grams."""

from typing import Literal

import msgspec

Kind = Literal["rts", "customization"]
PriceMode = Literal["tier", "sku", "fob"]


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class Tier(Payload, frozen=True):
    """From this quantity on a piece costs so much."""

    quantity: int
    price_usd: str


class SkuLine(Payload, frozen=True):
    """A variant; without a price of its own it costs what the tiers say."""

    code: str
    spec: dict[str, str] = {}
    price_usd: str = ""
    stock: int = 0


class LeadTime(Payload, frozen=True):
    """Up to this quantity an order leaves within so many days."""

    up_to: int
    days: int


class Package(Payload, frozen=True):
    """One packed piece, in millimetres."""

    l: int  # noqa: E741 - length, as in the stored record and on every carton
    w: int
    h: int


class Sample(Payload, frozen=True):
    """The sample service: price of a sample and how many a buyer may have."""

    price_usd: str
    max: int = 1


class ProductSheet(Payload, frozen=True):
    """All that a merchant says about a product."""

    kind: Kind
    leaf: str
    title: str
    keywords: list[str] = []
    attributes: dict[str, str] = {}
    description: str = ""
    images: list[str] = []
    price_mode: PriceMode = "tier"
    tiers: list[Tier] = []
    fob_min_usd: str = ""
    fob_max_usd: str = ""
    skus: list[SkuLine] = []
    moq: int = 1
    unit: str = "piece"
    stock: int = 0
    package_mm: Package | None = None
    weight_g: int | None = None
    lead_times: list[LeadTime] = []
    freight_template: int | None = None
    delivery_by: bool = False
    sample: Sample | None = None
    customization: list[str] | None = None
    local_service: list[str] = []
    markets: list[str] = []


class SaveProduct(ProductSheet, frozen=True):
    """Create (no `product`) or edit; an edit names the `version` it began from."""

    product: int | None = None
    version: int | None = None
    publish: bool = False


class OneProduct(Payload, frozen=True):
    """A product of one's own; `version`, when given, must still be the current one."""

    product: int
    version: int | None = None


class Bulk(Payload, frozen=True):
    """Changes for many products at once; a field that is left out stays as it is (Q7)."""

    products: list[int]
    status: Literal["publish", "take_down"] | None = None
    freight_template: int | None = None
    delivery_by: bool | None = None
    customization: list[str] | None = None
    sample: Sample | None = None


class SaveView(Payload, frozen=True):
    """Keep a filter of the product table; the same name replaces the older one."""

    name: str
    query: str


class OneView(Payload, frozen=True):
    """A saved view of one's own."""

    view: int


class FreightLineSheet(Payload, frozen=True):
    """A line of a template: the countries it opens, and whether its delivery-by promise is signed."""

    line: str
    countries: list[str]
    delivery_by: bool = False


class SaveFreightTemplate(Payload, frozen=True):
    """Create (no `template`) or edit a freight template."""

    name: str
    origin: str
    lines: list[FreightLineSheet]
    template: int | None = None


class OneTemplate(Payload, frozen=True):
    """A freight template of one's own."""

    template: int


class ImportedProduct(ProductSheet, frozen=True):
    """A line of an uploaded table: a new product, or changes of an existing one."""

    product: int | None = None


class ImportProducts(Payload, frozen=True):
    """Products read from a table; all are taken or none."""

    rows: list[ImportedProduct]
    lines: list[int] = []
