"""An offer as an object: what it says, when and for whom it holds, and what it brought a store (F1-F10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from august.festival.quotas import Quota
from august.kernel.clock import Window
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook
from august.kernel.words import Phrase

Kind = Literal["fee", "finance", "logistics", "goods", "buyer"]


@dataclass(frozen=True)
class Term:
    """A window that the offer asks something to happen in: what, and from when to when."""

    label: str
    window: Window
    # The zone the platform wrote it in; the other one is derived.
    zone: Literal["PT", "BJ"]


@dataclass(frozen=True)
class Progress:
    """How far a store is; amounts are minor units of the currency, other things have none."""

    done: int
    needed: int
    # What is counted, a msgid such as "orders shipped".
    label: str
    currency: str | None = None


@dataclass(frozen=True)
class Pieces:
    """How many times the offer was used in some way, and what that saves, in minor units."""

    count: int = 0
    saved: int = 0
    currency: str = "USD"


@dataclass(frozen=True)
class Standing:
    """An offer as a store stands to it now.

    `conditions` are all of them, met (outcome ok) or failed (bad, with a remedy); `reasons` say why pieces
    were lost.
    """

    conditions: tuple[Node, ...]
    progress: Progress | None = None
    quota: Quota | None = None
    locked: Pieces = field(default_factory=Pieces)
    settled: Pieces = field(default_factory=Pieces)
    lost: Pieces = field(default_factory=Pieces)
    reasons: tuple[Phrase, ...] = ()

    @property
    def failed(self) -> tuple[Node, ...]:
        """The conditions that are not met."""
        return tuple(node for node in self.conditions if node.outcome == "bad")

    @property
    def eligible(self) -> bool:
        """Whether nothing stands against it."""
        return not self.failed


@dataclass(frozen=True)
class Offer:
    """An offer of the festival; `sentence` is a msgid whose placeholders `arguments` fills from the rules."""

    code: str
    rule: str
    kind: Kind
    title: str
    sentence: str
    arguments: Callable[[Rulebook, datetime], Mapping[str, Any]]
    terms: Callable[[Rulebook, datetime], tuple[Term, ...]]
    stand: Callable[[Context], Standing]
    # Where it is used, relative to the sandbox.
    path: str
