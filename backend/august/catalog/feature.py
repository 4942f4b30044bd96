"""The room's entry in the list."""

from august.catalog.api import CatalogApi
from august.catalog.bulk import bulk
from august.catalog.commands import (
    copy_product,
    delete_view,
    publish_product,
    save_product,
    save_view,
    take_down,
)
from august.catalog.freight_commands import delete_freight_template, save_freight_template
from august.catalog.freight_web import FreightTemplatesPage
from august.catalog.importing import import_products
from august.catalog.product_web import NewProductPage, ProductAids, ProductPage
from august.catalog.queries import find
from august.catalog.web import ImportPage, Pictures, ProductsPage
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "catalog",
    controllers=(
        ProductsPage,
        ImportPage,
        NewProductPage,
        ProductPage,
        ProductAids,
        FreightTemplatesPage,
        CatalogApi,
        Pictures,
    ),
    menu=(
        MenuItem(N_("Products"), N_("Publish a product"), "/products/new", "plus", 10),
        MenuItem(N_("Products"), N_("Manage products"), "/products", "package", 20),
        MenuItem(N_("Logistics"), N_("Freight templates"), "/freight-templates", "truck", 40),
    ),
    commands=(
        save_product,
        publish_product,
        take_down,
        copy_product,
        bulk,
        save_view,
        delete_view,
        save_freight_template,
        delete_freight_template,
        import_products,
    ),
    find=find,
)
