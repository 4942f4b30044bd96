"""The pages of the glue itself: language and theme, static files, the gallery of components."""

import re
from typing import TypeAlias

from litestar import Controller, Response, Router, get, post
from litestar.datastructures import CacheControlHeader, Cookie
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import SkipValidation
from litestar.static_files import create_static_files_router

from august.web.forms import Form
from august.web.gallery import samples
from august.web.htmx import AnyRequest, go, safe_path
from august.web.i18n import LOCALES
from august.web.templates import FRONTEND, THEMES, render

YEAR = 365 * 24 * 3600
FILE = re.compile(r"/static/[\w.-]{1,200}", re.ASCII)
ReadForm: TypeAlias = NamedDependency[SkipValidation[Form]]
CHOICES = {"lang": LOCALES, "theme": THEMES}


class Preferences(Controller):
    """Language and theme live in the browser's cookies, so that the server draws the page right at once."""

    path = "/preferences"

    @post(sync_to_thread=False)
    def choose(self, request: AnyRequest, form: ReadForm) -> Response[str]:
        """Keep a known choice and go back to where the reader was."""
        response = go(request, safe_path(form.text("back")))
        for name, known in CHOICES.items():
            if (chosen := form.text(name)) in known:
                response.set_cookie(Cookie(key=name, value=chosen, max_age=YEAR, path="/", samesite="lax"))
        return response


class Gallery(Controller):
    """Every component once, in the templates that pages use."""

    path = "/dev/components"

    @get(sync_to_thread=True)
    def show(self, request: AnyRequest) -> Response[str]:
        """Show them with made-up contents."""
        return render(request, "dev/components.html", **samples(request.query_params))

    @get("/why", sync_to_thread=True)
    def why(self, request: AnyRequest) -> Response[str]:
        """Fill the drawer of the gallery."""
        return render(request, "dev/why.html", block="tree", **samples({}))


async def _plain_names(request: AnyRequest) -> None:
    """Names no file system would take are names of nothing."""
    if not FILE.fullmatch(request.url.path):
        raise NotFoundException


def static_files() -> Router:
    """Serve the built assets; their names hold their hash, so browsers may keep them for good."""
    FRONTEND.joinpath("dist").mkdir(exist_ok=True)
    return create_static_files_router(
        path="/static",
        directories=[FRONTEND / "dist"],
        cache_control=CacheControlHeader(max_age=YEAR, public=True, immutable=True),
        opt={"exclude_from_csrf": True},
        before_request=_plain_names,
    )


CONTROLLERS = (Preferences, Gallery)
