"""F2: half the service fee for new orders after US$40,000 received."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from august.fees import explain, queries
from august.fees.rules import FeeRules
from august.fees.words import LOSSES
from august.festival.conditions import member, within
from august.festival.offer import Offer, Pieces, Progress, Standing, Term
from august.kernel.clock import Window
from august.kernel.context import Context
from august.kernel.explain import Node, money
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """What the sentence is filled with."""
    rules: FeeRules = rulebook.values("F2", at)
    return {"line": money(rules.threshold_cents, "USD"), "percent": rules.paid_percent}


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """Booked inside the window, shipped by the deadline."""
    rules: FeeRules = rulebook.values("F2", at)
    window = rules.window.window
    shipped = Window(window.start, rules.ship_by.end)
    return (
        Term(N_("Receipts and first payments booked"), window, rules.window.zone),
        Term(N_("Shipped in full, One-Touch cleared by customs"), shipped, rules.ship_by.zone),
    )


def stand(ctx: Context) -> Standing:
    """How far the store is, and what became of its benefits."""
    found = queries.overview(ctx)
    conditions = (
        member(ctx, "F2.7"),
        within(ctx.now, found.rules.window.window, "F2"),
        explain.total(found.total, found.reached_at, found.rules),
        _package(found),
    )
    return Standing(
        conditions,
        progress=Progress(found.total, found.rules.threshold_cents, N_("received inside the window"), "USD"),
        locked=Pieces(found.locked.count, found.locked.cents),
        settled=Pieces(found.settled.count, found.settled.cents),
        lost=Pieces(found.lost.count, found.lost.cents),
        reasons=tuple(Phrase(LOSSES[reason]) for reason, _ in found.losses),
    )


def _package(found: queries.Overview) -> Node:
    if found.package is None:
        return Node(N_("No One-Touch 3N-year package runs"), rule="F2.9", outcome="ok")
    return Node(
        N_("A One-Touch 3N-year package runs until {until} and excludes the discount"),
        {"until": found.package.until},
        rule="F2.9",
        outcome="bad",
    )


OFFER = Offer(
    code="service_fee",
    rule="F2",
    kind="fee",
    title=N_("Service fee at half"),
    sentence=N_("After {line} received, the next new orders pay {percent} % of their service fee."),
    arguments=arguments,
    terms=terms,
    stand=stand,
    path="/fees",
)
