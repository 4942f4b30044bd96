"""The offers of guarantees and financing: every sentence filled, every stand as the store is."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import update

from august.assurance.models import DeliveryGuarantee, Policy
from august.catalog.models import Product
from august.festival.offer import Offer
from august.festival.offers import bnpl, delivery_by, easy_return, lc_financing, oa_credit
from august.finance.models import LcFinancing, PayLater
from august.kernel.clock import SECOND, parse_instant
from august.kernel.commands import run
from august.kernel.context import SYSTEM
from august.kernel.tables import Clock
from august.kernel.world import World, Worlds
from august.merchants.models import Buyer
from august.web.i18n import catalogue, speaking, t
from tests.tools.bare import PLAYER, bare, order, put

OFFERS = (easy_return.OFFER, lc_financing.OFFER, bnpl.OFFER, oa_credit.OFFER, delivery_by.OFFER)
BEFORE = parse_instant("2022-08-31T23:59:59-07:00")
FIRST = BEFORE + SECOND
LAST = parse_instant("2022-09-30T23:59:59-07:00")
DAY = timedelta(days=1)
NUMBERS = count(1)
MONEY = ("amount_cents", "base_cents", "premium_cents")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


def at(world: World, instant: Any) -> None:
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Clock).values(now=instant))
        ctx.session.execute(update(Product).where(Product.id == 1).values(kind="rts", status="on_sale"))
        ctx.session.execute(update(Buyer).where(Buyer.id == 1).values(tier="L3"))
        ctx.session.commit()


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.code)
def test_every_sentence_has_its_arguments_and_its_chinese(world: World, offer: Offer) -> None:
    at(world, FIRST)
    with world.reading(PLAYER) as ctx:
        told = offer.arguments(ctx.rulebook, ctx.now)
        with speaking("en"):
            assert "{" not in t(offer.sentence, **told)
        assert {offer.title, offer.sentence} <= set(catalogue("zh_CN"))
        for term in offer.terms(ctx.rulebook, ctx.now):
            assert term.window.start < term.window.end
        assert offer.rule in ctx.rulebook
        assert offer.stand(ctx).conditions


@pytest.mark.parametrize(
    ("offer", "when", "window"),
    [
        (offer, instant, inside)
        for offer in (easy_return.OFFER, lc_financing.OFFER, bnpl.OFFER)
        for instant, inside in ((BEFORE, False), (FIRST, True), (LAST, True), (LAST + SECOND, False))
    ],
    ids=lambda value: getattr(value, "code", str(value)),
)
def test_offers_open_and_close_to_the_second(world: World, offer: Offer, when: Any, *, window: bool) -> None:
    at(world, when)
    run(world, PLAYER, "assurance.activate", {})
    put(world, order(state="producing", paid_at=FIRST))
    with world.reading(PLAYER) as ctx:
        assert offer.stand(ctx).eligible is window


def test_easy_return_counts_what_is_halved_and_missed(world: World) -> None:
    at(world, FIRST + 9 * DAY)
    with world.reading(PLAYER) as ctx:
        stand = easy_return.OFFER.stand(ctx)
    assert [node.rule for node in stand.failed] == ["F4-insurance"]
    assert stand.locked.count == 0
    run(world, PLAYER, "assurance.activate", {})
    told = {"merchant_id": 1, "buyer_id": 1, "shipped_at": FIRST, "state": "insured", "quota_left": 5,
            "until": None, "due_at": None, "returned_at": None, "refund_cents": 0}  # fmt: skip
    put(
        world,
        (Policy, told | {"order_id": 1, "reason": "half", **dict(zip(MONEY, (20_000, 200, 100),
            strict=True))}),
        (Policy, told | {"order_id": 2, "reason": "quota", **dict(zip(MONEY, (20_100, 201, 201),
            strict=True))}),
        order(id=3, state="producing", drafted_at=FIRST, paid_at=FIRST, total_cents=30_000),
    )  # fmt: skip
    with world.reading(PLAYER) as ctx:
        stand = easy_return.OFFER.stand(ctx)
    assert stand.eligible
    assert (stand.locked.count, stand.locked.saved) == (1, 150)
    assert (stand.settled.count, stand.settled.saved) == (1, 100)
    assert (stand.lost.count, stand.lost.saved) == (1, 100)
    assert len(stand.reasons) == 1


def test_lc_financing_counts_what_the_offer_saved(world: World) -> None:
    at(world, FIRST + 9 * DAY)
    row = {
        "merchant_id": 1, "order_id": 1, "since": FIRST, "deadline": None, "applied_at": FIRST,
        "presented_at": FIRST, "matures_at": None, "ended_at": None, "rest_cents": 100_000,
    }  # fmt: skip
    none = {"drawn_at": None, "drawn_cents": 0, "base_fee_cents": 0, "fee_cents": 0, "offer": None}
    put(world, (LcFinancing, row | none | {"state": "accepted"}))
    with world.reading(PLAYER) as ctx:
        stand = lc_financing.OFFER.stand(ctx)
    # 90 % of US$1,000, 1 % of it, at 60 % instead of the whole.
    assert (stand.eligible, stand.locked.count, stand.locked.saved) == (True, 1, 360)
    drawn = {"state": "drawn", "drawn_at": FIRST + DAY, "drawn_cents": 90_000, "base_fee_cents": 900,
             "fee_cents": 540, "offer": "festival"}  # fmt: skip
    put(world, (LcFinancing, row | drawn))
    with world.reading(PLAYER) as ctx:
        stand = lc_financing.OFFER.stand(ctx)
    assert (stand.eligible, stand.locked.count, stand.settled.saved) == (False, 0, 360)


def test_the_buyers_offers_count_what_buyers_did(world: World) -> None:
    at(world, FIRST + 9 * DAY)
    bill = {"merchant_id": 1, "buyer_id": 1, "at": FIRST, "state": "running", "total_cents": 10_000,
            "off_cents": 1_000, "refunded_cents": 0,
            "back_buyer_cents": 0, "back_platform_cents": 0}  # fmt: skip
    promised = {"merchant_id": 1, "buyer_id": 1, "until": FIRST, "arrived_at": FIRST, "late_seconds": 9}
    put(
        world,
        (PayLater, bill | {"order_id": 1}),
        (DeliveryGuarantee, promised | {"order_id": 1, "state": "late", "cents": 700, "payer": "seller"}),
        (DeliveryGuarantee, promised | {"order_id": 2, "state": "late", "cents": 700, "payer": "carrier"}),
        (DeliveryGuarantee, promised | {"order_id": 3, "state": "running", "cents": 0, "payer": "nobody"}),
        order(id=4, terms="oa", oa_days=30, kind="customization", state="shipped", paid_cents=3_000),
        order(id=5, terms="oa", oa_days=30, kind="customization", state="completed"),
    )
    with world.reading(PLAYER) as ctx:
        later, credit, late = (offer.stand(ctx) for offer in (bnpl.OFFER, oa_credit.OFFER, delivery_by.OFFER))
    assert (later.settled.count, later.settled.saved) == (1, 1_000)
    assert (credit.eligible, credit.locked.count, credit.settled.count) == (True, 1, 1)
    assert (late.locked.count, late.settled.count, late.lost.count, late.lost.saved) == (1, 1, 1, 700)
