"""The translations check finds what it is for."""

from pathlib import Path

from tests.tools.translations import Entry, Use, entries, problems, python_uses, skeleton, template_uses


def entry(msgid: str, text: str, place: str = "a.po:1", *, fuzzy: bool = False) -> Entry:
    return Entry(place, msgid, text, fuzzy)


def test_python_sentences() -> None:
    source = 'a = N_("Save")\nb = words.N_("Long "\n "sentence")\nc = i18n.t("Now")\nd = t(a)\ne = N_(a)\n'
    assert sorted(python_uses(source, "x.py"), key=lambda use: use.place) == [
        Use("x.py:1", "Save"),
        Use("x.py:2", "Long sentence"),
        Use("x.py:4", "Now"),
        Use("x.py:6", None),
    ]


def test_template_sentences() -> None:
    source = '{{ t("Save") }}\n{{ t("Hi {name}", name=who) }}{{ t(title) }}{{ t("A {b}", **all) }}'
    assert list(template_uses(source, "x.html")) == [
        Use("x.html:1", "Save", frozenset()),
        Use("x.html:2", "Hi {name}", frozenset({"name"})),
        Use("x.html:2", "A {b}", None),
    ]


def test_complete() -> None:
    assert problems([Use("x:1", "Hi {name}")], [entry("Hi {name}", "{name},你好")]) == []


def test_missing() -> None:
    assert problems([Use("x:1", "Save")], []) == ["x:1: no Chinese for 'Save'"]


def test_not_a_sentence() -> None:
    assert problems([Use("x:1", None)], []) == ["x:1: N_() needs the sentence itself"]


def test_wrong_parameters() -> None:
    uses = [Use("x:1", "Hi {name}", frozenset({"nmae"}))]
    assert problems(uses, [entry("Hi {name}", "{name}")]) == ["x:1: 'Hi {name}' is given ['nmae']"]


def test_unused() -> None:
    assert problems([], [entry("Save", "保存")]) == ["a.po:1: nobody says 'Save'"]


def test_untranslated_and_fuzzy() -> None:
    uses = [Use("x:1", "Save"), Use("x:2", "Open")]
    assert problems(uses, [entry("Save", ""), entry("Open", "打开", fuzzy=True)]) == [
        "a.po:1: 'Save' is not translated",
        "a.po:1: 'Open' is not translated",
    ]


def test_lost_placeholder() -> None:
    assert problems([Use("x:1", "Hi {name}")], [entry("Hi {name}", "你好")]) == [
        "a.po:1: 'Hi {name}' and its Chinese have different placeholders"
    ]


def test_duplicates_must_agree() -> None:
    twice = [entry("Save", "保存"), entry("Save", "存", "b.po:7")]
    assert problems([Use("x:1", "Save")], twice) == ["a.po:1: b.po:7 translates 'Save' differently"]
    assert problems([Use("x:1", "Save")], [entry("Save", "保存"), entry("Save", "保存", "b.po:7")]) == []


def test_reads_catalogues(tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Save"\nmsgstr "保存"\n', encoding="utf-8")
    assert list(entries(tmp_path)) == [Entry("a.po:4", "Save", "保存", fuzzy=False)]


def test_skeleton_of_what_is_missing() -> None:
    uses = [Use("x:1", "Save"), Use("x:2", 'Say "hi"'), Use("x:3", None)]
    assert skeleton(uses, [entry("Save", "保存")]) == '#: x:2\nmsgid "Say \\"hi\\""\nmsgstr ""\n'
