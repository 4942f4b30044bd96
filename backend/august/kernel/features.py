"""What a room contributes to the house."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import numpy.typing as npt

from august.kernel.commands import Command
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.jobs import Job
from august.kernel.tables import Event


@dataclass(frozen=True)
class Hit:
    """A place that Ctrl-K can jump to; `path` is relative to the sandbox (`/products/7`)."""

    label: str
    kind: str
    path: str


@dataclass(frozen=True)
class DigestLine:
    """One line of what happened during a jump: an English msgid, its parameters, where to read on."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    path: str | None = None


# What a room tells the market about products on sale: a column over their ids and their stores' ids.
Measure = Callable[[Context, npt.NDArray[Any], npt.NDArray[Any]], npt.NDArray[Any]]


@dataclass(frozen=True)
class Feature:
    """A room's entry in the list: what it adds to pages, time, rules and explanations."""

    name: str
    controllers: Sequence[Any] = ()
    menu: Sequence[Any] = ()
    commands: Sequence[Command] = ()
    jobs: Sequence[Job] = ()
    listeners: Mapping[str, Callable[[Context, Event], None]] = field(default_factory=dict)
    rules: Mapping[str, type[msgspec.Struct]] = field(default_factory=dict)
    why: Mapping[str, Callable[[Context, str], Node]] = field(default_factory=dict)
    digest: Callable[[Context, datetime, datetime], Sequence[DigestLine]] | None = None
    find: Callable[[Context, str], Sequence[Hit]] | None = None
    measures: Mapping[str, Measure] = field(default_factory=dict)
    # Where help about a page is read, both relative to the sandbox.
    help: Mapping[str, str] = field(default_factory=dict)
