"""Products of the played store as they are, with services switched on, and with content mended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Select, bindparam, func, select

from august.catalog import lines, taxonomy
from august.catalog.facts import parcel_of
from august.catalog.freight import missing
from august.catalog.models import Product
from august.growth import queries as growth
from august.growth.rules import KINDS
from august.kernel.context import Context
from august.merchants.models import Merchant
from august.quality import queries as quality
from august.quality.rules import losses, quality_rules, scores
from august.quality.words import CHECKS
from august.showcase.queries import shown
from august.stars.counts import HIGH_GROWTH, STRONG

Ints = npt.NDArray[np.int64]
# Checks that only editing the product mends; the others are services that are switched on.
CONTENT = frozenset(
    {"category", "attributes", "keywords", "product_detail", "price", "tier_price", "package"}
)
SERVICES = frozenset({"customization_service", "sample_service"})
# Checks by country, and the column of growth that counts the countries for which they pass.
BY_COUNTRY: Mapping[str, str] = {
    "freight_core_ten": "freight_countries",
    "delivery_by_core_ten": "delivery_by_countries",
}
# The columns that say where a product can be sent.
FREIGHT = frozenset({"freight_template_id", "delivery_by"})
OPTIONS = ["Customized logo", "Customized packaging"]


# Points a product must stand above the line of high growth before a path counts on it: what it brought in
# 30 days changes with every day.
SURE = 4


@dataclass(frozen=True)
class State:
    """A product at some stage: growth score, and twice the quality beside it (the product power)."""

    growth: int
    power: int
    # Whether it was high-growth before anything was done.
    was_high: bool = False

    @property
    def high(self) -> bool:
        """Whether it is a high-growth product, and will surely be one tomorrow unless it was one before."""
        return self.was_high or self.growth >= HIGH_GROWTH + SURE

    def counts(self, track: str, *, on_show: bool) -> dict[str, int]:
        """What the product adds to the counts of its track."""
        high, strong = int(self.high), int(self.power >= STRONG)
        made = {f"{track}_high": high, f"{track}_strong": strong}
        if track == "custom":
            made |= {"custom_growth": self.growth, "custom_power": self.power}
        if on_show:
            made |= {f"{track}_shown_high": high, f"{track}_shown_strong": strong}
        return made


@dataclass(frozen=True)
class Prospect:
    """A product on sale: as it stands, with its services on, with its content mended too.

    `lacks` are the columns that switching services on changes, `broken` counts the content checks it fails.
    """

    id: int
    track: str
    on_show: bool
    before: State
    served: State
    whole: State
    lacks: bool
    broken: int


@cache
def _on_sale() -> Select[Any]:
    """The products on sale of `store` by their numbers: what services and scores depend on."""
    return (
        select(
            Product.id, Product.kind, Product.leaf, Product.price_cents, Product.customization,
            Product.sample, Product.freight_template_id, Product.delivery_by, Product.quality_tenths,
            Product.quality_failed, Product.reached, Product.promised, Product.package_mm, Product.weight_g,
            Product.moq,
        )
        .where(Product.merchant_id == bindparam("store"), Product.status == "on_sale")
        .order_by(Product.id)
    )  # fmt: skip


def services_for(product: Product | Row[Any], template: int | None) -> dict[str, Any]:
    """The columns that switching services on changes; what is there already stays."""
    values: dict[str, Any] = {}
    if not product.customization:
        values["customization"] = {"options": list(OPTIONS)}
    if not product.sample:
        values["sample"] = {"price_cents": product.price_cents or 100, "max": 1}
    if product.kind == "rts":
        if template is not None and product.freight_template_id is None:
            values["freight_template_id"] = template
        if not product.delivery_by:
            values["delivery_by"] = True
    return values


def usual_template(ctx: Context) -> int | None:
    """The freight template most of the store's products go by."""
    used = Product.freight_template_id
    asked = select(used).where(Product.merchant_id == ctx.merchant, used.is_not(None)).group_by(used)
    return ctx.session.scalars(asked.order_by(func.count().desc(), used)).first()


def prospects(ctx: Context) -> list[Prospect]:
    """Every product on sale with what could become of it, by what it remembers of its checks."""
    products = ctx.session.execute(_on_sale(), {"store": ctx.merchant}).all()
    if not products:
        return []
    template = usual_template(ctx)
    wanted = [services_for(product, template) for product in products]
    broken = [CONTENT.intersection(product.quality_failed) for product in products]
    stages = _stages(ctx, products, wanted, broken)
    before, served, whole = (list(zip(*stage, strict=True)) for stage in stages)
    on_show = set(shown(ctx)[1].tolist())
    return [
        Prospect(
            id=product.id,
            track="rts" if product.kind == "rts" else "custom",
            on_show=product.id in on_show,
            before=State(*before[place], was_high := before[place][0] >= HIGH_GROWTH),
            served=State(*served[place], was_high),
            whole=State(*whole[place], was_high),
            lacks=bool(wanted[place]),
            broken=len(broken[place]),
        )
        for place, product in enumerate(products)
    ]


def _stages(
    ctx: Context,
    products: Sequence[Row[Any]],
    wanted: Sequence[Mapping[str, Any]],
    broken: Sequence[frozenset[str]],
) -> list[tuple[list[int], list[int]]]:
    """Growth and power of all products at each stage: as they stand, served, and whole."""
    kinds = _ints(KINDS.index(product.kind) for product in products)
    brought = growth.brought(ctx, _ints(product.id for product in products))
    stands = {
        "quality": _ints(product.quality_tenths for product in products),
        "freight_countries": _ints(product.reached for product in products),
        "delivery_by_countries": _ints(product.promised for product in products),
        "customization_service": _ints(bool(product.customization) for product in products),
        "sample_service": _ints(bool(product.sample) for product in products),
    }
    reach = _sent(ctx, products, wanted)
    serves = stands | {
        "freight_countries": _ints(reached for reached, _ in reach),
        "delivery_by_countries": _ints(promised for _, promised in reach),
        "customization_service": np.ones_like(kinds),
        "sample_service": np.ones_like(kinds),
    }
    failed = [frozenset(product.quality_failed) - SERVICES for product in products]
    best = [checks - mended for checks, mended in zip(failed, broken, strict=True)]
    changed = _ints(bool(values) for values in wanted) == 1
    scored = _quality(ctx, products, kinds, serves, failed)
    serves["quality"] = np.where(changed, scored, stands["quality"])
    ends = serves | {"quality": _quality(ctx, products, kinds, serves, best)}
    found = []
    for stage in (stands, serves, ends):
        scores = growth.scored(ctx, kinds, stage | brought)
        found.append((scores.tolist(), (scores + 2 * stage["quality"]).tolist()))
    return found


def _quality(
    ctx: Context,
    products: Sequence[Row[Any]],
    kinds: Ints,
    stage: Mapping[str, Ints],
    failed: Sequence[frozenset[str]],
) -> Ints:
    """The tenths of products that fail these checks and can be sent to so many core countries."""
    rules, tree = quality_rules(ctx.rulebook, ctx.now), taxonomy.standing()
    core = len(rules.checks.core)
    failing = {check: core * _ints(check in checks for checks in failed) for check in CHECKS}
    for check, countries in BY_COUNTRY.items():
        asked = _ints(check not in tree.leaves[product.leaf].exempt for product in products)
        failing[check] = (core - stage[countries]) * asked
    region = ctx.session.get_one(Merchant, ctx.merchant).region
    upgraded = np.full(len(kinds), region in rules.regions)
    return scores(losses(kinds, upgraded, np.stack(list(failing.values()), axis=1), rules), rules)


def _sent(
    ctx: Context, products: Sequence[Row[Any]], wanted: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int]]:
    """How many core countries products reach, and by a promised day, with their freight set up."""
    templates = [
        values.get("freight_template_id", product.freight_template_id)
        for product, values in zip(products, wanted, strict=True)
    ]
    moved = [bool(FREIGHT & values.keys()) for values in wanted]
    ways = quality.opened_lines(ctx, set(compress(templates, moved)))
    book, found = lines.standing(), []
    for product, values, template, changes in zip(products, wanted, templates, moved, strict=True):
        if not changes:
            found.append((product.reached, product.promised))
            continue
        promises = values.get("delivery_by", product.delivery_by)
        away = missing(parcel_of(product), ways.get(template, ()), book, delivery_by=promises)
        found.append((len(book.core) - len(away[0]), len(book.core) - len(away[1])))
    return found


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)
