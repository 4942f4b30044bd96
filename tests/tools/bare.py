"""A furniture world without a past, and rows to put into it: for tests of what pages read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import update

from august.features import house
from august.integrity.models import Dispute
from august.kernel.bulk import insert_rows
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM, Actor, Context
from august.kernel.tables import Clock, WorldBase
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.opportunities.models import Inquiry
from august.reviews.models import PendingReview, Review
from august.stars.inputs import INPUTS
from august.stars.models import Evaluation
from august.stars.rules import EACH
from august.trade.models import Order, Receipt
from tests.tools.worlds import plant

PLAYER = Actor("player", merchant=1)
DAY = timedelta(days=1)


def bare(folder: Path, url: str | None = None) -> Worlds:
    """A store of worlds with the sealed template `t`."""
    made = Worlds.at(house(), folder=folder, url=url)
    plant(made)
    return made


@contextmanager
def changing(world: World) -> Iterator[Context]:
    """A context of the world itself whose changes are kept."""
    with world.writing(SYSTEM) as ctx:
        yield ctx
        ctx.session.commit()


def set_clock(world: World, at: datetime) -> None:
    """Let it be another instant; nothing else happens."""
    with changing(world) as ctx:
        ctx.session.execute(update(Clock).values(now=at))


def put(world: World, *found: tuple[type[WorldBase], dict[str, Any]]) -> None:
    """Insert rows in their order; an instant may be a datetime."""
    with world.writing(SYSTEM) as ctx:
        for table, row in found:
            plain = {
                name: to_epoch(value) if isinstance(value, datetime) else value for name, value in row.items()
            }
            insert_rows(ctx.session.connection(), table, [plain])
        ctx.session.commit()


def inquiry(**more: Any) -> tuple[type[WorldBase], dict[str, Any]]:
    """An open inquiry of buyer 1 about product 1 at the world's birth."""
    at = more.get("at", BORN)
    return Inquiry, {
        "merchant_id": 1,
        "buyer_id": 1,
        "product_id": 1,
        "kind": "inquiry",
        "source": "search",
        "at": at,
        "quantity": 10,
        "state": "open",
        "turn": "seller",
        "last_at": at,
        "first_reply_at": None,
        "quote_cents": None,
        "rounds": 0,
        "lost_why": None,
        "order_id": None,
        "staff_id": None,
        "luck": 1,
        "due": None,
        **more,
    }


def order(**more: Any) -> tuple[type[WorldBase], dict[str, Any]]:
    """A paid order of buyer 1 over product 1, to be shipped."""
    paid = more.get("paid_at", BORN)
    drafted = more.get("drafted_at", paid or BORN)
    return Order, {
        "merchant_id": 1,
        "buyer_id": 1,
        "product_id": 1,
        "inquiry_id": None,
        "kind": "rts",
        "country": "US",
        "quantity": 10,
        "shipped_quantity": 0,
        "unit_cents": 1000,
        "goods_cents": 10_000,
        "freight_cents": 0,
        "total_cents": 10_000,
        "first_cents": 10_000,
        "paid_cents": 10_000,
        "channel": "ta",
        "export_mode": "self",
        "special": "none",
        "terms": "full",
        "oa_days": None,
        "lead_days": 10,
        "line": None,
        "promised_days": None,
        "state": "producing",
        "since": drafted,
        "drafted_at": drafted,
        "confirmed_at": paid,
        "paid_at": paid,
        "ship_by": None if paid is None else paid + 10 * DAY,
        "balance_at": None,
        "shipped_at": None,
        "received_at": None,
        "closed_at": None,
        "close_why": None,
        "disputed": False,
        "disputes": 0,
        "luck": 1,
        "due": None,
        **more,
    }


def receipt(**more: Any) -> tuple[type[WorldBase], dict[str, Any]]:
    """A booked first payment of US$100."""
    return Receipt, {
        "order_id": 1,
        "merchant_id": 1,
        "kind": "first",
        "cents": 10_000,
        "booked_at": BORN,
        "cancelled_at": None,
        **more,
    }


def dispute(**more: Any) -> tuple[type[WorldBase], dict[str, Any]]:
    """A refund request that waits for the store's answer."""
    at = more.get("opened_at", BORN)
    return Dispute, {
        "order_id": 1,
        "merchant_id": 1,
        "buyer_id": 1,
        "product_id": 1,
        "opened_at": at,
        "reason": "late_shipment",
        "truth": "late_shipment",
        "claim_cents": 10_000,
        "offer_cents": None,
        "refund_cents": None,
        "state": "opened",
        "since": at,
        "deadline": at + 5 * DAY,
        "reminded_at": None,
        "settled_at": None,
        "seller_liable": None,
        "statement": None,
        "luck": 1,
        "due": None,
        **more,
    }


def awaited(**more: Any) -> tuple[type[WorldBase], dict[str, Any]]:
    """An order received at the world's birth and not reviewed yet."""
    return PendingReview, {
        "order_id": 1,
        "merchant_id": 1,
        "buyer_id": 1,
        "product_id": 1,
        "received_at": BORN,
        "invited_at": None,
        "invitation": None,
        "luck": 1,
        "due": None,
        **more,
    }


def review(**more: Any) -> tuple[type[WorldBase], dict[str, Any]]:
    """A review of five stars."""
    return Review, {
        "order_id": 1,
        "merchant_id": 1,
        "buyer_id": 1,
        "product_id": 1,
        "at": BORN,
        "quality": 5,
        "service": 5,
        "shipment": 5,
        "text": "Good",
        "params": None,
        "keywords": "[]",
        "photos": "[]",
        "invited": False,
        "changed_at": None,
        "reply": None,
        "replied_at": None,
        "counts": True,
        **more,
    }


def evaluation(month: str, star: int, at: datetime | None, merchant: int = 1) -> Evaluation:
    """An evaluation as the stars publish it, made from nothing."""
    return Evaluation(
        merchant_id=merchant,
        month=month,
        version="5.0",
        cut_at=at or BORN,
        published_at=at,
        star=star,
        track="custom",
        abilities=np.zeros(2 * EACH, dtype=np.int64),
        inputs=np.zeros(len(INPUTS), dtype=np.int64),
    )
