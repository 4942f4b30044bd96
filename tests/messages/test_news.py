"""Announcements appear at their very second, in the list and in every box, and say what the chapter says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from august.features import house
from august.festival.models import QuotaClaim
from august.festival.quotas import BEGAN
from august.festival.rules import QuotaRules
from august.kernel.clock import beijing, from_local, pacific
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.jobs import Due, advance, upcoming
from august.kernel.seeds import SeedError
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.messages import news, queries
from august.messages.announcements import ZONES, Announcement, standing
from august.messages.commands import announce
from august.messages.jobs import SOLD_OUT, publications, publish_due, sold_out
from august.settings import SEEDS
from august.web.i18n import phrase, speaking
from august.web.tables import listing
from tests.tools.bare import PLAYER, bare, put
from tests.tools.statements import counting

NUMBERS = count(1)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
DATED = [one for one in standing().values() if one.at is not None]
HAPPENING = [one for one in standing().values() if one.at is None]
COMING = [one for one in DATED if one.at and one.at > BORN]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


def seen(world: World, at: datetime) -> set[str]:
    """The ids of all announcements that stand at an instant."""
    with world.reading(PLAYER) as ctx:
        ctx.now = at
        return {each.one.id for each in news.articles(ctx)}


@pytest.mark.parametrize("one", DATED, ids=lambda one: one.id)
def test_each_appears_at_its_second(world: World, one: Announcement) -> None:
    assert one.at is not None
    assert one.id not in seen(world, one.at - SECOND)
    assert one.id in seen(world, one.at)
    assert one.id in seen(world, one.at + SECOND)


def test_the_job_is_due_at_each_instant_and_publishes_what_is_dated_for_it(world: World) -> None:
    job = publications()
    instants = sorted({one.at for one in COMING if one.at})
    due: list[Due] = []
    for each in upcoming([job], {job.name: BORN}):
        due.append(each)
        if len(due) == len(instants):
            break
    assert [each.at for each in due] == instants
    for at in instants:
        with world.writing(SYSTEM) as ctx:
            ctx.now = at
            publish_due(ctx)
            ctx.session.commit()
    asked = listing("/", {"size": "100"}, sorts=("at",), default="-at", filters=queries.FILTERS)
    with speaking("en"), world.reading(PLAYER) as ctx:
        lines = queries.box(ctx, asked).lines
    told = {(line.at, line.path, line.text) for line in lines}
    assert told == {(one.at, f"/onetouch/news/{one.id}", f"Announcement: {one.title['en']}") for one in DATED}
    assert len(lines) == len(DATED)


def test_the_clock_publishes_and_a_world_rewound_has_not_heard_it(world: World, store: Worlds) -> None:
    first = min(one.at for one in COMING if one.at)
    advance(world, first - SECOND)
    with world.reading(PLAYER) as ctx:
        before = queries.unread(ctx)
    advance(world, first)
    with world.reading(PLAYER) as ctx:
        assert queries.unread(ctx) == before + 1
    again = store.create(f"w{next(NUMBERS)}", "t", seed=3)
    assert "charter" not in seen(again, BORN)
    with again.reading(PLAYER) as ctx:
        assert queries.unread(ctx) == 0


def test_before_its_instant_an_article_is_not_there(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        with pytest.raises(Refusal) as told:
            news.article(news.articles(ctx), "festival-begins")
        assert told.value.status == 404
        assert news.article(news.articles(ctx), "service-fee").one.rules == ("F2",)


def test_every_offer_and_correction_of_the_chapter_is_announced() -> None:
    rules = {rule for one in standing().values() for rule in one.rules}
    assert rules >= {*(f"F{number}" for number in range(1, 11)), "F12"}
    corrected = {rule for one in standing().values() if one.topic == "correction" for rule in one.rules}
    assert corrected >= {"F1", "F6", "F7", "F8", "F10"}
    assert len({one.topic for one in standing().values()}) == 5


@pytest.mark.parametrize(
    ("name", "number", "pt", "bj"),
    [
        ("correction-daylight-saving", 0, "2022-11-30 23:59:59", "2022-12-01 15:59:59"),
        ("correction-september-31", 0, "2022-09-30 23:59:59", "2022-10-01 14:59:59"),
        ("easy-return", 1, "2022-12-31 07:59:59", "2022-12-31 23:59:59"),
        ("charter", 0, "2022-10-15 08:59:59", "2022-10-15 23:59:59"),
        ("service-fee", 1, "2022-12-31 23:59:59", "2023-01-01 15:59:59"),
    ],
)
def test_deadlines_in_both_zones(name: str, number: int, pt: str, bj: str) -> None:
    last = standing()[name].windows[number].last
    assert f"{pacific(last):%Y-%m-%d %H:%M:%S}" == pt
    assert f"{beijing(last):%Y-%m-%d %H:%M:%S}" == bj


@pytest.mark.parametrize("one", [one for one in DATED if one.topic == "reminder"], ids=lambda one: one.id)
def test_a_reminder_comes_three_days_before_the_end_in_the_zone_it_is_written_in(one: Announcement) -> None:
    span = one.windows[0]
    zone = ZONES[span.zones[0]]
    assert one.at is not None
    end, at = span.end.astimezone(zone), one.at.astimezone(zone)
    assert (end.date() - at.date(), end.time(), at.time()) == (3 * DAY, at.min.time(), at.min.time())


@pytest.mark.parametrize(
    ("shift", "state", "left"),
    [
        (-SECOND, "coming", "begins in 0 h 0 min"),
        (-DAY, "coming", "begins in 1 d 0 h"),
        (0 * SECOND, "running", "30 d 0 h left"),
        (30 * DAY - SECOND, "running", "0 h 0 min left"),
        (30 * DAY, "over", None),
    ],
)
def test_a_window_counts_down_to_the_second(shift: timedelta, state: str, left: str | None) -> None:
    span = next(span for span in standing()["service-fee"].windows if span.start is not None)
    assert span.start is not None
    assert span.state(span.start + shift) == state
    told = news.countdown(span, span.start + shift)
    with speaking("en"):
        assert (None if told is None else phrase(told)) == left


def test_a_deadline_runs_until_its_last_second() -> None:
    span = standing()["charter"].windows[0]
    assert span.start is None
    assert [span.state(span.last + shift) for shift in (-DAY, 0 * SECOND, SECOND)] == [
        "running", "running", "over",
    ]  # fmt: skip


def test_a_quota_is_told_once_when_it_has_run_out(world: World) -> None:
    rules: QuotaRules = house().rulebook.values("K5", BORN)
    rule = rules.quotas["fcl_us_west"]
    gone = BEGAN + timedelta(seconds=rule.sells_out(0) or 0)
    name = f"{SOLD_OUT}fcl_us_west"

    def look(at: datetime) -> bool:
        with world.writing(SYSTEM) as ctx:
            ctx.now = at
            sold_out(ctx)
            ctx.session.commit()
        return name in seen(world, at)

    assert not look(gone - SECOND)
    assert look(gone)
    unchanged = world.state_hash()
    look(gone + SECOND)
    assert world.state_hash() == unchanged
    with speaking("en"), world.reading(PLAYER) as ctx:
        ctx.now = gone
        assert news.article(news.articles(ctx), name).paragraphs[0].startswith("All 300 orders are taken.")


def test_claims_of_this_market_make_a_quota_run_out_sooner(world: World) -> None:
    rules: QuotaRules = house().rulebook.values("K5", BORN)
    rule = rules.quotas["fcl_us_west"]
    sooner, later = (BEGAN + timedelta(seconds=rule.sells_out(taken) or 0) for taken in (2, 0))
    assert sooner < later
    about = {"code": "fcl_us_west", "merchant_id": 1, "about_kind": "logistics_order", "returned_at": None}
    put(world, *((QuotaClaim, {**about, "about_id": number, "at": BEGAN}) for number in (1, 2)))
    with world.writing(SYSTEM) as ctx:
        ctx.now = sooner
        sold_out(ctx)
        ctx.session.commit()
    assert f"{SOLD_OUT}fcl_us_west" in seen(world, sooner)


def test_nothing_is_looked_for_outside_the_festival(world: World) -> None:
    with world.writing(SYSTEM) as ctx, counting() as sent:
        for at in (BORN, BEGAN - SECOND, BEGAN + 121 * DAY):
            ctx.now = at
            sold_out(ctx)
        assert sent == []
        ctx.now = BEGAN
        sold_out(ctx)
        assert len(sent) == 1


def test_every_quota_has_its_announcement() -> None:
    rules: QuotaRules = house().rulebook.values("K5", BORN)
    assert {one.id for one in HAPPENING} == {f"{SOLD_OUT}{code}" for code in rules.quotas}


def test_what_is_dated_cannot_be_announced_by_hand(world: World) -> None:
    with world.writing(SYSTEM) as ctx:
        with pytest.raises(ValueError, match="by itself"):
            announce(ctx, "service-fee")
        with pytest.raises(KeyError):
            announce(ctx, "no-such")
        assert announce(ctx, "sold-out-charter", total=10_000)
        assert not announce(ctx, "sold-out-charter", total=10_000)


def test_filters() -> None:
    found = [news.Article(one, one.at) for one in DATED if one.at]

    def ids(**asked: str) -> set[str]:
        chosen = listing("/", asked, sorts=("at",), default="-at", filters=news.FILTERS)
        return {each.one.id for each in news.chosen(found, chosen)}

    assert ids() == {one.id for one in DATED}
    assert ids(topic="correction") == {one.id for one in DATED if one.topic == "correction"}
    # Published in Beijing's October, a Pacific midnight later.
    assert "festival-ends" in ids(month="2022-10")
    assert "logistics-payment-ended" in ids(month="2022-10")
    assert ids(q="9月31日") == {"correction-september-31"}
    assert "correction-september-31" in ids(q="SEPTEMBER 31st", kind="enterprise")
    assert ids(q="no such words") == set()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("kind: onetouch", "kind: onetoch"), "onetoch"),
        (("at: BJ 2022-08-12 10:00:00", "at: JP 2022-08-12 10:00:00"), "must look like"),
        (("to: PT 2022-09-30 23:59:59", "to: PT 2022-09-31 23:59:59"), "must look like"),
        (("id: festival-overview", "id: small-parcel-cut-off"), "two announcements"),
        (("from: PT 2022-08-15 00:00:00", "from: PT 2022-10-15 00:00:00"), "before it begins"),
    ],
)
def test_a_wrong_seed_is_refused_with_its_line(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    text = (SEEDS / "announcements.yaml").read_text("utf-8")
    path = tmp_path / "announcements.yaml"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(SeedError, match=words) as told:
        standing(path)
    assert told.value.line > 1


def test_few_statements(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        ctx.now = from_local(ZONES["PT"], "2023-01-01 00:00:00")
        with counting() as sent:
            assert len(news.articles(ctx)) == len(DATED)
        assert len(sent) == 1
