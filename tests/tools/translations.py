"""Translations are complete: every sentence has its Chinese, no placeholder is lost, nothing is left over."""

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
LOCALE = "zh_CN"
PLACE = re.compile(r"\{(\w+)\}")
MARKS = {"N_", "t"}


@dataclass(frozen=True)
class Use:
    """One place where a sentence is said; `params` are the names given there, None when not visible."""

    place: str
    msgid: str | None
    params: frozenset[str] | None = None


@dataclass(frozen=True)
class Entry:
    """One translation of a catalogue."""

    place: str
    msgid: str
    text: str
    fuzzy: bool


def _call_name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def python_uses(text: str, place: str) -> Iterator[Use]:
    """Sentences marked in Python with N_("…"), or said at once with t("…")."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or _call_name(node.func) not in MARKS or not node.args:
            continue
        first, where = node.args[0], f"{place}:{node.lineno}"
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield Use(where, first.value)
        elif _call_name(node.func) == "N_":
            yield Use(where, None)


def template_uses(text: str, place: str) -> Iterator[Use]:
    """Sentences said in a template with t("…", name=value)."""
    tree = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True).parse(text)
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name != "t" or not call.args:
            continue
        first, open_ended = call.args[0], call.dyn_kwargs is not None
        if isinstance(first, nodes.Const):
            given = None if open_ended else frozenset(pair.key for pair in call.kwargs)
            yield Use(f"{place}:{call.lineno}", str(first.value), given)


def entries(folder: Path) -> Iterator[Entry]:
    """All translations in a folder of .po files."""
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=LOCALE):
                if message.id:
                    place = f"{path.name}:{message.lineno}"
                    yield Entry(place, str(message.id), str(message.string), message.fuzzy)


def _places(text: str) -> frozenset[str]:
    return frozenset(PLACE.findall(text))


def _check_uses(uses: list[Use], known: Mapping[str, list[Entry]]) -> Iterator[str]:
    for use in uses:
        if use.msgid is None:
            yield f"{use.place}: N_() needs the sentence itself"
            continue
        if use.params is not None and use.params != _places(use.msgid):
            yield f"{use.place}: {use.msgid!r} is given {sorted(use.params)}"
        if use.msgid not in known:
            yield f"{use.place}: no Chinese for {use.msgid!r}"


def _check_entries(known: Mapping[str, list[Entry]], said: set[str | None]) -> Iterator[str]:
    for msgid, group in known.items():
        if msgid not in said:
            yield f"{group[0].place}: nobody says {msgid!r}"
        if len({entry.text for entry in group}) > 1:
            yield f"{group[0].place}: {group[-1].place} translates {msgid!r} differently"
        for entry in group:
            if not entry.text or entry.fuzzy:
                yield f"{entry.place}: {msgid!r} is not translated"
            elif _places(entry.text) != _places(msgid):
                yield f"{entry.place}: {msgid!r} and its Chinese have different placeholders"


def problems(uses: list[Use], translations: list[Entry]) -> list[str]:
    """What is wrong, a line each."""
    known: dict[str, list[Entry]] = defaultdict(list)
    for entry in translations:
        known[entry.msgid].append(entry)
    return [*_check_uses(uses, known), *_check_entries(known, {use.msgid for use in uses})]


def all_uses() -> list[Use]:
    """Every sentence of the product."""
    found: list[Use] = []
    for path in sorted((ROOT / "backend" / "august").rglob("*.py")):
        found += python_uses(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "frontend" / "templates").rglob("*.html")):
        found += template_uses(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    return found


def skeleton(uses: list[Use], translations: list[Entry]) -> str:
    """The sentences without Chinese as the text of a .po file, to be filled in."""
    known = {entry.msgid for entry in translations}
    places: dict[str, list[str]] = defaultdict(list)
    for use in uses:
        if use.msgid is not None and use.msgid not in known:
            places[use.msgid].append(use.place)
    quoted = {msgid: json.dumps(msgid, ensure_ascii=False) for msgid in places}
    return "\n".join(f'#: {places[msgid][0]}\nmsgid {text}\nmsgstr ""\n' for msgid, text in quoted.items())


def main() -> int:
    """Check the catalogues, 1 when something is wrong; with a path, print what is missing below it."""
    uses, translations = all_uses(), list(entries(ROOT / "frontend" / "locales" / LOCALE))
    if len(sys.argv) > 1:
        print(skeleton([use for use in uses if use.place.startswith(sys.argv[1])], translations))
        return 0
    found = problems(uses, translations)
    print(
        "\n".join(found)
        if found
        else f"translations: {len({use.msgid for use in uses})} sentences, all there"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
