"""无忧快递: five shipments in September bring eight coupons (F6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from august.festival.offer import Offer, Term
from august.kernel.explain import money
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.logistics.standing import express


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """The numbers of the sentence."""
    rules, quota = rulebook.values("F6", at), rulebook.values("K5", at).quotas["express"]
    return {
        "orders": rules.orders,
        "coupons": rules.coupons,
        "amount": money(rules.coupon_fen, "CNY"),
        "least": money(rulebook.values("F6-coupon", at).least_fen, "CNY"),
        "quota": quota.total,
    }


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """Shipping counts in September, coupons are used from the middle of October to the end of November."""
    rules = rulebook.values("F6", at)
    return (
        Term(N_("Orders shipped"), rules.shipping.window, "PT"),
        Term(N_("Coupons used"), rules.usable.window, "PT"),
    )


OFFER = Offer(
    code="express",
    rule="F6",
    kind="logistics",
    title=N_("Express: five shipments bring coupons"),
    sentence=N_(
        "Ship {orders} orders by express or multimodal lines and get {coupons} coupons of {amount}, "
        "each for a freight of {least} or more; {quota} stores"
    ),
    arguments=arguments,
    terms=terms,
    stand=express,
    path="/logistics-benefits#express",
)
