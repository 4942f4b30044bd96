"""Sentences that wait for a language: the English text is the message id."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def N_(msgid: str) -> str:  # noqa: N802 - the name gettext extractors look for
    """Mark an English message id for extraction and return it unchanged."""
    return msgid


class Phrase(msgspec.Struct, frozen=True):
    """A message id with the values of its ``{name}`` placeholders."""

    msgid: str
    params: dict[str, Any] = {}

    def english(self) -> str:
        """Fill the English sentence, for logs and tests."""
        return fill(self.msgid, self.params)


def fill(text: str, params: Mapping[str, Any]) -> str:
    """Put values in place of ``{name}``; a placeholder without a value stays as it is."""
    # One pass: a value that looks like a placeholder is text, not a placeholder.
    return PLACEHOLDER.sub(lambda found: _plain(params.get(found[1], found[0])), text)


def _plain(value: Any) -> str:
    return value.english() if isinstance(value, Phrase) else str(value)
