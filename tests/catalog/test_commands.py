"""What a store does with its products: saved, refused, copied, changed in bulk; a refusal writes nothing."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from august.catalog.bulk import preview
from august.catalog.importing import HEADER, exported_rows, sheet_of
from august.catalog.models import FreightTemplate, Product, Sku
from august.catalog.payloads import Bulk
from august.catalog.sheets import read, write_csv
from august.features import house
from august.kernel import commands
from august.kernel.context import Actor
from august.kernel.errors import Refusal
from august.kernel.world import World, Worlds
from tests.tools.worlds import plant

NUMBERS = count(1)
PLAYER = Actor("player", merchant=1)
RIVAL = Actor("policy", merchant=2)
SOFA: dict[str, Any] = {
    "kind": "rts",
    "leaf": "sofa_beds",
    "title": "Modern Linen Sofa Bed for Small Living Rooms",
    "tiers": [{"quantity": 2, "price_usd": "150.00"}, {"quantity": 50, "price_usd": "140.00"}],
    "moq": 2,
    "images": ["sofa-1"],
}


@pytest.fixture(scope="module")
def store(module_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The furniture world's template, on each database."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    made = Worlds.at(house(), folder=folder, url=module_url)
    plant(made)
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


def run(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> dict[str, Any]:
    key = payload.pop("key", None)
    return commands.run(world, actor, f"catalog.{command}", payload, key).result


def refused(world: World, command: str, actor: Actor = PLAYER, /, **payload: Any) -> Refusal:
    before = world.state_hash()
    with pytest.raises(Refusal) as caught:
        run(world, command, actor, **payload)
    assert world.state_hash() == before
    return caught.value


def product(world: World, number: int) -> Product:
    with world.reading(PLAYER) as ctx:
        found = ctx.session.get_one(Product, number)
        ctx.session.expunge(found)
        return found


def test_draft_is_created_published_taken_down_and_copied(world: World) -> None:
    made = run(world, "save_product", **SOFA)
    number = made["product"]
    assert (made["version"], made["status"]) == (1, "draft")
    assert run(world, "publish_product", product=number)["status"] == "on_sale"
    assert run(world, "take_down", product=number)["status"] == "off_shelf"
    copy = run(world, "copy_product", product=number)
    assert (copy["status"], copy["version"]) == ("draft", 1)
    assert product(world, copy["product"]).title == SOFA["title"] + " (copy)"
    assert product(world, copy["product"]).tiers == product(world, number).tiers


def test_quality_is_measured_when_saved(world: World) -> None:
    made = run(world, "save_product", **SOFA)
    assert "customization_service" in product(world, made["product"]).quality_failed
    better = run(
        world, "save_product", **SOFA, product=made["product"], version=1, customization=["Logo", "Fabric"]
    )
    assert "customization_service" not in product(world, better["product"]).quality_failed
    assert float(better["quality"]) > float(made["quality"])


def test_stale_form_is_refused(world: World) -> None:
    made = run(world, "save_product", **SOFA)
    run(world, "save_product", **SOFA, product=made["product"], version=1)
    stale = refused(world, "save_product", **SOFA, product=made["product"], version=1)
    assert (stale.code, stale.status) == ("product.stale", 409)
    assert refused(world, "save_product", **SOFA, product=made["product"]).code == "product.version_missing"


def test_same_key_saves_once(world: World) -> None:
    first = run(world, "save_product", key="k", **SOFA)
    assert run(world, "save_product", key="k", **SOFA) == first


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 129}, "title"),
        ({"title": "Sofa \u202egnp"}, "title"),
        ({"title": "Sofa \u0007 bell"}, "title"),
        ({"leaf": "furniture"}, "leaf"),
        ({"moq": 0}, "moq"),
        ({"moq": -3}, "moq"),
        ({"tiers": [{"quantity": 2, "price_usd": "-1"}]}, "tiers.0.price_usd"),
        ({"tiers": [{"quantity": 2, "price_usd": "0"}]}, "tiers.0.price_usd"),
        ({"tiers": [{"quantity": 2, "price_usd": "10000000.01"}]}, "tiers.0.price_usd"),
        (
            {"tiers": [{"quantity": 5, "price_usd": "9"}, {"quantity": 5, "price_usd": "8"}]},
            "tiers.1.quantity",
        ),
        (
            {"tiers": [{"quantity": 5, "price_usd": "9"}, {"quantity": 6, "price_usd": "9"}]},
            "tiers.1.price_usd",
        ),
        ({"tiers": [{"quantity": n, "price_usd": str(20 - n)} for n in range(1, 6)]}, "tiers"),
        ({"images": ["../../etc/passwd"]}, "images"),
        ({"freight_template": 999_999}, "freight_template"),
        ({"markets": ["XX"]}, "markets"),
        ({"local_service": ["US"]}, "local_service"),
        ({"leaf": "mini_excavators", "local_service": ["US", "XX"]}, "local_service"),
        ({"description": "y" * 20_001}, "description"),
        ({"skus": [{"code": "A"}, {"code": "A"}]}, "skus.1.code"),
        ({"customization": []}, "customization"),
    ],
)
def test_bad_input_is_refused_beside_its_field(world: World, change: dict[str, Any], field: str) -> None:
    refusal = refused(world, "save_product", **{**SOFA, **change})
    assert (refusal.status, list(refusal.fields)) == (422, [field])


def test_limits_themselves_are_allowed(world: World) -> None:
    most = {"title": "x" * 128, "tiers": [{"quantity": 2, "price_usd": "10000000.00"}]}
    assert run(world, "save_product", **{**SOFA, **most})["version"] == 1


def test_incomplete_draft_is_kept_but_not_published(world: World) -> None:
    bare = {**SOFA, "tiers": [], "images": []}
    number = run(world, "save_product", **bare)["product"]
    assert list(refused(world, "publish_product", product=number).fields) == ["tiers", "images"]
    assert refused(world, "save_product", **bare, publish=True).status == 422


def test_other_stores_products_do_not_exist(world: World) -> None:
    number = run(world, "save_product", **SOFA)["product"]
    for name in ("publish_product", "take_down", "copy_product"):
        assert refused(world, name, RIVAL, product=number).status == 404
    assert refused(world, "bulk", RIVAL, products=[number], delivery_by=True).status == 404


def test_bulk_does_what_its_preview_shows(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        wanted = list(ctx.session.scalars(select(Product.id).where(Product.merchant_id == 1).limit(5)))
        template = ctx.session.scalars(
            select(FreightTemplate.id).where(FreightTemplate.merchant_id == 1)
        ).first()
    before = world.state_hash()
    change = {
        "products": wanted,
        "freight_template": template,
        "delivery_by": True,
        "customization": ["Logo"],
    }
    with world.reading(PLAYER) as ctx:
        shown = [(one.id, after) for one, after in preview(ctx, Bulk(**change))]
    assert world.state_hash() == before
    done = run(world, "bulk", **change)
    assert [(one["product"], one["after"]) for one in done["scores"]] == shown
    assert refused(world, "bulk", products=wanted).code == "bulk.no_change"
    assert refused(world, "bulk", products=[], delivery_by=True).code == "bulk.nothing_chosen"


def test_freight_template_in_use_stays(world: World) -> None:
    lines = [{"line": "express_standard", "countries": ["US"], "delivery_by": True}]
    number = run(world, "save_freight_template", name="Mine", origin="foshan", lines=lines)["template"]
    made = run(world, "save_product", **SOFA, freight_template=number)
    assert refused(world, "delete_freight_template", template=number).status == 409
    run(world, "save_product", **SOFA, product=made["product"], version=1)
    assert run(world, "delete_freight_template", template=number) == {"template": number}
    strange = [{"line": "express_standard", "countries": ["XX"]}]
    assert list(refused(world, "save_freight_template", name="M", origin="foshan", lines=strange).fields) == [
        "lines.0.countries"
    ]


def test_machines_may_promise_local_service(world: World) -> None:
    digger = {**SOFA, "leaf": "mini_excavators", "local_service": ["US", "DE", "US"]}
    number = run(world, "save_product", **digger)["product"]
    assert product(world, number).local_service == ["US", "DE"]
    with world.reading(PLAYER) as ctx:
        (row,) = (row for row in exported_rows(ctx) if row[0] == str(number))
        assert row[HEADER.index("local_service")] == "US DE"
        again = sheet_of(ctx, read(write_csv(HEADER, [row])))
    assert again.rows[0].local_service == ["US", "DE"]
    # What a sheet does not name is promised nowhere.
    run(world, "save_product", **{**digger, "local_service": []}, product=number, version=1)
    assert product(world, number).local_service is None
    assert product(world, 1).local_service is None


def test_views_are_kept_by_name(world: World) -> None:
    view = run(world, "save_view", name="Red", query="band=red")
    assert run(world, "save_view", name="Red", query="band=amber") == view
    assert refused(world, "delete_view", RIVAL, view=view["view"]).status == 404
    assert run(world, "delete_view", view=view["view"]) == view


def test_export_imports_unchanged(world: World) -> None:
    with world.reading(PLAYER) as ctx:
        rows = exported_rows(ctx)
        sheet = sheet_of(ctx, read(write_csv(HEADER, rows)))
    result = commands.run(world, PLAYER, "catalog.import_products", sheet_payload(sheet)).result
    assert result == {"created": 0, "changed": len(rows)}
    with world.reading(PLAYER) as ctx:
        # The ends' white space of a text goes; all else comes back as it went.
        assert exported_rows(ctx) == [[cell.strip() for cell in row] for row in rows]


def sheet_payload(sheet: Any) -> Any:
    return msgspec.to_builtins(sheet)


def test_one_bad_line_imports_nothing(world: World) -> None:
    rows = [{**SOFA}, {**SOFA, "leaf": "nope", "title": ""}]
    refusal = refused(world, "import_products", rows=rows, lines=[2, 5])
    assert (refusal.code, list(refusal.fields)) == ("import.lines", ["5.leaf", "5.title"])


def test_unreadable_cells_are_named_by_line(world: World) -> None:
    table = b"kind,leaf,title,moq,tier1_price_usd\nrts,sofa_beds,T,two,5\nhat,sofa_beds,T,1,\n"
    with world.reading(PLAYER) as ctx, pytest.raises(Refusal) as caught:
        sheet_of(ctx, read(table))
    assert list(caught.value.fields) == ["2.moq", "2.tier1_quantity", "3.kind"]
    with world.reading(PLAYER) as ctx, pytest.raises(Refusal) as caught:
        sheet_of(ctx, read(b"kind,colour\nrts,red\n"))
    assert caught.value.params == {"unknown": ["colour"], "missing": ["leaf", "title"]}


def test_variants_are_replaced_as_a_whole(world: World) -> None:
    skus = [{"code": "A", "price_usd": "9.00"}, {"code": "B", "price_usd": "8.00", "spec": {"color": "Grey"}}]
    number = run(world, "save_product", **SOFA, price_mode="sku", skus=skus)["product"]
    run(world, "save_product", **SOFA, price_mode="sku", skus=skus[1:], product=number, version=1)
    with world.reading(PLAYER) as ctx:
        found = list(ctx.session.scalars(select(Sku).where(Sku.product_id == number)))
        assert [(sku.code, sku.cents, sku.spec) for sku in found] == [("B", 800, {"color": "Grey"})]
