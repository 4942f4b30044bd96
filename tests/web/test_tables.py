"""Pages and addresses of lists."""

import pytest

from august.web.tables import Page, listing


@pytest.mark.parametrize(
    ("page", "number", "offset", "first", "last", "pages"),
    [
        (Page(20, 1, 0), 1, 0, 0, 0, 1),
        (Page(20, 1, 20), 1, 0, 1, 20, 1),
        (Page(20, 2, 21), 2, 20, 21, 21, 2),
        (Page(20, 9, 41), 3, 40, 41, 41, 3),
        (Page(20, -3, 41), 1, 0, 1, 20, 3),
    ],
)
def test_a_page_is_within_its_rows(
    page: Page, number: int, offset: int, first: int, last: int, pages: int
) -> None:
    assert (page.number, page.offset, page.first, page.last, page.pages) == (
        number,
        offset,
        first,
        last,
        pages,
    )


def test_far_pages_are_a_gap() -> None:
    assert Page(10, 1, 30).shown == [1, 2, 3]
    assert Page(10, 5, 200).shown == [1, None, 4, 5, 6, None, 20]
    assert Page(10, 20, 200).shown == [1, None, 19, 20]


def test_an_address_is_read_kindly() -> None:
    told = {"sort": "-price", "page": "3", "size": "50", "q": " oak ", "evil": "x"}
    asked = listing("/p", told, sorts=("price", "name"), default="name", filters=("q", "status"))
    assert (asked.sort, asked.descending, asked.page, asked.size) == ("price", True, 3, 50)
    assert (asked.filters, asked.get("status"), asked.filtered) == ({"q": "oak"}, "", True)
    odd = {"sort": "password", "page": "-1", "size": "7", "q": ""}
    asked = listing("/p", odd, sorts=("price", "name"), default="-name", filters=("q",))
    assert (asked.order, asked.page, asked.size, asked.filtered) == ("-name", 1, 20, False)
    for page in ("0", "x", "9" * 30, "²"):
        assert listing("/p", {"page": page}, sorts=("a",), default="a").page == 1


def test_links_keep_filters_and_go_back_to_page_one() -> None:
    asked = listing("/p", {"q": "a&b", "page": "3"}, sorts=("price", "name"), default="name", filters=("q",))
    assert asked.link(page=4) == "/p?q=a%26b&sort=name&size=20&page=4"
    assert asked.link(page=1) == "/p?q=a%26b&sort=name&size=20"
    assert asked.link(q=None) == "/p?sort=name&size=20"
    assert asked.sort_link("name") == "/p?q=a%26b&sort=-name&size=20"
    assert asked.sort_link("price") == "/p?q=a%26b&sort=price&size=20"
    assert (asked.arrow("name"), asked.arrow("price")) == ("ascending", "none")
