"""资金管理 › 信用证融资, and 交易管理 › 交易保障服务 › OA赊销."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.finance import lending, oa, queries, steps, words
from august.kernel.clock import PACIFIC, from_local, pacific
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import amount, parse_amount
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.trade.words import SPECIALS
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, speaking
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import Listing, listing

LENGTH = 19
# A step of the page: the command that takes it.
COMMANDS: Mapping[str, str] = {
    "present": "finance.present",
    "draw": "finance.draw",
    "repay": "finance.repay",
    "withdraw": "finance.withdraw_lc",
}


class LcPage(Controller):
    """LC financing: what can be financed, what is, and what a drawdown would cost."""

    path = "/w/{sandbox_id:str}/lc-financing"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The desk."""
        return _lc_page(request, door)

    @post("/apply", sync_to_thread=True, status_code=200)
    def apply(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Apply for an order."""
        text = form.text("order")
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= oa.ID_DIGITS else 0
        return _lc_done(request, door, form, "finance.apply_lc", {"order": number}, "apply")

    @post("/{financing:int}/{step:str}", sync_to_thread=True, status_code=200)
    def step(
        self, request: AnyRequest, door: Door, form: ReadForm, financing: FromPath[int], step: FromPath[str]
    ) -> Response[Any]:
        """Take a step of a financing."""
        if step not in COMMANDS:
            raise Refusal("lc.no_such_step", N_("There is no such step of an LC financing."), status=404)
        return _lc_done(request, door, form, COMMANDS[step], {"financing": financing}, step)


def _lc_done(
    request: AnyRequest, door: Door, form: Form, command: str, payload: dict[str, Any], done: str
) -> Response[Any]:
    try:
        door.run(command, payload, form.key)
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _lc_page(request, door, refusal)
    return Redirect(f"/w/{door.sandbox.id}/lc-financing?done={done}", status_code=303)


def _lc_page(request: AnyRequest, door: Door, refused: Refusal | None = None) -> Response[str]:
    with door.reading() as ctx, speaking(locale_of(request)):
        typed, errors, found = _what_if(request, ctx)
        return door.page(
            request,
            "finance/lc.html",
            "what_if",
            status=refused.status if refused else 200,
            desk=queries.desk(ctx),
            offer=lending.lc_offer(ctx),
            terms=lending.terms(ctx),
            steps=steps.STEPS,
            states=steps.STATES,
            turns=steps.TURNS,
            tones=words.LC_TONES,
            specials=SPECIALS,
            typed=typed,
            errors=errors,
            found=found,
            rulebook=ctx.rulebook,
            now=ctx.now,
            form_key=fresh_key(),
            refused=refused,
            done=words.DONE.get(request.query_params.get("done", "")),
            crumbs=(Crumb(Phrase(N_("Funds"))), Crumb(Phrase(N_("LC financing")))),
        )


def _what_if(request: AnyRequest, ctx: Context) -> tuple[dict[str, str], dict[str, Phrase], Any]:
    """A planned drawdown as typed, what is wrong with it, and its fee with the explanation."""
    plain = {"amount": "10000.00", "at": f"{pacific(ctx.now):%Y-%m-%d %H:%M:%S}"}
    typed = {name: request.query_params.get(name, text).strip()[:40] for name, text in plain.items()}
    errors: dict[str, Phrase] = {}
    cents, at = 0, ctx.now
    try:
        cents = parse_amount(typed["amount"], "amount")
    except Refusal as refusal:
        errors.update(refusal.fields)
    try:
        at = from_local(PACIFIC, typed["at"][:LENGTH])
    except Refusal as refusal:
        errors["at"] = refusal.message
    if errors:
        return typed, errors, None
    typed["amount"] = amount(cents)
    return typed, errors, queries.what_if(ctx, cents, at)


def oa_asked(request: AnyRequest, path: str) -> Listing:
    """What the address asks of the OA orders."""
    return listing(path, request.query_params, sorts=oa.SORTS, default="due", filters=oa.FILTERS)


class OaPage(Controller):
    """The store's OA orders."""

    path = "/w/{sandbox_id:str}/oa-credit"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """OA orders with what is owed, when it is due, and the credit of the buyer."""
        asked = oa_asked(request, request.url.path)
        with door.reading() as ctx:
            rules = oa.oa_rules(ctx)
            return door.page(
                request,
                "finance/oa.html",
                "list",
                asked=asked,
                table=oa.oa_orders(ctx, asked),
                rules=rules,
                states=oa.STATES,
                tones=words.OA_TONES,
                credits=oa.CREDITS,
                crumbs=(Crumb(Phrase(N_("Orders"))), Crumb(Phrase(N_("OA credit")))),
            )
