"""Rows around a cut on which stars are counted, in a world where nothing has happened."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

import numpy as np

from august.integrity.models import Dispute
from august.kernel.bulk import put
from august.kernel.clock import parse_instant
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import SYSTEM
from august.kernel.tables import WorldBase
from august.kernel.world import World
from august.merchants.models import Buyer
from august.opportunities.models import Inquiry
from august.reviews.models import Review
from august.stars.counts import counts
from august.trade.models import Order, Receipt, Shipment
from august.traffic.models import SOURCES, TrafficTick
from tests.trade.deals import columns

CUT = parse_instant("2022-09-10T00:00:00-07:00")
DAY = 86_400
END = to_epoch(CUT)
# No change of the clocks lies in between.
MONTH, QUARTER, YEAR = END - 30 * DAY, END - 90 * DAY, END - 365 * DAY
# Ticks of the market end at Pacific midnights too.
TICK = 6 * 3600
NUMBERS = count(1)


def talk(at: int, buyer: int = 7, **more: Any) -> Inquiry:
    """A conversation that a buyer began with the player's store."""
    replied = more.pop("replied", None)
    told: dict[str, Any] = {
        "merchant_id": 1, "buyer_id": buyer, "product_id": 1, "kind": "inquiry", "source": "search",
        "at": from_epoch(at), "quantity": 1, "state": "open", "turn": "seller", "last_at": from_epoch(at),
        "first_reply_at": None if replied is None else from_epoch(replied), "quote_cents": None,
        "rounds": 0, "lost_why": None, "order_id": None, "staff_id": None, "luck": 1, "due": 0,
    }  # fmt: skip
    return Inquiry(**told | more)


def deal(drafted: int, number: int | None = None, **more: Any) -> Order:
    """An order of a buyer, drafted and no more unless its instants are given; `buyer` is its buyer."""
    blank = dict.fromkeys(
        ("confirmed_at", "paid_at", "ship_by", "shipped_at", "received_at", "closed_at", "close_why")
    )
    row = columns("drafted", drafted_at=drafted, since=drafted, inquiry_id=1)
    row |= {"id": number or 10**6 + next(NUMBERS), "buyer_id": more.pop("buyer", 7), **blank, **more}
    made = Order()
    put(made, row)
    return made


def receipt(order: int, cents: int, at: int, cancelled: int | None = None) -> Receipt:
    return Receipt(
        order_id=order, merchant_id=1, kind="first", cents=cents, booked_at=from_epoch(at),
        cancelled_at=None if cancelled is None else from_epoch(cancelled),
    )  # fmt: skip


def shipment(at: int, departed: int | None) -> Shipment:
    return Shipment(
        order_id=1, merchant_id=1, quantity=1, line="sea", tracking="T", shipped_at=from_epoch(at),
        departed_at=None if departed is None else from_epoch(departed), cleared_at=None, arrived_at=None,
        due=None,
    )  # fmt: skip


def review(at: int, stars: tuple[int, int, int], *, valid: bool = True) -> Review:
    quality, service, shipped = stars
    return Review(
        order_id=10**6 + next(NUMBERS), merchant_id=1, buyer_id=7, product_id=1, at=from_epoch(at),
        quality=quality, service=service, shipment=shipped, text="Fine.", params=None, keywords=[],
        photos=[], invited=False, changed_at=None, reply=None, replied_at=None, counts=valid,
    )  # fmt: skip


def dispute(at: int, state: str = "opened") -> Dispute:
    return Dispute(
        order_id=1, merchant_id=1, buyer_id=7, product_id=1, opened_at=from_epoch(at), reason="late_shipment",
        truth="late_shipment", claim_cents=1, offer_cents=None, refund_cents=None, state=state,
        since=from_epoch(at), deadline=None, reminded_at=None, settled_at=None, seller_liable=None,
        statement=None, luck=1, due=None,
    )  # fmt: skip


def visits(*many: tuple[int, int] | tuple[int, int, str]) -> list[WorldBase]:
    """Visits of the player's first product: second and buyer, and a source if it is not the search."""
    ticks: list[WorldBase] = []
    for start in sorted({second - (second - END) % TICK for second, *_ in many}):
        here = sorted(
            (each[0] - start, each[1], SOURCES.index(each[2] if len(each) == 3 else "search"))
            for each in many
            if start <= each[0] < start + TICK
        )
        seconds, buyers, sources = (np.array(column) for column in zip(*here, strict=True))
        none = np.zeros(0, dtype=np.int64)
        ticks.append(
            TrafficTick(
                start=from_epoch(start),
                end=from_epoch(start + TICK),
                visits=len(here),
                seen_product=none,
                seen_count=none,
                visit_buyer=buyers,
                visit_product=np.ones(len(here), dtype=np.int64),
                visit_second=seconds,
                visit_source=sources,
            )
        )
    return ticks


def counted_with(
    world: World,
    *rows: WorldBase,
    tiers: Mapping[int, str] | None = None,
    closed: Mapping[int, int] | None = None,
    at: datetime = CUT,
) -> dict[str, int]:
    """The counts of the player's store with these rows and these tiers and closings of buyers."""
    with world.writing(SYSTEM) as ctx:
        for buyer in ctx.session.query(Buyer).where(Buyer.id.in_(range(1, 12))):
            buyer.tier = (tiers or {}).get(buyer.id, "L0")
            end = (closed or {}).get(buyer.id)
            buyer.closed_at = None if end is None else from_epoch(end)
        ctx.session.add_all(rows)
        ctx.session.flush()
        (one,), found = counts(ctx, at, 1)
        ids, whole = counts(ctx, at)
        # Counted among all stores or alone, a store has the same.
        assert (one, ids[0]) == (1, 1)
        assert {name: column[0] for name, column in whole.items()} == {
            name: column[0] for name, column in found.items()
        }
        return {name: int(column[0]) for name, column in found.items()}
