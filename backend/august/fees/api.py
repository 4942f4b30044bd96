"""Service fees as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.fees import queries
from august.fees.peers import peers
from august.fees.planning import plan
from august.fees.queries import Charged, Line, Pile
from august.fees.statement import OrderMoney, statement
from august.fees.web import benefits_asked, charges_asked, planned_of, receipts_asked
from august.kernel.errors import Refusal
from august.kernel.money import amount
from august.kernel.words import N_
from august.reviews.api import paged
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.i18n import explain_json, locale_of


def pile(found: Pile) -> dict[str, Any]:
    """How many and how much."""
    return {"count": found.count, "usd": amount(found.cents)}


def told(line: Line) -> dict[str, Any]:
    """A line of the ledger."""
    return {
        "id": line.id,
        "order": line.order,
        "receipt": line.receipt,
        "at": line.at,
        "kind": line.kind,
        "amount_usd": amount(line.cents),
        "before_usd": amount(line.before),
        "after_usd": amount(line.after),
        "label": line.label,
        "reason": line.reason,
        "channel": line.channel,
        "export_mode": line.mode,
        "special": line.special,
    }


def charge_told(fee: Charged) -> dict[str, Any]:
    """A fee as it was settled."""
    return {
        "order": fee.order,
        "fee": fee.fee,
        "at": fee.at,
        "base_usd": amount(fee.base),
        "saved_usd": amount(fee.saved),
        "charged_usd": amount(fee.charged),
        "why": fee.why,
    }


def money_told(order: OrderMoney) -> dict[str, Any]:
    """An order's money."""
    return {
        "order": order.order,
        "at": order.at,
        "received_usd": amount(order.received),
        "refunded_usd": amount(order.refunded),
        "fees": [charge_told(fee) for fee in order.fees],
        "charged_usd": amount(order.charged),
        "saved_usd": amount(order.saved),
        "payout_usd": amount(order.payout),
    }


class FeesApi(Controller):
    """Service fees of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/fees"
    tags = ("Fees",)

    @get(sync_to_thread=True)
    def overview(self, door: Door) -> dict[str, Any]:
        """The running total against the line, orders by label, benefits, the running package."""
        with door.reading() as ctx:
            found, market = queries.overview(ctx), peers(ctx)
        window = found.rules.window.window
        return {
            "from": window.start,
            "until": window.last_second,
            "total_usd": amount(found.total),
            "threshold_usd": amount(found.rules.threshold_cents),
            "missing_usd": amount(found.missing),
            "reached_at": found.reached_at,
            "receipts": found.receipts,
            "labels": dict(found.labels),
            "locked": pile(found.locked),
            "settled": pile(found.settled),
            "lost": pile(found.lost),
            "losses": {reason: pile(each) for reason, each in found.losses},
            "market": {"stores": market.stores, "reached": market.reached},
            "package_until": None if found.package is None else found.package.until,
        }

    @get("/receipts", sync_to_thread=True)
    def receipts(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of bookings and cancellations: `?label=&kind=booked|cancelled&sort=&page=&size=`."""
        asked = receipts_asked(request.url.path, request.query_params)
        with door.reading() as ctx:
            lines, page = queries.receipts(ctx, asked)
        return paged([told(line) for line in lines], page)

    @get("/benefits", sync_to_thread=True)
    def benefits(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of benefits as they stand: `?state=locked|settled|lost&sort=&page=&size=`."""
        asked = benefits_asked(request.url.path, request.query_params)
        with door.reading() as ctx:
            lines, page = queries.benefits(ctx, asked)
        return paged([told(line) for line in lines], page)

    @get("/charges", sync_to_thread=True)
    def charges(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of settled fees: `?fee=transaction|funds|onetouch|oa&sort=&page=&size=`."""
        asked = charges_asked(request.url.path, request.query_params)
        with door.reading() as ctx:
            lines, page = queries.charges(ctx, asked)
        return paged([charge_told(line) for line in lines], page)

    @get("/plan", sync_to_thread=True)
    def plan(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """What a planned receipt would do: `?amount_usd=&order=&channel=&export_mode=&special=`."""
        with door.reading() as ctx:
            found = plan(ctx, planned_of(request.query_params))
            why = explain_json(found.why, locale_of(request), ctx.rulebook, ctx.now)
        return {
            "at": found.at,
            "label": found.entry.label,
            "reason": found.entry.reason,
            "before_usd": amount(found.entry.before),
            "after_usd": amount(found.entry.after),
            "fee": found.fee,
            "base_usd": amount(found.charge.base),
            "saved_usd": amount(found.charge.saved),
            "charged_usd": amount(found.charge.charged),
            "why": why,
        }

    @get("/statement", sync_to_thread=True)
    def statement(self, door: Door) -> dict[str, Any]:
        """Every order with a settled fee: received = payout + refunded + fees."""
        with door.reading() as ctx:
            found = statement(ctx)
        columns = ("received", "refunded", "charged", "saved", "payout")
        return {
            "orders": [money_told(order) for order in found.orders],
            "total": {f"{column}_usd": amount(found.total(column)) for column in columns},
        }

    @get("/orders/{order:int}", sync_to_thread=True)
    def order(self, door: Door, order: FromPath[int]) -> dict[str, Any]:
        """The money of one order with a settled fee; 404 where none was settled."""
        with door.reading() as ctx:
            found = statement(ctx, order)
        if not found.orders:
            raise Refusal(
                "fees.not_settled",
                N_("No fee of order {id} was settled."),
                params={"id": order},
                rules=("F2.8",),
                status=404,
            )
        return money_told(found.orders[0])
