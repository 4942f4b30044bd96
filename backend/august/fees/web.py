"""资金管理 › 服务费: the total against the line, labels, benefits, fees charged, the statement."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from august.catalog.sheets import write_csv
from august.fees import queries, words
from august.fees.booking import fee_prices
from august.fees.models import FEES
from august.fees.peers import peers
from august.fees.planning import Plan, Planned, plan
from august.fees.queries import Overview
from august.fees.statement import HEADER, statement, table
from august.fees.statement_pdf import statement_pdf
from august.kernel.clock import day_start, pt_day
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.merchants.models import Merchant
from august.sandboxes.door import Door
from august.trade import words as trade_words
from august.web.forms import clean, fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, speaking, t
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import Listing, listing

CENT = 100
DONE = {"package": N_("The One-Touch package runs from now on.")}
CRUMBS = (Crumb(Phrase(N_("Funds"))), Crumb(Phrase(N_("Service fees"))))


def receipts_asked(path: str, params: Mapping[str, str]) -> Listing:
    """What an address asks of the list of receipts."""
    sorts, filters = tuple(queries.ENTRY_SORTS), queries.RECEIPT_FILTERS
    return listing(path, params, sorts=sorts, default="-at", filters=filters)


def benefits_asked(path: str, params: Mapping[str, str]) -> Listing:
    """What an address asks of the list of benefits."""
    sorts, filters = tuple(queries.ENTRY_SORTS), queries.BENEFIT_FILTERS
    return listing(path, params, sorts=sorts, default="-at", filters=filters)


def charges_asked(path: str, params: Mapping[str, str]) -> Listing:
    """What an address asks of the list of charged fees."""
    sorts, filters = tuple(queries.CHARGE_SORTS), queries.CHARGE_FILTERS
    return listing(path, params, sorts=sorts, default="-at", filters=filters)


def planned_of(params: Mapping[str, str]) -> Planned:
    """A planned receipt as it stands in an address."""
    return Planned(
        clean(params.get("amount_usd", ""))[:20],
        clean(params.get("order", ""))[:20],
        params.get("channel", "ta"),
        params.get("export_mode", "self"),
        params.get("special", "none"),
    )


class FeesPage(Controller):
    """Service fees of the store."""

    path = "/w/{sandbox_id:str}/fees"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The running total, the planned receipt, every receipt with its label and why."""
        return _page(request, door)

    @post("/package", sync_to_thread=True, status_code=200)
    def package(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Buy the One-Touch package."""
        try:
            door.run("fees.buy_package", {}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            return _page(request, door, refusal)
        return Redirect(f"/w/{door.sandbox.id}/fees?done=package", status_code=303)

    @get("/benefits", sync_to_thread=True)
    def benefits(self, request: AnyRequest, door: Door) -> Response[str]:
        """What is locked, settled and lost, with reasons."""
        asked = benefits_asked(request.url.path, request.query_params)
        with door.reading() as ctx:
            lines, page = queries.benefits(ctx, asked)
            return door.page(
                request,
                "fees/benefits.html",
                "list",
                asked=asked,
                lines=lines,
                page=page,
                overview=queries.overview(ctx),
                words=words,
                crumbs=CRUMBS,
            )

    @get("/charged", sync_to_thread=True)
    def charged(self, request: AnyRequest, door: Door) -> Response[str]:
        """The fees that were settled, OA fees among them."""
        asked = charges_asked(request.url.path, request.query_params)
        with door.reading() as ctx:
            lines, page = queries.charges(ctx, asked)
            return door.page(
                request,
                "fees/charged.html",
                "list",
                asked=asked,
                lines=lines,
                page=page,
                sums=queries.charge_sums(ctx),
                words=words,
                fees=FEES,
                crumbs=CRUMBS,
            )

    @get("/statement", sync_to_thread=True)
    def statement(self, request: AnyRequest, door: Door) -> Response[str]:
        """The statement, to be read or printed."""
        with door.reading() as ctx:
            store = ctx.session.get_one(Merchant, ctx.merchant)
            return door.page(
                request,
                "fees/statement.html",
                found=statement(ctx),
                store={"zh": store.name_zh, "en": store.name_en},
                now=ctx.now,
                words=words,
                crumbs=(
                    Crumb(Phrase(N_("Service fees")), f"/w/{door.sandbox.id}/fees"),
                    Crumb(Phrase(N_("Account statement"))),
                ),
            )

    @get("/statement.csv", sync_to_thread=True)
    def csv(self, door: Door) -> Response[bytes]:
        """The statement as a table."""
        with door.reading() as ctx:
            body = write_csv(HEADER, table(statement(ctx)))
        headers = {
            "Content-Disposition": 'attachment; filename="service-fees.csv"',
            "Cache-Control": "no-store",
        }
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    @get("/statement.pdf", sync_to_thread=True)
    def pdf(self, request: AnyRequest, door: Door) -> Response[bytes]:
        """The statement to be kept or sent."""
        with door.reading() as ctx, speaking(locale_of(request)):
            store = ctx.session.get_one(Merchant, ctx.merchant)
            names = {"zh": store.name_zh, "en": store.name_en}
            body = statement_pdf(statement(ctx), names, ctx.now)
        headers = {
            "Content-Disposition": 'attachment; filename="service-fees.pdf"',
            "Cache-Control": "no-store",
        }
        return Response(body, media_type="application/pdf", headers=headers)


def _page(request: AnyRequest, door: Door, refused: Refusal | None = None) -> Response[str]:
    path, params = f"/w/{door.sandbox.id}/fees", request.query_params
    asked, planned = receipts_asked(path, params), planned_of(params)
    with door.reading() as ctx, speaking(locale_of(request)):
        told, problem = _plan(ctx, planned) if planned.amount_usd else (None, None)
        found = queries.overview(ctx)
        lines, page = queries.receipts(ctx, asked)
        days = _days(ctx, found)
        return door.page(
            request,
            "fees/index.html",
            "plan" if request.headers.get("HX-Target", "").endswith("#plan") else "receipts",
            status=refused.status if refused else 200,
            overview=found,
            asked=asked,
            lines=lines,
            page=page,
            planned=planned,
            plan=told,
            problem=problem,
            option=_chart(days, found.rules.threshold_cents),
            peers=peers(ctx),
            days=[(day, {"cents": cents}) for day, cents in days],
            prices=fee_prices(ctx),
            package_rules=ctx.rulebook.values("F2-package", ctx.now),
            state=_state(ctx, found),
            words=words,
            options={
                name: [(value, t(text)) for value, text in table_.items()]
                for name, table_ in (
                    ("channel", trade_words.CHANNELS),
                    ("export_mode", trade_words.EXPORTS),
                    ("special", trade_words.SPECIALS),
                )
            },
            exports=trade_words.EXPORTS,
            channels=trade_words.CHANNELS,
            rulebook=ctx.rulebook,
            now=ctx.now,
            form_key=fresh_key(),
            refused=refused,
            done=DONE.get(params.get("done", "")),
            crumbs=CRUMBS,
        )


def _plan(ctx: Context, planned: Planned) -> tuple[Plan | None, Refusal | None]:
    try:
        return plan(ctx, planned), None
    except Refusal as refusal:
        return None, refusal


def _state(ctx: Context, found: Overview) -> str:
    """Whether the window is to come, open or over."""
    window = found.rules.window.window
    if ctx.now < window.start:
        return "ahead"
    return "open" if ctx.now < window.end else "over"


def _days(ctx: Context, found: Overview) -> list[tuple[str, int]]:
    """The total at the end of each Pacific day of the window so far."""
    window = found.rules.window.window
    last = min(ctx.now, window.last_second)
    days, total, steps = [], 0, list(found.steps)
    day = pt_day(window.start)
    while day <= pt_day(last) and ctx.now >= window.start:
        end = day_start(day + timedelta(days=1))
        while steps and steps[0][0] < end:
            total = steps.pop(0)[1]
        days.append((f"{day:%m-%d}", total))
        day += timedelta(days=1)
    return days


def _chart(days: Sequence[tuple[str, int]], line: int) -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "legend": {"top": 0, "right": 0},
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [day for day, _ in days]},
        "yAxis": {"type": "value", "min": 0, "name": "US$"},
        "series": [
            {
                "type": "line",
                "name": t(N_("Running total")),
                "step": "end",
                "showSymbol": False,
                "areaStyle": {"opacity": 0.12},
                "data": [cents / CENT for _, cents in days],
            },
            {
                "type": "line",
                "name": t(N_("The line")),
                "showSymbol": False,
                "lineStyle": {"type": "dashed"},
                "data": [line / CENT for _ in days],
            },
        ],
    }
