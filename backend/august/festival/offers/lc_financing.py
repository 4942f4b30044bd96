"""超级信用证交单后融资首单 6 折: the first LC drawdown at 60 % of the fee (F5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from august.festival.offer import Offer, Pieces, Standing, Term
from august.finance import lending, steps
from august.finance.explain import conditions
from august.finance.models import LcFinancing
from august.finance.rules import LcOffer
from august.kernel.context import Context
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_

RULE = "F5"


def rule(rulebook: Rulebook, at: datetime) -> LcOffer:
    """The numbers in force."""
    values: LcOffer = rulebook.values(RULE, at)
    return values


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """What the sentence says in numbers."""
    return {"percent": rule(rulebook, at).percent, "days": rule(rulebook, at).days}


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """The drawdown lies in the festival."""
    span = rule(rulebook, at).window
    return (Term(N_("Money drawn"), span.window, span.zone),)


def stand(ctx: Context) -> Standing:
    """New, inside, not used; what is on its way to a drawdown, and what the offer saved."""
    found = conditions(lending.drawing_of(ctx, 0), lending.lc_offer(ctx))
    mine = select(LcFinancing).where(LcFinancing.merchant_id == ctx.merchant)
    rows = list(ctx.session.scalars(mine))
    used = [row for row in rows if row.offer == "festival"]
    waiting = [row for row in rows if row.state in steps.OPEN and row.drawn_at is None]
    eligible = all(node.outcome == "ok" for node in found)
    fees = [lending.fee_of(ctx, lending.advance_of(ctx, row.rest_cents)) for row in waiting[:1] if eligible]
    return Standing(
        conditions=found,
        locked=Pieces(len(fees), sum(fee.base_cents - fee.cents for fee in fees)),
        settled=Pieces(len(used), sum(row.base_fee_cents - row.fee_cents for row in used)),
    )


OFFER = Offer(
    code="lc_financing",
    rule=RULE,
    kind="finance",
    title=N_("First LC financing at 60 %"),
    sentence=N_(
        "Stores that never drew LC financing, or not in the last {days} days, pay {percent} % of the "
        "factoring fee for their first drawdown in the festival."
    ),
    arguments=arguments,
    terms=terms,
    stand=stand,
    path="/lc-financing",
)
