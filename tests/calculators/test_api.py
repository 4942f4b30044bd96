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
TEN = ["US", "CA", "GB", "AU", "NZ", "FR", "DE", "NL", "IT", "ES"]
ADDRESS = "/api/v1/calculators/"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Litestar]]:
    desk = SimpleNamespace(house=SimpleNamespace(rulebook=BOOK))
    app = Litestar([CalculatorsApi], state=State({"desk": desk}), openapi_config=None)
    with TestClient(app) as client:
        client.cookies.set("lang", "en")
        yield client


def ask(client: TestClient[Litestar], name: str, question: object) -> dict[str, Any]:
    answer = client.post(ADDRESS + name, json=question)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["why"]["text"]
    return told


@pytest.mark.parametrize(
    ("zone", "local", "utc", "pacific", "beijing"),
    [
        (
            "pacific",
            "2022-08-17T00:00:00",
            "2022-08-17T07:00:00+00:00",
            "2022-08-17T00:00:00-07:00",
            "2022-08-17T15:00:00+08:00",
        ),
        (
            "pacific",
            "2022-11-30T23:59:59",
            "2022-12-01T07:59:59+00:00",
            "2022-11-30T23:59:59-08:00",
            "2022-12-01T15:59:59+08:00",
        ),
        (
            "beijing",
            "2022-08-25 10:00:00",
            "2022-08-25T02:00:00+00:00",
            "2022-08-24T19:00:00-07:00",
            "2022-08-25T10:00:00+08:00",
        ),
    ],
)
def test_zones(
    client: TestClient[Litestar], zone: str, local: str, utc: str, pacific: str, beijing: str
) -> None:
    told = ask(client, "zones", {"zone": zone, "local": local})
    del told["why"]
    assert told == {"utc": utc, "pacific": pacific, "beijing": beijing}


@pytest.mark.parametrize(
    ("question", "score", "band", "certain"),
    [
        ({"type": "rts", "failed": ["product_detail", "customization_service"]}, "4.1", "amber", False),
        (
            {"type": "customization", "failed": ["price", "customization_service", "sample_service"]},
            "1.7",
            "red",
            False,
        ),
        (
            {
                "type": "rts",
                "failed": ["attributes", "product_detail", "customization_service"],
                "missing_freight_countries": TEN,
                "missing_delivery_by_countries": TEN,
                "region": "mainland",
            },
            "1.7",
            "red",
            False,
        ),
        ({"type": "rts"}, "5.0", "green", True),
        ({"type": "rts", "missing_freight_countries": TEN[:8]}, "4.2", "green", True),
        ({"type": "rts", "failed": ["customization_service"], "region": "hk"}, "5.0", "green", False),
    ],
)
def test_quality(
    client: TestClient[Litestar], question: dict[str, Any], score: str, band: str, *, certain: bool
) -> None:
    told = ask(client, "quality", question)
    assert {"Q1", "Q2", "Q4"} <= {node["rule"]["id"] for node in walk(told["why"]) if node["rule"]}
    del told["why"]
    assert told == {"score": score, "band": band, "certain": certain}


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from walk(child)


@pytest.mark.parametrize(
    ("name", "question", "fields"),
    [
        ("zones", {}, {"zone", "local"}),
        ("zones", {"zone": "mars", "local": 3, "colour": 1}, {"zone", "local", "colour"}),
        ("zones", {"zone": "pacific", "local": "2022-03-13T02:30:00"}, {"local"}),
        ("zones", {"zone": "pacific", "local": "2022-08-17T00:00:00Z"}, {"local"}),
        ("zones", [], {"$"}),
        ("quality", {"type": "both", "failed": "price"}, {"type", "failed"}),
        ("quality", {"type": "rts", "failed": [1]}, {"failed"}),
        ("quality", {"type": "rts", "failed": ["sample_service"]}, {"failed"}),
        ("quality", {"type": "rts", "failed": None, "region": "moon"}, {"failed", "region"}),
        (
            "quality",
            {
                "type": "rts",
                "missing_freight_countries": ["USA"],
                "missing_delivery_by_countries": ["US", "US"],
                "at": "soon",
            },
            {"missing_freight_countries", "missing_delivery_by_countries", "at"},
        ),
        (
            "quality",
            {"type": "customization", "missing_freight_countries": ["US"]},
            {"missing_freight_countries"},
        ),
        ("quality", {"type": "rts", "score": "5.0"}, {"score"}),
    ],
)
def test_what_does_not_fit_is_refused_naming_each_field(
    client: TestClient[Litestar], name: str, question: object, fields: set[str]
) -> None:
    answer = client.post(ADDRESS + name, json=question)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert set(told["fields"]) == fields
    assert all(told["fields"].values())
    assert told["status"] == 422
    assert {"type", "title", "code", "detail", "rules"} <= told.keys()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{nope", 400), (b"\xff", 400), (b"[" * 100_000, 400), (b" " * 1_100_000, 413)],
)
def test_unreadable_bodies_are_refused(client: TestClient[Litestar], body: bytes, status: int) -> None:
    answer = client.post(ADDRESS + "zones", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_calculator_is_not_found_and_the_known_ones_are_listed(
    client: TestClient[Litestar],
) -> None:
    answer = client.post(ADDRESS + "fortune", json={})
    assert (answer.status_code, answer.json()["code"]) == (404, "calculator.unknown")
    assert client.get("/api/v1/calculators").json() == {
        "calculators": [
            "zones",
            "quality",
            "strength-bonus",
            "machinery-bonus",
            "stars",
            "opportunity-index",
            "service-fee",
            "oa-fee",
            "easy-return",
            "freight-offer",
            "coupon",
        ]
    }


def test_the_reader_is_answered_in_their_language(client: TestClient[Litestar]) -> None:
    headers = {"Cookie": "lang=zh_CN"}
    client.cookies.clear()
    told = client.post(
        ADDRESS + "quality", json={"type": "rts", "failed": ["product_detail"]}, headers=headers
    )
    texts = [node["text"] for node in walk(told.json()["why"])]
    assert "产品详情描述质量不佳：扣 0.50 分" in texts
    client.cookies.set("lang", "en")
