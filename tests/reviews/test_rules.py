"""Scores, windows and moments by the numbers of the rules, at their edges; whole columns equal one by one."""

from datetime import timedelta

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.market.demand import along
from august.market.grow import BORN
from august.reviews.rules import (
    DAY,
    ConversionRules,
    InviteRules,
    LiftRules,
    MomentRules,
    Moments,
    ScoreRules,
    ScoreWord,
    Stars,
    Tally,
    WindowRules,
    case_of,
    conversion,
    had_reviews,
    is_open,
    lift_of,
    moment_of,
    rate_product,
    rate_store,
    score,
    scores,
    tally,
    text_of,
    word_of,
)
from august.settings import SEEDS

BOOK = house().rulebook
SCORES: ScoreRules = BOOK.values("V2-score", BORN)
MOMENTS: MomentRules = BOOK.values("V6", BORN)
LIFTS: LiftRules = BOOK.values("V6-lift", BORN)
CONVERSION: ConversionRules = BOOK.values("V6-conversion", BORN)
STAR = st.integers(1, 5)


def test_the_rules_say_what_the_chapter_says() -> None:
    windows: WindowRules = BOOK.values("V1", BORN)
    invite: InviteRules = BOOK.values("V6-invite", BORN)
    assert (windows.write_days, windows.change_days, windows.reply_days) == (30, 30, 30)
    assert invite.invite_days == 30
    assert (MOMENTS.best_days, MOMENTS.good_days) == (1, 5)
    origins = {rule: BOOK.at(rule, BORN).origin for rule in ("V1", "V1-counts", "V2", "V5", "V6")}
    assert origins == {
        "V1": "assumption",
        "V1-counts": "release",
        "V2": "release",
        "V5": "release",
        "V6": "release",
    }


@pytest.mark.parametrize(
    ("seconds", "place"),
    [
        (-1, "outside"),
        (0, "inside"),
        (30 * DAY - 1, "inside"),
        (30 * DAY, "outside"),
        (30 * DAY + 1, "outside"),
    ],
)
def test_a_window_of_thirty_days_ends_at_its_second(seconds: int, place: str) -> None:
    assert is_open(1000, 30, 1000 + seconds) is (place == "inside")


@pytest.mark.parametrize(
    ("stars", "count", "hundredths", "text"),
    [
        (0, 0, None, "\u2013"),
        (5, 1, 500, "5.00"),
        (499, 100, 499, "4.99"),
        (2999, 600, 499, "4.99"),  # 4.9983: five stars throughout only
        (14, 3, 466, "4.66"),
        (13, 3, 433, "4.33"),
        (1, 1, 100, "1.00"),
    ],
)
def test_a_score_is_the_mean_rounded_down(stars: int, count: int, hundredths: int | None, text: str) -> None:
    assert score(stars, count) == hundredths
    assert text_of(hundredths) == text


@pytest.mark.parametrize(
    ("hundredths", "word"),
    [
        (500, "very_satisfied"),
        (450, "very_satisfied"),
        (449, "satisfied"),
        (400, "satisfied"),
        (399, "so_so"),
        (300, "so_so"),
        (299, "dissatisfied"),
        (100, "dissatisfied"),
        (None, None),
    ],
)
def test_scores_have_words(hundredths: int | None, word: str | None) -> None:
    assert word_of(hundredths, SCORES) == word


def test_words_that_do_not_end_at_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="end at 0"):
        ScoreRules(words=(ScoreWord("good", 400),), trend_weeks=12)
    with pytest.raises(ValueError, match="must fall"):
        ScoreRules(words=(ScoreWord("bad", 0), ScoreWord("good", 400), ScoreWord("so", 0)), trend_weeks=12)


def test_only_what_counts_is_rated() -> None:
    told = [Stars(5, 4, 5), Stars(4, 4, 3), Stars(1, 1, 1, counts=False)]
    found = tally(told)
    assert found == Tally(2, 9, 8, 8, (0, 0, 0, 1, 1), 1)
    product, store = rate_product(found, SCORES), rate_store(found, SCORES)
    assert (product.score, product.count, product.word) == (450, 2, "very_satisfied")
    # 25 stars over six judgements
    assert (store.score, store.quality, store.service, store.shipment) == (416, 450, 400, 400)
    assert "V1-counts" in product.why.rules
    assert "V1-counts" in store.why.rules
    assert product.why.english() == "Score 4.50 from 2 reviews"


def test_nothing_that_counts_has_no_score() -> None:
    found = tally([Stars(1, 1, 1, counts=False)])
    for rating in (rate_product(found, SCORES), rate_store(found, SCORES)):
        assert (rating.count, rating.score, rating.quality, rating.word) == (0, None, None, None)
        assert rating.why.outcome == "note"
        assert rating.why.rules == ("V2", "V1-counts")


@given(st.lists(st.builds(Stars, STAR, STAR, STAR, st.booleans()), max_size=40))
def test_adding_up_is_counting(told: list[Stars]) -> None:
    found = tally(told)
    assert found.count + found.uncounted == len(told)
    assert sum(found.by_stars) == found.count
    assert sum(stars * count for stars, count in enumerate(found.by_stars, start=1)) == found.quality


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 100)), min_size=1, max_size=30))
def test_whole_columns_equal_one_by_one(pairs: list[tuple[int, int]]) -> None:
    stars, counts = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    assert scores(stars, counts).tolist()[: len(pairs)] == [
        score(each, count) if count else each * 100 for each, count in pairs
    ]


@pytest.mark.parametrize(
    ("product", "store", "case"), [(1, 1, "both"), (3, 40, "both"), (0, 1, "store"), (0, 0, "neither")]
)
def test_three_pictures(product: int, store: int, case: str) -> None:
    assert case_of(product, store) == case


@pytest.mark.parametrize(
    ("passed", "moment"),
    [
        (timedelta(0), "best"),
        (timedelta(days=1), "best"),
        (timedelta(days=1, seconds=1), "good"),
        (timedelta(days=5), "good"),
        (timedelta(days=5, seconds=1), "late"),
        (timedelta(days=29), "late"),
    ],
)
def test_moments_change_after_one_day_and_five(passed: timedelta, moment: str) -> None:
    assert moment_of(int(passed.total_seconds()), MOMENTS) == moment


@pytest.mark.parametrize(
    ("hours", "lift"),
    [(0, 30), (12, 32), (24, 34), (48, 28), (120, 22), (132, 15), (144, 8), (720, 1), (800, 1)],
)
def test_the_lift_follows_its_curve(hours: int, lift: int) -> None:
    assert lift_of(hours * 3600, LIFTS) == lift


def test_the_lift_is_the_markets_own() -> None:
    numbers = yaml.safe_load((SEEDS / "market" / "demand.yaml").read_text("utf-8"))["reviews"]
    assert LIFTS.alone_percent == numbers["alone_percent"]
    assert [list(point) for point in LIFTS.lift] == numbers["lift"]
    curve = tuple((float(day), float(percent)) for day, percent in numbers["lift"])
    for seconds in range(0, 31 * DAY, 7 * 3600):
        assert abs(lift_of(seconds, LIFTS) - along(curve, seconds / DAY)) <= 0.5


EVENTS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 50)), max_size=25)


def moments(pairs: list[tuple[int, int]]) -> Moments:
    told = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Moments(told[:, 0], told[:, 1])


@given(EVENTS, EVENTS)
def test_reviews_before_a_visit_are_counted_one_by_one(
    things: list[tuple[int, int]], reviews: list[tuple[int, int]]
) -> None:
    expected = [sum(p == product and t < at for p, t in reviews) for product, at in things]
    assert had_reviews(moments(things), moments(reviews)).tolist() == expected


def test_conversion_is_split_by_what_buyers_saw() -> None:
    reviews = moments([(1, 10), (1, 20), (1, 30), (1, 40), (1, 50), (2, 10)])
    visits = moments([(1, 10), (1, 11), (1, 41), (1, 51), (1, 52), (2, 5), (3, 99)])
    inquiries = moments([(1, 11), (1, 60), (2, 9)])
    found = conversion(visits, inquiries, reviews, CONVERSION)
    assert [(band.least, band.most, band.visits, band.inquiries) for band in found] == [
        (0, 0, 3, 1),
        (1, 4, 2, 1),
        (5, None, 2, 1),
    ]
    assert [band.share for band in found] == [1 / 3, 0.5, 0.5]
    nobody = conversion(moments([]), moments([]), moments([]), CONVERSION)
    assert [band.share for band in nobody] == [None, None, None]
