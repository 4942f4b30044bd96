"""成长 › 商家星等级."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from august.kernel.context import Context
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.stars import overview, queries, words
from august.stars.path import route
from august.stars.rules import ABILITIES, TRACKS, Track
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, speaking, t
from august.web.pages import ReadForm
from august.web.shell import Crumb

TABS = (
    ("", N_("Stars")),
    ("/custom", words.TRACKS["custom"]),
    ("/rts", words.TRACKS["rts"]),
    ("/path", N_("Cheapest path")),
    ("/versions", N_("Versions compared")),
    ("/history", N_("History")),
)
HISTORY_DAYS = 90
STARS = ("1", "2", "3", "4", "5")


def frame(door: Door, tab: str) -> dict[str, Any]:
    """What all star pages have in common."""
    home = f"/w/{door.sandbox.id}/stars"
    return {
        "tabs": [(f"{home}{path}", t(label)) for path, label in TABS],
        "here": f"{home}{tab}",
        "words": words,
        "crumbs": (Crumb(Phrase(N_("Growth"))), Crumb(Phrase(N_("Star level")), home)),
    }


def _heads(ctx: Context) -> dict[str, Any]:
    """The three stars of today: evaluated, predicted this morning, as things stand."""
    current = queries.current(ctx)
    morning = queries.predictions(ctx, 1)
    return {
        "current": current,
        "morning": morning[-1] if morning else None,
        "now": overview.now(ctx),
        "next_at": overview.publication(ctx.now, queries.frame(ctx).publish_day),
        "store": ctx.merchant,
    }


class StarsPage(Controller):
    """The store's stars, and everything they were made of."""

    path = "/w/{sandbox_id:str}/stars"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Evaluated and predicted star with the abilities of both tracks."""
        with door.reading() as ctx, speaking(locale_of(request)):
            heads = _heads(ctx)
            results = {t(N_("As things stand")): heads["now"]}
            if heads["current"] is not None:
                results[t(N_("Evaluated"))] = overview.issued(ctx, heads["current"])
            return door.page(
                request,
                "stars/index.html",
                **frame(door, ""),
                **heads,
                radars=[(words.TRACKS[track], track, overview.radar(results, track)) for track in TRACKS],
                bars=overview.bars(heads["now"]),
            )

    @get("/{track:str}", sync_to_thread=True)
    def track(self, request: AnyRequest, door: Door, track: FromPath[str]) -> Response[str]:
        """One track, ability by ability, indicator by indicator."""
        found: Track | None = next((each for each in TRACKS if each == track), None)
        if found is None:
            raise NotFoundException
        with door.reading() as ctx, speaking(locale_of(request)):
            heads = _heads(ctx)
            return door.page(
                request,
                "stars/track.html",
                **frame(door, f"/{found}"),
                **heads,
                track=found,
                cards=overview.cards(ctx, heads["now"], found),
                card_keys=ABILITIES[found],
            )

    @get("/path", sync_to_thread=True)
    def way(self, request: AnyRequest, door: Door) -> Response[str]:
        """The cheapest path to the next star, or to the one asked for."""
        asked = request.query_params.get("to", "")
        target = int(asked) if asked in STARS else None
        with door.reading() as ctx, speaking(locale_of(request)):
            found = route.way(ctx, target)
            return door.page(
                request,
                "stars/path.html",
                **frame(door, "/path"),
                way=found,
                gains=route.gains(found),
                targets=[(star, int(star) == found.target) for star in STARS],
                form_key=fresh_key(),
                done=request.query_params.get("done"),
            )

    @post("/path/services", sync_to_thread=True)
    def services(self, door: Door, form: ReadForm) -> Redirect:
        """Switch on the services of the path's products."""
        with door.reading() as ctx:
            asked = form.text("to")
            found = route.way(ctx, int(asked) if asked in STARS else None)
        products = [
            int(step.key) for group in found.groups if group.kind == "services" for step in group.steps
        ]
        if products:
            door.run("stars.switch_on", {"products": products}, form.key)
        return Redirect(f"/w/{door.sandbox.id}/stars/path?to={found.target}&done=services", status_code=303)

    @post("/path/showcase", sync_to_thread=True)
    def showcase(self, door: Door, form: ReadForm) -> Redirect:
        """Fill the showcase as the path says."""
        with door.reading() as ctx:
            asked = form.text("to")
            found = route.way(ctx, int(asked) if asked in STARS else None)
        steps = [step for group in found.groups if group.kind == "showcase" for step in group.steps]
        products = [int(step.key) for step in steps]
        if products:
            door.run("showcase.show", {"products": products}, form.key)
        return Redirect(f"/w/{door.sandbox.id}/stars/path?to={found.target}&done=showcase", status_code=303)

    @get("/versions", sync_to_thread=True)
    def versions(self, request: AnyRequest, door: Door) -> Response[str]:
        """The same data under every version of the rules."""
        with door.reading() as ctx, speaking(locale_of(request)):
            result = overview.now(ctx)
            columns, rows = overview.compared(ctx, result)
            return door.page(
                request,
                "stars/versions.html",
                **frame(door, "/versions"),
                columns=columns,
                rows=[(*key.split("|"), cells) for key, cells in rows],
                in_force=result.version,
                abilities=ABILITIES,
            )

    @get("/history", sync_to_thread=True)
    def history(self, request: AnyRequest, door: Door) -> Response[str]:
        """Evaluations as issued, predictions day by day."""
        with door.reading() as ctx, speaking(locale_of(request)):
            found = queries.predictions(ctx, HISTORY_DAYS)
            return door.page(
                request,
                "stars/history.html",
                **frame(door, "/history"),
                issued=queries.history(ctx),
                course=overview.course(found) if found else None,
                next_at=overview.publication(ctx.now, queries.frame(ctx).publish_day),
            )
