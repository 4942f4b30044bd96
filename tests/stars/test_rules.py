"""Scores, thresholds, caps and tracks at their edges."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from august.stars.inputs import MEASURES, Measure
from august.stars.rules import (
    FrameRules,
    Indicator,
    StarRules,
    Track,
    better_track,
    judge,
    measured,
    rules_at,
    rules_of,
    score,
    star_of,
)
from tests.stars.rulebooks import BEFORE, BOOK, FROM, STRAIGHT, counted, plain_rules, store

RULES = plain_rules()
DAY = 86_400


@pytest.mark.parametrize(
    ("points", "star"),
    [
        (0, 0), (5999, 0), (6000, 1), (6001, 1), (6999, 1), (7000, 2), (7999, 2), (8000, 3), (8499, 3),
        (8500, 4), (8999, 4), (9000, 5), (9001, 5), (10_000, 5),
    ],
)  # fmt: skip
def test_the_thresholds_of_an_ability(points: int, star: int) -> None:
    assert star_of(points, RULES.frame) == star
    found = judge(store({"trade": points}), RULES, "furniture")
    assert (found.abilities["custom"][2], found.stars["custom"][2]) == (points, star)
    assert (found.star, found.track) == (star, "custom")


@pytest.mark.parametrize(
    ("low", "star", "track", "by_track"),
    [
        ({"merchant": 5999}, 5, "rts", (0, 5)),
        ({"product": 5999}, 5, "custom", (5, 0)),
        ({"merchant": 7000, "product": 7000}, 2, "custom", (2, 2)),
        ({"merchant": 7000, "product": 8000}, 3, "rts", (2, 3)),
        ({"marketing": 6000}, 1, "custom", (1, 1)),
        ({"assurance": 5999, "merchant": 0, "product": 0}, 0, "custom", (0, 0)),
        ({"marketing": 8500, "trade": 8000, "assurance": 7000}, 2, "custom", (2, 2)),
    ],
)
def test_the_lowest_ability_and_the_higher_track(
    low: dict[str, int], star: int, track: str, by_track: tuple[int, int]
) -> None:
    found = judge(store(low), RULES, "furniture")
    assert (found.star, found.track) == (star, track)
    assert (found.track_stars["custom"], found.track_stars["rts"]) == by_track


def test_the_customization_track_counts_among_equals() -> None:
    for star in range(6):
        stars: dict[Track, int] = {"custom": star, "rts": star}
        assert better_track(stars) == "custom"
    assert better_track({"custom": 1, "rts": 2}) == "rts"


@pytest.mark.parametrize(
    ("given", "ability", "star"),
    [
        # An average wait of a day exactly is met, half a second more is rounded up and missed.
        ({"replies": 1, "reply_seconds": DAY}, 1, 5),
        ({"replies": 1, "reply_seconds": DAY + 1}, 1, 1),
        ({"replies": 3, "reply_seconds": 3 * DAY + 1}, 1, 5),
        ({"replies": 2, "reply_seconds": 2 * DAY + 1}, 1, 1),
        # Nobody answered yet: nothing is missed.
        ({}, 1, 5),
        ({"due": 10_000, "on_time": 8_000}, 3, 5),
        ({"due": 10_000, "on_time": 7_999}, 3, 1),
        ({"due": 5, "on_time": 4}, 3, 5),
        ({"due": 5, "on_time": 3}, 3, 1),
        ({"due": 1, "on_time": 0}, 3, 1),
        ({}, 3, 5),
    ],
)
def test_a_missed_service_metric_leaves_its_ability_one_star(
    given: dict[str, int], ability: int, star: int
) -> None:
    found = judge(store({}, **given), RULES, "furniture")
    for track in ("custom", "rts"):
        assert found.stars[track] == tuple(star if place == ability else 5 for place in range(4))
    # The points stay what they are, and a weaker ability is not lifted.
    assert found.abilities["custom"][ability] == 9_500
    weak = judge(store({"marketing": 0, "assurance": 0}, **given), RULES, "furniture")
    assert (weak.stars["custom"][1], weak.stars["custom"][3]) == (0, 0)


@pytest.mark.parametrize(
    ("value", "points"),
    [(-5, 1000), (10, 1000), (11, 1333), (12, 1667), (13, 2000), (20, 2000), (21, 0), (400, 0)],
)
def test_a_curve_is_straight_between_its_points_and_level_beyond(value: int, points: int) -> None:
    assert score(((10, 10), (13, 20), (20, 20), (21, 0)), value) == points


def test_half_a_hundredth_goes_up() -> None:
    # 1 / 200 of a point is half a hundredth.
    assert score(((0, 0), (200, 1)), 1) == 1
    assert score(((0, 1), (200, 0)), 1) == 100
    assert score(((0, 0), (201, 1)), 1) == 0


@pytest.mark.parametrize(
    ("top", "bottom", "found"), [(0, 0, 43_200), (0, 4, 0), (1, 2, 1), (1, 3, 0), (2, 3, 1), (5, 2, 3)]
)
def test_a_share_is_rounded_half_up_and_stands_in_where_there_is_none(
    top: int, bottom: int, found: int
) -> None:
    assert MEASURES["reply"].of(counted(reply_seconds=top, replies=bottom)) == found
    assert Measure("cases", scale=3).of(counted(cases=7)) == 21


@pytest.mark.parametrize(
    ("number", "growth", "points"),
    [(100, 5999, 0), (100, 6000, 20), (1, 60, 20), (1, 59, 0), (3, 179, 0), (3, 180, 20), (0, 0, 0)],
)
def test_the_strength_bonus_goes_to_the_custom_merchant_ability_only(
    number: int, growth: int, points: int
) -> None:
    given = {
        "custom_products": number,
        "custom_growth": growth,
        "export_cents": 10**9,
        "proof_aeo": 1,
        # 3D models count for nothing in apparel.
        "service_models_3d": 1,
    }
    found = judge(store({"merchant": 7_000, "product": 7_000}, **given), RULES, "apparel")
    assert found.strength == points
    assert found.abilities["custom"] == (7_000 + points * 100, 9_500, 9_500, 9_500)
    assert found.abilities["rts"] == (7_000, 9_500, 9_500, 9_500)
    full = judge(store({"merchant": 9_999}, **given), RULES, "security")
    assert full.abilities["custom"][0] == min(10_000, 9_999 + points * 100)


@pytest.mark.parametrize(
    ("trade", "cents", "points"),
    [
        (5_999, 99_999, 0), (5_999, 100_000, 3), (6_000, 100_000, 0), (6_000, 1_999_999, 0),
        (6_000, 2_000_000, 3), (7_000, 4_999_999, 0), (7_000, 5_000_000, 3), (8_000, 9_999_999, 0),
        (8_000, 10_000_000, 3), (8_500, 19_999_999, 0), (8_500, 20_000_000, 3), (8_999, 20_000_000, 3),
        (9_000, 10**12, 0), (10_000, 10**12, 0),
    ],
)  # fmt: skip
def test_the_machinery_bonus_looks_up_the_star_before_it(trade: int, cents: int, points: int) -> None:
    inputs = store({"trade": trade}, local_gmv=cents)
    found = judge(inputs, RULES, "machinery")
    assert found.machinery == points
    assert found.abilities["custom"][2] == trade + points * 100
    assert found.abilities["rts"][2] == trade
    for industry, rules in (("furniture", RULES), ("machinery", plain_rules(BEFORE))):
        assert judge(inputs, rules, industry).machinery == 0


def test_weights_and_curves_that_cannot_be_are_refused() -> None:
    whole = RULES.stars.indicators
    first = whole[0]
    for wrong in (
        {"weight": 99},
        {"measure": "charm"},
        {"curve": ((0, 0),)},
        {"curve": ((5, 0), (5, 100))},
        {"curve": ((5, 0), (4, 100))},
        {"curve": ((0, 0), (1, 101))},
        {"curve": ((0, -1), (1, 100))},
    ):
        with pytest.raises(ValueError, match=r"weight|curve|points"):
            StarRules(indicators=(msgspec.structs.replace(first, **wrong), *whole[1:]))
    both = Indicator("same", "both", "trade", "custom_gmv", 100, STRAIGHT)
    rest = tuple(each for each in whole if each.ability != "trade")
    assert StarRules(indicators=(*rest, both)).of("rts", "trade") == (both,)
    for stars in ((0, 60), (60, 60), (70, 60), (60, 101)):
        with pytest.raises(ValueError, match="thresholds"):
            msgspec.structs.replace(RULES.frame, stars=stars).__post_init__()


def test_the_frame_is_that_of_the_platform() -> None:
    frame: FrameRules = BOOK.values("S1", FROM)
    assert (frame.stars, frame.capped_star, frame.publish_day) == ((60, 70, 80, 85, 90), 1, 5)
    assert (frame.reply_seconds, frame.on_time_bp) == (DAY, 8_000)


@pytest.mark.parametrize(
    ("at", "version", "counts", "engineering", "machinery"),
    [
        (datetime(2020, 1, 1, tzinfo=UTC), "5.0", "inquiries", False, False),
        (BEFORE, "5.0", "inquiries", False, False),
        (FROM, "5.1", "buyers", True, True),
        # The preview evaluates nobody, not even after the day it was announced for.
        (datetime(2022, 10, 20, tzinfo=UTC), "5.1", "buyers", True, True),
        (datetime(2023, 5, 1, tzinfo=UTC), "5.1", "buyers", True, True),
    ],
)
def test_the_version_in_force(
    at: datetime, version: str, counts: str, *, engineering: bool, machinery: bool
) -> None:
    found = rules_at(BOOK, at)
    assert (found.version, found.index.counts) == (version, counts)
    assert (found.bonus.engineering is not None, found.machinery is not None) == (engineering, machinery)
    assert rules_of(BOOK, version) == found


def test_5_1_came_into_force_in_the_second_of_midnight() -> None:
    assert timedelta(seconds=1) == FROM - BEFORE
    was, became = rules_of(BOOK, "5.0"), rules_of(BOOK, "5.1")
    assert was.frame == became.frame
    for old, new in zip(was.stars.indicators, became.stars.indicators, strict=True):
        # Only the conversion is counted in another way: weights and curves stayed (S2, S5).
        if old.name == "conversion":
            assert (old.measure, new.measure) == ("conversion", "own_conversion")
            old = msgspec.structs.replace(old, measure=new.measure)  # noqa: PLW2901 - but for that equal
        assert old == new


def test_the_preview_is_the_next_version_upon_what_stands() -> None:
    preview, last = rules_of(BOOK, "5.2"), rules_of(BOOK, "5.1")
    assert preview.version == "5.2"
    assert preview.stars != last.stars
    assert (preview.bonus, preview.index, preview.frame) == (last.bonus, last.index, last.frame)
    for name in ("5.3", "", "1"):
        with pytest.raises(KeyError):
            rules_of(BOOK, name)


def test_the_index_is_a_measure_by_the_versions_own_counting() -> None:
    inputs = counted(inquiries_gold=3, buyers_L0=1)
    assert measured(inputs, rules_of(BOOK, "5.0"))["index"] == 72
    assert measured(inputs, rules_of(BOOK, "5.1"))["index"] == 12
