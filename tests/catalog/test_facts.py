from typing import Any

from august.catalog import lines, taxonomy
from august.catalog.facts import opened, parcel_of, product_facts
from august.catalog.freight import Parcel
from august.catalog.models import FreightLine, Product, Sku


def product(**changes: Any) -> Product:
    values: dict[str, Any] = {
        "id": 7,
        "merchant_id": 1,
        "kind": "rts",
        "leaf": "table_lamps",
        "title": "Nordic Dimmable LED Table Lamp for Bedroom",
        "keywords": ["table lamp"],
        "attributes": {"light_source": "Dimmable LED"},
        "description": "",
        "images": ["lamp-1"],
        "price_mode": "tier",
        "tiers": [{"quantity": 5, "cents": 1900}],
        "moq": 5,
        "package_mm": {"l": 320, "w": 280, "h": 420},
        "weight_g": 1500,
        "delivery_by": True,
        "sample": None,
        "customization": {"options": ["logo"]},
    }
    return Product(**{**values, **changes})


def facts(item: Product, *freight: FreightLine) -> Any:
    skus = [Sku(code="A", cents=1900), Sku(code="B", cents=None)]
    return product_facts(item, skus, opened(freight), "mainland", taxonomy.standing(), lines.standing())


def test_a_row_becomes_facts() -> None:
    line = FreightLine(line="express_standard", countries=["US", "DE", "FR"], delivery_by=True)
    found = facts(product(), line)
    assert found.leaf_valid
    assert found.required_attributes == (
        "light_source",
        "color",
        "style",
        "certification",
        "place_of_origin",
    )
    assert [(tier.quantity, tier.cents) for tier in found.tiers] == [(5, 1900)]
    assert [(sku.code, sku.cents) for sku in found.skus] == [("A", 1900), ("B", 0)]
    assert found.missing_freight == {"CA", "GB", "AU", "NZ", "NL", "IT", "ES"}
    assert found.missing_delivery_by == found.missing_freight
    assert (found.sample_service, found.customization_service) == (False, True)
    assert found.exempt == frozenset()


def test_an_unknown_leaf_is_not_valid_and_asks_no_attributes() -> None:
    found = facts(product(leaf="gone"))
    assert (found.leaf_valid, found.required_attributes) == (False, ())


def test_a_parcel_is_a_minimum_order() -> None:
    assert parcel_of(product()) == Parcel(320, 280, 420, 1500, 5)
    assert parcel_of(product(package_mm=None)) is None
    assert parcel_of(product(weight_g=None)) is None
    assert parcel_of(product(package_mm={"l": 0, "w": 280, "h": 420})) is None


def test_industries_are_asked_by_their_kind() -> None:
    assert facts(product(leaf="laser_cutters")).exempt == {
        "delivery_by_core_ten",
        "sample_service",
        "customization_service",
    }
