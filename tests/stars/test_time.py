"""Time passes: cuts, publications and predictions at their instants, by the versions in force."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, select

from august.kernel.clock import day_start, parse_instant
from august.kernel.jobs import advance
from august.kernel.tables import Event
from august.kernel.world import World
from august.merchants.models import Merchant
from august.messages.models import Message
from august.stars import queries
from august.stars.inputs import INPUTS
from august.stars.jobs import PUBLISHED, preview
from august.stars.models import Evaluation, Prediction
from august.stars.queries import as_issued, current, decide, history, stars_of
from tests.stars.rulebooks import BOOK, FROM
from tests.trade.deals import PLAYER, looking, stored


def midnight(day: str) -> datetime:
    """A Pacific midnight of summer time."""
    return parse_instant(f"{day}T00:00:00-07:00")


CUTS = [midnight(f"2022-{month}-01") for month in ("09", "10", "11")]
PUBLICATIONS = [midnight(f"2022-{month}-05") for month in ("09", "10", "11")]
VERSIONS = ["5.0", "5.1", "5.1"]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world without a past that has lived until November 6."""
    with stored(tmp_path_factory.mktemp("worlds")) as made:
        world = made.create("w", "t", seed=3)
        advance(world, midnight("2022-11-06"))
        yield world


def test_three_evaluations_of_every_store(lived: World) -> None:
    with looking(lived) as ctx:
        stores = len(ctx.session.scalars(select(Merchant.id)).all())
        found = ctx.session.scalars(select(Evaluation).order_by(Evaluation.id)).all()
        assert [each.id for each in found] == list(range(1, 3 * stores + 1))
        for place, month in enumerate(("2022-08", "2022-09", "2022-10")):
            of = found[place * stores : (place + 1) * stores]
            assert {each.month for each in of} == {month}
            assert [each.merchant_id for each in of] == list(range(1, stores + 1))
            assert {(each.cut_at, each.published_at, each.version) for each in of} == {
                (CUTS[place], PUBLICATIONS[place], VERSIONS[place])
            }


def test_every_result_can_be_made_again_from_its_inputs(lived: World) -> None:
    with looking(lived) as ctx:
        kept = [
            *ctx.session.scalars(select(Evaluation)),
            *ctx.session.scalars(select(Prediction)),
        ]
        assert len({each.abilities.tobytes() for each in kept}) > 50
        for result in kept:
            parts = decide(*as_issued(ctx, result))
            assert (parts.star, parts.track) == (result.star, result.track)
            assert result.abilities.tolist() == [*parts.abilities["custom"], *parts.abilities["rts"]]
            assert len(result.inputs) == len(INPUTS)


def test_predictions_change_version_in_the_second_of_midnight(lived: World) -> None:
    with looking(lived) as ctx:
        found = ctx.session.scalars(select(Prediction).order_by(Prediction.at)).all()
        assert {each.merchant_id for each in found} == {1}
        days = [midnight("2022-08-25") + timedelta(days=number) for number in range(73)]
        # Summer time lasts until the last of these days has begun.
        assert days[-1] == midnight("2022-11-05")
        assert [each.at for each in found][:73] == days
        assert [each.version for each in found] == ["5.0" if each.at < FROM else "5.1" for each in found]
        assert {each.at for each in found if each.version == "5.1"} >= {FROM}


def test_the_player_is_told_at_each_publication(lived: World) -> None:
    with looking(lived) as ctx:
        told = ctx.session.scalars(
            select(Message).where(Message.kind == "star", Message.merchant_id == 1).order_by(Message.at)
        ).all()
        assert [each.at for each in told] == PUBLICATIONS
        events = ctx.session.scalars(select(Event).where(Event.kind == PUBLISHED).order_by(Event.at)).all()
        assert [each.at for each in events] == PUBLICATIONS
        stars = [each.star for each in reversed(history(ctx))]
        assert [each.params["star"] for each in events] == stars


@pytest.mark.parametrize(
    ("born", "published", "month"),
    [
        ("2022-08-25", "2022-08-05", "2022-07"),
        ("2022-08-05", "2022-08-05", "2022-07"),
        ("2022-08-04", "2022-07-05", "2022-06"),
        ("2022-01-02", "2021-12-05", "2021-11"),
    ],
)
def test_a_world_is_born_with_the_evaluation_published_last(
    lived: World, born: str, published: str, month: str
) -> None:
    with lived.writing(PLAYER) as ctx:
        ctx.session.execute(delete(Evaluation))
        # Midnights of Pacific winter are an hour later.
        ctx.now = day_start(date.fromisoformat(born))
        queries.begin(ctx)
        assert ctx.now == day_start(date.fromisoformat(born))
        kept = ctx.session.scalars(select(Evaluation)).all()
        assert {(each.published_at, each.month, each.version) for each in kept} == {
            (day_start(date.fromisoformat(published)), month, "5.0")
        }
        assert {each.cut_at for each in kept} == {day_start(date.fromisoformat(published).replace(day=1))}
        assert current(ctx) is not None


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (PUBLICATIONS[0] - timedelta(seconds=1), None),
        (PUBLICATIONS[0], "2022-08"),
        # Made on the first, it counts from the fifth.
        (CUTS[1], "2022-08"),
        (PUBLICATIONS[1] - timedelta(seconds=1), "2022-08"),
        (PUBLICATIONS[1], "2022-09"),
        (PUBLICATIONS[2], "2022-10"),
    ],
)
def test_an_evaluation_counts_from_its_publication_to_the_next(
    lived: World, at: datetime, month: str | None
) -> None:
    # Stars that tell the months and stores apart, never committed.
    with lived.writing(PLAYER) as ctx:
        for each in ctx.session.scalars(select(Evaluation)):
            each.star = int(each.month[-2:]) * 1000 + each.merchant_id
        ctx.session.flush()
        ctx.now = at
        found = current(ctx)
        assert (found.month if found else None) == month
        stars = stars_of(ctx, np.array([], dtype=np.int64), np.array([1, 1, 2]))
        expected = int(month[-2:]) * 1000 if month else 0
        assert stars.tolist() == ([expected + 1, expected + 1, expected + 2] if month else [0, 0, 0])


def test_the_preview_is_told_to_everybody_once(lived: World) -> None:
    job = preview(BOOK)
    first = job.trigger.get_next_fire_time(None, midnight("2022-08-25"))
    assert first == midnight("2022-10-11")
    assert job.trigger.get_next_fire_time(first, first) is None
    with lived.writing(PLAYER) as ctx:
        ctx.now = first
        # The house has the job already: it told it when the clock passed.
        ctx.session.flush()
        (told,) = ctx.session.scalars(
            select(Message).where(Message.kind == "star", Message.merchant_id.is_(None))
        )
        assert (told.at, told.path) == (first, "/stars?compare=1")


def test_stores_are_judged_in_parts_as_if_at_once(lived: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 7)
    with lived.writing(PLAYER) as ctx:
        before = ctx.session.scalars(
            select(Evaluation).where(Evaluation.month == "2022-10").order_by(Evaluation.id)
        ).all()
        stores = [each.merchant_id for each in before]
        ctx.session.execute(delete(Evaluation))
        queries.evaluate_all(ctx, CUTS[2])
        found = ctx.session.scalars(select(Evaluation).order_by(Evaluation.id)).all()
        assert [each.id for each in found] == list(range(1, len(stores) + 1))
        assert {each.published_at for each in found} == {None}
        assert [each.merchant_id for each in found] == stores
        for each in found:
            assert decide(*as_issued(ctx, each)).star == each.star


def test_both_databases_keep_the_same_evaluations(tmp_path: Path, postgres_url: str) -> None:
    hashes = set()
    for url in (None, postgres_url):
        with stored(tmp_path, url) as made:
            world = made.create("w", "t", seed=3)
            advance(world, midnight("2022-09-05"))
            with looking(world) as ctx:
                assert ctx.session.scalars(select(Evaluation.star)).all()
            hashes.add(world.state_hash())
    assert len(hashes) == 1
