"""Every offer of the festival in the order of the release, each as a store stands to it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from august.festival.offer import Offer, Standing, Term
from august.festival.offers import (
    bnpl,
    charter,
    delivery_by,
    easy_return,
    express,
    lc_financing,
    lowest_price,
    multimodal,
    oa_credit,
    oa_fee,
    service_fee,
    small_parcel,
    threshold_coupon,
    us_west,
)
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.words import N_, Phrase

# A new offer is one line here.
OFFERS: tuple[Offer, ...] = (
    lowest_price.OFFER,
    delivery_by.OFFER,
    threshold_coupon.OFFER,
    bnpl.OFFER,
    oa_credit.OFFER,
    service_fee.OFFER,
    oa_fee.OFFER,
    easy_return.OFFER,
    lc_financing.OFFER,
    express.OFFER,
    multimodal.OFFER,
    charter.OFFER,
    small_parcel.OFFER,
    us_west.OFFER,
)
State = Literal["coming", "eligible", "used", "missing", "over"]
STATES: Mapping[State, str] = {
    "coming": N_("begins later"),
    "eligible": N_("eligible"),
    "used": N_("in use"),
    "missing": N_("conditions missing"),
    "over": N_("over"),
}
TONES: Mapping[State, str] = {
    "coming": "",
    "eligible": "good",
    "used": "good",
    "missing": "middle",
    "over": "",
}


@dataclass(frozen=True)
class Seen:
    """An offer with its sentence, its windows and the store's own standing."""

    offer: Offer
    sentence: Phrase
    terms: Sequence[Term]
    standing: Standing
    state: State


def look(ctx: Context) -> list[Seen]:
    """All offers as the acting store stands to them."""
    return [seen(ctx, offer) for offer in OFFERS]


def seen(ctx: Context, offer: Offer) -> Seen:
    """One of them."""
    terms, standing = offer.terms(ctx.rulebook, ctx.now), offer.stand(ctx)
    told: dict[str, Any] = dict(offer.arguments(ctx.rulebook, ctx.now))
    return Seen(offer, Phrase(offer.sentence, told), terms, standing, _state(ctx, terms, standing))


def _state(ctx: Context, terms: Sequence[Term], standing: Standing) -> State:
    """What was used stays in use; else the windows decide first, then the conditions."""
    if standing.locked.count or standing.settled.count:
        return "used"
    if terms and ctx.now >= max(term.window.end for term in terms):
        return "over"
    if terms and ctx.now < min(term.window.start for term in terms):
        return "coming"
    return "eligible" if standing.eligible else "missing"


def offer_of(code: str) -> Offer:
    """An offer by its code; 404 for none."""
    found = next((offer for offer in OFFERS if offer.code == code), None)
    if found is None:
        raise Refusal(
            "offer.unknown",
            N_("There is no offer {code}; there are: {codes}."),
            params={"code": code[:40], "codes": [offer.code for offer in OFFERS]},
            status=404,
        )
    return found


def why(ctx: Context, key: str) -> Node:
    """Why an offer holds for the store or not: `festival-offer/{code}`."""
    offer = offer_of(key)
    standing = offer.stand(ctx)
    return Node(
        N_("The store can use: {title}") if standing.eligible else N_("The store cannot use: {title}"),
        {"title": Phrase(offer.title)},
        rule=offer.rule,
        outcome="ok" if standing.eligible else "bad",
        children=standing.conditions,
    )
