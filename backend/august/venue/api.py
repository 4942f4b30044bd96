"""The festival as JSON: the same queries the pages read."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, get

from august.festival.offer import Pieces, Progress
from august.festival.offers import registry
from august.festival.offers.registry import Seen
from august.festival.quotas import Quota
from august.kernel.explain import Node
from august.kernel.money import amount
from august.reviews.api import paged
from august.sandboxes.door import Door
from august.storefront.viewers import viewer
from august.venue import boards, figures, look, shop
from august.venue.figures import Row
from august.venue.shop_web import asked_of
from august.web.htmx import AnyRequest
from august.web.i18n import phrase, t
from august.web.tables import listing


def _usd(cents: int | None) -> str | None:
    return None if cents is None else amount(cents)


def condition(node: Node) -> dict[str, Any]:
    """A condition in words, with what to do when it fails."""
    return {
        "met": node.outcome != "bad",
        "text": t(node.message, **node.params),
        "remedy": None if node.remedy is None else t(node.remedy, **node.params),
        "rule": node.rule,
    }


def _pieces(pieces: Pieces) -> dict[str, Any]:
    return {"count": pieces.count, f"saved_{pieces.currency.lower()}": amount(pieces.saved)}


def _quota(quota: Quota) -> dict[str, Any]:
    return {
        "total": quota.rule.total,
        "left": quota.left,
        "mine": quota.mine,
        "mine_left": quota.mine_left,
        "sells_out_at": quota.sells_out,
    }


def _progress(progress: Progress) -> dict[str, Any]:
    done, needed = progress.done, progress.needed
    if progress.currency is None:
        return {"done": done, "needed": needed, "label": t(progress.label)}
    return {"done": amount(done), "needed": amount(needed), "label": t(progress.label)}


def offer(seen: Seen) -> dict[str, Any]:
    """An offer with the store's own standing."""
    own, standing = seen.offer, seen.standing
    return {
        "code": own.code,
        "rule": own.rule,
        "kind": own.kind,
        "title": t(own.title),
        "sentence": phrase(seen.sentence),
        "state": seen.state,
        "eligible": standing.eligible,
        "conditions": [condition(node) for node in standing.conditions],
        "terms": [
            {
                "label": t(term.label),
                "zone": term.zone,
                "first": term.window.start,
                "last": term.window.last_second,
            }
            for term in seen.terms
        ],
        "progress": None if standing.progress is None else _progress(standing.progress),
        "quota": None if standing.quota is None else _quota(standing.quota),
        "locked": _pieces(standing.locked),
        "settled": _pieces(standing.settled),
        "lost": {**_pieces(standing.lost), "reasons": [phrase(each) for each in standing.reasons]},
        "path": own.path,
    }


def line(each: look.Line) -> dict[str, Any]:
    """A product of the store before the venue."""
    judged = each.judged
    return {
        "product": judged.product.id,
        "title": judged.product.title,
        "state": each.place,
        "list_usd": _usd(judged.goods.price_cents),
        "lowest_paid_usd": _usd(judged.goods.paid_cents),
        "limit_usd": _usd(judged.goods.limit),
        "campaign_usd": _usd(judged.price_cents),
        "conditions": {code: condition(node) for code, node in judged.conditions.items()},
        "removed_for": None if judged.row is None else judged.row.why,
    }


def _rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            "place": row.place.place,
            "id": row.place.id,
            "store": row.place.merchant,
            "name": row.name,
            "gmv_usd": amount(row.place.cents),
            "orders": row.place.orders,
            "mine": row.mine,
        }
        for row in rows
    ]


class FestivalApi(Controller):
    """The festival of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/festival"
    tags = ("Festival",)

    @get("/offers", sync_to_thread=True)
    def offers(self, door: Door) -> dict[str, Any]:
        """Every offer: its sentence and windows, and where the store stands to it."""
        with door.reading() as ctx:
            items = [offer(seen) for seen in registry.look(ctx)]
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}

    @get("/products", sync_to_thread=True)
    def products(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """The store's products: `?place=inside|ready|failing|left|ordered&q=&sort=&page=&size=`."""
        asked = listing(
            request.url.path, request.query_params, sorts=look.SORTS, default="place", filters=look.FILTERS
        )
        with door.reading() as ctx:
            shelf = look.shelf(ctx, asked)
            items = [line(each) for each in shelf.lines]
        return {"counts": shelf.counts, **paged(items, shelf.page)}

    @get("/boards", sync_to_thread=True)
    def boards(self, door: Door) -> dict[str, Any]:
        """Both GMV boards as of the last complete Pacific day."""
        with door.reading() as ctx:
            found, most = boards.boards(ctx), boards.board_rules(ctx).shown
            if found is None:
                return {"until": None, "products": [], "stores": []}
            return {
                "until": found.until,
                "products": _rows(figures.product_rows(ctx, found.products[:most], ctx.merchant)),
                "stores": _rows(figures.store_rows(ctx, found.stores, ctx.merchant, most)),
            }

    @get("/dashboard", sync_to_thread=True)
    def dashboard(self, door: Door) -> dict[str, Any]:
        """Target, GMV, place, share of buyers from L1 on, conversion, and the complete days."""
        with door.reading() as ctx:
            screen = figures.screen(ctx)
        return {
            "phase": screen.clock.phase,
            "target_usd": _usd(screen.target),
            "gmv_usd": amount(screen.cents),
            "reached_percent": screen.reached,
            "needed_a_day_usd": _usd(screen.needed),
            "place": None if screen.place is None else screen.place.place,
            "stores": 0 if screen.boards is None else len(screen.boards.stores),
            "l1_plus_share": screen.l1_share,
            "conversion": screen.conversion,
            "days": [
                {
                    "day": day.day.isoformat(),
                    "gmv_usd": amount(day.cents),
                    "l1_plus_usd": amount(day.l1_cents),
                    "orders": day.orders,
                    "visits": day.visits,
                    "visitors": day.visitors,
                }
                for day in screen.days
            ],
        }

    @get("/venue", sync_to_thread=True)
    def venue(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """The venue as a buyer sees it: `?buyer=&venue=easy_return|oa_credit&sort=&page=&size=`."""
        asked = asked_of(request, request.url.path)
        with door.reading() as ctx:
            who = viewer(ctx, request.query_params.get("buyer"), None)
            home = shop.home(ctx, asked, who.id, who.country)
        cards = [
            {
                "id": card.id,
                "title": card.title,
                "store": card.store,
                "list_usd": _usd(card.low_cents),
                "campaign_usd": _usd(card.campaign_cents),
            }
            for card in home.venue.cards
        ]
        stores = [
            {"store": each.store, "name": each.name, "orders": each.orders, "total_usd": amount(each.cents)}
            for each in home.venue.stores
        ]
        coupon = home.coupon
        return {
            "buyer": who.id,
            "tier": who.tier,
            "phase": home.clock.phase,
            "benefits": {each.code: who.tier in each.tiers for each in home.benefits},
            "coupon": {
                "taken": coupon is not None,
                "free": coupon is not None and coupon.free,
                "can_take": home.can_take,
            },
            **paged(cards or stores, home.venue.page),
        }
