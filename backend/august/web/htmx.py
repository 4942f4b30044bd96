"""The little of htmx 4 that the server has to know."""

import json
from typing import Any, TypeVar
from urllib.parse import urlsplit

from litestar import Request, Response

AnyRequest = Request[Any, Any, Any]
Reply = TypeVar("Reply", bound=Response[Any])


def is_htmx(request: AnyRequest) -> bool:
    """Whether htmx sent this request."""
    return request.headers.get("hx-request") == "true"


def is_partial(request: AnyRequest) -> bool:
    """Whether the browser wants a fragment; a boosted or selected request wants the whole page."""
    return request.headers.get("hx-request-type") == "partial"


def target(request: AnyRequest) -> str:
    """The id of the element that the answer will be swapped into, or an empty string."""
    return request.headers.get("hx-target", "").rpartition("#")[2]


def source(request: AnyRequest) -> str:
    """The id of the element that asked, or an empty string."""
    return request.headers.get("hx-source", "").rpartition("#")[2]


def trigger(response: Reply, event: str, detail: dict[str, Any] | None = None) -> Reply:
    """Let the answer fire a browser event; `json.dumps` keeps Chinese text ASCII, as headers must be."""
    known = json.loads(response.headers.get("HX-Trigger") or "{}")
    response.headers["HX-Trigger"] = json.dumps(known | {event: detail or {}})
    return response


def toast(response: Reply, text: str, tone: str = "success") -> Reply:
    """Show a translated text in the corner when the answer arrives; tone: success, info, warning, danger."""
    return trigger(response, "august:toast", {"text": text, "tone": tone})


def go(request: AnyRequest, path: str, *, status: int = 303) -> Response[str]:
    """Send the browser to another page of ours, whether a form or htmx asked."""
    headers = {"Cache-Control": "no-store", "Vary": "HX-Request-Type"}
    if is_htmx(request):
        # A 303 would be followed by fetch and come back as a fragment in the wrong place.
        return Response("", status_code=200, headers=headers | {"HX-Redirect": path}, media_type="text/html")
    return Response("", status_code=status, headers=headers | {"Location": path}, media_type="text/html")


def path_of(address: str) -> str:
    """The path of a full address, empty when it is none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def safe_path(path: str | None, otherwise: str = "/") -> str:
    """A path inside this site, never another host: `//evil`, back slashes and full addresses are refused."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return otherwise
    return path if path.isascii() and path.isprintable() and "\\" not in path else otherwise
