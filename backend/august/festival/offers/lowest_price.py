"""90 天最低价: products of the store in the venue at a campaign price (F1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from august.catalog.models import Product
from august.festival.conditions import within
from august.festival.offer import Offer, Progress, Standing, Term
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.venue import admission, campaign
from august.venue.enrolment import access, store_facts, venue_rules
from august.venue.models import Enrolment
from august.venue.rules import BuyerRules, PriceRules, VenueRules

TENTHS = 10


def _arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    venue: VenueRules = rulebook.values("F1-venue", at)
    price: PriceRules = rulebook.values("F1-price", at)
    return {"least": f"{venue.quality_tenths // TENTHS}.{venue.quality_tenths % TENTHS}", "days": price.days}


def _terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    rules: BuyerRules = rulebook.values("F1", at)
    return (Term(N_("The venue is open"), rules.window.window, rules.window.zone),)


def _stand(ctx: Context) -> Standing:
    """What is asked of the store; how many of its ready products are in, of those good enough."""
    rules, window = venue_rules(ctx), campaign.window(ctx)
    store = admission.store_conditions(store_facts(ctx), access(ctx), ctx.now)
    good = Product.quality_tenths >= rules.quality_tenths
    ready = select(func.count()).where(
        Product.merchant_id == ctx.merchant,
        Product.status == "on_sale",
        Product.kind == rules.kind,
        Product.price_cents > 0,
        good,
    )
    inside = select(func.count()).where(Enrolment.merchant_id == ctx.merchant, Enrolment.state == "enrolled")
    count, needed = ctx.session.scalar(inside) or 0, ctx.session.scalar(ready) or 0
    has = Node(
        N_("Your products in the venue: {count}; products good enough: {ready}"),
        {"count": count, "ready": needed},
        rule="F1-venue",
        outcome="ok" if count else "bad",
        remedy=None if count else N_("Enrol a product below: its campaign price must pass."),
    )
    over = (within(ctx.now, window, "F1"),) if ctx.now >= window.end else ()
    progress = Progress(count, max(count, needed), N_("products in the venue"))
    return Standing(conditions=(*over, *store.values(), has), progress=progress)


OFFER = Offer(
    code="lowest_price",
    rule="F1",
    kind="goods",
    title=N_("90-day lowest price"),
    sentence=N_(
        "Ready to Ship products of quality {least} and above join the venue at a campaign price not above the"
        " lowest one paid in {days} days; buyers from L1 on buy at it."
    ),
    arguments=_arguments,
    terms=_terms,
    stand=_stand,
    path="/festival#products",
)
