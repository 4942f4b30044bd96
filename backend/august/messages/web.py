"""消息盒子 › 查看历史."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.response import Redirect

from august.kernel.context import Context
from august.kernel.features import DigestLine
from august.kernel.words import N_
from august.messages import queries
from august.sandboxes.door import Door
from august.web.tables import listing


class MessagesPage(Controller):
    """The history of messages."""

    path = "/w/{sandbox_id:str}/messages"

    @get(sync_to_thread=True)
    def index(self, request: Request[Any, Any, Any], door: Door) -> Response[str]:
        """Newest first."""
        asked = listing(request.url.path, request.query_params, sorts=("at",), default="-at")
        with door.reading() as ctx:
            return door.page(
                request,
                "messages/index.html",
                box=queries.box(ctx, asked),
                asked=asked,
                crumbs=(),
            )

    @post("/read", sync_to_thread=True)
    def read(self, door: Door) -> Redirect:
        """Mark all that is there as read."""
        with door.reading() as ctx:
            newest = queries.newest(ctx)
        if newest is not None:
            door.run("messages.mark_read", {"up_to": newest})
        return Redirect(f"/w/{door.sandbox.id}/messages", status_code=303)


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """How many messages a jump brought."""
    fresh = queries.between(ctx, since, until)
    return [DigestLine(N_("New messages: {count}"), {"count": fresh}, "/messages")] if fresh else []
