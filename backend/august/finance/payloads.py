"""What the commands of financing take."""

import msgspec


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class OneOrder(Payload, frozen=True):
    """One order."""

    order: int


class OneFinancing(Payload, frozen=True):
    """One LC financing of one's own."""

    financing: int
