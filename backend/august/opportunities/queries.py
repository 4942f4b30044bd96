"""What the list of conversations reads: filters, tabs with counts, the most urgent first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, and_, case, func, or_, select, type_coerce

from august.catalog import lines
from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.words import N_, Phrase
from august.merchants.models import Autopilot, Buyer, Staff
from august.opportunities import habits
from august.opportunities.measures import first_replies, window
from august.opportunities.models import Inquiry
from august.opportunities.rules import (
    HOUR,
    Waiting,
    hours_between,
    spell,
    waiting_for_buyer,
    waiting_for_store,
)
from august.opportunities.steps import ALIVE
from august.opportunities.words import KINDS, STATES, TURNS
from august.web.tables import Listing, Page

L1_PLUS = ("L1", "L2", "L3", "L4")
FILTERS = ("q", "state", "turn", "kind", "l1plus", "country", "product", "staff")
SORTS = ("urgent", "asked", "quantity", "buyer", "id")
ID_DIGITS = 15  # what fits a BIGINT
# A tab's name, its words, and the filters it stands for.
TABS: Sequence[tuple[str, str, Mapping[str, str]]] = (
    ("all", N_("All"), {}),
    ("mine", TURNS["seller"], {"turn": "seller"}),
    ("theirs", TURNS["buyer"], {"turn": "buyer"}),
    ("agreed", STATES["agreed"], {"state": "agreed"}),
    ("ordered", STATES["ordered"], {"state": "ordered"}),
    ("lost", STATES["lost"], {"state": "lost"}),
)
Names = Mapping[str, str]


class Tab(msgspec.Struct, frozen=True):
    """A tab of the list with how many conversations are under it."""

    name: str
    label: str
    filters: Mapping[str, str | None]
    count: int
    active: bool


class Line(msgspec.Struct, frozen=True):
    """A conversation as the list shows it; `waiting` is None once it has ended."""

    id: int
    kind: str
    source: str
    at: datetime
    age: Phrase
    last_at: datetime
    quantity: int
    unit: str
    state: str
    turn: str
    lost_why: str | None
    quote_cents: int | None
    order_id: int | None
    company: str
    country: Names
    country_code: str
    l1plus: bool
    product_id: int
    title: str
    image: str
    staff: Names | None
    staff_id: int | None
    waiting: Waiting | None

    @property
    def waited(self) -> Phrase | None:
        """How long whoever waits has waited."""
        return None if self.waiting is None else spell(self.waiting.hours)


class Found(msgspec.Struct, frozen=True):
    """A page of conversations."""

    lines: Sequence[Line]
    page: Page
    tabs: Sequence[Tab]
    staff: Mapping[int, Names]


@cache
def countries() -> Mapping[str, Names]:
    """The names of every country that buyers come from."""
    return {code: {"zh": each.zh, "en": each.en} for code, each in lines.standing().countries.items()}


def country_names(code: str) -> Names:
    """The names of a country; an unknown one is called by its code."""
    return countries().get(code, {"zh": code, "en": code})


def waiting(ctx: Context, inquiry: Inquiry) -> Waiting | None:
    """How long the one whose turn it is has let the other wait; None once it is over."""
    if inquiry.state not in ALIVE:
        return None
    deals = habits.standing().deals
    if inquiry.turn == "buyer":
        return waiting_for_buyer(ctx.now, inquiry.last_at, deals.answer)
    found = waiting_for_store(
        ctx.now, inquiry.last_at, deals.waits(inquiry.state), deals.quick, target_hours(ctx)
    )
    if inquiry.state == "agreed" and found.tone != "bad":
        return msgspec.structs.replace(found, label=Phrase(N_("waits for the order draft")))
    return found


def target_hours(ctx: Context) -> int:
    """The reply target in force (K2-reply)."""
    target: int = ctx.rulebook.values("K2-reply", ctx.now).target_hours
    return target


def inquiries(ctx: Context, asked: Listing, *conditions: ColumnElement[bool]) -> Found:
    """The store's conversations that the filters want, one page of them, in three statements."""
    own = [Inquiry.merchant_id == ctx.merchant, *conditions]
    # State and turn are the tabs' own; each tab counts what the other filters leave.
    others = {name: text for name, text in asked.filters.items() if name not in ("state", "turn")}
    counts = _counts(ctx, and_(*own, *_wanted(others)))
    tab = _tab_filters(asked)
    page = asked.slice_of(_under(counts, tab))
    rows = _joined(select(Inquiry, Buyer, Product.title, Product.images, Product.unit))
    rows = rows.where(*own, *_wanted(asked.filters))
    rows = rows.order_by(*_order(asked)).limit(page.size).offset(page.offset)
    names = staff_names(ctx)
    found = [
        _line(ctx, inquiry, buyer, (title, images, unit), names)
        for inquiry, buyer, title, images, unit in ctx.session.execute(rows)
    ]
    tabs = [
        Tab(
            name=name,
            label=label,
            filters={"state": filters.get("state"), "turn": filters.get("turn")},
            count=_under(counts, filters),
            active=tab == filters,
        )
        for name, label, filters in TABS
    ]
    return Found(found, page, tabs, names)


def _tab_filters(asked: Listing) -> dict[str, str]:
    """State and turn as asked for, when they make sense."""
    known = {"state": STATES, "turn": TURNS}
    return {name: asked.get(name) for name, options in known.items() if asked.get(name) in options}


def _counts(ctx: Context, wanted: ColumnElement[bool]) -> Sequence[Any]:
    """How many conversations there are by state and turn."""
    rows = _joined(select(Inquiry.state, Inquiry.turn, func.count())).where(wanted)
    found: Sequence[Any] = ctx.session.execute(rows.group_by(Inquiry.state, Inquiry.turn)).all()
    return found


def _under(counts: Sequence[Any], filters: Mapping[str, str]) -> int:
    return sum(
        count
        for state, turn, count in counts
        if filters.get("state", state) == state and filters.get("turn", turn) == turn
    )


def _joined(statement: Any) -> Any:
    """A statement over inquiries with their buyers and products."""
    return statement.join(Buyer, Buyer.id == Inquiry.buyer_id).join(Product, Product.id == Inquiry.product_id)


def _line(
    ctx: Context, inquiry: Inquiry, buyer: Buyer, product: tuple[str, Any, str], names: Mapping[int, Names]
) -> Line:
    title, images, unit = product
    return Line(
        id=inquiry.id,
        kind=inquiry.kind,
        source=inquiry.source,
        at=inquiry.at,
        age=spell(hours_between(inquiry.at, ctx.now)),
        last_at=inquiry.last_at,
        quantity=inquiry.quantity,
        unit=unit,
        state=inquiry.state,
        turn=inquiry.turn,
        lost_why=inquiry.lost_why,
        quote_cents=inquiry.quote_cents,
        order_id=inquiry.order_id,
        company=buyer.company,
        country=country_names(buyer.country),
        country_code=buyer.country,
        l1plus=buyer.tier in L1_PLUS,
        product_id=inquiry.product_id,
        title=title,
        image=images[0] if images else "",
        staff=names.get(inquiry.staff_id or 0),
        staff_id=inquiry.staff_id,
        waiting=waiting(ctx, inquiry),
    )


def number(text: str) -> int | None:
    """A whole number as typed; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS else None


def _wanted(filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """The conditions of the filters; a value that makes no sense filters nothing."""
    found: list[ColumnElement[bool]] = []
    if text := filters.get("q", ""):
        found.append(matching(text))
    for name, column, options in (
        ("state", Inquiry.state, STATES),
        ("turn", Inquiry.turn, TURNS),
        ("kind", Inquiry.kind, KINDS),
        ("country", Buyer.country, countries()),
    ):
        if (value := filters.get(name, "")) in options:
            found.append(column == value)
    if (tag := filters.get("l1plus", "")) in ("yes", "no"):
        tagged = Buyer.tier.in_(L1_PLUS)
        found.append(tagged if tag == "yes" else ~tagged)
    if (product := number(filters.get("product", ""))) is not None:
        found.append(Inquiry.product_id == product)
    if (staff := filters.get("staff", "")) == "none":
        found.append(Inquiry.staff_id.is_(None))
    elif (assigned := number(staff)) is not None:
        found.append(Inquiry.staff_id == assigned)
    return found


def matching(text: str) -> ColumnElement[bool]:
    """Conversations whose buyer, product or number is meant by the words."""
    either: list[ColumnElement[bool]] = [
        Buyer.company.icontains(text, autoescape=True),
        Buyer.name.icontains(text, autoescape=True),
        Product.title.icontains(text, autoescape=True),
    ]
    if (meant := number(text)) is not None:
        either.append(Inquiry.id == meant)
    return or_(*either)


def _order(asked: Listing) -> list[ColumnElement[Any]]:
    """The sort; urgent is whose buyer may leave first, then who answers, then what has ended."""
    keys: Mapping[str, tuple[ColumnElement[Any], ...]] = {
        "urgent": urgent(),
        "asked": (type_coerce(Inquiry.at, BigInteger),),
        "quantity": (type_coerce(Inquiry.quantity, BigInteger),),
        "buyer": (func.lower(Buyer.company),),
        "id": (),
    }
    ties = (type_coerce(Inquiry.id, BigInteger),)
    return [key.desc() if asked.descending else key.asc() for key in (*keys[asked.sort], *ties)]


def urgent() -> tuple[ColumnElement[Any], ...]:
    """Sort keys: the store's turn by the first instant at which the buyer may leave, then the newest."""
    deals = habits.standing().deals
    last = type_coerce(Inquiry.last_at, BigInteger)
    mine = Inquiry.turn == "seller"
    return (
        case((mine, 0), (Inquiry.turn == "buyer", 1), else_=2),
        case(
            (and_(mine, Inquiry.state == "agreed"), last + int(deals.waits("agreed")[0] * HOUR)),
            (mine, last + int(deals.waits("open")[0] * HOUR)),
            else_=-last,
        ),
    )


def staff_names(ctx: Context) -> dict[int, Names]:
    """The store's sub-accounts."""
    rows = select(Staff).where(Staff.merchant_id == ctx.merchant).order_by(Staff.id)
    return {each.id: {"zh": each.name_zh, "en": each.name_en} for each in ctx.session.scalars(rows)}


def answers_itself(ctx: Context) -> bool:
    """Whether an autopilot does the store's answering (K3)."""
    return ctx.session.get(Autopilot, (ctx.merchant, "reply")) is not None


def asked_products(ctx: Context) -> list[tuple[int, str]]:
    """The products that were ever asked about, by title."""
    about = select(Inquiry.product_id).where(Inquiry.merchant_id == ctx.merchant)
    rows = select(Product.id, Product.title).where(Product.id.in_(about)).order_by(Product.title, Product.id)
    return [(product, title) for product, title in ctx.session.execute(rows)]


class Service(msgspec.Struct, frozen=True):
    """How the store answers: the average of 30 days, how many waited in vain, how many wait now."""

    hours: float | None
    replies: int
    target: int
    ignored: int
    waiting: int
    overdue: int

    @property
    def average(self) -> Phrase | None:
        """The average reply time as it is said."""
        return None if self.hours is None else spell(self.hours)

    @property
    def tone(self) -> str:
        """Whether the average keeps the target (K2-reply)."""
        if self.hours is None:
            return ""
        return "good" if self.hours <= self.target else "bad"


def service(ctx: Context) -> Service:
    """The store's service figures, in three statements."""
    seconds, count = first_replies(ctx, ctx.merchant).get(ctx.merchant, (0, 0))
    span = window(ctx)
    mine = Inquiry.merchant_id == ctx.merchant
    ignored = (
        mine,
        Inquiry.lost_why == "ignored",
        Inquiry.last_at >= span.start,
        Inquiry.last_at < span.end,
    )
    open_ones = ctx.session.scalars(select(Inquiry).where(mine, Inquiry.turn == "seller")).all()
    tones = [found.tone for each in open_ones if (found := waiting(ctx, each)) is not None]
    return Service(
        hours=seconds / count / HOUR if count else None,
        replies=count,
        target=target_hours(ctx),
        ignored=ctx.session.scalar(select(func.count(Inquiry.id)).where(*ignored)) or 0,
        waiting=len(tones),
        overdue=sum(tone in ("middle", "bad") for tone in tones),
    )
