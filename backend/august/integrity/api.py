"""Refund requests as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.integrity import queries
from august.integrity.commands import party_dispute
from august.integrity.web import asked_of
from august.kernel.money import amount
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest


def usd(cents: int | None) -> str | None:
    """An amount that may not be there."""
    return None if cents is None else amount(cents)


class IntegrityApi(Controller):
    """Refund requests against the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/integrity"

    @get("/disputes", sync_to_thread=True)
    def disputes(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of requests: `?q=&state=&reason=&liable=&sort=&page=&size=`."""
        asked = asked_of(request, request.url.path)
        with door.reading() as ctx:
            found = queries.table(ctx, asked)
        items = [
            {
                "id": line.id,
                "order": line.order,
                "company": line.company,
                "title": line.title,
                "reason": line.reason,
                "claim_usd": amount(line.claim_cents),
                "offer_usd": usd(line.offer_cents),
                "refund_usd": usd(line.refund_cents),
                "state": line.state,
                "turn": line.turn,
                "opened_at": line.opened_at,
                "deadline": line.deadline,
                "seller_liable": line.liable if line.settled else None,
                "contradicted": line.wrong,
            }
            for line in found.lines
        ]
        page = found.page
        return {
            "items": items,
            "page": page.number,
            "size": page.size,
            "pages": page.pages,
            "total": page.total,
            "counts": dict(found.counts),
        }

    @get("/disputes/{dispute:int}", sync_to_thread=True)
    def dispute(self, door: Door, dispute: FromPath[int]) -> dict[str, Any]:
        """One request in full."""
        with door.reading() as ctx:
            look = queries.look(ctx, party_dispute(ctx, dispute))
        it = look.dispute
        return {
            "id": it.id,
            "order": it.order_id,
            "buyer": it.buyer_id,
            "product": it.product_id,
            "reason": it.reason,
            "claim_usd": amount(it.claim_cents),
            "offer_usd": usd(it.offer_cents),
            "refund_usd": usd(it.refund_cents),
            "state": it.state,
            "turn": look.turn,
            "opened_at": it.opened_at,
            "since": it.since,
            "deadline": it.deadline,
            "reminded_at": it.reminded_at,
            "settled_at": it.settled_at,
            "seller_liable": it.seller_liable,
            "statement": it.statement,
            "contradicted": look.wrong,
            "can": list(look.can),
            "stages": [{"state": each.state, "mark": each.mark, "at": each.at} for each in look.stages],
            "timeline": [{"at": each.at, "kind": each.kind, "actor": each.actor} for each in look.entries],
        }
