"""The four calculators of star levels, at the numbers of the release."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient

from august.calculators.api import CalculatorsApi
from august.features import house

BOOK = house().rulebook
ADDRESS = "/api/v1/calculators/"
BEFORE, FROM = "2022-09-05T23:59:59-07:00", "2022-09-06T00:00:00-07:00"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Litestar]]:
    desk = SimpleNamespace(house=SimpleNamespace(rulebook=BOOK))
    app = Litestar([CalculatorsApi], state=State({"desk": desk}), openapi_config=None)
    with TestClient(app) as client:
        client.cookies.set("lang", "en")
        yield client


def ask(client: TestClient[Litestar], name: str, question: object) -> tuple[dict[str, Any], list[str]]:
    """The decision without its why, and the sentences of the why."""
    answer = client.post(ADDRESS + name, json=question)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    said = [node["text"] for node in walk(told.pop("why"))]
    assert not [text for text in said if "{" in text]
    return told, said


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from walk(child)


STRONG: dict[str, Any] = {
    "at": FROM,
    "industry": "furniture",
    "customization_growth_average": 61.5,
    "export_usd": "6000000",
    "professional": ["trademark", "aeo"],
    "services": ["overseas_stock"],
    "engineering_verified": True,
    "engineering_cases": 3,
}
NOTHING: dict[str, Any] = {"at": FROM, "industry": "furniture", "customization_growth_average": 60}


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, (7, 10, 10, 27)),
        # The gate of the growth average
        ({"customization_growth_average": 60}, (7, 10, 10, 27)),
        ({"customization_growth_average": 59.99}, (0, 0, 0, 0)),
        ({"customization_growth_average": 59.9999999}, (0, 0, 0, 0)),
        # Export tiers
        ({"export_usd": "999999.99"}, (0, 10, 10, 20)),
        ({"export_usd": "1000000.00"}, (4, 10, 10, 24)),
        ({"export_usd": "4999999.99"}, (4, 10, 10, 24)),
        ({"export_usd": "5000000.00"}, (7, 10, 10, 27)),
        ({"export_usd": "9999999.99"}, (7, 10, 10, 27)),
        ({"export_usd": "10000000.00"}, (10, 10, 10, 30)),
        ({"export_usd": "999999999999.99"}, (10, 10, 10, 30)),
        # Professional proofs add up to ten
        ({"professional": []}, (7, 0, 10, 17)),
        ({"professional": ["oem"]}, (7, 10, 10, 27)),
        ({"professional": ["trademark", "fortune500", "aeo", "oem"]}, (7, 10, 10, 27)),
        # Engineering cases: two like one
        ({"engineering_cases": 0}, (7, 10, 5, 22)),
        ({"engineering_cases": 1}, (7, 10, 7, 24)),
        ({"engineering_cases": 2}, (7, 10, 7, 24)),
        ({"engineering_cases": 4}, (7, 10, 10, 27)),
        ({"engineering_verified": False}, (7, 10, 5, 22)),
        # The version before
        ({"at": BEFORE}, (7, 10, 5, 22)),
        ({"at": None}, (7, 10, 5, 22)),
        # Where each service counts
        ({"services": ["overseas_after_sales"], "engineering_cases": 0}, (7, 10, 0, 17)),
        ({"services": ["overseas_after_sales"], "industry": "machinery"}, (7, 10, 5, 22)),
        ({"services": ["models_3d"], "industry": "apparel"}, (7, 10, 0, 17)),
        ({"services": ["software_copyright"], "industry": "security"}, (7, 10, 5, 22)),
        ({"services": ["software_copyright"], "industry": "machinery"}, (7, 10, 0, 17)),
        ({"services": ["overseas_stock", "models_3d"]}, (7, 10, 15, 32)),
        ({"industry": "construction"}, (7, 10, 10, 27)),
        ({"industry": "lighting"}, (7, 10, 10, 27)),
        ({"industry": "home_garden"}, (7, 10, 5, 22)),
    ],
)
def test_strength_bonus(
    client: TestClient[Litestar], change: dict[str, Any], points: tuple[int, ...]
) -> None:
    told, said = ask(client, "strength-bonus", STRONG | change)
    assert told == dict(zip(("export", "professional", "service", "total"), points, strict=True))
    assert f"+{points[-1]}" in said[0]


def test_nothing_shown_earns_nothing_and_a_closed_bonus_tells_what_it_would_be(
    client: TestClient[Litestar],
) -> None:
    assert ask(client, "strength-bonus", NOTHING)[0]["total"] == 0
    _, said = ask(client, "strength-bonus", STRONG | {"customization_growth_average": 59.99})
    assert any("59.99, is below 60" in text for text in said)
    assert any("would be 27" in text for text in said)


ROWS = [(0, "1000.00"), (1, "20000.00"), (2, "50000.00"), (3, "100000.00"), (4, "200000.00")]


@pytest.mark.parametrize(("star", "least"), ROWS)
def test_machinery_bonus_one_cent_below_and_at_each_row(
    client: TestClient[Litestar], star: int, least: str
) -> None:
    below = f"{int(least[:-3]) - 1}.99"
    for amount, bonus in ((below, 0), (least, 3), ("999999999999.99", 3)):
        question = {"at": FROM, "industry": "machinery", "trade_star": star, "local_service_gmv_usd": amount}
        assert ask(client, "machinery-bonus", question)[0] == {"bonus": bonus}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"trade_star": 5}, "no row for trade star level 5"),
        ({"industry": "furniture"}, "main industry"),
        ({"at": BEFORE}, "not in force"),
        ({"at": None}, "not in force"),
    ],
)
def test_no_machinery_bonus(client: TestClient[Litestar], change: dict[str, Any], why: str) -> None:
    question = {"at": FROM, "industry": "machinery", "trade_star": 4, "local_service_gmv_usd": "200000.00"}
    told, said = ask(client, "machinery-bonus", question | change)
    assert told == {"bonus": 0}
    assert why in said[1]


def abilities(first: str, *points: float) -> dict[str, float]:
    return dict(zip((first, "marketing", "trade", "assurance"), points, strict=True))


@pytest.mark.parametrize(
    ("points", "star"),
    [
        (0, 0), (59.99, 0), (59.9999999, 0), (60, 1), (60.01, 1), (69.99, 1), (70, 2), (79.99, 2), (80, 3),
        (84.99, 3), (85, 4), (89.99, 4), (89.999999, 4), (90, 5), (100, 5),
    ],
)  # fmt: skip
def test_the_thresholds_of_stars(client: TestClient[Litestar], points: float, star: int) -> None:
    question = {
        "custom": abilities("merchant", 95, points, 95, 95),
        "rts": abilities("product", 0, 95, 95, 95),
    }
    told, _ = ask(client, "stars", question)
    assert told["custom"] == {"abilities": abilities("merchant", 5, star, 5, 5), "star": star}
    assert told["rts"] == {"abilities": abilities("product", 0, 5, 5, 5), "star": 0}
    assert (told["star"], told["track"]) == (star, "custom")


@pytest.mark.parametrize(
    ("custom", "rts", "star", "track"),
    [
        ((85, 80, 70, 91), (59, 90, 90, 90), 2, "custom"),
        ((85, 80, 70, 91), (80, 90, 90, 90), 3, "rts"),
        ((85, 80, 70, 91), (70, 90, 90, 90), 2, "custom"),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0, "custom"),
    ],
)
def test_the_lowest_ability_and_the_higher_track(
    client: TestClient[Litestar], custom: tuple[int, ...], rts: tuple[int, ...], star: int, track: str
) -> None:
    question = {"custom": abilities("merchant", *custom), "rts": abilities("product", *rts)}
    told, said = ask(client, "stars", question)
    assert (told["star"], told["track"]) == (star, track)
    assert said[0].startswith(f"Star level {star}")


def buyer(number: int, tier: str = "L0", *actions: str, closed: bool = False) -> dict[str, Any]:
    return {"id": number, "tier": tier, "actions": list(actions), "closed": closed}


# 1000 · (1 - exp(-w / 80)) by hand: w 1 -> 12.42, 1.5 -> 18.58, 2 -> 24.69, 3 -> 36.81, 4 -> 48.77
@pytest.mark.parametrize(
    ("buyers", "index"),
    [
        ([], 0),
        ([buyer(1, "L0", "chat")], 12),
        ([buyer(1, "visitor", "chat")], 12),
        ([buyer(1, "L1", "inquiry")], 19),
        ([buyer(1, "L2", "order")], 25),
        ([buyer(1, "L3", "order")], 37),
        ([buyer(1, "L4", "order")], 49),
        # Whatever a buyer does, and however often, it is one buyer.
        ([buyer(1, "L0", "chat", "inquiry", "order", "chat")], 12),
        ([buyer(1, "L0", "chat"), buyer(2, "L0", "order")], 25),
        ([buyer(1, "L4"), buyer(2, "L4", "chat", closed=True)], 0),
        ([buyer(each, "L4", "chat") for each in range(200)], 1000),
    ],
)
def test_opportunity_buyers(client: TestClient[Litestar], buyers: list[Any], index: int) -> None:
    question = {
        "at": FROM,
        "buyers": buyers,
        "valid_inquiries": [{"buyer": "x", "legacy_label": "gold"}],
    }
    assert ask(client, "opportunity-index", question)[0] == {"version": "5.1", "index": index}


@pytest.mark.parametrize(
    ("labels", "index"),
    [([], 0), (["none"], 12), (["blue"], 19), (["gold"], 25), (["none", "none"], 25), (["gold"] * 3, 72)],
)
def test_valid_inquiries_until_september(client: TestClient[Litestar], labels: list[str], index: int) -> None:
    question = {
        "at": BEFORE,
        "buyers": [buyer(1, "L4", "chat"), buyer(2, "L4", "inquiry", closed=True)],
        # Each inquiry of a buyer counts, none of a closed account.
        "valid_inquiries": [
            *({"buyer": "a", "legacy_label": label} for label in labels),
            {"buyer": 2, "legacy_label": "gold"},
        ],
    }
    assert ask(client, "opportunity-index", question)[0] == {"version": "5.0", "index": index}


@pytest.mark.parametrize(
    ("name", "question", "fields"),
    [
        ("strength-bonus", {}, {"industry", "customization_growth_average"}),
        (
            "strength-bonus",
            STRONG
            | {"professional": ["nobel"], "services": ["hugs"], "engineering_cases": "3", "colour": "red"},
            {"professional", "services", "engineering_cases", "colour"},
        ),
        (
            "strength-bonus",
            STRONG
            | {
                "at": "soon",
                "industry": "alchemy",
                "customization_growth_average": 100.01,
                "export_usd": "-1.00",
                "professional": ["aeo", "aeo"],
                "services": ["overseas_stock", "overseas_stock"],
                "engineering_cases": -1,
            },
            {
                "at",
                "industry",
                "customization_growth_average",
                "export_usd",
                "professional",
                "services",
                "engineering_cases",
            },
        ),
        (
            "strength-bonus",
            STRONG | {"customization_growth_average": -0.01},
            {"customization_growth_average"},
        ),
        ("strength-bonus", STRONG | {"export_usd": 6000000}, {"export_usd"}),
        ("machinery-bonus", {}, {"industry", "trade_star", "local_service_gmv_usd"}),
        (
            "machinery-bonus",
            {"industry": "", "trade_star": 6, "local_service_gmv_usd": "1.234"},
            {"industry", "trade_star", "local_service_gmv_usd"},
        ),
        (
            "machinery-bonus",
            {"industry": "machinery", "trade_star": -1, "local_service_gmv_usd": "-0.01"},
            {"trade_star", "local_service_gmv_usd"},
        ),
        (
            "machinery-bonus",
            {"industry": "machinery", "trade_star": 3.5, "local_service_gmv_usd": "1"},
            {"trade_star"},
        ),
        ("stars", {}, {"custom", "rts"}),
        ("stars", {"custom": [], "rts": 3}, {"custom", "rts"}),
        (
            "stars",
            {"custom": {"merchant": 100.01, "marketing": -1, "trade": "80"}, "rts": {"merchant": 1}},
            {
                "custom.trade",
                "custom.assurance",
                "rts.merchant",
                "rts.product",
                "rts.marketing",
                "rts.trade",
                "rts.assurance",
            },
        ),
        (
            "stars",
            {
                "custom": abilities("merchant", 100.01, -0.01, 80, 80),
                "rts": abilities("product", 0, 0, 0, 101),
            },
            {"custom.merchant", "custom.marketing", "rts.assurance"},
        ),
        (
            "opportunity-index",
            {
                "at": "2022-09-06T00:00:00",
                "buyers": [buyer(1, "L9", "chat"), buyer(2, "L1", "stare"), 7],
                "valid_inquiries": [{"legacy_label": "silver"}],
            },
            {
                "at",
                "buyers[0].tier",
                "buyers[1].actions",
                "buyers[2]",
                "valid_inquiries[0].buyer",
                "valid_inquiries[0].legacy_label",
            },
        ),
        ("opportunity-index", {"buyers": [buyer(1, "L1"), buyer(1, "L2")]}, {"buyers"}),
        ("opportunity-index", {"buyers": {}, "valid_inquiries": "a"}, {"buyers", "valid_inquiries"}),
    ],
)
def test_what_does_not_fit_is_refused_naming_each_field(
    client: TestClient[Litestar], name: str, question: object, fields: set[str]
) -> None:
    answer = client.post(ADDRESS + name, json=question)
    assert answer.status_code == 422, answer.text
    assert set(answer.json()["fields"]) == fields


def test_the_industries_that_rules_name_exist(client: TestClient[Litestar]) -> None:
    for version in BOOK.versions("S3"):
        rules = version.values
        named = [code for each in rules.services.values() for code in each.industries]
        named += rules.engineering.industries if rules.engineering else []
        for code in {*named, BOOK.versions("S6")[0].values.industry}:
            assert ask(client, "strength-bonus", NOTHING | {"industry": code})[0]["total"] == 0
