"""What all pages of the buyer's side share: who looks, the frame around the page, acting as that buyer."""

from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

from august.kernel.commands import Outcome, run
from august.kernel.context import Actor, Context
from august.kernel.features import Measure
from august.merchants.models import TIERS
from august.reviews.rules import LABELS, text_of
from august.sandboxes.door import OpenSandbox
from august.storefront import mine
from august.storefront.viewers import COOKIE, PARAMETER, TIER_WORDS, Viewer, places, viewer
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest

YEAR = 365 * 24 * 3600


def looking(request: AnyRequest, ctx: Context) -> Viewer:
    """The buyer as whom this request looks."""
    return viewer(ctx, request.query_params.get(PARAMETER), request.cookies.get(COOKIE))


def keep(response: Response[Any], sandbox: str, who: Viewer) -> Response[Any]:
    """Remember the buyer for the shop of this sandbox."""
    response.set_cookie(
        Cookie(
            key=COOKIE,
            value=str(who.id),
            max_age=YEAR,
            path=f"/w/{sandbox}/shop",
            httponly=True,
            samesite="lax",
        )
    )
    return response


def shop_page(  # noqa: PLR0913 - what a page is made of, by name
    request: AnyRequest,
    door: OpenSandbox,
    ctx: Context,
    who: Viewer,
    template: str,
    block: str | tuple[str, ...] | None = None,
    *,
    status: int = 200,
    **context: Any,
) -> Response[str]:
    """A page in the buyer's frame, or its named block for htmx; a buyer named in the address is kept."""
    response = door.page(
        request,
        template,
        block,
        status=status,
        who=who,
        waiting=mine.counts(ctx, who.id),
        tiers=[(tier, TIER_WORDS[tier]) for tier in TIERS],
        tier_words=TIER_WORDS,
        places=places(),
        words=request.query_params.get("q", "")[:200],
        score=text_of,
        labels=LABELS,
        form_key=fresh_key(),
        **context,
    )
    if PARAMETER in request.query_params:
        keep(response, door.sandbox.id, who)
    return response


def act(door: OpenSandbox, who: Viewer, command: str, payload: object, key: str | None) -> Outcome:
    """Carry out a command as that buyer."""
    return run(door.world, Actor("buyer", buyer=who.id), command, payload, key)


def rank_of(door: OpenSandbox) -> Measure:
    """The market's own order of products."""
    return next(
        room.measures["search_score"] for room in door.desk.house.features if "search_score" in room.measures
    )
