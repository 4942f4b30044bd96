"""What the page of the cheapest path promises happens: done in a fork, the next prediction has the star."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from august.catalog import taxonomy
from august.catalog.importing import sheet_from
from august.catalog.models import Product, Sku
from august.kernel import commands
from august.kernel.clock import day_start, pt_day
from august.kernel.context import Actor, Context
from august.kernel.jobs import advance
from august.kernel.world import World
from august.merchants.models import CHORES, Autopilot
from august.quality import queries as quality
from august.stars import queries
from august.stars.path import acts, route
from august.stars.path.acts import EffortRules, efforts
from tests.market.conftest import PLAYER, days, now_of, shelf_of
from tests.stars.handing_in import hand_in, show_cases

SELLER = Actor("player", merchant=PLAYER)
SEEDS = range(1, 21)
# Of ten products of a neglected store so many have no words.
WORN = 7
BODY = """## Material and make
Solid frame, joined by hand, sanded three times and sealed with water-based varnish.

## Size and packing
Each piece travels in its own carton with foam corners; we photograph every carton before it
leaves the hall, and keep the pictures for a year.

## Service
Samples within a week, spare parts for three years, and a person who answers on working days.
"""


def mended(product: Product, skus: list[Sku]) -> dict[str, Any]:
    """The product's sheet with content that fails no check."""
    leaf = taxonomy.standing().leaves[product.leaf]
    sheet = sheet_from(product, skus)
    filled = {each.code: next(iter(each.options), f"MY-{product.id}") for each in leaf.attributes}
    price = product.price_cents or product.fob_min_cents or 1000
    first = f"{price // 100}.{price % 100:02d}"
    return sheet | {
        "title": f"{leaf.en} for Hotel Project {product.id} with Oak Frame",
        "keywords": [leaf.en.lower(), "hotel project", "oak frame"],
        "attributes": filled,
        "description": BODY,
        "images": [f"{str(product.images[0]).rpartition('-')[0]}-{product.id * 10 + n}" for n in range(4)],
        "price_mode": "tier",
        "tiers": [{"quantity": product.moq, "price_usd": first}],
        "skus": [],
        "fob_min_usd": "",
        "fob_max_usd": "",
        "package_mm": {"l": leaf.package_mm[0], "w": leaf.package_mm[1], "h": leaf.package_mm[2]},
        "weight_g": leaf.weight_g[0],
    }


def mend(world: World, number: int) -> None:
    with world.reading(SELLER) as ctx:
        product = ctx.session.get_one(Product, number)
        skus = list(ctx.session.scalars(select(Sku).where(Sku.product_id == number)))
        sheet = mended(product, skus) | {"product": number, "version": product.version, "publish": True}
    commands.run(world, SELLER, "catalog.save_product", sheet, None)


def neglect(world: World) -> None:
    """Take the words from most of the store's products, so that mending them takes longer than a proof."""
    with world.writing(SELLER) as ctx:
        mine = Product.merchant_id == PLAYER, Product.status == "on_sale"
        products = list(ctx.session.scalars(select(Product).where(*mine).order_by(Product.id)))
        worn = [product for product in products if product.id % 10 < WORN]
        for product in worn:
            product.keywords, product.description, product.attributes = [], "Good.", {}
        ctx.session.flush()
        quality.remeasure_all(ctx, worn)
        ctx.session.commit()


def follow(world: World, way: route.Way) -> None:
    """Do everything the path says."""
    chosen = {group.kind: [step.key for step in group.steps] for group in way.groups}
    if chosen.get("services"):
        products = [int(key) for key in chosen["services"]]
        commands.run(world, SELLER, "stars.switch_on", {"products": products}, None)
    for key in chosen.get("content", ()):
        mend(world, int(key))
    for key in chosen.get("answer", ()):
        payload = {"inquiry": int(key), "text": "Thank you, yes."}
        commands.run(world, SELLER, "opportunities.reply", payload, None)
    if chosen.get("showcase"):
        products = [int(key) for key in chosen["showcase"]]
        commands.run(world, SELLER, "showcase.show", {"products": products}, None)
    for key in chosen.get("proof", ()):
        hand_in(world, key)
    for group in way.groups:
        if group.kind == "case":
            show_cases(world, sum(step.label.params["count"] for step in group.steps))
    assert set(chosen) <= {"services", "content", "answer", "showcase", "proof", "case"}


def slow_to_write(ctx: Context) -> EffortRules:
    """Minutes of a merchant for whom words take long and papers do not."""
    return msgspec.structs.replace(efforts(ctx), content=30)


def way_of(world: World, *, worn: bool) -> route.Way:
    """The next star's way, or how a store that was neglected comes to three stars."""
    with pytest.MonkeyPatch.context() as patch, world.reading(SELLER) as ctx:
        if worn:
            patch.setattr(acts, "efforts", slow_to_write)
        return route.way(ctx, 3 if worn else None)


def test_done_in_a_fork_the_path_reaches_its_star(tmp_path: Path) -> None:
    with shelf_of(tmp_path, "furniture") as shelf:
        reached = []
        for seed in SEEDS:
            world = shelf.world(seed)
            with world.writing(SELLER) as ctx:
                ctx.session.add_all(
                    Autopilot(merchant_id=PLAYER, chore=chore, policy="diligent") for chore in CHORES
                )
                ctx.session.commit()
            worn = seed % 4 == 0
            if worn:
                neglect(world)
            days(world, 1 if worn else 1 + seed % 3)
            way = way_of(world, worn=worn)
            if way.path is None:
                # Where only the market can help, the page says which abilities wait for it.
                assert all(way.stuck.values()), seed
                continue
            shelf.worlds.clone(world.id, f"fork{seed}")
            fork = shelf.worlds.open(f"fork{seed}")
            follow(fork, way)
            assert not worn or {"proof"} <= {group.kind for group in way.groups}
            advance(fork, max(way.counts_at, day_start(pt_day(now_of(fork)) + timedelta(days=1))))
            with fork.reading(SELLER) as ctx:
                (prediction,) = queries.predictions(ctx, 1)
            reached.append((seed, way.target, prediction.star, way.path.narrow))
        assert sum(not each[3] for each in reached) >= len(SEEDS) // 2
        assert [each for each in reached if each[2] < each[1] and not each[3]] == []
