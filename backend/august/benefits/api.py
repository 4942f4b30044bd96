"""Benefits as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get

from august.benefits import look, queries
from august.benefits.models import Grant
from august.reviews.api import paged
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.tables import listing


def told(grant: Grant) -> dict[str, Any]:
    """A grant; `until` is the last second inside."""
    return {
        "id": grant.id,
        "code": grant.code,
        "month": grant.month,
        "star": grant.star,
        "state": grant.state,
        "quantity": grant.quantity,
        "used": grant.used,
        "issued_at": grant.issued_at,
        "claimed_at": grant.claimed_at,
        "from": grant.valid_from,
        "until": grant.last,
        "ended_at": grant.ended_at,
    }


class BenefitsApi(Controller):
    """Benefits of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/benefits"
    tags = ("Benefits",)

    @get(sync_to_thread=True)
    def center(self, door: Door) -> dict[str, Any]:
        """The star, the table of S7 with the store's own right to each line, what it holds, the stocks."""
        with door.reading() as ctx:
            found = look.center(ctx)
        here = found.standing
        return {
            "star": None if here is None else here.facts.star,
            "before": None if here is None else here.facts.before,
            "month": None if here is None else here.month,
            "published_at": None if here is None else here.times.published,
            "next_publication_at": None if here is None else here.times.following,
            "waiting": found.waiting,
            "table": [
                {
                    "code": line.benefit.code,
                    "title": line.benefit.title,
                    "by_star": {str(cell.star): cell.text for cell in line.cells},
                    "granted": None if line.decision is None else line.decision.granted,
                    "grant": None if line.grant is None else told(line.grant),
                }
                for line in found.lines
            ],
            "held": [told(one.grant) | {"left": one.left, "can": one.can} for one in found.held],
            "stocks": [
                {
                    "code": one.pile.code,
                    "stock": one.pile.stock,
                    "left": one.pile.left,
                    "until": one.pile.until,
                }
                for one in found.stocks
            ],
        }

    @get("/history", sync_to_thread=True)
    def history(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of everything ever issued: `?state=&month=&sort=&page=&size=`."""
        asked = listing(
            request.url.path,
            request.query_params,
            sorts=tuple(queries.SORTS),
            default="-at",
            filters=queries.FILTERS,
        )
        with door.reading() as ctx:
            shelf = queries.history(ctx, asked)
            return paged([told(grant) for grant in shelf.grants], shelf.page)
