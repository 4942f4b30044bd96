"""The list of calculators: a name, what is asked, and the pure function that answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from august.kernel.clock import BEIJING, from_local
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook

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
