"""数据分析 › 大促数据大屏: the store's festival against its target, and the boards (F12)."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from august.kernel.errors import Refusal
from august.kernel.explain import money as usd
from august.kernel.money import amount
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.venue import figures
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, percent, speaking, t
from august.web.pages import ReadForm
from august.web.shell import Crumb


class BoardPage(Controller):
    """The dashboard."""

    path = "/w/{sandbox_id:str}/festival/board"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The festival so far, of complete Pacific days."""
        return _page(request, door)

    @post("/target", sync_to_thread=True, status_code=200)
    def target(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Set the target."""
        try:
            door.run("venue.set_target", {"amount_usd": form.text("amount_usd")}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            return _page(request, door, refusal, form)
        return Redirect(f"/w/{door.sandbox.id}/festival/board?done=1", status_code=303)


def _page(
    request: AnyRequest, door: Door, refused: Refusal | None = None, form: Form | None = None
) -> Response[str]:
    with door.reading() as ctx, speaking(locale_of(request)):
        screen = figures.screen(ctx)
        money = {
            "l1": t(N_("Buyers from L1 on")),
            "others": t(N_("Other buyers")),
            "so_far": t(N_("So far")),
            "target": t(N_("Target")),
        }
        visits = {"visitors": t(N_("Visitors")), "conversion": t(N_("Orders of 100 visitors"))}
        own = "" if screen.target is None else amount(screen.target)
        return door.page(
            request,
            "venue/board.html",
            status=refused.status if refused else 200,
            screen=screen,
            money_chart=figures.chart_of_money(screen, money),
            visits_chart=figures.chart_of_visits(screen, visits),
            money_rows=[
                (day.day, *(usd(cents, "USD") for cents in (day.l1_cents, day.other_cents, day.so_far)))
                for day in screen.days
            ],
            visit_rows=[(day.day, day.visitors, day.orders, percent(day.conversion)) for day in screen.days],
            typed=form.text("amount_usd") if form else own,
            refused=refused,
            form_key=fresh_key(),
            done=N_("The target was set.") if request.query_params.get("done") else None,
            crumbs=(Crumb(Phrase(N_("Analytics"))), Crumb(Phrase(N_("Festival dashboard")))),
        )
