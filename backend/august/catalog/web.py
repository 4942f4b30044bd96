"""商品管理 › 管理产品: the product table, bulk changes, saved views, tables in and out, pictures."""

from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from august.catalog import queries, reference
from august.catalog.bulk import preview
from august.catalog.importing import HEADER, exported_rows, sheet_of
from august.catalog.labels import columns
from august.catalog.payloads import Bulk
from august.catalog.pictures import picture_svg
from august.catalog.sheets import ROW_LIMIT, UPLOAD_LIMIT, read, write_csv, write_xlsx
from august.catalog.typed import Typed, beside
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.quality.queries import band_of, bands
from august.quality.rules import tenths
from august.sandboxes.door import Door
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import Listing, listing

YEAR = 365 * 24 * 3600
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DONE = {
    "changed": N_("The products were changed."),
    "view": N_("The view was saved."),
    "view-gone": N_("The view was deleted."),
    "imported": N_("The table was imported."),
}
# A multipart body is a little larger than the file in it.
BODY_LIMIT = UPLOAD_LIMIT + 100_000


class Pictures(Controller):
    """Product pictures, the same in every sandbox."""

    path = "/pictures"

    @get("/{name:str}", sync_to_thread=False)
    def picture(self, name: FromPath[str]) -> Response[str]:
        """A picture; its name decides what it shows, so browsers keep it for good."""
        stem, dot, ending = name.partition(".")
        if (dot, ending) != (".", "svg"):
            raise NotFoundException
        return Response(
            picture_svg(stem),
            media_type="image/svg+xml",
            headers={"Cache-Control": f"public, max-age={YEAR}, immutable"},
        )


def asked_of(request: AnyRequest, door: Door) -> Listing:
    """What the address asks of the product table."""
    return listing(
        f"/w/{door.sandbox.id}/products",
        request.query_params,
        sorts=tuple(queries.SORTS),
        default="-updated",
        filters=queries.FILTERS,
    )


class ProductsPage(Controller):
    """The product table and what is done from it."""

    path = "/w/{sandbox_id:str}/products"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """A page of the store's products."""
        asked = asked_of(request, door)
        with door.reading() as ctx:
            return door.page(
                request,
                "catalog/products.html",
                "list",
                asked=asked,
                shelf=queries.shelf(ctx, asked),
                views=queries.views(ctx),
                view_query=queries.view_query(asked),
                leaf_names=reference.leaf_names(),
                industries=reference.industries(),
                status_words=queries.STATUS_WORDS,
                status_tones=queries.STATUS_TONES,
                kind_words=queries.KIND_WORDS,
                band_words=queries.BAND_WORDS,
                unit_words=queries.UNIT_WORDS,
                tenths=tenths,
                form_key=fresh_key(),
                sizes=(20, 50, 100),
                done=DONE.get(request.query_params.get("done", "")),
                crumbs=(Crumb(Phrase(N_("Products"))),),
            )

    @post("/bulk", sync_to_thread=True, status_code=200)
    def bulk(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Choose, preview, then apply a change of many products (Q7)."""
        typed = Typed(form)
        refused: Refusal | None = None
        scores = None
        step = form.text("step")
        payload = _bulk_payload(typed)
        unreadable = typed.problems.fields
        if step in {"preview", "apply"} and unreadable:
            refused = Refusal(
                "product.invalid",
                N_("This cannot be saved. Fields that need attention: {count}"),
                params={"count": len(unreadable)},
                fields=unreadable,
            )
        elif step == "apply":
            try:
                door.run("catalog.bulk", payload, form.key)
            except Refusal as refusal:
                refused = refusal
            else:
                back = "quality" if form.text("back") == "quality" else "products"
                return Redirect(f"/w/{door.sandbox.id}/{back}?done=changed", status_code=303)
        with door.reading() as ctx:
            if step == "preview" and refused is None:
                try:
                    scores = preview(ctx, parse_bulk(payload))
                except Refusal as refusal:
                    refused = refusal
            colours = bands(ctx)
            products = queries.by_ids(ctx, payload["products"])
            return door.page(
                request,
                "catalog/bulk.html",
                status=refused.status if refused else 200,
                products=products,
                scores={product.id: after for product, after in scores} if scores else {},
                previewed=scores is not None,
                templates=queries.templates(ctx),
                typed=form,
                refused=refused,
                errors=beside(refused.fields if refused else {}),
                tenths=tenths,
                band=lambda score: band_of(colours, score),
                status_words=queries.STATUS_WORDS,
                status_tones=queries.STATUS_TONES,
                form_key=fresh_key(),
                crumbs=(
                    Crumb(Phrase(N_("Products")), f"/w/{door.sandbox.id}/products"),
                    Crumb(Phrase(N_("Change many products"))),
                ),
            )

    @post("/views", sync_to_thread=True)
    def save_view(self, door: Door, form: ReadForm) -> Redirect:
        """Keep the filters under a name."""
        query = form.text("query")
        door.run("catalog.save_view", {"name": form.text("name"), "query": query}, form.key)
        return Redirect(f"/w/{door.sandbox.id}/products?done=view&{query}", status_code=303)

    @post("/views/{view:int}/delete", sync_to_thread=True)
    def delete_view(self, door: Door, form: ReadForm, view: FromPath[int]) -> Redirect:
        """Forget a saved view."""
        door.run("catalog.delete_view", {"view": view}, form.key)
        return Redirect(f"/w/{door.sandbox.id}/products?done=view-gone", status_code=303)

    @get("/export", sync_to_thread=True)
    def export(self, request: AnyRequest, door: Door) -> Response[bytes]:
        """All products as a table; cells that look like formulas are made harmless (Q8)."""
        with door.reading() as ctx:
            rows = exported_rows(ctx)
        as_csv = request.query_params.get("kind") == "csv"
        body = write_csv(HEADER, rows) if as_csv else write_xlsx(HEADER, rows)
        return Response(
            body,
            media_type="text/csv; charset=utf-8" if as_csv else XLSX,
            headers={
                "Content-Disposition": f'attachment; filename="products.{"csv" if as_csv else "xlsx"}"',
                "Cache-Control": "no-store",
            },
        )


def parse_bulk(payload: dict[str, Any]) -> Bulk:
    """The payload as its struct; the form has made it fit."""
    return msgspec.convert(payload, Bulk)


def _bulk_payload(typed: Typed) -> dict[str, Any]:
    """The bulk form as the command takes it; empty fields leave things as they are."""
    form = typed.form
    payload: dict[str, Any] = {"products": form.ids("products") if "products" in form.values else []}
    if form.text("status") in {"publish", "take_down"}:
        payload["status"] = form.text("status")
    if form.text("freight_template"):
        payload["freight_template"] = typed.number("freight_template", 0)
    if form.text("delivery_by") in {"yes", "no"}:
        payload["delivery_by"] = form.text("delivery_by") == "yes"
    if options := typed.lines("customization"):
        payload["customization"] = options
    price, most = form.text("sample-price_usd"), form.text("sample-max").strip()
    if price or most:
        payload["sample"] = {"price_usd": price, "max": typed.number("sample-max", 1)}
    return payload


class ImportPage(Controller):
    """Products from a table."""

    path = "/w/{sandbox_id:str}/products/import"

    @get(sync_to_thread=True)
    def ask(self, request: AnyRequest, door: Door) -> Response[str]:
        """The upload form."""
        return _import_page(request, door, None)

    @post(sync_to_thread=True, status_code=200, request_max_body_size=BODY_LIMIT)
    def upload(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Take all lines or none (Q8)."""
        try:
            file = form.files.get("table")
            if file is None:
                raise Refusal("import.no_file", N_("Choose a CSV or XLSX file."))
            rows = read(file.file.read(UPLOAD_LIMIT + 1))
            with door.reading() as ctx:
                cmd = sheet_of(ctx, rows)
            door.run("catalog.import_products", msgspec.to_builtins(cmd), form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            return _import_page(request, door, refusal)
        return Redirect(f"/w/{door.sandbox.id}/products?done=imported", status_code=303)


def _import_page(request: AnyRequest, door: Door, refused: Refusal | None) -> Response[str]:
    cells = []
    for name, phrase in (refused.fields if refused else {}).items():
        line, _, column = name.partition(".")
        cells.append((line, column, phrase))
    return door.page(
        request,
        "catalog/import.html",
        status=refused.status if refused else 200,
        refused=refused,
        cells=cells,
        columns=columns(),
        row_limit=ROW_LIMIT,
        upload_limit=UPLOAD_LIMIT // 1024 // 1024,
        form_key=fresh_key(),
        crumbs=(
            Crumb(Phrase(N_("Products")), f"/w/{door.sandbox.id}/products"),
            Crumb(Phrase(N_("Import products"))),
        ),
    )
