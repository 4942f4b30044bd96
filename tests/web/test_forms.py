"""Form names into values, and what is too much."""

from typing import Any

import pytest

from august.kernel.errors import Refusal
from august.web.forms import MAX_FIELDS, MAX_TEXT, fresh_key, parse


@pytest.mark.parametrize(
    ("pairs", "values"),
    [
        ([], {}),
        ([("a", " x ")], {"a": "x"}),
        ([("a", "0"), ("a", "1")], {"a": "1"}),
        ([("a[]", "1")], {"a": ["1"]}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("t-0-p", "9"), ("t-0-q", "1")], {"t": [{"p": "9", "q": "1"}]}),
        ([("t-10-p", "b"), ("t-2-p", "a")], {"t": [{"p": "a"}, {"p": "b"}]}),
        ([("b-l", "1"), ("b-w", "2")], {"b": {"l": "1", "w": "2"}}),
        ([("f-0-x-1", "b"), ("f-0-x-0", "a")], {"f": [{"x": ["a", "b"]}]}),
        ([("a", "x\r\ny\rz\0")], {"a": "x\ny\nz"}),
        ([("_csrf_token", "t"), ("_key", "k"), ("a", "")], {"a": ""}),
    ],
)
def test_names_nest(pairs: list[tuple[str, str]], values: dict[str, Any]) -> None:
    assert parse(pairs).values == values


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "1"), ("a-b", "2")],
        [("a-b", "2"), ("a", "1")],
        [("a--b", "1")],
        [("-", "1")],
        [("a-1000-b", "1")],
        [("a-b-c-d-e-f-g", "1")],
    ],
)
def test_senseless_names_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(Refusal) as refused:
        parse(pairs)
    assert (refused.value.code, refused.value.status) == ("form.field_name", 400)


def test_a_text_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert len(parse([("a", "x" * MAX_TEXT)]).values["a"]) == MAX_TEXT
    with pytest.raises(Refusal) as refused:
        parse([("a", "x" * (MAX_TEXT + 1))])
    assert refused.value.status == 413
    assert refused.value.fields["a"].params == {"limit": MAX_TEXT, "count": MAX_TEXT + 1}


def test_fields_have_a_number_and_a_sum() -> None:
    assert len(parse([(f"a{i}", "") for i in range(MAX_FIELDS)]).values) == MAX_FIELDS
    with pytest.raises(Refusal):
        parse([(f"a{i}", "") for i in range(MAX_FIELDS + 1)])
    with pytest.raises(Refusal):
        parse([(f"a{i}", "x" * MAX_TEXT) for i in range(21)])


def test_ticked_ids_are_whole_numbers() -> None:
    assert parse([("ids[]", "3"), ("ids[]", "12")]).ids("ids") == [3, 12]
    assert parse([]).ids("ids") == []
    for wrong in ("x", "-1", "1.5", "９", "9" * 19, ""):
        with pytest.raises(Refusal):
            parse([("ids[]", wrong)]).ids("ids")


def test_what_was_typed_stays_readable_by_name() -> None:
    form = parse([("t-0-p", "9"), ("_key", "k")])
    assert (form.text("t-0-p"), form.text("gone", "-"), form.key) == ("9", "-", "k")


def test_keys_differ() -> None:
    assert fresh_key() != fresh_key()
