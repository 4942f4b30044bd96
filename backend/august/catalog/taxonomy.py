"""The category tree: industries, second and leaf categories with what a leaf asks of its products."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from august.kernel.seeds import Document
from august.settings import SEEDS

DATA = SEEDS / "data"
Kind = Literal["rts", "customization"]
Applies = Literal["delivery_by", "sample", "customization", "unit_price", "local_service"]
# Certainty check of the quality ball -> what must apply for an industry to be asked (Q3 "by industry").
ASKED: dict[str, Applies] = {
    "delivery_by_core_ten": "delivery_by",
    "sample_service": "sample",
    "customization_service": "customization",
    "tier_price": "unit_price",
}


class AttributeSeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product attribute; options are English -> Chinese, and none means free text."""

    zh: str
    en: str
    options: dict[str, str]


class LeafSeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A leaf category; price in US cents a unit, weights in grams, package in millimetres."""

    code: str
    zh: str
    en: str
    shape: str
    unit: str
    price: tuple[int, int]
    moq: tuple[int, int]
    weight_g: tuple[int, int]
    package_mm: tuple[int, int, int]
    attributes: tuple[str, ...]
    battery: bool = False
    adult: bool = False
    kinds: tuple[Kind, ...] = ("rts", "customization")


class SecondSeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A second-level category."""

    code: str
    zh: str
    en: str
    leaves: tuple[LeafSeed, ...]


class IndustrySeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A first-level industry; `words` names its part of names.yaml."""

    code: str
    zh: str
    en: str
    words: str
    applies: tuple[Applies, ...]
    seconds: tuple[SecondSeed, ...]
    carton: bool = False


class TaxonomySeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of categories.yaml."""

    attributes: dict[str, AttributeSeed]
    industries: tuple[IndustrySeed, ...]


class Attribute(msgspec.Struct, frozen=True):
    """A required attribute of a leaf, with its code."""

    code: str
    zh: str
    en: str
    options: dict[str, str]


class Leaf(msgspec.Struct, frozen=True):
    """A leaf category with its place in the tree; `en` and `zh` are its names."""

    code: str
    zh: str
    en: str
    industry: str
    second: str
    # "Furniture>Living Room Furniture>Sofa Beds", as compliance rules write a category.
    path: dict[str, str]
    shape: str
    unit: str
    price: tuple[int, int]
    moq: tuple[int, int]
    weight_g: tuple[int, int]
    package_mm: tuple[int, int, int]
    attributes: tuple[Attribute, ...]
    kinds: tuple[Kind, ...]
    battery: bool
    adult: bool
    # The checks of the quality ball that products of this leaf are spared (Q3).
    exempt: frozenset[str]
    # Whether local after-sales service can be promised (S6: Machinery).
    local_service: bool

    @property
    def required(self) -> tuple[str, ...]:
        """The codes of the attributes that must be filled in."""
        return tuple(attribute.code for attribute in self.attributes)

    @property
    def delivery_by_applies(self) -> bool:
        """Whether delivery-by is asked of the leaf (Q3: not adult goods, not pure batteries)."""
        return "delivery_by_core_ten" not in self.exempt


class Taxonomy(msgspec.Struct, frozen=True):
    """All categories, by code, in the order of the file."""

    attributes: dict[str, Attribute]
    industries: dict[str, IndustrySeed]
    leaves: dict[str, Leaf]

    def leaf(self, code: str) -> Leaf | None:
        """The leaf of a code, or None."""
        return self.leaves.get(code)

    def leaves_of(self, industry: str) -> tuple[Leaf, ...]:
        """The leaves of a first-level industry."""
        return tuple(leaf for leaf in self.leaves.values() if leaf.industry == industry)


@cache
def standing() -> Taxonomy:
    """The product's own category tree, read once."""
    return load(DATA / "categories.yaml")


def load(path: Path) -> Taxonomy:
    """Read and check a category file; SeedError names the line of whatever is wrong."""
    document = Document(path, TaxonomySeed)
    seed = document.value
    attributes = {
        code: Attribute(code, each.zh, each.en, each.options) for code, each in seed.attributes.items()
    }
    leaves: dict[str, Leaf] = {}
    codes: set[str] = set()
    for i, industry in enumerate(seed.industries):
        _once(document, codes, f"$.industries[{i}]", industry.code)
        for j, second in enumerate(industry.seconds):
            _once(document, codes, f"$.industries[{i}].seconds[{j}]", second.code)
            for k, leaf in enumerate(second.leaves):
                place = f"$.industries[{i}].seconds[{j}].leaves[{k}]"
                _once(document, codes, place, leaf.code)
                _check(document, place, leaf, attributes)
                leaves[leaf.code] = _leaf(industry, second, leaf, attributes)
    return Taxonomy(attributes, {industry.code: industry for industry in seed.industries}, leaves)


def _once(document: Document[TaxonomySeed], codes: set[str], place: str, code: str) -> None:
    if code in codes:
        raise document.error(place, f"category {code!r} is there twice")
    codes.add(code)


def _check(
    document: Document[TaxonomySeed], place: str, leaf: LeafSeed, attributes: dict[str, Attribute]
) -> None:
    for name in leaf.attributes:
        if name not in attributes:
            raise document.error(place, f"leaf {leaf.code!r} asks for unknown attribute {name!r}")
    if not leaf.attributes or not leaf.kinds:
        raise document.error(place, f"leaf {leaf.code!r} needs attributes and kinds")
    for name in ("price", "moq", "weight_g"):
        low, high = getattr(leaf, name)
        if not 1 <= low <= high:
            raise document.error(f"{place}.{name}", f"the range {name} of {leaf.code!r} must rise from 1")
    if min(leaf.package_mm) < 1:
        raise document.error(f"{place}.package_mm", f"the package of {leaf.code!r} must have a size")


def _leaf(
    industry: IndustrySeed, second: SecondSeed, leaf: LeafSeed, attributes: dict[str, Attribute]
) -> Leaf:
    exempt = {check for check, name in ASKED.items() if name not in industry.applies}
    if leaf.battery or leaf.adult:
        exempt.add("delivery_by_core_ten")
    steps = (industry, second, leaf)
    return Leaf(
        code=leaf.code,
        zh=leaf.zh,
        en=leaf.en,
        industry=industry.code,
        second=second.code,
        path={"zh": ">".join(step.zh for step in steps), "en": ">".join(step.en for step in steps)},
        shape=leaf.shape,
        unit=leaf.unit,
        price=leaf.price,
        moq=leaf.moq,
        weight_g=leaf.weight_g,
        package_mm=leaf.package_mm,
        attributes=tuple(attributes[name] for name in leaf.attributes),
        kinds=leaf.kinds,
        battery=leaf.battery,
        adult=leaf.adult,
        exempt=frozenset(exempt),
        local_service="local_service" in industry.applies,
    )
