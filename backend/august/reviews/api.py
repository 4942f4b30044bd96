"""Reviews as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get

from august.reviews import overview, queries, standing
from august.reviews.rules import Rating, text_of
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.tables import Page, listing


def paged(items: list[dict[str, Any]], page: Page) -> dict[str, Any]:
    """A page of items as every list answers it."""
    return {
        "items": items,
        "page": page.number,
        "size": page.size,
        "pages": page.pages,
        "total": page.total,
    }


def told(rating: Rating) -> dict[str, Any]:
    """A rating: scores as texts with two decimals, None without reviews."""
    scores = {
        "score": rating.score,
        "quality": rating.quality,
        "service": rating.service,
        "shipment": rating.shipment,
    }
    return {
        "count": rating.count,
        **{name: None if value is None else text_of(value) for name, value in scores.items()},
        "by_stars": {str(stars): count for stars, count in enumerate(rating.by_stars, start=1)},
        "word": rating.word,
    }


class ReviewsApi(Controller):
    """Reviews of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/reviews"
    tags = ("Reviews",)

    @get("/received", sync_to_thread=True)
    def received(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of reviews: `?stars=&replied=yes|no&invited=yes|no&product=&q=&sort=&page=&size=`."""
        asked = listing(
            request.url.path,
            request.query_params,
            sorts=tuple(queries.RECEIVED_SORTS),
            default="-at",
            filters=queries.RECEIVED_FILTERS,
        )
        with door.reading() as ctx:
            found = queries.received(ctx, asked)
        items = [
            {
                "id": line.id,
                "order": line.order,
                "at": line.at,
                "buyer": line.buyer.id,
                "product": line.product.id,
                "quality": line.quality,
                "service": line.service,
                "shipment": line.shipment,
                "text": line.text.original,
                "keywords": line.keywords,
                "photos": line.photos,
                "invited": line.invited,
                "counts": line.counts,
                "changed_at": line.changed_at,
                "reply": line.reply,
                "replied_at": line.replied_at,
                "reply_until": line.reply_until,
            }
            for line in found.lines
        ]
        return paged(items, found.page)

    @get("/pending", sync_to_thread=True)
    def pending(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of orders that await a review: `?invited=yes|no&q=&sort=&page=&size=`."""
        asked = listing(
            request.url.path,
            request.query_params,
            sorts=tuple(queries.PENDING_SORTS),
            default="-received",
            filters=queries.PENDING_FILTERS,
        )
        with door.reading() as ctx:
            found = queries.pending(ctx, asked)
        items = [
            {
                "order": line.order,
                "buyer": line.buyer.id,
                "product": line.product.id,
                "received_at": line.received_at,
                "until": line.until,
                "days": line.days,
                "moment": line.moment,
                "lift_percent": line.lift,
                "invited_at": line.invited_at,
                "invitation": line.invitation,
            }
            for line in found.lines
        ]
        return paged(items, found.page)

    @get("/ratings", sync_to_thread=True)
    def ratings(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """The store's rating, and a page of its products on sale with theirs."""
        asked = listing(request.url.path, request.query_params, sorts=overview.SORTS, default="-count")
        with door.reading() as ctx:
            store = standing.store_rating(ctx, ctx.merchant)
            found = overview.ratings(ctx, asked, store.count)
        items = [
            {"product": line.product.id, "title": line.product.title, "case": line.case, **told(line.rating)}
            for line in found.lines
        ]
        return {"store": told(store), **paged(items, found.page)}
