"""交易管理 › 退款纠纷: the table of refund requests, one of them, what is done about it."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.integrity import queries, steps
from august.integrity.commands import STATEMENT_LIMIT, party_dispute
from august.integrity.words import REASON_WORDS
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.trade.queries import country_names
from august.trade.steps import TURN_WORDS
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import Listing, listing

DONE = {
    "accept": N_("The refund was accepted."),
    "offer": N_("The offer was sent to the buyer."),
    "remind": N_("The buyer was asked for the right reason."),
    "explain": N_("The statement was given."),
}
FIELDS: Mapping[str, tuple[str, ...]] = {
    "accept": (),
    "remind": (),
    "offer": ("amount_usd",),
    "explain": ("statement",),
}
LIABLE = {"yes": N_("Seller liable"), "no": N_("Not liable")}


def asked_of(request: AnyRequest, path: str) -> Listing:
    """What the address asks of the table."""
    return listing(
        path, request.query_params, sorts=tuple(queries.SORTS), default="-opened", filters=queries.FILTERS
    )


class DisputesPage(Controller):
    """All refund requests."""

    path = "/w/{sandbox_id:str}/disputes"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """A page of the requests against the store."""
        asked = asked_of(request, request.url.path)
        with door.reading() as ctx:
            return door.page(
                request,
                "integrity/disputes.html",
                "list",
                asked=asked,
                table=queries.table(ctx, asked),
                states=steps.STATES,
                tones=queries.STATE_TONES,
                turns=TURN_WORDS,
                reasons=REASON_WORDS,
                liable_words=LIABLE,
                sizes=(20, 50, 100),
                crumbs=(Crumb(Phrase(N_("Orders"))), Crumb(Phrase(N_("Refund disputes")))),
            )


class DisputePage(Controller):
    """One refund request."""

    path = "/w/{sandbox_id:str}/disputes/{dispute:int}"

    @get(sync_to_thread=True)
    def show(self, request: AnyRequest, door: Door, dispute: FromPath[int]) -> Response[str]:
        """Reason, facts, offers, deadline, who is liable."""
        return dispute_page(request, door, dispute)

    @post("/{step:str}", sync_to_thread=True, status_code=200)
    def act(
        self, request: AnyRequest, door: Door, form: ReadForm, dispute: FromPath[int], step: FromPath[str]
    ) -> Response[Any]:
        """Answer the buyer; a refusal is shown on the page."""
        if step not in FIELDS:
            raise Refusal(
                "dispute.no_step", N_("There is no step {step}."), params={"step": step[:40]}, status=404
            )
        payload = {"dispute": dispute, **{name: form.text(name) for name in FIELDS[step]}}
        try:
            door.run(f"integrity.{step}", payload, form.key)
        except Refusal as refusal:
            if refusal.status == 404:  # noqa: PLR2004 - nobody's request has no page
                raise
            return dispute_page(request, door, dispute, refusal, form)
        return Redirect(f"/w/{door.sandbox.id}/disputes/{dispute}?done={step}", status_code=303)


def dispute_page(
    request: AnyRequest, door: Door, dispute: int, refused: Refusal | None = None, form: Form | None = None
) -> Response[str]:
    """The page of a request; `form` is what was refused."""
    with door.reading() as ctx:
        look = queries.look(ctx, party_dispute(ctx, dispute))
        country = look.client.country
        return door.page(
            request,
            "integrity/dispute.html",
            status=refused.status if refused else 200,
            look=look,
            dispute=look.dispute,
            rulebook=ctx.rulebook,
            now=ctx.now,
            states=steps.STATES,
            steps=steps.STEPS,
            tones=queries.STATE_TONES,
            turns=TURN_WORDS,
            reasons=REASON_WORDS,
            country=country_names([country]).get(country, country),
            statement_limit=STATEMENT_LIMIT,
            refused=refused,
            errors={} if refused is None else refused.fields,
            typed=form.flat if form else {},
            form_key=fresh_key(),
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(
                Crumb(Phrase(N_("Orders")), f"/w/{door.sandbox.id}/orders"),
                Crumb(Phrase(N_("Refund disputes")), f"/w/{door.sandbox.id}/disputes"),
                Crumb(Phrase(N_("Refund request {id}"), {"id": str(dispute)})),
            ),
        )
