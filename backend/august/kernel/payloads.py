"""Values from outside into typed structs, naming every field that does not fit."""

import re
from typing import Any, TypeVar

import msgspec

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase

T = TypeVar("T", bound=msgspec.Struct)

EXPECTED = re.compile(r"Expected `([^`]+)`(?:, got `([^`]+)`)?")
MISSING = re.compile(r"missing required field `([^`]+)`")
UNKNOWN = re.compile(r"unknown field `([^`]+)`")
LAST_INDEX = re.compile(r"(?:\[(?:\d+|\.\.\.)\])+$")
MOST_NAMED = 50
NO_SUCH = N_("There is no such field.")
REQUIRED = N_("This is required.")


def decode(body: bytes) -> Any:
    """Read JSON; refuses (400) what is not JSON or is nested beyond reason."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise Refusal(
            "json.malformed",
            N_("The request is not readable JSON: {problem}"),
            params={"problem": problem[:200]},
            status=400,
        ) from None


def convert(data: Any, kind: type[T]) -> T:
    """Make the struct of plain data; one refusal names all unknown, missing and misfitting fields."""
    if not isinstance(data, dict):
        raise Refusal(
            "payload.no_object",
            N_("An object with named fields is expected."),
            fields={"$": Phrase(N_("An object with named fields is expected."))},
        )
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    wrong: dict[str, Phrase] = {
        str(name)[:80]: Phrase(NO_SUCH)
        for name in data
        if name not in known and kind.__struct_config__.forbid_unknown_fields
    }
    for name, field in known.items():
        if name not in data:
            if field.required:
                wrong[name] = Phrase(REQUIRED)
            continue
        try:
            msgspec.convert(data[name], field.type)
        except (msgspec.ValidationError, RecursionError) as error:
            inner, phrase = explain(str(error))
            # A misfit in a list of plain values is the list's own.
            wrong[name + LAST_INDEX.sub("", inner)] = phrase
    if wrong:
        raise misfit(wrong)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise misfit_of(error) from None


def misfit(fields: dict[str, Phrase]) -> Refusal:
    """The refusal of a payload whose named fields do not fit."""
    named = dict(list(fields.items())[:MOST_NAMED])
    return Refusal(
        "payload.invalid",
        N_("Some fields do not fit: {names}"),
        params={"names": list(named)},
        fields=named,
    )


def misfit_of(error: msgspec.ValidationError) -> Refusal:
    """The refusal of a payload that msgspec turned down as a whole."""
    inner, phrase = explain(str(error))
    return misfit({inner.lstrip(".") or "$": phrase})


def explain(text: str) -> tuple[str, Phrase]:
    """The place below the value (``[0].price``, may be empty) and the reason of a validation message."""
    reason, _, path = text.partition(" - at `")
    inner = path.rstrip("`").removeprefix("$")
    if found := MISSING.search(reason):
        return f"{inner}.{found[1]}", Phrase(REQUIRED)
    if found := UNKNOWN.search(reason):
        return f"{inner}.{found[1]}", Phrase(NO_SUCH)
    if (found := EXPECTED.match(reason)) and found[2]:
        return inner, Phrase(N_("Expected {expected}, got {got}."), {"expected": found[1], "got": found[2]})
    if reason.startswith("Invalid enum value"):
        value = reason.removeprefix("Invalid enum value").strip(" '")[:60]
        return inner, Phrase(N_("{value} is not possible here."), {"value": value})
    return inner, Phrase("{problem}", {"problem": reason[:200]})
