"""The table of S7 cell by cell, scores and stocks at their edges, the instants of publications."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from august.benefits.rules import (
    DAY,
    RULES,
    STARS,
    Benefit,
    BenefitRules,
    Facts,
    OpportunityRules,
    ScoreBand,
    StockRules,
    WindowRules,
    days_on,
    judge,
    left_of,
    opportunities,
    rate_text,
    score_text,
    sells_out,
    spell,
    times_of,
)
from august.benefits.words import FAMILIES
from august.features import house
from august.festival.rules import taken_elsewhere
from august.kernel.clock import parse_instant
from august.market.grow import BORN
from august.settings import SEEDS

BOOK = house().rulebook
TABLE: dict[str, Benefit] = {each.code: each for each in BOOK.values("S7", BORN).benefits}
SCORES: OpportunityRules = BOOK.values("S7-opportunities", BORN)
STOCKS: StockRules = BOOK.values("S7-stock", BORN)
WINDOWS: WindowRules = BOOK.values("S7-windows", BORN)
CODES, STAR = st.sampled_from([*STOCKS.stock]), st.integers(0, 5)
ALL, NONE = "54321", ""
# Which stars get it: as Verified Supplier, as Gold Supplier.
TICKS = {
    "badge_list": (ALL, ALL),
    "badge_store": (ALL, ALL),
    "search_factor": (ALL, ALL),
    "rfq_pass": ("1", "1"),
    "rfq_quotes": ("1", "1"),
    "rfq_pin": ("2", "2"),
    "gold_opportunities": ("543", "543"),
    "super_festivals": (ALL, "5432"),
    "industry_campaigns": (ALL, ALL),
    "online_exhibitions": ("543", "543"),
    "super_star_brands": (ALL, NONE),
    "million_club": (ALL, NONE),
    "dedicated_service": ("543", "543"),
    "loan_mybank": (ALL, ALL),
    "loan_business": (ALL, ALL),
}
RISEN = {"showcase_slots": (ALL, ALL), "data_advisor": (NONE, ALL), "first_focus": (ALL, ALL)}


def facts(star: int, *, before: int | None = None, member: str = "verified", score: int = 6000) -> Facts:
    return Facts(star=star, before=before, membership=member, score=score)


def stars_with(code: str, member: str, before: int | None) -> str:
    """The stars at which a member gets it, the highest first."""
    return "".join(
        str(star)
        for star in reversed(STARS)
        if judge(TABLE[code], facts(star, before=before, member=member), SCORES).granted
    )


def test_every_line_of_the_table_is_judged_below() -> None:
    assert set(TABLE) == {*TICKS, *RISEN}
    assert {each.family for each in TABLE.values()} == set(FAMILIES)


@pytest.mark.parametrize("code", TICKS)
def test_the_table_of_the_release_corrected(code: str) -> None:
    assert (stars_with(code, "verified", None), stars_with(code, "cgs", None)) == TICKS[code]


@pytest.mark.parametrize("code", RISEN)
def test_a_campaign_is_for_risen_stars(code: str) -> None:
    assert (stars_with(code, "verified", 0), stars_with(code, "cgs", 0)) == RISEN[code]
    for before in (None, 5):
        assert stars_with(code, "cgs", before) == NONE


@pytest.mark.parametrize("code", TABLE)
def test_a_store_without_a_star_or_whose_membership_ran_out(code: str) -> None:
    assert not judge(TABLE[code], facts(0, before=0), SCORES).granted
    kept = stars_with(code, "none", 0)
    assert kept == (NONE if code in ("super_star_brands", "million_club", "data_advisor") else kept)


@pytest.mark.parametrize(
    ("before", "star", "risen"), [(2, 1, False), (2, 2, False), (2, 3, True), (None, 3, False), (0, 1, True)]
)
def test_a_star_rises_above_the_one_before(*, before: int | None, star: int, risen: bool) -> None:
    assert judge(TABLE["first_focus"], facts(star, before=before), SCORES).granted is risen


@pytest.mark.parametrize(
    ("score", "quantity"),
    [(0, 3), (5998, 3), (5999, 3), (6000, 5), (6001, 5), (7999, 5), (8000, 15), (8001, 15), (10000, 15)],
)
def test_golden_opportunities_follow_the_service_score(score: int, quantity: int) -> None:
    assert opportunities(score, SCORES) == quantity
    assert judge(TABLE["gold_opportunities"], facts(3, score=score), SCORES).quantity == quantity


@pytest.mark.parametrize(
    ("code", "star", "quantity"),
    [
        ("rfq_pass", 1, 1),
        ("rfq_quotes", 1, 5),
        ("rfq_pin", 2, 3),
        ("badge_list", 5, None),
        ("loan_mybank", 5, None),
        ("showcase_slots", 1, 2),
        ("showcase_slots", 5, 10),
    ],
)
def test_how_much_is_counted(code: str, star: int, quantity: int | None) -> None:
    assert judge(TABLE[code], facts(star, before=0), SCORES).quantity == quantity


def test_loan_rates_by_star() -> None:
    told = {code: [rate_text(rate) for rate in reversed(TABLE[code].rates or ())] for code in TABLE}
    assert told["loan_mybank"] == ["7.2%", "7.2%", "9.0%", "9.72%", "10.8%"]
    assert told["loan_business"] == ["7.5%", "8.0%", "8.0%", "8.5%", "9.0%"]
    assert [score_text(score) for score in (5999, 6000, 7950)] == ["59.99", "60", "79.5"]


def test_every_failed_condition_is_told_with_what_would_change_it() -> None:
    why = judge(TABLE["data_advisor"], facts(0, before=1), SCORES).why
    failed = [node for node in why.walk() if node.outcome == "bad" and node is not why]
    assert [node.rule for node in failed] == ["S7", "S7", "S7-campaign"]
    assert all(node.remedy for node in failed)
    assert failed[0].remedy == "Reach {least}★ in a coming evaluation."
    low = judge(TABLE["rfq_pin"], facts(4), SCORES).why
    assert low.children[0].remedy == "It is meant for lower stars; yours brings others."
    fine = judge(TABLE["gold_opportunities"], facts(4), SCORES).why
    assert fine.outcome == "ok"
    assert fine.rules == ("S7", "S7-opportunities", "S7-service-score")


@pytest.mark.parametrize(
    ("month", "published", "month_end", "following"),
    [
        ("2022-07", "2022-08-05T00:00:00-07:00", "2022-09-01T00:00:00-07:00", "2022-09-05T00:00:00-07:00"),
        ("2022-08", "2022-09-05T15:00:00+08:00", "2022-10-01T15:00:00+08:00", "2022-10-05T15:00:00+08:00"),
        # Daylight saving ends on November 6th: an hour later in Beijing.
        ("2022-10", "2022-11-05T00:00:00-07:00", "2022-12-01T00:00:00-08:00", "2022-12-05T16:00:00+08:00"),
        ("2022-11", "2022-12-05T00:00:00-08:00", "2023-01-01T00:00:00-08:00", "2023-01-05T00:00:00-08:00"),
        ("2022-12", "2023-01-05T00:00:00-08:00", "2023-02-01T00:00:00-08:00", "2023-02-05T00:00:00-08:00"),
    ],
)
def test_the_instants_of_a_publication(month: str, published: str, month_end: str, following: str) -> None:
    times = times_of(month, WINDOWS)
    told = (times.published, times.month_end, times.following)
    assert told == tuple(parse_instant(each) for each in (published, month_end, following))


def test_how_long_each_kind_holds() -> None:
    times = times_of("2022-08", WINDOWS)
    assert spell(TABLE["rfq_pin"], times) == (times.published, times.month_end)
    assert spell(TABLE["badge_list"], times) == (times.published, times.following)
    assert spell(TABLE["data_advisor"], times) == (times.published, times.following)
    # One week, its first day the day of the publication.
    end = parse_instant("2022-09-12T00:00:00-07:00")
    assert spell(TABLE["first_focus"], times) == (times.published, end)
    noon = datetime(2022, 9, 10, 19, 0, tzinfo=UTC)
    assert days_on(noon, 30) == parse_instant("2022-10-11T00:00:00-07:00")


@pytest.mark.parametrize(
    ("seconds", "taken"),
    [
        (-1, 0),
        (0, 0),
        (DAY // 2, 300),
        (DAY - 1, 599),
        (DAY, 600),
        (DAY + 1, 600),
        (3 * DAY, 1100),
        (7 * DAY, 1500),
        (14 * DAY, 1800),
        (21 * DAY, 1960),
        (24 * DAY - 1, 1999),
        (24 * DAY, 2000),
        (99 * DAY, 2000),
    ],
)
def test_the_rest_of_the_platform_takes_a_stock_on_its_curve(seconds: int, taken: int) -> None:
    assert taken_elsewhere(2000, seconds, STOCKS.curve) == taken
    assert left_of("rfq_pass", seconds, 0, STOCKS) == 2000 - taken
    assert left_of("rfq_pass", seconds, 2000, STOCKS) == 0


def test_less_than_a_share_is_left_one_second_after_the_last_claim() -> None:
    end = sells_out("rfq_quotes", 5, 0, STOCKS)
    assert end is not None
    assert left_of("rfq_quotes", end - 1, 0, STOCKS) >= 5 > left_of("rfq_quotes", end, 0, STOCKS)
    assert sells_out("rfq_quotes", 20_001, 0, STOCKS) == 0


@given(
    st.integers(0, 30 * DAY),
    st.integers(0, 3 * DAY),
    st.integers(0, 40_000),
    st.sampled_from([*STOCKS.stock]),
)
def test_a_stock_only_shrinks_and_never_below_nothing(at: int, later: int, claimed: int, code: str) -> None:
    now, then = left_of(code, at, claimed, STOCKS), left_of(code, at + later, claimed, STOCKS)
    assert 0 <= then <= now <= STOCKS.stock[code]
    assert left_of(code, at, claimed + 1, STOCKS) in {now, now - 1}


@given(st.integers(1, 50), st.integers(0, 2000), CODES)
def test_a_share_is_to_be_had_exactly_until_it_is_sold_out(share: int, claimed: int, code: str) -> None:
    end = sells_out(code, share, claimed, STOCKS)
    assert end is not None
    assert left_of(code, end, claimed, STOCKS) < share
    assert end == 0 or left_of(code, end - 1, claimed, STOCKS) >= share


@given(
    st.integers(0, 5),
    st.one_of(st.none(), st.integers(0, 5)),
    st.sampled_from(["cgs", "qqb", "verified", "none"]),
)
def test_a_decision_is_what_its_conditions_say(star: int, before: int | None, member: str) -> None:
    for benefit in TABLE.values():
        found = judge(benefit, facts(star, before=before, member=member), SCORES)
        conditions = [node for node in found.why.children if node.outcome != "note"]
        assert found.granted == all(node.outcome == "ok" for node in conditions)
        assert (found.quantity is not None) == (found.granted and benefit.counted)


def test_a_table_that_contradicts_itself_is_refused() -> None:
    line = TABLE["badge_list"]
    with pytest.raises(ValueError, match="twice"):
        BenefitRules(benefits=(line, line))
    with pytest.raises(ValueError, match="days"):
        BenefitRules(benefits=(Benefit(**{**fields(line), "days": 3}),))
    with pytest.raises(ValueError, match="fall"):
        OpportunityRules(bands=(ScoreBand(6000, 5), ScoreBand(8000, 15)))
    with pytest.raises(ValueError, match="rise"):
        StockRules(stock={}, curve=((0, 0), (2, 500), (1, 900)))


def fields(line: Benefit) -> dict[str, object]:
    return {name: getattr(line, name) for name in line.__struct_fields__}


def test_every_number_has_its_origin() -> None:
    found = yaml.safe_load((SEEDS / "rules" / "02-benefits.yaml").read_text("utf-8"))
    origins = {rule["id"]: rule["origin"] for rule in found}
    assert origins == {
        "S7": "decision",
        "S7-windows": "assumption",
        "S7-rfq": "release",
        "S7-stock": "assumption",
        "S7-opportunities": "release",
        "S7-service-score": "assumption",
        "S7-campaign": "assumption",
    }
    assert set(RULES) <= set(origins)
    assert Counter(rule["effective_from"] for rule in found) == {"always": 7}
