"""The timeline: its seed, the state of a date at its very seconds, jumps, the drawing and the calendar."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from august.features import house
from august.home import gantt, timeline
from august.home.timeline import CHAPTERS, Item, standing
from august.home.timeline_web import jump_to
from august.kernel.clock import BEIJING, PACIFIC, parse_instant
from august.kernel.seeds import SeedError
from august.kernel.world import World
from august.market.grow import BORN
from august.rulechannel.queries import path_of
from august.settings import ROOT
from tests.tools.bare import PLAYER, bare, dispute, order, put
from tests.tools.statements import counting

SEED = ROOT / "seeds" / "timeline.yaml"
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def entry(name: str) -> Item:
    return next(item for item in standing() if item.anchor == name)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("festival", "2022-09-01T00:00:00-07:00", "2022-09-30T23:59:59-07:00"),
        # Daylight saving ended on 6 November: the release prints 14:59:59 in Beijing (T2).
        ("express-coupons", "2022-10-15T15:00:00+08:00", "2022-12-01T15:59:59+08:00"),
        ("multimodal", "2022-09-01T00:00:00-07:00", "2022-10-15T23:59:59+08:00"),
        ("small-parcel", "2022-08-15T15:00:00+08:00", "2022-10-01T14:59:59+08:00"),
        ("quality-ball", "2022-08-19T00:00:00+08:00", "2022-08-24T23:59:59+08:00"),
        ("star-evaluation-2", "2022-10-05T00:00:00-07:00", "2022-10-05T00:00:00-07:00"),
        ("star-5-1", "2022-09-06T00:00:00-07:00", "2022-09-06T00:00:00-07:00"),
        ("easy-return-ship", "2022-12-31T23:59:59+08:00", "2022-12-31T23:59:59+08:00"),
        ("service-fee-ship", "2023-01-01T15:59:59+08:00", "2022-12-31T23:59:59-08:00"),
        ("fcl-book", "2022-09-30T23:59:59-07:00", "2022-10-01T14:59:59+08:00"),
    ],
)
def test_dates_of_the_release(name: str, first: str, last: str) -> None:
    item = entry(name)
    assert (item.start, item.last) == (parse_instant(first), parse_instant(last))


def test_an_item_says_in_which_zones_it_is_written() -> None:
    assert entry("festival").zones == ("PT",)
    assert entry("easy-return-ship").zones == ("BJ",)
    assert entry("multimodal").zones == ("PT", "BJ")


@pytest.mark.parametrize(
    ("old", "new", "saying"),
    [
        ("from: BJ 2022-08-25 10:00:00}]", "from: XX 2022-08-25 10:00:00}]", "must look like"),
        ("from: BJ 2022-08-25 10:00:00}]", "from: BJ 2022-13-25}]", "must look like"),
        ("to: PT 2022-09-30 23:59:59", "to: PT 2022-08-30 23:59:59", "ends before it begins"),
        ("id: questions", "id: launch", "two entries are called 'launch'"),
        ("chapter: 00-world", "chapter: 99-moon", "unknown chapter '99-moon'"),
        ("kind: deadline", "kind: wish", "Invalid enum value"),
        (", en: The release goes online}", "}", "in zh and in en"),
    ],
)
def test_a_wrong_seed_is_refused_by_file_and_line(tmp_path: Path, old: str, new: str, saying: str) -> None:
    text = SEED.read_text("utf-8")
    assert old in text
    wrong = tmp_path / "timeline.yaml"
    wrong.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SeedError, match=saying) as refused:
        standing(wrong)
    assert refused.value.line > 1


def test_every_entry_belongs_to_a_chapter_and_names_its_rule_and_source() -> None:
    assert len(standing()) >= 45
    assert len({item.anchor for item in standing()}) == len(standing())
    assert all(item.rule and item.source and item.chapter in CHAPTERS for item in standing())


@pytest.mark.parametrize(
    ("name", "at", "state", "goal"),
    [
        ("festival", "2022-08-31T23:59:59-07:00", "coming", "2022-09-01T00:00:00-07:00"),
        ("festival", "2022-09-01T00:00:00-07:00", "running", "2022-10-01T00:00:00-07:00"),
        ("festival", "2022-09-30T23:59:59-07:00", "running", "2022-10-01T00:00:00-07:00"),
        ("festival", "2022-10-01T00:00:00-07:00", "past", None),
        ("star-5-1", "2022-09-05T23:59:59-07:00", "coming", "2022-09-06T00:00:00-07:00"),
        ("star-5-1", "2022-09-06T00:00:00-07:00", "past", None),
    ],
)
def test_state_at_the_edges(name: str, at: str, state: str, goal: str | None) -> None:
    item, now = entry(name), parse_instant(at)
    assert item.state(now) == state
    assert item.goal(now) == (None if goal is None else parse_instant(goal))


def test_jumps_lead_to_the_minute_and_never_before() -> None:
    assert jump_to(entry("festival"), BORN) == "/clock?local=2022-09-01T00:00&zone=pt"
    assert jump_to(entry("oa-fee-prepayment"), BORN) == "/clock?local=2022-11-01T00:00&zone=pt"
    assert jump_to(entry("easy-return-ship"), BORN) == "/clock?local=2022-12-31T08:00&zone=pt"
    assert jump_to(entry("new-customers"), BORN) is None


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = bare(tmp_path)
    yield store.create("w", "t", seed=3)
    store.close()


def test_own_deadlines_and_rule_versions_stand_beside_the_release(world: World) -> None:
    put(
        world,
        order(ship_by=BORN + 3 * DAY),
        order(ship_by=BORN - DAY),
        order(state="asked", since=BORN - DAY, paid_at=None),
        order(state="completed"),
        order(merchant_id=2),
        dispute(opened_at=BORN - DAY),
        dispute(opened_at=BORN, state="accepted", deadline=None),
    )
    with world.reading(PLAYER) as ctx, counting() as sent:
        found = timeline.items(ctx, {"/disputes"})
    assert len(sent) == 2
    mine = [
        (item.anchor, item.start, item.state(BORN), item.path) for item in found if item.chapter == "mine"
    ]
    assert mine == [
        ("order-2", BORN - DAY, "late", None),
        ("order-1", BORN + 3 * DAY, "coming", None),
        ("dispute-1", BORN + 4 * DAY, "coming", "/disputes/1"),
        ("order-3", BORN + 4 * DAY, "coming", None),
    ]
    dated = {version.id for version in house().rulebook.all() if version.effective_from is not None}
    assert {item.rule for item in found if item.chapter == "rules"} >= dated
    assert [item.start for item in found] == sorted(item.start for item in found)
    assert {item.chapter for item in timeline.chosen(found, BORN, "", "late", "")} == {"mine"}
    assert {item.kind for item in timeline.chosen(found, BORN, "window", "running", "")} == {"window"}


def test_a_rule_is_read_where_this_world_has_it() -> None:
    book = house().rulebook
    assert path_of(book, "Q6") == "/rules?q=Q6"
    assert path_of(book, "X99") is None
    assert path_of(book, None) is None


def test_the_drawing_places_bars_by_their_seconds() -> None:
    span = gantt.frame(PACIFIC, date(2022, 9, 1))
    drawing = gantt.draw([entry("festival")], BORN, span, CHAPTERS, lambda item: str(item.title["en"]))
    ((lane,),) = [group.lanes for group in drawing.groups]
    (mark,) = lane.marks
    assert (mark.x, mark.width, mark.state) == (300.0, 860.0, "coming")
    # The play-head of August lies outside September.
    assert drawing.now is None
    assert [tick.label for tick in drawing.ticks] == ["09-01", "09-08", "09-15", "09-22", "09-29"]
    whole = gantt.draw(standing(), BORN, gantt.frame(PACIFIC, None), CHAPTERS, lambda item: item.lane)
    assert whole.now is not None
    assert gantt.LABELS < whole.now < gantt.WIDTH
    assert whole.ticks[0].label == "2022-07"
    for group in whole.groups:
        for one in group.lanes:
            assert all(gantt.LABELS <= each.x <= gantt.WIDTH for each in one.marks)


def test_what_ends_before_a_frame_or_begins_after_it_is_left_out() -> None:
    span = gantt.frame(PACIFIC, date(2022, 10, 1))
    festival = entry("festival")
    assert gantt.inside([festival], span) == []
    assert festival.end is not None
    assert gantt.inside([replace(festival, end=festival.end + SECOND)], span) != []


def days_of(month: date, zone: gantt.ZoneInfo, name: str) -> dict[date, str]:
    now = datetime(2022, 9, 3, 12, tzinfo=PACIFIC)
    cells = [cell for week in gantt.weeks([entry(name)], month, zone, now) for cell in week]
    assert len(cells) % 7 == 0
    assert [cell.day for cell in cells if cell.today] == (
        [date(2022, 9, 3)] if zone is PACIFIC else [date(2022, 9, 4)]
    )
    return {cell.day: edge for cell in cells for edge, _ in cell.entries}


def test_the_calendar_lies_in_its_zone() -> None:
    september = date(2022, 9, 1)
    assert days_of(september, PACIFIC, "festival") == {date(2022, 9, 1): "begins", date(2022, 9, 30): "ends"}
    assert days_of(september, BEIJING, "festival") == {date(2022, 9, 1): "begins", date(2022, 10, 1): "ends"}
    assert days_of(september, PACIFIC, "star-5-1") == {date(2022, 9, 6): "falls"}


@pytest.mark.parametrize(
    ("text", "fits"),
    [("abcdef", "abcdef"), ("abcdefg", "abcde…"), ("采购节", "采购节"), ("采购节日", "采购…")],
)
def test_labels_are_cut_by_their_width(text: str, fits: str) -> None:
    assert gantt.clipped(text, 6) == fits
