"""Countries and logistics lines: where a parcel can go, by which line, for how much, in how many days."""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import msgspec

from august.catalog.taxonomy import DATA
from august.kernel.seeds import Document

Family = Literal["express", "air", "parcel", "small_parcel", "rail", "sea", "truck"]


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A destination; `core` marks the core ten, `buyers` weighs it among the buyers of a world."""

    code: str
    zh: str
    en: str
    zone: str
    buyers: int
    core: bool = False
    eu: bool = False


class CountriesSeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of countries.yaml."""

    countries: tuple[Country, ...]


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A Chinese city that goods leave from."""

    code: str
    zh: str
    en: str


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One tariff of a line: cents for a shipment and for each started kilogram; days from to."""

    countries: tuple[str, ...]
    base_cents: int
    per_kg_cents: int
    days: tuple[int, int]
    delivery_by_days: int | None = None


class LineSeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A logistics line; `divisor` turns cubic centimetres into volumetric kilograms."""

    code: str
    zh: str
    en: str
    family: Family
    max_weight_g: int
    divisor: int
    zones: tuple[Zone, ...]


class LinesSeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of lines.yaml."""

    origins: tuple[Origin, ...]
    lines: tuple[LineSeed, ...]


class Line(msgspec.Struct, frozen=True, dict=True):
    """A logistics line with the tariff of every country it reaches."""

    code: str
    zh: str
    en: str
    family: Family
    max_weight_g: int
    divisor: int
    zones: dict[str, Zone]

    @cached_property
    def delivery_by(self) -> tuple[str, ...]:
        """The countries the line promises delivery to by a day."""
        return tuple(code for code, zone in self.zones.items() if zone.delivery_by_days is not None)


class LineBook(msgspec.Struct, frozen=True, dict=True):
    """Everything about where goods can be sent, by code, in the order of the files."""

    countries: dict[str, Country]
    origins: dict[str, Origin]
    lines: dict[str, Line]

    @cached_property
    def core(self) -> tuple[str, ...]:
        """The codes of the core ten."""
        return tuple(code for code, country in self.countries.items() if country.core)


@cache
def standing() -> LineBook:
    """The product's own countries and lines, read once."""
    return load(DATA / "countries.yaml", DATA / "lines.yaml")


def load(countries_file: Path, lines_file: Path) -> LineBook:
    """Read and check both files; SeedError names the line of whatever is wrong."""
    countries = _countries(Document(countries_file, CountriesSeed))
    document = Document(lines_file, LinesSeed)
    lines: dict[str, Line] = {}
    for i, seed in enumerate(document.value.lines):
        if seed.code in lines:
            raise document.error(f"$.lines[{i}]", f"line {seed.code!r} is there twice")
        if seed.max_weight_g < 1 or seed.divisor < 1:
            raise document.error(f"$.lines[{i}]", f"line {seed.code!r} needs a weight limit and a divisor")
        zones = _zones(document, i, seed, countries)
        lines[seed.code] = Line(
            seed.code, seed.zh, seed.en, seed.family, seed.max_weight_g, seed.divisor, zones
        )
    origins = {origin.code: origin for origin in document.value.origins}
    if len(origins) < len(document.value.origins):
        raise document.error("$.origins", "an origin is there twice")
    return LineBook(countries, origins, lines)


def _countries(document: Document[CountriesSeed]) -> dict[str, Country]:
    found: dict[str, Country] = {}
    for i, country in enumerate(document.value.countries):
        if country.code in found:
            raise document.error(f"$.countries[{i}]", f"country {country.code!r} is there twice")
        if country.buyers < 1:
            raise document.error(f"$.countries[{i}].buyers", "the weight of a country begins at 1")
        found[country.code] = country
    return found


def _zones(
    document: Document[LinesSeed], i: int, seed: LineSeed, countries: Mapping[str, Country]
) -> dict[str, Zone]:
    found: dict[str, Zone] = {}
    for j, zone in enumerate(seed.zones):
        place = f"$.lines[{i}].zones[{j}]"
        for code in zone.countries:
            if code not in countries:
                raise document.error(place, f"line {seed.code!r} goes to unknown country {code!r}")
            if code in found:
                raise document.error(place, f"line {seed.code!r} has two tariffs for {code}")
            found[code] = zone
        if min(zone.base_cents, zone.per_kg_cents, *zone.days) < 1:
            raise document.error(place, f"a tariff of {seed.code!r} must be above zero")
    return found
