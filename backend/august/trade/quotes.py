"""What an order costs: price by quantity, freight by the product's template, lead time by quantity."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from august.catalog.freight import OpenLine, Parcel, offers
from august.catalog.lines import LineBook
from august.kernel.money import divide_half_up

LEAD_DAYS = 30


class Quote(msgspec.Struct, frozen=True):
    """The price of a piece, of the goods and of the freight in cents; the line that carries it, and days.

    `list_cents` is what the product itself asks for a piece at the quantity, whatever the festival takes off;
    `way_days` are the line's own, least and most.
    """

    list_cents: int
    unit_cents: int
    goods_cents: int
    freight_cents: int
    lead_days: int
    line: str | None
    way_days: tuple[int, int] | None
    promised_days: int | None

    @property
    def total_cents(self) -> int:
        """Goods and freight."""
        return self.goods_cents + self.freight_cents


def unit_price(tiers: Sequence[Mapping[str, int]], otherwise: int, quantity: int) -> int:
    """The cents of a piece at a quantity: the last tier reached; `otherwise` without tiers."""
    reached = [tier["cents"] for tier in tiers if quantity >= tier["quantity"]]
    return reached[-1] if reached else (tiers[0]["cents"] if tiers else otherwise)


def asked_price(listed: int, campaign: int | None) -> int:
    """What a piece is sold at: the list price, but never more than a running campaign price (F1-price)."""
    return listed if campaign is None else min(listed, campaign)


def lead_time(lead_times: Sequence[Mapping[str, int]], quantity: int) -> int:
    """The days until goods leave at a quantity; beyond the last line its days count once more."""
    for each in lead_times:
        if quantity <= each["up_to"]:
            return each["days"]
    return lead_times[-1]["days"] * 2 if lead_times else LEAD_DAYS


def quote(
    product: Mapping[str, Any],
    quantity: int,
    country: str,
    opened: Sequence[OpenLine],
    book: LineBook,
    unit_cents: int | None = None,
) -> Quote:
    """What `quantity` pieces cost to a country; `unit_cents` is an agreed price, the asked one without.

    `product` has tiers, price_cents, lead_times, package_mm, weight_g and delivery_by, and may have
    campaign_cents for a buyer whom a campaign price is for.
    """
    listed = unit_price(product["tiers"], product["price_cents"], quantity)
    unit = unit_cents or asked_price(listed, product.get("campaign_cents"))
    box, weight = product["package_mm"], product["weight_g"]
    found = []
    if box and weight:
        parcel = Parcel(box["l"], box["w"], box["h"], weight, quantity)
        found = offers(parcel, country, opened, book)
    best = found[0] if found else None
    return Quote(
        list_cents=listed,
        unit_cents=unit,
        goods_cents=unit * quantity,
        freight_cents=best.cents if best else 0,
        lead_days=lead_time(product["lead_times"], quantity),
        line=best.line if best else None,
        way_days=best.days if best else None,
        promised_days=best.delivery_by if best and product["delivery_by"] else None,
    )


def first_payment(total_cents: int, terms: str, percent: int) -> int:
    """What is paid first: everything, or a share of it rounded half up to the cent, at least one cent."""
    if terms == "full":
        return total_cents
    return max(1, divide_half_up(total_cents * percent, 100))
