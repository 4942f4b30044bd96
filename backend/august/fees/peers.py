"""How the stores of this market stand to the line: the rule over all their receipts at once (F2)."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import Select, bindparam, select

from august.fees.booking import fee_rules
from august.fees.many import Receipts, flags, label_all
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.plain import columns_of, plain
from august.merchants.models import Merchant
from august.trade.models import Order, Receipt


@dataclass(frozen=True)
class Peers:
    """How many stores booked something inside the window, and how many of them have reached the line."""

    stores: int
    reached: int


@cache
def _booked() -> Select[Any]:
    receipt, order, store = plain(Receipt), plain(Order), plain(Merchant)
    inside = receipt.c.booked_at >= bindparam("start"), receipt.c.booked_at < bindparam("end")
    return (
        select(
            receipt.c.merchant_id,
            receipt.c.order_id,
            receipt.c.booked_at,
            receipt.c.cents,
            receipt.c.cancelled_at,
            order.c.channel,
            order.c.export_mode,
            order.c.special,
        )
        .join(order, order.c.id == receipt.c.order_id)
        # By each store in turn: the index begins with it.
        .where(receipt.c.merchant_id.in_(select(store.c.id)), *inside)
        .order_by(receipt.c.booked_at, receipt.c.id)
    )


def peers(ctx: Context) -> Peers:
    """The stores of the market; one statement."""
    rules = fee_rules(ctx)
    window = rules.window.window
    span = {"start": to_epoch(window.start), "end": to_epoch(window.end)}
    found = columns_of(ctx.session.connection(), _booked(), span)
    if not found[0]:
        return Peers(0, 0)
    store, order, at, cents = (np.array(column, dtype=np.int64) for column in found[:4])
    channel, mode, special = (np.array(column, dtype=np.str_) for column in found[5:8])
    counted, able = flags(channel, mode, special, np.zeros(len(store), dtype=np.bool_), rules)
    gone = np.array([place for place, when in enumerate(found[4]) if when is not None], dtype=np.int64)
    gone_at = np.array([when for when in found[4] if when is not None], dtype=np.int64)
    never = np.full(len(store), -1)
    labelled = label_all(
        Receipts(
            store=np.concatenate((store, store[gone])),
            order=np.concatenate((order, order[gone])),
            at=np.concatenate((at, gone_at)),
            cents=np.concatenate((cents, np.zeros_like(gone))),
            cancels=np.concatenate((never, gone)),
            counted=np.concatenate((counted, counted[gone])),
            discountable=np.concatenate((able, able[gone])),
        ),
        rules,
    )
    return Peers(len(labelled.stores), int((labelled.totals >= rules.threshold_cents).sum()))
