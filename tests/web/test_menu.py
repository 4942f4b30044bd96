"""The sidebar."""

from august.web.menu import MenuItem, build

ITEMS = (
    MenuItem("Products", "Publish a product", "/products/new", order=1),
    MenuItem("Odd section", "Odd page", "/odd"),
    MenuItem("Products", "Manage products", "/products", order=2),
    MenuItem("Home", "Home", "/", "home"),
)


def test_sections_stand_in_the_platforms_order_and_unknown_ones_last() -> None:
    made = build(ITEMS, "/w/x", "/w/x/")
    assert [section.label for section in made] == ["Home", "Products", "Odd section"]
    assert [entry.href for entry in made[1].entries] == ["/w/x/products/new", "/w/x/products"]
    assert [section.alone for section in made] == [True, False, False]


def test_the_closest_entry_is_lit() -> None:
    lit = {
        path: [
            entry.href for section in build(ITEMS, "/w/x", path) for entry in section.entries if entry.active
        ]
        for path in (
            "/w/x",
            "/w/x/",
            "/w/x/products",
            "/w/x/products/new",
            "/w/x/products/7",
            "/w/x/productsandmore",
        )
    }
    assert lit == {
        "/w/x": ["/w/x/"],
        "/w/x/": ["/w/x/"],
        "/w/x/products": ["/w/x/products"],
        "/w/x/products/new": ["/w/x/products/new"],
        "/w/x/products/7": ["/w/x/products"],
        "/w/x/productsandmore": [],
    }


def test_a_long_menu_is_open_only_where_its_reader_is() -> None:
    many = [MenuItem(f"S{i}", f"L{i}", f"/p{i}") for i in range(30)]
    assert [section.label for section in build(many, "", "/p7") if section.open] == ["S7"]
    assert all(section.open for section in build(many[:5], "", "/p2"))
