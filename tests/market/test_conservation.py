"""Whoever plays, and however: after 150 days every order, receipt, piece and message is accounted for."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from august.app import plan
from august.catalog.models import Product, StockMove
from august.features import SEEDS
from august.integrity import steps as dispute_steps
from august.integrity.models import Dispute
from august.kernel import commands
from august.kernel.context import SYSTEM, Actor, Context
from august.kernel.errors import Refusal
from august.kernel.tables import WorldBase
from august.kernel.world import World, Worlds
from august.market.grow import world_files
from august.market.history import hand_over
from august.merchants.models import CHORES, Buyer
from august.opportunities.models import Inquiry
from august.opportunities.steps import ALIVE
from august.reviews.models import PendingReview, Review
from august.trade import steps as order_steps
from august.trade.models import Order
from tests.market.conftest import PLAYER, days
from tests.market.ledger import accounted, instants

NUMBERS = count(1)
STORES, BUYERS, LENGTH = 3, 900, 150
SELLER = Actor("player", merchant=PLAYER)
REASONS = ("out_of_stock", "late_shipment", "not_as_described", "no_longer_wanted", "agreed_cancel")
POLICIES = (None, "careless", "average", "diligent")
Payload = dict[str, Any]
# What is acted on, and what is said of it: the number of the thing, and a number to vary by.
Making = Callable[[int, int], Payload]


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Worlds of three stores and some hundred buyers, born without a past."""
    house = plan().house
    file = next(one for one in world_files(SEEDS, house.rulebook) if one.key == "apparel")

    def grow(session: Any, luck: Any, now: Any) -> None:
        file.grow(session, luck, now)
        for table, column in ((StockMove, StockMove.product_id), (Product, Product.id)):
            many = select(Product.id).where(Product.merchant_id > STORES)
            session.execute(delete(table).where(column.in_(many)))
        session.execute(delete(Buyer).where(Buyer.id > BUYERS))
        hand_over(Context(session, now, SYSTEM, house.rulebook, luck, writable=True))

    made = Worlds.at(house, folder=tmp_path_factory.mktemp("hamlet"), url=None)
    made.seal("t", file.born, file.key, grow)
    yield made
    made.close()


def usd(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def judged(vary: int) -> Payload:
    return {"quality": 1 + vary % 5, "service": 1 + vary // 5 % 5, "shipment": 1 + vary // 25 % 5}


SELLING: Mapping[str, tuple[type[WorldBase], Making]] = {
    "opportunities.reply": (
        Inquiry,
        lambda n, v: {"inquiry": n, "text": "Dear buyer", "quote_usd": usd(100 + v) if v % 3 else None},
    ),
    "trade.draft_order": (
        Inquiry,
        lambda n, v: {
            "inquiry": n,
            "quantity": 1 + v % 300,
            "terms": ("full", "before_shipment", "oa")[v % 3],
            "oa_days": 30 if v % 3 == 2 else None,
        },
    ),
    "trade.confirm": (Order, lambda n, _: {"order": n}),
    "trade.withdraw": (Order, lambda n, _: {"order": n}),
    "trade.ready": (Order, lambda n, _: {"order": n}),
    "trade.ship": (Order, lambda n, v: {"order": n, "quantity": None if v % 2 else 1 + v % 40}),
    "trade.cancel_booking": (Order, lambda n, _: {"order": n}),
    "integrity.accept": (Dispute, lambda n, _: {"dispute": n}),
    "integrity.offer": (Dispute, lambda n, v: {"dispute": n, "amount_usd": usd(1 + v)}),
    "integrity.remind": (Dispute, lambda n, _: {"dispute": n}),
    "reviews.invite": (PendingReview, lambda n, _: {"orders": [n], "message": "Please"}),
    "reviews.reply": (Review, lambda n, _: {"review": n, "text": "Thank you"}),
    "catalog.take_down": (Product, lambda n, _: {"product": n}),
    "catalog.publish_product": (Product, lambda n, _: {"product": n}),
    "catalog.copy_product": (Product, lambda n, _: {"product": n}),
    "merchants.set_autopilot": (
        Product,
        lambda _, v: {
            "chore": CHORES[v % 5],
            "policy": (None, "careless", "average", "diligent")[v // 5 % 4],
        },
    ),
}
BUYING: Mapping[str, tuple[type[WorldBase], Making]] = {
    "opportunities.ask": (
        Product,
        lambda n, v: {"product": n, "quantity": 1 + v % 500, "text": "What is your price?"},
    ),
    "opportunities.write": (Inquiry, lambda n, _: {"inquiry": n, "text": "Go on"}),
    "trade.order_now": (Product, lambda n, v: {"product": n, "quantity": 1 + v % 400}),
    "trade.accept": (Order, lambda n, _: {"order": n}),
    "trade.decline": (Order, lambda n, _: {"order": n}),
    "trade.pay_first": (Order, lambda n, _: {"order": n}),
    "trade.pay_final": (Order, lambda n, _: {"order": n}),
    "trade.receive": (Order, lambda n, _: {"order": n}),
    "integrity.open": (Order, lambda n, v: {"order": n, "reason": REASONS[v % 5]}),
    "integrity.change_reason": (Dispute, lambda n, v: {"dispute": n, "reason": REASONS[v % 5]}),
    "integrity.withdraw": (Dispute, lambda n, _: {"dispute": n}),
    "integrity.take_offer": (Dispute, lambda n, _: {"dispute": n}),
    "integrity.escalate": (Dispute, lambda n, _: {"dispute": n}),
    "reviews.write": (PendingReview, lambda n, v: {"order": n, **judged(v)}),
    "reviews.change": (Review, lambda n, v: {"review": n, **judged(v)}),
}
COMMANDS = {**SELLING, **BUYING}
STEPS = {
    **{f"trade.{name}": step for name, step in order_steps.STEPS.items()},
    **{f"integrity.{name}": step for name, step in dispute_steps.STEPS.items()},
    "integrity.open": order_steps.STEPS["dispute"],
}
TURNS = {"opportunities.write": "buyer"}
# The latest things are where something can still be done: so many of them are looked at.
LATEST = 12


def things(world: World, name: str) -> list[tuple[int, int]]:
    """Numbers of the latest things the command may well be for, each with a buyer who may act on it."""
    table = COMMANDS[name][0]
    stored = table.__table__.c
    key = stored.order_id if table is PendingReview else stored.id
    buyer = stored.buyer_id if "buyer_id" in stored else key % BUYERS + 1
    asked = select(key, buyer).order_by(key.desc()).limit(LATEST)
    if name in SELLING:
        asked = asked.where(stored.merchant_id == PLAYER)
    step = STEPS.get(name)
    if step is not None:
        asked = asked.where(stored.state.in_(step.states))
    elif table is Inquiry:
        asked = asked.where(stored.state.in_(ALIVE), stored.turn == TURNS.get(name, "seller"))
    with world.reading(SYSTEM) as ctx:
        return [(number, who) for number, who in ctx.session.execute(asked)]


def play(world: World, name: str, which: int, vary: int) -> bool:
    """Try one command on one of the latest things; whether it was done."""
    payload = COMMANDS[name][1]
    found = things(world, name)
    if not found:
        return False
    number, buyer = found[which % len(found)]
    actor = SELLER if name in SELLING else Actor("buyer", buyer=buyer)
    try:
        commands.run(world, actor, name, payload(number, vary), None)
    except Refusal:
        return False
    return True


MOVES = st.lists(
    st.tuples(st.sampled_from(sorted(COMMANDS)), st.integers(0, LATEST - 1), st.integers(0, 10_000)),
    min_size=10,
    max_size=40,
)
LIVES = st.lists(st.tuples(st.integers(1, 20), MOVES), min_size=8, max_size=16)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(1, 10**6), life=LIVES)
def test_whoever_plays_everything_is_accounted_for(
    hamlet: Worlds, seed: int, life: list[tuple[int, list[tuple[str, int, int]]]]
) -> None:
    world = hamlet.create(f"w{next(NUMBERS)}", "t", seed)
    left = LENGTH
    for gap, moves in life:
        step = min(gap, left)
        days(world, step)
        left -= step
        for name, which, vary in moves:
            play(world, name, which, vary)
    accounted(world)
    days(world, left)
    accounted(world)
    instants(world)
    hamlet.drop(world.id)
