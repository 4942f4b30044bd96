"""The list of calculators: a name, what is asked, and the pure function that answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from august.kernel.clock import BEIJING, from_local, parse_instant
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.money import parse_amount
from august.kernel.payloads import convert, misfit
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase

Part = TypeVar("Part", bound=msgspec.Struct)
# T5: a question that names no instant is asked at the minute the release goes live.
LAUNCH = from_local(BEIJING, "2022-08-25 10:00:00")


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a calculator is asked; each calculator has its own."""


@dataclass(frozen=True)
class Answer:
    """The decision as plain data, why, and the instant whose rules were applied."""

    decision: Mapping[str, Any]
    why: Node
    at: datetime = LAUNCH


@dataclass(frozen=True)
class Calculator:
    """One calculator."""

    name: str
    asks: type[Question]
    answer: Callable[[Any, Rulebook], Answer]


class Misfits(dict[str, Phrase]):
    """The fields of a question that do not fit, collected so that one answer names them all."""

    def instant(self, text: str | None) -> datetime:
        """The instant in field `at`, or that of the launch."""
        try:
            return LAUNCH if text is None else parse_instant(text)
        except Refusal as refusal:
            self["at"] = refusal.message
            return LAUNCH

    def part(self, data: Any, kind: type[Part], place: str) -> Part | None:
        """A struct inside the question, None when something in it does not fit."""
        try:
            return convert(data, kind)
        except Refusal as refusal:
            for name, phrase in refusal.fields.items():
                self[place if name == "$" else f"{place}.{name}"] = phrase
            return None

    def amount(self, text: str, field: str) -> int:
        """Cents of an amount of money."""
        try:
            return parse_amount(text, field)
        except Refusal as refusal:
            self.update(refusal.fields)
            return 0

    def within(self, value: float, least: int, most: int, field: str) -> None:
        """A number must lie within two bounds."""
        if not least <= value <= most:
            text = N_("A number from {least} to {most} is expected.")
            self[field] = Phrase(text, {"least": least, "most": most})

    def at_least(self, value: int, least: int, field: str) -> None:
        """A number must not fall short."""
        if value < least:
            self[field] = Phrase(N_("A number of at least {least} is expected."), {"least": least})

    def once(self, names: Sequence[object], field: str) -> None:
        """Nothing may be named twice."""
        if len(set(names)) < len(names):
            self[field] = Phrase(N_("Something is named twice."))

    def one_of(self, name: str, options: Sequence[str], field: str) -> None:
        """A name must be one of those that are known."""
        if name not in options:
            text = N_("{name} is not known; there are: {options}.")
            self[field] = Phrase(text, {"name": name[:60], "options": list(options)})

    def refuse(self) -> None:
        """Refuse the question if anything does not fit."""
        if self:
            raise misfit(self)
