"""What the commands about reviews take."""

import msgspec


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class Reply(Payload, frozen=True):
    """The store's one answer to a review."""

    review: int
    text: str


class Invite(Payload, frozen=True):
    """Ask the buyers of received orders for their reviews; all are invited or none."""

    orders: list[int]
    message: str


class Judgement(Payload, frozen=True, kw_only=True):
    """Stars from 1 to 5 in three dimensions, words, keywords of the list, names of offered pictures."""

    quality: int
    service: int
    shipment: int
    text: str = ""
    keywords: list[str] = []
    photos: list[str] = []


class Write(Judgement, frozen=True, kw_only=True):
    """A buyer's review of a received order."""

    order: int


class Change(Judgement, frozen=True, kw_only=True):
    """What a buyer's review says from now on."""

    review: int
