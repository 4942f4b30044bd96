"""What benefits a store has, could have, and how much is left of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from august.benefits.models import Grant
from august.benefits.rules import (
    Benefit,
    BenefitRules,
    Decision,
    Facts,
    OpportunityRules,
    ScoreRules,
    StockRules,
    Times,
    WindowRules,
    judge,
    left_of,
    sells_out,
    times_of,
)
from august.kernel.clock import SECOND
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.plain import plain
from august.merchants.models import Merchant
from august.stars.models import Evaluation
from august.web.tables import Listing, Page

SORTS = {"at": Grant.issued_at, "until": Grant.valid_until, "state": Grant.state}
FILTERS = ("state", "month")
OPEN = ("issued", "claimed", "active")


def catalogue(ctx: Context, at: datetime | None = None) -> dict[str, Benefit]:
    """The table of S7 in force, by code."""
    values: BenefitRules = ctx.rulebook.values("S7", at or ctx.now)
    return {each.code: each for each in values.benefits}


def windows(ctx: Context) -> WindowRules:
    """The numbers of S7-windows in force now."""
    values: WindowRules = ctx.rulebook.values("S7-windows", ctx.now)
    return values


def stocks(ctx: Context) -> StockRules:
    """The numbers of S7-stock in force now."""
    values: StockRules = ctx.rulebook.values("S7-stock", ctx.now)
    return values


def scores(ctx: Context) -> OpportunityRules:
    """The numbers of S7-opportunities in force now."""
    values: OpportunityRules = ctx.rulebook.values("S7-opportunities", ctx.now)
    return values


def service_score(_ctx: Context, _merchant: int, _month: str) -> int | None:
    """A store's RFQ service score of a month in hundredths; None without RFQs in it."""
    # The room of RFQs answers here once there is one; until then nobody has a history.
    return None


@dataclass(frozen=True)
class Standing:
    """A store's published star with everything benefits depend on; no star before its first evaluation."""

    month: str
    times: Times
    facts: Facts


def facts_of(ctx: Context, merchant: int, star: int, month: str) -> Facts:
    """What the benefits of one publication depend on: star before, membership as it stood, service score."""
    published = times_of(month, windows(ctx)).published
    before = ctx.session.scalar(
        select(Evaluation.star)
        .where(Evaluation.merchant_id == merchant, Evaluation.month < month)
        .order_by(Evaluation.month.desc())
        .limit(1)
    )
    asked = select(Merchant.membership, Merchant.member_until).where(Merchant.id == merchant)
    membership, until = ctx.session.execute(asked).one()
    known = service_score(ctx, merchant, month)
    without: ScoreRules = ctx.rulebook.values("S7-service-score", ctx.now)
    return Facts(
        star=star,
        before=before,
        membership=membership if published < until else "none",
        score=without.without_history if known is None else known,
        assumed=known is None,
    )


def standing(ctx: Context) -> Standing | None:
    """The acting store's latest published evaluation and what follows from it, in three statements."""
    row = ctx.session.execute(
        select(Evaluation.month, Evaluation.star)
        .where(Evaluation.merchant_id == ctx.merchant, Evaluation.published_at <= ctx.now)
        .order_by(Evaluation.month.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    facts = facts_of(ctx, ctx.merchant, row.star, row.month)
    return Standing(row.month, times_of(row.month, windows(ctx)), facts)


def decisions(ctx: Context, here: Standing) -> dict[str, Decision]:
    """Every benefit of the table judged for a standing, by code."""
    rules = scores(ctx)
    found = catalogue(ctx, here.times.published)
    return {code: judge(each, here.facts, rules) for code, each in found.items()}


def mine(ctx: Context, month: str) -> list[Grant]:
    """What the store has or may claim: of this publication, and what lasts longer; the table's order."""
    asked = select(Grant).where(
        Grant.merchant_id == ctx.merchant, (Grant.month == month) | Grant.state.in_(OPEN)
    )
    order = {code: place for place, code in enumerate(catalogue(ctx))}
    found = ctx.session.scalars(asked).all()
    waiting = {"issued": 0, "claimed": 1}
    return sorted(found, key=lambda one: (waiting.get(one.state, 2), order.get(one.code, 0), one.month))


def holding(ctx: Context, code: str) -> Grant | None:
    """The acting store's grant of a code that can be used at this instant; for campaigns, RFQs and others."""
    return ctx.session.scalars(
        select(Grant)
        .where(
            Grant.merchant_id == ctx.merchant,
            Grant.code == code,
            Grant.state.in_(("claimed", "active")),
            Grant.valid_from <= ctx.now,
            Grant.valid_until > ctx.now,
        )
        .order_by(Grant.month.desc())
        .limit(1)
    ).one_or_none()


def issued(ctx: Context, code: str, month: str) -> Grant | None:
    """What the acting store was issued of a code by a month's evaluation."""
    asked = select(Grant).where(Grant.merchant_id == ctx.merchant, Grant.code == code, Grant.month == month)
    return ctx.session.scalars(asked).one_or_none()


@dataclass(frozen=True)
class Shelf:
    """A page of grants."""

    grants: Sequence[Grant]
    page: Page


def history(ctx: Context, asked: Listing) -> Shelf:
    """Everything the store was ever issued."""
    wanted = [Grant.merchant_id == ctx.merchant]
    if state := asked.get("state"):
        wanted.append(Grant.state == state)
    if month := asked.get("month"):
        wanted.append(Grant.month == month)
    total = ctx.session.scalar(select(func.count()).select_from(Grant).where(*wanted)) or 0
    page = asked.slice_of(total)
    key = SORTS[asked.sort]
    rows = (
        select(Grant)
        .where(*wanted)
        .order_by(key.desc() if asked.descending else key.asc(), Grant.id)
        .limit(page.size)
        .offset(page.offset)
    )
    return Shelf(ctx.session.scalars(rows).all(), page)


@dataclass(frozen=True)
class Pile:
    """A month's stock of a benefit: all, what is left now, and when less than a share of it is left."""

    code: str
    stock: int
    left: int
    until: datetime | None

    @property
    def last(self) -> datetime | None:
        """The last second at which a share is to be had; None when that never ends."""
        return None if self.until is None else self.until - SECOND


def claimed(ctx: Context, month: str) -> dict[str, int]:
    """How much this world's stores have claimed of each stock of a month."""
    asked = (
        select(Grant.code, func.sum(Grant.quantity))
        .where(Grant.month == month, Grant.claimed_at.is_not(None), Grant.code.in_(stocks(ctx).stock))
        .group_by(Grant.code)
    )
    return {code: int(total or 0) for code, total in ctx.session.execute(asked)}


def piles(ctx: Context, month: str, shares: Mapping[str, int]) -> dict[str, Pile]:
    """The stocks of a month by code; `shares` is how much a store would take of each (S7-stock)."""
    rules, gone = stocks(ctx), claimed(ctx, month)
    published = to_epoch(times_of(month, windows(ctx)).published)
    passed = to_epoch(ctx.now) - published
    found = {}
    for code, stock in rules.stock.items():
        end = sells_out(code, shares.get(code, 1), gone.get(code, 0), rules)
        found[code] = Pile(
            code,
            stock,
            left_of(code, passed, gone.get(code, 0), rules),
            None if end is None else from_epoch(published + end),
        )
    return found


def to_claim(ctx: Context) -> tuple[int, datetime | None]:
    """How many benefits the store can claim now, and when the first is over or gone, in two statements."""
    table = plain(Grant)
    asked = select(table.c.code, table.c.month, table.c.quantity, table.c.valid_until).where(
        table.c.merchant_id == ctx.merchant,
        table.c.state == "issued",
        table.c.valid_until > to_epoch(ctx.now),
    )
    rows = ctx.session.execute(asked).all()
    latest = max((row.month for row in rows), default="")
    found = piles(ctx, latest, {row.code: row.quantity for row in rows}) if latest else {}
    ends = []
    for row in rows:
        pile = found.get(row.code)
        if pile is None:
            ends.append(from_epoch(int(row.valid_until)))
        elif pile.left >= row.quantity:
            until = from_epoch(int(row.valid_until))
            ends.append(until if pile.until is None else min(until, pile.until))
    return len(ends), min(ends, default=None)


def counts(ctx: Context, column: Any, since: datetime, until: datetime, *states: str) -> int:
    """How many of the store's grants had an instant after `since`, up to `until`, in some states."""
    asked = select(func.count()).where(
        Grant.merchant_id == ctx.merchant, column > since, column <= until, Grant.state.in_(states)
    )
    return ctx.session.scalar(asked) or 0
