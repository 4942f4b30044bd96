"""Freight of a parcel over a template's lines: to which countries, for how much, and what is missing (Q3)."""

from collections.abc import Sequence

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
    place = book.countries[country]
    name = {"zh": place.zh, "en": place.en}
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
        text, remedy = (
            N_("{country}: the package has no size or weight."),
            N_("Fill in package size and weight."),
        )
    elif not opened:
        text, remedy = N_("{country}: no freight template."), N_("Choose a freight template.")
    elif any(country in each.countries for each in opened):
        text = N_("{country}: the parcel is too heavy or too large for every opened line.")
        remedy = N_("Open a line that carries this weight, such as sea freight.")
    else:
        text, remedy = N_("{country}: no opened line goes there."), N_("Open a line to this country.")
    return Node(text, {"country": name}, rule="Q3", outcome="bad", remedy=remedy)
