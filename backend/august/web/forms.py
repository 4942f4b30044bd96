"""Form fields into nested values: `tiers-0-price=9` becomes {"tiers": [{"price": "9"}]}."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar.datastructures import FormMultiDict, UploadFile
from litestar.utils.scope.state import ScopeState

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.web.htmx import AnyRequest

MAX_FIELDS = 2_000
MAX_TEXT = 50_000
MAX_TOTAL = 1_000_000
MAX_DEPTH = 6
MAX_INDEX = 999
KEY = "_key"
TOKEN = "_csrf_token"  # noqa: S105 - the name of a field, no secret
_OURS = {TOKEN, KEY}


@dataclass(frozen=True)
class Form:
    """A read form: nested `values`, uploaded `files`, idempotency `key`, `flat` names as typed.

    `batches` are the files of names that end in `[]`, in the order they were chosen.
    """

    values: dict[str, Any]
    flat: dict[str, str] = field(default_factory=dict)
    files: dict[str, UploadFile] = field(default_factory=dict)
    key: str | None = None
    batches: dict[str, list[UploadFile]] = field(default_factory=dict)

    def text(self, name: str, otherwise: str = "") -> str:
        """One plain field as typed."""
        return self.flat.get(name, otherwise)

    def ids(self, name: str) -> list[int]:
        """The whole numbers ticked under `name[]`; anything else among them is refused."""
        chosen = self.values.get(name, [])
        if not isinstance(chosen, list) or not all(isinstance(one, str) and _whole(one) for one in chosen):
            raise Refusal(
                "form.not_a_number",
                N_("Something chosen on the page is not a number."),
                fields={name: Phrase(N_("Choose again."))},
            )
        return [int(one) for one in chosen]


@dataclass(frozen=True)
class Sent:
    """A form as it came, to be sent once more: its fields in their order, its files by name and file name."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]


def sent_form(request: AnyRequest) -> Sent | None:
    """What a plain form sent, without its token and without passwords; None when it is too much to keep.

    The check of the token has read the form, and has proved that it is one of ours: what a page of
    another site sends is never given back.
    """
    read = ScopeState.from_scope(request.scope).form
    pairs = list(FormMultiDict.from_form_data(read).multi_items()) if isinstance(read, dict) else []
    try:
        parse(pairs)
    except Refusal:
        return None
    files = [(name, one.filename) for name, one in pairs if isinstance(one, UploadFile)]
    fields = [(name, str(one).replace("\0", "")) for name, one in pairs if not isinstance(one, UploadFile)]
    return Sent(tuple(pair for pair in fields if not _secret(pair[0])), tuple(files))


def _secret(name: str) -> bool:
    """Whether a field never goes back into a page."""
    return name == TOKEN or "password" in name.casefold()


async def read_form(request: AnyRequest) -> Form:
    """Read the request's form; to be provided to handlers as the dependency `form`."""
    return parse((await request.form()).multi_items())


def parse(pairs: Iterable[tuple[str, Any]]) -> Form:
    """Nest the pairs; names ending in `[]` collect lists, otherwise the last value of a name counts.

    Refuses more than MAX_FIELDS fields, a text over MAX_TEXT or all over MAX_TOTAL characters (413).
    """
    flat: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    batches: dict[str, list[UploadFile]] = {}
    total = 0
    for count, (name, value) in enumerate(pairs):
        if isinstance(value, UploadFile):
            if value.filename and name.endswith("[]"):
                batches.setdefault(name[:-2], []).append(value)
            elif value.filename:
                files[name] = value
            continue
        text = clean(str(value))
        total += len(name) + len(text)
        _refuse_giants(name, text, count, total)
        if name.endswith("[]"):
            lists.setdefault(name[:-2], []).append(text)
        else:
            flat[name] = text
    key = flat.get(KEY)
    typed = {name: text for name, text in flat.items() if name not in _OURS}
    return Form(nest(typed | lists), typed, files, key or None, batches)


def clean(text: str) -> str:
    """Drop the ends' white space and NUL letters, and make line ends plain."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """`a-0-b` names into dicts and lists; gaps between row numbers close, rows keep their order."""
    root: dict[str, Any] = {}
    for name, value in flat.items():
        steps = name.split("-")
        if len(steps) > MAX_DEPTH or "" in steps:
            raise _misnamed(name)
        place = root
        for step in steps[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise _misnamed(name)
        if isinstance(place.get(steps[-1]), dict):
            raise _misnamed(name)
        place[steps[-1]] = value
    return {name: _rows(value, name) for name, value in root.items()}


def _rows(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        return value
    if not all(_whole(step) for step in value):
        return {step: _rows(inside, name) for step, inside in value.items()}
    if any(int(step) > MAX_INDEX for step in value):
        raise _misnamed(name)
    return [_rows(value[step], name) for step in sorted(value, key=int)]


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004 - what fits a BIGINT


def _refuse_giants(name: str, text: str, count: int, total: int) -> None:
    if count >= MAX_FIELDS or total > MAX_TOTAL:
        raise too_large()
    if len(text) > MAX_TEXT:
        told = Phrase(
            N_("At most {limit} characters; this text has {count}."),
            {
                "limit": MAX_TEXT,
                "count": len(text),
            },
        )
        raise Refusal(
            "form.text_too_long",
            N_("A text is longer than the product accepts."),
            fields={name: told},
            status=413,
        )


def too_large() -> Refusal:
    """Why a giant form is turned down."""
    return Refusal("form.too_large", N_("This form is larger than the product accepts."), status=413)


def _misnamed(name: str) -> Refusal:
    return Refusal(
        "form.field_name",
        N_("The form has a field named {name}, which makes no sense here."),
        params={"name": name[:60]},
        status=400,
    )


def fresh_key() -> str:
    """Make an idempotency key for a form: sent twice, its command happens once."""
    return secrets.token_urlsafe(12)
