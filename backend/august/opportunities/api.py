"""Conversations as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.kernel.money import amount
from august.opportunities import queries, talk
from august.opportunities.commands import own_inquiry
from august.opportunities.measures import WINDOW_DAYS
from august.opportunities.models import Inquiry
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.tables import listing


def told(line: queries.Line) -> dict[str, Any]:
    """A conversation as the list tells it; of the buyer's tier only the L1+ tag (K2-l1plus)."""
    waiting = line.waiting
    return {
        "id": line.id,
        "kind": line.kind,
        "source": line.source,
        "state": line.state,
        "turn": line.turn,
        "lost_why": line.lost_why,
        "product": line.product_id,
        "title": line.title,
        "quantity": line.quantity,
        "company": line.company,
        "country": line.country_code,
        "l1_plus": line.l1plus,
        "quote_usd": None if line.quote_cents is None else amount(line.quote_cents),
        "order": line.order_id,
        "staff": line.staff_id,
        "at": line.at,
        "last_at": line.last_at,
        "waiting": None
        if waiting is None
        else {
            "hours": round(waiting.hours, 2),
            "earliest": waiting.earliest,
            "latest": waiting.latest,
        },
    }


class OpportunitiesApi(Controller):
    """Inquiries and chats of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/opportunities"

    @get("/inquiries", sync_to_thread=True)
    def inquiries(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page: `?q=&state=&turn=&kind=&l1plus=&country=&product=&staff=&sort=&page=&size=`."""
        asked = listing(
            request.url.path,
            request.query_params,
            sorts=queries.SORTS,
            default="urgent",
            filters=queries.FILTERS,
        )
        with door.reading() as ctx:
            found = queries.inquiries(ctx, asked)
        page = found.page
        return {
            "items": [told(line) for line in found.lines],
            "page": page.number,
            "size": page.size,
            "pages": page.pages,
            "total": page.total,
            "counts": {tab.name: tab.count for tab in found.tabs},
        }

    @get("/inquiries/{inquiry:int}", sync_to_thread=True)
    def inquiry(self, request: AnyRequest, door: Door, inquiry: FromPath[int]) -> dict[str, Any]:
        """One conversation with its lines, in English and in the reader's language where there is one."""
        asked = listing(request.url.path, {}, sorts=queries.SORTS, default="urgent")
        with door.reading() as ctx:
            own_inquiry(ctx, inquiry)
            (line,) = queries.inquiries(ctx, asked, Inquiry.id == inquiry).lines
            lines = [
                {
                    "id": each.id,
                    "side": each.side,
                    "author": each.author,
                    "at": each.at,
                    "text": each.original,
                    "translation": each.translation,
                }
                for each in talk.said(ctx, inquiry)
            ]
        return {**told(line), "lines": lines}

    @get("/reply-time", sync_to_thread=True)
    def reply_time(self, door: Door) -> dict[str, Any]:
        """The store's average reply time over the last 30 complete PT days, and what it leaves out."""
        with door.reading() as ctx:
            found = queries.service(ctx)
        return {
            "days": WINDOW_DAYS,
            "hours": None if found.hours is None else round(found.hours, 2),
            "replies": found.replies,
            "target_hours": found.target,
            "ignored": found.ignored,
            "waiting": found.waiting,
        }
