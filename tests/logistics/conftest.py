"""A furniture store without a past, on each database, and what it does about freight."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from august.features import house
from august.festival.models import QuotaClaim
from august.kernel import commands
from august.kernel.clock import SECOND, parse_instant
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.tables import Clock
from august.kernel.world import World, Worlds
from august.logistics import coupons, jobs
from august.logistics.models import Coupon, LogisticsOrder
from august.market.grow import BORN
from august.messages.models import Message
from tests.tools.bare import PLAYER, bare

__all__ = ["BORN", "PLAYER", "SECOND"]
NUMBERS = count(1)
F6 = house().rulebook.values("F6", BORN)
F9 = house().rulebook.values("F9", BORN)
F10 = house().rulebook.values("F10", BORN)
USABLE = F6.usable.window
SEPTEMBER = parse_instant("2022-09-10T12:00:00+08:00")
# Ten kilograms by the charter line: 30 + 10 × 58 = ¥610.
PARCEL = {"pieces": 1, "length_mm": 100, "width_mm": 100, "height_mm": 100, "weight_g": 10_000}
CHARTER = "wuyou_us_charter"


@pytest.fixture(scope="module")
def store(module_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The furniture world's template."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    made = bare(folder, module_url)
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    """A copy of it on a September noon."""
    made = store.create(f"w{next(NUMBERS)}", "t", seed=3)
    at(made, SEPTEMBER)
    return made


def at(world: World, instant: datetime) -> None:
    """Let it be another instant; nothing else happens."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = instant
        ctx.session.commit()


def happen(world: World, instant: datetime, *names: str) -> None:
    """Let some of the room's jobs run at an instant, without all that the market does until then."""
    at(world, instant)
    known = {job.name: job for job in jobs.jobs(house().rulebook)}
    for name in names:
        with world.writing(SYSTEM) as ctx:
            known[f"logistics.{name}"].run(ctx)
            ctx.session.commit()


def run(world: World, command: str, /, **payload: Any) -> dict[str, Any]:
    return commands.run(world, PLAYER, f"logistics.{command}", payload).result


def place(world: World, line: str = CHARTER, country: str = "US", grams: int = 10_000, **more: Any) -> int:
    """A logistics order of one small heavy package; returns its number."""
    parcel = {**PARCEL, "weight_g": grams}
    number: int = run(world, "place", line=line, country=country, parcel=parcel, **more)["logistics_order"]
    return number


def refused(world: World, command: str, /, **payload: Any) -> Refusal:
    """The refusal of a command, which must have changed nothing."""
    before = world.state_hash()
    with pytest.raises(Refusal) as caught:
        run(world, command, **payload)
    assert world.state_hash() == before
    return caught.value


def order(world: World, number: int) -> LogisticsOrder:
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.get_one(LogisticsOrder, number)
        ctx.session.expunge(found)
        return found


def give_coupons(world: World, many: int = 1, until: datetime = USABLE.end) -> list[int]:
    """Coupons of F6 from now on."""
    with world.writing(SYSTEM) as ctx:
        made = [each.id for each in coupons.issue(ctx, 1, many, 2500, 30_000, until)]
        ctx.session.commit()
        return made


def states(world: World) -> Mapping[int, str]:
    """The states of the store's coupons."""
    with world.reading(SYSTEM) as ctx:
        return dict(ctx.session.execute(select(Coupon.id, Coupon.state).order_by(Coupon.id)).all())


def take_quota(world: World, code: str, many: int, merchant: int = 900) -> None:
    """Let other stores have taken pieces of a quota, each another one."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.add_all(
            QuotaClaim(
                code=code,
                merchant_id=merchant + i,
                about_kind="test",
                about_id=i,
                at=ctx.now,
                returned_at=None,
            )
            for i in range(many)
        )
        ctx.session.commit()


def claims(world: World, code: str, merchant: int = 1) -> int:
    """How many pieces of a quota the store holds."""
    asked = select(QuotaClaim).where(
        QuotaClaim.code == code, QuotaClaim.merchant_id == merchant, QuotaClaim.returned_at.is_(None)
    )
    with world.reading(SYSTEM) as ctx:
        return len(ctx.session.scalars(asked).all())


def change(world: World, table: Any, number: int, **values: Any) -> None:
    """Let a row have other values."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(table).where(table.id == number).values(**values))
        ctx.session.commit()


def mail(world: World) -> list[str]:
    """What the store was written about logistics."""
    asked = select(Message.text).where(Message.merchant_id == 1, Message.kind == "logistics")
    with world.reading(SYSTEM) as ctx:
        return list(ctx.session.scalars(asked.order_by(Message.id)))


def second(text: str) -> datetime:
    """An instant as written in its own zone."""
    return parse_instant(text)


def epoch(text: str) -> int:
    return to_epoch(parse_instant(text))
