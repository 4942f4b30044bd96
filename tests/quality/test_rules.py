from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.kernel.clock import BEIJING, from_local
from august.kernel.errors import Refusal
from august.quality import rules
from august.quality.rules import (
    KINDS,
    REGIONS,
    QualityFacts,
    failed_checks,
    hundredths,
    judge_quality,
    losses,
    quality_rules,
    scores,
    shares,
)
from august.quality.words import CHECKS

BOOK = house().rulebook
AT = from_local(BEIJING, "2022-08-25 10:00:00")
RULES = quality_rules(BOOK, AT)
TEN = frozenset({"US", "CA", "GB", "AU", "NZ", "FR", "DE", "NL", "IT", "ES"})


def judged(kind: str, *failed: str, **others: Any) -> rules.QualityDecision:
    return judge_quality(QualityFacts(kind=kind, failed=frozenset(failed), **others), RULES)


def test_the_core_ten_are_those_of_the_release() -> None:
    assert frozenset(RULES.core_codes) == TEN
    assert len(RULES.core_codes) == 10


def test_the_three_screens_of_the_release() -> None:
    first = judged("rts", "product_detail", "customization_service")
    assert (first.text, first.band, first.certain) == ("4.1", "amber", False)
    second = judged("customization", "price", "customization_service", "sample_service")
    assert (second.text, second.band, second.certain) == ("1.7", "red", False)
    third = judged(
        "rts",
        "attributes",
        "product_detail",
        "customization_service",
        missing_freight=TEN,
        missing_delivery_by=TEN,
    )
    assert (third.text, third.band, third.certain) == ("1.7", "red", False)
    assert third.deductions == {
        "category": 0,
        "attributes": 60,
        "keywords": 0,
        "product_detail": 50,
        "price": 0,
        "freight_core_ten": 100,
        "delivery_by_core_ten": 80,
        "customization_service": 40,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_faultless_product_is_whole_and_a_hopeless_one_is_worth_nothing(kind: str) -> None:
    best = judged(kind)
    assert (best.text, best.band, best.certain) == ("5.0", "green", True)
    worst = judged(kind, *CHECKS)
    assert (worst.text, worst.band, worst.certain) == ("0.0", "red", False)


@pytest.mark.parametrize(
    ("failed", "freight", "text", "band", "certain"),
    [
        # 5.0 - 0.8 = 4.2, 5.0 - 0.9 = 4.1, 5.0 - 2.0 = 3.0, 5.0 - 2.1 = 2.9
        (("price",), 0, "4.2", "green", True),
        (("price",), 1, "4.1", "amber", False),
        (("price", "attributes", "category"), 0, "3.0", "amber", False),
        (("price", "attributes", "category"), 1, "2.9", "red", False),
    ],
)
def test_the_bands_change_at_their_edges(
    failed: tuple[str, ...], freight: int, text: str, band: str, *, certain: bool
) -> None:
    found = judged("rts", *failed, missing_freight=frozenset(sorted(TEN)[:freight]))
    assert (found.text, found.band, found.certain) == (text, band, certain)


@pytest.mark.parametrize(
    ("missing", "freight", "delivery_by"),
    [
        # 8 hundredths a country: 4.92, 4.84 ... rounded half up to one decimal once.
        (0, "5.0", "5.0"),
        (1, "4.9", "4.9"),
        (2, "4.8", "4.8"),
        (3, "4.7", "4.8"),
        (4, "4.6", "4.7"),
        (5, "4.5", "4.6"),
        (6, "4.4", "4.5"),
        (7, "4.3", "4.4"),
        (8, "4.2", "4.4"),
        (9, "4.1", "4.3"),
        (10, "4.0", "4.2"),
    ],
)
def test_missing_countries_deduct_in_proportion(missing: int, freight: str, delivery_by: str) -> None:
    gone = frozenset(sorted(TEN)[:missing])
    assert judged("rts", missing_freight=gone).text == freight
    assert judged("rts", missing_delivery_by=gone).text == delivery_by


def test_rounding_happens_once_after_the_sum() -> None:
    # 5.00 - 0.10 - 0.08 - 0.08 - 0.08 = 4.66; rounding each part would give 4.6.
    gone = frozenset(sorted(TEN)[:3])
    assert judged("rts", missing_freight=frozenset({"US"}), missing_delivery_by=gone).text == "4.7"


def test_a_half_goes_up() -> None:
    # The seeds have no sum that ends in 5 hundredths: 5.00 - 0.05 = 4.95.
    halved = rules.Deductions(full=500, rts={"price": 5, "category": 495}, customization={"price": 500})
    changed = rules.QualityRules(RULES.regions, RULES.bands, RULES.checks, halved)
    decision = judge_quality(QualityFacts(kind="rts", failed=frozenset({"price"})), changed)
    assert decision.text == "5.0"


def test_a_failed_country_check_without_countries_means_all_of_them() -> None:
    assert judged("rts", "freight_core_ten").text == "4.0"
    assert judged("rts", "freight_core_ten", missing_freight=frozenset({"US"})).text == "4.9"


def test_countries_outside_the_core_do_not_count() -> None:
    assert judged("rts", missing_freight=frozenset({"JP", "KR"})).text == "5.0"


def test_spared_industries_lose_nothing() -> None:
    spared = judged("rts", missing_delivery_by=TEN, exempt=frozenset({"delivery_by_core_ten"}))
    assert spared.text == "5.0"
    assert any(
        node.outcome == "note" and "not asked of this industry" in node.message for node in spared.why.walk()
    )


@pytest.mark.parametrize("region", [region for region in REGIONS if region != "mainland"])
def test_other_regions_keep_the_old_check(region: str) -> None:
    found = judged("rts", "product_detail", "customization_service", missing_freight=TEN, region=region)
    # Q1: only the detail deducts, and there is no certain expression to have.
    assert (found.text, found.band, found.certain) == ("4.5", "green", False)
    assert found.deductions.keys().isdisjoint(RULES.checks.certainty)
    assert "Q1" in found.why.rules


def test_the_explanation_names_the_rules_the_trouble_and_the_arithmetic() -> None:
    why = judged("rts", "product_detail", missing_freight=frozenset({"US", "ES"})).why
    assert why.params["score"] == "4.3"
    assert set(why.rules) == {"Q1", "Q2", "Q3", "Q4"}
    bad = [node for node in why.walk() if node.outcome == "bad" and node.rule == "Q4"]
    assert [node.params["points"] for node in bad] == ["0.50", "0.20"]
    assert [node.params["star"] for node in bad] == ["", "*"]
    assert [name["en"] for name in bad[1].params["trouble"].params["countries"]] == ["United States", "Spain"]
    assert all(node.remedy for node in bad)
    assert "5.00 - 0.70 = 4.3, rounded half up to one decimal" in [node.english() for node in why.walk()]


def test_the_ball_is_not_live_before_its_launch() -> None:
    with pytest.raises(Refusal, match=r"rule\.not_in_force"):
        quality_rules(BOOK, from_local(BEIJING, "2022-08-18 23:59:59"))
    assert quality_rules(BOOK, from_local(BEIJING, "2022-08-19 00:00:00")) == RULES


FACTS = st.builds(
    QualityFacts,
    kind=st.sampled_from(KINDS),
    failed=st.frozensets(st.sampled_from(list(CHECKS))),
    missing_freight=st.frozensets(st.sampled_from([*sorted(TEN), "JP"])),
    missing_delivery_by=st.frozensets(st.sampled_from([*sorted(TEN), "JP"])),
    exempt=st.frozensets(st.sampled_from(list(CHECKS))),
    region=st.sampled_from(REGIONS),
)


@given(st.lists(FACTS, min_size=1, max_size=20))
def test_all_at_once_equals_one_by_one(many: list[QualityFacts]) -> None:
    lost = losses(
        np.array([KINDS.index(each.kind) for each in many]),
        np.array([each.region in RULES.regions for each in many]),
        np.array([list(shares(each, RULES).values()) for each in many]),
        RULES,
    )
    decided = [judge_quality(each, RULES) for each in many]
    assert scores(lost, RULES).tolist() == [decision.score for decision in decided]
    assert failed_checks(lost, RULES) == [
        [check for check, points in decision.deductions.items() if points] for decision in decided
    ]


@given(FACTS)
def test_the_explanation_tells_what_was_decided(facts_: QualityFacts) -> None:
    decision = judge_quality(facts_, RULES)
    why = decision.why
    assert (why.params["score"], why.params["message"].msgid) == (decision.text, decision.message)
    assert (why.outcome == "ok") == (decision.band == "green")
    told = [node.params["points"] for node in why.walk() if node.rule == "Q4" and node.outcome == "bad"]
    taken = sorted(points for points in decision.deductions.values() if points)
    assert sorted(told) == sorted(hundredths(points) for points in taken)


@given(FACTS, st.sampled_from(list(CHECKS)))
def test_mending_never_lowers_a_score(facts_: QualityFacts, check: str) -> None:
    mended = QualityFacts(
        kind=facts_.kind,
        failed=facts_.failed - {check},
        missing_freight=facts_.missing_freight,
        missing_delivery_by=facts_.missing_delivery_by,
        exempt=facts_.exempt,
        region=facts_.region,
    )
    # A country check without named countries counts as all, so dropping it can only help as well.
    assert judge_quality(mended, RULES).score >= judge_quality(facts_, RULES).score


@pytest.mark.parametrize(
    ("full", "table"), [(500, {"price": 400}), (500, {"rhyme": 500}), (500, {"price": 600, "category": -100})]
)
def test_deductions_that_make_no_sense_are_refused(full: int, table: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"unknown check|sum to the full"):
        rules.Deductions(full=full, rts=table, customization={"price": 500})
