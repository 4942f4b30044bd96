"""What the frame around every page of a sandbox shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from august.kernel.words import Phrase
from august.web.menu import Section


@dataclass(frozen=True)
class Named:
    """Something with an id and a name that the frame mentions."""

    id: str | int
    name: str


@dataclass(frozen=True)
class Times:
    """The world's now in both zones, ready to be shown."""

    pacific: str
    beijing: str


@dataclass(frozen=True)
class Shell:
    """The frame's contents; built once per page by the sandbox's door."""

    sandbox: Named
    merchant: Named
    menu: Sequence[Section]
    clock: Times
    unread: int = 0
    # Where the page shown is explained.
    help: str | None = None


@dataclass(frozen=True)
class Crumb:
    """A step of the breadcrumbs: a label, and where it leads unless it is the page itself."""

    label: str | Phrase
    href: str | None = None
