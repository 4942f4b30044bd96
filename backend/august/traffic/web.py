"""数据分析 › 访客详情: who came, from where, how, and what they did afterwards."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from litestar import Controller, Response, get

from august.catalog import lines
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.traffic import queries
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, say, speaking, t
from august.web.shell import Crumb
from august.web.tables import Listing, listing

COUNTRIES_SHOWN = 10
STAGE_TONES = {"looked": "", "asked": "middle", "ordered": "accent", "paid": "good"}
TABS = (("", N_("List of visitors")), ("/products", N_("By product")))


def asked_of(request: AnyRequest, sorts: Sequence[str], default: str) -> Listing:
    """What the address asks of visitors or products."""
    return listing(
        request.url.path, request.query_params, sorts=sorts, default=default, filters=queries.FILTERS
    )


class VisitorsPage(Controller):
    """The list of visitors with its charts, and the store's products by what came of them."""

    path = "/w/{sandbox_id:str}/visitors"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """A page of visitors."""
        asked = asked_of(request, queries.SORTS, "-last")
        with door.reading() as ctx:
            guests = queries.visitors(ctx, asked)
            names = queries.titles(ctx) if asked.get("product") else {}
        known = lines.standing().countries
        with speaking(locale_of(request)):
            by_day = _days(guests)
            by_country = [
                (say(known[each.name]), each.visitors, each.visits)
                for each in guests.countries[:COUNTRIES_SHOWN]
            ]
            by_source = [
                (t(queries.SOURCE_WORDS[each.name]), each.visitors, each.visits) for each in guests.sources
            ]
            charts = {
                "days": _bars_and_line(by_day, t(N_("Visits")), t(N_("Visitors"))),
                "countries": _flat_bars(by_country, t(N_("Visitors"))),
                "sources": _flat_bars(by_source, t(N_("Visitors"))),
            }
        return door.page(
            request,
            "traffic/visitors.html",
            "list",
            asked=asked,
            guests=guests,
            charts=charts,
            by_day=by_day,
            by_country=by_country,
            by_source=by_source,
            countries=sorted(
                ((each.name, known[each.name]) for each in guests.countries), key=lambda c: c[0]
            ),
            country_of=known,
            product_title=next((names[n] for n in names if str(n) == asked.get("product")), None),
            chosen_days=asked.get("days", queries.SPAN),
            words={
                "spans": queries.SPANS,
                "sources": queries.SOURCE_WORDS,
                "stages": queries.STAGE_WORDS,
                "tiers": queries.TIER_WORDS,
            },
            stage_tones=STAGE_TONES,
            tabs=TABS,
            crumbs=_crumbs(),
        )

    @get("/products", sync_to_thread=True)
    def products(self, request: AnyRequest, door: Door) -> Response[str]:
        """The store's products by exposures, clicks and opportunities."""
        asked = asked_of(request, queries.PRODUCT_SORTS, "-visits")
        with door.reading() as ctx:
            rows, page = queries.products(ctx, asked)
        return door.page(
            request,
            "traffic/products.html",
            "list",
            asked=asked,
            rows=rows,
            page=page,
            chosen_days=asked.get("days", queries.SPAN),
            words={"spans": queries.SPANS},
            tabs=TABS,
            crumbs=_crumbs(),
        )


def _crumbs() -> tuple[Crumb, ...]:
    return (Crumb(Phrase(N_("Analytics"))), Crumb(Phrase(N_("Visitor details"))))


def _days(guests: queries.Guests) -> list[tuple[str, int, int]]:
    found = zip(guests.days.visits.tolist(), guests.days.visitors.tolist(), strict=True)
    return [
        (f"{guests.first + timedelta(days=place):%m-%d}", visits, heads)
        for place, (visits, heads) in enumerate(found)
    ]


def _bars_and_line(rows: Sequence[tuple[str, int, int]], bars: str, line: str) -> dict[str, Any]:
    """Two figures a day over the days."""
    return {
        "xAxis": {"type": "category", "data": [day for day, _, _ in rows]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"type": "bar", "name": bars, "data": [value for _, value, _ in rows]},
            {"type": "line", "name": line, "symbolSize": 5, "data": [value for _, _, value in rows]},
        ],
    }


def _flat_bars(rows: Sequence[tuple[str, int, int]], name: str) -> dict[str, Any]:
    """Bars that lie, the longest on top."""
    return {
        "tooltip": {"trigger": "item"},
        "legend": {"show": False},
        "grid": {"left": 8, "right": 36, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {"type": "category", "inverse": True, "data": [label for label, _, _ in rows]},
        "series": [
            {
                "type": "bar",
                "name": name,
                "label": {"show": True, "position": "right"},
                "data": [value for _, value, _ in rows],
            }
        ],
    }
