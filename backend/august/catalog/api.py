"""The catalogue as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.catalog import panel, queries, reference
from august.catalog.importing import sheet_from
from august.catalog.models import Product
from august.catalog.saving import own_product, variants_of
from august.kernel.money import amount
from august.quality.rules import tenths
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.tables import listing


def told(product: Product) -> dict[str, Any]:
    """What every reading says of a product beside its sheet."""
    return {
        "id": product.id,
        "status": product.status,
        "version": product.version,
        "quality": tenths(product.quality_tenths),
        "failed": list(product.quality_failed),
        "growth": product.growth,
        "created_at": product.created_at,
        "updated_at": product.updated_at,
        "published_at": product.published_at,
    }


class CatalogApi(Controller):
    """Products, freight and categories of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/catalog"

    @get("/products", sync_to_thread=True)
    def products(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """A page of products: `?q=&status=&kind=&industry=&band=&sort=&page=&size=`."""
        asked = listing(
            request.url.path,
            request.query_params,
            sorts=tuple(queries.SORTS),
            default="id",
            filters=queries.FILTERS,
        )
        with door.reading() as ctx:
            found = queries.shelf(ctx, asked)
        items = [
            {
                "id": line.id,
                "title": line.title,
                "kind": line.kind,
                "leaf": line.leaf,
                "status": line.status,
                "price_min_usd": None if line.low_cents is None else amount(line.low_cents),
                "price_max_usd": None if line.high_cents is None else amount(line.high_cents),
                "moq": line.moq,
                "unit": line.unit,
                "quality": tenths(line.quality_tenths),
                "band": line.band,
                "growth": line.growth,
                "version": line.version,
                "updated_at": line.updated_at,
            }
            for line in found.lines
        ]
        page = found.page
        return {
            "items": items,
            "page": page.number,
            "size": page.size,
            "pages": page.pages,
            "total": page.total,
        }

    @get("/products/{product:int}", sync_to_thread=True)
    def product(self, door: Door, product: FromPath[int]) -> dict[str, Any]:
        """One product in full; its sheet is what `catalog.save_product` takes."""
        with door.reading() as ctx:
            stored = own_product(ctx, product)
            return {**told(stored), "sheet": sheet_from(stored, variants_of(ctx, stored))}

    @get("/products/{product:int}/freight", sync_to_thread=True)
    def freight(self, door: Door, product: FromPath[int]) -> dict[str, Any]:
        """The freight panel of a product."""
        with door.reading() as ctx:
            found = panel.of_product(ctx, own_product(ctx, product))
        countries = [
            {
                "country": row.code,
                "core": row.core,
                "freight_usd": None if row.cents is None else amount(row.cents),
                "delivery_by_days": row.promise,
            }
            for row in found.rows
        ]
        return {
            "countries": countries,
            "missing_freight": found.missing_freight,
            "missing_delivery_by": found.missing_delivery_by,
        }

    @get("/freight-templates", sync_to_thread=True)
    def templates(self, door: Door) -> dict[str, Any]:
        """The store's freight templates with their lines."""
        with door.reading() as ctx:
            own = queries.templates(ctx)
            lines = queries.lines_by_template(ctx, [each.id for each in own])
        items = [
            {
                "id": each.id,
                "name": each.name,
                "origin": each.origin,
                "lines": [
                    {"line": line.line, "countries": line.countries, "delivery_by": line.delivery_by}
                    for line in lines.get(each.id, ())
                ],
            }
            for each in own
        ]
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}

    @get("/views", sync_to_thread=True)
    def views(self, door: Door) -> dict[str, Any]:
        """The saved views of the product table."""
        with door.reading() as ctx:
            items = [{"id": each.id, "name": each.name, "query": each.query} for each in queries.views(ctx)]
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}

    @get("/categories", sync_to_thread=True)
    def categories(self, door: Door) -> dict[str, Any]:
        """The leaf categories by industry."""
        del door
        items = [
            {"code": code, "name": names, "leaves": reference.leaves_of(code)}
            for code, names in reference.industries()
        ]
        return {"items": items, "page": 1, "size": len(items), "pages": 1, "total": len(items)}
