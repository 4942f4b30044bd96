"""A small world to talk in: two stores, three buyers, three products, and the inquiries a test wants."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from august.catalog.models import Product
from august.features import house
from august.kernel.clock import parse_instant
from august.kernel.context import Actor
from august.kernel.luck import Luck
from august.kernel.tables import WorldSession
from august.kernel.world import World, Worlds
from august.merchants.models import Buyer, Merchant, Staff
from august.opportunities.models import ChatLine, Inquiry

BORN = parse_instant("2022-08-25T10:00:00+08:00")
PLAYER, RIVAL = Actor("player", merchant=1), Actor("policy", merchant=2)
ANN, BOB = Actor("buyer", buyer=1), Actor("buyer", buyer=2)
OPENING = "Hello, I am interested in {product}. We need about {quantity} pieces. What is your best price?"
HAGGLING = "We like the product, but our target is {asked} a piece for this quantity."
AGREED = "Good, we agree. Please draft the order."
Grow = Callable[[WorldSession, Luck, datetime], None]


def ago(hours: float) -> datetime:
    """So many hours before the world's first instant."""
    return BORN - timedelta(hours=hours)


def inquiry(number: int, **changes: Any) -> Inquiry:
    """Ann asks store 1 about 10 pieces of its sofa, ten hours ago."""
    at = changes.get("at", ago(10))
    told = {
        "merchant_id": 1,
        "buyer_id": 1,
        "product_id": 1,
        "kind": "inquiry",
        "source": "search",
        "at": at,
        "quantity": 10,
        "state": "open",
        "turn": "seller",
        "last_at": at,
        "rounds": 0,
        "luck": number,
        "due": 0,
    }
    return Inquiry(id=number, **{**told, **changes})


def line(of: int, side: str, at: datetime, text: str, **params: Any) -> ChatLine:
    """A simulated line."""
    author = "market" if side == "buyer" else "policy"
    return ChatLine(inquiry_id=of, side=side, author=author, at=at, text=text, params=params)


def opening(of: int, at: datetime, product: str = "Linen Sofa") -> ChatLine:
    """How Ann began."""
    return line(of, "buyer", at, OPENING, product=product, quantity=10, country="US")


def _merchant(number: int, *, is_player: bool) -> Merchant:
    return Merchant(
        id=number,
        code=f"store{number}",
        name_zh=f"第{number}家店",
        name_en=f"Store {number}",
        region="mainland",
        membership="verified",
        member_until=BORN + timedelta(days=300),
        industry="furniture",
        is_player=is_player,
        policy="none" if is_player else "diligent",
    )


def _buyer(number: int, name: str, company: str, country: str, tier: str) -> Buyer:
    return Buyer(
        id=number,
        name=name,
        company=company,
        country=country,
        tier=tier,
        channel="search",
        preferences={"furniture": 100},
        price_sensitivity=0.5,
        activity=0.0,
        yearly_purchases_cents=100_000_00,
    )


def _product(number: int, store: int, title: str, status: str) -> Product:
    return Product(
        id=number,
        merchant_id=store,
        kind="rts",
        leaf="sofa_beds",
        title=title,
        status=status,
        keywords=[],
        attributes={},
        description="",
        images=[f"sofa-{number}"],
        price_mode="tier",
        tiers=[{"quantity": 2, "cents": 100_00}, {"quantity": 50, "cents": 90_00}],
        moq=2,
        unit="piece",
        stock=100,
        price_cents=100_00,
        lead_times=[{"up_to": 20, "days": 7}],
        delivery_by=False,
        sample={"price_cents": 120_00, "max": 2},
        markets=[],
        version=1,
        created_at=ago(1000),
        updated_at=ago(1000),
        published_at=ago(1000),
        quality_tenths=42,
        quality_failed=[],
        growth=0,
        reached=0,
        promised=0,
    )


def grow(rows: Sequence[Any]) -> Grow:
    """The stage with a test's own rows."""

    def fill(session: WorldSession, _luck: Luck, _now: datetime) -> None:
        session.add_all(
            [
                _merchant(1, is_player=True),
                _merchant(2, is_player=False),
                _buyer(1, "Ann Smith", "Smith Imports LLC", "US", "L2"),
                _buyer(2, "Bob Martin", "Martin SARL", "FR", "L0"),
                _buyer(3, "Cy Visser", "Visser BV", "NL", "L4"),
                _product(1, 1, "Linen Sofa", "on_sale"),
                _product(2, 1, "Velvet Sofa", "draft"),
                _product(3, 2, "Rattan Chair", "on_sale"),
                Staff(id=1, merchant_id=1, name_zh="陈静", name_en="Chen Jing"),
                Staff(id=2, merchant_id=1, name_zh="刘伟", name_en="Liu Wei"),
                Staff(id=3, merchant_id=2, name_zh="王五", name_en="Wang Wu"),
                *rows,
            ]
        )
        session.flush()

    return fill


@contextmanager
def worlds(folder: Path, rows: Sequence[Any] = (), url: str | None = None) -> Iterator[World]:
    """A world of the stage."""
    store = Worlds.at(house(), folder=folder, url=url)
    store.seal("t", BORN, "stage", grow(rows))
    yield store.create("w", "t", seed=7)
    store.close()
