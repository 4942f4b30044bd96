"""商品管理 › 发布产品: the product form, its ball, previews and freight panel."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from markdown_it import MarkdownIt
from markupsafe import Markup

from august.catalog import panel, queries, reference
from august.catalog.importing import sheet_from
from august.catalog.labels import field_label
from august.catalog.payloads import ProductSheet
from august.catalog.saving import collect, own_product, variants_of
from august.catalog.taxonomy import Leaf
from august.catalog.typed import Beside, Fields, Typed, form_name, sheet, stored_fields, typed_fields
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.quality.queries import Ball, unsaved_ball
from august.sandboxes.door import Door
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.shell import Crumb

TABS = (
    ("basic", N_("Basic information")),
    ("description", N_("Product description")),
    ("trade", N_("Trade information")),
    ("logistics", N_("Logistics information")),
    ("services", N_("Special services")),
    ("markets", N_("Target markets")),
)
DONE = {
    "saved": N_("Saved."),
    "published": N_("Published: buyers see it now."),
    "taken": N_("Taken off the shelf."),
    "copied": N_("Copied into a new draft."),
}
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
PICTURE = re.compile(r"(!\[[^\]]*\]\()([a-z_]+-[0-9]+)\)")
EMPTY = ProductSheet(kind="rts", leaf="", title="")
Errors = Mapping[str, Phrase]


def rendered(text: str) -> Markup:
    """A description as HTML; tags typed in it are shown as text."""
    # A picture is named in the text as in the list of pictures: `![sofa](sofa-12)`.
    drawn = PICTURE.sub(r"\1/pictures/\2.svg)", text)
    # The renderer escapes all HTML (html=False) and drops dangerous link schemes.
    return Markup(MARKDOWN.render(drawn))  # noqa: S704 - as said above


def _page(  # noqa: PLR0913 - what one page shows, by name
    request: AnyRequest,
    door: Door,
    ctx: Context,
    fields: Fields,
    *,
    product: int | None = None,
    version: int | None = None,
    refused: Refusal | None = None,
    errors: Errors | None = None,
    status: int = 200,
    key: str | None = None,
) -> Response[str]:
    """The form with these fields; `errors` stand beside them by form name."""
    stored = None if product is None else own_product(ctx, product)
    leaf = reference.leaf(fields.text.get("leaf", ""))
    mine = _read(ctx, fields)
    faulty = _faulty_tabs(errors or {})
    return door.page(
        request,
        "catalog/product.html",
        status=status,
        stored=stored,
        version=version if version is not None else (stored.version if stored else None),
        fields=fields,
        attributes=_attributes(fields, leaf),
        leaf=leaf,
        groups=reference.leaf_groups(),
        pictures=list(dict.fromkeys([*fields.images, *reference.suggestions(leaf, product or 0)])),
        templates=queries.templates(ctx),
        regions=panel.places(),
        panel=panel.rows(ctx, mine),
        only="",
        ball=_ball(ctx, mine),
        before=None,
        unreadable=0,
        preview=rendered(fields.text.get("description", "")),
        refused=refused,
        errors=Beside(errors or {}),
        tabs=TABS,
        faulty_tabs=faulty,
        open_tab=faulty[0] if faulty else TABS[0][0],
        field_words=field_label,
        unit_words=queries.UNIT_WORDS,
        status_words=queries.STATUS_WORDS,
        status_tones=queries.STATUS_TONES,
        kinds=queries.KIND_WORDS,
        form_key=key or fresh_key(),
        done=DONE.get(request.query_params.get("done", "")),
        crumbs=(
            Crumb(Phrase(N_("Products")), f"/w/{door.sandbox.id}/products"),
            Crumb(stored.title if stored else Phrase(N_("Publish a product"))),
        ),
    )


FIELD_TABS = {
    "basic": ("kind", "leaf", "title", "keywords", "attributes", "images", "unit"),
    "description": ("description",),
    "trade": ("price_mode", "tiers", "fob_min_usd", "fob_max_usd", "skus", "moq", "stock"),
    "logistics": ("package", "weight_kg", "lead_times", "freight_template", "delivery_by"),
    "services": ("sample", "customization", "local_service"),
    "markets": ("markets",),
}


def _faulty_tabs(errors: Errors) -> list[str]:
    """The tabs that hold a field with an error."""
    names = [name.split("-")[0] for name in errors]
    return [tab for tab, inside in FIELD_TABS.items() if any(name in inside for name in names)]


class Unsaved(msgspec.Struct, frozen=True):
    """What the form says, as far as it can be read."""

    values: dict[str, Any]
    variants: list[dict[str, Any]]
    errors: dict[str, Phrase]


def _read(ctx: Context, fields: Fields) -> Unsaved:
    """The fields as column values of a product that is not saved."""
    form = Form(
        {
            "attributes": fields.attributes,
            "tiers": fields.tiers,
            "skus": fields.skus,
            "lead_times": fields.lead_times,
            "images": fields.images,
            "local_service": fields.local_service,
            "markets": fields.markets,
        },
        fields.text,
    )
    typed = Typed(form)
    problems, values, variants = collect(ctx, sheet(typed))
    # What is no amount has no price yet: the ball judges a price of zero.
    variants = [{**each, "cents": each["cents"] or 0} for each in variants]
    return Unsaved(
        values,
        variants,
        {form_name(name): phrase for name, phrase in (problems.fields | typed.problems.fields).items()},
    )


def _ball(ctx: Context, mine: Unsaved) -> Ball:
    return unsaved_ball(ctx, mine.values, mine.variants)


def _attributes(fields: Fields, leaf: Leaf | None) -> list[dict[str, Any]]:
    """The attribute rows: those the leaf asks for first, then what else was typed."""
    typed = {row.get("name", ""): row.get("text", "") for row in fields.attributes}
    asked = leaf.attributes if leaf else ()
    rows = [
        {
            "name": each.code,
            "label": {"zh": each.zh, "en": each.en},
            "text": typed.pop(each.code, ""),
            "options": list(each.options.items()),
            "must": True,
        }
        for each in asked
    ]
    return rows + [
        {"name": name, "label": reference.attribute_label(name), "text": text, "options": [], "must": False}
        for name, text in typed.items()
        if name
    ]


def _save(request: AnyRequest, door: Door, form: Form, product: int | None) -> Response[Any]:
    """Save what was typed; whatever is refused stays typed, with its reasons beside it."""
    typed = Typed(form)
    told = sheet(typed)
    version = typed.number("version")
    errors: dict[str, Phrase] = {form_name(name): phrase for name, phrase in typed.problems.fields.items()}
    refused: Refusal | None = None
    if not errors:
        publish = form.text("then") == "publish"
        payload = {**msgspec.to_builtins(told), "publish": publish, "product": product}
        try:
            outcome = door.run(
                "catalog.save_product", {**payload, "version": version if product else None}, form.key
            )
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            refused = refusal
            errors = {form_name(name): phrase for name, phrase in refusal.fields.items()}
        else:
            number = outcome.result["product"]
            done = "published" if publish else "saved"
            return Redirect(f"/w/{door.sandbox.id}/products/{number}?done={done}", status_code=303)
    if refused is None:
        refused = Refusal(
            "product.invalid",
            N_("This cannot be saved. Fields that need attention: {count}"),
            params={"count": len(errors)},
        )
    with door.reading() as ctx:
        return _page(
            request,
            door,
            ctx,
            typed_fields(form),
            product=product,
            version=version,
            refused=refused,
            errors=errors,
            status=refused.status,
            key=form.key,
        )


class NewProductPage(Controller):
    """The empty form."""

    path = "/w/{sandbox_id:str}/products/new"

    @get(sync_to_thread=True)
    def blank(self, request: AnyRequest, door: Door) -> Response[str]:
        """A form with nothing on it."""
        with door.reading() as ctx:
            fields = stored_fields({**msgspec.to_builtins(EMPTY), "title": ""})
            return _page(request, door, ctx, fields)

    @post(sync_to_thread=True, status_code=200)
    def create(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Save a new product."""
        return _save(request, door, form, None)


class ProductPage(Controller):
    """The form of a product that exists, and what is done with it."""

    path = "/w/{sandbox_id:str}/products/{product:int}"

    @get(sync_to_thread=True)
    def edit(self, request: AnyRequest, door: Door, product: FromPath[int]) -> Response[str]:
        """The form as stored."""
        with door.reading() as ctx:
            stored = own_product(ctx, product)
            fields = stored_fields(sheet_from(stored, variants_of(ctx, stored)))
            return _page(request, door, ctx, fields, product=product)

    @post(sync_to_thread=True, status_code=200)
    def save(self, request: AnyRequest, door: Door, form: ReadForm, product: FromPath[int]) -> Response[Any]:
        """Save an edit."""
        return _save(request, door, form, product)

    @post("/take-down", sync_to_thread=True)
    def take_down(self, door: Door, form: ReadForm, product: FromPath[int]) -> Redirect:
        """Take it off the shelf."""
        door.run("catalog.take_down", {"product": product}, form.key)
        return Redirect(f"/w/{door.sandbox.id}/products/{product}?done=taken", status_code=303)

    @post("/copy", sync_to_thread=True)
    def copy(self, door: Door, form: ReadForm, product: FromPath[int]) -> Redirect:
        """Copy it into a draft and go there."""
        outcome = door.run("catalog.copy_product", {"product": product}, form.key)
        return Redirect(
            f"/w/{door.sandbox.id}/products/{outcome.result['product']}?done=copied", status_code=303
        )


class ProductAids(Controller):
    """What the form asks while it is being typed; nothing is saved (Q5)."""

    path = "/w/{sandbox_id:str}/products/form"

    @post("/check", sync_to_thread=True, status_code=200)
    def check(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[str]:
        """重新检测: the ball of the unsaved form, before and after."""
        with door.reading() as ctx:
            mine = _read(ctx, typed_fields(form))
            before = form.text("ball_before")
            return door.page(
                request,
                "catalog/_ball.html",
                ball=_ball(ctx, mine),
                before=before if len(before) <= 4 else None,  # noqa: PLR2004 - a score such as 4.1
                unreadable=len(mine.errors),
                stored=None,
            )

    @post("/preview", sync_to_thread=True, status_code=200)
    def preview(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[str]:
        """The description as buyers will see it."""
        text = form.text("description")[:20_000]
        return door.page(request, "catalog/_preview.html", preview=rendered(text))

    @post("/freight", sync_to_thread=True, status_code=200)
    def freight(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[str]:
        """The freight panel of the unsaved form."""
        with door.reading() as ctx:
            mine = _read(ctx, typed_fields(form))
            return door.page(
                request,
                "catalog/_freight.html",
                panel=panel.rows(ctx, mine),
                only=form.text("only"),
                stored=None,
            )

    @post("/attributes", sync_to_thread=True, status_code=200)
    def attributes(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[str]:
        """The attributes and pictures that go with the category chosen."""
        fields = typed_fields(form)
        leaf = reference.leaf(form.text("leaf"))
        return door.page(
            request,
            "catalog/_attributes.html",
            attributes=_attributes(fields, leaf),
            fields=fields,
            pictures=list(dict.fromkeys([*fields.images, *reference.suggestions(leaf, 0)])),
            errors=Beside(),
        )
