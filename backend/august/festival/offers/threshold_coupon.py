"""满减: buyers' coupon on goods of the venue, paid by the platform (F1-coupon)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from august.festival.conditions import within
from august.festival.offer import Offer, Pieces, Standing, Term
from august.kernel.context import Context
from august.kernel.explain import Node, money
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase
from august.trade.models import Order
from august.venue import campaign
from august.venue.models import Coupon, Enrolment
from august.venue.rules import BuyerRules, CouponRules


def _arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    rules: CouponRules = rulebook.values("F1-coupon", at)
    (least, off), (most, best) = rules.steps[0], rules.steps[-1]
    return {
        "least": money(least, "USD"),
        "off": money(off, "USD"),
        "most": money(most, "USD"),
        "best": money(best, "USD"),
    }


def _terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    rules: BuyerRules = rulebook.values("F1", at)
    return (Term(N_("Coupons are taken and used"), rules.window.window, rules.window.zone),)


def _stand(ctx: Context) -> Standing:
    """Whether buyers can use coupons here, and on which of the store's orders they did."""
    inside = select(func.count()).where(Enrolment.merchant_id == ctx.merchant, Enrolment.state == "enrolled")
    count = ctx.session.scalar(inside) or 0
    has = Node(
        N_("Your products in the venue: {count}") if count else N_("None of your products is in the venue"),
        {"count": count},
        rule="F1-coupon",
        outcome="ok" if count else "bad",
        remedy=None if count else N_("Enrol a product: coupons are used on goods of the venue."),
    )
    phase = case(
        ((Order.state == "cancelled") & Order.paid_at.is_(None), "lost"),
        (Order.state == "completed", "settled"),
        else_="locked",
    ).label("phase")
    asked = (
        select(phase, func.count(), func.sum(Coupon.off_cents))
        .join(Order, Order.id == Coupon.order_id)
        .where(Coupon.merchant_id == ctx.merchant)
        .group_by("phase")
    )
    found = {name: Pieces(many, int(cents)) for name, many, cents in ctx.session.execute(asked)}
    lost = found.get("lost", Pieces())
    reasons = (Phrase(N_("Orders closed unpaid: their coupons went back to the buyers.")),)
    return Standing(
        conditions=(within(ctx.now, campaign.window(ctx), "F1"), has),
        locked=found.get("locked", Pieces()),
        settled=found.get("settled", Pieces()),
        lost=lost,
        reasons=reasons if lost.count else (),
    )


OFFER = Offer(
    code="threshold_coupon",
    rule="F1-coupon",
    kind="buyer",
    title=N_("Threshold-off coupon of buyers"),
    sentence=N_(
        "Each buyer from L1 on has one coupon for goods of the venue: {off} off {least}, up to {best} off"
        " {most} and more. The platform pays it; you receive everything."
    ),
    arguments=_arguments,
    terms=_terms,
    stand=_stand,
    path="/shop/festival",
)
