from typing import Any

import msgspec
import pytest

from august.features import house
from august.kernel.clock import BEIJING, from_local
from august.quality import facts
from august.quality.facts import Package, ProductFacts, Sku, Tier, fact_rules, judge_content, quality_facts
from august.quality.rules import judge_quality, quality_rules

BOOK = house().rulebook
AT = from_local(BEIJING, "2022-08-25 10:00:00")
RULES = fact_rules(BOOK, AT)

DESCRIPTION = """## A desk that lasts

Solid oak legs carry a bamboo top that two people can stand on. The joints are cut by machine and
glued by hand, so that nothing rattles after years of use in an office or at home.

## What is in the carton

- one bamboo top with rounded edges
- four oak legs with felt feet
- a bag of screws and one hex key

Every lot is inspected before it leaves the factory, and the report is yours to keep for customs.
"""
GOOD = ProductFacts(
    kind="rts",
    leaf_valid=True,
    title="Solid Oak Office Desk with Bamboo Top and Felt Feet",
    required_attributes=("Material", "Colour"),
    attributes={"Material": "Oak", "Colour": "Natural", "Legs": "4", "Drawers": "4", "Screws": "4"},
    keywords=("office desk", "oak table", "bamboo writing desk"),
    description=DESCRIPTION,
    images=("a", "b", "c"),
    moq=10,
    tiers=(Tier(10, 12_000), Tier(50, 11_000), Tier(200, 9_900)),
    package=Package(1200, 700, 150, 24_000),
    sample_service=True,
    customization_service=True,
)


def found(
    product: ProductFacts = GOOD, thresholds: facts.FactRules = RULES, **changes: Any
) -> list[tuple[str, str]]:
    changed = msgspec.structs.replace(product, **changes)
    return [(finding.check, finding.field) for finding in judge_content(changed, thresholds)]


def test_a_good_product_has_no_findings_and_the_whole_score() -> None:
    assert found() == []
    assert found(kind="customization") == []
    assert judge_quality(quality_facts(GOOD, ()), quality_rules(BOOK, AT)).text == "5.0"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"leaf_valid": False}, [("category", "category")]),
        ({"attributes": {"Material": "Oak", "Colour": " "}}, [("attributes", "attributes")]),
        (
            {"attributes": {"Material": "Oak", "Colour": "oak", "Frame": "OAK"}},
            [("attributes", "attributes")],
        ),
        ({"attributes": {"Material": "Oak", "Colour": "Red", "A": "Yes", "B": "yes", "C": "Yes"}}, []),
        ({"title": "Oak Desk"}, [("keywords", "title")]),
        ({"title": "x " * 2500}, [("keywords", "title")] * 2),
        ({"title": "Desk desk DESK for office and home use"}, [("keywords", "title")]),
        ({"title": "Oak desk <script>alert(1)</script> for offices"}, [("keywords", "title")]),
        ({"title": "Oak desk \u202eecffo rof\u202c with bamboo top"}, [("keywords", "title")]),
        ({"title": "Oak desk with bamboo top, see www.example.com"}, [("keywords", "title")]),
        ({"keywords": ()}, [("keywords", "keywords")]),
        ({"keywords": ("oak desk", "Desk, Oak")}, [("keywords", "keywords")]),
        ({"keywords": ("oak desk oak",)}, [("keywords", "keywords")]),
        ({"keywords": ("one two three four five six seven",)}, [("keywords", "keywords")]),
        ({"keywords": tuple(f"desk {word}" for word in ("a1", "b2", "c3", "d4", "e5"))}, []),
        (
            {"keywords": tuple(f"desk {word}" for word in ("a1", "b2", "c3", "d4", "e5", "f6"))},
            [("keywords", "keywords")],
        ),
        ({"keywords": ("oak desk", "  ")}, [("keywords", "keywords")]),
        ({"customization_service": False}, [("customization_service", "customization_service")]),
        ({"customization_service": False, "exempt": frozenset({"customization_service"})}, []),
        # Package and samples are asked of Customization products only.
        ({"package": None, "sample_service": False}, []),
    ],
)
def test_findings_on_words_and_services(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"description": ""}, ["description", "description"]),
        ({"description": "word " * 100}, ["description"]),
        ({"description": "# One\n\n## Two\n"}, ["description"]),
        ({"description": DESCRIPTION + "\n\n" + DESCRIPTION}, ["description"]),
        ({"description": DESCRIPTION + "\n\n" + DESCRIPTION.split("\n\n")[1].upper()}, ["description"]),
        ({"description": DESCRIPTION + "\nSolid oak legs carry a bamboo top, but who knows?\n"}, []),
        ({"description": DESCRIPTION + "JavaScript:alert(1)"}, ["description"]),
        ({"description": DESCRIPTION + "Tables & chairs < 10 kg"}, []),
        ({"description": DESCRIPTION + "<img src=x onerror=alert(1)>"}, ["description"]),
        ({"description": DESCRIPTION + "x" * 20_000}, ["description"]),
        ({"images": ("a", "b")}, ["images"]),
        ({"images": ("a", "b"), "description": DESCRIPTION + "\n![desk](/files/c.svg)\n"}, []),
        ({"images": ("a", "b", "c", "a")}, ["images"]),
    ],
)
def test_findings_on_the_description(changes: dict[str, Any], fields: list[str]) -> None:
    assert found(**changes) == [("product_detail", field) for field in fields]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"moq": 0}, ["moq", "tiers"]),
        ({"tiers": ()}, ["tiers"]),
        ({"tiers": (Tier(10, 0),)}, ["tiers"]),
        ({"tiers": (Tier(10, -5),)}, ["tiers"]),
        ({"tiers": (Tier(10, 1_000_000_001),)}, ["tiers"]),
        ({"tiers": (Tier(10, 1_000_000_000),)}, []),
        ({"tiers": (Tier(10, 1000), Tier(20, 100))}, []),
        ({"tiers": (Tier(10, 1001), Tier(20, 100))}, ["tiers"]),
        ({"tiers": (Tier(10, 900), Tier(20, 900))}, ["tiers"]),
        ({"tiers": (Tier(10, 900), Tier(10, 800))}, ["tiers"]),
        ({"tiers": (Tier(11, 900),)}, ["tiers"]),
        ({"price_mode": "sku", "skus": (Sku("A", 900), Sku("B", 950))}, []),
        ({"price_mode": "sku", "skus": (Sku("A", 900), Sku("a ", 950))}, ["skus"]),
        ({"price_mode": "sku", "skus": ()}, ["skus"]),
        ({"price_mode": "fob", "fob_low_cents": 900, "fob_high_cents": 950}, ["fob"]),
    ],
)
def test_findings_on_prices(changes: dict[str, Any], fields: list[str]) -> None:
    assert found(**changes) == [("price", field) for field in fields]


def test_customization_products_need_package_samples_and_no_fob_range() -> None:
    made = msgspec.structs.replace(GOOD, kind="customization", package=None, sample_service=False)
    assert found(made) == [("package", "package"), ("sample_service", "sample_service")]
    assert found(made, package=Package(0, 700, 150, 24_000), sample_service=True) == [("package", "package")]
    fob = msgspec.structs.replace(
        GOOD, kind="customization", price_mode="fob", fob_low_cents=900, fob_high_cents=950
    )
    assert found(fob) == [("tier_price", "price_mode")]
    assert found(fob, fob_high_cents=800) == [("price", "fob"), ("tier_price", "price_mode")]


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2022-08-31 23:59:59", [("tier_price", "price_mode")]),
        ("2022-09-01 00:00:00", []),
        ("2022-09-01 00:00:01", []),
    ],
)
def test_sku_prices_replace_the_fob_range_from_september(local: str, expected: list[tuple[str, str]]) -> None:
    made = msgspec.structs.replace(GOOD, kind="customization", price_mode="sku", skus=(Sku("A", 900),))
    assert found(made, fact_rules(BOOK, from_local(BEIJING, local))) == expected


@pytest.mark.parametrize(
    "text", ["<" * 20_000, "![" * 10_000, "a@" * 10_000, "- " * 10_000, "\n\n" * 10_000, "&" * 20_000]
)
@pytest.mark.timeout(2)
def test_hostile_text_is_judged_at_once(text: str) -> None:
    assert found(description=text)
    assert found(title=text)
    assert found(keywords=(text,))
