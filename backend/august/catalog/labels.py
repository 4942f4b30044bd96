"""The fields of a product as people call them: for refusals beside a form and for the columns of a table."""

from collections.abc import Mapping

from august.catalog.importing import HEADER, TIERS
from august.kernel.words import N_, Phrase

FIELDS: Mapping[str, str] = {
    "kind": N_("Product type"),
    "leaf": N_("Product category"),
    "title": N_("Title"),
    "keywords": N_("Keywords"),
    "unit": N_("Unit"),
    "attributes": N_("Product attributes"),
    "images": N_("Pictures"),
    "description": N_("Description"),
    "price_mode": N_("Price by"),
    "tiers": N_("Quantity tiers"),
    "skus": N_("Variants (SKU)"),
    "fob_min_usd": N_("FOB price range"),
    "fob_max_usd": N_("FOB price range"),
    "moq": N_("Minimum order quantity"),
    "stock": N_("Stock"),
    "package": N_("Package of one piece"),
    "weight_kg": N_("Gross weight"),
    "lead_times": N_("Lead time"),
    "freight_template": N_("Freight template"),
    "delivery_by": N_("Delivery-by"),
    "sample": N_("Sample service"),
    "customization": N_("What can be customized"),
    "local_service": N_("Local after-sales service"),
    "markets": N_("Target markets"),
}
COLUMNS: Mapping[str, str] = {
    "id": N_("No., empty for a new product"),
    "status": N_("Status, not read"),
    "kind": N_("Product type: rts or customization"),
    "leaf": N_("Code of the leaf category"),
    "title": N_("Title"),
    "keywords": N_("Keywords"),
    "attributes": N_("Product attributes: name=text"),
    "description": N_("Description"),
    "images": N_("Pictures"),
    "price_mode": N_("Price by: tier, sku or fob"),
    "fob_min_usd": N_("FOB range from, US$"),
    "fob_max_usd": N_("FOB range to, US$"),
    "skus": N_("Variants: code; price; stock; color=Grey"),
    "moq": N_("Minimum order quantity"),
    "unit": N_("Unit"),
    "stock": N_("Stock"),
    "length_mm": N_("Length, mm"),
    "width_mm": N_("Width, mm"),
    "height_mm": N_("Height, mm"),
    "weight_g": N_("Gross weight, g"),
    "lead_times": N_("Lead time: 50:7 is up to 50 pieces in 7 days"),
    "freight_template": N_("Name of the freight template"),
    "delivery_by": N_("Delivery-by: yes or no"),
    "sample_price_usd": N_("Price of a sample, US$"),
    "sample_max": N_("Samples a buyer at most"),
    "customization": N_("What can be customized"),
    "local_service": N_("Countries of local after-sales service, such as US DE; Machinery only"),
    "markets": N_("Target countries, such as US DE"),
    "quality": N_("Quality, not read"),
}
TIER_COLUMNS: Mapping[str, Phrase] = {
    name: Phrase(words, {"n": n})
    for n in TIERS
    for name, words in (
        (f"tier{n}_quantity", N_("Tier {n}: from quantity")),
        (f"tier{n}_price_usd", N_("Tier {n}: price, US$")),
    )
}


def field_label(name: str) -> Phrase | str:
    """What a field of the product form is called; in a table of the form with its row."""
    base, *rest = name.split("-")
    label = Phrase(FIELDS[base]) if base in FIELDS else name
    if rest and rest[0].isascii() and rest[0].isdigit():
        return Phrase(N_("{field}, row {row}"), {"field": label, "row": int(rest[0]) + 1})
    return label


def columns() -> Mapping[str, Phrase]:
    """Every column of a product table with its meaning, in the order of the table."""
    return {name: TIER_COLUMNS.get(name) or Phrase(COLUMNS[name]) for name in HEADER}
