"""How star levels are called and written."""

from collections.abc import Mapping
from typing import Any

from august.kernel.explain import money
from august.kernel.money import divide_half_up
from august.kernel.words import N_, Phrase

MOST_STARS = 5
TRACKS: Mapping[str, str] = {"custom": N_("Customization track"), "rts": N_("RTS track")}
ABILITIES: Mapping[str, str] = {
    "merchant": N_("Merchant ability"),
    "product": N_("Product ability"),
    "marketing": N_("Marketing ability"),
    "trade": N_("Trade ability"),
    "assurance": N_("Assurance ability"),
}
INDICATORS: Mapping[str, str] = {
    "growth": N_("Growth average of Customization products"),
    "high_share": N_("Share of high-growth products"),
    "power": N_("Product power of Customization products"),
    "strong_share": N_("Share of strong products"),
    "shown_high": N_("High-growth share of the showcases"),
    "shown_strong": N_("Strong share of the showcases"),
    "tradable": N_("Tradable RTS products"),
    "rts_high": N_("High-growth RTS products"),
    "rts_strong": N_("Strong RTS products"),
    "rts_shown_high": N_("High-growth share of the RTS showcases"),
    "rts_shown_strong": N_("Strong share of the RTS showcases"),
    "traffic": N_("Visits of 30 days"),
    "index": N_("Opportunity index"),
    "conversion": N_("Opportunity conversion"),
    "reply": N_("Average reply time"),
    "communication": N_("Communication index"),
    "custom_gmv": N_("Online GMV of 90 days"),
    "custom_payment": N_("Payment conversion"),
    "custom_repurchase": N_("Repurchase rate"),
    "rts_gmv": N_("Online GMV of RTS orders, 90 days"),
    "rts_payment": N_("Payment conversion of RTS orders"),
    "rts_repurchase": N_("Repurchase rate of RTS buyers"),
    "rts_payers": N_("Paying buyers of RTS orders"),
    "risk": N_("Risk health"),
    "rating": N_("Store rating"),
    "on_time": N_("Shipped on time"),
    "dispute_rate": N_("Dispute rate"),
    "trace": N_("Quality of logistics traces"),
    "certainty": N_("Certainty of lead times"),
}
# The bonuses of the Customization track, by the ability they add to.
STRENGTH, LOCAL = "strength", "local_service"
BONUSES: Mapping[str, str] = {"merchant": STRENGTH, "trade": LOCAL}
# How a measure is written, and where what it was made of can be seen.
UNITS: Mapping[str, str] = {
    "growth": "points", "power": "points", "rating": "points",
    "reply": "hours", "custom_gmv": "usd", "rts_gmv": "usd",
    "tradable": "count", "rts_high": "count", "rts_strong": "count", "traffic": "count", "index": "count",
    "rts_payers": "count", "points": "count",
}  # fmt: skip
# The complete Pacific days a measure is counted over; others count as things stand.
DAYS: Mapping[str, int] = {
    **dict.fromkeys(("traffic", "index", "conversion", "own_conversion", "reply", "communication"), 30),
    **dict.fromkeys(
        (
            "custom_gmv", "custom_payment", "custom_repurchase", "rts_gmv", "rts_payment", "rts_repurchase",
            "rts_payers", "on_time", "dispute_rate", "trace", "certainty",
        ),
        90,
    ),
}  # fmt: skip
EVIDENCE: Mapping[str, str] = {
    "growth": "/growth", "high_share": "/growth?sort=-growth", "power": "/growth", "strong_share": "/growth",
    "tradable": "/products?status=on_sale&kind=rts", "rts_high": "/growth?sort=-growth",
    "rts_strong": "/growth",
    "traffic": "/visitors", "index": "/inquiries", "conversion": "/visitors", "own_conversion": "/visitors",
    "reply": "/inquiries", "communication": "/inquiries",
    "custom_gmv": "/orders", "custom_payment": "/orders", "custom_repurchase": "/orders",
    "rts_gmv": "/orders", "rts_payment": "/orders", "rts_repurchase": "/orders", "rts_payers": "/orders",
    "rating": "/reviews/overview", "on_time": "/orders", "dispute_rate": "/disputes",
    "trace": "/orders?state=shipped", "certainty": "/orders",
}  # fmt: skip
REMEDIES: Mapping[str, str] = {
    "growth": N_("Fix content and services of the products with the lowest growth scores."),
    "high_share": N_("Raise potential products to a growth score of 80."),
    "power": N_("Fix content and services of the products with the lowest scores."),
    "strong_share": N_("Raise quality and growth of products that are nearly there."),
    "shown_high": N_("Show high-growth products in the showcases."),
    "shown_strong": N_("Show strong products in the showcases."),
    "tradable": N_("Give RTS products a price, a package and a freight template."),
    "rts_high": N_("Raise potential RTS products to a growth score of 80."),
    "rts_strong": N_("Raise quality and growth of RTS products that are nearly there."),
    "rts_shown_high": N_("Show high-growth RTS products in the showcases."),
    "rts_shown_strong": N_("Show strong RTS products in the showcases."),
    "traffic": N_("Better quality balls and growth scores bring exposure, and exposure visits."),
    "index": N_("More opportunity buyers, L1+ above all: services, reviews and prices make visitors ask."),
    "conversion": N_("Reviews, services and quick answers turn visitors into opportunities."),
    "reply": N_("Answer new inquiries within hours; each first answer counts."),
    "communication": N_("Answer every inquiry within 24 hours."),
    "custom_gmv": N_("Answer, draft and close more Customization orders."),
    "custom_payment": N_("Draft what was agreed on; orders that lapse unpaid count against you."),
    "custom_repurchase": N_("Deliver well and stay in touch: buyers who order again count."),
    "rts_gmv": N_("Sell more RTS orders."),
    "rts_payment": N_("Confirm RTS orders quickly, so that they are paid."),
    "rts_repurchase": N_("Deliver RTS orders well: buyers who order again count."),
    "rts_payers": N_("More different buyers of RTS products."),
    "risk": N_("Penalty points live 365 days; avoid new ones."),
    "rating": N_("Ship on time, describe goods truly, and invite happy buyers."),
    "on_time": N_("Ship every order by its promised day."),
    "dispute_rate": N_("Settle complaints before they become refund requests."),
    "trace": N_("Hand goods to lines that depart within two days."),
    "certainty": N_("Keep the lead times that RTS products promise."),
}


def glyphs(star: int) -> tuple[str, str]:
    """A star level as the stars it has and those it has not."""
    return "★" * star, "★" * (MOST_STARS - star)


def value_of(measure: str, value: int) -> Any:
    """A measured value as it is written: a number, a percentage, an amount, hours."""
    unit = UNITS.get(measure, "percent")
    if unit == "count":
        return value
    if unit == "usd":
        return money(value, "USD")
    if unit == "hours":
        return Phrase(N_("{hours} h"), {"hours": tenth(divide_half_up(value * 10, 3600))})
    return f"{hundredth(value)}%" if unit == "percent" else hundredth(value)


def hundredth(value: int) -> str:
    """Hundredths with two decimals."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{value // 100}.{value % 100:02d}"


def tenth(value: int) -> str:
    """Tenths with one decimal."""
    return f"{value // 10}.{value % 10}"


def points_of(value: int) -> str:
    """Hundredths of points as they are written: 81.5, 90."""
    return hundredth(value).rstrip("0").rstrip(".")
