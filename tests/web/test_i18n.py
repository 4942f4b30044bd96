"""Words, numbers, money, instants and explanations in two languages."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from august.kernel.explain import Node, money
from august.kernel.words import Phrase
from august.web import i18n
from august.web.gallery import AT, TREE
from august.web.i18n import catalogue, explain_json, fill, say, show, speaking, t


def test_a_sentence_in_both_languages() -> None:
    with speaking("zh_CN"):
        assert t("Page {page}", page=1200) == "第 1,200 页"
    with speaking("en"):
        assert t("Page {page}", page=1200) == "Page 1,200"
        assert t("Nobody translated {this}", this="x") == "Nobody translated x"


def test_a_value_is_never_a_place_nor_a_door() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "x"}) == "{b} x"
    assert fill("{a.__class__} {a!r} {missing}", {"a": 1}) == "{a.__class__} {a!r} {missing}"


def test_a_number_that_names_a_thing_is_not_grouped() -> None:
    assert fill("{id} {count}", {"id": 9999, "count": 9999}) == "9999 9,999"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (True, "是", "yes"),
        (1234567, "1,234,567", "1,234,567"),
        (0.5, "0.5", "0.5"),
        (100.0, "100", "100"),
        (money(123456789, "USD"), "US$1,234,567.89", "US$1,234,567.89"),
        (money(-5, "CNY"), "-¥0.05", "-¥0.05"),
        (money(100, "JOD"), "JOD 1.00", "JOD 1.00"),
        ({"zh": "桌", "en": "table"}, "桌", "table"),
        (["a", 2000], "a、2,000", "a, 2,000"),
        (date(2022, 8, 17), "2022-08-17", "2022-08-17"),
        (
            datetime(2022, 8, 17, 7, 0, tzinfo=UTC),
            "2022-08-17 00:00 美西 · 2022-08-17 15:00 北京",
            "2022-08-17 00:00 PT · 2022-08-17 15:00 Beijing",
        ),
        (Phrase("Page {page}", {"page": 2}), "第 2 页", "Page 2"),
        (None, "", ""),
        ("{page}", "{page}", "{page}"),
    ],
)
def test_values_are_shown_as_their_reader_expects(value: Any, zh: str, en: str) -> None:
    with speaking("zh_CN"):
        assert show(value) == zh
    with speaking("en"):
        assert show(value) == en


def test_an_instant_that_was_written_down_is_told_in_both_zones() -> None:
    with speaking("en"):
        told = i18n.iso_instant("2022-08-31T16:00:00+00:00")
    assert told == "2022-08-31 09:00 PT · 2022-09-01 00:00 Beijing"


def test_nothing_is_a_dash() -> None:
    shown = {i18n.money(None), i18n.number(None), i18n.percent(None), i18n.instant(None), i18n.day(None)}
    assert shown == {"\u2013"}
    assert i18n.percent(0.2564) == "25.6%"


def test_seed_words_fall_back() -> None:
    with speaking("zh_CN"):
        assert say({"en": "only"}) == "only"
        assert say("plain") == "plain"
        assert say(None) == ""


def test_files_are_merged(tmp_path: Path) -> None:
    folder = tmp_path / "zh_CN"
    folder.mkdir()
    (folder / "a.po").write_text('msgid "One"\nmsgstr "一"\n', "utf-8")
    (folder / "b.po").write_text(
        'msgid "Two"\nmsgstr "二"\n\n#, fuzzy\nmsgid "Three"\nmsgstr "三"\n', "utf-8"
    )
    assert catalogue("zh_CN", tmp_path) == {"One": "一", "Two": "二"}


def test_an_explanation_as_data() -> None:
    told = explain_json(TREE, "en", None)
    assert told["text"] == "Quality score 4.1: 2 problems"
    assert told["message"] == "Quality score {score}: {count} problems"
    assert told["params"] == {"score": "4.1", "count": 2}
    assert told["rule"] == {"id": "Q4"}
    worst = told["children"][1]
    assert (worst["outcome"], worst["remedy"]) == ("bad", "Add a delivery-by line for these countries.")
    leaf = worst["children"][0]
    assert leaf["text"] == "A sample costs US$12.50 since 2022-08-17 00:00 PT · 2022-08-17 15:00 Beijing."
    assert leaf["params"] == {
        "price": {"cents": 1250, "currency": "USD"},
        "at": AT.isoformat().replace("+00:00", "Z"),
    }
    assert explain_json(TREE, "zh_CN", None)["text"] == "质量分 4.1：2 个问题"


def test_an_explanation_survives_odd_texts() -> None:
    node = Node("{title} is wrong", {"title": "<b>\u202e{title}"})
    assert explain_json(node, "en", None)["text"] == "<b>\u202e{title} is wrong"
