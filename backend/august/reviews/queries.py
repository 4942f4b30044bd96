"""What 评价管理 lists: reviews received, and reviews that buyers still owe."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, or_, select

from august.catalog.lines import standing as places
from august.catalog.models import Product
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.features import DigestLine, Hit
from august.kernel.words import N_
from august.merchants.models import Buyer
from august.reviews.commands import invitations, windows
from august.reviews.models import PendingReview, Review
from august.reviews.rules import DAY, LiftRules, MomentRules, closes, is_open, lift_of, moment_of
from august.reviews.saying import Said, said
from august.web.tables import Listing, Page

RECEIVED_FILTERS = ("stars", "replied", "invited", "product", "q")
PENDING_FILTERS = ("invited", "q")
RECEIVED_SORTS: Mapping[str, Any] = {"at": Review.at, "quality": Review.quality}
PENDING_SORTS: Mapping[str, Any] = {"received": PendingReview.received_at}
STARS = ("5", "4", "3", "2", "1")
# Stores see that a buyer is somebody worth it, not which tier exactly.
WORTHY = ("L1", "L2", "L3", "L4")
ID_DIGITS = 15  # what fits a BIGINT
HITS = 5
LOW_STARS = 3


class Who(msgspec.Struct, frozen=True):
    """A buyer as a store sees one; `label` is what the platform shows of the tier."""

    id: int
    name: str
    company: str
    country: dict[str, str]
    label: str


class What(msgspec.Struct, frozen=True):
    """The product an order was about."""

    id: int
    title: str
    image: str


class Received(msgspec.Struct, frozen=True):
    """A review as its card shows it; `reply_until` is None when no reply is possible."""

    id: int
    order: int
    at: datetime
    buyer: Who
    product: What
    quality: int
    service: int
    shipment: int
    text: Said
    keywords: Sequence[str]
    photos: Sequence[str]
    invited: bool
    counts: bool
    changed_at: datetime | None
    reply: str | None
    replied_at: datetime | None
    reply_until: datetime | None


class Awaited(msgspec.Struct, frozen=True):
    """An order whose buyer may still review it, with how good a moment it is to invite."""

    order: int
    buyer: Who
    product: What
    received_at: datetime
    until: datetime
    days: int
    moment: str
    lift: int
    invited_at: datetime | None
    invitation: str | None


class Shelf(msgspec.Struct, frozen=True):
    """A page of either list."""

    lines: Sequence[Any]
    page: Page


def moments(ctx: Context) -> MomentRules:
    """The numbers of V6 in force now."""
    values: MomentRules = ctx.rulebook.values("V6", ctx.now)
    return values


def lifts(ctx: Context) -> LiftRules:
    """The numbers of V6-lift in force now."""
    values: LiftRules = ctx.rulebook.values("V6-lift", ctx.now)
    return values


def who(ctx: Context, ids: Sequence[int]) -> dict[int, Who]:
    """Buyers by id, in one statement."""
    asked = select(Buyer.id, Buyer.name, Buyer.company, Buyer.country, Buyer.tier).where(
        Buyer.id.in_(set(ids))
    )
    book = places().countries
    return {
        number: Who(
            number,
            name,
            company,
            {"zh": book[country].zh, "en": book[country].en},
            "L1+" if tier in WORTHY else "L0" if tier == "L0" else "",
        )
        for number, name, company, country, tier in ctx.session.execute(asked)
    }


def what(ctx: Context, ids: Sequence[int]) -> dict[int, What]:
    """Products by id, in one statement."""
    asked = select(Product.id, Product.title, Product.images).where(Product.id.in_(set(ids)))
    return {
        number: What(number, title, images[0] if images else "")
        for number, title, images in ctx.session.execute(asked)
    }


def received(ctx: Context, asked: Listing) -> Shelf:
    """The store's reviews that the filters want, one page of them, in four statements."""
    wanted = _received_conditions(ctx, asked.filters)
    total = ctx.session.scalar(select(func.count()).select_from(Review).where(*wanted)) or 0
    page = asked.slice_of(total)
    key = RECEIVED_SORTS[asked.sort]
    rows = ctx.session.scalars(
        select(Review)
        .where(*wanted)
        .order_by(key.desc() if asked.descending else key.asc(), Review.id.desc())
        .limit(page.size)
        .offset(page.offset)
    ).all()
    buyers, products = who(ctx, [row.buyer_id for row in rows]), what(ctx, [row.product_id for row in rows])
    days = windows(ctx).reply_days
    return Shelf([_received(ctx, row, buyers, products, days) for row in rows], page)


def _received(
    ctx: Context, row: Review, buyers: Mapping[int, Who], products: Mapping[int, What], days: int
) -> Received:
    written = to_epoch(row.at)
    open_still = row.reply is None and is_open(written, days, to_epoch(ctx.now))
    return Received(
        id=row.id,
        order=row.order_id,
        at=row.at,
        buyer=buyers[row.buyer_id],
        product=products[row.product_id],
        quality=row.quality,
        service=row.service,
        shipment=row.shipment,
        text=said(row.text, row.params),
        keywords=row.keywords,
        photos=row.photos,
        invited=row.invited,
        counts=row.counts,
        changed_at=row.changed_at,
        reply=row.reply,
        replied_at=row.replied_at,
        reply_until=from_epoch(closes(written, days)) if open_still else None,
    )


def _received_conditions(ctx: Context, filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Review.merchant_id == ctx.merchant]
    if (stars := filters.get("stars", "")) in STARS:
        found.append(Review.quality == int(stars))
    replied = {"yes": Review.reply.is_not(None), "no": Review.reply.is_(None)}
    if (choice := filters.get("replied", "")) in replied:
        found.append(replied[choice])
    if (choice := filters.get("invited", "")) in {"yes", "no"}:
        found.append(Review.invited.is_(choice == "yes"))
    if _is_number(product := filters.get("product", "")):
        found.append(Review.product_id == int(product))
    if text := filters.get("q", ""):
        either: list[ColumnElement[bool]] = [Review.text.icontains(text, autoescape=True)]
        if _is_number(text):
            either.append(Review.order_id == int(text))
        found.append(or_(*either))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= ID_DIGITS


def reviewed_products(ctx: Context) -> Sequence[tuple[int, str]]:
    """The store's products that have reviews, for the filter."""
    has = select(Review.product_id).where(Review.merchant_id == ctx.merchant)
    asked = select(Product.id, Product.title).where(Product.id.in_(has)).order_by(Product.title)
    return [(number, title) for number, title in ctx.session.execute(asked)]


def unreplied(ctx: Context) -> int:
    """How many reviews of the store can still be replied to."""
    since = ctx.now - timedelta(days=windows(ctx).reply_days)
    mine = (Review.merchant_id == ctx.merchant, Review.reply.is_(None), Review.at > since)
    return ctx.session.scalar(select(func.count()).select_from(Review).where(*mine)) or 0


def _open(ctx: Context) -> list[ColumnElement[bool]]:
    """The store's awaited reviews whose time is not over."""
    since = ctx.now - timedelta(days=windows(ctx).write_days)
    return [PendingReview.merchant_id == ctx.merchant, PendingReview.received_at > since]


def pending_counts(ctx: Context) -> tuple[int, int]:
    """How many buyers may still review, and how many of them were not invited yet."""
    asked = select(func.count(), func.count(PendingReview.invited_at)).where(*_open(ctx))
    every, invited = ctx.session.execute(asked).one()
    return every, every - invited


def invitable(ctx: Context) -> tuple[int, int]:
    """How many buyers can be invited now, and how many more reviews that brings in hundredths (V6-lift)."""
    since = ctx.now - timedelta(days=invitations(ctx).invite_days)
    waiting = select(PendingReview.received_at).where(
        PendingReview.merchant_id == ctx.merchant,
        PendingReview.invited_at.is_(None),
        PendingReview.received_at > since,
    )
    passed = [to_epoch(ctx.now) - to_epoch(at) for at in ctx.session.scalars(waiting)]
    return len(passed), sum(lift_of(seconds, lifts(ctx)) for seconds in passed)


def pending(ctx: Context, asked: Listing) -> Shelf:
    """Orders whose buyers may still review them, the latest received first, in four statements."""
    wanted = _open(ctx)
    if (choice := asked.get("invited")) in {"yes", "no"}:
        invited = PendingReview.invited_at
        wanted.append(invited.is_not(None) if choice == "yes" else invited.is_(None))
    if _is_number(text := asked.get("q")):
        wanted.append(PendingReview.order_id == int(text))
    elif text:
        named = select(Buyer.id).where(
            or_(Buyer.name.icontains(text, autoescape=True), Buyer.company.icontains(text, autoescape=True))
        )
        wanted.append(PendingReview.buyer_id.in_(named))
    total = ctx.session.scalar(select(func.count()).select_from(PendingReview).where(*wanted)) or 0
    page = asked.slice_of(total)
    key = PENDING_SORTS[asked.sort]
    rows = ctx.session.scalars(
        select(PendingReview)
        .where(*wanted)
        .order_by(key.desc() if asked.descending else key.asc(), PendingReview.order_id)
        .limit(page.size)
        .offset(page.offset)
    ).all()
    buyers, products = who(ctx, [row.buyer_id for row in rows]), what(ctx, [row.product_id for row in rows])
    return Shelf([_awaited(ctx, row, buyers, products) for row in rows], page)


def _awaited(
    ctx: Context, row: PendingReview, buyers: Mapping[int, Who], products: Mapping[int, What]
) -> Awaited:
    start = to_epoch(row.received_at)
    passed = to_epoch(ctx.now) - start
    return Awaited(
        order=row.order_id,
        buyer=buyers[row.buyer_id],
        product=products[row.product_id],
        received_at=row.received_at,
        until=from_epoch(closes(start, invitations(ctx).invite_days)),
        days=passed // DAY,
        moment=moment_of(passed, moments(ctx)),
        lift=lift_of(passed, lifts(ctx)),
        invited_at=row.invited_at,
        invitation=row.invitation,
    )


def find(ctx: Context, text: str) -> list[Hit]:
    """The store's reviews by order number, words or product, for Ctrl-K."""
    words = text.strip()[:100]
    if ctx.actor.merchant is None or not words:
        return []
    either: list[ColumnElement[bool]] = [Product.title.icontains(words, autoescape=True)]
    if _is_number(words):
        either.append(Review.order_id == int(words))
    rows = ctx.session.execute(
        select(Review.order_id, Review.quality, Product.title)
        .join(Product, Product.id == Review.product_id)
        .where(Review.merchant_id == ctx.merchant, or_(*either))
        .order_by(Review.at.desc())
        .limit(HITS)
    )
    return [
        Hit(f"{order} · ★{stars} · {title}", N_("Review"), f"/reviews?q={order}")
        for order, stars, title in rows
    ]


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """The reviews a jump brought, and the buyers that can be invited since."""
    mine = (Review.merchant_id == ctx.merchant, Review.at > since, Review.at <= until)
    fresh = ctx.session.scalar(select(func.count()).select_from(Review).where(*mine)) or 0
    low = (
        ctx.session.scalar(select(func.count()).select_from(Review).where(*mine, Review.quality <= LOW_STARS))
        or 0
    )
    came = (PendingReview.received_at > since, PendingReview.received_at <= until)
    owed = _open(ctx)
    free = PendingReview.invited_at.is_(None)
    waiting = (
        ctx.session.scalar(select(func.count()).select_from(PendingReview).where(*owed, *came, free)) or 0
    )
    found = []
    if fresh:
        text = N_("New reviews: {count}, {low} of them with three stars or fewer")
        found.append(DigestLine(text, {"count": fresh, "low": low}, "/reviews"))
    if waiting:
        text = N_("Buyers to invite to a review: {count}")
        found.append(DigestLine(text, {"count": waiting}, "/reviews/pending"))
    return found
