"""Whether a product may enter the venue: each condition with reason and remedy, one product or all (F1)."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import numpy as np
import numpy.typing as npt

from august.benefits.rules import STARS, Benefit
from august.kernel.explain import Node, money
from august.kernel.words import N_, Phrase
from august.merchants.models import MEMBERSHIPS
from august.venue.rules import VenueRules

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
STATUSES = ("draft", "on_sale", "off_shelf")
TENTHS = 10
WORDS: Mapping[str, str] = {
    "on_sale": N_("On sale"),
    "kind": N_("Ready to Ship"),
    "quality": N_("Quality score"),
    "price": N_("Campaign price"),
    "star": N_("Star level"),
    "member": N_("Membership"),
    "penalty": N_("Penalties"),
}
MEMBER_WORDS: Mapping[str, str] = {
    "cgs": N_("CGS"),
    "qqb": N_("QQB"),
    "verified": N_("Verified Supplier"),
}


class Store(msgspec.Struct, frozen=True):
    """A store as admission looks at it; `star` is 0 before its first evaluation."""

    star: int
    membership: str
    mainland: bool
    member_until: datetime
    penalised: bool


class Goods(msgspec.Struct, frozen=True):
    """A product as admission looks at it; `paid_cents` is the lowest paid price of a piece, if any."""

    status: str
    kind: str
    quality: int
    price_cents: int
    paid_cents: int | None

    @property
    def score(self) -> str:
        """The quality score as it is written: 4.2."""
        return _tenths(self.quality)

    @property
    def limit(self) -> int:
        """The highest campaign price that passes, in cents."""
        return self.price_cents if self.paid_cents is None else min(self.price_cents, self.paid_cents)


def admits(access: Benefit, star: int, membership: str) -> bool:
    """Whether a star gives a store of a membership access to the festival (S7)."""
    if star == 0 or not access.amounts[star - 1]:
        return False
    return membership in access.members or not access.needs_member(star)


def store_conditions(store: Store, access: Benefit, now: datetime) -> dict[str, Node]:
    """What is asked of the store."""
    member = store.mainland and store.membership in MEMBERSHIPS and store.member_until > now
    return {
        "star": _star(store, access),
        "member": Node(
            N_("Main-site member in service until {until}")
            if member
            else N_("Not a main-site member in service: the membership ended at {until}"),
            {"until": store.member_until},
            rule="F1-venue",
            outcome="ok" if member else "bad",
            remedy=None if member else N_("Renew the membership: CGS, QQB or Verified Supplier."),
        ),
        "penalty": Node(
            N_("A penalty runs against the store") if store.penalised else N_("No penalty runs"),
            rule="F1-venue",
            outcome="bad" if store.penalised else "ok",
            remedy=N_("Wait until it ends, or appeal.") if store.penalised else None,
        ),
    }


def _star(store: Store, access: Benefit) -> Node:
    met = admits(access, store.star, store.membership)
    if store.star == 0:
        return Node(
            N_("No star was published for this store yet"),
            rule="S7",
            outcome="bad",
            remedy=N_("Stars are published on the 5th of each month."),
        )
    kind = Phrase(MEMBER_WORDS.get(store.membership, store.membership))
    return Node(
        N_("{star}★ as {membership} has access to the festival")
        if met
        else N_("{star}★ as {membership} has no access: at 1★ only Verified Suppliers enrol"),
        {"star": store.star, "membership": kind},
        rule="S7",
        outcome="ok" if met else "bad",
        remedy=None if met else N_("Reach 2★ in a coming evaluation, or become a Verified Supplier."),
    )


def goods_conditions(goods: Goods, price_cents: int | None, rules: VenueRules, days: int) -> dict[str, Node]:
    """What is asked of the product, at a campaign price; without one the price tells its limit."""
    on_sale, ready = goods.status == "on_sale", goods.kind == rules.kind
    good = goods.quality >= rules.quality_tenths
    score = {"score": _tenths(goods.quality), "least": _tenths(rules.quality_tenths)}
    return {
        "on_sale": Node(
            N_("On sale") if on_sale else N_("Not on sale"),
            rule="F1-venue",
            outcome="ok" if on_sale else "bad",
            remedy=None if on_sale else N_("Publish it first."),
        ),
        "kind": Node(
            N_("Ready to Ship") if ready else N_("Made to order, not Ready to Ship"),
            rule="F1-venue",
            outcome="ok" if ready else "bad",
            remedy=None
            if ready
            else N_("Offer it as Ready to Ship: with stock, freight and 15 days at most."),
        ),
        "quality": Node(
            N_("Quality score {score}, at least {least} is asked")
            if good
            else N_("Quality score {score} is below {least}"),
            score,
            rule="F1-venue",
            outcome="ok" if good else "bad",
            remedy=None if good else N_("Mend what fails in its quality ball."),
        ),
        "price": price_condition(goods, price_cents, days),
    }


def price_condition(goods: Goods, price_cents: int | None, days: int) -> Node:
    """Whether a campaign price is not above what was paid, nor above the list price (F1-price)."""
    known = goods.paid_cents is not None
    params = {"limit": money(goods.limit, "USD"), "list": money(goods.price_cents, "USD"), "days": days}
    children = (
        Node(
            N_("Lowest price paid for a piece in the last {days} complete Pacific days: {paid}")
            if known
            else N_("Nobody paid for it in the last {days} complete Pacific days"),
            {"days": days, **({"paid": money(goods.paid_cents or 0, "USD")} if known else {})},
            rule="F1-price",
            outcome="note",
        ),
        Node(N_("List price: {list}"), params, rule="F1-price", outcome="note"),
    )
    if not goods.price_cents:
        return Node(
            N_("It has no price"),
            rule="F1-price",
            outcome="bad",
            remedy=N_("Give it a price first."),
        )
    if price_cents is None:
        return Node(N_("A campaign price of {limit} or less passes"), params, "F1-price", children, "ok")
    met = price_cents <= goods.limit
    return Node(
        N_("Campaign price {price}, at most {limit} is allowed")
        if met
        else N_("Campaign price {price} is above {limit}"),
        {**params, "price": money(price_cents, "USD")},
        rule="F1-price",
        children=children,
        outcome="ok" if met else "bad",
        remedy=None if met else N_("Set it to {limit} or less."),
    )


def _tenths(score: int) -> str:
    return f"{score // TENTHS}.{score % TENTHS}"


class Columns(msgspec.Struct, frozen=True):
    """Many products with what belongs to their stores; `status` counts STATUSES, `member` is in service."""

    status: Ints
    ready: Flags
    quality: Ints
    limit: Ints
    price: Ints
    star: Ints
    # Counts MEMBERSHIPS.
    membership: Ints
    member: Flags
    penalised: Flags


def failing(columns: Columns, rules: VenueRules, access: Benefit) -> dict[str, Flags]:
    """For each condition the products that fail it; agrees with the conditions one by one."""
    stars = np.array(
        [[admits(access, star, member) for star in range(len(STARS) + 1)] for member in MEMBERSHIPS],
        dtype=bool,
    )
    return {
        "on_sale": columns.status != STATUSES.index("on_sale"),
        "kind": ~columns.ready,
        "quality": columns.quality < rules.quality_tenths,
        "price": (columns.price > columns.limit) | (columns.limit == 0),
        "star": ~stars[columns.membership, columns.star],
        "member": ~columns.member,
        "penalty": columns.penalised,
    }
