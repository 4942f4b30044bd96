"""The one exception for every "no" of the product."""

from collections.abc import Mapping, Sequence
from typing import Any

from august.kernel.words import Phrase


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """What was wrong, under which rules, what to do, and which fields are meant."""

    def __init__(  # noqa: PLR0913 - every part of an answer has its name
        self,
        code: str,
        message: str,
        *,
        params: Mapping[str, Any] | None = None,
        rules: Sequence[str] = (),
        remedy: str | None = None,
        fields: Mapping[str, Phrase] | None = None,
        status: int = 422,
    ) -> None:
        """Name the refusal: `message` and `remedy` are message ids, `fields` maps a name to a phrase."""
        self.code = code
        self.message = Phrase(message, dict(params or {}))
        self.rules = tuple(rules)
        self.remedy = remedy
        self.fields = dict(fields or {})
        self.status = status
        super().__init__(code, message)

    @property
    def params(self) -> dict[str, Any]:
        """The values of the message's placeholders."""
        return self.message.params

    def __str__(self) -> str:
        """Say it in English, for logs."""
        named = "; ".join(f"{name}: {phrase.english()}" for name, phrase in self.fields.items())
        return f"{self.code}: {self.message.english()}" + (f" ({named})" if named else "")
