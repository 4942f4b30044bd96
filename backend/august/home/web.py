"""首页: what needs doing, how the store goes, what the last jump brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get

from august.home import figures, queries
from august.home.figures import MEASURES, DayLine, Figure, Value
from august.kernel.words import N_
from august.sandboxes.clock import digest_lines
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, money, number, percent, speaking, t

TONE_WORDS = {"bad": N_("urgent"), "middle": N_("soon"), "plain": ""}
FLOW_WORDS = {
    "exposures": N_("Exposures"),
    "visits": N_("Visits"),
    "inquiries": N_("Inquiries and chats"),
    "placed": N_("Orders placed"),
    "orders": N_("Orders paid"),
}
# Where a figure is looked at more closely, when the house has that page.
PLACES = {
    "exposures": "/visitors/products?days=30",
    "visits": "/visitors?days=30",
    "visitors": "/visitors?days=30",
    "inquiries": "/inquiries",
    "orders": "/orders",
    "gmv": "/orders",
    "on_time": "/orders",
    "reply": "/inquiries",
    "rating": "/reviews",
}
# What explains a figure of the store, when the house has that.
REASONS = {"reply": "reply-time", "rating": "rating-store"}
FIRST_STEPS = (
    N_("Answer the inquiries: buyers wait a day or two, then they are gone."),
    N_("Ship what is due, and ask buyers who have their goods for a review."),
    N_("Press “Why?” beside any number: it opens the rule, what went in, and what would change it."),
    N_("Then move the clock at the top, a day at a time: before each jump the world is saved."),
)


@dataclass(frozen=True)
class Line:
    """A figure's line: its words, where it is looked at and explained, yesterday's and the month's values."""

    label: str
    path: str | None
    why: str | None
    values: tuple[dict[str, str], dict[str, str]]


class HomePage(Controller):
    """To-dos, figures, what happened."""

    path = "/w/{sandbox_id:str}"

    @get("/", sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The store's day."""
        house = door.world.house
        with door.reading() as ctx:
            store = ctx.merchant
            todos = queries.todos(ctx, house)
            report = figures.report(ctx)
        reasons = set(house.explainers)
        jump = door.jumps.latest(door.sandbox)
        pages = {item.path for room in house.features for item in room.menu}
        with speaking(locale_of(request)):
            told = [
                Line(
                    t(measure.label),
                    _place(pages, key),
                    f"/why/{REASONS[key]}/{store}" if REASONS.get(key) in reasons else None,
                    (told_figure(day), told_figure(month)),
                )
                for (key, measure), day, month in zip(
                    MEASURES.items(), report.yesterday, report.month, strict=True
                )
            ]
            flow = _flow(report.funnel)
            charts = {
                "traffic": _two_axes(report.days, t(N_("Exposures")), t(N_("Visits")), "exposures", "visits"),
                "deals": _deals(report.days),
                "funnel": _funnel(flow),
            }
        return door.page(
            request,
            "home/index.html",
            todos=todos,
            tone_words=TONE_WORDS,
            told=told,
            days=report.days,
            traffic_rows=[(day.day, day.exposures, day.visits) for day in report.days],
            deal_rows=[(day.day, day.inquiries, day.orders, {"cents": day.gmv_cents}) for day in report.days],
            flow_rows=[(label, count, share) for label, count, share in flow],
            charts=charts,
            jump=jump,
            digest=digest_lines(jump) if jump is not None else [],
            first_steps=FIRST_STEPS if jump is None else (),
            crumbs=(),
        )


def told_figure(figure: Figure) -> dict[str, str]:
    """A figure in the reader's language: its value, the one before, how it changed."""
    kind = MEASURES[figure.key].kind
    return {
        "value": written(kind, figure.value),
        "before": written(kind, figure.before),
        "change": changed(kind, figure.change) if figure.change else "",
        "tone": figure.tone,
    }


def changed(kind: str, change: float) -> str:
    """A change with its sign: of a share in points, of stars in stars, of all else in percent."""
    sign = "+" if change > 0 else ""
    if kind == "share":
        return t(N_("{points} points"), points=f"{sign}{number(change * 100, 1)}")
    return f"{sign}{number(change, 2) if kind == 'stars' else percent(change)}"


def written(kind: str, value: Value) -> str:
    """A value of a kind; a dash where there is none."""
    if value is None:
        return number(None)
    if kind == "money":
        return money(int(value))
    if kind == "share":
        return percent(value)
    if kind == "hours":
        return t(N_("{hours} h"), hours=number(value, 1))
    return number(value, 2)


def _place(pages: set[str], key: str) -> str | None:
    path = PLACES[key]
    root = path.partition("?")[0].removesuffix("/products")
    return path if root in pages else None


def _flow(funnel: Sequence[tuple[str, int]]) -> list[tuple[str, int, str]]:
    """Each step with its share of the one before."""
    before = [None, *(count for _, count in funnel)]
    return [
        (t(FLOW_WORDS[key]), count, percent(count / last if last else None))
        for (key, count), last in zip(funnel, before, strict=False)
    ]


def _axis(days: Sequence[DayLine]) -> dict[str, Any]:
    return {"type": "category", "data": [f"{day.day:%m-%d}" for day in days]}


def _two_axes(days: Sequence[DayLine], left: str, right: str, *names: str) -> dict[str, Any]:
    """Two figures of different size over the days: a line on the left, bars on the right."""
    first, second = ([getattr(day, name) for day in days] for name in names)
    return {
        "xAxis": _axis(days),
        "yAxis": [
            {"type": "value", "minInterval": 1},
            {"type": "value", "minInterval": 1, "splitLine": {"show": False}},
        ],
        "series": [
            {"type": "line", "name": left, "symbol": "none", "data": first},
            {"type": "bar", "name": right, "yAxisIndex": 1, "data": second},
        ],
    }


def _deals(days: Sequence[DayLine]) -> dict[str, Any]:
    """Opportunities and payments as bars, the money as a line of its own scale."""
    return {
        "grid": {"left": 8, "right": 12, "top": 56, "bottom": 8, "containLabel": True},
        "xAxis": _axis(days),
        "yAxis": [
            {"type": "value", "minInterval": 1},
            {"type": "value", "splitLine": {"show": False}},
        ],
        "series": [
            {"type": "bar", "name": t(N_("Inquiries and chats")), "data": [day.inquiries for day in days]},
            {"type": "bar", "name": t(N_("Orders paid")), "data": [day.orders for day in days]},
            {
                "type": "line",
                "name": t(N_("GMV paid (US$)")),
                "symbol": "none",
                "yAxisIndex": 1,
                "data": [day.gmv_cents / 100 for day in days],
            },
        ],
    }


def _funnel(flow: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    """Steps of even widths: between exposures and payments lie three powers of ten."""
    return {
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "legend": {"show": False},
        # Dark enough for the words inside, in both themes.
        "color": ["#c2410c", "#1d4ed8", "#0f766e", "#854d0e", "#6d28d9"],
        "series": [
            {
                "type": "funnel",
                "left": 8,
                "right": 8,
                "top": 8,
                "bottom": 8,
                "sort": "none",
                "minSize": "30%",
                "label": {"position": "inside", "color": "#ffffff"},
                "data": [
                    {"name": f"{label} {number(count)}", "value": len(flow) - place}
                    for place, (label, count, _) in enumerate(flow)
                ],
            }
        ],
    }
