"""The help as JSON: the search with its reasons, articles, terms, covered categories."""

from typing import Any

import msgspec
from litestar import Controller, get
from litestar.params import FromPath

from august.help import queries, seeds
from august.help.queries import Hit
from august.help.web import MOST_WORDS, article_of, menu_of
from august.help.words import KINDS
from august.sandboxes.door import Door
from august.web.forms import clean
from august.web.htmx import AnyRequest
from august.web.i18n import say, t


class HelpApi(Controller):
    """What the customer service center finds."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/help"
    tags = ("Help",)

    @get("/search", sync_to_thread=True)
    def search(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """Everything that fits `q`, in groups, the best first; `kind` asks for all of one kind."""
        words = clean(request.query_params.get("q", ""))[:MOST_WORDS]
        kind = request.query_params.get("kind", "")
        with door.reading() as ctx:
            found = queries.search(ctx, menu_of(door), words, kind if kind in KINDS else "")
        return {
            "query": found.query,
            "total": found.total,
            "groups": [
                {
                    "kind": group.kind,
                    "label": t(KINDS[group.kind][0]),
                    "count": group.count,
                    "hits": [_told(hit) for hit in group.hits],
                }
                for group in found.groups
            ],
            "suggestions": [_told(hit) for hit in found.suggestions],
        }

    @get("/articles", sync_to_thread=True)
    def articles(self, door: Door) -> dict[str, Any]:  # noqa: ARG002 - the door asks for the token
        """Every article by its name."""
        found = seeds.standing().articles.values()
        return {"items": [{"id": one.id, "area": t(one.area), "title": say(one.title)} for one in found]}

    @get("/articles/{name:str}", sync_to_thread=True)
    def article(self, door: Door, name: FromPath[str]) -> dict[str, Any]:  # noqa: ARG002 - as above
        """One article in both languages."""
        told: dict[str, Any] = msgspec.to_builtins(article_of(name))
        return told

    @get("/covered-categories", sync_to_thread=True)
    def covered(self, door: Door) -> dict[str, Any]:  # noqa: ARG002 - as above
        """The first-level categories that Easy Return covers, with their industries in this market."""
        told: dict[str, Any] = msgspec.to_builtins(seeds.standing().covered)
        return told

    @get("/terms", sync_to_thread=True)
    def terms(self, door: Door) -> dict[str, Any]:  # noqa: ARG002 - as above
        """The words of the platform in both languages."""
        return {"items": [msgspec.to_builtins(term) for term in seeds.standing().terms.values()]}


def _told(hit: Hit) -> dict[str, Any]:
    text = "".join(piece for piece, _ in hit.snippet)
    return {"kind": hit.kind, "title": hit.name, "path": hit.path, "text": text, "why": hit.why}
