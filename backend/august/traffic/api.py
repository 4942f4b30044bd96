"""Visits as JSON: the same queries the pages read."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, get

from august.sandboxes.door import Door
from august.traffic import queries
from august.traffic.web import asked_of
from august.web.htmx import AnyRequest
from august.web.tables import Page


class TrafficApi(Controller):
    """The store's visitors, products and days; `?days=` is 0 (today so far), 1, 7 or 30."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/traffic"
    tags = ("Traffic",)

    @get("/visitors", sync_to_thread=True)
    def visitors(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of visitors: `?days=&country=&tier=&source=&did=&product=&sort=&page=&size=`."""
        asked = asked_of(request, queries.SORTS, "-last")
        with door.reading() as ctx:
            found = queries.visitors(ctx, asked)
        items = [
            {
                "buyer": each.buyer,
                "company": each.company,
                "country": each.country,
                "tier": each.tier,
                "sources": each.sources,
                "visits": each.visits,
                "products": each.products,
                "last_at": each.last,
                "last_product": each.last_product,
                "stage": each.stage,
            }
            for each in found.rows
        ]
        totals = {
            "visits": found.visits,
            "visitors": found.visitors,
            "l1_plus": found.l1_plus,
            "opportunity_buyers": found.opportunities,
        }
        return {**_paged(items, found.page), "totals": totals}

    @get("/products", sync_to_thread=True)
    def products(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """The store's products by what came of their exposures: `?days=&sort=&page=&size=`."""
        asked = asked_of(request, queries.PRODUCT_SORTS, "-visits")
        with door.reading() as ctx:
            rows, page = queries.products(ctx, asked)
        items = [
            {
                "product": row.id,
                "title": row.title,
                "exposures": row.exposures,
                "visits": row.visits,
                "visitors": row.visitors,
                "opportunity_buyers": row.opportunities,
                "click_rate": row.ctr,
                "opportunity_rate": row.rate,
            }
            for row in rows
        ]
        return _paged(items, page)

    @get("/days", sync_to_thread=True)
    def days(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """The statistic days of the window, in PT: `?days=&sort=day|-day&page=&size=`."""
        asked = asked_of(request, ("day",), "day")
        with door.reading() as ctx:
            rows, page = queries.days(ctx, asked)
        items = [
            {"day": row.day, "exposures": row.exposures, "visits": row.visits, "visitors": row.visitors}
            for row in rows
        ]
        return _paged(items, page)


def _paged(items: Sequence[dict[str, Any]], page: Page) -> dict[str, Any]:
    return {
        "items": list(items),
        "page": page.number,
        "size": page.size,
        "pages": page.pages,
        "total": page.total,
    }
