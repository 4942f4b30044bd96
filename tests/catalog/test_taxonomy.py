from pathlib import Path

import pytest

from august.catalog import lines, taxonomy
from august.catalog.taxonomy import DATA
from august.kernel.rulebook import SeedError

TREE = taxonomy.standing()


def test_the_industries_of_the_release_are_there() -> None:
    carton = {code for code, industry in TREE.industries.items() if industry.carton}
    assert carton == {
        "apparel",
        "home_garden",
        "sports_entertainment",
        "luggage_bags",
        "shoes_accessories",
        "fashion_accessories",
        "toys_hobbies",
        "furniture",
        "vehicles_transportation",
    }
    assert len(TREE.industries) == 21
    assert TREE.leaf("herbicides").path["en"] == "Chemicals>Agrochemicals>Herbicides"


@pytest.mark.parametrize("leaf", ["personal_lubricants", "lithium_batteries"])
def test_delivery_by_is_not_asked_of_adult_goods_and_batteries(leaf: str) -> None:
    assert not TREE.leaf(leaf).delivery_by_applies


def test_an_unknown_leaf_is_none() -> None:
    assert TREE.leaf("no_such_leaf") is None


def test_furniture_is_asked_everything() -> None:
    assert TREE.leaf("sofa_beds").exempt == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "saying"),
    [
        ("shape: sofa,", "form: sofa,", "unknown field `form`"),
        ("code: sofa_beds", "code: sectional_sofas", "category 'sectional_sofas' is there twice"),
        ("price: [14000, 46000]", "price: [46000, 14000]", "the range price of 'sofa_beds' must rise from 1"),
        ("[wood, color", "[wod, color", "leaf 'coffee_tables' asks for unknown attribute 'wod'"),
    ],
)
def test_a_wrong_category_file_is_refused_by_line(tmp_path: Path, old: str, new: str, saying: str) -> None:
    text = (DATA / "categories.yaml").read_text("utf-8")
    wrong = tmp_path / "categories.yaml"
    wrong.write_text(text.replace(old, new, 1), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(SeedError) as refused:
        taxonomy.load(wrong)
    assert saying in refused.value.msg
    assert (refused.value.file, refused.value.line) == (wrong, line)


@pytest.mark.parametrize(
    ("old", "new", "saying"),
    [
        ("[US, CA]", "[US, XX]", "goes to unknown country 'XX'"),
        ("[AU, NZ]", "[AU, US]", "has two tariffs for US"),
        ("divisor: 5000", "divisor: 0", "needs a weight limit and a divisor"),
    ],
)
def test_a_wrong_line_file_is_refused(tmp_path: Path, old: str, new: str, saying: str) -> None:
    wrong = tmp_path / "lines.yaml"
    wrong.write_text((DATA / "lines.yaml").read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(SeedError, match=saying):
        lines.load(DATA / "countries.yaml", wrong)
