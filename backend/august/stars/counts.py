"""What is counted of stores for their stars: columns over all or one of them, up to a PT midnight."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Select, Table, case, func, select

from august.catalog import taxonomy
from august.catalog.models import Product
from august.integrity.models import Dispute
from august.kernel.bulk import columns_of, number_columns, plain
from august.kernel.clock import last_days
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.merchants.models import Buyer, Merchant
from august.opportunities.models import Inquiry
from august.reviews.models import Review
from august.stars.inputs import INPUTS, TIERS
from august.stars.visits import converted
from august.trade.models import Order, Receipt, Shipment

Ints = npt.NDArray[np.int64]
HIGH_GROWTH = 80
STRONG = 160
DAY = 86_400
TRACE_SECONDS = 2 * DAY
NEVER = 2**62
DIMENSIONS = 3
# No order is paid later than so long after its draft.
DRAFT_LIFE = 90 * DAY
# Who the old labels of 5.0 belonged to.
LEGACY = {"L4": "gold", "L3": "blue"}
BUYERS = 1 << 32


@dataclass(frozen=True)
class Cut:
    """The stores that are counted, and the epoch seconds at which windows begin and end."""

    ids: Ints
    end: int
    month: int
    quarter: int
    year: int
    one: int | None

    def mine(self, table: Table) -> tuple[ColumnElement[bool], ...]:
        """The condition that leaves rows of the one store only, if there is one."""
        return () if self.one is None else (table.c.merchant_id == self.one,)

    def tally(self, stores: Ints, amounts: Ints | None = None) -> Ints:
        """How often each store occurs, or the sum of its amounts."""
        places = np.searchsorted(self.ids, stores)
        found = np.zeros(len(self.ids), dtype=np.int64)
        np.add.at(found, places, 1 if amounts is None else amounts)
        return found

    def buyers(self, stores: Ints, buyers: Ints) -> Ints:
        """How many different buyers each store has in these pairs."""
        return self.tally(np.unique(stores * BUYERS + buyers) // BUYERS)


def counts(ctx: Context, at: datetime, store: int | None = None) -> tuple[Ints, dict[str, Ints]]:
    """The ids of the stores in rising order, and every column of INPUTS over them, as of PT midnight `at`."""
    cut = _cut(ctx, at, store)
    found = {name: np.zeros(len(cut.ids), dtype=np.int64) for name in INPUTS}
    for part in (_goods, _talks, _deals, _money, _service):
        found |= part(ctx, cut)
    found |= converted(ctx, at, cut)
    return cut.ids, found


def _cut(ctx: Context, at: datetime, store: int | None) -> Cut:
    table = plain(Merchant)
    asked = select(table.c.id).order_by(table.c.id)
    (ids,) = number_columns(
        ctx.session.connection(), asked if store is None else asked.where(table.c.id == store)
    )
    month, quarter, year = (to_epoch(last_days(days, at).start) for days in (30, 90, 365))
    return Cut(ids, to_epoch(last_days(1, at).end), month, quarter, year, store)


def _read(ctx: Context, asked: Select[Any]) -> list[Ints]:
    return number_columns(ctx.session.connection(), asked)


def _or(column: ColumnElement[Any], missing: int) -> ColumnElement[Any]:
    return func.coalesce(column, missing)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where the condition holds, 0 elsewhere."""
    return case((condition, 1), else_=0)


def _goods(ctx: Context, cut: Cut) -> Mapping[str, Ints]:
    """Products on sale as they stand, and the industry most of them belong to."""
    table = plain(Product)
    asked = select(
        table.c.leaf, table.c.merchant_id, _flag(table.c.kind == "rts"), table.c.growth,
        table.c.quality_tenths, _flag((table.c.price_cents > 0) & (table.c.reached > 0)),
    ).where(table.c.status == "on_sale", *cut.mine(table))  # fmt: skip
    leaves, *numbers = columns_of(ctx.session.connection(), asked)
    stores, rts, growth, quality, able = (np.array(column, dtype=np.int64) for column in numbers)
    ready, power = rts == 1, growth + 2 * quality
    made = {
        "industry": _industries(cut, stores, leaves),
        "custom_products": cut.tally(stores[~ready]),
        "custom_growth": cut.tally(stores[~ready], growth[~ready]),
        "custom_power": cut.tally(stores[~ready], power[~ready]),
        "rts_tradable": cut.tally(stores[ready & (able == 1)]),
    }
    for track, kind in (("custom", ~ready), ("rts", ready)):
        made[f"{track}_high"] = cut.tally(stores[kind & (growth >= HIGH_GROWTH)])
        made[f"{track}_strong"] = cut.tally(stores[kind & (power >= STRONG)])
    return made


def _industries(cut: Cut, stores: Ints, leaves: tuple[str, ...]) -> Ints:
    """The first-level industry with most products on sale; the first of the tree among equals (00-world)."""
    tree = taxonomy.standing()
    codes = list(tree.industries)
    industry = np.array([codes.index(tree.leaves[leaf].industry) for leaf in leaves], dtype=np.int64)
    found = np.zeros((len(cut.ids), len(codes)), dtype=np.int64)
    np.add.at(found, (np.searchsorted(cut.ids, stores), industry), 1)
    return np.asarray(found.argmax(axis=1), dtype=np.int64)


def _talks(ctx: Context, cut: Cut) -> Mapping[str, Ints]:
    """Inquiries, opportunity buyers by tier, and how fast the store answered."""
    table, people = plain(Inquiry), plain(Buyer)
    asked = (
        select(
            people.c.tier, table.c.merchant_id, table.c.buyer_id, _flag(table.c.kind == "inquiry"),
            table.c.at, _or(table.c.first_reply_at, NEVER),
        )
        .join_from(table, people, people.c.id == table.c.buyer_id)
        .where((table.c.at >= cut.month - DAY) | (table.c.first_reply_at >= cut.month), table.c.at < cut.end)
        .where(_or(people.c.closed_at, NEVER) >= cut.end, *cut.mine(table))
    )  # fmt: skip
    tiers, *numbers = columns_of(ctx.session.connection(), asked)
    stores, buyers, written, at, replied = (np.array(column, dtype=np.int64) for column in numbers)
    tier = np.array([TIERS.index(each) for each in tiers], dtype=np.int64)
    label = np.array([LEGACY.get(each, "none") for each in tiers])
    inside = at >= cut.month
    made: dict[str, Ints] = {}
    for name in ("none", "blue", "gold"):
        made[f"inquiries_{name}"] = cut.tally(stores[inside & (written == 1) & (label == name)])
    ordered = _direct(ctx, cut)
    pairs = np.concatenate([stores[inside] * BUYERS + buyers[inside], ordered[0] * BUYERS + ordered[1]])
    pair, first = np.unique(pairs, return_index=True)
    of = np.concatenate([tier[inside], ordered[2]])[first]
    for number, name in enumerate(TIERS):
        made[f"buyers_{name}"] = cut.tally((pair // BUYERS)[of == number])
    answered = (replied >= cut.month) & (replied < cut.end)
    due = (at >= cut.month - DAY) & (at < cut.end - DAY)
    return made | {
        "replies": cut.tally(stores[answered]),
        "reply_seconds": cut.tally(stores[answered], (replied - at)[answered]),
        "asked": cut.tally(stores[due]),
        "answered_in_day": cut.tally(stores[due & (replied - at <= DAY)]),
    }


def _direct(ctx: Context, cut: Cut) -> tuple[Ints, Ints, Ints]:
    """Store, buyer and tier of the orders that buyers placed without a talk."""
    table, people = plain(Order), plain(Buyer)
    asked = (
        select(people.c.tier, table.c.merchant_id, table.c.buyer_id)
        .join_from(table, people, people.c.id == table.c.buyer_id)
        .where(
            table.c.inquiry_id.is_(None), table.c.confirmed_at >= cut.month, table.c.confirmed_at < cut.end
        )
        .where(_or(people.c.closed_at, NEVER) >= cut.end, *cut.mine(table))
    )
    tiers, stores, buyers = columns_of(ctx.session.connection(), asked)
    tier = np.array([TIERS.index(each) for each in tiers], dtype=np.int64)
    return np.array(stores, dtype=np.int64), np.array(buyers, dtype=np.int64), tier


def _deals(ctx: Context, cut: Cut) -> Mapping[str, Ints]:
    """Orders of the last 90 days by kind: drafted, paid, by whom, shipped in time."""
    table = plain(Order)
    asked = select(
        table.c.merchant_id, table.c.buyer_id, _flag(table.c.kind == "rts"), table.c.drafted_at,
        _or(table.c.paid_at, NEVER), _or(table.c.ship_by, NEVER), _or(table.c.shipped_at, NEVER),
        _or(table.c.closed_at, NEVER), _flag(table.c.close_why.is_not(None)),
    )  # fmt: skip
    asked = asked.where(table.c.drafted_at < cut.end, table.c.drafted_at >= cut.year - DRAFT_LIFE)
    stores, buyers, rts, drafted, paid, by, shipped, closed, failed = _read(
        ctx, asked.where(*cut.mine(table))
    )
    settled = paid < cut.end
    recent, bought = settled & (paid >= cut.quarter), settled & (paid >= cut.year)
    pairs = stores * BUYERS + buyers
    again, times = np.unique(pairs[bought], return_counts=True)
    loyal = np.isin(pairs, again[times > 1])
    # Due in these days and not given up before.
    due = (by >= cut.quarter) & (by < cut.end) & ~((failed == 1) & (closed <= by))
    punctual = due & (shipped <= by) & (shipped < cut.end)
    made = {
        "paid": cut.tally(stores[recent]),
        "due": cut.tally(stores[due]),
        "on_time": cut.tally(stores[punctual]),
        "rts_due": cut.tally(stores[due & (rts == 1)]),
        "rts_certain": cut.tally(stores[punctual & (rts == 1)]),
    }
    for track, kind in (("custom", rts == 0), ("rts", rts == 1)):
        made_here = kind & (drafted >= cut.quarter)
        made[f"{track}_orders"] = cut.tally(stores[made_here])
        made[f"{track}_paid"] = cut.tally(stores[made_here & settled])
        made[f"{track}_payers"] = cut.buyers(stores[recent & kind], buyers[recent & kind])
        made[f"{track}_repeat"] = cut.buyers(stores[recent & kind & loyal], buyers[recent & kind & loyal])
    return made


def _money(ctx: Context, cut: Cut) -> Mapping[str, Ints]:
    """Booked receipts of 90 days by kind."""
    table, order = plain(Receipt), plain(Order)
    asked = (
        select(table.c.merchant_id, _flag(order.c.kind == "rts"), table.c.cents)
        .join_from(table, order, order.c.id == table.c.order_id)
        .where(table.c.booked_at >= cut.quarter, table.c.booked_at < cut.end)
        .where(_or(table.c.cancelled_at, NEVER) >= cut.end, *cut.mine(table))
    )
    stores, rts, cents = _read(ctx, asked)
    return {
        "custom_gmv": cut.tally(stores[rts == 0], cents[rts == 0]),
        "rts_gmv": cut.tally(stores[rts == 1], cents[rts == 1]),
    }


def _service(ctx: Context, cut: Cut) -> Mapping[str, Ints]:
    """Reviews that count, refund requests that stood, traces of shipments."""
    made: dict[str, Ints] = {}
    review = plain(Review)
    asked = select(
        review.c.merchant_id, func.count(), func.sum(review.c.quality + review.c.service + review.c.shipment)
    ).where(review.c.counts, review.c.at < cut.end, *cut.mine(review))
    stores, number, stars = _read(ctx, asked.group_by(review.c.merchant_id))
    made["stars_count"] = cut.tally(stores, number * DIMENSIONS)
    made["stars_sum"] = cut.tally(stores, stars)
    dispute = plain(Dispute)
    opened = dispute.c.opened_at >= cut.quarter, dispute.c.opened_at < cut.end
    (stores,) = _read(
        ctx, select(dispute.c.merchant_id).where(*opened, dispute.c.state != "withdrawn", *cut.mine(dispute))
    )
    made["disputes"] = cut.tally(stores)
    way = plain(Shipment)
    asked = select(way.c.merchant_id, _or(way.c.departed_at, NEVER) - way.c.shipped_at).where(
        way.c.shipped_at >= cut.quarter, way.c.shipped_at < cut.end - TRACE_SECONDS, *cut.mine(way)
    )
    stores, left = _read(ctx, asked)
    return made | {"shipments": cut.tally(stores), "traced": cut.tally(stores[left <= TRACE_SECONDS])}
