"""What the pages of refund disputes read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select

from august.catalog.models import Product
from august.integrity import steps
from august.integrity.commands import party_dispute
from august.integrity.models import Dispute
from august.integrity.rules import DisputeTerms, contradicted, dispute_terms, liable_now, why_liable
from august.integrity.words import REASONS
from august.kernel.bulk import row_of
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.explain import Node, money
from august.kernel.features import DigestLine, Hit
from august.kernel.tables import Event
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.trade.detail import Client, Entry, client, entry, events_of
from august.trade.models import Order
from august.trade.rules import countdown

FILTERS = ("q", "state", "reason", "liable")
SORTS: Mapping[str, Any] = {
    "opened": Dispute.opened_at,
    "deadline": Dispute.deadline,
    "claim": Dispute.claim_cents,
    "id": Dispute.id,
}
STATE_TONES: Mapping[str, str] = {"opened": "bad", "negotiating": "middle", "arbitration": "middle"}
SELLER_STEPS = ("remind", "offer", "explain", "accept")
ANSWERS = ("integrity.offer", "integrity.remind", "integrity.explain")
COMING: Mapping[str, tuple[str, ...]] = {
    "opened": ("negotiating", "arbitration", "decided"),
    "negotiating": ("arbitration", "decided"),
    "arbitration": ("decided",),
}
DIGITS_MOST = 15  # what fits a BIGINT
HITS = 4


class Line(msgspec.Struct, frozen=True):
    """A refund request as the table shows it; money in US cents; `wrong` when dates contradict the reason."""

    id: int
    order: int
    company: str
    title: str
    reason: str
    claim_cents: int
    offer_cents: int | None
    refund_cents: int | None
    state: str
    turn: str
    opened_at: datetime
    deadline: datetime | None
    left: Phrase | None
    liable: bool
    settled: bool
    wrong: bool


class Table(msgspec.Struct, frozen=True):
    """A page of the table."""

    lines: Sequence[Line]
    page: Any
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All refund requests against the store."""
        return sum(self.counts.values())


def table(ctx: Context, asked: Any) -> Table:
    """The requests that the filters want, one page of them, in three statements."""
    joined = select(Dispute, Order, Buyer.company, Product.title).join(Order, Order.id == Dispute.order_id)
    joined = joined.join(Buyer, Buyer.id == Dispute.buyer_id).join(Product, Product.id == Dispute.product_id)
    wanted = and_(*conditions(ctx, asked.filters))
    page = asked.slice_of(ctx.session.scalar(joined.with_only_columns(func.count()).where(wanted)) or 0)
    key = SORTS[asked.sort]
    order = (key.desc() if asked.descending else key.asc()).nulls_last()
    shown = joined.where(wanted).order_by(order, Dispute.id).limit(page.size).offset(page.offset)
    return Table([_line(ctx, *row) for row in ctx.session.execute(shown)], page, state_counts(ctx))


def _line(ctx: Context, dispute: Dispute, order: Order, company: str, title: str) -> Line:
    row, now = row_of(dispute), to_epoch(ctx.now)
    settled = dispute.settled_at is not None
    return Line(
        id=dispute.id,
        order=dispute.order_id,
        company=company,
        title=title,
        reason=dispute.reason,
        claim_cents=dispute.claim_cents,
        offer_cents=dispute.offer_cents,
        refund_cents=dispute.refund_cents,
        state=dispute.state,
        turn=steps.STATES[dispute.state].turn,
        opened_at=dispute.opened_at,
        deadline=dispute.deadline,
        left=None if row["deadline"] is None else countdown(now, row["deadline"]),
        liable=liable_now(row),
        settled=settled,
        wrong=not settled and contradicted(row, row_of(order)),
    )


def state_counts(ctx: Context) -> dict[str, int]:
    """How many requests against the store stand in each state."""
    mine = Dispute.merchant_id == ctx.merchant
    asked = select(Dispute.state, func.count()).where(mine).group_by(Dispute.state)
    return dict(ctx.session.execute(asked).all())


def conditions(ctx: Context, filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """What the filters mean; unknown values are left aside."""
    found: list[ColumnElement[bool]] = [Dispute.merchant_id == ctx.merchant]
    if text := filters.get("q", ""):
        either: list[ColumnElement[bool]] = [
            column.icontains(text, autoescape=True) for column in (Buyer.company, Buyer.name, Product.title)
        ]
        if text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST:
            either += [Dispute.id == int(text), cast(Dispute.order_id, String).startswith(text)]
        found.append(or_(*either))
    if (state := filters.get("state", "")) in steps.STATES:
        found.append(Dispute.state == state)
    if (reason := filters.get("reason", "")) in REASONS:
        found.append(Dispute.reason == reason)
    if (liable := filters.get("liable", "")) in {"yes", "no"}:
        found.append(Dispute.seller_liable.is_(liable == "yes"))
    return found


class Stage(msgspec.Struct, frozen=True):
    """A state on the request's way: done, now, next or broken; since when, where that is known."""

    state: str
    label: str
    mark: str
    at: datetime | None


class Look(msgspec.Struct, frozen=True):
    """Everything the page of a refund request shows."""

    dispute: Dispute
    order: Order
    product: Product
    client: Client
    stages: Sequence[Stage]
    turn: str
    hint: Phrase | None
    left: Phrase | None
    wrong: bool
    liable: bool
    why: Node
    entries: Sequence[Entry]
    can: Sequence[str]


def look(ctx: Context, dispute: Dispute) -> Look:
    """The page of a refund request, in five statements."""
    row, now = row_of(dispute), to_epoch(ctx.now)
    order = ctx.session.get_one(Order, dispute.order_id)
    events = events_of(ctx, "dispute", dispute.id)
    terms = dispute_terms(ctx.rulebook, ctx.now)
    state = steps.STATES[dispute.state]
    return Look(
        dispute=dispute,
        order=order,
        product=ctx.session.get_one(Product, dispute.product_id),
        client=client(ctx, dispute.buyer_id),
        stages=stages(dispute, events),
        turn=state.turn,
        hint=Phrase(state.hint, {"days": days_of(dispute.state, terms)}) if state.hint else None,
        left=None if row["deadline"] is None else countdown(now, row["deadline"]),
        wrong=dispute.settled_at is None and contradicted(row, row_of(order)),
        liable=liable_now(row),
        why=why_liable(row, row_of(order)),
        entries=[entry(event) for event in events],
        can=[step for step in SELLER_STEPS if steps.allowed(step, row, now)],
    )


def days_of(state: str, terms: DisputeTerms) -> int:
    """How long a state may last, 0 where no deadline is set."""
    return {"opened": terms.answer_days, "negotiating": terms.negotiation_days}.get(state, 0)


def stages(dispute: Dispute, events: Sequence[Event]) -> list[Stage]:
    """The way of the request: what it really walked, where it is, what may come."""
    answered = next((event.at for event in events if event.kind in ANSWERS), None)
    escalated = next((event.at for event in events if event.kind == "integrity.escalate"), None)
    began = {"opened": dispute.opened_at, "negotiating": answered, "arbitration": escalated}
    state, over = dispute.state, dispute.settled_at is not None
    walked = ["opened"]
    if answered is not None or state == "negotiating":
        walked.append("negotiating")
    if state in {"arbitration", "decided"}:
        walked.append("arbitration")
    if over:
        walked.append(state)
    here = began.get(state) or dispute.settled_at or dispute.since
    done = [_stage(each, "done", began.get(each)) for each in walked[:-1]]
    last = _stage(state, "done" if over else "now", here)
    return [*done, last, *(_stage(each, "next", None) for each in COMING.get(state, ()))]


def _stage(state: str, mark: str, at: datetime | None) -> Stage:
    return Stage(state, steps.STATES[state].label, mark, at)


def why(ctx: Context, key: str) -> Node:
    """Who is liable: `dispute/{request}`."""
    known = key.isascii() and key.isdigit() and len(key) <= DIGITS_MOST
    dispute = party_dispute(ctx, int(key) if known else 0)
    return why_liable(row_of(dispute), row_of(ctx.session.get_one(Order, dispute.order_id)))


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """Refund requests opened and settled."""
    mine = Dispute.merchant_id == ctx.merchant
    came = select(func.count()).where(mine, Dispute.opened_at > since, Dispute.opened_at <= until)
    ended = mine, Dispute.settled_at > since, Dispute.settled_at <= until
    gone = select(func.count(), func.sum(Dispute.refund_cents)).where(*ended)
    liable = select(func.count()).where(*ended, Dispute.seller_liable.is_(True))
    settled, refunded = ctx.session.execute(gone).one()
    found = (
        (ctx.session.scalar(came) or 0, N_("Refund requests opened: {count}"), "/disputes?state=opened"),
        (settled, N_("Refund requests settled: {count}, {amount} paid back"), "/disputes"),
        (
            ctx.session.scalar(liable) or 0,
            N_("Refund requests you are liable for: {count}"),
            "/disputes?liable=yes",
        ),
    )
    amount = money(int(refunded or 0), "USD")
    return [
        DigestLine(text, {"count": count, "amount": amount} if "{amount}" in text else {"count": count}, path)
        for count, text, path in found
        if count
    ]


def find(ctx: Context, text: str) -> list[Hit]:
    """Refund requests by the number of their order or their own, for Ctrl-K."""
    words = text.strip()
    if ctx.actor.merchant is None or not words.isascii() or not words.isdigit() or len(words) > DIGITS_MOST:
        return []
    number = int(words)
    rows = ctx.session.execute(
        select(Dispute.id, Buyer.company)
        .join(Buyer, Buyer.id == Dispute.buyer_id)
        .where(Dispute.merchant_id == ctx.merchant, or_(Dispute.id == number, Dispute.order_id == number))
        .order_by(Dispute.id.desc())
        .limit(HITS)
    )
    return [Hit(f"{each} · {company}", N_("Refund request"), f"/disputes/{each}") for each, company in rows]
