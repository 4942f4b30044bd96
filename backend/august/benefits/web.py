"""成长 › 权益中心, and 数据分析 › 数据参谋 where a trial is begun."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Redirect
from sqlalchemy import select

from august.benefits import look, queries, words
from august.benefits.commands import TRIAL
from august.benefits.models import STATES, Grant
from august.kernel.errors import Refusal
from august.kernel.tables import LARGEST_ID
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, speaking, t
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import listing

DONE = {
    "claimed": N_("The benefit was claimed."),
    "activated": N_("The trial has begun."),
}


class BenefitsPage(Controller):
    """What the star brings, what waits to be claimed, what there ever was."""

    path = "/w/{sandbox_id:str}/benefits"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The benefits center; `#history` is a list of its own."""
        return _page(request, door)

    @post("/claim", sync_to_thread=True, status_code=200)
    def claim(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Claim one benefit; a refusal is told on the page."""
        text = form.text("grant")
        grant = int(text) if text.isascii() and text.isdigit() and int(text) <= LARGEST_ID else 0
        try:
            door.run("benefits.claim", {"grant": grant}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            return _page(request, door, refusal)
        return Redirect(f"/w/{door.sandbox.id}/benefits?done=claimed", status_code=303)


def _page(request: AnyRequest, door: Door, refused: Refusal | None = None) -> Response[str]:
    asked = listing(
        f"/w/{door.sandbox.id}/benefits",
        request.query_params,
        sorts=tuple(queries.SORTS),
        default="-at",
        filters=queries.FILTERS,
    )
    with door.reading() as ctx, speaking(locale_of(request)):
        center, shelf = look.center(ctx), queries.history(ctx, asked)
        return door.page(
            request,
            "benefits/index.html",
            "history",
            status=refused.status if refused else 200,
            center=center,
            asked=asked,
            shelf=shelf,
            past=look.names(shelf.grants, queries.catalogue(ctx)),
            option=_chart(center.curve),
            curve_rows=[(day, f"{left:g}%") for day, left in center.curve],
            states=words.STATES,
            tones=words.TONES,
            families=words.FAMILIES,
            all_states=STATES,
            form_key=fresh_key(),
            refused=refused,
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(Crumb(Phrase(N_("Growth"))), Crumb(Phrase(N_("Benefits center")))),
        )


def _chart(curve: Sequence[tuple[int, float]]) -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "grid": {"left": 8, "right": 24, "top": 28, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [day for day, _ in curve]},
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            {
                "type": "line",
                "name": t(N_("Left of the month's stock")),
                "showSymbol": False,
                "areaStyle": {"opacity": 0.15},
                "data": [left for _, left in curve],
            }
        ],
    }


class TrialPage(Controller):
    """数据参谋: the trial that a star-up campaign may bring."""

    path = "/w/{sandbox_id:str}/data-advisor"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Where the trial stands, or why there is none."""
        return _trial(request, door)

    @post(sync_to_thread=True, status_code=200)
    def begin(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Begin the thirty days."""
        try:
            door.run("benefits.activate_trial", {}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            return _trial(request, door, refusal)
        return Redirect(f"/w/{door.sandbox.id}/data-advisor?done=activated", status_code=303)


def _trial(request: AnyRequest, door: Door, refused: Refusal | None = None) -> Response[str]:
    with door.reading() as ctx, speaking(locale_of(request)):
        asked = select(Grant).where(Grant.merchant_id == ctx.merchant, Grant.code == TRIAL)
        grant = ctx.session.scalars(asked.order_by(Grant.month.desc()).limit(1)).one_or_none()
        held = None if grant is None else look.held(ctx, grant, queries.catalogue(ctx)[TRIAL], None)
        return door.page(
            request,
            "benefits/trial.html",
            status=refused.status if refused else 200,
            held=held,
            why=look.why(ctx, TRIAL),
            rulebook=ctx.rulebook,
            now=ctx.now,
            states=words.STATES,
            tones=words.TONES,
            form_key=fresh_key(),
            refused=refused,
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(Crumb(Phrase(N_("Analytics"))), Crumb(Phrase(N_("Data Advisor")))),
        )
