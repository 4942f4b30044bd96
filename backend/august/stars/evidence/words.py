"""What the evidence of stars is called: the sums of each measure, its values, and lists without rows."""

from collections.abc import Mapping
from typing import Any

from august.kernel.explain import money
from august.kernel.money import divide_half_up
from august.kernel.words import N_, Phrase
from august.stars import words
from august.stars.bonus import Bonus
from august.stars.evidence.ledger import NONE
from august.stars.evidence.lists import Sheet, Sums
from august.stars.rules import INDEX, score
from august.stars.words import LOCAL, STRENGTH
from august.traffic.models import SOURCES
from august.traffic.queries import SOURCE_WORDS

BONUSES: Mapping[str, str] = {
    STRENGTH: N_("Strength bonus"),
    LOCAL: N_("Local service bonus"),
}
SOURCE_TEXTS: Mapping[str, str] = {
    "now": N_("As things stand"),
    "prediction": N_("Predicted star"),
    "evaluation": N_("Evaluated star"),
}
PARTS: Mapping[str, str] = {
    "": N_("All"),
    "above": N_("Counted"),
    "below": N_("Only below the line"),
    "out": N_("Left out"),
}
CUSTOM = N_("Customization products on sale")
HIGH, STRONG = N_("High-growth products"), N_("Strong products")
HIGH_SHOWN, STRONG_SHOWN = N_("High-growth products in the showcases"), N_("Strong products in the showcases")
CUSTOM_SHOWN, RTS_SHOWN = N_("Customization products in the showcases"), N_("RTS products in the showcases")
IN_TIME = (N_("Shipped in time"), N_("Orders due"))
PAYMENT = (N_("Orders paid"), N_("Orders drafted"))
REPEAT = (N_("Buyers who paid again"), N_("Buyers who paid"))
CONVERSION = (N_("Visitors with an opportunity afterwards"), N_("Visitors"))
# What stands above the line of a measure, and below it.
SUMS: Mapping[str, tuple[str, str]] = {
    "growth": (N_("Sum of growth scores"), CUSTOM),
    "power": (N_("Sum of growth plus twice quality"), CUSTOM),
    "high_share": (HIGH, CUSTOM),
    "strong_share": (STRONG, CUSTOM),
    "shown_high": (
        N_("High-growth products in the showcases"),
        N_("Customization products in the showcases"),
    ),
    "shown_strong": (N_("Strong products in the showcases"), N_("Customization products in the showcases")),
    "rts_shown_high": (N_("High-growth products in the showcases"), N_("RTS products in the showcases")),
    "rts_shown_strong": (N_("Strong products in the showcases"), N_("RTS products in the showcases")),
    "tradable": (N_("RTS products that can be ordered"), ""),
    "rts_high": (HIGH, ""),
    "rts_strong": (STRONG, ""),
    "traffic": (N_("Visits"), ""),
    INDEX: (N_("Sum of weights"), ""),
    "conversion": CONVERSION,
    "own_conversion": CONVERSION,
    "reply": (N_("Sum of waits"), N_("First answers")),
    "communication": (N_("Answered within 24 hours"), N_("Inquiries and chats")),
    "custom_gmv": (N_("Sum of receipts"), ""),
    "custom_payment": PAYMENT,
    "custom_repurchase": REPEAT,
    "rts_gmv": (N_("Sum of receipts"), ""),
    "rts_payment": PAYMENT,
    "rts_repurchase": REPEAT,
    "rts_payers": (REPEAT[1], ""),
    "points": (N_("Penalty points"), ""),
    "rating": (N_("Sum of stars"), N_("Ratings, three a review")),
    "on_time": IN_TIME,
    "dispute_rate": (N_("Refund requests"), N_("Orders paid")),
    "trace": (N_("Departed within two days"), N_("Shipments")),
    "certainty": IN_TIME,
    STRENGTH: (N_("Sum of points before the caps"), ""),
    LOCAL: (N_("Receipts with local after-sales service"), ""),
}
# How a sum above the line is written where it is no plain count.
UNITS: Mapping[str, str] = {
    "custom_gmv": "usd",
    "rts_gmv": "usd",
    LOCAL: "usd",
    "reply": "hours",
    INDEX: "tenths",
}
NOTHING: Mapping[str, tuple[str, str]] = {
    "points": (
        N_("No penalty points"),
        N_("Nothing was held against the store in 365 days: risk health is full."),
    ),
    STRENGTH: (
        N_("No proof yet"),
        N_("Apply in the Verified Center: certificates, exports, services and cases earn points here."),
    ),
    LOCAL: (
        N_("No receipts in 90 days"),
        N_("Machinery sold online with local after-sales service earns this bonus."),
    ),
    "traffic": (
        N_("Nobody visited your products yet"),
        N_("Move the clock forward: buyers come by the quarter of a day."),
    ),
}
RULES: Mapping[str, str] = {
    INDEX: "S4",
    "conversion": "S5",
    "own_conversion": "S5",
    STRENGTH: "S3",
    LOCAL: "S6",
}
PLACES: Mapping[str, str] = {**words.EVIDENCE, STRENGTH: "/verified/access", LOCAL: "/orders"}


def written(unit: str, value: int) -> Any:
    """A value of a row or a sum above the line as it is written; None where there is none."""
    if value == NONE:
        return None
    if unit == "usd":
        return money(value, "USD")
    if unit == "hours":
        return Phrase(N_("{hours} h"), {"hours": words.tenth(divide_half_up(value * 10, 3600))})
    if unit == "source":
        return Phrase(SOURCE_WORDS[SOURCES[value]])
    return words.tenth(value) if unit == "tenths" else value


def name_of(sheet: Sheet) -> str:
    """What an indicator or bonus is called."""
    return BONUSES.get(sheet.subject.name) or words.INDICATORS[sheet.subject.name]


def value_of(sheet: Sheet, value: int) -> Any:
    """The value of a measure as it is written."""
    if sheet.subject.measure == STRENGTH:
        return value
    return words.value_of("custom_gmv" if sheet.subject.measure == LOCAL else sheet.subject.measure, value)


def rule_of(sheet: Sheet) -> str:
    """The rule that says how it is counted."""
    return RULES.get(sheet.subject.measure, "S2")


def figures(sheet: Sheet) -> list[tuple[str, Any, Phrase | None]]:
    """The sums and what they make, each with its name; what only repeats the value is left out."""
    measure, sums = sheet.subject.measure, sheet.sums
    above, below = SUMS[measure]
    found: list[tuple[str, Any, Phrase | None]] = []
    if sums.bottom is not None or measure in {INDEX, STRENGTH}:
        found.append((above, written(UNITS.get(measure, "count"), sums.top), None))
    if sums.bottom is not None:
        found.append((below, sums.bottom, None))
    name = above if measure == LOCAL else name_of(sheet)
    found.append((name, value_of(sheet, sums.value), None))
    indicator = sheet.subject.indicator
    if indicator is not None:
        earned = words.points_of(score(indicator.curve, sums.value))
        note = Phrase(N_("of 100, weight {weight}%"), {"weight": indicator.weight})
        found.append((N_("Points"), earned, note))
    return found


def arithmetic(sheet: Sheet) -> Phrase:
    """How the sums make the value."""
    measure, sums = sheet.subject.measure, sheet.sums
    value, top = value_of(sheet, sums.value), written(UNITS.get(measure, "count"), sums.top)
    if measure == INDEX:
        told = {"sum": top, "constant": sheet.source.rules.index.constant, "index": sums.value}
        return Phrase(N_("1000 · (1 - exp(-{sum} / {constant})) = {index}"), told)
    if sheet.local is not None:
        return Phrase(sheet.local.message, sheet.local.params)
    if sheet.bonus is not None:
        return _capped(sheet, sheet.bonus)
    if sums.bottom is None:
        return Phrase(N_("The counted rows make {value}."), {"value": value})
    return _divided(measure, top, sums.bottom, value)


def _divided(measure: str, top: Any, bottom: int, value: Any) -> Phrase:
    if not bottom:
        return Phrase(N_("There is nothing to measure yet: a neutral value stands in."))
    told = {"top": top, "bottom": bottom, "value": value}
    if measure == "power":
        return Phrase(N_("{top} ÷ {bottom} ÷ 2 = {value}"), told)
    return Phrase(N_("{top} ÷ {bottom} = {value}"), told)


def _capped(sheet: Sheet, bonus: Bonus) -> Phrase:
    if not bonus.open:
        text = N_("The growth average is below {least}: the bonus is not open, and no proof earns anything.")
        return Phrase(text, {"least": sheet.source.rules.bonus.growth_least})
    text = N_("{sum} points, {total} after the caps of the three classes")
    return Phrase(text, {"sum": sheet.sums.top, "total": bonus.total})


def comparison(sheet: Sheet) -> Phrase | None:
    """Whether the rows still add up to what was issued; None where nothing was issued."""
    if sheet.issued is None:
        return None
    if sheet.issued == sheet.sums:
        return Phrase(N_("The rows add up to exactly what was issued."))
    was, now = sheet.issued, sheet.sums
    told = {
        "was": value_of(sheet, was.value),
        "counts": _counts(sheet, was),
        "now": value_of(sheet, now.value),
        "again": _counts(sheet, now),
    }
    text = N_(
        "A recount today differs from what was issued: {was} ({counts}) then, {now} ({again}) now. Products, "
        "showcases, proofs, accounts and requests count here as they stand now; what was issued stays."
    )
    return Phrase(text, told)


def _counts(sheet: Sheet, sums: Sums) -> Any:
    above = written(UNITS.get(sheet.subject.measure, "count"), sums.top)
    if sums.bottom is None:
        return above
    return Phrase(N_("{top} ÷ {bottom}"), {"top": above, "bottom": sums.bottom})


def days(sheet: Sheet) -> Phrase:
    """The days that the rows are of."""
    count, until = words.DAYS.get(sheet.subject.measure), {"until": sheet.source.at}
    if sheet.subject.measure == LOCAL:
        count = words.DAYS["custom_gmv"]
    if count is None:
        return Phrase(N_("As it stands at {until}."), until)
    return Phrase(N_("{days} complete Pacific days up to {until}."), {"days": count, **until})


def nothing(sheet: Sheet) -> tuple[str, str]:
    """What a list without rows says, and what would bring some."""
    return NOTHING.get(sheet.subject.measure) or (
        N_("Nothing to count yet"),
        words.REMEDIES[sheet.subject.name],
    )
