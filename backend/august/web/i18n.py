"""Words in the reader's language: messages, seed texts, numbers, money, instants, explanations."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from babel.messages.pofile import read_po
from litestar import Request
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from august.kernel.clock import beijing, pacific
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook, RuleVersion
from august.kernel.words import N_, PLACEHOLDER, Phrase
from august.web.htmx import AnyRequest

LOCALES = ("zh_CN", "en")
DEFAULT = LOCALES[0]
FOLDER = Path(__file__).parents[3] / "frontend" / "locales"

_speaking: ContextVar[str] = ContextVar("locale", default=DEFAULT)
_signs = {"USD": "US$", "CNY": "¥", "EUR": "€", "GBP": "£"}


def locale_of(request: AnyRequest) -> str:
    """The language the reader chose, zh_CN until they choose; programs choose by Accept-Language."""
    chosen = request.cookies.get("lang")
    if chosen not in LOCALES and request.url.path.startswith("/api/"):
        chosen = "en" if request.headers.get("accept-language", "").lower().startswith("en") else None
    return chosen if chosen in LOCALES else DEFAULT


class Speaking(ASGIMiddleware):
    """Makes everything said during a request be said in its reader's language."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Set the language around the handler; a handler in a thread inherits it."""
        with speaking(locale_of(Request(scope))):
            await next_app(scope, receive, send)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Texts made inside are in this language."""
    token = _speaking.set(locale)
    try:
        yield
    finally:
        _speaking.reset(token)


def current() -> str:
    """The language that texts are being made in."""
    return _speaking.get()


@cache
def catalogue(locale: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """Every translated sentence of a language, merged from its .po files."""
    merged: dict[str, str] = {}
    for path in sorted((folder / locale).glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file, locale=locale)
        for message in messages:
            if not message.id or not message.string or message.fuzzy:
                continue
            # Where two files disagree `make check` complains; a page just takes the first.
            merged.setdefault(str(message.id), str(message.string))
    return merged


def t(msgid: str, /, **params: Any) -> str:
    """An English sentence in the reader's language, its `{name}` places filled and formatted."""
    return fill(catalogue(current()).get(msgid, msgid), params)


def fill(text: str, params: Mapping[str, Any]) -> str:
    """Put formatted parameters into `{name}` places; unlike str.format, attributes are out of reach."""
    if not params:
        return text
    return PLACEHOLDER.sub(lambda found: _place(found[1], params) if found[1] in params else found[0], text)


def _place(name: str, params: Mapping[str, Any]) -> str:
    # A number called `id` is a name, not an amount: its thousands are not grouped.
    return str(params[name]) if name == "id" and isinstance(params[name], int) else show(params[name])


def phrase(words: Phrase) -> str:
    """A Phrase in the reader's language."""
    return t(words.msgid, **words.params)


def say(words: Any) -> str:
    """Seed data that carries its own languages, or a plain text as it is."""
    if isinstance(words, Phrase):
        return phrase(words)
    if not isinstance(words, Mapping):
        words = getattr(words, "__dict__", None) or (
            msgspec.structs.asdict(words) if isinstance(words, msgspec.Struct) else words
        )
    if isinstance(words, Mapping):
        wanted = "zh" if current() == "zh_CN" else "en"
        return str(words.get(wanted) or words.get("en") or words.get("zh") or "")
    return "" if words is None else str(words)


def show(value: Any) -> str:  # noqa: PLR0911 - one line per kind of value
    """A parameter as its reader expects it: both zones for instants, signs for money, grouped numbers."""
    match value:
        case bool():
            return t(N_("yes")) if value else t(N_("no"))
        case Phrase():
            return phrase(value)
        case datetime():
            return instant(value)
        case date():
            return day(value)
        case int() | float():
            return number(value)
        case {"cents": int(cents), **rest}:
            return money(cents, str(rest.get("currency", "USD")))
        case {"zh": _} | {"en": _}:
            return say(value)
        case str():
            return value
        case list() | tuple():
            return t(N_(", ")).join(show(item) for item in value)
    return "" if value is None else str(value)


NOTHING = "\u2013"


def number(value: float | None, digits: int = 2) -> str:
    """Grouped thousands, at most `digits` decimals, no trailing zeros; a dash for nothing."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage; a dash for nothing."""
    return NOTHING if value is None else f"{number(value * 100, digits)}%"


def money(cents: int | None, currency: str = "USD") -> str:
    """Integer cents as US$1,234.00; a dash for nothing."""
    if cents is None:
        return NOTHING
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{_signs.get(currency, currency + ' ')}{whole:,}.{rest:02d}"


def instant(at: datetime | None) -> str:
    """An instant in both zones, to the minute: 2022-08-17 09:00 PT · 08-18 00:00 Beijing."""
    if at is None:
        return NOTHING
    return f"{pacific_text(at)} · {beijing_text(at)}"


def iso_instant(text: str) -> str:
    """An instant that was written down in ISO form, in both zones."""
    return instant(datetime.fromisoformat(text))


def pacific_text(at: datetime | None) -> str:
    """An instant on the platform's clock."""
    return NOTHING if at is None else t(N_("{time} PT"), time=f"{pacific(at):%Y-%m-%d %H:%M}")


def beijing_text(at: datetime | None) -> str:
    """An instant on the merchant's wall."""
    return NOTHING if at is None else t(N_("{time} Beijing"), time=f"{beijing(at):%Y-%m-%d %H:%M}")


def day(on: date | None) -> str:
    """A statistic day."""
    return NOTHING if on is None else f"{on:%Y-%m-%d}"


def explain_json(
    node: Node, locale: str, rulebook: Rulebook | None, at: datetime | None = None
) -> dict[str, Any]:
    """An explanation tree as data in one language, each rule described as of `at` (newest without it)."""
    with speaking(locale):
        return _explain(node, rulebook, at)


def _explain(node: Node, rulebook: Rulebook | None, at: datetime | None) -> dict[str, Any]:
    return {
        "message": node.message,
        "text": t(node.message, **node.params),
        "params": msgspec.to_builtins(node.params),
        "outcome": node.outcome,
        "remedy": None if node.remedy is None else t(node.remedy, **node.params),
        "rule": None if node.rule is None else rule_json(node.rule, rulebook, at),
        "children": [_explain(child, rulebook, at) for child in node.children],
    }


def rule_json(rule: str, rulebook: Rulebook | None, at: datetime | None) -> dict[str, Any]:
    """What a reader needs to trust a rule: id, title, origin, source, from when to when, its own text."""
    version = _version(rule, rulebook, at)
    if version is None:
        return {"id": rule}
    return {
        "id": rule,
        "version": version.version,
        "title": say(version.title),
        "origin": version.origin,
        "source": say(version.source),
        "effective_from": _iso(version.effective_from),
        "effective_to": _iso(version.effective_to),
        "text": say(version.text),
    }


def _version(rule: str, rulebook: Rulebook | None, at: datetime | None) -> RuleVersion | None:
    if rulebook is None or rule not in rulebook:
        return None
    known = rulebook.versions(rule)
    if at is None:
        return known[-1]
    return next((version for version in known if version.in_force(at)), known[-1])


def _iso(at: datetime | date | None) -> str | None:
    return None if at is None else at.isoformat()


FILTERS: Mapping[str, Callable[..., str]] = {
    "number": number,
    "percent": percent,
    "money": money,
    "instant": instant,
    "iso_instant": iso_instant,
    "pacific": pacific_text,
    "beijing": beijing_text,
    "day": day,
    "show": show,
}
GLOBALS: Mapping[str, Callable[..., Any]] = {"t": t, "say": say, "phrase": phrase}
