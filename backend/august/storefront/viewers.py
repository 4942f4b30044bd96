"""As whom the buyer's side is looked at: a buyer of the world, named in the address or kept in a cookie."""

from collections.abc import Mapping, Sequence
from functools import cache

import msgspec
from sqlalchemy import Select, func, or_, select

from august.catalog import lines
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.words import N_
from august.merchants.models import TIERS, Buyer, Merchant
from august.trade.models import Order
from august.web.tables import Listing, Page

COOKIE = "buyer"
PARAMETER = "as"
ID_DIGITS = 15  # what fits a BIGINT
FILTERS = ("tier", "country", "q", "mine")
SORTS = {"activity": Buyer.activity, "purchases": Buyer.yearly_purchases_cents, "name": Buyer.name}
TIER_WORDS: Mapping[str, str] = {
    "visitor": N_("Visitor, not signed in"),
    "L0": N_("L0 registered"),
    "L1": N_("L1 potential"),
    "L2": N_("L2 small business"),
    "L3": N_("L3 enterprise"),
    "L4": N_("L4 gold"),
}


class Viewer(msgspec.Struct, frozen=True):
    """The buyer who looks."""

    id: int
    name: str
    company: str
    country: str
    place: dict[str, str]
    tier: str


class Line(msgspec.Struct, frozen=True):
    """A buyer of the list to choose from, with the number of orders in the played store."""

    viewer: Viewer
    purchases_cents: int
    orders: int


class Crowd(msgspec.Struct, frozen=True):
    """A page of buyers."""

    lines: Sequence[Line]
    page: Page


def viewer(ctx: Context, asked: str | None, kept: str | None) -> Viewer:
    """The buyer of the address (404 for an unknown one), of the cookie, or the one of the newest order."""
    if asked is not None:
        found = _buyer(ctx, asked)
        if found is None:
            raise Refusal(
                "buyer.unknown",
                N_("There is no buyer {id} in this world."),
                params={"id": asked[:20]},
                remedy=N_("Choose another buyer."),
                status=404,
            )
        return of(found)
    kept_one = None if kept is None else _buyer(ctx, kept)
    return of(kept_one or _usual(ctx))


def of(buyer: Buyer) -> Viewer:
    """A stored buyer as the one who looks."""
    place = lines.standing().countries[buyer.country]
    return Viewer(
        buyer.id, buyer.name, buyer.company, buyer.country, {"zh": place.zh, "en": place.en}, buyer.tier
    )


def _buyer(ctx: Context, text: str) -> Buyer | None:
    known = text.isascii() and text.isdigit() and len(text) <= ID_DIGITS
    return ctx.session.get(Buyer, int(text)) if known else None


def _usual(ctx: Context) -> Buyer:
    """Whoever ordered last from the played store; without orders the first buyer."""
    last = select(Order.buyer_id).where(Order.merchant_id.in_(_players())).order_by(Order.id.desc()).limit(1)
    number = ctx.session.scalar(last)
    asked = select(Buyer).order_by(Buyer.id).limit(1)
    if number is not None:
        asked = asked.where(Buyer.id == number)
    return ctx.session.scalars(asked).one()


def pick(ctx: Context, tier: str, country: str) -> Viewer | None:
    """The most active buyer of a tier and a country (either may be left out); None when there is none."""
    found = ctx.session.scalars(
        _matching({"tier": tier, "country": country}).order_by(Buyer.activity.desc(), Buyer.id).limit(1)
    ).first()
    return None if found is None else of(found)


def _matching(filters: Mapping[str, str]) -> Select[Buyer]:
    asked = select(Buyer)
    if (tier := filters.get("tier", "")) in TIERS:
        asked = asked.where(Buyer.tier == tier)
    if (country := filters.get("country", "")) in lines.standing().countries:
        asked = asked.where(Buyer.country == country)
    if text := filters.get("q", ""):
        asked = asked.where(
            or_(Buyer.name.icontains(text, autoescape=True), Buyer.company.icontains(text, autoescape=True))
        )
    if filters.get("mine", ""):
        asked = asked.where(Buyer.id.in_(select(Order.buyer_id).where(Order.merchant_id.in_(_players()))))
    return asked


def _players() -> Select[int]:
    return select(Merchant.id).where(Merchant.is_player)


def crowd(ctx: Context, asked: Listing) -> Crowd:
    """The buyers that the filters want, one page of them."""
    wanted = _matching(asked.filters)
    total = ctx.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = asked.slice_of(total)
    key = SORTS[asked.sort]
    rows = ctx.session.scalars(
        wanted.order_by(key.desc() if asked.descending else key.asc(), Buyer.id)
        .limit(page.size)
        .offset(page.offset)
    ).all()
    counted = (
        select(Order.buyer_id, func.count())
        .where(Order.buyer_id.in_([row.id for row in rows]), Order.merchant_id.in_(_players()))
        .group_by(Order.buyer_id)
    )
    orders = dict(ctx.session.execute(counted).all())
    return Crowd([Line(of(row), row.yearly_purchases_cents, orders.get(row.id, 0)) for row in rows], page)


@cache
def places() -> Sequence[tuple[str, dict[str, str]]]:
    """Every country to look from."""
    return tuple((code, {"zh": each.zh, "en": each.en}) for code, each in lines.standing().countries.items())
