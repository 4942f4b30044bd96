"""Template lint: nothing inline, no thresholds, no arithmetic, every posting form with its token."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "frontend" / "templates"
ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
COUNTING = {"sum", "round", "abs"}
TOKEN = "_csrf_token"
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
FORM = re.compile(r"<form\b(.*?)</form\s*>", re.DOTALL | re.IGNORECASE)
POSTING = re.compile(r"""method\s*=\s*["']?post|hx-(?:post|put|patch|delete)\b""", re.IGNORECASE)

Finding = tuple[int, str]


class _Tags(HTMLParser):
    """Looks at every start tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Finding] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        complaints = []
        if tag == "style":
            complaints.append("<style> is inline style")
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            complaints.append("<script> without src is inline script")
        for name, value in values.items():
            if name == "style":
                complaints.append("style= is inline style")
            if re.match(r"on[a-z]+$", name) or name.startswith("hx-on"):
                complaints.append(f"{name}= is inline script")
            if re.match(r"\s*(?:js|javascript)\s*:", value, re.IGNORECASE):
                complaints.append(f"{name}= holds script")
            if name.startswith("hx-trigger") and re.search(r"\w\s*\[", value):
                complaints.append(f"{name}= filters, which is script")
        self.found += [(self.getpos()[0], complaint) for complaint in complaints]


def _blank(match: re.Match[str]) -> str:
    """Jinja as spaces, printed values as letters; lines keep their numbers."""
    letter = "x" if match[0].startswith("{{") else " "
    return "".join("\n" if character == "\n" else letter for character in match[0])


def _html(text: str) -> Iterator[Finding]:
    tags = _Tags()
    tags.feed(JINJA.sub(_blank, text))
    yield from tags.found


def _forms(text: str) -> Iterator[Finding]:
    bare = re.sub(r"\{#.*?#\}", _blank, text, flags=re.DOTALL)
    for form in FORM.finditer(bare):
        body = form[1]
        if body and POSTING.search(body.split(">", 1)[0]) and TOKEN not in body and "csrf" not in body:
            yield bare.count("\n", 0, form.start()) + 1, f"a posting form without the {TOKEN} field"


def _thresholds(tree: nodes.Template) -> Iterator[Finding]:
    for node in tree.find_all(ARITHMETIC):
        yield node.lineno, "arithmetic belongs in Python"
    for filtered in tree.find_all(nodes.Filter):
        if filtered.name in COUNTING:
            yield filtered.lineno, f"|{filtered.name} is arithmetic and belongs in Python"
    for compared in tree.find_all(nodes.Compare):
        for side in (compared.expr, *(operand.expr for operand in compared.ops)):
            if isinstance(side, nodes.Const) and type(side.value) in (int, float):
                yield compared.lineno, f"{side.value} is a threshold and belongs in Python"


def lint(text: str) -> list[Finding]:
    """Everything wrong with a template, by line."""
    try:
        tree = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True).parse(
            text
        )
    except TemplateSyntaxError as error:
        return [(error.lineno, error.message or "syntax error")]
    return sorted([*_html(text), *_forms(text), *_thresholds(tree)])


def main() -> int:
    """Lint all templates; 1 when something is wrong."""
    paths = sorted(FOLDER.rglob("*.html"))
    found = [
        f"{path.relative_to(ROOT)}:{line}: {message}"
        for path in paths
        for line, message in lint(path.read_text(encoding="utf-8"))
    ]
    print("\n".join(found) if found else f"templates: {len(paths)} files, nothing to complain about")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
