"""What pages, programs and the stars read of the Verified Center."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Select, func, select

from august.catalog import lines, taxonomy
from august.catalog.models import Product
from august.kernel.clock import pt_day
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.features import DigestLine
from august.kernel.plain import plain, tuples
from august.kernel.tables import Event
from august.kernel.words import N_, Phrase
from august.merchants.models import Merchant
from august.trade.rules import countdown
from august.verified import rules, words
from august.verified.models import EngineeringCase, Proof
from august.verified.rules import (
    KINDS,
    PROFESSIONAL,
    SERVICES,
    AccessRules,
    CaseRules,
    Condition,
    Finding,
    ReviewRules,
    Standing,
)


class Strength(msgspec.Struct, frozen=True):
    """What a store had verified (S3); export in US cents, `cases` whether or not they count."""

    export_cents: int = 0
    professional: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    engineering: bool = False
    cases: int = 0


@cache
def _verified() -> Select[Any]:
    """Store, kind and details of every verified proof."""
    proof = plain(Proof)
    return select(proof.c.merchant_id, proof.c.kind, proof.c.details).where(proof.c.state == "verified")


@cache
def _cases() -> Select[Any]:
    """How many engineering cases each store shows."""
    case = plain(EngineeringCase)
    shown = select(case.c.merchant_id, func.count()).where(case.c.removed_at.is_(None))
    return shown.group_by(case.c.merchant_id)


def strengths(ctx: Context) -> dict[int, Strength]:
    """The strengths of all stores that have any, in two statements."""
    connection = ctx.session.connection()
    kinds: dict[int, set[str]] = {}
    exports: dict[int, int] = {}
    for merchant, kind, details in tuples(connection, _verified()):
        kinds.setdefault(merchant, set()).add(kind)
        if kind == "export":
            cents = msgspec.json.decode(details).get("yearly_export_usd") or 0
            exports[merchant] = max(exports.get(merchant, 0), cents)
    cases: dict[int, int] = dict(tuples(connection, _cases()))
    return {
        merchant: _strength(kinds.get(merchant, set()), exports.get(merchant, 0), cases.get(merchant, 0))
        for merchant in sorted(kinds.keys() | cases.keys())
    }


def _strength(kinds: set[str], export: int, cases: int) -> Strength:
    return Strength(
        export_cents=export,
        professional=frozenset(kinds.intersection(PROFESSIONAL)),
        services=frozenset(kinds.intersection(SERVICES)),
        engineering="engineering" in kinds,
        cases=cases,
    )


def review_rules(ctx: Context, at: datetime | None = None) -> ReviewRules:
    """The numbers of S3-review in force at an instant, now without one."""
    values: ReviewRules = ctx.rulebook.values("S3-review", at or ctx.now)
    return values


def case_rules(ctx: Context) -> CaseRules:
    """The numbers of S3-cases in force now."""
    values: CaseRules = ctx.rulebook.values("S3-cases", ctx.now)
    return values


def title_of(ctx: Context, kind: str) -> dict[str, str]:
    """What a kind is called, in both languages."""
    return review_rules(ctx).of(kind).title


def industry_names() -> dict[str, dict[str, str]]:
    """What the first-level industries are called, by code."""
    return {each.code: {"zh": each.zh, "en": each.en} for each in taxonomy.standing().industries.values()}


def standing(ctx: Context) -> Standing:
    """What the store's access depends on, in two statements."""
    store = ctx.session.get_one(Merchant, ctx.merchant)
    on_sale = select(Product.leaf, func.count()).where(
        Product.merchant_id == ctx.merchant, Product.status == "on_sale"
    )
    leaves, counts = taxonomy.standing().leaves, dict[str, int]()
    for leaf, count in ctx.session.execute(on_sale.group_by(Product.leaf)):
        industry = leaves[leaf].industry
        counts[industry] = counts.get(industry, 0) + count
    return Standing(
        membership=store.membership,
        in_service=ctx.now < store.member_until,
        industry=rules.main_industry(counts, store.industry),
    )


def conditions_of(ctx: Context, kind: str, store: Standing) -> tuple[Condition, ...]:
    """What the store must be to apply for a kind, and whether it is."""
    values: AccessRules = ctx.rulebook.values("S3-access", ctx.now)
    return rules.conditions(kind, store, values, industry_names())


class Row(msgspec.Struct, frozen=True):
    """A kind as a store sees it: access, its standing application, what can be done next.

    `state` is none, submitted, verified, rejected or withdrawn; `step` apply, again, renew, await or nothing.
    """

    kind: str
    title: Mapping[str, str]
    conditions: Sequence[Condition]
    open: bool
    state: str
    proof: Proof | None
    left: Phrase | None
    step: str
    days: int


class Overview(msgspec.Struct, frozen=True):
    """All kinds, and the store they are seen by."""

    store: Standing
    industry: Mapping[str, str]
    rows: Mapping[str, Row]
    cases: int


def overview(ctx: Context) -> Overview:
    """Every kind with its access and state, in four statements."""
    store = standing(ctx)
    mine = select(Proof).where(Proof.merchant_id == ctx.merchant).order_by(Proof.id)
    told: dict[str, list[Proof]] = {kind: [] for kind in KINDS}
    for proof in ctx.session.scalars(mine):
        told[proof.kind].append(proof)
    shown = select(func.count()).where(
        EngineeringCase.merchant_id == ctx.merchant, EngineeringCase.removed_at.is_(None)
    )
    found = {kind: _row(ctx, kind, store, told[kind]) for kind in KINDS}
    return Overview(store, industry_names()[store.industry], found, ctx.session.scalar(shown) or 0)


def _row(ctx: Context, kind: str, store: Standing, proofs: Sequence[Proof]) -> Row:
    standing_one = the_one(proofs)
    state = standing_one.state if standing_one is not None else "none"
    conditions = conditions_of(ctx, kind, store)
    is_open, values = all(each.met for each in conditions), review_rules(ctx)
    return Row(
        kind=kind,
        title=values.of(kind).title,
        conditions=conditions,
        open=is_open,
        state=state,
        proof=standing_one,
        left=left_of(ctx, standing_one),
        step=step_of(state, kind, is_open=is_open, renewable=values.renewable),
        days=values.of(kind).days,
    )


def the_one(proofs: Sequence[Proof]) -> Proof | None:
    """The proof a kind stands by: what is in review, then what is verified, then the last."""
    for state in ("submitted", "verified"):
        if found := [each for each in proofs if each.state == state]:
            return found[-1]
    return proofs[-1] if proofs else None


def step_of(state: str, kind: str, *, is_open: bool, renewable: Sequence[str]) -> str:
    """What can be done next about a kind."""
    if state == "submitted":
        return "await"
    if state == "verified":
        return "renew" if is_open and kind in renewable else ""
    if not is_open:
        return ""
    return "apply" if state == "none" else "again"


def left_of(ctx: Context, proof: Proof | None) -> Phrase | None:
    """How long a review still takes."""
    if proof is None or proof.state != "submitted":
        return None
    return countdown(to_epoch(ctx.now), to_epoch(proof.due_at))


def will_pass(ctx: Context, proof: Proof) -> bool:
    """Whether the review of what is handed in will verify it: its criteria alone decide (S3-review)."""
    review = review_rules(ctx, proof.submitted_at).of(proof.kind)
    return rules.accepted(rules.review(review, proof.details, len(proof.files), pt_day(proof.due_at)))


class Look(msgspec.Struct, frozen=True):
    """Everything the page of a proof shows; `why` without findings tells what will be looked at."""

    proof: Proof
    title: Mapping[str, str]
    left: Phrase | None
    why: Node
    events: Sequence[Event]
    details: Sequence[tuple[str, Any]]
    again: str


def look(ctx: Context, proof: Proof) -> Look:
    """The page of a proof, in five statements."""
    about = Event.object_kind == "proof", Event.object_id == proof.id
    same = Proof.merchant_id == ctx.merchant, Proof.kind == proof.kind
    siblings = ctx.session.scalars(select(Proof).where(*same).order_by(Proof.id)).all()
    row = _row(ctx, proof.kind, standing(ctx), siblings)
    return Look(
        proof=proof,
        title=row.title,
        left=left_of(ctx, proof),
        why=explained(ctx, proof),
        events=ctx.session.scalars(select(Event).where(*about).order_by(Event.at, Event.id)).all(),
        details=stated(ctx, proof),
        again=row.step if row.step in {"again", "renew"} else "",
    )


def called() -> dict[str, Any]:
    """What things that an application states are called: asks, options, and countries in both languages."""
    book = lines.standing().countries
    return {**words.ASK_WORDS, **{code: {"zh": each.zh, "en": each.en} for code, each in book.items()}}


def stated(ctx: Context, proof: Proof) -> list[tuple[str, Any]]:
    """What an application states: the name of each thing, and its value as a reader expects it."""
    found = []
    for ask in review_rules(ctx, proof.submitted_at).of(proof.kind).asks:
        value = proof.details.get(ask.name)
        found.append((words.ASK_WORDS[ask.name], rules.shown(ask, value, called())))
    return found


def explained(ctx: Context, proof: Proof) -> Node:
    """The verdict on a proof and its criteria; before it, what the review will find."""
    review = review_rules(ctx, proof.submitted_at).of(proof.kind)
    day = pt_day(proof.decided_at or proof.due_at)
    if proof.state in {"verified", "rejected"}:
        findings = [Finding(each["name"], each["passed"], each["have"]) for each in proof.findings]
        return rules.explain(review, findings, day, called())
    findings = rules.review(review, proof.details, len(proof.files), day)
    ahead = rules.explain(review, findings, day, called())
    text = (
        N_("In review until {at}; so far the criteria look like this")
        if proof.state == "submitted"
        else N_("Withdrawn before the review ended; the criteria looked like this")
    )
    return Node(text, {"at": proof.due_at}, rule="S3-review", children=ahead.children, outcome="note")


def cases(ctx: Context) -> list[EngineeringCase]:
    """The cases the store shows, the newest first."""
    mine = EngineeringCase.merchant_id == ctx.merchant, EngineeringCase.removed_at.is_(None)
    return list(ctx.session.scalars(select(EngineeringCase).where(*mine).order_by(EngineeringCase.id.desc())))


def file_of(ctx: Context, name: str) -> Mapping[str, Any] | None:
    """A file that the store's proofs or cases refer to, by its hash; None for any other."""
    for table in (Proof, EngineeringCase):
        for files in ctx.session.scalars(select(table.files).where(table.merchant_id == ctx.merchant)):
            for each in files:
                if each["hash"] == name:
                    found: Mapping[str, Any] = each
                    return found
    return None


def here(ctx: Context, files: Sequence[Mapping[str, Any]]) -> set[str]:
    """Which of these files the store beside the databases holds; an imported world may lack them."""
    if ctx.files is None:
        return set()
    return {each["hash"] for each in files if ctx.files.known(each["hash"]) is not None}


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """Reviews that ended."""
    ended = Proof.merchant_id == ctx.merchant, Proof.decided_at > since, Proof.decided_at <= until
    counts = dict(
        ctx.session.execute(select(Proof.state, func.count()).where(*ended).group_by(Proof.state)).all()
    )
    told = {
        "verified": N_("Proofs verified: {count}"),
        "rejected": N_("Proofs rejected: {count}"),
    }
    return [
        DigestLine(text, {"count": counts[state]}, "/verified")
        for state, text in told.items()
        if state in counts
    ]
