"""Messages and announcements as JSON: the same queries the pages read."""

from typing import Any

import msgspec
from litestar import Controller, get
from litestar.params import FromPath

from august.messages import news, queries
from august.messages.announcements import Span
from august.messages.news import Article
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.i18n import say
from august.web.tables import listing


class MessagesApi(Controller):
    """The message box of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/messages"
    tags = ("Messages",)

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """Messages, the newest first: `kind` a tab, `state=unread`, `q` words in the reader's language."""
        asked = listing(
            request.url.path, request.query_params, sorts=("at",), default="-at", filters=queries.FILTERS
        )
        with door.reading() as ctx:
            box = queries.box(ctx, asked)
        return {
            "total": box.page.total,
            "unread": box.unread,
            "tabs": {tab: {"count": count, "unread": new} for tab, (count, new) in box.counts.items()},
            "items": [msgspec.to_builtins(line) for line in box.lines],
        }


class NewsApi(Controller):
    """Announcements that have appeared (F11)."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/announcements"
    tags = ("Announcements",)

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """By `month`, `kind`, `topic` and words; nothing before its instant."""
        asked = listing(
            request.url.path, request.query_params, sorts=("at",), default="-at", filters=news.FILTERS
        )
        with door.reading() as ctx:
            found = news.chosen(news.articles(ctx), asked)
        return {"total": len(found), "items": [_told(each) for each in found]}

    @get("/{code:str}", sync_to_thread=True)
    def show(self, door: Door, code: FromPath[str]) -> dict[str, Any]:
        """One of them."""
        with door.reading() as ctx:
            return _told(news.article(news.articles(ctx), code))


def _told(each: Article) -> dict[str, Any]:
    one = each.one
    return {
        "id": one.id,
        "at": each.at,
        "kind": one.kind,
        "topic": one.topic,
        "title": each.title,
        "text": "\n\n".join(each.paragraphs),
        "windows": [_span(span) for span in one.windows],
        "rules": list(one.rules),
        "origin": one.origin,
        "source": one.source,
    }


def _span(span: Span) -> dict[str, Any]:
    return {"what": say(span.what), "from": span.start, "last": span.last, "zones": list(span.zones)}
