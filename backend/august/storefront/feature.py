"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.words import N_
from august.storefront.api import StorefrontApi
from august.storefront.bought_web import OrdersPages
from august.storefront.mine_web import MinePages
from august.storefront.web import ShopPages
from august.web.menu import MenuItem

FEATURE = Feature(
    "storefront",
    controllers=(ShopPages, OrdersPages, MinePages, StorefrontApi),
    menu=(MenuItem(N_("Sandbox"), N_("The buyer's side"), "/shop", "shopping-bag", 90),),
)
