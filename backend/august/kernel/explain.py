"""Explanations: the tree a rule returns beside its decision, in no language yet."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from august.kernel.words import fill

# A Mapping here is money: {"cents": 1999, "currency": "USD"}; a list holds words or names.
Value = int | str | float | bool | datetime | date | Mapping[str, Any] | list[str]
Outcome = Literal["ok", "bad", "note"]


class Node(msgspec.Struct, frozen=True):
    """One statement of an explanation: message id, values, rule, and what it rests on."""

    message: str
    params: dict[str, Any] = {}
    rule: str | None = None
    children: tuple["Node", ...] = ()
    outcome: Outcome | None = None
    remedy: str | None = None

    def walk(self) -> Iterator["Node"]:
        """Go over the node and everything below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of all rules named in the tree, each once, in order of appearance."""
        return tuple(dict.fromkeys(node.rule for node in self.walk() if node.rule))

    def english(self) -> str:
        """The statement alone in English, for logs and tests."""
        return fill(self.message, self.params)


def money(cents: int, currency: str) -> dict[str, Any]:
    """A money value for a node; the language writes it at render time."""
    return {"cents": cents, "currency": currency}
