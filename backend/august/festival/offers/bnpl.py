"""先买后付: buyers of tier L2 or above pay in instalments, the first use costs less (F1-bnpl)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from august.catalog.models import Product
from august.festival.conditions import within
from august.festival.offer import Offer, Pieces, Standing, Term
from august.finance.models import PayLater
from august.finance.rules import FirstUseRules, PayLaterRules
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_

RULE = "F1-bnpl"


def first_use(rulebook: Rulebook, at: datetime) -> FirstUseRules:
    """The numbers of the first use in force."""
    values: FirstUseRules = rulebook.values("F1-bnpl-off", at)
    return values


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """What the sentence says in numbers."""
    later: PayLaterRules = rulebook.values(RULE, at)
    first = first_use(rulebook, at)
    return {
        "tier": later.tiers[0],
        "weeks": later.weeks,
        "instalments": later.instalments,
        "most": {"cents": first.most_cents, "currency": "USD"},
    }


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """The first use lies in the festival."""
    span = first_use(rulebook, at).window
    return (Term(N_("First use"), span.window, span.zone),)


def stand(ctx: Context) -> Standing:
    """Whether the store sells something that can be paid later, and what buyers did."""
    ready = Product.merchant_id == ctx.merchant, Product.kind == "rts", Product.status == "on_sale"
    count = ctx.session.scalar(select(func.count()).where(*ready)) or 0
    goods = Node(
        N_("{count} Ready-to-Ship products on sale") if count else N_("No Ready-to-Ship product is on sale"),
        {"count": count},
        rule=RULE,
        outcome="ok" if count else "bad",
        remedy=None if count else N_("Publish a product that is Ready to Ship."),
    )
    sums = select(func.count(), func.coalesce(func.sum(PayLater.off_cents - PayLater.back_platform_cents), 0))
    used, off = ctx.session.execute(sums.where(PayLater.merchant_id == ctx.merchant)).one()
    window = first_use(ctx.rulebook, ctx.now).window.window
    return Standing(
        conditions=(goods, within(ctx.now, window, "F1-bnpl-off")), settled=Pieces(used, int(off))
    )


OFFER = Offer(
    code="bnpl",
    rule=RULE,
    kind="buyer",
    title=N_("Pay later"),
    sentence=N_(
        "Buyers of tier {tier} or above pay in {instalments} interest-free instalments over {weeks} weeks, "
        "up to {most} less at the first use in the festival; the store gets everything at once."
    ),
    arguments=arguments,
    terms=terms,
    stand=stand,
    path="/shop/mine/pay-later",
)
