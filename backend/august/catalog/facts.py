"""From a product row to what the quality ball looks at (Q3)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from august.catalog import freight
from august.catalog.freight import Cure, OpenLine, Parcel
from august.catalog.lines import LineBook
from august.catalog.models import FreightLine, Product, Sku
from august.catalog.taxonomy import Taxonomy
from august.kernel.words import Phrase
from august.quality import facts as quality
from august.quality.facts import Finding, ProductFacts
from august.quality.rules import Region


def parcel_of(product: Product | Row[Any]) -> Parcel | None:
    """The shipment of a minimum order; None without package size or weight."""
    box, weight = product.package_mm, product.weight_g
    if not box or not weight or min(box["l"], box["w"], box["h"]) < 1:
        return None
    return Parcel(box["l"], box["w"], box["h"], weight, max(1, product.moq))


def opened(lines: Sequence[FreightLine]) -> tuple[OpenLine, ...]:
    """The lines of a template as freight is reckoned from them."""
    return tuple(OpenLine(line.line, frozenset(line.countries), line.delivery_by) for line in lines)


def product_facts(
    product: Product,
    skus: Sequence[Sku],
    lines: Sequence[OpenLine],
    region: Region,
    taxonomy: Taxonomy,
    book: LineBook,
) -> ProductFacts:
    """The facts of one product: its row, its variants, the lines of its template, its store's region."""
    leaf = taxonomy.leaf(product.leaf)
    parcel = parcel_of(product)
    without_freight, without_promise = freight.missing(parcel, lines, book, delivery_by=product.delivery_by)
    return ProductFacts(
        kind=product.kind,  # type: ignore[arg-type]  # the table's own check keeps it to the two kinds
        leaf_valid=leaf is not None,
        title=product.title,
        required_attributes=leaf.required if leaf else (),
        attributes=dict(product.attributes),
        keywords=tuple(product.keywords),
        description=product.description,
        images=tuple(product.images),
        price_mode=product.price_mode,  # type: ignore[arg-type]  # likewise
        moq=product.moq,
        tiers=tuple(quality.Tier(tier["quantity"], tier["cents"]) for tier in product.tiers),
        skus=tuple(quality.Sku(sku.code, sku.cents or 0) for sku in skus),
        fob_low_cents=product.fob_min_cents or 0,
        fob_high_cents=product.fob_max_cents or 0,
        package=_package(product),
        missing_freight=without_freight,
        missing_delivery_by=without_promise,
        sample_service=bool(product.sample),
        customization_service=bool(product.customization),
        exempt=leaf.exempt if leaf else frozenset(),
        region=region,
    )


def country_findings(product: Product, lines: Sequence[OpenLine], book: LineBook) -> tuple[Finding, ...]:
    """What to do about core countries without freight or promise, as the ball says it (Q5)."""
    parcel = parcel_of(product)
    without_freight, without_promise = freight.missing(parcel, lines, book, delivery_by=product.delivery_by)
    found: dict[str, list[Cure]] = {}
    if without_freight:
        found["freight_core_ten"] = freight.freight_cures(parcel, without_freight, lines, book)
    if without_promise:
        found["delivery_by_core_ten"] = freight.promise_cures(
            parcel, without_promise, lines, book, delivery_by=product.delivery_by
        )
    return tuple(
        Finding(check, cure.field, Phrase(cure.text, cure.params))
        for check, cures in found.items()
        for cure in cures
    )


def _package(product: Product) -> quality.Package | None:
    box = product.package_mm
    if not box or product.weight_g is None:
        return None
    return quality.Package(box["l"], box["w"], box["h"], product.weight_g)
