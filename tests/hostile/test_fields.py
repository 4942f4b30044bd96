"""Every field refuses what it cannot mean, by name, on pages and to programs, and nothing changes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from august.catalog.models import Product
from august.kernel.commands import run
from august.kernel.context import SYSTEM, Actor
from tests.hostile.conftest import FORM, SOFA, Enemy

PLAYER = Actor("player", merchant=1)
DECEITS = ["Sofa \u202egnp.exe", "So\u0000fa", "So\u0007fa", "\u2066Sofa", "So\x85fa", "So\ue000fa"]
LONG = "x" * 20_001
LINES = [{"line": "express_standard", "countries": ["US"]}]
PRICES = [
    "-1", "0", "0.00", "NaN", "Infinity", "1e5", "1,000", "1 000", "1.005", "10000000.01", "9" * 40, "0x10",
    "٣", "１", "--1", "+1", "1.", ".5", "one", "=1+1", "1\u202e",
]  # fmt: skip
NUMBERS: list[Any] = [-1, 2**31, 2**63, 10**30, 10**400, 1.5, 1e308, True, None, "1", [], {}]
Make = Callable[[Any], dict[str, Any]]


def product(field: str) -> Make:
    return lambda value: {**SOFA, field: value}


TEXTS: dict[str, tuple[str, Make]] = {
    "title": ("catalog.save_product", product("title")),
    "unit": ("catalog.save_product", product("unit")),
    "description": ("catalog.save_product", product("description")),
    "keywords": ("catalog.save_product", lambda text: {**SOFA, "keywords": [text]}),
    "attributes": ("catalog.save_product", lambda text: {**SOFA, "attributes": {text: "x"}}),
    "attributes.color": ("catalog.save_product", lambda text: {**SOFA, "attributes": {"color": text}}),
    "customization": ("catalog.save_product", lambda text: {**SOFA, "customization": [text]}),
    "skus.0.code": ("catalog.save_product", lambda text: {**SOFA, "skus": [{"code": text}]}),
    "skus.0.spec": (
        "catalog.save_product",
        lambda text: {**SOFA, "skus": [{"code": "A", "spec": {"color": text}}]},
    ),
    "leaf": ("catalog.save_product", product("leaf")),
    "images": ("catalog.save_product", lambda text: {**SOFA, "images": [text]}),
    "markets": ("catalog.save_product", lambda text: {**SOFA, "markets": [text]}),
    "local_service": (
        "catalog.save_product",
        lambda text: {**SOFA, "leaf": "mini_excavators", "local_service": [text]},
    ),
    "kind": ("catalog.save_product", product("kind")),
    "price_mode": ("catalog.save_product", product("price_mode")),
    "name": (
        "catalog.save_freight_template",
        lambda text: {"name": text, "origin": "foshan", "lines": LINES},
    ),
    "origin": ("catalog.save_freight_template", lambda text: {"name": "x", "origin": text, "lines": LINES}),
    "lines.0.line": (
        "catalog.save_freight_template",
        lambda text: {"name": "x", "origin": "foshan", "lines": [{"line": text, "countries": ["US"]}]},
    ),
    "lines.0.countries": (
        "catalog.save_freight_template",
        lambda text: {
            "name": "x",
            "origin": "foshan",
            "lines": [{"line": "express_standard", "countries": [text]}],
        },
    ),
    "view name": ("catalog.save_view", lambda text: {"name": text, "query": ""}),
    "query": ("catalog.save_view", lambda text: {"name": "x", "query": text}),
}


@pytest.mark.parametrize("field", TEXTS)
def test_texts_that_deceive_or_never_end_are_refused_by_field(enemy: Enemy, field: str) -> None:
    name, make = TEXTS[field]
    with enemy.unchanged():
        for text in (*DECEITS, LONG):
            answer = enemy.command(name, make(text))
            told = answer.json()
            assert (answer.status_code, list(told["fields"])) == (422, [field.removeprefix("view ")]), text


def test_a_title_of_5000_characters_is_refused_on_both_sides(enemy: Enemy) -> None:
    with enemy.unchanged():
        answer = enemy.command("catalog.save_product", {**SOFA, "title": "x" * 5000})
        assert answer.json()["fields"] == {"title": "At most 128 characters, these are 5,000."}
        page = enemy.post("@/products/new", {**FORM, "title": "x" * 5000})
        assert page.status_code == 422
        assert "At most 128 characters, these are 5,000." in page.text
        assert "x" * 5000 in page.text


@pytest.mark.parametrize("text", [text for text in DECEITS if "\0" not in text])
@pytest.mark.parametrize("field", ["title", "unit", "description", "keywords", "attributes-0-text"])
def test_forms_refuse_texts_that_deceive(enemy: Enemy, field: str, text: str) -> None:
    typed = {**FORM, "attributes-0-name": "color", "attributes-0-text": "Grey", field: text}
    with enemy.unchanged():
        assert enemy.post("@/products/new", typed).status_code == 422


def test_scripts_are_shown_as_the_text_they_are(enemy: Enemy) -> None:
    script = "<script>alert(1)</script>"
    made = enemy.command(
        "catalog.save_product",
        {
            **SOFA,
            "title": f"Sofa {script}",
            "keywords": [script],
            "attributes": {"color": script, script: "x"},
            "description": f"{script}\n\n[a](javascript:a) ![x](javascript:a) <img src=x onerror=a>",
            "unit": "<b>",
            "skus": [{"code": script, "spec": {"color": script}}],
            "customization": [script],
        },
    ).json()["result"]
    enemy.command("catalog.save_view", {"name": script, "query": "q=sofa"})
    enemy.command("catalog.save_freight_template", {"name": script, "origin": "foshan", "lines": LINES})
    pages = (
        f"@/products/{made['product']}", "@/products", "@/products?q=%3Cscript%3E", "@/freight-templates",
        f"@/why/quality/{made['product']}", "@/find?q=%3Cscript%3E", "@/quality",
    )  # fmt: skip
    for path in pages:
        answer = enemy.page("GET", path)
        assert answer.status_code == 200
        assert "alert(1)</script>" not in answer.text
        assert "<img src=x" not in answer.text
        assert 'href="javascript:' not in answer.text
        assert 'src="javascript:' not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in enemy.page("GET", pages[0]).text


PRICED: dict[str, Make] = {
    "tiers.0.price_usd": lambda text: {**SOFA, "tiers": [{"quantity": 2, "price_usd": text}]},
    "fob_min_usd": product("fob_min_usd"),
    "fob_max_usd": product("fob_max_usd"),
    "skus.0.price_usd": lambda text: {**SOFA, "skus": [{"code": "A", "price_usd": text}]},
    "sample.price_usd": lambda text: {**SOFA, "sample": {"price_usd": text}},
}


@pytest.mark.parametrize("field", PRICED)
def test_what_is_no_price_is_refused_by_field(enemy: Enemy, field: str) -> None:
    with enemy.unchanged():
        for text in PRICES:
            answer = enemy.command("catalog.save_product", PRICED[field](text))
            assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), text
        for number in (5, 5.5, -1, True, None):
            answer = enemy.command("catalog.save_product", PRICED[field](number))
            assert answer.status_code == 422, number


def test_forms_refuse_what_is_no_price(enemy: Enemy) -> None:
    with enemy.unchanged():
        for text in PRICES:
            for field in ("tiers-0-price_usd", "fob_min_usd", "sample-price_usd"):
                answer = enemy.post("@/products/new", {**FORM, "sample_on": "1", field: text})
                assert answer.status_code == 422, (field, text)


@pytest.mark.parametrize(
    "tiers",
    [
        [(10, "9"), (5, "8")],
        [(10, "9"), (10, "8")],
        [(5, "8"), (10, "8")],
        [(5, "8"), (10, "9")],
        [(0, "9")],
        [(1, "9"), (2, "8"), (3, "7"), (4, "6"), (5, "5")],
    ],
)
def test_tiers_out_of_order_are_refused(enemy: Enemy, tiers: list[tuple[int, str]]) -> None:
    lines = [{"quantity": quantity, "price_usd": price} for quantity, price in tiers]
    typed = {f"tiers-{n}-{name}": str(value) for n, line in enumerate(lines) for name, value in line.items()}
    with enemy.unchanged():
        assert enemy.command("catalog.save_product", {**SOFA, "tiers": lines}).status_code == 422
        assert enemy.post("@/products/new", {**FORM, **typed}).status_code == 422


COUNTED: dict[str, Make] = {
    "moq": product("moq"),
    "stock": product("stock"),
    "weight_g": product("weight_g"),
    "freight_template": product("freight_template"),
    "tiers.0.quantity": lambda n: {**SOFA, "tiers": [{"quantity": n, "price_usd": "5"}]},
    "lead_times.0.up_to": lambda n: {**SOFA, "lead_times": [{"up_to": n, "days": 5}]},
    "lead_times.0.days": lambda n: {**SOFA, "lead_times": [{"up_to": 5, "days": n}]},
    "package_mm.l": lambda n: {**SOFA, "package_mm": {"l": n, "w": 5, "h": 5}},
    "sample.max": lambda n: {**SOFA, "sample": {"price_usd": "5", "max": n}},
    "skus.0.stock": lambda n: {**SOFA, "skus": [{"code": "A", "stock": n}]},
}
OPTIONAL = {"weight_g", "freight_template"}


@pytest.mark.parametrize("field", COUNTED)
def test_numbers_out_of_their_range_are_refused(enemy: Enemy, field: str) -> None:
    with enemy.unchanged():
        for number in NUMBERS:
            if number is None and field in OPTIONAL:
                continue
            answer = enemy.command("catalog.save_product", COUNTED[field](number))
            assert answer.status_code == 422, number
            assert any(name.startswith(field.partition(".")[0]) for name in answer.json()["fields"]), number


def test_forms_refuse_numbers_that_are_none(enemy: Enemy) -> None:
    with enemy.unchanged():
        for text in ("-1", "1.5", "1e3", "1,000", "NaN", "²", "٣", "9" * 15, "9" * 5000, "x"):
            for field in ("moq", "stock", "weight_kg", "sample-max", "tiers-0-quantity", "freight_template"):
                if (field, text) == ("weight_kg", "1.5"):
                    continue
                answer = enemy.post(
                    "@/products/new", {**FORM, "sample_on": "1", "sample-price_usd": "5", field: text}
                )
                assert answer.status_code == 422, (field, text)


def test_a_zero_is_not_taken_for_a_one(enemy: Enemy) -> None:
    zeros = {
        "moq": "0",
        "tiers-0-quantity": "0",
        "lead_times-0-up_to": "0",
        "lead_times-0-days": "0",
        "package-l": "0",
        "package-w": "0",
        "package-h": "0",
        "weight_kg": "0",
    }
    with enemy.unchanged():
        answer = enemy.post("@/products/new", {**FORM, **zeros})
        assert answer.status_code == 422
        for name in zeros:
            assert f'id="{name}-error"' in answer.text or f'id="{name.split("-")[0]}-error"' in answer.text, (
                name
            )


@pytest.mark.parametrize("text", [*DECEITS, "", "   ", "x" * 5000])
def test_names_of_sandboxes_and_checkpoints(enemy: Enemy, text: str) -> None:
    made = enemy.client.post("/api/v1/sandboxes", json={"world": "furniture", "name": text})
    assert (made.status_code, list(made.json()["fields"])) == (422, ["name"])
    if text.strip():
        for path in ("/checkpoints", "/fork"):
            answer = enemy.call("POST", path, json={"name": text})
            assert (answer.status_code, list(answer.json()["fields"])) == (422, ["name"])
    if "\0" not in text:
        for path in (f"/sandboxes/{enemy.box}/checkpoints", f"/sandboxes/{enemy.box}/fork"):
            assert enemy.post(path, {"name": text}).status_code == 422
        if text.strip():
            assert enemy.post("/sandboxes", {"world": "furniture", "name": text}).status_code == 422


@pytest.mark.parametrize("text", [text for text in DECEITS if "\0" not in text] + ["", "x" * 5000])
def test_names_and_addresses_of_accounts(enemy: Enemy, text: str) -> None:
    good = {"name": "Ann", "email": "ann@example.com", "password": "correct horse"}
    for field in ("name", "email"):
        answer = enemy.post("/sign-up", {**good, field: text})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    assert enemy.post("/sign-up", {**good, "password": "x" * 5000}).status_code == 422


def count(enemy: Enemy) -> int:
    with enemy.world.reading(SYSTEM) as ctx:
        return ctx.session.scalar(select(func.count()).select_from(Product)) or 0


def test_a_form_sent_twice_makes_one_product(enemy: Enemy) -> None:
    before = count(enemy)
    first, second = (enemy.post("@/products/new", {**FORM, "_key": "twice"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert count(enemy) == before + 1


def test_a_form_sent_eight_times_at_once_makes_one_product(enemy: Enemy) -> None:
    before = count(enemy)

    def send(_n: int) -> dict[str, Any]:
        return run(enemy.world, PLAYER, "catalog.save_product", SOFA, "at once").result

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(send, range(8)))
    assert all(result == results[0] for result in results)
    assert count(enemy) == before + 1


def test_a_stale_form_is_refused_with_everything_still_typed(enemy: Enemy) -> None:
    made = enemy.post("@/products/new", FORM).headers["location"].partition("?")[0]
    assert enemy.post(made, {**FORM, "version": "1", "title": "Changed by somebody else"}).status_code == 303
    with enemy.unchanged():
        stale = enemy.post(made, {**FORM, "version": "1", "title": "Typed meanwhile"})
    assert stale.status_code == 409
    assert "Typed meanwhile" in stale.text
    number = int(made.rpartition("/")[2])
    with enemy.unchanged():
        for name in ("publish_product", "take_down", "copy_product"):
            answer = enemy.command(f"catalog.{name}", {"product": number, "version": 1})
            assert (answer.status_code, answer.json()["code"]) == (409, "product.stale")
