"""The ledger of rule F2: which receipts count, which orders are labelled, since when; all pure."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from august.fees.amounts import FeePrices, OaRules, PackageRules
from august.festival.rules import Deadline, Span
from august.kernel.rulebook import RuleValues

Label = Literal["threshold", "discount", "none"]
# Why a receipt gave its order the label it has.
Reason = Literal["below", "reached", "labelled", "outside", "easy", "special", "package", "paid_before",
                 "paid_earlier", "other_mode", "cancelled"]  # fmt: skip


class FeeRules(RuleValues, frozen=True):
    """The numbers of rule F2."""

    window: Span
    threshold_cents: int
    # What is still paid of a halved fee.
    paid_percent: int
    channels: tuple[str, ...]
    counted_modes: tuple[str, ...]
    discount_modes: tuple[str, ...]
    excluded_specials: tuple[str, ...]
    ship_by: Deadline
    # The natural day after the customs data is one of this zone.
    settlement_zone: Literal["PT", "BJ"]

    def __post_init__(self) -> None:
        """Refuse a line of nothing, a discount that is none, and discounts to what does not count."""
        if self.threshold_cents < 1 or not 0 <= self.paid_percent < 100:  # noqa: PLR2004 - percent
            msg = "the line must be above zero and the discount must be one"
            raise ValueError(msg)
        if not set(self.discount_modes) <= set(self.counted_modes):
            msg = "an export mode of discount orders must count"
            raise ValueError(msg)


RULES: Mapping[str, type[RuleValues]] = {
    "F2": FeeRules,
    "F2-fees": FeePrices,
    "F2-package": PackageRules,
    "F3": OaRules,
}


@dataclass(frozen=True)
class Event:
    """A booked receipt, or a cancellation: of one receipt, or of all that an order has (`receipt` None)."""

    at: datetime
    kind: Literal["receipt", "cancel"]
    order: Hashable
    receipt: Hashable = None
    cents: int = 0
    channel: str = "ta"
    mode: str = "self"
    special: str = "none"


@dataclass(frozen=True)
class Entry:
    """What one booking or cancelling of a receipt did; `cents` is what it moved the total by.

    `fresh` tells that the order got its label by it.
    """

    at: datetime
    kind: Literal["booked", "cancelled"]
    order: Hashable
    receipt: Hashable
    cents: int
    before: int
    after: int
    label: Label
    reason: Reason
    fresh: bool


@dataclass
class Account:
    """An order so far: its label, and of each receipt that stands what it counted and when it came."""

    label: Label = "none"
    standing: dict[Hashable, tuple[int, datetime]] = field(default_factory=dict)

    @property
    def since(self) -> datetime | None:
        """When the first payment that stands was booked."""
        return min((at for _, at in self.standing.values()), default=None)


class Ledger:
    """The running total of a store and the labels of its orders; events are told in their order."""

    def __init__(
        self,
        rules: FeeRules,
        *,
        packaged: Callable[[datetime], bool] = lambda _at: False,
        total: int = 0,
        reached_at: datetime | None = None,
        orders: Mapping[Hashable, Account] | None = None,
    ) -> None:
        """Begin with nothing, or go on from where a store stands; `packaged` tells of a running package."""
        self.rules, self.packaged = rules, packaged
        self.total, self._risen = total, reached_at
        self.orders: dict[Hashable, Account] = dict(orders or {})

    @property
    def reached_at(self) -> datetime | None:
        """When the total last rose to the line; None while it is below."""
        return self._risen if self.total >= self.rules.threshold_cents else None

    def counts(self, event: Event) -> bool:
        """F2.1: channel, export mode and window; special types count too."""
        rules = self.rules
        return (
            event.channel in rules.channels
            and event.mode in rules.counted_modes
            and rules.window.window.contains(event.at)
        )

    def book(self, event: Event) -> Entry:
        """A receipt is booked: it counts, and may label its order (F2.1-F2.4)."""
        account = self.orders.setdefault(event.order, Account())
        before, counted = self.total, event.cents if self.counts(event) else 0
        label, reason = self._judge(event, account)
        fresh = account.label == "none" and label != "none"
        account.label = label
        account.standing[event.receipt] = counted, event.at
        self._move(event.at, counted)
        return Entry(
            event.at, "booked", event.order, event.receipt, counted, before, self.total, label, reason, fresh
        )

    def _judge(self, event: Event, account: Account) -> tuple[Label, Reason]:
        if account.label != "none":
            return account.label, "labelled"  # F2.4: a label is permanent
        if not self.counts(event):
            return "none", "outside"
        if self.total < self.rules.threshold_cents:
            return "threshold", "below"  # F2.2: the one that crosses the line included
        why = self._excluded(event, account)
        return ("discount", "reached") if why is None else ("none", why)

    def _excluded(self, event: Event, account: Account) -> Reason | None:
        """Why an order whose receipt comes above the line is no discount order; None when it is one."""
        if event.special in self.rules.excluded_specials:
            return "special"  # F2.3
        if event.mode not in self.rules.discount_modes:
            return "easy" if event.mode == "easy" else "other_mode"  # F2.3
        if self.packaged(event.at):
            return "package"  # F2.9
        since = account.since
        if since is None:
            return None
        # F2.2: its first payment is another one.
        return "paid_before" if since < self.rules.window.window.start else "paid_earlier"

    def cancel(self, event: Event) -> list[Entry]:
        """Bookings are cancelled: what they counted is subtracted, labels stay (F2.4, F2.5)."""
        account = self.orders.setdefault(event.order, Account())
        gone = [event.receipt] if event.receipt is not None else list(account.standing)
        entries = []
        for receipt in gone:
            if receipt not in account.standing:
                continue  # cancelled before, or never booked
            before, (counted, _) = self.total, account.standing.pop(receipt)
            self._move(event.at, -counted)
            entries.append(
                Entry(
                    event.at, "cancelled", event.order, receipt, -counted, before, self.total,
                    account.label, "cancelled", fresh=False,
                )
            )  # fmt: skip
        return entries

    def _move(self, at: datetime, cents: int) -> None:
        before, self.total = self.total, self.total + cents
        if before < self.rules.threshold_cents <= self.total:
            self._risen = at

    def take(self, event: Event) -> list[Entry]:
        """Any event."""
        return [self.book(event)] if event.kind == "receipt" else self.cancel(event)


def in_order(events: Iterable[Event]) -> list[Event]:
    """By their instants; of one instant as they were told."""
    return sorted(events, key=lambda event: event.at)


def fold(
    events: Iterable[Event], rules: FeeRules, packaged: Callable[[datetime], bool] = lambda _at: False
) -> tuple[Ledger, list[Entry]]:
    """All events of a store from nothing on: how it stands then, and what each did."""
    ledger = Ledger(rules, packaged=packaged)
    return ledger, [entry for event in in_order(events) for entry in ledger.take(event)]
