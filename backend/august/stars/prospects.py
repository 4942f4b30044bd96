"""Products of the played store as they are, with services switched on, and with content mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import func, select

from august.catalog.models import Product
from august.growth import queries as growth
from august.growth.rules import GrowthFacts, judge_growth
from august.kernel.context import Context
from august.quality import queries as quality
from august.quality.facts import ProductFacts, fact_rules, judge_content, quality_facts
from august.quality.rules import QualityFacts, quality_rules
from august.showcase.queries import shown
from august.stars.counts import HIGH_GROWTH, STRONG

# Checks that only editing the product mends; the others are services that are switched on.
CONTENT = frozenset(
    {"category", "attributes", "keywords", "product_detail", "price", "tier_price", "package"}
)
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


def on_sale(ctx: Context) -> list[Product]:
    """The store's products on sale, by their numbers."""
    mine = Product.merchant_id == ctx.merchant, Product.status == "on_sale"
    return list(ctx.session.scalars(select(Product).where(*mine).order_by(Product.id)))


def services_for(product: Product, template: int | None) -> dict[str, Any]:
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
    """Every product on sale with what could become of it."""
    products = on_sale(ctx)
    template = usual_template(ctx)
    wanted = [services_for(product, template) for product in products]
    changed = [
        quality.imagined(product, values) if values else product
        for product, values in zip(products, wanted, strict=True)
    ]
    with ctx.session.no_autoflush:
        facts = quality.facts_of(ctx, changed)
    found = _judged(ctx, facts)
    judged, best = _scored(ctx, found), _scored(ctx, [_without_content(each) for each in found])
    for product, values, each, (score, failed) in zip(changed, wanted, facts, judged, strict=True):
        if values:
            quality.keep_reach(product, each)
            product.quality_tenths, product.quality_failed = score, failed
    now, then = growth.facts_of(ctx, products), growth.facts_of(ctx, changed)
    on_show = set(shown(ctx)[1].tolist())
    return [
        Prospect(
            id=product.id,
            track="rts" if product.kind == "rts" else "custom",
            on_show=product.id in on_show,
            before=(before := _state(ctx, now[place], product.quality_tenths)),
            served=_state(ctx, then[place], changed[place].quality_tenths, before),
            whole=_state(ctx, _mended(ctx, then[place], best[place][0]), best[place][0], before),
            lacks=bool(wanted[place]),
            broken=len(CONTENT & set(changed[place].quality_failed)),
        )
        for place, product in enumerate(products)
    ]


def _state(ctx: Context, facts: GrowthFacts, tenths: int, before: State | None = None) -> State:
    score = judge_growth(facts, growth.rules(ctx)).score
    return State(score, score + 2 * tenths, score >= HIGH_GROWTH if before is None else before.was_high)


def _mended(ctx: Context, facts: GrowthFacts, tenths: int) -> GrowthFacts:
    """The same product with another quality score."""
    met = tenths >= quality.bands(ctx)[0].least
    return msgspec.structs.replace(facts, base_met=met, values={**facts.values, "quality": tenths})


def _judged(ctx: Context, facts: Sequence[ProductFacts]) -> list[QualityFacts]:
    thresholds = fact_rules(ctx.rulebook, ctx.now)
    return [quality_facts(each, judge_content(each, thresholds)) for each in facts]


def _scored(ctx: Context, facts: Sequence[QualityFacts]) -> list[tuple[int, list[str]]]:
    return quality.score(facts, quality_rules(ctx.rulebook, ctx.now))


def _without_content(facts: QualityFacts) -> QualityFacts:
    """The same product with its content mended; where it can be sent stays as it is."""
    return msgspec.structs.replace(facts, failed=facts.failed - CONTENT)
