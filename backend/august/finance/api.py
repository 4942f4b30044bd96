"""Financing as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.finance import later, oa, queries
from august.finance.web import oa_asked
from august.kernel.money import amount
from august.reviews.api import paged
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest


class FinanceApi(Controller):
    """LC financing, OA credit, and what buyers pay later."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/finance"
    tags = ("Finance",)

    @get("/lc", sync_to_thread=True)
    def lc(self, door: Door) -> dict[str, Any]:
        """The store's LC financings, the newest first, and the orders that can be financed."""
        with door.reading() as ctx:
            desk = queries.desk(ctx)
        return {
            "new_customer_offer": desk.eligible,
            "drawn_usd": amount(desk.drawn_cents),
            "fees_usd": amount(desk.fee_cents),
            "saved_usd": amount(desk.saved_cents),
            "outstanding_usd": amount(desk.outstanding_cents),
            "candidates": [
                {
                    "order": one.order.id,
                    "special": one.order.special,
                    "rest_usd": amount(one.rest),
                    "advance_usd": amount(one.advance_cents),
                    "fee_usd": amount(one.fee.cents),
                }
                for one in desk.candidates
            ],
            "financings": [_told(one) for one in (*desk.open, *desk.over)],
        }

    @get("/oa", sync_to_thread=True)
    def oa(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of the store's OA orders: `?q=&state=&credit=&sort=&page=&size=`."""
        asked = oa_asked(request, request.url.path)
        with door.reading() as ctx:
            table = oa.oa_orders(ctx, asked)
        items = [
            {
                "order": line.order.id,
                "buyer": line.order.buyer_id,
                "company": line.company,
                "total_usd": amount(line.order.total_cents),
                "rest_usd": amount(line.rest),
                "state": line.state,
                "shipped_at": line.order.shipped_at,
                "due_at": line.due,
                "limit_usd": amount(line.credit.limit),
                "used_usd": amount(line.credit.used),
                "covered": line.credit.covered,
            }
            for line in table.lines
        ]
        owed = {state: amount(cents) for state, cents in table.owed.items()}
        return {"counts": dict(table.counts), "owed_usd": owed, **paged(items, table.page)}

    @get("/pay-later/{buyer:int}", sync_to_thread=True)
    def pay_later(self, door: Door, buyer: FromPath[int]) -> dict[str, Any]:
        """What a buyer pays later."""
        with door.reading() as ctx:
            found = later.bills(ctx, buyer)
        return {
            "items": [
                {
                    "order": one.bill.order_id,
                    "state": one.bill.state,
                    "at": one.bill.at,
                    "total_usd": amount(one.bill.total_cents),
                    "off_usd": amount(one.bill.off_cents),
                    "open_usd": amount(one.open_cents),
                    "refunded_usd": amount(one.bill.refunded_cents),
                    "instalments": [
                        {"due_at": part.due_at, "amount_usd": amount(part.cents), "paid_at": part.paid_at}
                        for part in one.parts
                    ],
                }
                for one in found
            ]
        }


def _told(one: queries.Lent) -> dict[str, Any]:
    it = one.financing
    return {
        "id": it.id,
        "order": it.order_id,
        "state": it.state,
        "since": it.since,
        "deadline": it.deadline,
        "applied_at": it.applied_at,
        "presented_at": it.presented_at,
        "drawn_at": it.drawn_at,
        "matures_at": it.matures_at,
        "ended_at": it.ended_at,
        "rest_usd": amount(it.rest_cents),
        "drawn_usd": amount(it.drawn_cents),
        "base_fee_usd": amount(it.base_fee_cents),
        "fee_usd": amount(it.fee_cents),
        "offer": it.offer,
        "can": list(one.can),
    }
