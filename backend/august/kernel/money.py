"""Exact money: whole cents, one rounding, half up (M1, M2)."""

import re

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase

WRITTEN = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")


def parse_amount(text: str, field: str) -> int:
    """Read an amount such as ``"39999.99"`` into cents; refuses anything else, naming `field` (M1)."""
    match = WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        problem = N_("Write an amount of zero or more with at most two decimals, for example 39999.99.")
        raise Refusal(
            "money.unreadable",
            N_("{text} is not an amount of money."),
            params={"text": str(text)[:40]},
            rules=("M1",),
            fields={field: Phrase(problem)},
        )
    whole, decimals = match.groups()
    return int(whole) * 100 + int((decimals or "").ljust(2, "0"))


def amount(cents: int) -> str:
    """Write cents as a plain decimal string with two decimals (M1)."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def divide_half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers; halves go away from zero, so that a refund mirrors its charge (M2)."""
    if denominator == 0:
        raise ZeroDivisionError(numerator)
    quotient = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return quotient if (numerator < 0) == (denominator < 0) else -quotient
