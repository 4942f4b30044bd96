"""What the showcase's commands take."""

import msgspec


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class Products(Payload, frozen=True):
    """Products of one's own; all are taken or none."""

    products: list[int]


class Replace(Payload, frozen=True):
    """Products that leave the showcase, and those that come into their slots."""

    remove: list[int]
    show: list[int]


class Nothing(Payload, frozen=True):
    """Nothing to say."""


class OneOrder(Payload, frozen=True):
    """A showcase order of one's own."""

    order: int
