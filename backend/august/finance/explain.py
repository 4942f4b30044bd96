"""Why a drawdown costs what it costs (F5)."""

from collections.abc import Mapping

from august.finance.rules import PERCENT, PERMILLE, Drawing, LcOffer, LcTerms, fee, is_new
from august.kernel.explain import Node, money
from august.kernel.words import N_, Phrase

OFFERS: Mapping[str, str] = {
    "festival": N_("the festival's first drawdown"),
    "membership": N_("the membership"),
}


def explain_fee(drawing: Drawing, offer: LcOffer, terms: LcTerms) -> Node:
    """The fee, the offers there are, and the arithmetic of the best one."""
    found = fee(drawing, offer, terms)
    told = {"fee": money(found.cents, "USD"), "base": money(found.base_cents, "USD")}
    head = N_("Factoring fee {fee} instead of {base}") if found.offer else N_("Factoring fee {fee}, no offer")
    sum_ = Node(
        N_("{amount} × {rate} % × {percent} % = {fee}, rounded once"),
        {
            "amount": money(drawing.cents, "USD"),
            "rate": f"{terms.fee_permille * PERCENT / PERMILLE:g}",
            "percent": found.percent,
            "fee": money(found.cents, "USD"),
        },
        rule="F5-terms",
    )
    best = Node(
        N_("Offers do not add up: the best one is {offer}, which leaves {percent} % of the fee."),
        {"offer": Phrase(OFFERS[found.offer or "membership"]), "percent": found.percent},
        rule="F5",
        outcome="ok",
    )
    children = (
        festival(drawing, offer),
        *((_membership(drawing, terms),) if drawing.membership in terms.members else ()),
        *((best,) if found.offer else ()),
        sum_,
    )
    return Node(head, told, rule="F5", children=children, outcome="ok" if found.offer else "note")


def festival(drawing: Drawing, offer: LcOffer) -> Node:
    """The conditions of the festival's offer."""
    nodes = conditions(drawing, offer)
    met = all(node.outcome == "ok" for node in nodes)
    text = N_("{percent} % of the fee for the first drawdown in the festival")
    return Node(text, {"percent": offer.percent}, rule="F5", children=nodes, outcome="ok" if met else "bad")


def conditions(drawing: Drawing, offer: LcOffer) -> tuple[Node, ...]:
    """New, inside the window, not used yet."""
    new = is_new(drawing.last, drawing.at, offer.days)
    window = offer.window.window
    inside = window.contains(drawing.at)
    if drawing.last is None:
        first = Node(N_("Never drew LC financing"), rule="F5", outcome="ok")
    else:
        first = Node(
            N_("Last drew at {last}, not within the last {days} days")
            if new
            else N_("Last drew at {last}, within the last {days} days"),
            {"last": drawing.last, "days": offer.days},
            rule="F5",
            outcome="ok" if new else "bad",
        )
    when = Node(
        N_("{at} is inside {first} to {last}") if inside else N_("{at} is outside {first} to {last}"),
        {"at": drawing.at, "first": window.start, "last": window.last_second},
        rule="F5",
        outcome="ok" if inside else "bad",
        remedy=None if inside or drawing.at >= window.end else N_("Draw when the festival has begun."),
    )
    once = Node(
        N_("Already used in the festival") if drawing.used else N_("Not used in the festival yet"),
        rule="F5",
        outcome="bad" if drawing.used else "ok",
    )
    return first, when, once


def _membership(drawing: Drawing, terms: LcTerms) -> Node:
    percent = next(share for name, share in terms.members.items() if name == drawing.membership)
    return Node(
        N_("Verified Suppliers pay {percent} % of the fee"),
        {"percent": percent},
        rule="F5-terms",
        outcome="ok",
    )
