"""Refusals as problem+json, in the reader's language (RFC 9457)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from august.kernel.errors import Refusal
from august.kernel.payloads import misfit_of
from august.kernel.words import N_, Phrase
from august.web.i18n import locale_of, phrase, speaking, t

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: N_("The request cannot be read"),
    401: N_("Signing in is needed"),
    403: N_("This is not allowed"),
    404: N_("There is no such thing here"),
    405: N_("This cannot be done here"),
    409: N_("This conflicts with the present state"),
    413: N_("This is too large"),
    415: N_("This kind of content is not understood"),
    422: N_("What was sent does not fit"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
}


def problem(refusal: Refusal, locale: str) -> dict[str, Any]:
    """The refusal as the object of 12-api: type, title, status, code, detail, rules, fields (and remedy)."""
    with speaking(locale):
        told: dict[str, Any] = {
            "type": f"urn:august:problem:{refusal.code}",
            "title": t(TITLES.get(refusal.status, TITLES[422 if refusal.status < 500 else 500])),  # noqa: PLR2004
            "status": refusal.status,
            "code": refusal.code,
            "detail": phrase(refusal.message),
            "rules": list(refusal.rules),
            "fields": {name: phrase(words) for name, words in refusal.fields.items()},
        }
        if refusal.remedy is not None:
            told["remedy"] = t(refusal.remedy, **refusal.params)
    return told


def problem_response(
    refusal: Refusal, locale: str, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """The refusal as an HTTP answer."""
    body = msgspec.json.encode(problem(refusal, locale))
    return Response(
        body, status_code=refusal.status, media_type=MEDIA_TYPE, headers=dict(headers) if headers else None
    )


def refusal_of(error: Exception) -> Refusal:
    """Any exception of the way in as a refusal; an unknown one becomes a 500 without its inside."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, msgspec.ValidationError):
        return misfit_of(error)
    if isinstance(error, ValidationException):
        return Refusal(
            "request.invalid",
            N_("The address or the body of the request does not fit."),
            fields=_named(error.extra),
        )
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = status if status in TITLES else (400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500)
    return Refusal(f"http.{status}", TITLES[known], status=status)


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer an exception of an API handler; fits Litestar's `exception_handlers`."""
    headers = error.headers if isinstance(error, HTTPException) else None
    return problem_response(refusal_of(error), locale_of(request), headers)


PROBLEM_HANDLERS: dict[int | type[Exception], Callable[[Request[Any, Any, Any], Any], Response[bytes]]] = {
    Refusal: answer_problem,
    msgspec.ValidationError: answer_problem,
    HTTPException: answer_problem,
}


def _named(extra: Any) -> dict[str, Phrase]:
    """The fields that Litestar's own validation names."""
    found: dict[str, Phrase] = {}
    for each in extra if isinstance(extra, list) else []:
        if isinstance(each, dict) and each.get("key"):
            found[str(each["key"])] = Phrase("{problem}", {"problem": str(each.get("message", ""))[:200]})
    return found
