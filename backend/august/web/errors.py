"""What a reader sees when something is refused or breaks: a page, a toast or problem+json."""

import logging
from collections.abc import Mapping
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.web.htmx import AnyRequest, is_partial, toast
from august.web.i18n import locale_of, phrase, speaking
from august.web.problems import problem_response, refusal_of
from august.web.templates import render

log = logging.getLogger(__name__)

TEXTS: Mapping[int, tuple[str, str]] = {
    400: (N_("This request makes no sense"), N_("Go back, reload the page and try again.")),
    401: (N_("Please sign in"), N_("This page belongs to an account. Sign in and open it again.")),
    403: (N_("Not allowed"), N_("The page was open too long, or it is not yours. Reload it and try again.")),
    404: (N_("Nothing here"), N_("There is no such page, or it belongs to somebody else.")),
    405: (N_("This request makes no sense"), N_("Go back, reload the page and try again.")),
    409: (N_("Something changed meanwhile"), N_("Reload the page and look again.")),
    413: (N_("Too large"), N_("What was sent is larger than the product accepts.")),
    422: (N_("Refused"), N_("Something on the form is not accepted.")),
    429: (N_("Too many attempts"), N_("Wait a little and try again.")),
    500: (N_("Something broke"), N_("That was our fault. Nothing was changed; try again.")),
}


def answer(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """Answer a refusal in the form that its asker understands."""
    with speaking(locale_of(request)):
        if request.url.path.startswith("/api/"):
            return problem_response(refusal, locale_of(request))
        if is_partial(request):
            # The page stays as it is: what was typed survives, a toast tells why.
            response = Response("", status_code=refusal.status, media_type="text/html")
            response.headers |= {"HX-Reswap": "none", "Cache-Control": "no-store", "Vary": "HX-Request-Type"}
            return toast(response, phrase(refusal.message), "danger")
    return render(
        request,
        "errors/error.html",
        status=refusal.status,
        heading=Phrase(TEXTS.get(refusal.status, TEXTS[422])[0]),
        text=refusal.message,
        remedy=None if refusal.remedy is None else Phrase(refusal.remedy, refusal.params),
        rules=refusal.rules,
        fields=refusal.fields,
        number=refusal.status,
        home=_home(request.url.path),
    )


def _home(path: str) -> str:
    """The start of the sandbox that the address lies in, empty outside and on that start itself."""
    first, _, rest = path.removeprefix("/w/").partition("/")
    return f"/w/{first}/" if path.startswith("/w/") and rest else ""


def answer_http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Answer what the framework refused: no such page, no token, too large."""
    known = refusal_of(error)
    if not request.url.path.startswith("/api/"):
        # A page says what to do next where a program reads what was wrong.
        told = TEXTS.get(known.status, TEXTS[400])[1]
        known = Refusal(known.code, told, fields=known.fields, status=known.status)
    return answer(request, known)


def answer_fault(request: AnyRequest, error: Exception) -> Response[Any]:
    """Answer a fault of ours; its trace goes to the log, never to the reader."""
    log.error("fault at %s %s", request.method, request.url.path, exc_info=error)
    return answer(request, Refusal("fault", TEXTS[500][1], status=500))


HANDLERS: Mapping[int | type[Exception], Any] = {
    Refusal: answer,
    HTTPException: answer_http,
    Exception: answer_fault,
}
