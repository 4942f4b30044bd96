"""跨境供应链官网 › 资讯中心 › 企业公告: announcements as the platform's own site shows them (F11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Controller, Response, get
from litestar.params import FromPath

from august.kernel.clock import beijing, pacific
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase
from august.messages import news
from august.messages.announcements import Announcement, Span
from august.messages.news import Article
from august.messages.web import pages_of
from august.messages.words import KINDS, STATES, TOPICS
from august.rulechannel.queries import ORIGINS, path_of
from august.sandboxes.door import Door, OpenSandbox
from august.web.htmx import AnyRequest
from august.web.i18n import say, t
from august.web.tables import listing


@dataclass(frozen=True)
class WindowRow:
    """A window ready to be shown: to the second, in both zones."""

    what: str
    start: tuple[str, str] | None
    last: tuple[str, str]
    zones: str
    state: str
    left: Phrase | None


@dataclass(frozen=True)
class RuleLink:
    """A paragraph of the rules, and where it is read when this world has it."""

    id: str
    path: str | None
    title: str


class NewsPage(Controller):
    """The list and its articles."""

    path = "/w/{sandbox_id:str}/onetouch/news"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """By month, the newest first."""
        asked = listing(
            request.url.path, request.query_params, sorts=("at",), default="-at", filters=news.FILTERS
        )
        with door.reading() as ctx:
            now, found = ctx.now, news.articles(ctx)
        fit = news.chosen(found, asked)
        page = asked.slice_of(len(fit))
        shown = fit[page.offset : page.offset + page.size]
        months = dict.fromkeys(f"{each.month:%Y-%m}" for each in found)
        return door.page(
            request,
            "messages/news.html",
            "list",
            asked=asked,
            page=page,
            groups=_by_month(shown),
            next_of={each.one.id: _next(each.one, now) for each in shown},
            months=list(months),
            total=len(found),
            topics=TOPICS,
            kinds=KINDS,
        )

    @get("/{code:str}", sync_to_thread=True)
    def show(self, request: AnyRequest, door: Door, code: FromPath[str]) -> Response[str]:
        """An article with its windows, rules and page."""
        with door.reading() as ctx:
            everything = news.articles(ctx)
            found = news.article(everything, code)
            now, rulebook = ctx.now, ctx.rulebook
        place = everything.index(found)
        return door.page(
            request,
            "messages/article.html",
            article=found,
            windows=[_row(span, now) for span in found.one.windows],
            rules=rule_links(rulebook, found.one.rules, now),
            offer=_offer(door, found.one),
            newer=everything[place - 1] if place else None,
            older=everything[place + 1] if place + 1 < len(everything) else None,
            topics=TOPICS,
            kinds=KINDS,
            states=STATES,
            origins={key: label for key, label, _ in ORIGINS},
        )


def _by_month(found: Sequence[Article]) -> dict[str, list[Article]]:
    groups: dict[str, list[Article]] = {}
    for each in found:
        groups.setdefault(f"{each.month:%Y-%m}", []).append(each)
    return groups


def _next(one: Announcement, now: datetime) -> Phrase | None:
    """The next edge of its windows."""
    coming = [span for span in one.windows if span.state(now) != "over"]
    return news.countdown(min(coming, key=lambda span: span.end), now) if coming else None


def _row(span: Span, now: datetime) -> WindowRow:
    return WindowRow(
        what=say(span.what),
        start=None if span.start is None else exact(span.start),
        last=exact(span.last),
        zones=t(N_(", ")).join(span.zones),
        state=span.state(now),
        left=news.countdown(span, now),
    )


def exact(at: datetime) -> tuple[str, str]:
    """An instant to the second on Pacific and on Beijing clocks."""
    return (
        t(N_("{time} PT"), time=f"{pacific(at):%Y-%m-%d %H:%M:%S}"),
        t(N_("{time} Beijing"), time=f"{beijing(at):%Y-%m-%d %H:%M:%S}"),
    )


def rule_links(rulebook: Rulebook, rules: Sequence[str], now: datetime) -> list[RuleLink]:
    """The paragraphs by their titles; one that this world lacks has no link."""
    return [RuleLink(rule, path_of(rulebook, rule), _title(rulebook, rule, now)) for rule in rules]


def _title(rulebook: Rulebook, rule: str, now: datetime) -> str:
    if rule not in rulebook:
        return ""
    versions = rulebook.versions(rule)
    return say(next((one for one in versions if one.in_force(now)), versions[-1]).title)


def _offer(door: OpenSandbox, one: Announcement) -> tuple[str, str] | None:
    """Where the offer is used, by path and name, when the house has that page."""
    menu = pages_of(door)
    if one.page is None or one.page not in menu:
        return None
    section, label = menu[one.page]
    return one.page, f"{t(section)} › {t(label)}"
