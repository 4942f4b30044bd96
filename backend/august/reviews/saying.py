"""Texts of buyers as pages show them: the original, and beneath it the reader's language."""

from collections.abc import Mapping
from typing import Any

import msgspec

from august.web.i18n import current, speaking, t


class Said(msgspec.Struct, frozen=True):
    """What somebody wrote; a simulated text has a translation when its reader's language is another one."""

    original: str
    translated: str | None = None


def said(text: str, params: Mapping[str, Any] | None) -> Said:
    """A stored text: a message id with values, or without values what somebody typed."""
    if params is None:
        return Said(text)
    with speaking("en"):
        original = t(text, **params)
    return Said(original, None if current() == "en" else t(text, **params))
