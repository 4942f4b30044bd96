"""What a command, job, query or listener is handed: the world at an instant, seen by somebody."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from august.kernel.errors import Refusal
from august.kernel.files import Files
from august.kernel.luck import Luck
from august.kernel.rulebook import Rulebook
from august.kernel.tables import KEPT, Event, WorldBase
from august.kernel.words import N_


class Actor(msgspec.Struct, frozen=True):
    """Who acts: the player's seat, a policy, a buyer, or the world itself."""

    kind: str
    merchant: int | None = None
    buyer: int | None = None


SYSTEM = Actor("system")


@dataclass
class Context:
    """The world's session, its now, the actor, the rules and the luck; only runners commit."""

    session: Session
    now: datetime
    actor: Actor
    rulebook: Rulebook
    luck: Luck
    listeners: "dict[str, list[Callable[[Context, Event], None]]]" = field(default_factory=dict)
    writable: bool = False
    # Where uploads are kept; a world being born has none.
    files: Files | None = None
    # What jobs of one advance remember between their instants; nothing that the world does not hold itself.
    kept: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The session forgets what is kept of a table when it writes such an object; see `of`."""
        self.session.info[KEPT] = self.kept

    def of(self, table: type[WorldBase]) -> dict[str, Any]:
        """What is remembered of a table's rows until the session writes one.

        Who writes rows of it past the session's objects keeps this right by hand.
        """
        found: dict[str, Any] = self.kept.setdefault(table, {})
        return found

    @property
    def merchant(self) -> int:
        """The store that acts; a refusal when nobody's store does."""
        if self.actor.merchant is None:
            raise Refusal("actor.no_store", N_("This needs a store of one's own."), status=403)
        return self.actor.merchant

    def emit(self, kind: str, about: tuple[str, int], **params: Any) -> Event:
        """Publish a fact on an object's timeline and tell the rooms that listen for it."""
        if not self.writable:
            msg = f"{kind} published while only reading"
            raise RuntimeError(msg)
        fact = Event(
            at=self.now,
            kind=kind,
            object_kind=about[0],
            object_id=about[1],
            merchant_id=self.actor.merchant,
            actor=self.actor.kind,
            params=params,
        )
        self.session.add(fact)
        for listen in self.listeners.get(kind, ()):
            listen(self, fact)
        return fact
