"""Conditions that several offers share: membership, a window, a quota."""

from datetime import datetime

from august.festival.quotas import Quota, explain
from august.kernel.clock import Window
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.words import N_
from august.merchants.models import MEMBERSHIPS, Merchant


def in_service(merchant: Merchant, at: datetime) -> bool:
    """A main-site member: a mainland store of one of the three memberships that has not run out."""
    return merchant.region == "mainland" and merchant.membership in MEMBERSHIPS and merchant.member_until > at


def member(ctx: Context, rule: str) -> Node:
    """Whether the store is a main-site member now."""
    merchant = ctx.session.get_one(Merchant, ctx.merchant)
    met = in_service(merchant, ctx.now)
    return Node(
        N_("Main-site member in service until {until}")
        if met
        else N_("Not a main-site member in service: the membership ended at {until}"),
        {"until": merchant.member_until},
        rule=rule,
        outcome="ok" if met else "bad",
        remedy=None if met else N_("Renew the membership: CGS, QQB or Verified Supplier."),
    )


def within(at: datetime, window: Window, rule: str) -> Node:
    """Whether an instant lies in the window of an offer."""
    params = {"first": window.start, "last": window.last_second, "at": at}
    if at < window.start:
        return Node(
            N_("It begins at {first}"), params, rule=rule, outcome="bad", remedy=N_("Come back then.")
        )
    if at >= window.end:
        return Node(N_("It ended at {last}"), params, rule=rule, outcome="bad")
    return Node(N_("It runs from {first} to {last}"), params, rule=rule, outcome="ok")


def available(quota: Quota) -> Node:
    """Whether the platform has any left, and the store may take one."""
    return explain(quota)
