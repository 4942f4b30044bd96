"""无忧退保费 5 折: the Easy Return premium at half (F4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from august.assurance import queries
from august.assurance.commands import PAGE, running
from august.assurance.insuring import QUOTA
from august.assurance.models import Policy
from august.assurance.rules import HALF, REASONS, easy_return, premium
from august.festival.conditions import available, within
from august.festival.offer import Offer, Pieces, Standing, Term
from august.festival.quotas import standing
from august.kernel.clock import SECOND, Window
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase

RULE = "F4"
# What an insured order of the festival can miss by its store's own doing.
MISSED = ("paid", "shipped", "quota")


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """What the sentence says in numbers."""
    rules = easy_return(rulebook, at)
    return {
        "percent": rules.half.percent,
        "last": rules.half.first_payment.at,
        "shipped": rules.half.shipped.at,
    }


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """Drafted and paid in the festival, shipped by the end of the year in Beijing."""
    half = easy_return(rulebook, at).half
    drafted = half.window.window
    return (
        Term(N_("Order drafted"), drafted, half.window.zone),
        Term(
            N_("First payment booked"),
            Window(drafted.start, half.first_payment.at + SECOND),
            half.first_payment.zone,
        ),
        Term(N_("Fully shipped"), Window(drafted.start, half.shipped.at + SECOND), half.shipped.zone),
    )


def stand(ctx: Context) -> Standing:
    """The service, the window and the quota; what is waiting, halved and missed."""
    rules, quota = easy_return(ctx.rulebook, ctx.now), standing(ctx, QUOTA)
    period = running(ctx, ctx.merchant)
    service = Node(
        N_("The Easy Return service is active") if period else N_("The Easy Return service is not active"),
        rule="F4-insurance",
        outcome="ok" if period else "bad",
        remedy=None if period else N_("Activate it under Orders › Easy Return."),
    )
    ahead = queries.ahead(ctx, quota)
    mine = Policy.merchant_id == ctx.merchant, Policy.reason.in_((HALF, *MISSED))
    asked = select(Policy.reason, Policy.amount_cents, Policy.base_cents, Policy.premium_cents).where(*mine)
    halves, missed = Pieces(), Pieces()
    counts: dict[str, int] = {}
    for reason, cents, base, paid in ctx.session.execute(asked):
        if reason == HALF:
            halves = Pieces(halves.count + 1, halves.saved + base - paid)
            continue
        saving = base - premium(cents, rules.premium, rules.half.percent)
        missed = Pieces(missed.count + 1, missed.saved + saving)
        counts[reason] = counts.get(reason, 0) + 1
    return Standing(
        conditions=(service, within(ctx.now, rules.half.window.window, RULE), available(quota)),
        quota=quota,
        locked=Pieces(ahead.half, ahead.saved_cents) if period else Pieces(),
        settled=halves,
        lost=missed,
        reasons=tuple(
            Phrase(N_("{count} orders: {reason}"), {"count": count, "reason": Phrase(REASONS[reason])})
            for reason, count in sorted(counts.items())
        ),
    )


OFFER = Offer(
    code="easy_return",
    rule=RULE,
    kind="finance",
    title=N_("Easy Return premium at half"),
    sentence=N_(
        "Easy Return orders drafted in the festival, paid by {last} and fully shipped by {shipped} pay "
        "{percent} % of the premium."
    ),
    arguments=arguments,
    terms=terms,
    stand=stand,
    path=PAGE,
)
