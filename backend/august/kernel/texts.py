"""Texts from outside: in normal form, and without marks that make them read as something they are not."""

import re
import unicodedata

from august.kernel.words import N_

# Marks that turn the direction of text.
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Control characters, halves of characters, and codes that mean nothing to anybody else.
UNPRINTED = {"Cc", "Cs", "Co", "Cn"}


def normal(text: str) -> str:
    """The text in Unicode's normal form with plain line ends, without white space at its ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def deceit(text: str, allowed: str = "") -> str | None:
    """Why a text is not plain, as a message id, or None; `allowed` are control characters that may be."""
    if BIDI.search(text):
        return N_("Marks that change the direction of writing are not allowed.")
    if any(unicodedata.category(each) in UNPRINTED and each not in allowed for each in text):
        return N_("Control characters are not allowed.")
    return None
