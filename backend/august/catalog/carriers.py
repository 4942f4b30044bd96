"""The platform's own logistics lines by name, and its sailings: what they carry, where to, for how much."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import msgspec

from august.catalog import lines
from august.catalog.lines import LineBook
from august.catalog.taxonomy import DATA
from august.kernel.clock import BEIJING, PACIFIC, from_local
from august.kernel.errors import Refusal
from august.kernel.seeds import Document, SeedError

Family = Literal["express", "charter", "multimodal", "small_parcel"]
Cargo = Literal["general", "electronics", "cosmetics", "special", "plant"]
ZONES = {"PT": PACIFIC, "BJ": BEIJING}
WEEK = timedelta(days=7)
Days = tuple[int, int]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of freight.yaml: unknown keys are refused."""


class Named(Strict, frozen=True):
    """Something with a code and a name in both languages."""

    code: str
    zh: str
    en: str

    @property
    def name(self) -> dict[str, str]:
        """What it is called."""
        return {"zh": self.zh, "en": self.en}


class Weight(Strict, frozen=True):
    """How a line weighs, in grams; without a divisor bulk does not count."""

    step_g: int
    least_g: int
    most_g: int
    divisor: int | None = None


class Tariff(Strict, frozen=True):
    """What a line asks for one group of countries: fen, and [up to grams, fen a kilogram] bands."""

    to: str
    base_fen: int
    bands: tuple[tuple[int, int], ...]
    days: Days


class CarrierSeed(Named, frozen=True):
    """A line as written."""

    family: Family
    cargo: tuple[Cargo, ...]
    weight: Weight
    zones: tuple[Tariff, ...]


class Container(Strict, frozen=True):
    """A kind of container and what it holds."""

    code: str
    volume_m3: int
    most_kg: int

    @property
    def tonnes(self) -> float:
        """The most it carries."""
        return self.most_kg / 1000


class Port(Named, frozen=True):
    """A port a service goes to: days at sea, days from there to the door, cents by container."""

    sea_days: Days
    door_days: Days
    cents: dict[str, int]

    @property
    def days(self) -> Days:
        """From departure to the door."""
        return self.sea_days[0] + self.door_days[0], self.sea_days[1] + self.door_days[1]


class ServiceSeed(Named, frozen=True):
    """A weekly service as written; `label` is the platform's mark on it."""

    carrier: dict[str, str]
    origin: dict[str, str] = msgspec.field(name="from")
    first: str
    sailings: int
    cutoff_hours: int
    lands: tuple[Port, ...]
    label: dict[str, str] | None = None


class FreightSeed(Strict, frozen=True):
    """The whole of freight.yaml."""

    places: tuple[Named, ...]
    groups: dict[str, tuple[str, ...]]
    lines: tuple[CarrierSeed, ...]
    containers: tuple[Container, ...]
    services: tuple[ServiceSeed, ...]


class Carrier(Named, frozen=True, dict=True):
    """A logistics line with the tariff of every country it reaches."""

    family: Family
    cargo: tuple[Cargo, ...]
    weight: Weight
    tariffs: Mapping[str, Tariff]


class Sailing(Strict, frozen=True):
    """One departure: the number of the sailing, when bookings close, when it is planned to leave."""

    service: str
    number: int
    cutoff: datetime
    departs: datetime

    @property
    def code(self) -> str:
        """The name of this departure: service and number."""
        return f"{self.service}-{self.number}"


class Service(Named, frozen=True, dict=True):
    """A weekly service of full containers to doors in the United States."""

    carrier: dict[str, str]
    origin: dict[str, str]
    label: dict[str, str] | None
    ports: Mapping[str, Port]
    sailings: tuple[Sailing, ...]


class Fleet(msgspec.Struct, frozen=True, dict=True):
    """Everything of freight.yaml by code, in the order of the file."""

    places: Mapping[str, Mapping[str, str]]
    lines: Mapping[str, Carrier]
    containers: Mapping[str, Container]
    services: Mapping[str, Service]

    @cached_property
    def sailings(self) -> Mapping[str, Sailing]:
        """Every sailing by its code, in order of departure."""
        every = [sailing for service in self.services.values() for sailing in service.sailings]
        return {each.code: each for each in sorted(every, key=lambda one: (one.departs, one.code))}

    def of(self, family: Family) -> tuple[str, ...]:
        """The codes of the lines of a family."""
        return tuple(code for code, line in self.lines.items() if line.family == family)


@cache
def standing() -> Fleet:
    """The product's own logistics lines, read once."""
    return load(DATA / "freight.yaml", lines.standing())


def days_to(line: str, country: str) -> Days | None:
    """Days a line of templates or of the platform's logistics takes to a country; None for none of ours."""
    if (known := lines.standing().lines.get(line)) is not None:
        zone = known.zones.get(country)
        return None if zone is None else zone.days
    carrier = standing().lines.get(line)
    tariff = None if carrier is None else carrier.tariffs.get(country)
    return None if tariff is None else tariff.days


def load(path: Path, book: LineBook) -> Fleet:
    """Read and check the file; SeedError names the line of whatever is wrong."""
    document = Document(path, FreightSeed)
    seed = document.value
    places: Mapping[str, Mapping[str, str]] = {
        code: {"zh": each.zh, "en": each.en} for code, each in book.countries.items()
    } | {each.code: each.name for each in seed.places}
    for name, codes in seed.groups.items():
        if unknown := [code for code in codes if code not in places]:
            raise document.error(f"$.groups.{name}", f"unknown countries {', '.join(unknown)}")
    carriers: dict[str, Carrier] = {}
    for i, each in enumerate(seed.lines):
        if each.code in carriers:
            raise document.error(f"$.lines[{i}].code", f"line {each.code!r} is there twice")
        carriers[each.code] = _carrier(document, f"$.lines[{i}]", each, book)
    containers = {each.code: each for each in seed.containers}
    services = {
        each.code: _service(document, f"$.services[{i}]", each, containers)
        for i, each in enumerate(seed.services)
    }
    if len(services) < len(seed.services) or len(containers) < len(seed.containers):
        raise document.error("$.services", "a service or a container is there twice")
    return Fleet(places, carriers, containers, services)


def _carrier(document: Document[FreightSeed], place: str, seed: CarrierSeed, book: LineBook) -> Carrier:
    weight = seed.weight
    if min(weight.step_g, weight.least_g, weight.divisor or 1) < 1 or weight.least_g > weight.most_g:
        raise document.error(f"{place}.weight", f"line {seed.code!r} cannot weigh anything")
    tariffs: dict[str, Tariff] = {}
    for j, tariff in enumerate(seed.zones):
        spot = f"{place}.zones[{j}]"
        if tariff.to not in document.value.groups:
            raise document.error(f"{spot}.to", f"there is no group {tariff.to!r}")
        ends = [0, *(up_to for up_to, _ in tariff.bands)]
        if any(a >= b for a, b in pairwise(ends)) or ends[-1] < weight.most_g:
            raise document.error(f"{spot}.bands", "bands must rise and reach the line's greatest weight")
        if tariff.base_fen < 1 or any(fen < 1 for _, fen in tariff.bands):
            raise document.error(spot, f"a tariff of {seed.code!r} must be above zero")
        for code in document.value.groups[tariff.to]:
            if code in tariffs:
                raise document.error(spot, f"line {seed.code!r} has two tariffs for {code}")
            tariffs[code] = tariff
    _agree(document, place, seed, book)
    return Carrier(
        code=seed.code,
        zh=seed.zh,
        en=seed.en,
        family=seed.family,
        cargo=seed.cargo,
        weight=weight,
        tariffs=tariffs,
    )


def _agree(document: Document[FreightSeed], place: str, seed: CarrierSeed, book: LineBook) -> None:
    """A line that templates open too has one name, one limit and one way of weighing."""
    other = book.lines.get(seed.code)
    if seed.family == "small_parcel" and other is None:
        raise document.error(f"{place}.code", f"lines.yaml lacks the small parcel line {seed.code!r}")
    if other is None:
        return
    here = (seed.zh, seed.en, seed.family, seed.weight.most_g, seed.weight.divisor)
    if here != (other.zh, other.en, other.family, other.max_weight_g, other.divisor):
        raise document.error(place, f"line {seed.code!r} is another one in lines.yaml")


def _service(
    document: Document[FreightSeed], place: str, seed: ServiceSeed, containers: Mapping[str, Any]
) -> Service:
    zone, _, local = seed.first.partition(" ")
    try:
        first = from_local(ZONES[zone], local)
    except (KeyError, Refusal):
        raise document.error(
            f"{place}.first", f"{seed.first!r} must look like 'BJ 2022-08-30 18:00:00'"
        ) from None
    for port in seed.lands:
        if port.cents.keys() != containers.keys():
            raise document.error(f"{place}.lands", f"{port.code} needs a price for each container")
    ahead = timedelta(hours=seed.cutoff_hours)
    # A week is seven days on a wall in Beijing, where clocks are never changed.
    departures = [first + WEEK * i for i in range(seed.sailings)]
    sailings = tuple(
        Sailing(service=seed.code, number=i, cutoff=departs - ahead, departs=departs)
        for i, departs in enumerate(departures, start=1)
    )
    return Service(
        code=seed.code,
        zh=seed.zh,
        en=seed.en,
        carrier=seed.carrier,
        origin=seed.origin,
        label=seed.label,
        ports={port.code: port for port in seed.lands},
        sailings=sailings,
    )


__all__ = ["Carrier", "Container", "Fleet", "Port", "Sailing", "SeedError", "Service", "days_to", "standing"]
