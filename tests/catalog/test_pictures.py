from xml.etree import ElementTree as ET

import pytest

from august.catalog.pictures import is_picture, picture_svg
from august.catalog.shapes import SHAPES
from august.catalog.taxonomy import standing
from august.kernel.errors import Refusal


def test_every_leaf_has_a_shape() -> None:
    assert {leaf.shape for leaf in standing().leaves.values()} <= SHAPES.keys()


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_picture_is_svg_on_its_own(shape: str) -> None:
    drawn = {picture_svg(f"{shape}-{number}") for number in range(12)}
    assert len(drawn) > 6
    for svg in drawn:
        root = ET.fromstring(svg)  # noqa: S314 - our own drawing
        assert root.attrib["viewBox"] == "0 0 400 400"
        rest = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not any(word in rest for word in ("http", "href", "style", "script", "url(", "{"))


def test_the_same_name_gives_the_same_picture() -> None:
    first = picture_svg("sofa-123")
    picture_svg.cache_clear()
    assert picture_svg("sofa-123") == first


@pytest.mark.parametrize(
    "name", ["", "sofa", "sofa-", "sofa-x", "dragon-1", "sofa-1234567", "../sofa-1", "sofa-1\n"]
)
def test_unknown_names_are_refused(name: str) -> None:
    assert not is_picture(name)
    with pytest.raises(Refusal) as refused:
        picture_svg(name)
    assert refused.value.status == 404
