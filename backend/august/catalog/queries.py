"""What the product pages read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from august.catalog import reference
from august.catalog.models import FreightLine, FreightTemplate, Product, SavedView, Sku
from august.kernel.context import Context
from august.kernel.features import Hit
from august.kernel.tables import LARGEST_ID
from august.kernel.words import N_
from august.quality.queries import band_of, bands
from august.web.tables import Listing, Page

STATUS_WORDS = {"draft": N_("Draft"), "on_sale": N_("On sale"), "off_shelf": N_("Off the shelf")}
STATUS_TONES = {"draft": "", "on_sale": "good", "off_shelf": "middle"}
KIND_WORDS = {"rts": N_("Ready to Ship"), "customization": N_("Customization")}
UNIT_WORDS = {
    "piece": N_("piece"),
    "set": N_("set"),
    "pair": N_("pair"),
    "box": N_("box"),
    "unit": N_("unit"),
    "kilogram": N_("kilogram"),
    "square meter": N_("square meter"),
    "cubic meter": N_("cubic meter"),
}
BAND_WORDS = {"green": N_("green"), "amber": N_("amber"), "red": N_("red")}
FILTERS = ("q", "status", "kind", "industry", "band")
SORTS: Mapping[str, Any] = {
    "updated": Product.updated_at,
    "title": Product.title,
    "quality": Product.quality_tenths,
    "growth": Product.growth,
    "moq": Product.moq,
    "id": Product.id,
}
HITS = 8


class Line(msgspec.Struct, frozen=True):
    """A product as the table shows it; prices in US cents."""

    id: int
    title: str
    kind: str
    leaf: str
    status: str
    image: str
    low_cents: int | None
    high_cents: int | None
    moq: int
    unit: str
    quality_tenths: int
    band: str
    growth: int
    version: int
    updated_at: datetime


class Shelf(msgspec.Struct, frozen=True):
    """A page of the product table."""

    lines: Sequence[Line]
    page: Page
    counts: Mapping[str, int]


def shelf(ctx: Context, asked: Listing) -> Shelf:
    """The store's products that the filters want, one page of them, in three statements."""
    wanted = and_(*_conditions(ctx, asked.filters))
    total = ctx.session.scalar(select(func.count()).select_from(Product).where(wanted)) or 0
    page = asked.slice_of(total)
    key = SORTS.get(asked.sort, Product.updated_at)
    direction = key.desc() if asked.descending else key.asc()
    rows: Select[Any] = (
        select(Product).where(wanted).order_by(direction, Product.id).limit(page.size).offset(page.offset)
    )
    products = ctx.session.scalars(rows).all()
    own = _own_prices(ctx, [product.id for product in products if product.price_mode == "sku"])
    colours = bands(ctx)
    lines = [
        _line(product, own.get(product.id), band_of(colours, product.quality_tenths)) for product in products
    ]
    return Shelf(lines, page, status_counts(ctx))


def status_counts(ctx: Context) -> dict[str, int]:
    """How many of the store's products stand in each status."""
    rows = ctx.session.execute(
        select(Product.status, func.count())
        .where(Product.merchant_id == ctx.merchant)
        .group_by(Product.status)
    )
    return dict(rows.all())


def _conditions(ctx: Context, filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Product.merchant_id == ctx.merchant]
    if text := filters.get("q", ""):
        either: list[ColumnElement[bool]] = [Product.title.icontains(text, autoescape=True)]
        if text.isascii() and text.isdigit() and len(text) <= 15:  # noqa: PLR2004 - what fits a BIGINT
            either.append(Product.id == int(text))
        found.append(or_(*either))
    if (status := filters.get("status", "")) in STATUS_WORDS:
        found.append(Product.status == status)
    if (kind := filters.get("kind", "")) in KIND_WORDS:
        found.append(Product.kind == kind)
    if industry := filters.get("industry", ""):
        found.append(Product.leaf.in_(reference.leaves_of(industry)))
    upper: int | None = None
    for band in bands(ctx):
        if band.name == filters.get("band"):
            found.append(Product.quality_tenths >= band.least)
            if upper is not None:
                found.append(Product.quality_tenths < upper)
        upper = band.least
    return found


def _own_prices(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Lowest and highest variant price by product."""
    if not ids:
        return {}
    rows = ctx.session.execute(
        select(Sku.product_id, func.min(Sku.cents), func.max(Sku.cents))
        .where(Sku.product_id.in_(ids), Sku.cents.is_not(None))
        .group_by(Sku.product_id)
    )
    return {product: (low, high) for product, low, high in rows if low is not None and high is not None}


def price_range(product: Product, own: tuple[int, int] | None) -> tuple[int | None, int | None]:
    """The lowest and highest price of a product by its price mode, in cents."""
    if product.price_mode == "sku":
        return own or (None, None)
    if product.price_mode == "fob":
        return product.fob_min_cents, product.fob_max_cents
    cents = [tier["cents"] for tier in product.tiers]
    return (min(cents), max(cents)) if cents else (None, None)


def _line(product: Product, own: tuple[int, int] | None, band: str) -> Line:
    low, high = price_range(product, own)
    return Line(
        id=product.id,
        title=product.title,
        kind=product.kind,
        leaf=product.leaf,
        status=product.status,
        image=product.images[0] if product.images else "",
        low_cents=low,
        high_cents=high,
        moq=product.moq,
        unit=product.unit,
        quality_tenths=product.quality_tenths,
        band=band,
        growth=product.growth,
        version=product.version,
        updated_at=product.updated_at,
    )


def views(ctx: Context) -> Sequence[SavedView]:
    """The store's saved views by name."""
    return ctx.session.scalars(
        select(SavedView).where(SavedView.merchant_id == ctx.merchant).order_by(SavedView.name)
    ).all()


def view_query(asked: Listing) -> str:
    """What a saved view keeps of an address: filters, sort and size."""
    kept = dict(sorted(asked.filters.items()))
    return urlencode({**kept, "sort": asked.order, "size": asked.size})


class TemplateLine(msgspec.Struct, frozen=True):
    """A freight template as its table shows it."""

    id: int
    name: str
    origin: str
    lines: int
    countries: int
    products: int


def templates(ctx: Context) -> Sequence[FreightTemplate]:
    """The store's freight templates by name."""
    return ctx.session.scalars(
        select(FreightTemplate)
        .where(FreightTemplate.merchant_id == ctx.merchant)
        .order_by(FreightTemplate.name)
    ).all()


def template_table(ctx: Context) -> list[TemplateLine]:
    """The store's freight templates with their reach and how many products ship by each."""
    own = templates(ctx)
    lines = lines_by_template(ctx, [each.id for each in own])
    using = dict(
        ctx.session.execute(
            select(Product.freight_template_id, func.count())
            .where(Product.merchant_id == ctx.merchant, Product.freight_template_id.is_not(None))
            .group_by(Product.freight_template_id)
        ).all()
    )
    found = []
    for each in own:
        mine = lines.get(each.id, ())
        reach = {country for line in mine for country in line.countries}
        found.append(
            TemplateLine(each.id, each.name, each.origin, len(mine), len(reach), using.get(each.id, 0))
        )
    return found


def lines_of(ctx: Context, template_id: int) -> Sequence[FreightLine]:
    """The lines of a freight template in their order."""
    return lines_by_template(ctx, [template_id]).get(template_id, ())


def lines_by_template(ctx: Context, ids: Sequence[int]) -> Mapping[int, Sequence[FreightLine]]:
    """The lines of several freight templates in their order, in one statement."""
    found: dict[int, list[FreightLine]] = {}
    rows = select(FreightLine).where(FreightLine.template_id.in_(ids)).order_by(FreightLine.id)
    for line in ctx.session.scalars(rows):
        found.setdefault(line.template_id, []).append(line)
    return found


def find(ctx: Context, text: str) -> list[Hit]:
    """The store's products by id or words of the title, for Ctrl-K."""
    if ctx.actor.merchant is None or not text.strip():
        return []
    rows = ctx.session.execute(
        select(Product.id, Product.title)
        .where(*_conditions(ctx, {"q": text.strip()[:100]}))
        .order_by(Product.id)
        .limit(HITS)
    )
    return [Hit(title, N_("Product"), f"/products/{number}") for number, title in rows]


def by_ids(ctx: Context, ids: Sequence[int]) -> Sequence[Product]:
    """The store's products of those ids; others' are left out."""
    known = [each for each in ids if 0 < each <= LARGEST_ID]
    return ctx.session.scalars(
        select(Product).where(Product.merchant_id == ctx.merchant, Product.id.in_(known)).order_by(Product.id)
    ).all()


def exported(ctx: Context, ids: Sequence[int] = ()) -> list[tuple[Product, Sequence[Sku]]]:
    """All products of the store (or the given ones) with their variants, in two statements."""
    wanted = [Product.merchant_id == ctx.merchant, *([Product.id.in_(ids)] if ids else [])]
    products = ctx.session.scalars(select(Product).where(*wanted).order_by(Product.id)).all()
    skus: dict[int, list[Sku]] = {}
    rows = select(Sku).join(Product, Product.id == Sku.product_id).where(*wanted).order_by(Sku.id)
    for sku in ctx.session.scalars(rows):
        skus.setdefault(sku.product_id, []).append(sku)
    return [(product, skus.get(product.id, [])) for product in products]
