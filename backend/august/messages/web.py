"""消息盒子 › 查看历史."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.response import Redirect

from august.kernel.context import Context
from august.kernel.features import DigestLine
from august.kernel.words import N_
from august.messages import queries
from august.sandboxes.door import Door
from august.web.tables import Page

SIZE = 50


class MessagesPage(Controller):
    """The history of messages."""

    path = "/w/{sandbox_id:str}/messages"

    @get(sync_to_thread=True)
    def index(self, request: Request[Any, Any, Any], door: Door, page: int = 1) -> Response[str]:
        """Newest first."""
        number = max(1, min(page, 10_000))
        with door.reading() as ctx:
            box = queries.box(ctx, number, SIZE)
            return door.page(
                request,
                "messages/index.html",
                box=box,
                page=Page(size=SIZE, page=number, total=box.total),
                crumbs=((N_("Message box"), None),),
            )

    @post("/read", sync_to_thread=True)
    def read(self, door: Door) -> Redirect:
        """Mark all that is there as read."""
        with door.reading() as ctx:
            newest = queries.box(ctx, 1, 1).messages
        if newest:
            door.run("messages.mark_read", {"up_to": newest[0].id})
        return Redirect(f"/w/{door.sandbox.id}/messages", status_code=303)


def digest(ctx: Context, since: Any, until: Any) -> list[DigestLine]:
    """How many messages a jump brought."""
    fresh = [message for message in queries.box(ctx, 1, 500).messages if since < message.at <= until]
    return [DigestLine(N_("New messages: {count}"), {"count": len(fresh)}, "/messages")] if fresh else []
