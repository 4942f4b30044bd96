"""The house: all features put together with the rules they live by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from august.kernel.commands import Command
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.features import Feature
from august.kernel.jobs import Job
from august.kernel.rulebook import Rulebook
from august.kernel.tables import Event


@dataclass(frozen=True)
class House:
    """Features in their documented order and the loaded rulebook."""

    features: Sequence[Feature]
    rulebook: Rulebook

    @cached_property
    def commands(self) -> dict[str, Command]:
        """Every command by name; a name given twice is a programming error."""
        found: dict[str, Command] = {}
        for feature in self.features:
            for spec in feature.commands:
                if spec.name in found:
                    msg = f"two commands are called {spec.name}"
                    raise ValueError(msg)
                found[spec.name] = spec
        return found

    @cached_property
    def explainers(self) -> dict[str, Callable[[Context, str], Node]]:
        """Who answers "why?" by kind; a kind given twice is a programming error."""
        found: dict[str, Callable[[Context, str], Node]] = {}
        for feature in self.features:
            if twice := found.keys() & feature.why.keys():
                msg = f"two rooms explain {sorted(twice)}"
                raise ValueError(msg)
            found |= feature.why
        return found

    @cached_property
    def jobs(self) -> list[Job]:
        """Every job, by name at most one."""
        found = [job for feature in self.features for job in feature.jobs]
        if len({job.name for job in found}) != len(found):
            msg = "two jobs share a name"
            raise ValueError(msg)
        return found

    def job(self, name: str) -> Job:
        """The job of that name."""
        return next(job for job in self.jobs if job.name == name)

    @cached_property
    def listeners(self) -> dict[str, list[Callable[[Context, Event], None]]]:
        """Who listens to which kind of event, in feature order."""
        found: dict[str, list[Callable[[Context, Event], None]]] = {}
        for feature in self.features:
            for kind, listen in feature.listeners.items():
                found.setdefault(kind, []).append(listen)
        return found
