"""How many showcase slots a store has, and which products deserve them, all pure (SC1, SC2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from august.kernel.clock import day_start, pt_day
from august.kernel.explain import Node
from august.kernel.rulebook import RuleValues
from august.kernel.words import N_, Phrase

MEMBERSHIPS: Mapping[str, str] = {
    "cgs": N_("CGS membership"),
    "qqb": N_("QQB membership"),
    "verified": N_("Verified Supplier membership"),
}
SOURCES: Mapping[str, str] = {"membership": N_("Membership"), "benefit": N_("Star benefit")}


class SlotRules(RuleValues, frozen=True):
    """The numbers of rule SC1: slots by membership."""

    slots: dict[str, int]

    def __post_init__(self) -> None:
        """Refuse a membership without slots."""
        if set(self.slots) != set(MEMBERSHIPS) or min(self.slots.values()) < 1:
            msg = "every membership needs its slots"
            raise ValueError(msg)


class OrderRules(RuleValues, frozen=True):
    """The numbers of rule SC2."""

    slots_most: int
    days_most: int


RULES: Mapping[str, type[RuleValues]] = {"SC1": SlotRules, "SC2": OrderRules}


class Opened(msgspec.Struct, frozen=True):
    """An opened order: its number, slots, source and the first second without it."""

    id: int
    slots: int
    source: str
    until: datetime


class Slots(msgspec.Struct, frozen=True):
    """The slots of a store and why."""

    total: int
    member: int
    membership: str
    until: datetime
    orders: tuple[Opened, ...]

    @property
    def why(self) -> Node:
        """The explanation, built when it is asked for."""
        return explain_slots(self)


def count_slots(
    membership: str, until: datetime, orders: Sequence[Opened], now: datetime, rules: SlotRules
) -> Slots:
    """Slots of the membership while it is in service, and those of every order that is still open."""
    member = rules.slots[membership] if now < until else 0
    running = tuple(order for order in orders if now < order.until)
    return Slots(member + sum(order.slots for order in running), member, membership, until, running)


def explain_slots(found: Slots) -> Node:
    """Tell where the slots come from."""
    kind = Phrase(MEMBERSHIPS[found.membership])
    member = Node(
        N_("{membership} until {until}: {slots} slots")
        if found.member
        else N_("{membership}: ended {until}, no slots"),
        {"membership": kind, "until": found.until, "slots": found.member},
        rule="SC1",
        outcome="ok" if found.member else "bad",
        remedy=None if found.member else N_("Renew the membership."),
    )
    orders = tuple(
        Node(
            N_("Order {order} ({source}) until {until}: {slots} slots"),
            {
                "order": order.id,
                "source": Phrase(SOURCES.get(order.source, order.source)),
                "until": order.until,
                "slots": order.slots,
            },
            rule="SC2",
            outcome="ok",
        )
        for order in found.orders
    )
    return Node(N_("{total} showcase slots"), {"total": found.total}, rule="SC1", children=(member, *orders))


def ends_at(opened: datetime, days: int) -> datetime:
    """The PT midnight after so many full Pacific days that follow the day of opening (SC2)."""
    return day_start(pt_day(opened) + timedelta(days=days + 1))


class Swap(msgspec.Struct, frozen=True):
    """A product on show and the better one that waits."""

    out: int
    into: int


def swaps(shown: Mapping[int, int], waiting: Mapping[int, int], high: int) -> tuple[Swap, ...]:
    """Which products below the high band would make room for which better ones; scores by product.

    The lowest leaves for the highest, as long as that is a gain; equal scores go by number.
    """
    low = sorted((score, number) for number, score in shown.items() if score < high)
    best = sorted((-score, number) for number, score in waiting.items())
    return tuple(
        Swap(out, into) for (score, out), (better, into) in zip(low, best, strict=False) if -better > score
    )
