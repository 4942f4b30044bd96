"""What a delivery-by guarantee promises, and what breaking it costs whom, all pure (F1)."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from august.assurance.rules import PERCENT, DeliveryPay, DeliveryRules
from august.kernel.columns import from_epoch
from august.kernel.explain import Node, money
from august.kernel.money import divide_half_up
from august.kernel.words import N_, Phrase

DAY = 86_400
Payer = Literal["nobody", "carrier", "seller"]
PAYERS: Mapping[str, str] = {
    "nobody": N_("nobody"),
    "carrier": N_("the carrier"),
    "seller": N_("your store"),
}


class Promise(msgspec.Struct, frozen=True):
    """A guaranteed order: instants are epoch seconds, `ship_by` is the promised shipment."""

    cents: int
    line: str
    country: str
    tier: str
    days: int
    shipped_at: int
    ship_by: int

    @property
    def counts_from(self) -> int:
        """The full shipment, or the promised one when the goods left later."""
        return min(self.shipped_at, self.ship_by)

    @property
    def until(self) -> int:
        """The last second in time."""
        return self.counts_from + self.days * DAY


class Verdict(msgspec.Struct, frozen=True):
    """How late an order arrived, in seconds, what its buyer gets and who pays it."""

    late_seconds: int
    cents: int
    payer: Payer


def guaranteed(rts: bool, line: str | None, country: str, tier: str, rules: DeliveryRules) -> bool:  # noqa: FBT001 - a fact of the order
    """Whether an order with a promised day has the guarantee (F1-delivery)."""
    return rts and tier in rules.tiers and rules.covers(line, country)


def verdict(promise: Promise, arrived_at: int, pay: DeliveryPay) -> Verdict:
    """Compare the arrival with the promise: the whole last second is in time (T3)."""
    late = max(0, arrived_at - promise.until)
    if not late:
        return Verdict(0, 0, "nobody")
    cents = min(pay.most_cents, divide_half_up(promise.cents * pay.percent, PERCENT))
    on_the_way = arrived_at - promise.shipped_at
    return Verdict(late, cents, "carrier" if on_the_way > promise.days * DAY else "seller")


def explain(promise: Promise, arrived_at: int | None, pay: DeliveryPay) -> Node:
    """The promise, the arrival, the compensation and who pays it."""
    late_shipment = promise.shipped_at > promise.ship_by
    counted = Node(
        N_("The goods left at {shipped}, later than promised: the days count from {from_} on.")
        if late_shipment
        else N_("The goods left at {shipped} as promised: the days count from then on."),
        {"shipped": from_epoch(promise.shipped_at), "from_": from_epoch(promise.counts_from)},
        rule="F1-delivery-pay",
        outcome="bad" if late_shipment else "ok",
        remedy=N_("Ship by the promised second: then a late arrival is never yours to pay.")
        if late_shipment
        else None,
    )
    due = {"from_": from_epoch(promise.counts_from), "days": promise.days, "until": from_epoch(promise.until)}
    until = Node(N_("{from_} + {days} days = {until}, the last second in time."), due, rule="F1-delivery")
    if arrived_at is None:
        text = N_("Guaranteed to arrive by {until}; it has not arrived yet.")
        return Node(text, due, rule="F1-delivery", children=(counted, until), outcome="note")
    found = verdict(promise, arrived_at, pay)
    told = {"at": from_epoch(arrived_at), "until": from_epoch(promise.until)}
    if not found.late_seconds:
        text = N_("Arrived at {at}, in time: nothing is to be paid.")
        return Node(text, told, rule="F1-delivery", children=(counted, until), outcome="ok")
    sum_ = Node(
        N_("{percent} % of {amount}, at most {most} = {cents}"),
        {
            "percent": pay.percent,
            "amount": money(promise.cents, "USD"),
            "most": money(pay.most_cents, "USD"),
            "cents": money(found.cents, "USD"),
        },
        rule="F1-delivery-pay",
    )
    who = Node(
        N_("On the way for longer than {days} days: the carrier pays.")
        if found.payer == "carrier"
        else N_(
            "On the way for no longer than {days} days: it was late because it left late, so the seller pays."
        ),
        {"days": promise.days},
        rule="F1-delivery-pay",
        outcome="note" if found.payer == "carrier" else "bad",
    )
    return Node(
        N_("Arrived at {at}, later than {until}: the buyer gets {cents}, paid by {payer}."),
        {**told, "cents": money(found.cents, "USD"), "payer": Phrase(PAYERS[found.payer])},
        rule="F1-delivery-pay",
        children=(counted, until, sum_, who),
        outcome="bad",
    )
