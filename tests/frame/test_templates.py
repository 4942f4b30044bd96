"""The template lint finds what it is for."""

import pytest

from tests.tools.templates import lint


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ('<p style="color:red">', "style= is inline style"),
        ("<style>p {}</style>", "<style> is inline style"),
        ("<script>alert(1)</script>", "<script> without src is inline script"),
        ('<a onclick="x()">', "onclick= is inline script"),
        ('<a hx-on:click="x()">', "hx-on:click= is inline script"),
        ('<a href="javascript:x()">', "href= holds script"),
        ("<b hx-vals='js:{a: 1}'>", "hx-vals= holds script"),
        ('<b hx-trigger="click[ctrlKey]">', "hx-trigger= filters, which is script"),
        ('<form method="post"></form>', "a posting form without the _csrf_token field"),
        ('<form hx-post="/x"><input name="a"></form>', "a posting form without the _csrf_token field"),
        ("{{ a + b }}", "arithmetic belongs in Python"),
        ("{{ items|sum }}", "|sum is arithmetic and belongs in Python"),
        ("{% if score >= 4.5 %}{% endif %}", "4.5 is a threshold and belongs in Python"),
        ("{% if 3 < n %}{% endif %}", "3 is a threshold and belongs in Python"),
    ],
)
def test_finds(text: str, finding: str) -> None:
    assert lint(f"<p>\n{text}") == [(2, finding)]


@pytest.mark.parametrize(
    "text",
    [
        '<p class="on">{{ "style=" ~ name }}</p>',
        '<script src="/x.js"></script><script type="application/json">{"a": 1}</script>',
        '<form method="get"></form>',
        '<form method="post"><input type="hidden" name="_csrf_token" value="{{ csrf_token }}"></form>',
        '<form method="post">{{ form.csrf(csrf_token) }}</form>',
        '{% if items and items|length > least %}<a href="{{ at("/x") }}">{% endif %}',
        '{# <p style="x"> #}',
        "{% if flag == true %}{{ rows[0] }}{% endif %}",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert lint(text) == []


def test_names_the_line_of_a_syntax_error() -> None:
    assert lint("<p>\n{% if %}")[0][0] == 2
