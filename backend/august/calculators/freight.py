"""Freight reductions and coupons as pure questions (F6-F10)."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import msgspec

from august.calculators.registry import LAUNCH, Answer, Calculator, Misfits, Question
from august.festival.rules import QuotaRule
from august.kernel.clock import SECOND, Window, parse_instant
from august.kernel.errors import Refusal
from august.kernel.money import amount
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase
from august.logistics.judging import Facts, Ticket, choose, judge
from august.logistics.rules import RULE_OF

MOST_COUPONS = 200
USABLE = ("issued", "returned")


class FreightQuestion(Question, frozen=True):
    """One freight and one reduction; what F7-F10 ask beside it counts as met where it is left out.

    `at` is when freight is paid, for `fcl_us_west` when it is booked. `base_cny` goes with the first three
    offers, `base_usd` with `fcl_us_west`. Multimodal: `multimodal_shipments`, how many left by multimodal
    lines in BJ June-August 2022. Small parcel: `configured_before`, whether a small parcel line was
    configured before PT 2022-08-15 00:00:00; `configured_at`, when one was first, null for never;
    `template_rts_products` of its template. US-West: `freight_forwarder`, `partner_company`, `labelled` (the
    service bears the mark), and `departed_at`, null for not departed in time.
    """

    offer: Literal["multimodal", "charter", "small_parcel", "fcl_us_west"]
    at: str
    member: bool = True
    base_cny: str | None = None
    base_usd: str | None = None
    used_by_merchant: int = 0
    used_by_platform: int = 0
    multimodal_shipments: int = 0
    configured_before: bool = False
    configured_at: str | msgspec.UnsetType | None = msgspec.UNSET
    template_rts_products: int | None = None
    freight_forwarder: bool = False
    partner_company: bool = False
    labelled: bool = True
    departed_at: str | msgspec.UnsetType | None = msgspec.UNSET


def freight_offer(asked: FreightQuestion, rulebook: Rulebook) -> Answer:
    """Whether the reduction applies, what it takes off and what is paid."""
    wrong = Misfits()
    at = wrong.instant(asked.at)
    base, unit = _base(asked, wrong)
    for name in ("used_by_merchant", "used_by_platform", "multimodal_shipments"):
        wrong.at_least(getattr(asked, name), 0, name)
    products = asked.template_rts_products
    if products is not None:
        wrong.at_least(products, 0, "template_rts_products")
    configured = _moment(asked.configured_at, "configured_at", wrong)
    departed = _moment(asked.departed_at, "departed_at", wrong)
    wrong.refuse()
    rules: Any = rulebook.values(RULE_OF[asked.offer], at)
    facts = Facts(
        at=at,
        member=asked.member,
        shipped_before=asked.multimodal_shipments > 0,
        configured_before=asked.configured_before,
        products=products or 0,
        forwarder=asked.freight_forwarder,
        partner=asked.partner_company,
        labelled=asked.labelled,
    )
    facts = _limited(facts, asked, rulebook, at)
    if asked.offer == "small_parcel":
        unset = asked.configured_at is msgspec.UNSET
        facts = replace(
            facts,
            configured_at=rules.configured.window.start if unset else configured,
            products=rules.products if products is None else products,
        )
    if asked.offer == "fcl_us_west" and asked.departed_at is not msgspec.UNSET:
        # Null: it has not departed, which is too late from the first second after the deadline on.
        facts = replace(facts, departed_at=departed or rules.departed_by.at + SECOND)
    found = judge(asked.offer, base, facts, rules, rulebook.values("F-logistics", at).smallest_payment)
    told = {
        "applies": found.applies,
        f"discount_{unit}": amount(found.discount),
        f"pay_{unit}": amount(found.pay),
    }
    return Answer(told, found.why, at)


def _base(asked: FreightQuestion, wrong: Misfits) -> tuple[int, str]:
    """The base freight in minor units, in the currency of the offer."""
    unit = "usd" if asked.offer == "fcl_us_west" else "cny"
    field, other = f"base_{unit}", "base_cny" if unit == "usd" else "base_usd"
    if getattr(asked, other) is not None:
        wrong[other] = Phrase(N_("This offer takes {field}."), {"field": field})
    text = getattr(asked, field)
    if text is None:
        wrong[field] = Phrase(N_("This is required."))
        return 0, unit
    base = wrong.amount(text, field)
    if base < 1 and field not in wrong:
        wrong[field] = Phrase(N_("A freight is above zero."))
    return base, unit


def _moment(text: str | msgspec.UnsetType | None, field: str, wrong: Misfits) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        return parse_instant(text)
    except Refusal as refusal:
        wrong[field] = refusal.message
        return None


def _limited(facts: Facts, asked: FreightQuestion, rulebook: Rulebook, at: datetime) -> Facts:
    """What quotas leave to the store and to the platform."""
    if asked.offer == "small_parcel":
        most: int = rulebook.values("F9", at).merchant
        return replace(facts, mine_left=most - asked.used_by_merchant)
    quota: QuotaRule = rulebook.values("K5", at).quotas[asked.offer]
    mine = None if quota.merchant is None else quota.merchant - asked.used_by_merchant
    return replace(facts, left=quota.total - asked.used_by_platform, mine_left=mine)


class CouponAsked(Question, frozen=True):
    """A coupon: left out, its values are those of F6; `id` names it in the answer, else its place from 1."""

    id: int | str | None = None
    amount_cny: str | None = None
    least_base_cny: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    state: Literal["issued", "locked", "redeemed", "returned", "expired", "void"] = "issued"


class CouponQuestion(Question, frozen=True):
    """A base freight, when it is paid, and the coupons at hand: objects, or just their ids."""

    base_cny: str
    paid_at: str
    coupons: tuple[Any, ...] = ()


def coupon(asked: CouponQuestion, rulebook: Rulebook) -> Answer:
    """Which one coupon is used (null: none), and what is paid; `valid_until` is the last second inside."""
    wrong = Misfits()
    base = wrong.amount(asked.base_cny, "base_cny")
    if base < 1 and "base_cny" not in wrong:
        wrong["base_cny"] = Phrase(N_("A freight is above zero."))
    at = _moment(asked.paid_at, "paid_at", wrong) or LAUNCH
    wrong.within(len(asked.coupons), 0, MOST_COUPONS, "coupons")
    tickets = [
        ticket
        for place, each in enumerate(asked.coupons)
        if (ticket := _ticket(each, place, rulebook, at, wrong)) is not None
    ]
    wrong.once([ticket.id for ticket in tickets], "coupons")
    wrong.refuse()
    found = choose(tickets, base, at, rulebook.values("F-logistics", at).smallest_payment)
    told = {"applied": found.coupon, "discount_cny": amount(found.discount), "pay_cny": amount(found.pay)}
    return Answer(told, found.why, at)


def _ticket(data: Any, place: int, rulebook: Rulebook, at: datetime, wrong: Misfits) -> Ticket | None:
    spot = f"coupons[{place}]"
    if isinstance(data, (int, str)) and not isinstance(data, bool):
        data = {"id": data}
    part = wrong.part(data, CouponAsked, spot)
    if part is None:
        return None
    express, limits = rulebook.values("F6", at), rulebook.values("F6-coupon", at)
    usable: Window = express.usable.window
    start = _moment(part.valid_from, f"{spot}.valid_from", wrong)
    last = _moment(part.valid_until, f"{spot}.valid_until", wrong)
    window = Window(start or usable.start, usable.end if last is None else last + SECOND)
    fen = (
        express.coupon_fen if part.amount_cny is None else wrong.amount(part.amount_cny, f"{spot}.amount_cny")
    )
    least = limits.least_fen
    if part.least_base_cny is not None:
        least = wrong.amount(part.least_base_cny, f"{spot}.least_base_cny")
    return Ticket(place + 1 if part.id is None else part.id, fen, least, window, part.state in USABLE)


FREIGHT_OFFER = Calculator("freight-offer", FreightQuestion, freight_offer)
COUPON = Calculator("coupon", CouponQuestion, coupon)
