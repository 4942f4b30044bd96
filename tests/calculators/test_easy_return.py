"""The calculator `easy-return`, as 12-api.md writes it."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient

from august.calculators.api import CalculatorsApi
from august.features import house

QUESTION: dict[str, Any] = {
    "drafted": "2022-09-01T00:00:00-07:00",
    "first_payment": "2022-09-30T23:59:59-07:00",
    "fully_shipped": "2022-12-31T23:59:59+08:00",
    "service_active": True,
    "type": "rts",
    "amount_usd": "1000.00",
    "category": "furniture",
    "destination": "US",
    "quota_left": 1,
}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Litestar]]:
    desk = SimpleNamespace(house=SimpleNamespace(rulebook=house().rulebook))
    app = Litestar([CalculatorsApi], state=State({"desk": desk}), openapi_config=None)
    with TestClient(app) as made:
        made.cookies.set("lang", "en")
        yield made


@pytest.mark.parametrize(
    ("change", "insured", "premium", "half"),
    [
        ({}, True, "5.00", True),
        ({"quota_left": 0}, True, "10.00", False),
        ({"amount_usd": "1000.01"}, False, "0.00", False),
        ({"amount_usd": "100.50"}, True, "0.50", True),
        ({"fully_shipped": "2022-12-31T23:59:59-08:00"}, True, "10.00", False),
        ({"fully_shipped": None}, False, "0.00", False),
        ({"first_payment": None}, True, "10.00", False),
        ({"first_payment": "2022-10-01T00:00:00-07:00"}, True, "10.00", False),
        ({"drafted": "2022-08-31T23:59:59-07:00"}, True, "10.00", False),
        ({"type": "customization"}, False, "0.00", False),
        ({"service_active": False}, False, "0.00", False),
        ({"destination": "JP"}, False, "0.00", False),
        ({"category": "Machinery"}, False, "0.00", False),
        ({"category": "Furniture>Bedroom Furniture"}, True, "5.00", True),
    ],
)
def test_the_decision(
    client: TestClient[Litestar], change: dict[str, Any], *, insured: bool, premium: str, half: bool
) -> None:
    answer = client.post("/api/v1/calculators/easy-return", json=QUESTION | change)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    why = told.pop("why")
    assert told == {"insured": insured, "premium_usd": premium, "half_price": half}
    assert why["text"]
    assert "{" not in str([node["text"] for node in why["children"]])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"drafted": "2022-09-01 00:00:00"}, "drafted"),
        ({"drafted": None}, "drafted"),
        ({"first_payment": "yesterday"}, "first_payment"),
        ({"fully_shipped": 7}, "fully_shipped"),
        ({"amount_usd": "1.001"}, "amount_usd"),
        ({"amount_usd": "-1.00"}, "amount_usd"),
        ({"amount_usd": "0.00"}, "amount_usd"),
        ({"amount_usd": 100}, "amount_usd"),
        ({"type": "both"}, "type"),
        ({"category": " "}, "category"),
        ({"destination": "us"}, "destination"),
        ({"quota_left": -1}, "quota_left"),
        ({"quota_left": "1"}, "quota_left"),
        ({"service_active": "yes"}, "service_active"),
        ({"more": 1}, "more"),
    ],
)
def test_what_does_not_fit_is_named(client: TestClient[Litestar], change: dict[str, Any], field: str) -> None:
    answer = client.post("/api/v1/calculators/easy-return", json=QUESTION | change)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
