"""The quality of 100,000 products from stored rows to scores, all at once and one by one."""

import time
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from august.catalog.models import Product, Sku
from august.cli import freeze
from august.features import house
from august.kernel.context import SYSTEM
from august.kernel.world import Worlds
from august.market.grow import world_files
from august.quality.facts import fact_rules, judge_content, quality_facts
from august.quality.queries import gather, score
from august.quality.rules import judge_quality, quality_rules
from august.settings import ROOT
from tests.benchmarks.table import show

PRODUCTS = 100_000
# As many are held at once; more would measure the memory.
BATCH = 5_000


def test_the_quality_of_a_hundred_thousand_products(tmp_path: Path) -> None:
    freeze()
    worlds = Worlds.at(house(), folder=tmp_path, url=None)
    file = next(iter(world_files(ROOT / "seeds", house().rulebook)))
    worlds.seal("t_quality", file.born, file.key, file.grow)
    with worlds.open("t_quality").reading(SYSTEM) as ctx:
        products = list(ctx.session.scalars(select(Product).order_by(Product.id)))
        skus: dict[int, list[Sku]] = {}
        for sku in ctx.session.scalars(select(Sku).order_by(Sku.id)):
            skus.setdefault(sku.product_id, []).append(sku)
        passes = dict.fromkeys(("facts", "findings", "scores", "one by one"), 0.0)
        rules, thresholds = quality_rules(ctx.rulebook, ctx.now), fact_rules(ctx.rulebook, ctx.now)
        green = judged = 0
        while judged < PRODUCTS:
            batch = [products[(judged + at) % len(products)] for at in range(min(BATCH, PRODUCTS - judged))]
            ticks = [time.process_time()]
            facts = gather(ctx, batch, skus)
            ticks.append(time.process_time())
            found = [quality_facts(each, judge_content(each, thresholds)) for each in facts]
            ticks.append(time.process_time())
            scored = score(found, rules)
            ticks.append(time.process_time())
            decided = [judge_quality(each, rules) for each in found]
            ticks.append(time.process_time())
            assert [tenths for tenths, _ in scored] == [decision.score for decision in decided]
            for name, (before, after) in zip(passes, pairwise(ticks), strict=True):
                passes[name] += after - before
            judged += len(batch)
            green += sum(decision.band == "green" for decision in decided)
    worlds.close()
    passes["all but one by one"] = passes["facts"] + passes["findings"] + passes["scores"]
    rows = [
        [name, f"{seconds:.2f}", f"{seconds / PRODUCTS * 1e6:.0f}", f"{PRODUCTS / seconds:,.0f}"]
        for name, seconds in passes.items()
    ]
    title = f"Quality of {PRODUCTS:,} products ({len(products):,} distinct, {green * 100 // PRODUCTS}% green)"
    show(title, ["pass", "CPU s", "µs each", "products/s"], rows)
