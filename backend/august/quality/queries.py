"""The ball of stored and unsaved products: measured, remembered, explained (Q2-Q7)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import Text, func, select, type_coerce

from august.catalog import lines, taxonomy
from august.catalog.facts import country_findings, opened, product_facts
from august.catalog.freight import OpenLine
from august.catalog.models import FreightLine, Product, Sku
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.words import N_, Phrase
from august.merchants.models import Merchant
from august.quality.facts import Finding, ProductFacts, fact_rules, judge_content, quality_facts
from august.quality.rules import (
    KINDS,
    Band,
    QualityDecision,
    QualityFacts,
    QualityRules,
    failed_checks,
    hundredths,
    judge_quality,
    losses,
    missing,
    quality_rules,
    scores,
    shares,
    tenths,
)
from august.quality.words import CHECKS, GROUPS, REMEDIES, TROUBLES

# The form's name of a finding's field where it has another one.
FORM_FIELDS = {"category": "leaf", "fob": "fob_min_usd", "sample_service": "sample_on",
               "customization_service": "customization_on", "package": "package-l"}  # fmt: skip
MOST_ITEMS = 20
ID_DIGITS = 15  # what fits a BIGINT


class Item(msgspec.Struct, frozen=True):
    """A failing check as the ball lists it; `field` is the form's field to go to."""

    check: str
    certainty: bool
    trouble: Phrase
    points: str
    field: str
    hints: tuple[Phrase, ...]


class Group(msgspec.Struct, frozen=True):
    """A group of checks with what fails in it."""

    name: str
    items: tuple[Item, ...]


class Ball(msgspec.Struct, frozen=True):
    """The quality ball of one product: score, colour, message, failing items by group (Q5)."""

    tenths: int
    score: str
    band: str
    certain: bool
    level: int
    message: str
    groups: tuple[Group, ...]
    why: Node

    @property
    def failing(self) -> int:
        """How many checks fail."""
        return sum(len(group.items) for group in self.groups)


def bands(ctx: Context) -> tuple[Band, ...]:
    """The bands in force, best first (Q2)."""
    return quality_rules(ctx.rulebook, ctx.now).bands


def band_of(found: Sequence[Band], score: int) -> str:
    """The colour of a score in tenths."""
    return next(band.name for band in found if score >= band.least)


def decide(ctx: Context, facts: Sequence[ProductFacts]) -> list[tuple[QualityDecision, tuple[Finding, ...]]]:
    """Judge products by the rules in force now."""
    rules, thresholds = quality_rules(ctx.rulebook, ctx.now), fact_rules(ctx.rulebook, ctx.now)
    decided = []
    for each in facts:
        findings = judge_content(each, thresholds)
        decided.append((judge_quality(quality_facts(each, findings), rules), findings))
    return decided


def measure(ctx: Context, facts: Sequence[ProductFacts]) -> list[tuple[int, list[str]]]:
    """Scores and failing checks of products in one pass, equal to what `decide` comes to one by one."""
    thresholds = fact_rules(ctx.rulebook, ctx.now)
    judged = [quality_facts(each, judge_content(each, thresholds)) for each in facts]
    return score(judged, quality_rules(ctx.rulebook, ctx.now))


def score(facts: Sequence[QualityFacts], rules: QualityRules) -> list[tuple[int, list[str]]]:
    """Scores in tenths and failing checks by what the checks found."""
    failing = [list(shares(each, rules).values()) for each in facts]
    lost = losses(
        np.array([KINDS.index(each.kind) for each in facts], dtype=np.int64),
        np.array([each.region in rules.regions for each in facts], dtype=np.bool_),
        np.array(failing, dtype=np.int64).reshape(len(facts), len(CHECKS)),
        rules,
    )
    return list(zip(scores(lost, rules).tolist(), failed_checks(lost, rules), strict=True))


def remeasure(ctx: Context, product: Product) -> None:
    """Measure one product and keep score and failing checks on it."""
    remeasure_all(ctx, [product])


def remeasure_all(ctx: Context, products: Sequence[Product]) -> None:
    """Measure products in one pass; only what changed is written."""
    facts = facts_of(ctx, products)
    for product, each, (score, failed) in zip(products, facts, measure(ctx, facts), strict=True):
        keep_reach(product, each)
        if product.quality_tenths != score:
            product.quality_tenths = score
        if product.quality_failed != failed:
            product.quality_failed = failed


def keep_reach(product: Product, facts: ProductFacts) -> None:
    """Remember to how many core countries a product can be sent, and is promised by a day."""
    core = len(lines.standing().core)
    reached, promised = core - len(facts.missing_freight), core - len(facts.missing_delivery_by)
    if (product.reached, product.promised) != (reached, promised):
        product.reached, product.promised = reached, promised


def scores_with(ctx: Context, products: Sequence[Product], values: Mapping[str, Any]) -> list[int]:
    """The tenths of the products' balls if these column values were theirs; nothing is written (Q7)."""
    changed = [imagined(product, values) for product in products]
    with ctx.session.no_autoflush:
        return [score for score, _ in measure(ctx, facts_of(ctx, changed))]


def imagined(product: Product, values: Mapping[str, Any]) -> Product:
    """A copy of the product, in no session, with some columns changed."""
    stored = {column.name: getattr(product, column.name) for column in Product.__table__.columns}
    return Product(**{**stored, **values})


def unsaved_ball(ctx: Context, values: Mapping[str, Any], variants: Sequence[Mapping[str, Any]]) -> Ball:
    """The ball of a product that exists only on the form (Q5); nothing is written."""
    product = Product(id=0, merchant_id=ctx.merchant, status="draft", **values)
    return ball(ctx, product, [Sku(product_id=0, **variant) for variant in variants])


def facts_of(ctx: Context, products: Sequence[Product]) -> list[ProductFacts]:
    """The facts of stored products, in three statements; variants count only where they bear the price."""
    skus: dict[int, list[Sku]] = {}
    ids = [product.id for product in products if product.price_mode == "sku"]
    if ids:
        rows = select(Sku).where(Sku.product_id.in_(ids)).order_by(Sku.id)
        for sku in ctx.session.scalars(rows):
            skus.setdefault(sku.product_id, []).append(sku)
    return gather(ctx, products, skus)


def gather(
    ctx: Context, products: Sequence[Product], skus: Mapping[int, Sequence[Sku]]
) -> list[ProductFacts]:
    """The facts of products whose variants are at hand, in two statements."""
    if not products:
        return []
    stores = {product.merchant_id for product in products}
    regions: dict[int, Any] = dict(
        ctx.session.execute(select(Merchant.id, Merchant.region).where(Merchant.id.in_(stores))).all()
    )
    open_lines = opened_for(ctx, products)
    tree, book = taxonomy.standing(), lines.standing()
    return [
        product_facts(
            product,
            skus.get(product.id, ()),
            open_lines.get(product.freight_template_id or 0, ()),
            regions[product.merchant_id],
            tree,
            book,
        )
        for product in products
    ]


def opened_for(ctx: Context, products: Sequence[Product]) -> dict[int, tuple[OpenLine, ...]]:
    """The opened lines of the freight templates that the products ship by, in one statement."""
    return opened_lines(ctx, {product.freight_template_id for product in products})


def opened_lines(ctx: Context, templates: Collection[int | None]) -> dict[int, tuple[OpenLine, ...]]:
    """The opened lines of freight templates, in one statement."""
    wanted = set(templates) - {None}
    if not wanted:
        return {}
    ways: dict[int, list[FreightLine]] = {}
    rows = select(FreightLine).where(FreightLine.template_id.in_(wanted)).order_by(FreightLine.id)
    for line in ctx.session.scalars(rows):
        ways.setdefault(line.template_id, []).append(line)
    return {template: opened(each) for template, each in ways.items()}


def ball(ctx: Context, product: Product, variants: Sequence[Sku] | None = None) -> Ball:
    """The ball of a product, stored or unsaved; `variants` of an unsaved one are handed in."""
    facts = (
        facts_of(ctx, [product]) if variants is None else gather(ctx, [product], {product.id: list(variants)})
    )
    ((decision, findings),) = decide(ctx, facts)
    findings += country_findings(product, _opened_for(ctx, product), lines.standing())
    rules = quality_rules(ctx.rulebook, ctx.now)
    groups = []
    for group, label in GROUPS.items():
        items = tuple(
            _item(check, points, facts[0], findings, rules)
            for check, points in decision.deductions.items()
            if points and CHECKS[check] == group
        )
        groups.append(Group(label, items))
    full = rules.deductions.full // 10
    return Ball(
        tenths=decision.score,
        score=tenths(decision.score),
        band=decision.band,
        certain=decision.certain,
        level=decision.score * 100 // full,
        message=decision.message,
        groups=tuple(groups),
        why=decision.why,
    )


def _opened_for(ctx: Context, product: Product) -> tuple[OpenLine, ...]:
    """The lines that the product's freight template opens."""
    rows = select(FreightLine).where(FreightLine.template_id == product.freight_template_id)
    return opened(list(ctx.session.scalars(rows.order_by(FreightLine.id))))


def _item(
    check: str, points: int, facts: ProductFacts, findings: Sequence[Finding], rules: QualityRules
) -> Item:
    own = [finding for finding in findings if finding.check == check]
    trouble = Phrase(TROUBLES[check].trouble)
    if check in rules.checks.by_country:
        lacking = missing(quality_facts(facts, tuple(findings)), check, rules)
        trouble = Phrase(TROUBLES[check].trouble, {"countries": rules.names(lacking)})
    field = own[0].field if own else check
    hints = tuple(finding.hint for finding in own) or (Phrase(REMEDIES[check]),)
    return Item(
        check=check,
        certainty=check in rules.checks.certainty,
        trouble=trouble,
        points=hundredths(points),
        field=FORM_FIELDS.get(field, field),
        hints=hints,
    )


def why(ctx: Context, key: str) -> Node:
    """Why a product has its score: `quality/{product}`."""
    product = (
        ctx.session.get(Product, int(key))
        if key.isascii() and key.isdigit() and len(key) <= ID_DIGITS
        else None
    )
    if product is None or (ctx.actor.merchant is not None and product.merchant_id != ctx.actor.merchant):
        raise Refusal("product.unknown", N_("There is no product {id} in this store."),
                      params={"id": key[:20]}, status=404)  # fmt: skip
    ((decision, _),) = decide(ctx, facts_of(ctx, [product]))
    return decision.why


class Spread(msgspec.Struct, frozen=True):
    """The store's scores at a glance (Q7)."""

    bars: Sequence[tuple[str, int]]
    by_band: Mapping[str, int]
    average: str
    total: int


def spread(ctx: Context) -> Spread:
    """How many products that are not drafts have which score, by half points (Q7)."""
    rows = ctx.session.execute(
        select(Product.quality_tenths, func.count())
        .where(Product.merchant_id == ctx.merchant, Product.status != "draft")
        .group_by(Product.quality_tenths)
    )
    counts = dict(rows.all())
    colours = bands(ctx)
    total = sum(counts.values())
    by_band: dict[str, int] = {band.name: 0 for band in colours}
    for score, count in counts.items():
        by_band[band_of(colours, score)] += count
    step, most = 5, quality_rules(ctx.rulebook, ctx.now).deductions.full // 10
    bars = []
    for low in range(0, most + 1, step):
        high = min(low + step - 1, most)
        label = tenths(low) if low == high else f"{tenths(low)}–{tenths(high)}"
        bars.append((label, sum(count for score, count in counts.items() if low <= score <= high)))
    average = sum(score * count for score, count in counts.items()) * 10 // total if total else 0
    return Spread(bars, by_band, hundredths(average), total)


class Trouble(msgspec.Struct, frozen=True):
    """A failing check and how many products of the store fail it."""

    check: str
    name: str
    certainty: bool
    products: int


def troubles(ctx: Context) -> list[Trouble]:
    """The checks that the store's products fail, the most frequent first (Q7)."""
    certain = quality_rules(ctx.rulebook, ctx.now).checks.certainty
    counts = dict.fromkeys(CHECKS, 0)
    rows = ctx.session.scalars(
        select(Product.quality_failed).where(Product.merchant_id == ctx.merchant, Product.status != "draft")
    )
    for failed in rows:
        for check in failed:
            counts[check] = counts.get(check, 0) + 1
    found = [
        Trouble(check, TROUBLES[check].name, check in certain, count)
        for check, count in counts.items()
        if count
    ]
    return sorted(found, key=lambda each: -each.products)


def worst(ctx: Context, check: str = "", limit: int = MOST_ITEMS) -> list[Product]:
    """The store's worst products that are not drafts, of those that fail `check` when given (Q7)."""
    rows = (
        select(Product)
        .where(Product.merchant_id == ctx.merchant, Product.status != "draft")
        .order_by(Product.quality_tenths, Product.id)
    )
    if check in CHECKS:
        # Check names are plain words, so the quoted name is found in the stored list and nowhere else.
        rows = rows.where(type_coerce(Product.quality_failed, Text).contains(f'"{check}"'))
    return list(ctx.session.scalars(rows.limit(limit)))
