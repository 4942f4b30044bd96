"""Requests whose bodies are read strictly: what is not text is refused and not guessed."""

import re
from typing import Any
from urllib.parse import parse_qsl

from litestar import Litestar, Request
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.utils.scope.state import ScopeState

from august.kernel.errors import Refusal
from august.kernel.payloads import decode
from august.kernel.words import N_
from august.web.forms import MAX_FIELDS, too_large
from august.web.security import HEADERS

HOST = re.compile(rb"(?:[\w.~-]+|\[[0-9A-Fa-f:.]+\])?(?::([0-9]{1,5}))?")
LAST_PORT = 65_535


class StrictApp(Litestar):
    """The framework's application: asked nothing under a name no host can have, keeping no sent file open."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer 400 to a malformed Host header (RFC 9112), hand on everything else, close what was sent."""
        if scope["type"] == "http" and not all(
            _is_host(value) for name, value in scope["headers"] if name == b"host"
        ):
            fixed = {**HEADERS, "Content-Type": "text/plain; charset=utf-8"}
            headers = [(name.lower().encode(), value.encode()) for name, value in fixed.items()]
            await send({"type": "http.response.start", "status": 400, "headers": headers})
            await send({"type": "http.response.body", "body": b"The Host header names no host."})
            return
        try:
            await super().__call__(scope, receive, send)
        finally:
            if scope["type"] == "http" and isinstance(sent := ScopeState.from_scope(scope).form, dict):
                await FormMultiDict.from_form_data(sent).close()


def _is_host(value: bytes) -> bool:
    found = HOST.fullmatch(value)
    return found is not None and int(found[1] or 0) <= LAST_PORT


class StrictRequest(Request[Any, Any, Any]):
    """The framework's request with bodies read by our rules."""

    async def json(self) -> Any:
        """The JSON body; refuses (400) what is not JSON, not UTF-8, or nested beyond reason."""
        return decode(await self.body())

    async def form(self) -> FormMultiDict:
        """The form; refuses (400) what is not text, (413) what has too many fields."""
        state = ScopeState.from_scope(self.scope)
        try:
            if self.content_type[0] == RequestEncodingType.URL_ENCODED and not isinstance(state.form, dict):
                state.form = _fields(await self.body())
            return await super().form()
        except (UnicodeDecodeError, LookupError) as error:
            raise Refusal("form.unreadable", N_("The form is not written in UTF-8."), status=400) from error


def _fields(body: bytes) -> dict[str, Any]:
    """The fields of a URL-encoded body, as the framework keeps them; it would remember every body it read."""
    if body.count(b"&") >= MAX_FIELDS:
        raise too_large()
    found: dict[str, list[str]] = {}
    for name, text in parse_qsl(body.decode(), keep_blank_values=True, errors="strict"):
        found.setdefault(name, []).append(text)
    return {name: texts if len(texts) > 1 else texts[0] for name, texts in found.items()}
