"""规则与违规 › 规则频道: the page of all rules."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.params import FromQuery

from august.kernel.context import Context
from august.kernel.features import Feature, Hit
from august.kernel.words import N_, Phrase
from august.rulechannel import queries
from august.sandboxes.door import Door
from august.web.i18n import say
from august.web.menu import MenuItem
from august.web.shell import Crumb


class RuleChannelPage(Controller):
    """Filter, search, read."""

    path = "/w/{sandbox_id:str}/rules"

    @get(sync_to_thread=True)
    def index(
        self,
        request: Request[Any, Any, Any],
        door: Door,
        q: FromQuery[str] = "",
        origin: FromQuery[str] = "",
        chapter: FromQuery[str] = "",
    ) -> Response[str]:
        """The table of rules."""
        # Taken from the address by hand: Litestar keeps the argument name `state` for itself.
        wanted = queries.Filter(q[:200], origin, chapter, request.query_params.get("state", ""))
        with door.reading() as ctx:
            return door.page(
                request,
                "rulechannel/index.html",
                "results",
                rows=queries.rows(ctx.rulebook, ctx.now, wanted),
                wanted=wanted,
                states=queries.STATES,
                state_of={key: (label, colour) for key, label, colour in queries.STATES},
                origins=queries.ORIGINS,
                origin_of={key: (label, colour) for key, label, colour in queries.ORIGINS},
                chapters=queries.chapters(ctx.rulebook),
                crumbs=(Crumb(Phrase(N_("Rules and violations"))), Crumb(Phrase(N_("Rule channel")))),
            )


def find(ctx: Context, text: str) -> list[Hit]:
    """Rules by id or title, for the jump-to box."""
    found = queries.rows(ctx.rulebook, ctx.now, queries.Filter(text))[:8]
    return [Hit(say(row.version.title), N_("Rule"), f"/rules?q={row.version.id}") for row in found]


FEATURE = Feature(
    "rulechannel",
    controllers=(RuleChannelPage,),
    menu=(MenuItem(N_("Rules and violations"), N_("Rule channel"), "/rules", "gavel"),),
    find=find,
)
