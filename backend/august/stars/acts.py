"""What the played store can do for its star with a certain effect, and how long that takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select

from august.catalog.models import FreightTemplate, Product
from august.growth import queries as growth
from august.growth.rules import GrowthFacts, judge_growth
from august.kernel.context import Context
from august.kernel.rulebook import RuleValues
from august.opportunities.models import Inquiry
from august.quality import queries as quality
from august.quality.facts import ProductFacts, fact_rules, judge_content, quality_facts
from august.quality.rules import QualityFacts, quality_rules
from august.stars.counts import HIGH_GROWTH, STRONG
from august.stars.path import Act

# Checks that only editing the product mends; the others are services that are switched on.
CONTENT = frozenset(
    {"category", "attributes", "keywords", "product_detail", "price", "tier_price", "package"}
)
OPTIONS = ["Customized logo", "Customized packaging"]


class EffortRules(RuleValues, frozen=True):
    """The numbers of rule S1-effort: minutes an act takes, and the points to aim above a threshold."""

    services: int
    content: int
    showcase: int
    answer: int
    proof: int
    case: int
    margin: int


@dataclass(frozen=True)
class State:
    """A product at some stage: growth score, and twice the quality beside it (the product power)."""

    growth: int
    power: int

    def counts(self, track: str) -> dict[str, int]:
        """What the product adds to the counts of its track."""
        high, strong = int(self.growth >= HIGH_GROWTH), int(self.power >= STRONG)
        if track == "rts":
            return {"rts_high": high, "rts_strong": strong}
        return {
            "custom_growth": self.growth,
            "custom_power": self.power,
            "custom_high": high,
            "custom_strong": strong,
        }


def efforts(ctx: Context) -> EffortRules:
    """The minutes in force now."""
    values: EffortRules = ctx.rulebook.values("S1-effort", ctx.now)
    return values


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
    asked = select(FreightTemplate.id).where(FreightTemplate.merchant_id == ctx.merchant)
    return ctx.session.scalars(asked.order_by(FreightTemplate.id.desc())).first()


def product_acts(ctx: Context) -> Iterator[Act]:
    """For each product: services to switch on, then content to mend, with what they add to the counts."""
    products, minutes = on_sale(ctx), efforts(ctx)
    template = usual_template(ctx)
    wanted = [services_for(product, template) for product in products]
    changed = [quality.imagined(product, values) for product, values in zip(products, wanted, strict=True)]
    with ctx.session.no_autoflush:
        facts = quality.facts_of(ctx, changed)
    found = _judged(ctx, facts)
    judged, best = _scored(ctx, found), _scored(ctx, [_without_content(each) for each in found])
    for product, each, (score, failed) in zip(changed, facts, judged, strict=True):
        quality.keep_reach(product, each)
        product.quality_tenths, product.quality_failed = score, failed
    now, then = growth.facts_of(ctx, products), growth.facts_of(ctx, changed)
    for place, product in enumerate(products):
        before = _state(ctx, now[place], product.quality_tenths)
        served = _state(ctx, then[place], changed[place].quality_tenths)
        tenths = best[place][0]
        whole = _state(ctx, _mended(ctx, then[place], tenths), tenths)
        track = "rts" if product.kind == "rts" else "custom"
        first = f"services:{product.id}"
        if wanted[place]:
            yield Act(first, "services", minutes.services, _difference(before, served, track))
        broken = len(CONTENT & set(changed[place].quality_failed))
        if broken:
            after = (first,) if wanted[place] else ()
            adds = _difference(served, whole, track)
            yield Act(f"content:{product.id}", "content", minutes.content * broken, adds, after)


def _state(ctx: Context, facts: GrowthFacts, tenths: int) -> State:
    score = judge_growth(facts, growth.rules(ctx)).score
    return State(score, score + 2 * tenths)


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


def _difference(before: State, after: State, track: str) -> Mapping[str, int]:
    old, new = before.counts(track), after.counts(track)
    return {name: new[name] - old[name] for name in new if new[name] != old[name]}


def helpful(acts: Sequence[Act]) -> dict[str, Act]:
    """The acts by their keys, without those that change nothing and that nothing waits for."""
    waited = {key for act in acts for key in act.after}
    return {act.key: act for act in acts if act.adds or act.key in waited}


# Where acts that are about no product are done.
PLACES: Mapping[str, str] = {"answer": "/inquiries?state=open&turn=seller"}


def all_acts(ctx: Context) -> list[Act]:
    """Everything the store can do with a certain effect."""
    return [*product_acts(ctx), *answer_acts(ctx)]


def answer_acts(ctx: Context) -> Iterator[Act]:
    """First answers that wait: each brings its own wait into the average."""
    asked = select(Inquiry.id, Inquiry.at).where(
        Inquiry.merchant_id == ctx.merchant,
        Inquiry.state == "open",
        Inquiry.turn == "seller",
        Inquiry.first_reply_at.is_(None),
    )
    minutes = efforts(ctx).answer
    for number, at in ctx.session.execute(asked.order_by(Inquiry.id)):
        seconds = int((ctx.now - at).total_seconds())
        yield Act(f"answer:{number}", "answer", minutes, {"replies": 1, "reply_seconds": seconds})
