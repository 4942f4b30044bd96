"""What a store does with its products."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from august.catalog.checks import TITLE_LIMIT, Problems
from august.catalog.models import Product, SavedView, Sku, StockMove
from august.catalog.payloads import OneProduct, OneView, ProductSheet, SaveProduct, SaveView
from august.catalog.saving import columns, own_product, replace_variants, require_complete, variants_of
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_, Phrase
from august.quality.queries import remeasure

PRODUCTS_LIMIT = 20_000
VIEWS_LIMIT = 30
VIEW_NAME_LIMIT = 60
VIEW_QUERY_LIMIT = 1000
COLUMNS = tuple(column.name for column in Product.__table__.columns)


@command("catalog.save_product", title=N_("Save a product"))
def save_product(ctx: Context, cmd: SaveProduct) -> dict[str, Any]:
    """Create a draft or edit a product; the quality is measured again (Q5, Q8)."""
    if cmd.product is not None and cmd.version is None:
        raise Refusal(
            "product.version_missing",
            N_("An edit must name the version it began from."),
            fields={"version": Phrase(N_("This is required."))},
        )
    product = None if cmd.product is None else own_product(ctx, cmd.product, cmd.version)
    product = store(ctx, cmd, product, publish=cmd.publish)
    return summary(product)


def store(ctx: Context, sheet: ProductSheet, product: Product | None, *, publish: bool) -> Product:
    """Write a checked sheet into a new or an existing product and measure its quality."""
    values, variants = columns(ctx, sheet)
    if publish or (product is not None and product.status == "on_sale"):
        require_complete(values, variants)
    fresh = product is None
    if product is None:
        _room(ctx, 1)
        product = _blank(ctx)
        ctx.session.add(product)
    moved = values["stock"] - (product.stock or 0)
    for name, value in values.items():
        setattr(product, name, value)
    product.version += 1
    product.updated_at = ctx.now
    note_stock(ctx, product, moved)
    replace_variants(ctx, product, variants)
    remeasure(ctx, product)
    ctx.emit("catalog.product_created" if fresh else "catalog.product_saved", ("product", product.id))
    if publish and product.status != "on_sale":
        put_on_sale(ctx, product)
    ctx.session.flush()
    return product


def note_stock(ctx: Context, product: Product, pieces: int) -> None:
    """Account for pieces that an edit brought or took."""
    if pieces:
        ctx.session.flush()
        ctx.session.add(StockMove(product_id=product.id, at=ctx.now, pieces=pieces, why="edited"))


def _blank(ctx: Context) -> Product:
    return Product(
        merchant_id=ctx.merchant,
        status="draft",
        version=0,
        created_at=ctx.now,
        updated_at=ctx.now,
        published_at=None,
        quality_tenths=0,
        quality_failed=[],
        growth=0,
        reached=0,
        promised=0,
        stock=0,
    )


def _room(ctx: Context, more: int) -> None:
    count = ctx.session.scalar(select(func.count()).where(Product.merchant_id == ctx.merchant)) or 0
    if count + more > PRODUCTS_LIMIT:
        raise Refusal(
            "product.too_many",
            N_("A store keeps at most {limit} products."),
            params={"limit": PRODUCTS_LIMIT},
        )


def summary(product: Product) -> dict[str, Any]:
    """What every product command answers with."""
    return {
        "product": product.id,
        "version": product.version,
        "status": product.status,
        "quality": f"{product.quality_tenths // 10}.{product.quality_tenths % 10}",
    }


@command("catalog.publish_product", title=N_("Publish a product"))
def publish_product(ctx: Context, cmd: OneProduct) -> dict[str, Any]:
    """Put a draft or a product from off the shelf on sale (Q8)."""
    product = own_product(ctx, cmd.product, cmd.version)
    check_complete(product, variants_of(ctx, product))
    put_on_sale(ctx, product)
    return summary(product)


def check_complete(product: Product, variants: Sequence[Sku]) -> None:
    """Refuse to sell a stored product that lacks what buyers must see."""
    values = {name: getattr(product, name) for name in COLUMNS}
    require_complete(values, [{"cents": sku.cents} for sku in variants])


def put_on_sale(ctx: Context, product: Product) -> None:
    """Make the product visible to buyers; one that is on sale already stays as it is."""
    if product.status == "on_sale":
        return
    product.status = "on_sale"
    product.published_at = product.published_at or ctx.now
    _touch(ctx, product)
    ctx.emit("catalog.product_published", ("product", product.id))


@command("catalog.take_down", title=N_("Take a product down"))
def take_down(ctx: Context, cmd: OneProduct) -> dict[str, Any]:
    """Take a product off the shelf; nothing of it is lost (Q8)."""
    product = own_product(ctx, cmd.product, cmd.version)
    if product.status == "draft":
        raise Refusal(
            "product.not_on_sale",
            N_("Product {id} is a draft: it is not on sale."),
            params={"id": product.id},
        )
    off_the_shelf(ctx, product)
    return summary(product)


def off_the_shelf(ctx: Context, product: Product) -> None:
    """Hide a product on sale from buyers; others stay as they are."""
    if product.status != "on_sale":
        return
    product.status = "off_shelf"
    _touch(ctx, product)
    ctx.emit("catalog.product_taken_down", ("product", product.id))


def _touch(ctx: Context, product: Product) -> None:
    product.version += 1
    product.updated_at = ctx.now


@command("catalog.copy_product", title=N_("Copy a product"))
def copy_product(ctx: Context, cmd: OneProduct) -> dict[str, Any]:
    """Make a draft with everything the product says (Q8)."""
    source = own_product(ctx, cmd.product, cmd.version)
    _room(ctx, 1)
    copy = _blank(ctx)
    for name in set(COLUMNS) - {
        "id",
        "merchant_id",
        "status",
        "version",
        "created_at",
        "updated_at",
        "published_at",
    }:
        setattr(copy, name, getattr(source, name))
    copy.title = _copied_title(source.title)
    copy.version = 1
    copy.growth = 0
    ctx.session.add(copy)
    note_stock(ctx, copy, copy.stock)
    variants = [
        {"code": sku.code, "spec": sku.spec, "cents": sku.cents, "stock": sku.stock}
        for sku in variants_of(ctx, source)
    ]
    replace_variants(ctx, copy, variants)
    remeasure(ctx, copy)
    ctx.emit("catalog.product_copied", ("product", copy.id), source=source.id)
    return summary(copy)


def _copied_title(title: str) -> str:
    mark = " (copy)"
    return title if title.endswith(mark) else title[: TITLE_LIMIT - len(mark)] + mark


@command("catalog.save_view", title=N_("Save a view of the product table"))
def save_view(ctx: Context, cmd: SaveView) -> dict[str, Any]:
    """Keep the filters of the product table under a name."""
    found = Problems()
    name = found.text("name", cmd.name, VIEW_NAME_LIMIT, required=True)
    query = found.text("query", cmd.query, VIEW_QUERY_LIMIT)
    found.settle()
    views = list(ctx.session.scalars(select(SavedView).where(SavedView.merchant_id == ctx.merchant)))
    view = next((each for each in views if each.name == name), None)
    if view is None:
        if len(views) >= VIEWS_LIMIT:
            raise Refusal(
                "view.too_many", N_("At most {limit} views can be kept."), params={"limit": VIEWS_LIMIT}
            )
        view = SavedView(merchant_id=ctx.merchant, name=name, query=query)
        ctx.session.add(view)
    view.query = query
    ctx.session.flush()
    return {"view": view.id}


@command("catalog.delete_view", title=N_("Delete a view of the product table"))
def delete_view(ctx: Context, cmd: OneView) -> dict[str, Any]:
    """Forget a saved view."""
    view = by_id(ctx.session, SavedView, cmd.view)
    if view is None or view.merchant_id != ctx.merchant:
        raise Refusal("view.unknown", N_("There is no view {id}."), params={"id": cmd.view}, status=404)
    ctx.session.delete(view)
    return {"view": cmd.view}
