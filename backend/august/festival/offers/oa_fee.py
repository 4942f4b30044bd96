"""F3: no OA service fee for orders drafted and confirmed inside the window and prepaid in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from august.fees.amounts import BASIS, PERCENT, OaRules
from august.fees.oa import oa_orders
from august.fees.words import OA_CONDITIONS
from august.festival.conditions import within
from august.festival.offer import Offer, Pieces, Standing, Term
from august.kernel.clock import Window
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """What the sentence is filled with."""
    rules: OaRules = rulebook.values("F3", at)
    return {"percent": f"{rules.list_bp * rules.paid_percent * PERCENT / (BASIS * PERCENT):.15g}"}


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """Drafted and confirmed inside the window, prepaid by the deadline."""
    rules: OaRules = rulebook.values("F3", at)
    window = rules.window.window
    return (
        Term(N_("Drafted, and confirmed by the buyer"), window, rules.window.zone),
        Term(
            N_("First prepayment received"), Window(window.start, rules.prepaid_by.end), rules.prepaid_by.zone
        ),
    )


def stand(ctx: Context) -> Standing:
    """The store's OA orders of the window: still to be settled, waived, and those that miss a condition."""
    rules: OaRules = ctx.rulebook.values("F3", ctx.now)
    found = oa_orders(ctx, rules)
    waiting = [one for one in found if one.hopeful and not one.settled]
    waived = [one for one in found if one.settled and one.waived]
    missed = [one for one in found if not one.hopeful and not one.waived]
    failed = dict.fromkeys(name for one in missed for name in one.failed)
    counted = Node(
        N_("OA orders drafted inside the window: {count}"),
        {"count": len(found)},
        rule="F3",
        outcome="ok" if found else "note",
        remedy=None
        if found
        else N_("Draft an order with OA terms, as Trade Assurance by own export or One-Touch."),
    )
    return Standing(
        (within(ctx.now, rules.window.window, "F3"), counted),
        locked=Pieces(len(waiting), sum(one.base for one in waiting)),
        settled=Pieces(len(waived), sum(one.base for one in waived)),
        lost=Pieces(len(missed), sum(one.base for one in missed)),
        reasons=tuple(Phrase(REASONS[name]) for name in failed),
    )


REASONS = {
    "insured": OA_CONDITIONS["insured"][1],
    "mode": OA_CONDITIONS["mode"][1],
    "drafted": N_("Drafted outside of the window"),
    "confirmed": OA_CONDITIONS["confirmed"][1],
    "prepaid": N_("No prepayment by the deadline"),
}

OFFER = Offer(
    code="oa_fee",
    rule="F3",
    kind="fee",
    title=N_("OA service fee waived"),
    sentence=N_(
        "OA orders drafted and confirmed in the festival pay no OA service fee instead of {percent} %."
    ),
    arguments=arguments,
    terms=terms,
    stand=stand,
    path="/fees/charged",
)
