from datetime import UTC, datetime

import msgspec

from august.kernel.errors import Refusal
from august.kernel.explain import Node, money
from august.kernel.words import N_, Phrase

TREE = Node(
    "Total {sum}",
    {"sum": money(1999, "USD"), "at": datetime(2022, 8, 25, tzinfo=UTC)},
    rule="M2",
    children=(
        Node(
            "{what} is bad",
            {"what": Phrase("the {colour} part", {"colour": "red"})},
            rule="Q3",
            outcome="bad",
        ),
        Node("fine", rule="M2", outcome="ok", children=(Node("deep", rule="T1"),)),
    ),
)


def test_a_tree_is_walked_parents_first_and_names_each_rule_once() -> None:
    assert [node.message for node in TREE.walk()] == ["Total {sum}", "{what} is bad", "fine", "deep"]
    assert TREE.rules == ("M2", "Q3", "T1")


def test_a_tree_becomes_plain_data() -> None:
    told = msgspec.to_builtins(TREE)
    assert told["params"] == {"sum": {"cents": 1999, "currency": "USD"}, "at": "2022-08-25T00:00:00Z"}
    assert told["children"][1]["children"][0]["rule"] == "T1"


def test_english_fills_phrases_and_leaves_unknown_places() -> None:
    assert TREE.children[0].english() == "the red part is bad"
    assert Node("{a} and {b}", {"a": "{b}"}).english() == "{b} and {b}"
    assert N_("as it is") == "as it is"


def test_a_refusal_says_everything_it_knows() -> None:
    no = Refusal("x.y", "No {thing}", params={"thing": "way"}, rules=["T1"], fields={"a": Phrase("bad")})
    assert (no.code, no.rules, no.status, no.params) == ("x.y", ("T1",), 422, {"thing": "way"})
    assert str(no) == "x.y: No way (a: bad)"
