"""How well texts fit the words of a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from august.help.rules import RANKS, SearchRules, asked, fit, marked, snippet, text_of

RULES = SearchRules(least_percent=50, ignored=("怎么", "哪些", "how", "to"))
TEXT = text_of(
    ("如何发货 Ship your orders", "延迟发货"),
    ("货物备好后选择线路，4 万美元以上的订单可以分批。", "Choose a line."),
)
LETTERS = some.text(alphabet="ab 发货订单类目9月L1+，。<&>", max_size=30)


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("怎么发货", ("发货",)),
        ("怎么", ("怎么",)),
        ("发货 how to ship", ("发货", "ship")),
        ("Orders", ("order",)),
        ("glass", ("glass",)),
        ("行业类目", ("行业", "业类", "类目")),
        ("9月31日", ("9月", "月3", "31", "1日")),
        ("4 万 美元", ("4万", "美元")),
        ("ＲＴＳ", ("rts",)),
        ("L1+ 买家", ("l1", "买家")),
        ("。，<>", ()),
        ("", ()),
    ],
)
def test_the_terms_of_a_search(query: str, terms: tuple[str, ...]) -> None:
    assert asked(query, RULES).terms == terms


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("延迟发货", "title"),
        ("延迟", "phrase_in_title"),
        ("ship your", "phrase_in_title"),
        ("order ship", "words_in_title"),
        ("怎么发货", "words_in_title"),
        ("备好后选择", "phrase_in_text"),
        ("4万美元", "phrase_in_text"),
        ("发货 line", "words_in_text"),
        # One of two words is half of them, one of three is not.
        ("发货 nothing", "some_words"),
        ("发货 nothing else", None),
        ("hip", None),
        ("4", "phrase_in_text"),
        ("40", None),
        ("no", None),
        ("", None),
    ],
)
def test_ranks(query: str, why: str | None) -> None:
    found = fit(asked(query, RULES), TEXT, RULES)
    assert (found.why if found else None) == why


@pytest.mark.parametrize(("least", "fits"), [(33, True), (34, False), (50, False)])
def test_the_least_share_of_the_words(least: int, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    rules = SearchRules(least_percent=least, ignored=())
    assert (fit(asked("发货 nothing else", rules), TEXT, rules) is not None) is fits


def test_a_better_title_comes_first() -> None:
    title = text_of(("发货与收货",), ("",))
    text = text_of(("其他",), ("发货与收货",))
    query = asked("发货 收货", RULES)
    one, other = fit(query, title, RULES), fit(query, text, RULES)
    assert one is not None
    assert other is not None
    assert one < other


@pytest.mark.parametrize(
    ("shown", "query", "found"),
    [
        ("如何发货", "发货", ["发货"]),
        ("行业类目", "行业类目", ["行业类目"]),
        ("行业与类目", "行业类目", ["行业", "类目"]),
        ("Ship the shipment, worship", "ship", ["Ship", "ship"]),
        ("<b>发货</b>", "b", ["b", "b"]),
        ("发货", "收货", []),
    ],
)
def test_what_is_marked(shown: str, query: str, found: list[str]) -> None:
    assert [piece for piece, hit in marked(shown, asked(query, RULES)) if hit] == found


def test_a_snippet_is_taken_around_what_was_found() -> None:
    text = "甲" * 200 + "发货" + "乙" * 200
    part = snippet(text, asked("发货", RULES))
    assert part.startswith("…甲")
    assert part.endswith("乙…")
    assert "发货" in part
    assert len(part) == 152
    assert snippet("短", asked("发货", RULES)) == "短"


@given(LETTERS, LETTERS)
def test_marking_loses_nothing(shown: str, query: str) -> None:
    assert "".join(piece for piece, _ in marked(shown, asked(query, RULES))) == shown


@given(LETTERS, LETTERS)
def test_a_title_is_found_by_itself_and_by_no_other_rank(title: str, body: str) -> None:
    query = asked(title, RULES)
    found = fit(query, text_of((title,), (body,)), RULES)
    if query.terms:
        assert found is not None
        assert (found.why, found.title_lacks, found.lacks) == (RANKS[0], 0, 0)
    else:
        assert found is None


@given(LETTERS, LETTERS, LETTERS)
def test_a_longer_text_never_fits_worse(query: str, body: str, more: str) -> None:
    words = asked(query, RULES)
    short = fit(words, text_of(("标题",), (body,)), RULES)
    longer = fit(words, text_of(("标题",), (body, more)), RULES)
    assert short is None or (longer is not None and longer <= short)
