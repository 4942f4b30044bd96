"""Logistics as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.catalog import carriers
from august.kernel.context import Context
from august.kernel.money import amount
from august.kernel.payloads import convert
from august.logistics import queries, quoting
from august.logistics.judging import Judgement
from august.logistics.models import Coupon, LogisticsOrder
from august.logistics.orders import own
from august.logistics.payloads import PlaceOrder
from august.logistics.position import position
from august.logistics.standing import all_standings
from august.logistics.web import any_line
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.tables import Page, listing

PLAIN = (
    "id", "kind", "line", "sailing", "port", "container", "country", "cargo", "pieces", "weight_g",
    "charged_g", "currency", "benefit", "offer", "lost_why", "state", "placed_at", "pay_by", "paid_at",
    "picked_up_at", "departed_at", "delivered_at", "cancelled_at", "cancel_why", "tracking",
)  # fmt: skip
NUMBERS = ("pieces", "length_mm", "width_mm", "height_mm", "weight_g")


def told(order: LogisticsOrder) -> dict[str, Any]:
    """The columns of an order."""
    unit = "usd" if order.currency == "USD" else "cny"
    return {
        **{name: getattr(order, name) for name in PLAIN},
        **{f"{name}_{unit}": amount(getattr(order, name)) for name in ("base", "discount", "pay", "lost")},
        "order": order.order_id,
        "shipment": order.shipment_id,
        "coupon": order.coupon_id,
    }


def coupon_told(coupon: Coupon) -> dict[str, Any]:
    """A coupon; `valid_until` is its last second."""
    return {
        "id": coupon.id,
        "amount_cny": amount(coupon.fen),
        "least_base_cny": amount(coupon.least_fen),
        "state": coupon.state,
        "issued_at": coupon.issued_at,
        "valid_from": coupon.valid_from,
        "valid_until": coupon.last,
        "logistics_order": coupon.logistics_order_id,
        "since": coupon.since,
    }


def _judged(found: Judgement | None, unit: str = "cny") -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "code": found.code,
        "applies": found.applies,
        f"discount_{unit}": amount(found.discount),
        f"pay_{unit}": amount(found.pay),
        "coupon": found.coupon,
    }


def listed(items: list[dict[str, Any]], page: Page | None = None) -> dict[str, Any]:
    """A list with its totals."""
    if page is None:
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}
    return {"items": items, "page": page.number, "size": page.size, "pages": page.pages, "total": page.total}


class LogisticsApi(Controller):
    """Freight of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/logistics"
    tags = ("Logistics",)

    @get("/orders", sync_to_thread=True)
    def orders(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of logistics orders: `?state=&offer=&q=&sort=&page=&size=`."""
        asked = listing(
            request.url.path,
            request.query_params,
            sorts=tuple(queries.SORTS),
            default="-placed",
            filters=queries.FILTERS,
        )
        with door.reading() as ctx:
            found = queries.table(ctx, asked)
            return {**listed([told(each) for each in found.orders], found.page), "counts": dict(found.counts)}

    @get("/orders/{number:int}", sync_to_thread=True)
    def order(self, door: Door, number: FromPath[int]) -> dict[str, Any]:
        """One order with its timeline and what can be done."""
        with door.reading() as ctx:
            look = queries.look(ctx, own(ctx, number))
            return {
                **told(look.order),
                "name": look.name,
                "can": sorted(look.can),
                "to_pay": amount(look.pay) if "pay" in look.can else None,
                "timeline": [{"at": each.at, "kind": each.kind, "actor": each.actor} for each in look.events],
            }

    @get("/quotes", sync_to_thread=True)
    def quotes(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """All lines for some goods: `?country=&cargo=&pieces=&length_mm=&width_mm=&height_mm=&weight_g=`."""
        params = request.query_params
        parcel = {name: _number(params.get(name, "")) for name in NUMBERS}
        asked = {"line": any_line(), "country": params.get("country", ""), "parcel": parcel}
        asked |= {name: params[name] for name in ("cargo", "benefit") if name in params}
        with door.reading() as ctx:
            cmd = convert(asked, PlaceOrder)
            found = quoting.quotes(ctx, position(ctx), quoting.goods_of(ctx, cmd), cmd.benefit)
            return listed([self._quote(each) for each in found])

    @staticmethod
    def _quote(each: quoting.LineQuote) -> dict[str, Any]:
        line = {"line": each.line.code, "name": each.line.name, "family": each.line.family}
        if each.problem is not None:
            return {**line, "fits": False, "problem": each.problem.english()}
        return {
            **line,
            "fits": True,
            "charged_g": each.charged_g,
            "days": list(each.days),
            "base_cny": amount(each.base),
            "reduction": _judged(each.reduction),
            "coupon": _judged(each.coupon),
            "chosen": _judged(each.chosen),
            "pay_cny": amount(each.pay),
        }

    @get("/sailings", sync_to_thread=True)
    def sailings(self, door: Door) -> dict[str, Any]:
        """Every sailing with its prices, and whether it bears the mark of F10."""
        fleet = carriers.standing()
        with door.reading() as ctx:
            now = ctx.now
        items = []
        for each in fleet.sailings.values():
            service = fleet.services[each.service]
            items.append(
                {
                    "sailing": each.code,
                    "service": service.name,
                    "label": service.label,
                    "departs_at": each.departs,
                    "cutoff_at": each.cutoff,
                    "open": now < each.cutoff,
                    "ports": [
                        {
                            "port": port.code,
                            **{f"{code}_usd": amount(cents) for code, cents in port.cents.items()},
                        }
                        for port in service.ports.values()
                    ],
                }
            )
        return listed(items)

    @get("/benefits", sync_to_thread=True)
    def benefits(self, door: Door) -> dict[str, Any]:
        """The five offers as the store stands to them, and its coupons."""
        with door.reading() as ctx:
            return {
                "offers": self._offers(ctx),
                "coupons": [coupon_told(each) for each in queries.coupons(ctx)],
            }

    @staticmethod
    def _offers(ctx: Context) -> list[dict[str, Any]]:
        return [
            {
                "code": code,
                "eligible": each.eligible,
                "failed": [node.english() for node in each.failed],
                "progress": None
                if each.progress is None
                else {"done": each.progress.done, "needed": each.progress.needed},
                "quota": None
                if each.quota is None
                else {
                    "left": each.quota.left,
                    "mine_left": each.quota.mine_left,
                    "total": each.quota.rule.total,
                },
                **{
                    name: {"count": part.count, "saved": amount(part.saved), "currency": part.currency}
                    for name, part in (
                        ("locked", each.locked),
                        ("settled", each.settled),
                        ("lost", each.lost),
                    )
                },
            }
            for code, each in all_standings(ctx).items()
        ]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else text  # noqa: PLR2004 - a BIGINT
