"""The quality of 100,000 products in one pass, from stored rows to decisions with their reasons."""

import time
from pathlib import Path

from sqlalchemy import select

from august.catalog.models import Product, Sku
from august.features import house
from august.kernel.context import SYSTEM
from august.kernel.world import Worlds
from august.market.grow import world_files
from august.quality.queries import decide, gather
from august.settings import ROOT
from tests.benchmarks.table import show

PRODUCTS = 100_000
# As many are held at once; more would measure the memory.
BATCH = 5_000


def test_the_quality_of_a_hundred_thousand_products(tmp_path: Path) -> None:
    worlds = Worlds.at(house(), folder=tmp_path, url=None)
    file = next(iter(world_files(ROOT / "seeds", house().rulebook)))
    worlds.seal("t_quality", file.born, file.key, file.grow)
    with worlds.open("t_quality").reading(SYSTEM) as ctx:
        products = list(ctx.session.scalars(select(Product).order_by(Product.id)))
        skus: dict[int, list[Sku]] = {}
        for sku in ctx.session.scalars(select(Sku).order_by(Sku.id)):
            skus.setdefault(sku.product_id, []).append(sku)
        judged, gathering, judging = 0, 0.0, 0.0
        green = 0
        while judged < PRODUCTS:
            batch = [products[(judged + at) % len(products)] for at in range(min(BATCH, PRODUCTS - judged))]
            started = time.perf_counter()
            facts = gather(ctx, batch, skus)
            gathered = time.perf_counter()
            decided = decide(ctx, facts)
            judging += time.perf_counter() - gathered
            gathering += gathered - started
            judged += len(decided)
            green += sum(decision.band == "green" for decision, _ in decided)
    worlds.close()
    assert judged == PRODUCTS
    rows = [
        [name, f"{seconds:.2f}", f"{seconds / PRODUCTS * 1e6:.0f}", f"{PRODUCTS / seconds:,.0f}"]
        for name, seconds in (("facts", gathering), ("decisions", judging), ("both", gathering + judging))
    ]
    title = f"Quality of {PRODUCTS:,} products ({len(products):,} distinct, {green * 100 // PRODUCTS}% green)"
    show(title, ["pass", "s", "µs each", "products/s"], rows)
