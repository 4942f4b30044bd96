"""The strength bonus, the machinery rows and the opportunity index by themselves."""

import msgspec
import pytest

from august.stars.bonus import MachineryRules
from august.stars.bonus_why import explain_machinery
from august.stars.inputs import PROFESSIONAL, SERVICES
from august.stars.rules import rules_of
from august.stars.words import points_of
from tests.stars.rulebooks import BOOK, counted

BONUS, OLD = rules_of(BOOK, "5.1").bonus, rules_of(BOOK, "5.0").bonus
INDEX = rules_of(BOOK, "5.1").index
ALL = {f"proof_{kind}": 1 for kind in PROFESSIONAL} | {f"service_{kind}": 1 for kind in SERVICES}
OPEN = {"custom_products": 1, "custom_growth": 60}


@pytest.mark.parametrize(
    ("industry", "service"),
    [("machinery", 15), ("construction", 15), ("security", 15), ("electronic_components", 10),
     ("commercial_service_equipment", 15), ("packaging_printing", 5), ("apparel", 5), ("furniture", 15)],
)  # fmt: skip
def test_all_there_is_by_industry(industry: str, service: int) -> None:
    inputs = counted(**OPEN, **ALL, export_cents=10**9, engineering=1, cases=9)
    found = BONUS.of(inputs, industry)
    assert (found.export, found.professional, found.service) == (10, 10, service)
    assert found.total == 20 + service
    assert BONUS.of(inputs | {"custom_growth": 59}, industry).total == 0


def test_the_caps_cut_each_class_and_the_whole() -> None:
    dear = {kind: msgspec.structs.replace(each, points=9) for kind, each in BONUS.services.items()}
    generous = msgspec.structs.replace(BONUS, services=dear, export_cap=8)
    inputs = counted(**OPEN, **ALL, export_cents=10**9, engineering=1, cases=3)
    found = generous.of(inputs, "construction")
    # Two services of nine and five for cases make 23.
    assert (found.export, found.professional, found.service, found.total) == (8, 10, 20, 38)
    assert msgspec.structs.replace(generous, total_cap=37).of(inputs, "construction").total == 37


@pytest.mark.parametrize(("cases", "points"), [(0, 0), (1, 2), (2, 2), (3, 5), (4, 5), (1000, 5)])
def test_two_cases_count_like_one(cases: int, points: int) -> None:
    for industry in ("construction", "furniture", "lighting"):
        assert BONUS.case_points(cases, industry) == points
        assert OLD.case_points(cases, industry) == 0
    assert BONUS.case_points(cases, "home_garden") == 0
    unverified = counted(**OPEN, cases=cases, engineering=0)
    assert BONUS.of(unverified, "furniture").service == 0


def test_every_row_explains_itself() -> None:
    machinery = BOOK.versions("S6")[0].values
    assert isinstance(machinery, MachineryRules)
    names = {code: {"zh": code, "en": code} for code in ("machinery", "apparel")}
    for star, cents, outcomes in (
        (4, 20_000_000, ["note"] * 4 + ["ok"]),
        (4, 19_999_999, ["note"] * 4 + ["bad"]),
        (0, 100_000, ["ok"] + ["note"] * 4),
        (5, 10**12, ["note"]),
    ):
        why = explain_machinery(cents, star, "machinery", machinery, names)
        assert [child.outcome for child in why.children] == outcomes
        assert why.rules == ("S6",)


@pytest.mark.parametrize(
    ("counts", "index"),
    [
        ({}, 0),
        ({"buyers_L0": 1}, 12),
        ({"buyers_visitor": 1}, 12),
        ({"buyers_L4": 1}, 49),
        ({"buyers_L0": 80}, 632),
        ({"buyers_L0": 500}, 998),
        ({"buyers_L4": 151}, 999),
        ({"buyers_L4": 153}, 1000),
        ({"buyers_L4": 10**6}, 1000),
        # What the other version counted is nothing here.
        ({"inquiries_gold": 50}, 0),
    ],
)
def test_the_index_runs_from_nothing_to_a_thousand(counts: dict[str, int], index: int) -> None:
    assert INDEX.of(counted(**counts)) == index


def test_decimals_are_written_without_trailing_zeros() -> None:
    for number, text in ((5999, "59.99"), (7000, "70"), (7050, "70.5"), (5, "0.05"), (1000, "10"), (0, "0")):
        assert points_of(number) == text
