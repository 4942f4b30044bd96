"""What stores have in their showcases when a world is born (K1)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.bulk import insert_rows
from august.kernel.clock import day_start, pt_day
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.plain import plain
from august.market.seeds import Policy, Showing
from august.merchants.models import Merchant
from august.showcase.models import ShowcaseItem
from august.showcase.queries import slots_of_all

PERCENT = 100


def fill_showcases(ctx: Context, policies: Mapping[str, Policy], player: str) -> None:
    """Let every store show products by its policy; `player` is how the played one was run."""
    product = plain(Product)
    asked = select(product.c.merchant_id, product.c.id, product.c.growth).where(product.c.status == "on_sale")
    shelves: dict[int, list[tuple[int, int]]] = {}
    for merchant, number, growth in ctx.session.execute(asked.order_by(product.c.id)):
        shelves.setdefault(merchant, []).append((number, growth))
    room, since = slots_of_all(ctx), to_epoch(day_start(pt_day(ctx.now)))
    stores = select(Merchant.id, Merchant.is_player, Merchant.policy).order_by(Merchant.id)
    chosen = [
        (number, merchant)
        for merchant, is_player, policy in ctx.session.execute(stores)
        for number in choose(
            ctx, shelves.get(merchant, []), room[merchant].total,
            policies[player if is_player else policy].showcase,
        )
    ]  # fmt: skip
    insert_rows(
        ctx.session.connection(),
        ShowcaseItem,
        [
            {"product_id": number, "merchant_id": merchant, "since": since}
            for number, merchant in sorted(chosen)
        ],
    )


def choose(ctx: Context, shelf: Sequence[tuple[int, int]], slots: int, showing: Showing) -> list[int]:
    """The products (number, growth) that a store puts into its slots."""
    many = slots * showing.percent // PERCENT
    by_growth = [number for number, _ in sorted(shelf, key=lambda one: (-one[1], one[0]))]
    drawn = sorted((ctx.luck.uniform("showcase.born", number), number) for number, _ in shelf)
    good = {"growth": many, "mixed": many // 2, "luck": 0}[showing.by]
    found = by_growth[:good]
    return found + [number for _, number in drawn if number not in set(found)][: many - good]
