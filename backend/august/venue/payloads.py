"""What the festival's commands take."""

import msgspec


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class Priced(Payload, frozen=True):
    """A product of one's own at a campaign price such as "12.50"."""

    product: int
    price_usd: str


class PricedBatch(Payload, frozen=True):
    """Several of them; all are taken or none."""

    items: list[Priced]


class Products(Payload, frozen=True):
    """Products of one's own; all are taken or none."""

    products: list[int]


class Target(Payload, frozen=True):
    """The GMV to reach, such as "40000.00"."""

    amount_usd: str


class Nothing(Payload, frozen=True):
    """Nothing to say."""


class Bought(Payload, frozen=True):
    """A product of the venue, and how many pieces of it."""

    product: int
    quantity: int
