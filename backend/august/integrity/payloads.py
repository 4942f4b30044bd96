"""What the commands of refund requests take."""

from typing import Literal

import msgspec

Reason = Literal[
    "out_of_stock",
    "asks_more_money",
    "late_shipment",
    "refuses_deal",
    "not_as_described",
    "no_longer_wanted",
    "ordered_by_mistake",
    "agreed_cancel",
]


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a command takes: unknown fields are refused."""


class OpenDispute(Payload, frozen=True):
    """Everything paid for an order back, for a reason."""

    order: int
    reason: Reason


class OneDispute(Payload, frozen=True):
    """One refund request."""

    dispute: int


class OfferPart(Payload, frozen=True):
    """A part of the claim."""

    dispute: int
    amount_usd: str


class ExplainSide(Payload, frozen=True):
    """The seller's side in words."""

    dispute: int
    statement: str


class ChangeReason(Payload, frozen=True):
    """The reason that is true."""

    dispute: int
    reason: Reason
