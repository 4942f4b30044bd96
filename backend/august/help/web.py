"""服务中心 › 客户服务中心: search, help articles, terms, covered categories."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from august.catalog import taxonomy
from august.help import queries, seeds
from august.help.queries import RULE
from august.help.seeds import Article
from august.help.words import KINDS
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.features import Hit
from august.kernel.words import N_, Phrase
from august.messages.news_web import rule_links
from august.messages.web import pages_of
from august.rulechannel.queries import path_of
from august.sandboxes.door import Door, OpenSandbox
from august.web.forms import clean
from august.web.htmx import AnyRequest
from august.web.i18n import say, t
from august.web.menu import SECTIONS, MenuItem
from august.web.shell import Crumb

MOST_WORDS = 200
MOST_FOUND = 8


class HelpPage(Controller):
    """The search and what is written."""

    path = "/w/{sandbox_id:str}/help"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Results for `q`, of one `kind` or of all; without words the articles by parts of the menu."""
        words = clean(request.query_params.get("q", ""))[:MOST_WORDS]
        kind = request.query_params.get("kind", "")
        found = None
        if words:
            with door.reading() as ctx:
                found = queries.search(ctx, menu_of(door), words, kind if kind in KINDS else "")
        return door.page(
            request,
            "help/index.html",
            "results",
            words=words,
            kind=kind if kind in KINDS else "",
            found=found,
            kinds=KINDS,
            popular=queries.popular(),
            areas=_areas(),
            icons=dict(SECTIONS),
            rule=path_of(door.desk.house.rulebook, RULE),
            crumbs=(Crumb(Phrase(N_("Service Center"))), Crumb(Phrase(N_("Customer service center")))),
        )

    @get("/{name:str}", sync_to_thread=True)
    def show(self, request: AnyRequest, door: Door, name: FromPath[str]) -> Response[str]:
        """An article, with its page and its rules."""
        article = article_of(name)
        with door.reading() as ctx:
            rules = rule_links(ctx.rulebook, article.rules, ctx.now)
        book = seeds.standing()
        return door.page(
            request,
            "help/article.html",
            article=article,
            rules=rules,
            place=_place(door, article),
            terms=sorted(book.terms.values(), key=lambda term: say(term.term).casefold()),
            covered=book.covered,
            industries=taxonomy.standing().industries,
            not_covered=queries.not_covered(),
            others=[one for one in _areas()[article.area] if one.id != article.id],
            crumbs=(
                Crumb(Phrase(N_("Service Center"))),
                Crumb(Phrase(N_("Customer service center")), f"/w/{door.sandbox.id}/help"),
                Crumb(say(article.title)),
            ),
        )


def article_of(name: str) -> Article:
    """The article of that name; a refusal when there is none."""
    article = seeds.standing().articles.get(name)
    if article is None:
        raise Refusal(
            "help.unknown",
            N_("There is no help article {name}."),
            params={"name": name[:40]},
            status=404,
            rules=(),
            remedy=N_("Search for it in the customer service center."),
        )
    return article


def menu_of(door: OpenSandbox) -> list[MenuItem]:
    """Every page of the menu."""
    return [item for room in door.desk.house.features for item in room.menu]


def find(ctx: Context, text: str) -> list[Hit]:
    """Help for the jump-to box; rules and pages tell of themselves there."""
    found = queries.search(ctx, (), text)
    kinds: Sequence[str] = ("article", "category", "term", "announcement")
    hits = [hit for group in found.groups if group.kind in kinds for hit in group.hits]
    return [Hit(hit.name, KINDS[hit.kind][0], hit.path) for hit in hits[:MOST_FOUND]]


def _areas() -> dict[str, list[Article]]:
    """The articles by parts of the menu, in its order."""
    articles = seeds.standing().articles.values()
    areas = {area: [one for one in articles if one.area == area] for area, _ in SECTIONS}
    return {area: found for area, found in areas.items() if found}


def _place(door: OpenSandbox, article: Article) -> tuple[str, str] | None:
    """The page it is about, by path and name; a page beside the menu is called by the article."""
    if article.page is None:
        return None
    section, label = pages_of(door).get(article.page, ("", ""))
    name: Any = f"{t(section)} › {t(label)}" if label and section != label else t(label) or say(article.title)
    return article.page, name
