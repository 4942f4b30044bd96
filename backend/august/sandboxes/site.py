"""The web application made from a house: controllers, dependencies, files, errors."""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from litestar import Litestar, Response, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.house import House
from august.kernel.world import Worlds
from august.sandboxes import acting_api, api, clock, clock_api, door, manage, web
from august.sandboxes.control import Control
from august.sandboxes.guests import chores
from august.sandboxes.jumps import Jumps
from august.sandboxes.service import Desk, WorldFile, code_and_seeds
from august.settings import Settings
from august.web import errors, pages, problems, security
from august.web.forms import read_form, sent_form
from august.web.htmx import AnyRequest, go, is_htmx, path_of, safe_path
from august.web.i18n import Speaking
from august.web.requests import StrictApp, StrictRequest
from august.web.shell import Named
from august.web.templates import render

OWN = (
    web.StartPage,
    web.SignUp,
    web.SignIn,
    web.SignOut,
    web.MyAccountSandboxes,
    manage.ManageSandbox,
    clock.ClockPages,
    api.SandboxesApi,
    api.SandboxApi,
    clock_api.ClockApi,
    acting_api.CommandsApi,
    acting_api.ActionsApi,
    acting_api.ReplayApi,
    acting_api.WhyApi,
)
BODY_LIMIT = 12_000_000
WITHIN = "sandboxes/_sign_in_here.html"


@dataclass(frozen=True)
class Plan:
    """What a site is made of: the house, its world files, whose seat is played, what is unread."""

    house: House
    files: Sequence[WorldFile]
    seat: Callable[[Context], Named]
    unread: Callable[[Context], int] | None = None


def open_desk(settings: Settings, plan: Plan) -> Desk:
    """The desk over the settings' databases, the control tables brought to the newest revision."""
    settings.data.mkdir(parents=True, exist_ok=True)
    control = Control.at(folder=settings.data, url=settings.database_url)
    worlds = Worlds.at(plan.house, folder=settings.worlds, url=settings.database_url, files=settings.files)
    with worlds.space.hold("control.upgrade", shared=False, wait=True):
        control.upgrade()
    key = code_and_seeds()
    return Desk(control, worlds, plan.files, key=key, seat=plan.seat, unread=plan.unread)


def secret_of(settings: Settings) -> str:
    """The key of the form tokens: given, or made once and kept beside the data."""
    if settings.secret:
        return settings.secret
    path: Path = settings.data / "secret"
    if not path.exists():
        draft = path.with_name(f"secret.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), "utf-8")
        if path.exists():
            draft.unlink()
        else:
            draft.replace(path)
    return path.read_text("utf-8").strip()


def site(settings: Settings, plan: Plan) -> Litestar:
    """The whole application."""
    desk = open_desk(settings, plan)
    rooms = (one for room in plan.house.features for one in room.controllers)
    controllers = [*OWN, *pages.CONTROLLERS, *rooms]
    json_side = [one for one in controllers if _is_api(one)]
    html_side = [one for one in controllers if not _is_api(one)]
    return StrictApp(
        route_handlers=[
            Router("/", route_handlers=html_side, include_in_schema=False),
            Router("/", route_handlers=json_side, exception_handlers=problems.PROBLEM_HANDLERS),
            pages.static_files(),
        ],
        dependencies={
            "door": Provide(door.door, sync_to_thread=True),
            "visitor": Provide(door.visitor, sync_to_thread=True),
            "form": Provide(read_form),
        },
        exception_handlers={**errors.HANDLERS, Refusal: refused, Exception: fault},
        before_send=[security.before_send],
        middleware=[security.csrf(secret_of(settings), secure=settings.secure_cookies), Speaking()],
        request_class=StrictRequest,
        # The highest level takes seven times as long for two hundredths of the size.
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=5, exclude=["^/static/"]),
        request_max_body_size=BODY_LIMIT,
        openapi_config=OpenAPIConfig(
            title="August",
            version="1",
            path="/schema",
            render_plugins=[JsonRenderPlugin()],
            use_handler_docstrings=True,
            security=[{"bearer": []}],
            components=Components(security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}),
        ),
        state=State({"desk": desk, "jumps": Jumps(desk), "settings": settings}),
        lifespan=[_alive],
        logging_config=None,
    )


def _is_api(one: Any) -> bool:
    """Whether a controller, or a handler that stands alone, answers programs."""
    paths = one.paths if isinstance(one, BaseRouteHandler) else {one.path}
    return any(path.startswith("/api/") for path in paths)


@asynccontextmanager
async def _alive(app: Litestar) -> AsyncIterator[None]:
    """While the server runs: templates kept and grown beforehand, chores done."""
    settings, desk = app.state["settings"], app.state["desk"]
    try:
        with desk.open_templates():
            if not settings.chores:
                yield
                return
            scheduler = chores(desk, timedelta(days=settings.guest_days))
            scheduler.start()
            try:
                yield
            finally:
                scheduler.shutdown(wait=False)
    finally:
        _close(desk)


def _close(desk: Desk) -> None:
    """Give connections back; a pool left open complains when it is collected."""
    desk.control.engine.dispose()
    desk.worlds.close()


def refused(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """A refusal on a page; who is not signed in is asked to, without losing what was typed."""
    if refusal.code != "account.sign_in" or request.url.path.startswith("/api/"):
        return errors.answer(request, refusal)
    here = request.url.path
    if is_htmx(request) and request.method == "GET":
        # A link in the fragment's place: a list, a palette, or a poll that thereby stops.
        there = safe_path(path_of(request.headers.get("hx-current-url", "")), "/sandboxes")
        return render(request, "sandboxes/_sign_in_link.html", status=401, wanted=there)
    if is_htmx(request):
        # Beside the form, not in its place: what was typed survives (R8).
        headers = {"HX-Retarget": "#sign-in-again", "HX-Reswap": "innerHTML"}
        return render(request, WITHIN, status=401, headers=headers, **web.SIGN_IN_WITHIN["dialog"])
    if request.method == "GET":
        return go(request, f"/sign-in?next={here}")
    # On the page that asks: what was typed is sent once more by a press, never by itself.
    sent, action = sent_form(request), safe_path(here, web.MINE)
    return render(
        request, "sandboxes/again.html", status=401, sent=sent, action=action, **web.SIGN_IN_WITHIN["page"]
    )


def fault(request: AnyRequest, error: Exception) -> Response[Any]:
    """A fault of ours, in the form its asker understands."""
    return errors.answer_fault(request, error)
