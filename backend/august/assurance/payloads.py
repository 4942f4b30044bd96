"""What the commands of the guarantees take."""

import msgspec


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class Nothing(Payload, frozen=True):
    """Nothing to say."""


class OneOrder(Payload, frozen=True):
    """One order."""

    order: int
