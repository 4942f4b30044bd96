"""OA 赊销: buyers of tiers L3 and L4 pay after shipment, up to a limit (F1-oa)."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select, union

from august.festival.offer import Offer, Pieces, Standing, Term
from august.finance.rules import OaRules
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.plain import among, first, plain, tuples
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.opportunities.models import Inquiry
from august.trade.models import Order

RULE = "F1-oa"


def rule(rulebook: Rulebook, at: datetime) -> OaRules:
    """The numbers in force."""
    values: OaRules = rulebook.values(RULE, at)
    return values


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """What the sentence says."""
    return {"tiers": list(rule(rulebook, at).percent)}


def terms(_rulebook: Rulebook, _at: datetime) -> tuple[Term, ...]:
    """It has no window of its own."""
    return ()


@cache
def _known() -> Select[Any]:
    """How many buyers of some tiers have asked or ordered in a store."""
    buyer, asked, order = plain(Buyer), plain(Inquiry), plain(Order)
    dealt = union(
        *(select(each.c.buyer_id).where(each.c.merchant_id == bindparam("store")) for each in (asked, order))
    )
    return select(func.count()).where(among(buyer.c.tier, "tiers"), buyer.c.id.in_(dealt))


@cache
def _states() -> Select[Any]:
    """The store's orders of such buyers on OA terms: how many by state."""
    buyer, order = plain(Buyer), plain(Order)
    mine = order.c.merchant_id == bindparam("store"), order.c.terms == "oa", among(buyer.c.tier, "tiers")
    asked = select(order.c.state, func.count()).join(buyer, buyer.c.id == order.c.buyer_id)
    return asked.where(*mine).group_by(order.c.state)


def stand(ctx: Context) -> Standing:
    """Whether buyers with credit have dealt with the store, and how many orders are on OA terms."""
    tiers = list(rule(ctx.rulebook, ctx.now).percent)
    connection, mine = ctx.session.connection(), {"store": ctx.merchant, "tiers": tiers}
    (count,) = first(connection, _known(), mine)
    buyers = Node(
        N_("{count} buyers of the tiers {tiers} have asked or ordered here")
        if count
        else N_("No buyer of the tiers {tiers} has asked or ordered here"),
        {"count": count, "tiers": tiers},
        rule=RULE,
        outcome="ok" if count else "bad",
        remedy=None if count else N_("Better products and faster answers bring larger buyers."),
    )
    found: dict[str, int] = dict(tuples(connection, _states(), mine))
    settled, closed = found.pop("completed", 0), found.pop("cancelled", 0)
    reasons = (Phrase(N_("{count} orders were closed"), {"count": closed}),) if closed else ()
    return Standing(
        conditions=(buyers,),
        locked=Pieces(sum(found.values())),
        settled=Pieces(settled),
        lost=Pieces(closed),
        reasons=reasons,
    )


OFFER = Offer(
    code="oa_credit",
    rule=RULE,
    kind="buyer",
    title=N_("OA credit"),
    sentence=N_("Buyers of the tiers {tiers} pay the rest after shipment, up to their credit limit."),
    arguments=arguments,
    terms=terms,
    stand=stand,
    path="/oa-credit",
)
