"""大促报名 as its page and the JSON API tell it: the store's products and where each stands to the venue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.features import DigestLine
from august.kernel.tables import LARGEST_ID, Event
from august.kernel.words import N_, Phrase
from august.trade.rules import countdown
from august.venue import campaign
from august.venue.admission import WORDS
from august.venue.enrolment import Judge, Judged
from august.venue.models import Enrolment
from august.web.tables import Listing, Page

Place = Literal["inside", "ready", "failing", "left", "ordered"]
PLACES: Mapping[Place, str] = {
    "inside": N_("In the venue"),
    "ready": N_("Can enrol"),
    "failing": N_("Conditions missing"),
    "left": N_("Left the venue"),
    "ordered": N_("Made to order"),
}
TONES: Mapping[Place, str] = {
    "inside": "good",
    "ready": "accent",
    "failing": "middle",
    "left": "",
    "ordered": "",
}
FILTERS = ("place", "q")
SORTS = ("place", "title", "quality", "price")
ORDER = tuple(PLACES)


@dataclass(frozen=True)
class Line:
    """A product of the list: fully judged, and where it stands."""

    judged: Judged
    place: Place

    @property
    def why_left(self) -> Sequence[str]:
        """The names of the conditions for which the platform took it out."""
        row = self.judged.row
        return [WORDS[code] for code in (row.why or ())] if row is not None and row.state == "removed" else []


@dataclass(frozen=True)
class Shelf:
    """A page of the store's products, and how many stand where."""

    lines: Sequence[Line]
    page: Page
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Clock:
    """Where the festival stands: coming, running or over, and how long until that changes."""

    phase: Literal["coming", "running", "over"]
    start: datetime
    last: datetime
    left: Phrase | None


def clock(ctx: Context) -> Clock:
    """The countdown to the opening, then to the close."""
    window = campaign.window(ctx)
    now = to_epoch(ctx.now)
    if ctx.now < window.start:
        return Clock("coming", window.start, window.last_second, countdown(now, to_epoch(window.start)))
    if ctx.now < window.end:
        return Clock("running", window.start, window.last_second, countdown(now, to_epoch(window.end)))
    return Clock("over", window.start, window.last_second, None)


def shelf(ctx: Context, asked: Listing) -> Shelf:
    """The store's products on sale and those that are or were in the venue, in six statements."""
    judge = Judge(ctx)
    mine = select(Product).where(
        Product.merchant_id == ctx.merchant, (Product.status == "on_sale") | Product.id.in_(list(judge.rows))
    )
    if text := asked.get("q"):
        mine = mine.where(Product.title.icontains(text, autoescape=True))
    found = [(product, _place(judge, product)) for product in ctx.session.scalars(mine.order_by(Product.id))]
    counts = {str(place): sum(at == place for _, at in found) for place in PLACES}
    if (wanted := asked.get("place")) in PLACES:
        found = [each for each in found if each[1] == wanted]
    found.sort(key=lambda each: _sortable(each[0], each[1], asked.sort), reverse=asked.descending)
    page = asked.slice_of(len(found))
    shown = found[page.offset : page.offset + page.size]
    return Shelf([Line(judge.judge(product), place) for product, place in shown], page, counts)


def _place(judge: Judge, product: Product) -> Place:
    row = judge.rows.get(product.id)
    if row is not None and row.state == "enrolled":
        return "inside"
    ready = judge.judge(product)
    if not ready.failed:
        return "ready"
    if row is not None:
        return "left"
    # Other things can be mended; what is made to order is another kind of goods.
    return "ordered" if "kind" in ready.failed else "failing"


def _sortable(product: Product, place: Place, column: str) -> Any:
    keys: Mapping[str, Any] = {
        "place": (ORDER.index(place), -product.quality_tenths, product.id),
        "title": (product.title.casefold(), product.id),
        "quality": (product.quality_tenths, product.id),
        "price": (product.price_cents, product.id),
    }
    return keys[column]


def why(ctx: Context, key: str) -> Node:
    """Why a product is in the venue, may enter it or may not: `venue/{product}`."""
    known = key.isascii() and key.isdigit() and int(key) <= LARGEST_ID
    product = ctx.session.get(Product, int(key)) if known else None
    if product is None or product.merchant_id != ctx.merchant:
        raise Refusal(
            "product.unknown",
            N_("There is no product {id} in this store."),
            params={"id": key[:20]},
            status=404,
        )
    judged = Judge(ctx).judge(product)
    text = (
        N_("{title} is in the festival venue")
        if judged.inside
        else N_("{title} may enter the festival venue")
    )
    if judged.failed:
        text = N_("{title} may not enter the festival venue")
    return Node(
        text,
        {"title": product.title},
        rule="F1-venue",
        outcome="bad" if judged.failed else "ok",
        children=tuple(judged.conditions.values()),
    )


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """What a jump did to the venue: products taken out, orders with coupons."""
    out = select(Enrolment.product_id).where(
        Enrolment.merchant_id == ctx.merchant,
        Enrolment.state == "removed",
        Enrolment.since > since,
        Enrolment.since <= until,
    )
    used = select(Event.id).where(
        Event.merchant_id == ctx.merchant,
        Event.kind == "venue.coupon_used",
        Event.at > since,
        Event.at <= until,
    )
    removed, coupons = len(ctx.session.scalars(out).all()), len(ctx.session.scalars(used).all())
    found = []
    if removed:
        text = N_("Products taken out of the festival venue: {count}")
        found.append(DigestLine(text, {"count": removed}, "/festival?place=left"))
    if coupons:
        found.append(
            DigestLine(N_("Orders with a festival coupon: {count}"), {"count": coupons}, "/festival")
        )
    return found
