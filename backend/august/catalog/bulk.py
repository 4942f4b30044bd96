"""Changes of many products at once, first as a preview, then as one command (Q7)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from august.catalog.checks import Problems
from august.catalog.commands import check_complete, off_the_shelf, put_on_sale
from august.catalog.models import Product
from august.catalog.payloads import Bulk
from august.catalog.saving import SAMPLES_LIMIT, owns_template, variants_by_product
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import LARGEST_ID
from august.kernel.words import N_
from august.quality.queries import remeasure_all, scores_with

BULK_LIMIT = 500
OPTIONS_LIMIT = 12


@command("catalog.bulk", title=N_("Change many products at once"))
def bulk(ctx: Context, cmd: Bulk) -> dict[str, Any]:
    """Apply the given changes to all the products or to none; answers with the scores before and after."""
    products = chosen(ctx, cmd)
    before = {product.id: product.quality_tenths for product in products}
    values = changes(ctx, cmd)
    for product in products:
        for name, value in values.items():
            setattr(product, name, value)
        if values:
            product.version += 1
            product.updated_at = ctx.now
    ctx.session.flush()
    if values:
        remeasure_all(ctx, products)
    variants = variants_by_product(ctx, products) if cmd.status == "publish" else {}
    for product in products:
        if values:
            ctx.emit("catalog.product_saved", ("product", product.id), bulk=True)
        if cmd.status == "publish":
            check_complete(product, variants.get(product.id, ()))
            put_on_sale(ctx, product)
        elif cmd.status == "take_down":
            off_the_shelf(ctx, product)
    scores = [
        {"product": product.id, "before": before[product.id], "after": product.quality_tenths}
        for product in products
    ]
    return {"changed": len(products), "scores": scores}


def preview(ctx: Context, cmd: Bulk) -> list[tuple[Product, int]]:
    """The products and the tenths of their ball after the changes; nothing is written (Q7)."""
    products = chosen(ctx, cmd)
    return list(zip(products, scores_with(ctx, products, changes(ctx, cmd)), strict=True))


def chosen(ctx: Context, cmd: Bulk) -> Sequence[Product]:
    """The products meant, by id; refuses none, too many, and others' products."""
    wanted = sorted(set(cmd.products))
    if not wanted:
        raise Refusal("bulk.nothing_chosen", N_("Choose at least one product."))
    if len(wanted) > BULK_LIMIT:
        raise Refusal(
            "bulk.too_many",
            N_("At most {limit} products can be changed at once."),
            params={"limit": BULK_LIMIT},
        )
    found = list(
        ctx.session.scalars(
            select(Product)
            .where(
                Product.merchant_id == ctx.merchant,
                Product.id.in_([each for each in wanted if 0 < each <= LARGEST_ID]),
            )
            .order_by(Product.id)
        )
    )
    missing = set(wanted) - {product.id for product in found}
    if missing:
        raise Refusal(
            "product.unknown",
            N_("There is no product {id} in this store."),
            params={"id": min(missing)},
            status=404,
        )
    return found


def changes(ctx: Context, cmd: Bulk) -> dict[str, Any]:
    """Column values that the command sets; what it leaves out is not among them."""
    found = Problems()
    values: dict[str, Any] = {}
    if cmd.freight_template is not None:
        if not owns_template(ctx, cmd.freight_template):
            found.add("freight_template", N_("Choose one of your freight templates."))
        values["freight_template_id"] = cmd.freight_template
    if cmd.delivery_by is not None:
        values["delivery_by"] = cmd.delivery_by
    if cmd.customization is not None:
        if not cmd.customization or len(cmd.customization) > OPTIONS_LIMIT:
            found.add("customization", N_("Name at least one thing that can be customized."))
        values["customization"] = {
            "options": [
                found.text("customization", option, 80, required=True) for option in cmd.customization
            ]
        }
    if cmd.sample is not None:
        values["sample"] = {
            "price_cents": found.price("sample.price_usd", cmd.sample.price_usd),
            "max": found.number("sample.max", cmd.sample.max, 1, SAMPLES_LIMIT),
        }
    found.settle()
    if not values and cmd.status is None:
        raise Refusal("bulk.no_change", N_("Choose what to change."))
    return values
