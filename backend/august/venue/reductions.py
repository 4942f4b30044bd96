"""The threshold-off coupon: what it takes off, and who pays and gets back what; all pure (F1-coupon)."""

from collections.abc import Sequence

from august.kernel.explain import Node, money
from august.kernel.money import divide_half_up
from august.kernel.words import N_

Steps = Sequence[tuple[int, int]]


def off(goods_cents: int, steps: Steps) -> int:
    """The cents off goods of an amount: those of the highest step reached, 0 below the first."""
    reached = [cut for least, cut in steps if goods_cents >= least]
    return reached[-1] if reached else 0


def shares(amount_cents: int, total_cents: int, off_cents: int) -> tuple[int, int]:
    """What buyer and platform pay of an amount, or get back of it: the platform the share it carries.

    `off_cents` of `total_cents` are the platform's; both parts add up to the amount to the cent.
    """
    platform = divide_half_up(amount_cents * off_cents, total_cents) if total_cents else 0
    return amount_cents - platform, platform


def explain(goods_cents: int, steps: Steps) -> Node:
    """Which step an amount of goods reaches, and what is missing for the next."""
    cut = off(goods_cents, steps)
    children = tuple(
        Node(
            N_("Goods of {least} or more: {off} off"),
            {"least": money(least, "USD"), "off": money(value, "USD")},
            rule="F1-coupon",
            outcome="ok" if goods_cents >= least else "note",
        )
        for least, value in steps
    )
    if not cut:
        missing = steps[0][0] - goods_cents
        return Node(
            N_("Goods of {goods}: {missing} are missing for the first step"),
            {"goods": money(goods_cents, "USD"), "missing": money(missing, "USD")},
            rule="F1-coupon",
            outcome="bad",
            remedy=N_("Order more pieces."),
            children=children,
        )
    return Node(
        N_("Goods of {goods}: {off} off, paid by the platform"),
        {"goods": money(goods_cents, "USD"), "off": money(cut, "USD")},
        rule="F1-coupon",
        outcome="ok",
        children=children,
    )
