"""Headers on every answer, and the token on every form."""

from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware
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


class FormTokens(CSRFMiddleware):
    """The framework's check, deaf to tokens that are files or not plain ASCII, which it stumbles over."""

    def _csrf_tokens_match(self, request_csrf_token: object, cookie_csrf_token: object) -> bool:
        sent, kept = request_csrf_token, cookie_csrf_token
        plain = isinstance(sent, str) and isinstance(kept, str) and sent.isascii() and kept.isascii()
        return plain and super()._csrf_tokens_match(str(sent), str(kept))


def csrf(secret: str, *, secure: bool = False) -> DefineMiddleware:
    """Protect every form; bearer-token calls under /api/ carry no cookie and need none."""
    config = CSRFConfig(
        secret=secret, cookie_httponly=True, cookie_secure=secure, cookie_samesite="lax", exclude="^/api/"
    )
    return DefineMiddleware(FormTokens, config=config)
