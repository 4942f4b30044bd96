"""Icons that pages name exist, and data in pages cannot leave its script."""

import re
from pathlib import Path

from august.web.templates import FRONTEND, query, script_json

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")


def known() -> set[str]:
    lines = (FRONTEND / "icons.txt").read_text("utf-8").split("\n")
    names = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return {
        f"{name.removeprefix('filled/')}-filled" if name.startswith("filled/") else name for name in names
    }


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    used = {
        name
        for path in FRONTEND.joinpath("templates").rglob("*.html")
        for name in NAMED.findall(path.read_text("utf-8"))
    }
    assert used - known() == set()


def test_data_cannot_close_its_script() -> None:
    assert script_json({"a": "</script><!-- & 中"}) == '{"a": "\\u003c/script\\u003e\\u003c!-- \\u0026 中"}'


def test_queries_leave_out_what_is_empty() -> None:
    assert query("/p", {"q": "a b", "x": "", "y": None, "z": [1, 2]}) == "/p?q=a+b&z=1&z=2"
    assert query("/p", {"x": ""}) == "/p"
