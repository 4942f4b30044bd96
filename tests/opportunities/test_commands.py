"""What is said in conversations, on both databases: whose turn it is, what stays as it was when refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from august.kernel import commands
from august.kernel.columns import to_epoch
from august.kernel.context import SYSTEM, Actor
from august.kernel.errors import Refusal
from august.kernel.luck import Luck
from august.kernel.tables import Event
from august.kernel.world import World
from august.opportunities.models import ChatLine, Inquiry
from tests.opportunities.stage import ANN, BOB, BORN, PLAYER, RIVAL, ago, inquiry, opening, worlds

OPEN, HAGGLED, AGREED, ANSWERED, LOST, ORDERED, RIVALS = range(1, 8)


def rows() -> list[Any]:
    """The inquiries in the order of their names."""
    return [
        inquiry(1),
        inquiry(2, rounds=1, quote_cents=98_00, first_reply_at=ago(5), last_at=ago(3)),
        inquiry(3, state="agreed", quote_cents=95_00, first_reply_at=ago(5), last_at=ago(2)),
        inquiry(4, turn="buyer", first_reply_at=ago(1), last_at=ago(1)),
        inquiry(5, state="lost", turn="nobody", lost_why="ignored", due=None),
        inquiry(6, state="ordered", turn="nobody", order_id=1, due=None),
        inquiry(7, merchant_id=2, product_id=3),
        opening(1, ago(10)),
    ]


@pytest.fixture
def world(tmp_path: Path, database: str) -> Iterator[World]:
    with worlds(tmp_path, rows(), None if database.startswith("sqlite") else database) as made:
        yield made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all that is refused: it stays as it is."""
    with worlds(tmp_path_factory.mktemp("still"), rows()) as made:
        yield made


@pytest.fixture
def small(tmp_path: Path) -> Iterator[World]:
    """A world on SQLite alone, for tables of cases."""
    with worlds(tmp_path, rows()) as made:
        yield made


def run(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    return commands.run(world, actor, f"opportunities.{command}", payload).result


def refused(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    before = world.state_hash()
    with pytest.raises(Refusal) as caught:
        run(world, command, actor, **payload)
    assert world.state_hash() == before
    return caught.value


def stored(world: World, number: int) -> Inquiry:
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.get_one(Inquiry, number)
        ctx.session.expunge(found)
        return found


def lines(world: World, number: int) -> list[tuple[str, str, str, Any]]:
    asked = select(ChatLine).where(ChatLine.inquiry_id == number).order_by(ChatLine.id)
    with world.reading(SYSTEM) as ctx:
        return [(each.side, each.author, each.text, each.params) for each in ctx.session.scalars(asked)]


def facts(world: World, number: int) -> list[tuple[str, int | None, str, Any]]:
    asked = select(Event).where(Event.object_kind == "inquiry", Event.object_id == number).order_by(Event.id)
    with world.reading(SYSTEM) as ctx:
        return [(each.kind, each.merchant_id, each.actor, each.params) for each in ctx.session.scalars(asked)]


def test_an_answer_with_a_price_hands_the_turn_over(world: World) -> None:
    told = run(world, "reply", inquiry=OPEN, text=" Hello,\r\nfine. ", quote_usd="97.50")
    assert told == {"inquiry": OPEN, "state": "open", "turn": "buyer", "quote_usd": "97.50"}
    found = stored(world, OPEN)
    assert (found.last_at, found.first_reply_at, found.due, found.quote_cents) == (BORN, BORN, 0, 97_50)
    assert lines(world, OPEN)[1:] == [("seller", "player", "Hello,\nfine.", None)]
    assert facts(world, OPEN) == [("opportunities.replied", 1, "player", {"quote_cents": 97_50})]


def test_the_first_reply_counts_once(world: World) -> None:
    assert run(world, "reply", inquiry=HAGGLED, text="Hm")["quote_usd"] == "98.00"
    found = stored(world, HAGGLED)
    assert (found.first_reply_at, found.last_at, found.quote_cents) == (ago(5), BORN, 98_00)


@pytest.mark.parametrize(
    ("quote", "state"), [(None, "agreed"), ("95.00", "agreed"), ("94.99", "agreed"), ("95.01", "open")]
)
def test_more_than_was_agreed_opens_the_deal_again(small: World, quote: str | None, state: str) -> None:
    assert run(small, "reply", inquiry=AGREED, text="So?", quote_usd=quote)["state"] == state


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (ANSWERED, "inquiry.not_your_turn"),
        (LOST, "inquiry.ended"),
        (ORDERED, "inquiry.ended"),
    ],
)
def test_a_stale_answer_is_refused_with_a_remedy(world: World, number: int, code: str) -> None:
    found = refused(world, "reply", inquiry=number, text="Hello?")
    assert (found.code, found.status, found.rules) == (code, 409, ("K3-talk",))
    assert found.remedy


@pytest.mark.parametrize("number", [RIVALS, 0, -1, 99, 2**62, 2**70])
def test_another_stores_inquiry_is_as_unknown_as_none(still: World, number: int) -> None:
    assert refused(still, "reply", inquiry=number, text="Hello").status == 404
    assert refused(still, "assign", inquiry=number, staff=1).status == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "gnp \u202e.exe"}, "text"),
        ({"text": "bell \u0007"}, "text"),
        ({"quote_usd": "0"}, "quote_usd"),
        ({"quote_usd": "0.00"}, "quote_usd"),
        ({"quote_usd": "-5"}, "quote_usd"),
        ({"quote_usd": "1.234"}, "quote_usd"),
        ({"quote_usd": "cheap"}, "quote_usd"),
        ({"quote_usd": "10000000.01"}, "quote_usd"),
    ],
)
def test_bad_words_and_prices_are_refused_beside_their_field(
    still: World, change: dict[str, Any], field: str
) -> None:
    found = refused(still, "reply", **{"inquiry": OPEN, "text": "Hello", **change})
    assert (found.code, found.status, list(found.fields)) == ("inquiry.invalid", 422, [field])


def test_the_limits_themselves_are_allowed(small: World) -> None:
    told = run(small, "reply", inquiry=OPEN, text="x" * 2000, quote_usd="10000000.00")
    assert told["quote_usd"] == "10000000.00"


def test_a_conversation_is_given_away_and_taken_back(world: World) -> None:
    assert run(world, "assign", inquiry=LOST, staff=2) == {"inquiry": LOST, "staff": 2}
    run(world, "assign", inquiry=LOST, staff=2)
    assert run(world, "assign", inquiry=LOST, staff=None) == {"inquiry": LOST, "staff": None}
    assert [fact[0] for fact in facts(world, LOST)] == ["opportunities.assigned", "opportunities.freed"]
    assert facts(world, LOST)[0][3] == {"staff": {"zh": "刘伟", "en": "Liu Wei"}}


@pytest.mark.parametrize("staff", [3, 0, -1, 99, 2**65])
def test_only_the_stores_own_people_look_after_it(still: World, staff: int) -> None:
    found = refused(still, "assign", inquiry=OPEN, staff=staff)
    assert (found.code, list(found.fields)) == ("staff.unknown", ["staff"])


def test_a_person_asks_as_a_buyer(world: World) -> None:
    told = run(world, "ask", BOB, product=1, quantity=7, text="How much for seven?")
    number = told["inquiry"]
    found = stored(world, number)
    assert (found.merchant_id, found.buyer_id, found.product_id, found.quantity) == (1, 2, 1, 7)
    assert (found.state, found.turn, found.at, found.last_at, found.due) == ("open", "seller", BORN, BORN, 0)
    assert found.luck == int(Luck(7).uniform("ask.person", 2, 1, to_epoch(BORN)) * 2**53)
    assert lines(world, number) == [("buyer", "player", "How much for seven?", None)]
    # It lies on the store's timeline although a buyer acted.
    assert facts(world, number) == [("opportunities.asked", 1, "buyer", {"kind": "inquiry"})]
    run(world, "reply", inquiry=number, text="99 each", quote_usd="99")
    assert run(world, "write", BOB, inquiry=number, text="Too much")["turn"] == "seller"
    assert [each[0] for each in lines(world, number)] == ["buyer", "seller", "buyer"]


def test_one_open_conversation_about_a_product_is_enough(world: World) -> None:
    found = refused(world, "ask", ANN, product=1, quantity=7, text="Again?")
    assert (found.code, found.status, found.params) == ("inquiry.already_open", 409, {"id": OPEN})
    number = run(world, "ask", BOB, product=3, quantity=1, text="A chair?")["inquiry"]
    assert stored(world, number).merchant_id == 2


@pytest.mark.parametrize(
    ("actor", "change", "status", "fields"),
    [
        (BOB, {"product": 2}, 404, []),
        (BOB, {"product": 99}, 404, []),
        (BOB, {"product": -1}, 404, []),
        (Actor("buyer", buyer=99), {}, 404, []),
        (Actor("buyer", buyer=-1), {}, 404, []),
        (BOB, {"quantity": 0}, 422, ["quantity"]),
        (BOB, {"quantity": 10_000_001}, 422, ["quantity"]),
        (BOB, {"text": "", "quantity": -1}, 422, ["quantity", "text"]),
        (PLAYER, {}, 403, []),
    ],
)
def test_what_cannot_be_asked(
    still: World, actor: Actor, change: dict[str, Any], status: int, fields: list[str]
) -> None:
    found = refused(still, "ask", actor, **{"product": 1, "quantity": 3, "text": "Hi", **change})
    assert (found.status, list(found.fields)) == (status, fields)


def test_a_buyer_writes_only_in_ones_own_turn_and_conversation(world: World) -> None:
    assert refused(world, "write", BOB, inquiry=ANSWERED, text="Hi").status == 404
    assert refused(world, "write", ANN, inquiry=OPEN, text="Hi").code == "inquiry.not_your_turn"
    assert refused(world, "write", ANN, inquiry=LOST, text="Hi").code == "inquiry.ended"
    assert list(refused(world, "write", ANN, inquiry=ANSWERED, text="").fields) == ["text"]
    assert refused(world, "reply", BOB, inquiry=OPEN, text="Hi").status == 403
    assert run(world, "write", ANN, inquiry=ANSWERED, text="Fine")["turn"] == "seller"
    assert stored(world, ANSWERED).last_at == BORN


def test_the_store_that_acts_by_policy_is_known(world: World) -> None:
    run(world, "reply", RIVAL, inquiry=RIVALS, text="Hello")
    assert lines(world, RIVALS) == [("seller", "policy", "Hello", None)]


def test_the_same_deed_makes_the_same_world(tmp_path: Path) -> None:
    hashes = set()
    for name in "ab":
        with worlds(tmp_path / name, rows()) as world:
            run(world, "ask", BOB, product=1, quantity=7, text="Seven?")
            run(world, "reply", inquiry=OPEN, text="Hello", quote_usd="97.50")
            hashes.add(world.state_hash())
    assert len(hashes) == 1
