"""What a simulated day costs: the demo world, a world of a thousand stores, beside bare bulk writes."""

import signal
import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from types import FrameType

from sqlalchemy import select

from august.app import plan
from august.catalog.models import Product
from august.cli import freeze
from august.kernel.bulk import insert_rows
from august.kernel.context import SYSTEM
from august.kernel.jobs import advance
from august.kernel.plain import plain, rows
from august.kernel.world import World, Worlds
from august.merchants.models import Buyer, Merchant
from august.sandboxes.service import code_and_seeds
from august.trade.models import Order
from tests.benchmarks.table import show
from tests.tools.worlds import provide

DAYS, BIG_DAYS = 30, 2
LIMIT_MS = 50
STORES, PRODUCTS, BUYERS = 1_000, 50_000, 30_000
# Where time is well spent: in the driver of the database, and in work on whole columns and batches of rows.
DRIVER = ("do_execute", "do_executemany", "do_commit", "fetchall", "fetchone", "fetchmany")
COLUMNS = (
    "looks.py", "market/columns.py", "demand.py:along_all", "luck.py:uniforms", "luck.py:_mixes", "numpy",
    "engine.py:known_stores", "growth/effects.py", "/measures.py", "stars/counts.py", "stars/visits.py",
    "stars/cut.py", "kernel/columns.py", "kernel/bulk.py", "kernel/plain.py", "catalog/shelf.py",
)  # fmt: skip
SAMPLE_SECONDS = 0.001


def worlds(folder: Path) -> tuple[Worlds, str]:
    settings = provide(folder, "furniture")
    made = Worlds.at(plan().house, folder=settings.worlds, url=None)
    return made, f"t_furniture_{code_and_seeds()}"


def jump(world: World, days: int) -> float:
    """Milliseconds of processor time a simulated day."""
    with world.reading(SYSTEM) as ctx:
        now = ctx.now
    started = time.process_time()
    advance(world, now + timedelta(days=days))
    return (time.process_time() - started) * 1000 / days


def share_of_bulk(world: World) -> float:
    """How many of the samples of a jump's processor time fall inside the database's driver or columns."""
    taken, well = 0, 0

    def sample(_signal: int, frame: FrameType | None) -> None:
        nonlocal taken, well
        taken += 1
        if frame is not None:
            place = f"{frame.f_code.co_filename}:{frame.f_code.co_name}"
            well += frame.f_code.co_name in DRIVER or any(part in place for part in COLUMNS)

    before = signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, SAMPLE_SECONDS, SAMPLE_SECONDS)
    try:
        jump(world, DAYS * 2)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return well / taken


def rows_of(folder: Path, name: str) -> int:
    with sqlite3.connect(folder / f"{name}.sqlite") as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sum(connection.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in names)


def bare(folder: Path, world: World) -> float:
    """Seconds to write the orders of the world once more, row after row, by one executemany."""
    with world.reading(SYSTEM) as ctx:
        orders = [tuple(row.values()) for row in rows(ctx.session.connection(), select(plain(Order)))]
    marks = ", ".join("?" * len(orders[0]))
    with sqlite3.connect(folder / "bare.sqlite") as connection:
        connection.execute(f"CREATE TABLE bare ({', '.join(column.name for column in plain(Order).c)})")
        started = time.perf_counter()
        connection.executemany(f"INSERT INTO bare VALUES ({marks})", orders)
        connection.commit()
    return (time.perf_counter() - started) / len(orders)


def test_a_simulated_day_of_the_demo_world(tmp_path: Path) -> None:
    freeze()  # as the server does
    made, template = worlds(tmp_path)
    # The first world of a process compiles statements and reads catalogues for all others.
    cold = jump(made.create("w0", template, 6), DAYS)
    world = made.create("w", template, 7)
    file = made.space.path("w")  # type: ignore[attr-defined]
    size, count = file.stat().st_size, rows_of(file.parent, "w")
    # The least of some equal runs: what the machine does beside it is not ours.
    cost = min(jump(each, DAYS) for each in (world, *(made.create(f"w{i}", template, 7) for i in (3, 4))))
    made.space.engine("w").dispose()
    grown, more = file.stat().st_size - size, rows_of(file.parent, "w") - count
    share = share_of_bulk(made.create("w2", template, 8))
    row = bare(tmp_path, world) * 1000
    made.close()
    head = [
        "world",
        "first ms a day",
        "ms a day",
        "of the limit",
        "numpy and database",
        "rows a day",
        "KB a month",
        "x bare rows",
    ]
    line = [
        "furniture",
        f"{cold:.1f}",
        f"{cost:.1f}",
        f"{cost / LIMIT_MS:.2f}",
        f"{share:.0%}",
        f"{more / DAYS:.0f}",
        f"{grown / 1024:.0f}",
        f"{cost / (row * more / DAYS):.0f}",
    ]
    show("A simulated day", head, [line])


def enlarge(world: World, stores: int, products: int, buyers: int) -> None:
    """Copies of what is there, under new numbers."""
    with world.writing(SYSTEM) as ctx:
        connection = ctx.session.connection()
        for table, most in ((Merchant, stores), (Buyer, buyers), (Product, products)):
            originals = [row for row in rows(connection, select(plain(table))) if not row.get("is_player")]
            first = max(row["id"] for row in originals)
            fresh = []
            for number in range(first + 1, most + 1):
                row = dict(originals[number % len(originals)], id=number)
                if table is Merchant:
                    row |= {name: f"{row[name]} {number}" for name in ("code", "name_zh", "name_en")}
                if table is Product:
                    row["merchant_id"] = 2 + number % (stores - 2)
                fresh.append(row)
            insert_rows(connection, table, fresh)
        ctx.session.commit()


def test_it_grows_with_the_world(tmp_path: Path) -> None:
    made, template = worlds(tmp_path)
    lines = []
    for part in (0.05, 0.25, 1.0):
        stores, products, buyers = (int(whole * part) for whole in (STORES, PRODUCTS, BUYERS))
        world = made.create(f"w{products}", template, 7)
        enlarge(world, stores, products, buyers)
        cost = jump(world, BIG_DAYS)
        lines.append(
            [str(stores), str(products), str(buyers), f"{cost:.0f}", f"{cost * 1000 / products:.1f}"]
        )
    made.close()
    show("Larger worlds", ["stores", "products", "buyers", "ms a day", "µs a product and day"], lines)
