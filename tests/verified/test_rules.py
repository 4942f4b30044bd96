"""Access and reviews: one below, at and above every threshold; findings alone decide."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.market.grow import BORN
from august.verified.queries import industry_names
from august.verified.rules import (
    KINDS,
    AccessRules,
    ReviewRules,
    Standing,
    accepted,
    conditions,
    explain,
    main_industry,
    review,
)
from august.verified.words import ASK_WORDS

TODAY = date(2022, 8, 28)
REVIEWS: ReviewRules = house().rulebook.values("S3-review", BORN)
ACCESS: AccessRules = house().rulebook.values("S3-access", BORN)
GOOD: dict[str, dict[str, Any]] = {
    "export": {"yearly_export_usd": 1, "year": 2021},
    "trademark": {"sort": "patent", "number": "1234", "holder": "Mu", "valid_until": "2022-08-29"},
    "fortune500": {"partner": "IKEA", "goods": "Sofas", "year": 2019},
    "aeo": {"level": "advanced", "number": "123456"},
    "oem": {"brand": "HM", "goods": "Chair", "valid_until": "2022-08-29"},
    "overseas_after_sales": {"country": "US", "partner": "Mo", "technicians": 2, "response_hours": 48},
    "models_3d": {"models": 20},
    "software_copyright": {"number": "123456", "goods": "OS", "holder": "Mu"},
    "overseas_stock": {"country": "US", "area_m2": 100, "products": 5},
    "engineering": {"statement": "x" * 100, "engineers": 3, "years_active": 1},
}
BELOW = [
    ("export", "yearly_export_usd", 0),
    ("export", "year", 2019),
    ("export", "year", 2022),
    ("trademark", "sort", "other_certificate"),
    ("trademark", "number", "123"),
    ("trademark", "holder", "M"),
    ("trademark", "valid_until", "2022-08-28"),
    ("fortune500", "partner", "I"),
    ("fortune500", "goods", "Sofa"),
    ("fortune500", "year", 2018),
    ("fortune500", "year", 2022),
    ("aeo", "level", "registered"),
    ("aeo", "number", "12345"),
    ("oem", "brand", "H"),
    ("oem", "valid_until", "2022-08-27"),
    ("overseas_after_sales", "technicians", 1),
    ("overseas_after_sales", "response_hours", 0),
    ("overseas_after_sales", "response_hours", 49),
    ("models_3d", "models", 19),
    ("software_copyright", "number", "12345"),
    ("overseas_stock", "area_m2", 99),
    ("overseas_stock", "products", 4),
    ("engineering", "statement", "x" * 99),
    ("engineering", "engineers", 2),
    ("engineering", "years_active", 0),
]
DOCUMENTS = {kind: 2 if kind in {"export", "fortune500", "oem"} else 1 for kind in KINDS}


def store(membership: str, industry: str, *, late: bool = False) -> Standing:
    return Standing(membership, not late, industry)


@pytest.mark.parametrize("kind", KINDS)
def test_what_just_meets_every_criterion_is_verified(kind: str) -> None:
    found = review(REVIEWS.of(kind), GOOD[kind], DOCUMENTS[kind], TODAY)
    assert accepted(found)
    node = explain(REVIEWS.of(kind), found, TODAY, ASK_WORDS)
    assert (node.outcome, node.rules) == ("ok", ("S3-review",))
    assert len(node.children) == len(found)


@pytest.mark.parametrize("kind", KINDS)
def test_one_document_less_is_rejected_and_one_more_is_not(kind: str) -> None:
    few = review(REVIEWS.of(kind), GOOD[kind], DOCUMENTS[kind] - 1, TODAY)
    assert [each.name for each in few if not each.passed] == ["documents"]
    assert accepted(review(REVIEWS.of(kind), GOOD[kind], DOCUMENTS[kind] + 1, TODAY))


@pytest.mark.parametrize(("kind", "name", "value"), BELOW)
def test_one_step_short_is_rejected_and_told(kind: str, name: str, value: Any) -> None:
    found = review(REVIEWS.of(kind), {**GOOD[kind], name: value}, DOCUMENTS[kind], TODAY)
    assert [each.name for each in found if not each.passed] == [name]
    node = explain(REVIEWS.of(kind), found, TODAY, ASK_WORDS)
    bad = [child for child in node.children if child.outcome == "bad"]
    assert node.outcome == "bad"
    assert len(bad) == 1
    assert bad[0].remedy


def test_a_country_is_called_by_its_name() -> None:
    spain = {"zh": "\u897f\u73ed\u7259", "en": "Spain"}
    found = review(REVIEWS.of("overseas_stock"), {**GOOD["overseas_stock"], "country": "ES"}, 1, TODAY)
    node = explain(REVIEWS.of("overseas_stock"), found, TODAY, {**ASK_WORDS, "ES": spain})
    assert node.children[0].params["have"] == spain


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", [None, ""])
def test_what_is_left_out_is_not_accepted(kind: str, missing: str | None) -> None:
    for name in GOOD[kind]:
        found = review(REVIEWS.of(kind), {**GOOD[kind], name: missing}, DOCUMENTS[kind], TODAY)
        assert [each.name for each in found if not each.passed] == [name]


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 20), st.integers(0, 20))
def test_more_never_turns_a_verdict_bad(area: int, more: int, products: int, papers: int) -> None:
    told = {"country": "US", "area_m2": area, "products": products}
    richer = {**told, "area_m2": area + more}
    rules = REVIEWS.of("overseas_stock")
    if accepted(review(rules, told, papers, TODAY)):
        assert accepted(review(rules, richer, papers + 1, TODAY))


@pytest.mark.parametrize(
    ("counts", "declared", "main"),
    [
        ({}, "furniture", "furniture"),
        ({"lighting": 1}, "furniture", "lighting"),
        ({"lighting": 3, "furniture": 2}, "furniture", "lighting"),
        ({"lighting": 3, "furniture": 3}, "furniture", "furniture"),
        ({"lighting": 3, "beauty": 3}, "furniture", "beauty"),
    ],
)
def test_the_main_industry_has_most_products_on_sale(
    counts: dict[str, int], declared: str, main: str
) -> None:
    assert main_industry(counts, declared) == main


@pytest.mark.parametrize(
    ("kind", "who", "failed"),
    [
        ("engineering", store("verified", "furniture"), []),
        ("engineering", store("verified", "lighting"), []),
        ("engineering", store("verified", "construction"), []),
        ("engineering", store("verified", "apparel"), ["industry"]),
        ("overseas_after_sales", store("verified", "machinery"), []),
        ("overseas_after_sales", store("verified", "furniture"), ["industry"]),
        ("software_copyright", store("verified", "security"), []),
        ("software_copyright", store("verified", "machinery"), ["industry"]),
        ("models_3d", store("verified", "home_garden"), []),
        ("models_3d", store("verified", "beauty"), ["industry"]),
        ("overseas_stock", store("verified", "beauty"), []),
        ("export", store("cgs", "beauty"), ["membership"]),
        ("aeo", store("verified", "beauty", late=True), ["in_service"]),
        ("engineering", store("qqb", "beauty", late=True), ["membership", "in_service", "industry"]),
    ],
)
def test_access_names_every_failed_condition_with_its_remedy(
    kind: str, who: Standing, failed: list[str]
) -> None:
    found = conditions(kind, who, ACCESS, industry_names())
    assert [each.name for each in found if not each.met] == failed
    assert all((each.why.remedy is None) == each.met for each in found)


def test_a_proof_counts_in_the_industries_it_is_open_to() -> None:
    for version in house().rulebook.versions("S3"):
        bonus = version.values
        counted = {kind: service.industries for kind, service in bonus.services.items() if service.industries}
        if bonus.engineering:
            counted["engineering"] = bonus.engineering.industries
        open_to = {
            kind: each for kind, each in ACCESS.industries.items() if kind in {*counted, *bonus.services}
        }
        assert counted == open_to
    assert set(counted) == set(ACCESS.industries)
