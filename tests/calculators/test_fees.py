"""The calculators of service fees, at the release's own cases."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import TestClient

from august.calculators.api import CalculatorsApi
from august.features import house

ADDRESS = "/api/v1/calculators/"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Litestar]]:
    desk = SimpleNamespace(house=SimpleNamespace(rulebook=house().rulebook))
    app = Litestar([CalculatorsApi], state=State({"desk": desk}), openapi_config=None)
    with TestClient(app) as client:
        client.cookies.set("lang", "en")
        yield client


def ask(client: TestClient[Litestar], name: str, question: object) -> dict[str, Any]:
    answer = client.post(ADDRESS + name, json=question)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def receipt(order: str, amount: str, hour: int = 0, **more: str) -> dict[str, str]:
    at = f"2022-09-{1 + hour // 24:02d}T{hour % 24:02d}:00:00-07:00"
    told = {"at": at, "type": "receipt", "order": order, "amount_usd": amount, "channel": "ta"}
    return {**told, "export_mode": "self", "special": "none", **more}


def cancel(order: str, hour: int) -> dict[str, str]:
    return {"at": f"2022-09-01T{hour:02d}:00:00-07:00", "type": "cancel", "order": order}


def labels(told: dict[str, Any]) -> dict[str, str]:
    return {order: each["label"] for order, each in told["orders"].items()}


def test_the_releases_own_cases(client: TestClient[Litestar]) -> None:
    events = [receipt("A", "39999.99"), receipt("B", "0.01", 1), receipt("C", "10.00", 2)]
    told = ask(client, "service-fee", {"three_n_package": False, "events": events})
    assert labels(told) == {"A": "threshold", "B": "threshold", "C": "discount"}
    assert (told["total_usd"], told["reached_at"]) == ("40010.00", "2022-09-01T08:00:00+00:00")
    events = [receipt("A", "40000.00"), receipt("B", "1.00", 1)]
    assert labels(ask(client, "service-fee", {"events": events})) == {"A": "threshold", "B": "discount"}
    events = [receipt("A", "39999.00"), receipt("B", "1.00", 1), cancel("B", 2), receipt("C", "0.50", 3)]
    told = ask(client, "service-fee", {"events": events})
    assert labels(told) == {"A": "threshold", "B": "threshold", "C": "threshold"}
    assert (told["total_usd"], told["reached_at"]) == ("39999.50", None)


def test_events_count_by_their_instants_and_a_cancellation_takes_what_was_booked_up_to_then(
    client: TestClient[Litestar],
) -> None:
    events = [receipt("C", "1.00", 5), receipt("A", "40000.00"), receipt("A", "5.00", 4), cancel("A", 2)]
    told = ask(client, "service-fee", {"events": events})
    assert labels(told) == {"C": "threshold", "A": "threshold"}
    assert told["total_usd"] == "6.00"
    assert labels(ask(client, "service-fee", {"events": [cancel("Z", 1)]})) == {"Z": "none"}


@pytest.mark.parametrize(
    ("more", "label", "fee"),
    [
        ({}, "discount", "transaction"),
        ({"export_mode": "market"}, "discount", "transaction"),
        ({"channel": "e_collection"}, "discount", "funds"),
        ({"export_mode": "onetouch"}, "discount", "onetouch"),
        ({"export_mode": "onetouch", "channel": "e_collection"}, "discount", "onetouch"),
        ({"export_mode": "easy"}, "none", "transaction"),
        ({"special": "TALC"}, "none", "transaction"),
        ({"at": "2022-10-01T00:00:00-07:00"}, "none", "transaction"),
        ({"at": "2022-09-30T23:59:59-07:00"}, "discount", "transaction"),
    ],
)
def test_label_and_fee_above_the_line(
    client: TestClient[Litestar], more: dict[str, str], label: str, fee: str
) -> None:
    events = [receipt("A", "40000.00"), {**receipt("B", "9.99", 3), **more}]
    told = ask(client, "service-fee", {"events": events})
    assert told["orders"]["B"] == {"label": label, "fee": fee}
    packaged = ask(client, "service-fee", {"three_n_package": True, "events": events})
    assert packaged["orders"]["B"]["label"] == "none"
    assert packaged["orders"]["A"]["label"] == "threshold"


def test_nothing_happened(client: TestClient[Litestar]) -> None:
    told = ask(client, "service-fee", {"events": []})
    assert (told["orders"], told["total_usd"], told["reached_at"]) == ({}, "0.00", None)
    assert told["why"]["remedy"]


def rules(node: dict[str, Any]) -> set[str]:
    own = {node["rule"]["id"]} if node["rule"] else set()
    return own.union(*(rules(child) for child in node["children"]))


def test_the_why_names_the_rules_it_went_by(client: TestClient[Litestar]) -> None:
    events = [receipt("A", "40000.00"), receipt("B", "9.99", 3), receipt("C", "9.99", 4, export_mode="easy")]
    why = ask(client, "service-fee", {"events": events})["why"]
    assert {"F2", "F2.1", "F2.2", "F2.3", "F2.6"} <= rules(why)
    told = [child["text"] for child in why["children"]]
    assert "Order B: Discount order" in told


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ({"events": 3}, {"events"}),
        ({"events": [1]}, {"events[0]"}),
        ({"events": [], "x": 1}, {"x"}),
        ({"three_n_package": "yes"}, {"three_n_package"}),
        (
            {"events": [{"at": "soon", "type": "receipt", "order": ""}]},
            {
                "events[0].at",
                "events[0].order",
                "events[0].amount_usd",
                "events[0].channel",
                "events[0].export_mode",
            },
        ),
        ({"events": [receipt("A", "-1.00")]}, {"events[0].amount_usd"}),
        ({"events": [receipt("A", "0.00")]}, {"events[0].amount_usd"}),
        (
            {"events": [receipt("A", "1.00", channel="cash", special="X")]},
            {"events[0].channel", "events[0].special"},
        ),
        ({"events": [{**cancel("A", 1), "colour": "red"}]}, {"events[0].colour"}),
        ({"events": [receipt("A", "1.00", at="2022-09-01T00:00:00")]}, {"events[0].at"}),
    ],
)
def test_what_does_not_fit_is_named(client: TestClient[Litestar], question: object, fields: set[str]) -> None:
    answer = client.post(ADDRESS + "service-fee", json=question)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == fields


GOOD = {
    "drafted": "2022-09-01T00:00:00-07:00",
    "confirmed": "2022-09-30T23:59:59-07:00",
    "first_prepayment": "2022-10-31T23:59:59-07:00",
    "platform_insured": True,
    "channel": "ta",
    "export_mode": "self",
    "amount_usd": "1000.00",
}


@pytest.mark.parametrize(
    ("changed", "fee"),
    [
        ({}, "0.00"),
        ({"export_mode": "onetouch"}, "0.00"),
        ({"drafted": "2022-08-31T23:59:59-07:00"}, "3.00"),
        ({"confirmed": "2022-10-01T00:00:00-07:00"}, "3.00"),
        ({"first_prepayment": "2022-11-01T00:00:00-07:00"}, "3.00"),
        ({"first_prepayment": None}, "3.00"),
        ({"platform_insured": False}, "3.00"),
        ({"channel": "e_collection"}, "3.00"),
        ({"export_mode": "easy", "amount_usd": "1.67"}, "0.01"),
        ({"export_mode": "market", "amount_usd": "1.66"}, "0.00"),
    ],
)
def test_the_oa_fee(client: TestClient[Litestar], changed: dict[str, Any], fee: str) -> None:
    told = ask(client, "oa-fee", {**GOOD, **changed})
    assert told["fee_usd"] == fee
    assert told["waived"] == (changed in ({}, {"export_mode": "onetouch"}))
    assert "F3" in rules(told["why"])


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ({}, {"drafted", "channel", "export_mode", "amount_usd", "platform_insured"}),
        ({**GOOD, "amount_usd": "1.234", "confirmed": "x"}, {"amount_usd", "confirmed"}),
        ({**GOOD, "platform_insured": 1, "oa_days": 30}, {"platform_insured", "oa_days"}),
    ],
)
def test_an_oa_question_that_does_not_fit(
    client: TestClient[Litestar], question: object, fields: set[str]
) -> None:
    answer = client.post(ADDRESS + "oa-fee", json=question)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == fields
