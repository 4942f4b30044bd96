"""The freight panel: every country with its core mark, freight and delivery-by promise (Q5)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import msgspec

from august.catalog import lines, queries
from august.catalog.facts import opened, parcel_of
from august.catalog.freight import Coverage, coverage
from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.explain import Node

LOOKED_AT = ("freight_template_id", "package_mm", "weight_g", "moq", "delivery_by")


class Unsaved(Protocol):
    """A product on a form: its column values."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Column values by name."""


class Row(msgspec.Struct, frozen=True):
    """One country of the panel; `days` and `promise` are days, `line` and `name` carry their languages."""

    code: str
    name: dict[str, str]
    core: bool
    computable: bool
    cents: int | None
    line: dict[str, str] | None
    days: tuple[int, int] | None
    promise: int | None
    why: Node


class Panel(msgspec.Struct, frozen=True):
    """The rows, core countries first, and how much is missing."""

    rows: Sequence[Row]
    missing_freight: int
    missing_delivery_by: int
    template: int | None

    def shown(self, only: str) -> list[Row]:
        """The rows that a filter lets through: `freight`, `delivery_by` or everything."""
        if only == "freight":
            return [row for row in self.rows if not row.computable]
        if only == "delivery_by":
            return [row for row in self.rows if row.promise is None]
        return list(self.rows)


def rows(ctx: Context, product: Unsaved) -> Panel:
    """The panel of a product on the form."""
    template = product.values["freight_template_id"]
    found = covered(ctx, product.values)
    made = [_row(each) for each in found.countries]
    made.sort(key=lambda row: not row.core)
    return Panel(made, len(found.missing_freight), len(found.missing_delivery_by), template)


def of_product(ctx: Context, product: Product) -> Panel:
    """The panel of a stored product."""
    found = covered(ctx, {name: getattr(product, name) for name in LOOKED_AT})
    made = sorted((_row(each) for each in found.countries), key=lambda row: not row.core)
    return Panel(
        made, len(found.missing_freight), len(found.missing_delivery_by), product.freight_template_id
    )


def covered(ctx: Context, values: Mapping[str, Any]) -> Coverage:
    """Freight of a product, by its column values, to all countries."""
    template = values["freight_template_id"]
    ways = () if template is None else opened(queries.lines_of(ctx, template))
    parcel = parcel_of(
        Product(package_mm=values["package_mm"], weight_g=values["weight_g"], moq=values["moq"])
    )
    return coverage(parcel, ways, lines.standing(), delivery_by=values["delivery_by"])


def _row(found: Any) -> Row:
    book = lines.standing()
    country = book.countries[found.country]
    offer, promise = found.offer, found.delivery_by
    line = book.lines[offer.line] if offer else None
    return Row(
        code=country.code,
        name={"zh": country.zh, "en": country.en},
        core=country.core,
        computable=offer is not None,
        cents=offer.cents if offer else None,
        line={"zh": line.zh, "en": line.en} if line else None,
        days=offer.days if offer else None,
        promise=promise.delivery_by if promise else None,
        why=found.why,
    )


@cache
def places() -> tuple[tuple[str, dict[str, str], bool], ...]:
    """Every country: code, names, core mark; the core ten first."""
    found = lines.standing().countries.values()
    listed = [(each.code, {"zh": each.zh, "en": each.en}, each.core) for each in found]
    return tuple(sorted(listed, key=lambda each: not each[2]))
