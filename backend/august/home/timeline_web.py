"""沙盒 › 时间线: the release as Gantt, calendar and list, with the play-head at the world's now (R3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from litestar import Controller, Response, get

from august.home import gantt, timeline
from august.home.timeline import Item
from august.kernel.clock import BEIJING, PACIFIC, pacific
from august.kernel.context import Context
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase
from august.rulechannel.queries import path_of
from august.sandboxes.clock import LOCAL
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, say, speaking, t
from august.web.shell import Crumb
from august.web.tables import Listing, listing

ZONES = {"pt": PACIFIC, "bj": BEIJING}
VIEWS = {"gantt": N_("Gantt chart"), "calendar": N_("Calendar"), "list": N_("Only the list")}
FILTERS = ("view", "month", "zone", "kind", "state", "chapter")
TONES = {"late": "bad", "running": "good", "coming": "accent", "past": ""}
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
EDGES = {"begins": N_("begins"), "ends": N_("ends"), "falls": ""}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Asked:
    """What the address asks of the timeline."""

    list: Listing
    view: str
    month: date | None
    zone: str


@dataclass(frozen=True)
class Line:
    """An item ready for the list: its state, where its rule is read, where a jump would lead."""

    item: Item
    state: str
    rule: str | None
    jump: str | None


def asked_of(request: AnyRequest) -> Asked:
    """Unknown views, months and zones fall back quietly."""
    asked = listing(
        request.url.path, request.query_params, sorts=("start",), default="start", filters=FILTERS
    )
    months = {f"{month:%Y-%m}": month for month in gantt.months()}
    view, zone = asked.get("view"), asked.get("zone")
    return Asked(
        asked,
        view if view in VIEWS else "gantt",
        months.get(asked.get("month")),
        zone if zone in ZONES else "pt",
    )


def wanted(ctx: Context, pages: set[str], asked: Listing) -> list[Item]:
    """What the filters let through, in order of time."""
    found = timeline.items(ctx, pages)
    return timeline.chosen(found, ctx.now, asked.get("kind"), asked.get("state"), asked.get("chapter"))


def line_of(item: Item, now: datetime, rulebook: Rulebook) -> Line:
    """An item as the list shows it."""
    return Line(item, item.state(now), path_of(rulebook, item.rule), jump_to(item, now))


def jump_to(item: Item, now: datetime) -> str | None:
    """The clock's address that leads to an item, to the next whole minute."""
    goal = item.goal(now)
    if goal is None:
        return None
    local = pacific(goal)
    if local.second:
        local = pacific(goal.replace(second=0) + MINUTE)
    return f"/clock?local={local.strftime(LOCAL)}&zone=pt"


class TimelinePage(Controller):
    """Everything dated, drawn and listed."""

    path = "/w/{sandbox_id:str}/timeline"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The timeline by the address's view and filters."""
        asked = asked_of(request)
        zone = ZONES[asked.zone]
        pages = {item.path for room in door.world.house.features for item in room.menu}
        with door.reading() as ctx:
            now, rulebook = ctx.now, ctx.rulebook
            found = wanted(ctx, pages, asked.list)
        month = asked.month or _month_of(now.astimezone(zone).date())
        if asked.month or asked.view == "calendar":
            found = gantt.inside(found, gantt.frame(zone, month))
        page = asked.list.slice_of(len(found))
        listed = sorted(found, key=lambda item: list(timeline.STATES).index(item.state(now)))
        drawing = weeks = None
        with speaking(locale_of(request)):
            chapters = {key: t(words) for key, words in timeline.CHAPTERS.items()}
            if asked.view == "gantt":
                span = gantt.frame(zone, asked.month)
                drawing = gantt.draw(found, now, span, chapters, lambda item: say(item.line))
        if asked.view == "calendar":
            weeks = gantt.weeks(found, month, zone, now)
        return door.page(
            request,
            "home/timeline.html",
            "timeline",
            asked=asked,
            drawing=drawing,
            weeks=weeks,
            lines=[line_of(item, now, rulebook) for item in listed[page.offset : page.offset + page.size]],
            page=page,
            month=month,
            months=gantt.months(),
            chapters=chapters,
            views=VIEWS,
            kinds=timeline.KINDS,
            states=timeline.STATES,
            tones=TONES,
            weekdays=WEEKDAYS,
            edges=EDGES,
            shape={"row": gantt.ROW, "labels": gantt.LABELS, "bar": gantt.BAR, "text": gantt.TEXT},
            crumbs=(Crumb(Phrase(N_("Sandbox"))), Crumb(Phrase(N_("Timeline")))),
        )


def _month_of(day: date) -> date:
    """The month of a day, kept within what the timeline shows."""
    return min(max(day, gantt.FIRST), gantt.LAST).replace(day=1)
