"""消息盒子 › 查看更多 › 查看历史: the box of the top bar and the history with its tabs."""

from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from august.kernel.context import Context
from august.kernel.features import DigestLine
from august.kernel.words import N_, Phrase
from august.messages import queries
from august.messages.words import TABS
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest, go, safe_path
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import listing

STATES = (("", N_("All")), ("unread", N_("Unread")))


class MessagesPage(Controller):
    """The history of messages."""

    path = "/w/{sandbox_id:str}/messages"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Newest first, by tab, state and words."""
        path = f"/w/{door.sandbox.id}/messages"
        asked = listing(path, request.query_params, sorts=("at",), default="-at", filters=queries.FILTERS)
        tab = asked.get("kind") if asked.get("kind") in TABS else ""
        with door.reading() as ctx:
            box = queries.box(ctx, asked)
        here = Crumb(Phrase(N_("History")), path if tab else None)
        return door.page(
            request,
            "messages/index.html",
            "list",
            box=box,
            asked=asked,
            tab=tab,
            tabs=TABS,
            states=STATES,
            crumbs=(
                Crumb(Phrase(N_("Message box")), path),
                *((here, Crumb(Phrase(TABS[tab].label))) if tab else (here,)),
            ),
        )

    @get("/latest", sync_to_thread=True)
    def latest(self, request: AnyRequest, door: Door) -> Response[str]:
        """The box of the top bar."""
        with door.reading() as ctx:
            lines = queries.latest(ctx)
        return door.page(request, "messages/latest.html", "latest", lines=lines, tabs=TABS)

    @post("/read", sync_to_thread=True)
    def read(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[str]:
        """Mark all that is there as read."""
        with door.reading() as ctx:
            newest = queries.newest(ctx)
        if newest is not None:
            door.run("messages.mark_read", {"up_to": newest})
        return go(request, safe_path(form.text("back"), f"/w/{door.sandbox.id}/messages"))

    @post("/{message:int}/read", sync_to_thread=True)
    def read_one(
        self, request: AnyRequest, door: Door, form: ReadForm, message: FromPath[int]
    ) -> Response[str]:
        """Mark one as read."""
        door.run("messages.mark_one", {"message": message}, form.key)
        return go(request, safe_path(form.text("back"), f"/w/{door.sandbox.id}/messages"))


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """How many messages a jump brought."""
    fresh = queries.between(ctx, since, until)
    return [DigestLine(N_("New messages: {count}"), {"count": fresh}, "/messages")] if fresh else []


def pages_of(door: Any) -> dict[str, tuple[str, str]]:
    """The pages of the menu by their paths: section and label."""
    items = [item for room in door.desk.house.features for item in room.menu]
    return {item.path: (item.section, item.label) for item in items}
