"""From a merchant's words to a stored product: checks, then columns and variants."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from august.catalog import reference
from august.catalog.checks import (
    ATTRIBUTE_LIMIT,
    ATTRIBUTES_LIMIT,
    DESCRIPTION_LIMIT,
    KEYWORD_LIMIT,
    KEYWORDS_LIMIT,
    NAME_LIMIT,
    QUANTITY_LIMIT,
    SKUS_LIMIT,
    TITLE_LIMIT,
    Problems,
)
from august.catalog.models import FreightTemplate, Product, Sku
from august.catalog.payloads import ProductSheet
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_

IMAGES_LIMIT = 6
PACKAGE_LIMIT_MM = 20_000
WEIGHT_LIMIT_G = 30_000_000
DAYS_LIMIT = 365
LEAD_TIMES_LIMIT = 4
SAMPLES_LIMIT = 100
CODE_LIMIT = 60
UNIT_LIMIT = 20
OPTIONS_LIMIT = 12


def own_product(ctx: Context, product_id: int, version: int | None = None) -> Product:
    """The acting store's product; 404 for another's, 409 when `version` is no longer the current one."""
    product = by_id(ctx.session, Product, product_id)
    if product is None or product.merchant_id != ctx.merchant:
        raise Refusal(
            "product.unknown",
            N_("There is no product {id} in this store."),
            params={"id": product_id},
            status=404,
        )
    if version is not None and version != product.version:
        raise Refusal(
            "product.stale",
            N_("Product {id} was changed meanwhile: it is at version {current}, the form began at {begun}."),
            params={"id": product_id, "current": product.version, "begun": version},
            remedy=N_("Open the product in another tab, compare, and save again from there."),
            status=409,
        )
    return product


def columns(ctx: Context, sheet: ProductSheet) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Checked column values of a product and of its variants; one refusal names every problem."""
    found, values, variants = collect(ctx, sheet)
    found.settle()
    prices = [variant["cents"] for variant in variants]
    return {**values, "price_cents": first_price(values, prices)}, variants


def first_price(values: Mapping[str, Any], variants: Sequence[int | None]) -> int:
    """What a piece costs at the minimum order: first tier, cheapest variant, or the range's beginning."""
    if values["price_mode"] == "sku":
        return min((cents for cents in variants if cents), default=0)
    if values["price_mode"] == "fob":
        return values["fob_min_cents"] or 0
    return values["tiers"][0]["cents"] if values["tiers"] else 0


def collect(ctx: Context, sheet: ProductSheet) -> tuple[Problems, dict[str, Any], list[dict[str, Any]]]:
    """What is wrong with a sheet, and its column values as far as they can be read."""
    found = Problems()
    values: dict[str, Any] = {
        "kind": sheet.kind,
        "price_mode": sheet.price_mode,
        "delivery_by": sheet.delivery_by,
        **_basics(found, sheet),
        **_trade(found, sheet),
        **_logistics(ctx, found, sheet),
        **_services(found, sheet),
        "local_service": _local_service(found, sheet),
    }
    return found, values, _variants(found, sheet)


def _basics(found: Problems, sheet: ProductSheet) -> dict[str, Any]:
    if not reference.is_leaf(sheet.leaf):
        found.add("leaf", N_("Choose a category from the list."))
    if len(sheet.keywords) > KEYWORDS_LIMIT:
        found.add("keywords", N_("At most {limit} entries are possible."), limit=KEYWORDS_LIMIT)
    if len(sheet.attributes) > ATTRIBUTES_LIMIT:
        found.add("attributes", N_("At most {limit} entries are possible."), limit=ATTRIBUTES_LIMIT)
    if len(sheet.images) > IMAGES_LIMIT:
        found.add("images", N_("At most {limit} entries are possible."), limit=IMAGES_LIMIT)
    if not all(reference.is_picture(name) for name in sheet.images):
        found.add("images", N_("Choose pictures from the ones offered."))
    title = found.text("title", " ".join(sheet.title.split(" ")), TITLE_LIMIT, required=True)
    keywords = [found.text("keywords", word, KEYWORD_LIMIT) for word in sheet.keywords]
    attributes = {
        found.text("attributes", name, NAME_LIMIT): found.text(
            f"attributes.{name[:NAME_LIMIT]}", text, ATTRIBUTE_LIMIT
        )
        for name, text in sheet.attributes.items()
    }
    return {
        "leaf": sheet.leaf,
        "title": title,
        "keywords": [word for word in keywords if word],
        "attributes": {name: text for name, text in attributes.items() if name and text},
        "description": found.text("description", sheet.description, DESCRIPTION_LIMIT, lines=True),
        "images": list(sheet.images),
        "unit": found.text("unit", sheet.unit, UNIT_LIMIT, required=True),
    }


def _trade(found: Problems, sheet: ProductSheet) -> dict[str, Any]:
    tiers = found.tiers("tiers", [(tier.quantity, tier.price_usd) for tier in sheet.tiers])
    low = found.price("fob_min_usd", sheet.fob_min_usd, required=False)
    high = found.price("fob_max_usd", sheet.fob_max_usd, required=False)
    if low is not None and high is not None and low > high:
        found.add("fob_max_usd", N_("The range ends below its beginning."))
    if len(sheet.lead_times) > LEAD_TIMES_LIMIT:
        found.add("lead_times", N_("At most {limit} entries are possible."), limit=LEAD_TIMES_LIMIT)
    for index, lead in enumerate(sheet.lead_times):
        found.number(f"lead_times.{index}.up_to", lead.up_to, 1, QUANTITY_LIMIT)
        found.number(f"lead_times.{index}.days", lead.days, 1, DAYS_LIMIT)
        if index and lead.up_to <= sheet.lead_times[index - 1].up_to:
            found.add(
                f"lead_times.{index}.up_to", N_("Each line needs a larger quantity than the one before.")
            )
    return {
        "tiers": [{"quantity": quantity, "cents": cents} for quantity, cents in tiers],
        "fob_min_cents": low,
        "fob_max_cents": high,
        "moq": found.number("moq", sheet.moq, 1, QUANTITY_LIMIT),
        "stock": found.number("stock", sheet.stock, 0, QUANTITY_LIMIT),
        "lead_times": [{"up_to": lead.up_to, "days": lead.days} for lead in sheet.lead_times],
    }


def _logistics(ctx: Context, found: Problems, sheet: ProductSheet) -> dict[str, Any]:
    package = None
    if sheet.package_mm is not None:
        package = {
            side: found.number(f"package_mm.{side}", size, 1, PACKAGE_LIMIT_MM)
            for side, size in (
                ("l", sheet.package_mm.l),
                ("w", sheet.package_mm.w),
                ("h", sheet.package_mm.h),
            )
        }
    if sheet.weight_g is not None:
        found.number("weight_g", sheet.weight_g, 1, WEIGHT_LIMIT_G)
    if sheet.freight_template is not None and not owns_template(ctx, sheet.freight_template):
        found.add("freight_template", N_("Choose one of your freight templates."))
    if any(not reference.is_country(code) for code in sheet.markets):
        found.add("markets", N_("Choose countries from the list."))
    return {
        "package_mm": package,
        "weight_g": sheet.weight_g,
        "freight_template_id": sheet.freight_template,
        "markets": list(dict.fromkeys(sheet.markets)),
    }


def owns_template(ctx: Context, template_id: int) -> bool:
    """Whether the freight template is the acting store's own."""
    template = by_id(ctx.session, FreightTemplate, template_id)
    return template is not None and template.merchant_id == ctx.merchant


def _services(found: Problems, sheet: ProductSheet) -> dict[str, Any]:
    sample = None
    if sheet.sample is not None:
        sample = {
            "price_cents": found.price("sample.price_usd", sheet.sample.price_usd),
            "max": found.number("sample.max", sheet.sample.max, 1, SAMPLES_LIMIT),
        }
    options = None
    if sheet.customization is not None:
        if len(sheet.customization) > OPTIONS_LIMIT:
            found.add("customization", N_("At most {limit} entries are possible."), limit=OPTIONS_LIMIT)
        options = [found.text("customization", option, NAME_LIMIT) for option in sheet.customization]
        if not any(options):
            found.add("customization", N_("Name at least one thing that can be customized."))
    return {
        "sample": sample,
        "customization": None if options is None else {"options": [option for option in options if option]},
    }


def _local_service(found: Problems, sheet: ProductSheet) -> list[str] | None:
    """The countries of local after-sales service, each once; None where none is promised (S6)."""
    countries = list(dict.fromkeys(sheet.local_service))
    if not countries:
        return None
    leaf = reference.leaf(sheet.leaf)
    if leaf is not None and not leaf.local_service:
        found.add("local_service", N_("Local after-sales service is for products of Machinery only."))
    elif not all(reference.is_country(code) for code in countries):
        found.add("local_service", N_("Choose countries from the list."))
    return countries


def _variants(found: Problems, sheet: ProductSheet) -> list[dict[str, Any]]:
    if len(sheet.skus) > SKUS_LIMIT:
        found.add("skus", N_("At most {limit} entries are possible."), limit=SKUS_LIMIT)
    seen: set[str] = set()
    variants = []
    for index, sku in enumerate(sheet.skus[:SKUS_LIMIT]):
        code = found.text(f"skus.{index}.code", sku.code, CODE_LIMIT, required=True)
        if code in seen:
            found.add(f"skus.{index}.code", N_("Two variants have the same code."))
        seen.add(code)
        spec = {
            found.text(f"skus.{index}.spec", name, NAME_LIMIT): found.text(
                f"skus.{index}.spec", text, NAME_LIMIT
            )
            for name, text in sku.spec.items()
        }
        variants.append(
            {
                "code": code,
                "spec": {name: text for name, text in spec.items() if name and text},
                "cents": found.price(
                    f"skus.{index}.price_usd", sku.price_usd, required=sheet.price_mode == "sku"
                ),
                "stock": found.number(f"skus.{index}.stock", sku.stock, 0, QUANTITY_LIMIT),
            }
        )
    return variants


def require_complete(values: dict[str, Any], variants: list[dict[str, Any]]) -> None:
    """What a product on sale must say; a draft may still lack it (Q8)."""
    found = Problems()
    mode = values["price_mode"]
    if mode == "tier" and not values["tiers"]:
        found.add("tiers", N_("A product on sale needs a price."))
    if mode == "sku" and not variants:
        found.add("skus", N_("A product on sale needs a price."))
    if mode == "fob" and (values["fob_min_cents"] is None or values["fob_max_cents"] is None):
        found.add("fob_min_usd", N_("A product on sale needs a price."))
    if not values["images"]:
        found.add("images", N_("A product on sale needs a picture."))
    found.settle()


def replace_variants(ctx: Context, product: Product, variants: list[dict[str, Any]]) -> None:
    """Let the product have exactly these variants."""
    ctx.session.flush()
    ctx.session.execute(delete(Sku).where(Sku.product_id == product.id))
    ctx.session.add_all([Sku(product_id=product.id, **variant) for variant in variants])
    ctx.session.flush()


def variants_of(ctx: Context, product: Product) -> list[Sku]:
    """The product's variants in their order."""
    return variants_by_product(ctx, [product]).get(product.id, [])


def variants_by_product(ctx: Context, products: Sequence[Product]) -> dict[int, list[Sku]]:
    """The variants of several products in their order, in one statement."""
    found: dict[int, list[Sku]] = {}
    rows = select(Sku).where(Sku.product_id.in_([each.id for each in products])).order_by(Sku.id)
    for sku in ctx.session.scalars(rows):
        found.setdefault(sku.product_id, []).append(sku)
    return found
