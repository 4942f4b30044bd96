"""OA 赊销: the store's OA orders with their due dates, and the credit of their buyers (F1-oa)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import BigInteger, ColumnElement, case, func, select, type_coerce

from august.catalog.models import Product
from august.finance.rules import OaRules
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.trade.models import Order
from august.trade.rules import DAY, countdown
from august.trade.steps import PAID
from august.web.tables import Listing, Page

ID_DIGITS = 15
STATES: Mapping[str, str] = {
    "unshipped": N_("Not shipped yet"),
    "running": N_("Running"),
    "soon": N_("Due soon"),
    "overdue": N_("Overdue"),
    "paid": N_("Paid"),
    "closed": N_("Closed"),
}
# A store is not told of tiers beyond L1+ (00-world, Buyers), only whether a buyer has credit.
CREDITS: Mapping[str, str] = {"with": N_("With OA credit"), "without": N_("Without OA credit")}
RUNNING = ("running", "soon", "overdue")
SORTS = ("due", "id", "total", "rest")
FILTERS = ("q", "state", "credit")


class Credit(msgspec.Struct, frozen=True):
    """The credit of a buyer in cents: the limit, and what unpaid OA orders everywhere use of it."""

    limit: int
    used: int

    @property
    def left(self) -> int:
        """What is left of the limit."""
        return max(0, self.limit - self.used)

    @property
    def covered(self) -> bool:
        """Whether the limit holds all that is owed."""
        return 0 < self.limit >= self.used


class OaLine(msgspec.Struct, frozen=True):
    """An OA order of the store."""

    order: Order
    company: str
    title: str
    state: str
    due: datetime | None
    left: Phrase | None
    credit: Credit

    @property
    def owing(self) -> bool:
        """Whether something is still to be paid."""
        return self.state not in {"paid", "closed"}

    @property
    def rest(self) -> int:
        """What is still to be paid, in cents."""
        return self.order.total_cents - self.order.paid_cents


class OaTable(msgspec.Struct, frozen=True):
    """A page of OA orders, how many there are in each state, and what is owed, in US cents."""

    lines: Sequence[OaLine]
    page: Page
    counts: Mapping[str, int]
    owed: Mapping[str, int]

    @property
    def total(self) -> int:
        """All OA orders of the store."""
        return sum(self.counts.values())

    @property
    def owing(self) -> int:
        """How many have left and are not paid."""
        return sum(self.counts[state] for state in RUNNING)

    @property
    def owing_cents(self) -> int:
        """What these owe."""
        return sum(self.owed[state] for state in RUNNING)


def oa_rules(ctx: Context) -> OaRules:
    """The numbers of F1-oa in force."""
    values: OaRules = ctx.rulebook.values("F1-oa", ctx.now)
    return values


def _due() -> ColumnElement[int]:
    return type_coerce(Order.shipped_at, BigInteger) + Order.oa_days * DAY


def oa_states(ctx: Context) -> dict[str, ColumnElement[bool]]:
    """What puts an OA order into each state; together they are all of them, each once."""
    now, soon = to_epoch(ctx.now), to_epoch(ctx.now) + oa_rules(ctx).soon_days * DAY
    paid, closed = Order.paid_cents >= Order.total_cents, Order.state == "cancelled"
    owing = ~paid & ~closed
    gone = owing & Order.shipped_at.is_not(None)
    return {
        "unshipped": owing & Order.shipped_at.is_(None),
        "running": gone & (_due() > soon),
        "soon": gone & (_due() <= soon) & (_due() >= now),
        "overdue": gone & (_due() < now),
        "paid": paid & ~closed,
        "closed": closed,
    }


def oa_orders(ctx: Context, asked: Listing) -> OaTable:
    """The store's OA orders with limits and due dates, in four statements."""
    states = oa_states(ctx)
    mine = Order.merchant_id == ctx.merchant, Order.terms == "oa"
    rest = Order.total_cents - Order.paid_cents
    sums = [func.count().filter(where) for where in states.values()]
    owed = [func.coalesce(func.sum(rest).filter(where), 0) for where in states.values()]
    numbers = [int(each) for each in ctx.session.execute(select(*sums, *owed).where(*mine)).one()]
    wanted: list[ColumnElement[bool]] = list(mine)
    if (state := asked.get("state")) in states:
        wanted.append(states[state])
    if (credit := asked.get("credit")) in CREDITS:
        known = Buyer.tier.in_(list(oa_rules(ctx).percent))
        wanted.append(known if credit == "with" else ~known)
    if text := asked.get("q"):
        either = Buyer.company.icontains(text, autoescape=True)
        numbered = text.isascii() and text.isdigit() and len(text) <= ID_DIGITS
        wanted.append(either | (Order.id == int(text)) if numbered else either)
    joined = (
        select(Order, Buyer, Product.title)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .join(Product, Product.id == Order.product_id)
        .where(*wanted)
    )
    total = ctx.session.scalar(joined.with_only_columns(func.count())) or 0
    page = asked.slice_of(total)
    key = {"due": _due(), "id": Order.id, "total": Order.total_cents, "rest": rest}[asked.sort]
    order = (key.desc() if asked.descending else key.asc()).nulls_last()
    # What is paid or closed has no due date worth looking at any more.
    done = (Order.paid_cents >= Order.total_cents) | (Order.state == "cancelled")
    first = (case((done, 1), else_=0),) if asked.sort == "due" else ()
    shown = joined.order_by(*first, order, Order.id.desc()).limit(page.size).offset(page.offset)
    found = ctx.session.execute(shown).all()
    used = used_by(ctx, [row[0].buyer_id for row in found])
    lines = [_oa_line(ctx, *row, used=used.get(row[0].buyer_id, 0)) for row in found]
    half = len(states)
    return OaTable(
        lines,
        page,
        dict(zip(states, numbers[:half], strict=True)),
        dict(zip(states, numbers[half:], strict=True)),
    )


def used_by(ctx: Context, buyers: Sequence[int]) -> dict[int, int]:
    """What buyers owe on OA orders of all stores, in cents by buyer."""
    owing = Order.terms == "oa", Order.state.in_(PAID), Order.buyer_id.in_(sorted(set(buyers)))
    rest = func.sum(Order.total_cents - Order.paid_cents)
    found = ctx.session.execute(select(Order.buyer_id, rest).where(*owing).group_by(Order.buyer_id))
    return {buyer: int(cents) for buyer, cents in found}


def credit_of(ctx: Context, buyer: Buyer) -> Credit:
    """A buyer's OA credit."""
    limit = oa_rules(ctx).limit(buyer.tier, buyer.yearly_purchases_cents)
    return Credit(limit, used_by(ctx, [buyer.id]).get(buyer.id, 0))


def _oa_line(ctx: Context, order: Order, buyer: Buyer, title: str, *, used: int) -> OaLine:
    now, soon = to_epoch(ctx.now), oa_rules(ctx).soon_days * DAY
    due = None if order.shipped_at is None else to_epoch(order.shipped_at) + (order.oa_days or 0) * DAY
    owing = order.paid_cents < order.total_cents and order.state != "cancelled"
    state = "closed" if order.state == "cancelled" else "paid"
    if owing:
        state = "unshipped"
        if due is not None:
            state = "overdue" if due < now else "soon" if due <= now + soon else "running"
    limit = oa_rules(ctx).limit(buyer.tier, buyer.yearly_purchases_cents)
    return OaLine(
        order,
        buyer.company,
        title,
        state,
        None if due is None else from_epoch(due),
        countdown(now, due) if owing and due is not None else None,
        Credit(limit, used),
    )
