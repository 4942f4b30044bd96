"""物流服务 › 海运整柜: the sailings calendar, and booking a container."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from august.catalog import carriers
from august.catalog.carriers import Port, Service
from august.festival import quotas
from august.kernel.clock import beijing
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.logistics import queries
from august.logistics.judging import CONDITIONS
from august.logistics.position import Position, judged, position, values
from august.sandboxes.door import Door
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.shell import Crumb

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


class FclPage(Controller):
    """Weekly services to the American West, and their containers."""

    path = "/w/{sandbox_id:str}/fcl"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """A month of sailings, and one of them to be booked."""
        return _page(request, door)

    @post(sync_to_thread=True, status_code=200)
    def book(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Book the container whose button was pressed: port and container."""
        port, _, container = form.text("choice").partition(" ")
        told = {"sailing": form.text("sailing"), "port": port, "container": container}
        try:
            made = door.run("logistics.book", told, form.key).result
        except Refusal as refusal:
            if refusal.status == 401:  # noqa: PLR2004 - to be signed in again
                raise
            return _page(request, door, refusal, form.text("sailing"))
        there = f"/w/{door.sandbox.id}/logistics-orders/{made['logistics_order']}"
        return Redirect(f"{there}?done=booked", status_code=303)


Prices = list[tuple[Port, list[tuple[str, int, int]]]]


def _prices(ctx: Context, here: Position, service: Service) -> Prices:
    """By port, each container with what it costs and what is paid."""
    found = []
    for port in service.ports.values():
        cells = []
        for code, cents in port.cents.items():
            chosen = judged(ctx, here, service.code, cents)[2]
            cells.append((code, cents, cents if chosen is None else chosen.pay))
        found.append((port, cells))
    return found


def _page(
    request: AnyRequest, door: Door, refused: Refusal | None = None, wanted: str | None = None
) -> Response[str]:
    fleet = carriers.standing()
    params = request.query_params
    with door.reading() as ctx:
        known = fleet.sailings.get(wanted or str(params.get("sailing", "")))
        chosen = known or queries.next_sailing(ctx.now)
        text = params.get("month", "") or (f"{beijing(known.departs):%Y-%m}" if known else "")
        month, months = queries.month_of(text, ctx.now), queries.months()
        here = position(ctx)
        service = None if chosen is None else fleet.services[chosen.service]
        rows = [] if service is None else _prices(ctx, here, service)
        place = months.index(month)
        return door.page(
            request,
            "logistics/fcl.html",
            "sailing",
            status=refused.status if refused else 200,
            weeks=queries.calendar(month, ctx.now),
            weekdays=WEEKDAYS,
            month=month,
            before=months[place - 1] if place else None,
            after=months[place + 1] if place + 1 < len(months) else None,
            today=beijing(ctx.now).date(),
            chosen=chosen,
            service=service,
            open=chosen is not None and ctx.now < chosen.cutoff,
            rows=rows,
            containers=fleet.containers,
            services=fleet.services,
            rules=values(ctx, "F10"),
            conditions=CONDITIONS["fcl_us_west"](here.facts["fcl_us_west"], values(ctx, "F10")),
            quota=here.quotas["fcl_us_west"],
            quota_why=quotas.explain(here.quotas["fcl_us_west"]),
            refused=refused,
            form_key=fresh_key(),
            crumbs=(Crumb(Phrase(N_("Logistics"))), Crumb(Phrase(N_("Full containers")))),
        )
