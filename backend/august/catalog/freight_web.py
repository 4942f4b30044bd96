"""物流服务 › 运费模板: the store's freight templates."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.catalog import lines, queries
from august.catalog.freight_commands import own_template
from august.catalog.models import FreightTemplate
from august.catalog.typed import beside
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.pages import ReadForm
from august.web.shell import Crumb

DONE = {"saved": N_("Saved."), "deleted": N_("The freight template was deleted.")}
GRAMS = 1000


class LineFields(msgspec.Struct, frozen=True):
    """A line on the form: its places as (code, names, core, promise possible) and what is ticked."""

    code: str
    names: Mapping[str, str]
    kilograms: int
    places: tuple[tuple[str, Mapping[str, str], bool, bool], ...]
    chosen: frozenset[str]
    promise: bool


Ticked = Mapping[str, tuple[frozenset[str], bool]]


def _line_fields(ticked: Ticked) -> list[LineFields]:
    book = lines.standing()
    found = []
    for line in book.lines.values():
        chosen, promise = ticked.get(line.code, (frozenset(), False))
        places = tuple(
            (
                code,
                {"zh": book.countries[code].zh, "en": book.countries[code].en},
                book.countries[code].core,
                zone.delivery_by_days is not None,
            )
            for code, zone in line.zones.items()
        )
        names = {"zh": line.zh, "en": line.en}
        found.append(LineFields(line.code, names, line.max_weight_g // GRAMS, places, chosen, promise))
    return found


def _origins() -> dict[str, Mapping[str, str]]:
    return {each.code: {"zh": each.zh, "en": each.en} for each in lines.standing().origins.values()}


def _table(request: AnyRequest, door: Door, refused: Refusal | None = None) -> Response[str]:
    with door.reading() as ctx:
        return door.page(
            request,
            "catalog/templates.html",
            status=refused.status if refused else 200,
            table=queries.template_table(ctx),
            origins=_origins(),
            refused=refused,
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(Crumb(Phrase(N_("Logistics"))), Crumb(Phrase(N_("Freight templates")))),
        )


def _form(  # noqa: PLR0913 - what one page shows, by name
    request: AnyRequest,
    door: Door,
    *,
    stored: FreightTemplate | None,
    ticked: Ticked,
    name: str,
    origin: str,
    refused: Refusal | None = None,
) -> Response[str]:
    return door.page(
        request,
        "catalog/template.html",
        status=refused.status if refused else 200,
        stored=stored,
        typed={"name": name, "origin": origin},
        lines=_line_fields(ticked),
        origins=_origins(),
        refused=refused,
        errors=beside(refused.fields if refused else {}),
        form_key=fresh_key(),
        crumbs=(
            Crumb(Phrase(N_("Freight templates")), f"/w/{door.sandbox.id}/freight-templates"),
            Crumb(stored.name if stored else Phrase(N_("New freight template"))),
        ),
    )


def _save(request: AnyRequest, door: Door, form: Form, template: int | None) -> Response[Any]:
    ticked: dict[str, tuple[frozenset[str], bool]] = {}
    for code in lines.standing().lines:
        chosen = form.values.get("line", {})
        countries = chosen.get(code, []) if isinstance(chosen, dict) else []
        promise = form.text(f"promise-{code}") == "1"
        if isinstance(countries, list) and countries:
            ticked[code] = (frozenset(str(each) for each in countries), promise)
    payload = {
        "template": template,
        "name": form.text("name"),
        "origin": form.text("origin"),
        "lines": [
            {"line": code, "countries": sorted(countries), "delivery_by": promise}
            for code, (countries, promise) in ticked.items()
        ],
    }
    try:
        door.run("catalog.save_freight_template", payload, form.key)
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        with door.reading() as ctx:
            return _form(
                request,
                door,
                stored=None if template is None else own_template(ctx, template),
                ticked=ticked,
                name=form.text("name"),
                origin=form.text("origin"),
                refused=refusal,
            )
    return Redirect(f"/w/{door.sandbox.id}/freight-templates?done=saved", status_code=303)


class FreightTemplatesPage(Controller):
    """The table of templates and the form of one."""

    path = "/w/{sandbox_id:str}/freight-templates"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The store's templates."""
        return _table(request, door)

    @get("/new", sync_to_thread=True)
    def blank(self, request: AnyRequest, door: Door) -> Response[str]:
        """An empty template."""
        return _form(request, door, stored=None, ticked={}, name="", origin="")

    @post("/new", sync_to_thread=True, status_code=200)
    def create(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Save a new template."""
        return _save(request, door, form, None)

    @get("/{template:int}", sync_to_thread=True)
    def edit(self, request: AnyRequest, door: Door, template: FromPath[int]) -> Response[str]:
        """A template as stored."""
        with door.reading() as ctx:
            stored = own_template(ctx, template)
            ticked = {
                line.line: (frozenset(line.countries), line.delivery_by)
                for line in queries.lines_of(ctx, template)
            }
            return _form(request, door, stored=stored, ticked=ticked, name=stored.name, origin=stored.origin)

    @post("/{template:int}", sync_to_thread=True, status_code=200)
    def save(self, request: AnyRequest, door: Door, form: ReadForm, template: FromPath[int]) -> Response[Any]:
        """Save an edit."""
        return _save(request, door, form, template)

    @post("/{template:int}/delete", sync_to_thread=True, status_code=200)
    def delete(
        self, request: AnyRequest, door: Door, form: ReadForm, template: FromPath[int]
    ) -> Response[Any]:
        """Delete one that no product ships by."""
        try:
            door.run("catalog.delete_freight_template", {"template": template}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            return _table(request, door, refusal)
        return Redirect(f"/w/{door.sandbox.id}/freight-templates?done=deleted", status_code=303)
