"""Pages from templates: one template a page, its named blocks are the fragments."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context as JinjaContext
from litestar import Response
from litestar.utils.scope.state import ScopeState
from markupsafe import Markup

from august.kernel.rulebook import Rulebook
from august.web import i18n
from august.web.htmx import AnyRequest, is_partial
from august.web.i18n import explain_json

FRONTEND = Path(__file__).parents[3] / "frontend"
THEMES = ("light", "dark")
HEADERS = {"Vary": "HX-Request-Type", "Cache-Control": "no-store"}


class _Macros:
    """The components of `_macros.html`, reachable from every block of every page as `ui.<name>`."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        return getattr(self._environment.get_template("_macros.html").module, name)


@cache
def environment(folder: Path = FRONTEND / "templates") -> Environment:
    """The one Jinja environment: escaping on, an unknown name is an error, files read once as code is."""
    made = Environment(
        loader=FileSystemLoader(folder),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(i18n.FILTERS)
    made.filters["script_json"] = script_json
    made.globals.update(i18n.GLOBALS)
    made.globals.update(asset=asset, icon=icon, at=at, query=query, explained=explained, ui=_Macros(made))
    return made


@cache
def manifest(folder: Path = FRONTEND / "dist") -> Mapping[str, str]:
    """Plain asset names to the hashed names that build_assets.py made; empty before the first build."""
    path = folder / "manifest.json"
    loaded: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return loaded


def asset(name: str) -> str:
    """The address of a static file under its content hash."""
    return f"/static/{manifest().get(name, name)}"


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> Markup:
    """A Tabler icon from the sprite; a label makes it speak to screen readers."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(spoken, asset("icons.svg"), name)


@pass_context
def at(context: JinjaContext, path: str) -> str:
    """A path of the open sandbox: `at("/products")` is `/w/<id>/products`."""
    return f"/w/{context['shell'].sandbox.id}{path}"


def query(path: str, params: Mapping[str, Any]) -> str:
    """A path with a query string; empty values are left out."""
    kept = {name: value for name, value in params.items() if value not in (None, "", [])}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def script_json(value: Any) -> Markup:
    """Data for a `<script type="application/json">`; nothing in it can close the script."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    for letter, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(letter, code)
    return Markup(text)  # noqa: S704 - the three letters that matter to HTML are escaped above


def explained(node: Any, rulebook: Rulebook | None = None, when: datetime | None = None) -> Markup:
    """An explanation tree as nested details, in the reader's language."""
    told = node if isinstance(node, Mapping) else explain_json(node, i18n.current(), rulebook, when)
    tree: Markup = environment().get_template("_explain.html").module.tree(told)  # type: ignore[attr-defined]
    return tree


def render(
    request: AnyRequest,
    template: str,
    block: str | Sequence[str] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """Make the page, or only its named block(s) when htmx asked for a fragment; call it in the thread."""
    blocks = (block,) if isinstance(block, str) else tuple(block or ())
    everything = page_context(request) | context
    with i18n.speaking(i18n.locale_of(request)):
        text = text_of(template, blocks if is_partial(request) else (), everything)
    return Response(text, status_code=status, media_type="text/html", headers=HEADERS | dict(headers or {}))


def text_of(template: str, blocks: Sequence[str], context: Mapping[str, Any]) -> str:
    """The template as text, or its blocks one after the other."""
    loaded = environment().get_template(template)
    if not blocks:
        return loaded.render(context)
    inside = loaded.new_context(dict(context))
    return "".join("".join(loaded.blocks[name](inside)) for name in blocks)


def page_context(request: AnyRequest) -> dict[str, Any]:
    """What every template knows about the request."""
    theme = request.cookies.get("theme", "")
    path = request.url.path
    return {
        "csrf_token": _csrf_token(request),
        "lang": i18n.locale_of(request),
        "theme": theme if theme in THEMES else "light",
        "here": f"{path}?{request.url.query}" if request.url.query else path,
        "path": path,
        "shell": None,
        "crumbs": (),
    }


def _csrf_token(request: AnyRequest) -> str:
    token = ScopeState.from_scope(request.scope).csrf_token
    # An unrouted page passes no middleware; its switches still work by the token in the cookie.
    return token if isinstance(token, str) else request.cookies.get("csrftoken", "")
