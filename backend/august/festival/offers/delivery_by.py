"""到货保障 (慢必赔): 34 guaranteed routes, late goods are compensated (F1-delivery)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from august.assurance.models import DeliveryGuarantee
from august.assurance.rules import DeliveryPay, DeliveryRules
from august.catalog.models import Product
from august.festival.offer import Offer, Pieces, Standing, Term
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase

RULE = "F1-delivery"


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """What the sentence says in numbers; the routes are those of the newest version."""
    routes: DeliveryRules = rulebook.versions(RULE)[-1].values
    pay: DeliveryPay = rulebook.values("F1-delivery-pay", at)
    return {
        "count": routes.count,
        "tier": routes.tiers[0],
        "percent": pay.percent,
        "most": {"cents": pay.most_cents, "currency": "USD"},
    }


def terms(_rulebook: Rulebook, _at: datetime) -> tuple[Term, ...]:
    """It begins with the festival and has no end."""
    return ()


def stand(ctx: Context) -> Standing:
    """In force, with products that promise a day; what is on the way, arrived and was late."""
    since = ctx.rulebook.versions(RULE)[-1].effective_from
    begun = ctx.rulebook.applies(RULE, ctx.now)
    force = Node(
        N_("In force since {since}") if begun else N_("In force from {since} on"),
        {"since": since or ctx.now},
        rule=RULE,
        outcome="ok" if begun else "bad",
        remedy=None if begun else N_("Come back then."),
    )
    ready = Product.merchant_id == ctx.merchant, Product.kind == "rts", Product.status == "on_sale"
    count = ctx.session.scalar(select(func.count()).where(*ready, Product.promised > 0)) or 0
    goods = Node(
        N_("{count} Ready-to-Ship products promise a day of delivery")
        if count
        else N_("No Ready-to-Ship product promises a day of delivery"),
        {"count": count},
        rule=RULE,
        outcome="ok" if count else "bad",
        remedy=None if count else N_("Open delivery-by on lines of a freight template and on the products."),
    )
    promised = DeliveryGuarantee
    sums = select(promised.state, promised.payer, func.count(), func.sum(promised.cents))
    mine = sums.where(promised.merchant_id == ctx.merchant).group_by(promised.state, promised.payer)
    running = kept = Pieces()
    lost = Pieces()
    for state, payer, number, cents in ctx.session.execute(mine):
        if state == "running":
            running = Pieces(running.count + number)
        elif state == "kept" or payer == "carrier":
            kept = Pieces(kept.count + number)
        elif payer == "seller":
            lost = Pieces(number, int(cents))
    reasons = (Phrase(N_("{count} orders left late and arrived late"), {"count": lost.count}),)
    return Standing(
        conditions=(force, goods),
        locked=running,
        settled=kept,
        lost=lost,
        reasons=reasons if lost.count else (),
    )


OFFER = Offer(
    code="delivery_by",
    rule=RULE,
    kind="buyer",
    title=N_("Delivery-by guarantee"),
    sentence=N_(
        "On {count} routes buyers of tier {tier} or above get {percent} % of a Ready-to-Ship order that "
        "arrives late, at most {most}."
    ),
    arguments=arguments,
    terms=terms,
    stand=stand,
    path="/easy-return/deliveries",
)
