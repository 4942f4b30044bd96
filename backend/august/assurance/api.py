"""Guarantees as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get

from august.assurance import queries
from august.assurance.web import asked_of, deliveries_of
from august.kernel.money import amount
from august.reviews.api import paged
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest


class AssuranceApi(Controller):
    """Easy Return and the delivery-by guarantee of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/assurance"
    tags = ("Assurance",)

    @get("/easy-return", sync_to_thread=True)
    def easy_return(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """The service and a page of orders: `?q=&state=&price=&reason=&sort=&page=&size=`."""
        asked = asked_of(request, request.url.path)
        with door.reading() as ctx:
            found, table = queries.standing_of(ctx), queries.table(ctx, asked)
        items = [
            {
                "order": line.policy.order_id,
                "buyer": line.policy.buyer_id,
                "company": line.company,
                "title": line.title,
                "destination": line.country,
                "shipped_at": line.policy.shipped_at,
                "state": line.policy.state,
                "reason": line.policy.reason,
                "amount_usd": amount(line.policy.amount_cents),
                "base_usd": amount(line.policy.base_cents),
                "premium_usd": amount(line.policy.premium_cents),
                "quota_left": line.policy.quota_left,
                "until": line.policy.until,
                "returned_at": line.policy.returned_at,
                "refund_usd": amount(line.policy.refund_cents),
            }
            for line in table.lines
        ]
        return {
            "active": found.active,
            "since": found.since,
            "counts": dict(found.counts),
            "premium_usd": amount(found.premium_cents),
            "saved_usd": amount(found.saved_cents),
            "refunds_usd": amount(found.refund_cents),
            "quota_left": found.quota.left,
            "quota_total": found.quota.rule.total,
            **paged(items, table.page),
        }

    @get("/deliveries", sync_to_thread=True)
    def deliveries(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of guaranteed orders: `?q=&state=&payer=&sort=&page=&size=`."""
        asked = deliveries_of(request, request.url.path)
        with door.reading() as ctx:
            table = queries.deliveries(ctx, asked)
        items = [
            {
                "order": one.promise.order_id,
                "company": one.company,
                "title": one.title,
                "destination": one.country,
                "line": one.line,
                "promised_days": one.days,
                "until": one.promise.until,
                "state": one.promise.state,
                "arrived_at": one.promise.arrived_at,
                "late_seconds": one.promise.late_seconds,
                "compensation_usd": amount(one.promise.cents),
                "payer": one.promise.payer,
            }
            for one in table.lines
        ]
        paid = {payer: amount(cents) for payer, cents in table.paid.items()}
        return {"counts": dict(table.counts), "paid_usd": paid, **paged(items, table.page)}
