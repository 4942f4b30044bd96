"""Made-up contents for the gallery of components."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from august.kernel.explain import Node, money
from august.kernel.words import N_, Phrase
from august.web.i18n import beijing_text, pacific_text, t
from august.web.menu import MenuItem, build
from august.web.shell import Crumb, Named, Shell, Times
from august.web.tables import listing

AT = datetime(2022, 8, 17, 7, 0, tzinfo=UTC)
PRICE = money(1250, "USD")
LONG = N_("At most {limit} characters; this text has {count}.")
TREE = Node(
    N_("Quality score {score}: {count} problems"),
    {"score": "4.1", "count": 2},
    rule="Q4",
    outcome="note",
    children=(
        Node(N_("Every core country has freight."), outcome="ok", rule="Q2"),
        Node(
            N_("{count} countries have no delivery time."),
            {"count": 3},
            outcome="bad",
            remedy=N_("Add a delivery-by line for these countries."),
            children=(Node(N_("A sample costs {price} since {at}."), {"price": PRICE, "at": AT}),),
        ),
    ),
)
MENU = (
    MenuItem(N_("Home"), N_("Home"), "", "home"),
    MenuItem(N_("Products"), N_("Manage products"), "/products", order=1),
    MenuItem(N_("Products"), N_("Publish a product"), "/products/new", order=2),
)


def samples(params: Mapping[str, str]) -> dict[str, Any]:
    """Give the gallery its contents; lists react to the address, so that pager and sorting can be tried."""
    asked = listing("/dev/components", params, sorts=("name", "price"), default="name", filters=("q",))
    return {
        "shell": Shell(
            sandbox=Named("gallery", "Gallery"),
            merchant=Named(1, "Yunlin Furniture"),
            menu=build(MENU, "/dev/components", "/dev/components"),
            clock=Times(pacific_text(AT), beijing_text(AT)),
            unread=3,
        ),
        "crumbs": (Crumb(Phrase(N_("Home")), "/"), Crumb(Phrase(N_("Components")))),
        "asked": asked,
        "page": asked.slice_of(187),
        "tree": TREE,
        "instant_at": AT,
        "stages": [
            {"label": N_("Draft"), "mark": "done", "at": AT},
            {"label": N_("On sale"), "mark": "now", "at": AT},
            {"label": N_("Off the shelf"), "mark": "next", "at": None},
            {"label": N_("Deleted"), "mark": "broken", "at": None},
        ],
        "too_long": Phrase(LONG, {"limit": 128, "count": 5000}),
        "chart": {
            "xAxis": {"type": "category", "data": ["08-15", "08-16", "08-17"]},
            "yAxis": {"type": "value"},
            "series": [{"type": "line", "name": t("Views"), "data": [120, 180, 150]}],
        },
    }
