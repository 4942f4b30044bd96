"""What the monthly evaluation costs beside reading and writing alone, and what counting costs before it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import BigInteger, Column, Connection, Index, MetaData, Table, UniqueConstraint, select

from august.catalog.models import Product
from august.kernel.bulk import insert_columns, row_of
from august.kernel.columns import from_epoch
from august.kernel.context import SYSTEM
from august.kernel.plain import number_columns, plain, rows
from august.kernel.tables import NAMING, WorldBase
from august.kernel.world import World, Worlds
from august.merchants.models import Buyer, Merchant
from august.opportunities.models import Inquiry
from august.stars.counts import counts
from august.stars.inputs import INPUTS
from august.stars.models import Evaluation
from august.stars.queries import industries, keep_all
from august.stars.rules import judge_all, rules_at
from august.trade.models import Order, Receipt
from august.traffic.models import TrafficTick
from tests.benchmarks.table import show
from tests.stars.rows import CUT, END, MONTH, TICK, deal, receipt, talk
from tests.trade.deals import stored

SIZES, COUNTED = (1_000, 100_000, 1_000_000), (1_000, 10_000, 100_000)
# Stores that are read at once.
PART = 20_000
STATUS, REFS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class StoreCounts:
    """The aggregated counts of every store, as another job may have left them: a table of the benchmark."""

    __tablename__ = "store_counts"


class Bare:
    """The evaluations once more."""

    __tablename__ = "bare"


META = MetaData(naming_convention=NAMING)
AGGREGATED = Table(
    StoreCounts.__tablename__,
    META,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger) for name in INPUTS),
)
# With the same keys as the evaluations: what they cost is no detour of ours.
COPY = Table(
    Bare.__tablename__,
    META,
    *(Column(each.name, each.type, primary_key=each.name == "id") for each in plain(Evaluation).c),
    UniqueConstraint("merchant_id", "month"),
    Index(None, "published_at"),
)
NAMES = [column.name for column in COPY.c]


@pytest.fixture(params=["sqlite", "postgresql"])
def template(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Worlds]]:
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with stored(tmp_path, url) as made:
        yield request.param, made


def megabytes() -> int:
    """The most memory the process has had since it was forgotten."""
    line = next(each for each in STATUS.read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


@contextmanager
def clocked(spent: dict[str, float], name: str) -> Iterator[None]:
    started, worked = time.perf_counter(), time.process_time()
    yield
    spent[name] = spent.get(name, 0.0) + time.perf_counter() - started
    # Beside the clock on the wall: on a busy machine only this is the same every time.
    spent[f"{name} cpu"] = spent.get(f"{name} cpu", 0.0) + time.process_time() - worked


def fill(connection: Connection, stores: int) -> None:
    """Counts of stores that differ in everything."""
    META.create_all(connection)
    chance = np.random.default_rng(7)
    for start in range(0, stores, PART):
        ids = range(start + 1, min(start + PART, stores) + 1)
        columns: dict[str, Any] = {"id": ids}
        for name in INPUTS:
            most = (
                len(industries())
                if name == "industry"
                else 10**9
                if "cents" in name or "gmv" in name
                else 500
            )
            columns[name] = chance.integers(0, most, len(ids)).tolist()
        insert_columns(connection, StoreCounts, columns)  # type: ignore[arg-type]


def stored_rows(connection: Connection, start: int) -> list[list[Any]]:
    """The columns of the evaluations just written, as they lie in the database."""
    kept = plain(Evaluation)
    same = connection.execute(select(kept).where(kept.c.id > start, kept.c.id <= start + PART))
    return [
        [each.tobytes() for each in column] if isinstance(column[0], np.ndarray) else list(column)
        for column in zip(*same.all(), strict=True)
    ]


def evaluation(world: World, stores: int) -> tuple[dict[str, float], int]:
    """Seconds of each part, and megabytes at most above those before."""
    spent: dict[str, float] = {}
    with world.writing(SYSTEM) as ctx:
        connection = ctx.session.connection()
        fill(connection, stores)
        rules = rules_at(ctx.rulebook, CUT)
        most = 0
        for start in range(0, stores, PART):
            part = select(AGGREGATED).where(AGGREGATED.c.id > start, AGGREGATED.c.id <= start + PART)
            REFS.write_text("5")
            before = megabytes()
            with clocked(spent, "whole"):
                ids, *found = number_columns(connection, part)
                columns = dict(zip(INPUTS, found, strict=True))
                keep_all(ctx, CUT, ids, columns, None)
            most = max(most, megabytes() - before)
            with clocked(spent, "judge"):
                judge_all(columns, rules, industries())
            kept = stored_rows(connection, start)
            with clocked(spent, "bare"):
                connection.execute(part).all()
                insert_columns(connection, Bare, dict(zip(NAMES, kept, strict=True)))  # type: ignore[arg-type]
    return spent, most


@pytest.mark.timeout(900)
def test_the_monthly_evaluation(template: tuple[str, Worlds]) -> None:
    name, made = template
    lines = []
    for stores in SIZES:
        spent, most = evaluation(made.create(f"w{stores}", "t", 7), stores)
        lines.append(
            [
                name,
                f"{stores:,}",
                f"{spent['whole']:.2f}",
                f"{spent['judge'] / spent['whole']:.0%}",
                f"{spent['bare']:.2f}",
                f"{spent['whole'] / spent['bare']:.2f}",
                f"{spent['whole cpu'] / stores * 1e6:.1f}",
                str(most),
            ]
        )
    head = ["database", "stores", "s", "judging", "s bare", "x bare", "µs CPU a store", "MB a part"]
    show("Read, judge and write", head, lines)


def repeated(connection: Connection, row: Mapping[str, Any], table: type[WorldBase], **columns: Any) -> None:
    """Many rows like one, but for these columns."""
    same = {
        name: repeat(value.tobytes() if isinstance(value, np.ndarray) else value)
        for name, value in row.items()
    }
    insert_columns(connection, table, same | columns)


def populate(connection: Connection, stores: int) -> int:
    """Stores with three products, two talks and two paid orders each, and ten visits; the rows written."""
    chance = np.random.default_rng(7)
    buyers = len(rows(connection, select(plain(Buyer).c.id)))

    def first(table: type[WorldBase]) -> dict[str, Any]:
        return rows(connection, select(plain(table)).where(plain(table).c.id == 2))[0]

    ids = range(10_001, 10_001 + stores)
    names = {name: [f"{name} {each}" for each in ids] for name in ("code", "name_zh", "name_en")}
    repeated(connection, first(Merchant), Merchant, id=ids, **names)
    products = range(1_000_001, 1_000_001 + 3 * stores)
    owners = [10_001 + each // 3 for each in range(3 * stores)]
    growth = chance.integers(30, 100, len(products)).tolist()
    listed = {"id": products, "merchant_id": owners, "growth": growth}
    repeated(connection, first(Product) | {"status": "on_sale"}, Product, **listed)
    twice = [10_001 + each // 2 for each in range(2 * stores)]
    numbers = range(1_000_001, 1_000_001 + 2 * stores)

    def people(number: int) -> list[int]:
        return chance.integers(1, buyers + 1, number).tolist()

    when = chance.integers(MONTH, END, len(twice)).tolist()
    at = {"id": numbers, "merchant_id": twice}
    repeated(connection, row_of(talk(END)), Inquiry, **at, buyer_id=people(len(twice)), at=when)
    paid = {"drafted_at": when, "paid_at": when, "ship_by": when}
    repeated(connection, row_of(deal(END)), Order, **at, buyer_id=people(len(twice)), **paid)
    repeated(connection, row_of(receipt(1, 100_00, END)), Receipt, **at, order_id=numbers, booked_at=when)
    ticks = range(MONTH, END, TICK)
    seen = 10 * stores // len(ticks)
    none = np.zeros(0, dtype=np.int64)
    for start in ticks:
        places = chance.integers(0, len(products), seen) + products[0]
        tick = TrafficTick(
            start=from_epoch(start), end=from_epoch(start + TICK), visits=seen, seen_product=none,
            seen_count=none, visit_buyer=np.array(people(seen)), visit_product=places,
            visit_second=np.sort(chance.integers(0, TICK, seen)), visit_source=np.zeros(seen, dtype=np.int64),
        )  # fmt: skip
        connection.execute(TrafficTick.__table__.insert(), [_values(tick)])
    return len(ids) + len(products) + 3 * len(numbers) + seen * len(ticks)


def _values(tick: TrafficTick) -> dict[str, Any]:
    return {column.name: getattr(tick, column.name) for column in TrafficTick.__table__.c}


@pytest.mark.timeout(900)
def test_counting(template: tuple[str, Worlds]) -> None:
    name, made = template
    lines = []
    for stores in COUNTED:
        spent: dict[str, float] = {}
        with made.create(f"c{stores}", "t", 7).writing(SYSTEM) as ctx:
            written = populate(ctx.session.connection(), stores)
            REFS.write_text("5")
            before = megabytes()
            with clocked(spent, "count"):
                ids, columns = counts(ctx, CUT)
            with clocked(spent, "keep"):
                keep_all(ctx, CUT, ids, columns, None)
            most = megabytes() - before
            assert columns["custom_paid"].sum() + columns["rts_paid"].sum() == 2 * stores
        lines.append(
            [
                name,
                f"{stores:,}",
                f"{written:,}",
                f"{spent['count']:.2f}",
                f"{spent['count'] / written * 1e6:.1f}",
                f"{spent['keep']:.2f}",
                str(most),
            ]
        )
    show("Count", ["database", "stores", "rows", "s", "µs a row", "s judge and write", "MB more"], lines)
