"""Rule F2 over the receipts of many stores at once: the same labels and totals as the scalar ledger.

What a receipt counts does not hang on labels, so a store's running total is a running sum, and the label of
an order is what the first of its receipts that could give one gave it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from august.fees.rules import FeeRules
from august.kernel.columns import to_epoch

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
LABELS = ("none", "threshold", "discount")
NONE, THRESHOLD, DISCOUNT = range(3)


@dataclass(frozen=True)
class Receipts:
    """Bookings and cancellations as columns, of one instant in the order they were told.

    A row with `cancels` below zero books a receipt; otherwise it cancels the receipt of that row, which
    comes before it. `channel`, `mode` and `special` hold places in the tuples of their rows' names.
    """

    store: Ints
    order: Ints
    at: Ints
    cents: Ints
    cancels: Ints
    counted: Flags
    discountable: Flags


@dataclass(frozen=True)
class Labelled:
    """Orders in the order of their numbers with their labels; stores with their totals.

    `reached_at` is 0 of a store that stands below the line.
    """

    orders: Ints
    labels: npt.NDArray[np.int8]
    stores: Ints
    totals: Ints
    reached_at: Ints


def flags(
    channel: npt.NDArray[Any],
    mode: npt.NDArray[Any],
    special: npt.NDArray[Any],
    packaged: Flags,
    rules: FeeRules,
) -> tuple[Flags, Flags]:
    """Of columns of names: which rows count (F2.1 but for the window), which may be discounted (F2.3)."""
    counted = np.isin(channel, rules.channels) & np.isin(mode, rules.counted_modes)
    able = np.isin(mode, rules.discount_modes) & ~np.isin(special, rules.excluded_specials) & ~packaged
    return counted, able


def label_all(rows: Receipts, rules: FeeRules) -> Labelled:
    """The labels of all orders and the totals of all stores."""
    turn = _turns(rows)
    place = np.empty(len(turn), dtype=np.int64)
    place[turn] = np.arange(len(turn))
    store, order, at = rows.store[turn], rows.order[turn], rows.at[turn]
    target = rows.cancels[turn]
    booked = target < 0
    target = np.where(booked, 0, place[np.where(booked, 0, target)])
    live = booked | _first_of(np.where(booked, -1, target))
    window = rules.window.window
    inside = (at >= to_epoch(window.start)) & (at < to_epoch(window.end))
    counted = booked & inside & rows.counted[turn]
    cents = np.where(counted, rows.cents[turn], 0)
    cents = np.where(booked, cents, np.where(live, -cents[target], 0))
    before, after, ends = _running(store, cents)
    standing = _standing(order, np.where(booked, 1, np.where(live, -1, 0)))
    below = before < rules.threshold_cents
    gives = np.where(counted & below, THRESHOLD, NONE)
    able = counted & ~below & rows.discountable[turn] & (standing == 0)
    gives = np.where(able, DISCOUNT, gives)
    orders, labels = _first_label(order, gives)
    rose = (before < rules.threshold_cents) & (after >= rules.threshold_cents)
    totals = after[ends]
    reached = np.where(totals >= rules.threshold_cents, _last(store, at, rose, ends), 0)
    return Labelled(orders, labels, store[ends], totals, reached)


def _turns(rows: Receipts) -> Ints:
    """Rows store by store, each store's in the order of instants."""
    return np.lexsort((rows.at, rows.store)).astype(np.int64)


def _first_of(target: Ints) -> Flags:
    """Where a value that is not below zero stands for the first time: a receipt is cancelled once."""
    found = np.zeros(len(target), dtype=np.bool_)
    cancels = np.flatnonzero(target >= 0)
    _, first = np.unique(target[cancels], return_index=True)
    found[cancels[first]] = True
    return found


def _running(store: Ints, cents: Ints) -> tuple[Ints, Ints, Ints]:
    """Each store's total before and after each row, and the places of the stores' last rows."""
    ends = np.flatnonzero(np.append(store[1:] != store[:-1], True)) if len(store) else store[:0]
    whole = np.cumsum(cents)
    carried = np.concatenate(([0], whole[ends][:-1])) if len(ends) else whole
    lengths = np.diff(np.concatenate(([-1], ends)))
    after = whole - np.repeat(carried, lengths)
    return after - cents, after, ends


def _standing(order: Ints, moves: Ints) -> Ints:
    """How many receipts each row's order has standing before it."""
    turn = np.argsort(order, kind="stable")
    before, _, _ = _running(order[turn], moves[turn])
    found = np.empty_like(before)
    found[turn] = before
    return found


def _first_label(order: Ints, gives: Ints) -> tuple[Ints, npt.NDArray[np.int8]]:
    """Each order's label: the first that any of its rows gives (F2.4)."""
    turn = np.argsort(order, kind="stable")
    sorted_orders, given = order[turn], gives[turn]
    orders, starts = np.unique(sorted_orders, return_index=True)
    labels = np.zeros(len(orders), dtype=np.int8)
    hits = np.flatnonzero(given)
    whose = np.searchsorted(starts, hits, side="right") - 1
    # Written backwards, the first hit of an order is the last that is written.
    labels[whose[::-1]] = given[hits[::-1]]
    return orders.astype(np.int64), labels


def _last(store: Ints, at: Ints, rose: Flags, ends: Ints) -> Ints:
    """When each store's total last rose to the line; 0 where it never did."""
    found = np.zeros(len(ends), dtype=np.int64)
    hits = np.flatnonzero(rose)
    whose = np.searchsorted(store[ends], store[hits])
    found[whose] = at[hits]
    return found
