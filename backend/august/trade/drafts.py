"""A new order: what both sides agree on, and the row it begins as."""

from collections.abc import Mapping
from typing import Any

import msgspec

from august.trade.quotes import Quote, first_payment

Row = Mapping[str, Any]
LATER = ("confirmed_at", "paid_at", "ship_by", "balance_at", "shipped_at", "received_at", "closed_at")


class Deal(msgspec.Struct, frozen=True):
    """How much is ordered, and on which terms; `first_percent` is paid first unless everything is."""

    kind: str
    country: str
    quantity: int
    channel: str
    export_mode: str
    special: str
    terms: str
    oa_days: int | None
    first_percent: int


def drafted(asked: Row, deal: Deal, offer: Quote, at: int) -> dict[str, Any]:
    """The columns of a draft; `asked` tells whose deal it is over which product, and with whose luck."""
    return {
        **{name: asked[name] for name in ("merchant_id", "buyer_id", "product_id", "luck")},
        "inquiry_id": asked.get("id"),
        "kind": deal.kind,
        "country": deal.country,
        "quantity": deal.quantity,
        "shipped_quantity": 0,
        "unit_cents": offer.unit_cents,
        "goods_cents": offer.goods_cents,
        "freight_cents": offer.freight_cents,
        "total_cents": offer.total_cents,
        "first_cents": first_payment(offer.total_cents, deal.terms, deal.first_percent),
        "paid_cents": 0,
        "channel": deal.channel,
        "export_mode": deal.export_mode,
        "special": deal.special,
        "terms": deal.terms,
        "oa_days": deal.oa_days,
        "lead_days": offer.lead_days,
        "line": offer.line,
        "promised_days": offer.promised_days,
        "state": "drafted",
        "since": at,
        "drafted_at": at,
        **dict.fromkeys(LATER),
        "close_why": None,
        "disputed": False,
        "disputes": 0,
        "due": 0,
    }
