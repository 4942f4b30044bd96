"""Orders as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.kernel.money import amount
from august.sandboxes.door import Door
from august.trade import detail, queries, views
from august.trade.acting import party_order
from august.trade.models import Order
from august.trade.web import asked_of
from august.web.htmx import AnyRequest

PLAIN = (
    "id", "kind", "country", "quantity", "shipped_quantity", "channel", "export_mode", "special", "terms",
    "oa_days", "lead_days", "line", "promised_days", "state", "since", "drafted_at", "confirmed_at",
    "paid_at", "ship_by", "balance_at", "shipped_at", "received_at", "closed_at", "close_why", "disputed",
)  # fmt: skip
MONEY = ("unit", "goods", "freight", "total", "first", "paid")


def told(order: Order) -> dict[str, Any]:
    """The columns of an order."""
    return {
        **{name: getattr(order, name) for name in PLAIN},
        **{f"{name}_usd": amount(getattr(order, f"{name}_cents")) for name in MONEY},
        "buyer": order.buyer_id,
        "product": order.product_id,
        "inquiry": order.inquiry_id,
    }


class TradeApi(Controller):
    """Orders of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/trade"

    @get("/orders", sync_to_thread=True)
    def orders(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of orders: the filters of the table, `?sort=&page=&size=`."""
        asked = asked_of(request, request.url.path)
        with door.reading() as ctx:
            found = queries.table(ctx, asked)
        items = [
            {
                "id": line.id,
                "company": line.company,
                "country": line.country,
                "product": line.product,
                "title": line.title,
                "kind": line.kind,
                "quantity": line.quantity,
                "total_usd": amount(line.total_cents),
                "paid_usd": amount(line.paid_cents),
                "state": line.state,
                "turn": line.turn,
                "since": line.since,
                "due": line.due,
                "late_risk": line.risk,
                "on_time": line.on_time,
                "disputed": line.disputed,
                "channel": line.channel,
                "export_mode": line.export_mode,
                "special": line.special,
                "terms": line.terms,
                "drafted_at": line.drafted_at,
                "ship_by": line.ship_by,
                "inquiry": line.inquiry,
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

    @get("/orders/{order:int}", sync_to_thread=True)
    def order(self, door: Door, order: FromPath[int]) -> dict[str, Any]:
        """One order in full."""
        with door.reading() as ctx:
            look = detail.look(ctx, party_order(ctx, order))
        return {
            **told(look.order),
            "late_risk": look.risk,
            "on_time": look.on_time,
            "turn": look.ahead.turn,
            "due": look.ahead.at,
            "can": list(look.can),
            "outstanding_usd": amount(look.sums.outstanding_cents),
            "refunded_usd": amount(look.sums.refunded_cents),
            "stages": [{"state": each.state, "mark": each.mark, "at": each.at} for each in look.stages],
            "receipts": [
                {
                    "id": each.id,
                    "kind": each.kind,
                    "amount_usd": amount(each.cents),
                    "booked_at": each.booked_at,
                    "cancelled_at": each.cancelled_at,
                }
                for each in look.receipts
            ],
            "shipments": [
                {
                    "id": each.id,
                    "quantity": each.quantity,
                    "line": each.line,
                    "tracking": each.tracking,
                    "shipped_at": each.shipped_at,
                    "departed_at": each.departed_at,
                    "cleared_at": each.cleared_at,
                    "arrived_at": each.arrived_at,
                }
                for each in look.shipments
            ],
            "disputes": [each.id for each in look.disputes],
            "timeline": [{"at": each.at, "kind": each.kind, "actor": each.actor} for each in look.entries],
        }

    @get("/views", sync_to_thread=True)
    def saved(self, door: Door) -> dict[str, Any]:
        """The saved views of the order table."""
        with door.reading() as ctx:
            items = [{"id": each.id, "name": each.name, "query": each.query} for each in views.views(ctx)]
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}
