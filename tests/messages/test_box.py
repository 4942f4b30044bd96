"""The message box: rules that begin are told at their second; history by tabs and words; what is read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest

from august.features import house
from august.kernel import commands
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.jobs import advance
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.messages import announcements, queries
from august.messages.commands import send
from august.messages.words import TABS
from august.web.i18n import speaking
from august.web.tables import listing
from tests.tools.bare import PLAYER, bare
from tests.tools.statements import counting

NUMBERS = count(1)
SECOND = timedelta(seconds=1)
EARLIER = [one for one in announcements.standing().values() if one.at is not None and one.at <= BORN]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, module_url: str | None) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"), module_url)
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


def box(world: World, lang: str = "en", **filters: str) -> queries.Box:
    asked = listing("/", filters, sorts=("at",), default="-at", filters=queries.FILTERS)
    with speaking(lang), world.reading(PLAYER) as ctx:
        return queries.box(ctx, asked)


def say(world: World, text: str, kind: str, to: int | None = 1, **params: object) -> None:
    with world.writing(SYSTEM) as ctx:
        send(ctx, text, to=to, kind=kind, **params)
        ctx.session.commit()


def unread(world: World) -> int:
    with world.reading(PLAYER) as ctx:
        return queries.unread(ctx)


def test_rules_are_announced_at_the_second_they_begin(world: World) -> None:
    starts = [version.effective_from for version in house().rulebook.all()]
    first = min(start for start in starts if start is not None and start > BORN)

    def told() -> list[tuple[datetime, str]]:
        return [(line.at, line.text) for line in box(world, kind="rule").lines]

    advance(world, first - SECOND)
    assert told() == []
    advance(world, first)
    expected = [v.title["en"] for v in house().rulebook.all() if v.effective_from == first]
    assert sorted(told()) == sorted((first, f"In force from now on: {title}") for title in expected)


def test_what_was_announced_before_the_birth_lies_in_the_history_and_is_read(world: World) -> None:
    found = box(world)
    assert len(EARLIER) > 5
    assert sorted(line.at for line in found.lines) == sorted(one.at for one in EARLIER if one.at)
    assert found.unread == unread(world) == 0
    assert {line.tab for line in found.lines} == {"onetouch", "enterprise"}


def test_tabs_states_and_words(world: World) -> None:
    say(world, "Paid: {id}", "order", id=7)
    say(world, "A word from nobody", "of_no_tab")
    say(world, "For everybody", "star", to=None)
    say(world, "For another store", "star", to=2)
    assert [line.text for line in box(world, state="unread").lines] == [
        "For everybody", "A word from nobody", "Paid: 7",
    ]  # fmt: skip
    assert [line.text for line in box(world, kind="order").lines] == ["Paid: 7"]
    assert [line.text for line in box(world, kind="system").lines] == ["A word from nobody"]
    assert [line.text for line in box(world, q="NOBODY word").lines] == ["A word from nobody"]
    assert box(world, q="no such words").page.total == 0
    counts = box(world).counts
    assert (counts["order"], counts["star"], counts["system"]) == ((1, 1), (1, 1), (1, 1))
    assert sum(count for count, _ in counts.values()) == box(world).page.total == len(EARLIER) + 3
    assert set(counts) == set(TABS)
    # The words are those of the reader's language.
    assert box(world, "zh_CN", q="无忧小包").page.total >= 1
    assert box(world, "en", q="无忧小包").page.total == 0


def test_pages_of_a_tab(world: World) -> None:
    for number in range(12):
        say(world, "Number {id}", "order", id=number)
    shown = box(world, kind="order", size="10", page="2")
    assert [line.text for line in shown.lines] == ["Number 1", "Number 0"]
    assert shown.page.total == 12


def test_one_is_read_then_all(world: World) -> None:
    for number in range(3):
        say(world, "Number {id}", "order", id=number)
    newest = box(world).lines[0].id
    commands.run(world, PLAYER, "messages.mark_one", {"message": newest - 1})
    commands.run(world, PLAYER, "messages.mark_one", {"message": newest - 1})
    assert unread(world) == 2
    assert [line.id for line in box(world, state="unread").lines] == [newest, newest - 2]
    # An older mark does not bring anything back; the newest leaves nothing.
    commands.run(world, PLAYER, "messages.mark_read", {"up_to": 1})
    assert unread(world) == 2
    commands.run(world, PLAYER, "messages.mark_read", {"up_to": newest})
    assert unread(world) == box(world).unread == 0
    say(world, "One more", "order")
    assert unread(world) == 1


@pytest.mark.parametrize("command", ["messages.mark_read", "messages.mark_one"])
@pytest.mark.parametrize("number", [0, -1, 10_000, 2**70])
def test_an_unknown_message_is_refused(world: World, command: str, number: int) -> None:
    field = {"messages.mark_read": "up_to", "messages.mark_one": "message"}[command]
    unchanged = world.state_hash()
    with pytest.raises(Refusal) as told:
        commands.run(world, PLAYER, command, {field: number})
    assert told.value.code == "messages.unknown"
    assert world.state_hash() == unchanged


def test_anothers_message_is_unknown(world: World) -> None:
    say(world, "For another store", "star", to=2)
    with world.reading(SYSTEM) as ctx:
        last = ctx.session.execute(queries.select(queries.func.max(queries.Message.id))).scalar_one()
    with pytest.raises(Refusal):
        commands.run(world, PLAYER, "messages.mark_one", {"message": last})


def test_few_statements(world: World) -> None:
    for number in range(40):
        say(world, "Number {id}", "order", id=number)
    asked = listing("/", {"q": "number"}, sorts=("at",), default="-at", filters=queries.FILTERS)
    with world.reading(PLAYER) as ctx:
        with counting() as sent:
            queries.box(ctx, asked)
        assert len(sent) == 2
        with counting() as sent:
            queries.unread(ctx)
        assert len(sent) == 1
