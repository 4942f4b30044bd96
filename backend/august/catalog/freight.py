"""Freight of a parcel over a template's lines: to which countries, for how much, and what is missing (Q3)."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from august.catalog.lines import Line, LineBook, Zone
from august.kernel.explain import Node, money
from august.kernel.words import N_

GRAMS, CUBIC_MM_IN_CM = 1000, 1000


class Parcel(msgspec.Struct, frozen=True):
    """A packed shipment: millimetres a side, grams, of one piece; `pieces` of them travel together."""

    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    pieces: int = 1


class OpenLine(msgspec.Struct, frozen=True):
    """A line of a template: the countries opened, and whether its delivery-by promise is signed."""

    line: str
    countries: frozenset[str]
    delivery_by: bool


class Offer(msgspec.Struct, frozen=True):
    """What one line asks for one country; `delivery_by` is the promised day or None."""

    line: str
    cents: int
    charged_g: int
    days: tuple[int, int]
    delivery_by: int | None


class Cure(msgspec.Struct, frozen=True):
    """What would bring freight or a promise to some countries, and the form's field where it is done."""

    field: str
    text: str
    params: dict[str, Any] = {}


class CountryFreight(msgspec.Struct, frozen=True):
    """One row of the freight panel (Q5): the cheapest offer, the promise, and why."""

    country: str
    core: bool
    offer: Offer | None
    delivery_by: Offer | None
    why: Node


class Coverage(msgspec.Struct, frozen=True):
    """Freight to all countries; the two sets name the core countries that lack it (Q3)."""

    countries: tuple[CountryFreight, ...]
    missing_freight: frozenset[str]
    missing_delivery_by: frozenset[str]
    why: Node


def charged_weight(parcel: Parcel, line: Line) -> int:
    """Grams that a line charges: the larger of actual and volumetric weight, in started kilograms."""
    volume = parcel.length_mm * parcel.width_mm * parcel.height_mm * parcel.pieces
    volumetric = -(-volume // (CUBIC_MM_IN_CM * line.divisor))
    actual = -(-parcel.weight_g * parcel.pieces // GRAMS)
    return max(volumetric, actual, 1) * GRAMS


def price(zone: Zone, charged_g: int) -> int:
    """Cents of one shipment: base plus every started kilogram."""
    return zone.base_cents + zone.per_kg_cents * (charged_g // GRAMS)


def offers(parcel: Parcel, country: str, opened: Sequence[OpenLine], book: LineBook) -> list[Offer]:
    """What the opened lines ask for a country, cheapest first (ties in the template's order)."""
    found = []
    for each in opened:
        line = book.lines.get(each.line)
        if line is None or country not in each.countries or (zone := line.zones.get(country)) is None:
            continue
        charged = charged_weight(parcel, line)
        if charged <= line.max_weight_g:
            by = zone.delivery_by_days if each.delivery_by else None
            found.append(Offer(line.code, price(zone, charged), charged, zone.days, by))
    return sorted(found, key=lambda offer: offer.cents)


def missing(
    parcel: Parcel | None, opened: Sequence[OpenLine], book: LineBook, *, delivery_by: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """The core countries without computable freight and without a delivery-by line (Q3).

    `delivery_by` says whether the product takes part in delivery-by at all; False misses every country.
    """
    core = frozenset(book.core)
    if parcel is None:
        return core, core
    reached: set[str] = set()
    promised: set[str] = set()
    for each in opened:
        line = book.lines.get(each.line)
        if line is None or charged_weight(parcel, line) > line.max_weight_g:
            continue
        able = core & each.countries & line.zones.keys()
        reached |= able
        if each.delivery_by and delivery_by:
            promised |= able.intersection(line.delivery_by)
    return core - reached, core - promised


def coverage(
    parcel: Parcel | None, opened: Sequence[OpenLine], book: LineBook, *, delivery_by: bool
) -> Coverage:
    """Every country of the freight panel with its cheapest offer, and the missing core countries (Q5)."""
    rows = tuple(_row(parcel, code, opened, book, delivery_by=delivery_by) for code in book.countries)
    lacking, unpromised = missing(parcel, opened, book, delivery_by=delivery_by)
    total = len(book.core)
    why = Node(
        N_("Freight is computable to {reached} of the {total} core countries, delivery-by to {promised}."),
        {
            "reached": total - len(lacking),
            "promised": total - len(unpromised),
            "total": total,
        },
        rule="Q3",
        children=tuple(row.why for row in rows if row.core),
        outcome="bad" if lacking or unpromised else "ok",
    )
    return Coverage(rows, lacking, unpromised, why)


def _row(
    parcel: Parcel | None, country: str, opened: Sequence[OpenLine], book: LineBook, *, delivery_by: bool
) -> CountryFreight:
    found = offers(parcel, country, opened, book) if parcel else []
    promised = [offer for offer in found if offer.delivery_by is not None] if delivery_by else []
    best = found[0] if found else None
    core = book.countries[country].core
    why = _why(parcel, country, opened, book, best)
    return CountryFreight(country, core, best, promised[0] if promised else None, why)


def _why(
    parcel: Parcel | None, country: str, opened: Sequence[OpenLine], book: LineBook, best: Offer | None
) -> Node:
    name = _name(country, book)
    if best is not None:
        line = book.lines[best.line]
        zone = line.zones[country]
        return Node(
            N_("{country}: {base} + {kilograms} kg × {per_kg} = {freight} by {line}"),
            {
                "country": name,
                "base": money(zone.base_cents, "USD"),
                "kilograms": best.charged_g // GRAMS,
                "per_kg": money(zone.per_kg_cents, "USD"),
                "freight": money(best.cents, "USD"),
                "line": {"zh": line.zh, "en": line.en},
            },
            rule="Q3",
            outcome="ok",
        )
    if parcel is None:
        text = N_("{country}: the package has no size or weight.")
    elif not opened:
        text = N_("{country}: no freight template.")
    elif any(country in each.countries for each in opened):
        text = N_("{country}: the parcel is too heavy or too large for every opened line.")
    else:
        text = N_("{country}: no opened line goes there.")
    cure = freight_cures(parcel, [country], opened, book)[0]
    return Node(text, {**cure.params, "country": name}, rule="Q3", outcome="bad", remedy=cure.text)


def freight_cures(
    parcel: Parcel | None, countries: Collection[str], opened: Sequence[OpenLine], book: LineBook
) -> list[Cure]:
    """How freight becomes computable to countries that lack it (Q5)."""
    if parcel is None:
        return [PACKAGE]
    if not opened:
        return [TEMPLATE]
    text = N_("Choose a template that opens {line} to {countries}, or open it in this one.")
    return _openings(parcel, countries, text, book, promised=False)


def promise_cures(
    parcel: Parcel | None,
    countries: Collection[str],
    opened: Sequence[OpenLine],
    book: LineBook,
    *,
    delivery_by: bool,
) -> list[Cure]:
    """How countries that lack it get a delivery-by line (Q5)."""
    if parcel is None:
        return [PACKAGE]
    if not opened:
        return [TEMPLATE]
    found = [] if delivery_by else [Cure("delivery_by", N_("Offer delivery-by for this product."))]
    left = [code for code in book.countries if code in countries]
    for each in opened:
        if (line := book.lines.get(each.line)) is None:
            continue
        able = [code for code in _carries(parcel, line, left, promised=True) if code in each.countries]
        if able and not each.delivery_by:
            text = N_("Sign the delivery-by promise of {line} in the freight template, for {countries}.")
            found.append(Cure("freight_template", text, _names(line, able, book)))
        left = [code for code in left if code not in able]
    text = N_("Choose a template that opens {line} to {countries} with its promise, or open it in this one.")
    return found + _openings(parcel, left, text, book, promised=True)


PACKAGE = Cure("package", N_("Fill in package size and weight."))
TEMPLATE = Cure("freight_template", N_("Choose a freight template."))


def _openings(
    parcel: Parcel, countries: Collection[str], text: str, book: LineBook, *, promised: bool
) -> list[Cure]:
    """The lines to open to the countries, the widest first; then what to do where no line carries it."""
    found: list[Cure] = []
    left = [code for code in book.countries if code in countries]
    while left:
        able = {line.code: _carries(parcel, line, left, promised=promised) for line in book.lines.values()}
        line = max(book.lines.values(), key=lambda each: _rank(parcel, each, able[each.code]))
        if not able[line.code]:
            return [*found, _too_large(parcel, left, book)]
        found.append(Cure("freight_template", text, _names(line, able[line.code], book)))
        left = [code for code in left if code not in able[line.code]]
    return found


def _carries(parcel: Parcel, line: Line, countries: Collection[str], *, promised: bool) -> list[str]:
    """To which of the countries a line carries the parcel, with a promise if one is wanted."""
    if charged_weight(parcel, line) > line.max_weight_g:
        return []
    reached = line.delivery_by if promised else line.zones
    return [code for code in countries if code in reached]


def _rank(parcel: Parcel, line: Line, countries: Sequence[str]) -> tuple[int, int, int]:
    """A line is the better the more countries it carries to, the more it promises, the less it costs."""
    charged = charged_weight(parcel, line)
    cost = sum(price(line.zones[code], charged) for code in countries)
    return len(countries), sum(code in line.delivery_by for code in countries), -cost


def _too_large(parcel: Parcel, countries: Collection[str], book: LineBook) -> Cure:
    """A minimum order that no line carries: fewer pieces, or a package that was typed wrongly."""
    side = parcel.length_mm * parcel.width_mm * parcel.height_mm
    most = max(
        (
            min(
                line.max_weight_g // parcel.weight_g,
                line.max_weight_g // GRAMS * CUBIC_MM_IN_CM * line.divisor // side,
            )
            for line in book.lines.values()
            if any(code in line.zones for code in countries)
        ),
        default=0,
    )
    names = {"countries": [_name(code, book) for code in countries]}
    if most < 1:
        text = N_("Check package size and weight: no line carries a single piece to {countries}.")
        return Cure("package", text, names)
    text = N_("Lower the minimum order to {pieces} pieces or less: no line carries more to {countries}.")
    return Cure("moq", text, {"pieces": most, **names})


def _names(line: Line, countries: Sequence[str], book: LineBook) -> dict[str, Any]:
    return {
        "line": {"zh": line.zh, "en": line.en},
        "countries": [_name(code, book) for code in countries],
    }


def _name(code: str, book: LineBook) -> dict[str, str]:
    return {"zh": book.countries[code].zh, "en": book.countries[code].en}
