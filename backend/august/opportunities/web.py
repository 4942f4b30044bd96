"""商机 › 询盘 and 沟通: the table of conversations, and the same ones as an inbox."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from august.catalog.queries import UNIT_WORDS
from august.kernel.words import N_, Phrase
from august.opportunities import queries, words
from august.opportunities.commands import own_inquiry
from august.opportunities.talk_web import inbox_listing, inbox_page, told_of
from august.sandboxes.door import Door
from august.web.forms import Form
from august.web.htmx import AnyRequest
from august.web.shell import Crumb
from august.web.tables import listing


class InquiriesPage(Controller):
    """The table."""

    path = "/w/{sandbox_id:str}/inquiries"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """A page of conversations, the most urgent first."""
        asked = listing(
            request.url.path,
            request.query_params,
            sorts=queries.SORTS,
            default="urgent",
            filters=queries.FILTERS,
        )
        with door.reading() as ctx:
            found = queries.inquiries(ctx, asked)
            return door.page(
                request,
                "opportunities/inquiries.html",
                "list",
                asked=asked,
                found=found,
                service=queries.service(ctx),
                store=ctx.merchant,
                products=queries.asked_products(ctx),
                countries=queries.countries(),
                staff=found.staff,
                words=words,
                unit_words=UNIT_WORDS,
                sizes=(20, 50, 100),
                crumbs=(Crumb(Phrase(N_("Opportunities"))),),
            )


class ChatPage(Controller):
    """The inbox."""

    path = "/w/{sandbox_id:str}/chat"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The conversations; beside them, where there is room, the most urgent one."""
        with door.reading() as ctx:
            return inbox_page(
                request, door, ctx, inbox_listing(door, request.query_params), None, chosen=False
            )

    @get("/{inquiry:int}", sync_to_thread=True)
    def show(self, request: AnyRequest, door: Door, inquiry: FromPath[int]) -> Response[str]:
        """The conversations and a chosen one."""
        with door.reading() as ctx:
            told = told_of(ctx, own_inquiry(ctx, inquiry), Form({}, {"view": "chat"}))
            return inbox_page(request, door, ctx, inbox_listing(door, request.query_params), told)
