"""Headers on every answer, and the token on every form."""

from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import Message, Scope

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


async def before_send(message: Message, scope: Scope) -> None:
    """Add the headers; a hook and not a middleware, because unrouted 404s pass no middleware."""
    if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def csrf(secret: str, *, secure: bool = False) -> CSRFConfig:
    """Protect every form; bearer-token calls under /api/ carry no cookie and need none."""
    return CSRFConfig(
        secret=secret, cookie_httponly=True, cookie_secure=secure, cookie_samesite="lax", exclude="^/api/"
    )
