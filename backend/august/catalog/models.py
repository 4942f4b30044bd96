"""Products, their variants, freight templates and saved table views."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from august.kernel.columns import Id, Instant, Json
from august.kernel.tables import WorldBase

KINDS = ("rts", "customization")
STATUSES = ("draft", "on_sale", "off_shelf")
PRICE_MODES = ("tier", "sku", "fob")
# Why pieces of a stock come or go.
MOVES = ("born", "edited", "ordered", "returned", "restocked")


class Product(WorldBase):
    """What a store offers; money is US cents, sizes millimetres, weights grams."""

    __tablename__ = "products"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    # A leaf code of categories.yaml.
    leaf: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16))
    # A list of search phrases.
    keywords: Mapped[Any] = mapped_column(Json)
    # By attribute code of categories.yaml.
    attributes: Mapped[Any] = mapped_column(Json)
    description: Mapped[str] = mapped_column(Text)
    # Names such as sofa-123, which catalog/pictures.py draws.
    images: Mapped[Any] = mapped_column(Json)
    price_mode: Mapped[str] = mapped_column(String(8))
    # A list of quantity and cents, rising quantities.
    tiers: Mapped[Any] = mapped_column(Json)
    fob_min_cents: Mapped[int | None] = mapped_column(BigInteger)
    fob_max_cents: Mapped[int | None] = mapped_column(BigInteger)
    moq: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(20))
    stock: Mapped[int] = mapped_column(Integer)
    # What a piece costs at the minimum order, the first price a buyer sees; 0 of a product without price.
    price_cents: Mapped[int] = mapped_column(BigInteger)
    # Sides l, w and h of one packed piece.
    package_mm: Mapped[Any | None] = mapped_column(Json)
    weight_g: Mapped[int | None] = mapped_column(BigInteger)
    # A list of up_to (pieces) and days, rising quantities.
    lead_times: Mapped[Any] = mapped_column(Json)
    freight_template_id: Mapped[int | None] = mapped_column(BigInteger)
    delivery_by: Mapped[bool] = mapped_column(Boolean)
    # price_cents of a sample and max, the most a buyer may have.
    sample: Mapped[Any | None] = mapped_column(Json)
    # The options, such as logo or packaging.
    customization: Mapped[Any | None] = mapped_column(Json)
    # Codes of the countries where installation and repair on site are promised; machinery only.
    local_service: Mapped[Any | None] = mapped_column(Json)
    # Codes of the countries this product is meant for.
    markets: Mapped[Any] = mapped_column(Json)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    # 42 is a ball of 4.2 (Q2).
    quality_tenths: Mapped[int] = mapped_column(Integer)
    # ids of the failing checks
    quality_failed: Mapped[Any] = mapped_column(Json)
    growth: Mapped[int] = mapped_column(Integer)
    # How many core countries have computable freight, and how many a delivery-by promise (Q3).
    reached: Mapped[int] = mapped_column(Integer)
    promised: Mapped[int] = mapped_column(Integer)
    __table_args__ = (
        CheckConstraint("kind IN ('rts', 'customization')", name="kind"),
        CheckConstraint("status IN ('draft', 'on_sale', 'off_shelf')", name="status"),
        CheckConstraint("price_mode IN ('tier', 'sku', 'fob')", name="price_mode"),
        Index(None, "merchant_id", "status"),
        Index(None, "leaf", "status"),
    )


class Sku(WorldBase):
    """A variant of a product; without cents of its own it costs what the tiers say."""

    __tablename__ = "skus"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(60))
    # What tells it apart, by attribute code: color Grey.
    spec: Mapped[Any] = mapped_column(Json)
    cents: Mapped[int | None] = mapped_column(BigInteger)
    stock: Mapped[int] = mapped_column(Integer)
    __table_args__ = (UniqueConstraint("product_id", "code"),)


class StockMove(WorldBase):
    """A change of a product's stock: every unit is accounted for."""

    __tablename__ = "stock_moves"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(BigInteger, index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    pieces: Mapped[int] = mapped_column(Integer)
    # One of MOVES.
    why: Mapped[str] = mapped_column(String(12))
    order_id: Mapped[int | None] = mapped_column(BigInteger)


class FreightTemplate(WorldBase):
    """A named set of lines that a store ships by."""

    __tablename__ = "freight_templates"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    # The Chinese port or city the goods leave from, e.g. "foshan".
    origin: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("merchant_id", "name"),)


class FreightLine(WorldBase):
    """One line of a template: which countries of lines.yaml's line the store opens."""

    __tablename__ = "freight_lines"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    template_id: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[str] = mapped_column(String(40))
    # Country codes of countries.yaml.
    countries: Mapped[Any] = mapped_column(Json)
    # Whether the store signs the line's delivery-by promise where the line offers one.
    delivery_by: Mapped[bool] = mapped_column(Boolean)
    __table_args__ = (UniqueConstraint("template_id", "line"),)


class LineStart(WorldBase):
    """The first time a store had a line in any of its freight templates; taking it out changes nothing."""

    __tablename__ = "line_starts"
    merchant_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class SavedView(WorldBase):
    """A filter of the product table that a store keeps under a name."""

    __tablename__ = "saved_views"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    merchant_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("merchant_id", "name"),)
