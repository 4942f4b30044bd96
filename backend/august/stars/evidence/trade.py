"""Evidence of orders, receipts, reviews, refund requests and shipments."""

import numpy as np

from august.kernel.words import N_
from august.stars import marks, reads
from august.stars.counts import DIMENSIONS
from august.stars.cut import Cut
from august.stars.evidence.ledger import (
    NONE,
    Bools,
    Entries,
    Heads,
    Ints,
    Ledger,
    Verdict,
    earliest,
    joined,
    judged,
)
from august.stars.marks import KINDS
from august.stars.reads import NEVER

ORDER = N_("Order")
RECEIPT = Heads(ORDER, at=N_("Booked"), then=N_("Cancelled at"), value=N_("Amount"), unit="usd")


def _or_none(column: Ints) -> Ints:
    return np.where(column == NEVER, NONE, column)


def _deals(cut: Cut) -> tuple[marks.Deals, Ints, Ints]:
    """A year's orders, their numbers and totals."""
    columns = cut.columns(reads.each_deal)
    return marks.deals(cut, columns[:-2]), marks.ints(columns[-2]), marks.ints(columns[-1])


def gmv(cut: Cut, track: str) -> Ledger:
    """Receipts of 90 days of the track's orders."""
    rts, _, stands, rows = _receipts(cut)
    mine = rts == KINDS[track]
    cases = [
        (mine & stands, Verdict(N_("Counts with its amount"), above=True)),
        (mine, Verdict(N_("The booking was cancelled"))),
    ]
    return judged(RECEIPT, rows, cases)


def local_gmv(cut: Cut) -> Ledger:
    """Receipts of 90 days, counted where the product has local after-sales service (S6)."""
    _, local, stands, rows = _receipts(cut)
    cases = [
        (~stands, Verdict(N_("The booking was cancelled"))),
        (local == 1, Verdict(N_("Sold with local after-sales service"), above=True)),
        (local == 0, Verdict(N_("The product has no local after-sales service"))),
    ]
    return judged(RECEIPT, rows, cases)


def _receipts(cut: Cut) -> tuple[Ints, Ints, Bools, Entries]:
    """Of each receipt: RTS?, with local after-sales?, does it stand?, and the rows."""
    _, rts, local, cents, orders, buyers, booked, cancelled, stands = cut.numbers(reads.each_receipt)
    rows = Entries(
        kind="order",
        numbers=orders,
        buyers=buyers,
        at=booked,
        then=_or_none(cancelled),
        values=cents,
        above=cents,
    )
    return rts, local, np.asarray(stands == 1), rows


def payment(cut: Cut, track: str) -> Ledger:
    """Orders drafted in 90 days, above the line those that were paid."""
    all_, numbers, totals = _deals(cut)
    mine = all_.of(track) & all_.made
    rows = Entries(
        kind="order",
        numbers=numbers,
        buyers=all_.buyers,
        at=all_.drafted,
        then=np.where(all_.settled, all_.paid, NONE),
        values=totals,
    )
    cases = [
        (mine & all_.settled, Verdict(N_("Paid"), above=True, below=True)),
        (mine & (all_.closed < cut.end), Verdict(N_("Ended unpaid"), below=True)),
        (mine, Verdict(N_("Not paid yet"), below=True)),
    ]
    heads = Heads(ORDER, at=N_("Drafted"), then=N_("Paid at"), value=N_("Amount"), unit="usd")
    return judged(heads, rows, cases)


def repurchase(cut: Cut, track: str) -> Ledger:
    """Buyers who paid in 90 days, above the line those who paid more than once in a year."""
    return _payers(
        cut,
        track,
        Verdict(N_("Paid more than once in 365 days"), above=True, below=True),
        Verdict(N_("Paid once in 365 days"), below=True),
    )


def payers(cut: Cut, track: str) -> Ledger:
    """Buyers who paid in 90 days."""
    counted = Verdict(N_("Counts once"), above=True)
    return _payers(cut, track, counted, counted)


def _payers(cut: Cut, track: str, loyal: Verdict, other: Verdict) -> Ledger:
    """The track's orders paid in 90 days; each buyer counts once, by the last of them."""
    all_, numbers, _ = _deals(cut)
    mine = np.flatnonzero(all_.recent & all_.of(track))
    buyers, paid = all_.buyers[mine], all_.paid[mine]
    last = earliest(buyers, -paid)
    rows = Entries(kind="order", numbers=numbers[mine], buyers=buyers, at=paid, values=all_.times[mine])
    cases = [
        (~last, Verdict(N_("The buyer counts already"))),
        (all_.loyal[mine], loyal),
        (last, other),
    ]
    heads = Heads(ORDER, at=N_("Paid at"), value=N_("Orders paid in 365 days"))
    return judged(heads, rows, cases)


def shipment(cut: Cut, *tracks: str) -> Ledger:
    """Orders due in 90 days, above the line those that were shipped in time."""
    all_, numbers, totals = _deals(cut)
    mine = np.logical_or.reduce([all_.of(track) for track in tracks])
    shipped = np.where(all_.shipped < cut.end, all_.shipped, NONE)
    rows = Entries(kind="order", numbers=numbers, buyers=all_.buyers, at=all_.by, then=shipped, values=totals)
    cases = [
        (mine & all_.punctual, Verdict(N_("Shipped in time"), above=True, below=True)),
        (mine & all_.due & (shipped != NONE), Verdict(N_("Shipped late"), below=True)),
        (mine & all_.due, Verdict(N_("Due and not shipped"), below=True)),
        (mine & all_.awaited & all_.given_up, Verdict(N_("Ended before it was due"))),
    ]
    heads = Heads(ORDER, at=N_("To ship by"), then=N_("Shipped at"), value=N_("Amount"), unit="usd")
    return judged(heads, rows, cases)


def disputes(cut: Cut) -> Ledger:
    """Refund requests of 90 days above the line, orders paid in 90 days below it."""
    _, numbers, buyers, opened, claims, upheld = cut.numbers(reads.each_dispute)
    asked = Entries(kind="dispute", numbers=numbers, buyers=buyers, at=opened, values=claims)
    heads = Heads(N_("Refund request or order"), at=N_("Opened or paid"), value=N_("Amount"), unit="usd")
    cases = [
        (upheld == 1, Verdict(N_("A refund request that was not withdrawn"), above=True, tone="bad")),
        (upheld == 0, Verdict(N_("The request was withdrawn"))),
    ]
    all_, orders, totals = _deals(cut)
    paid = Entries(kind="order", numbers=orders, buyers=all_.buyers, at=all_.paid, values=totals)
    counted = Verdict(N_("A paid order"), below=True)
    return joined(judged(heads, asked, cases), judged(heads, paid, [(all_.recent, counted)]))


def rating(cut: Cut) -> Ledger:
    """Every review with its stars in three dimensions."""
    orders, buyers, at, stars, valid = cut.numbers(reads.each_review)
    rows = Entries(
        kind="review", numbers=orders, buyers=buyers, at=at, values=stars, above=stars,
        below=np.full(len(orders), DIMENSIONS, dtype=np.int64),
    )  # fmt: skip
    cases = [
        (valid == 1, Verdict(N_("Counts with its three dimensions"), above=True, below=True)),
        (valid == 0, Verdict(N_("A review of an improper order counts nowhere"))),
    ]
    heads = Heads(N_("Review"), at=N_("Written at"), value=N_("Stars of 15"))
    return judged(heads, rows, cases)


def traces(cut: Cut) -> Ledger:
    """Shipments of 90 days, above the line those that departed within two days."""
    _, left, orders, buyers, shipped, ready = cut.numbers(reads.each_shipment)
    gone = shipped + left < cut.end
    waits = np.where(gone, left, NONE)
    rows = Entries(
        kind="order", numbers=orders, buyers=buyers, at=shipped,
        then=np.where(gone, shipped + left, NONE), values=waits,
    )  # fmt: skip
    cases = [
        (ready == 0, Verdict(N_("Shipped less than two days ago"))),
        (marks.traced(left), Verdict(N_("Departed within two days"), above=True, below=True)),
        (left >= 0, Verdict(N_("Departed late or not at all"), below=True)),
    ]
    heads = Heads(ORDER, at=N_("Shipped at"), then=N_("Departed at"), value=N_("Wait"), unit="hours")
    return judged(heads, rows, cases)


def points(_cut: Cut) -> Ledger:
    """Penalty points; nothing gives any yet."""
    none = np.zeros(0, dtype=np.int64)
    heads = Heads(N_("Penalty"), at=N_("Given at"), value=N_("Points"))
    return judged(heads, Entries(kind="penalty", numbers=none), [])
