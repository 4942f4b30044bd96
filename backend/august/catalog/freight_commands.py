"""What a store does with its freight templates."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select

from august.catalog import reference
from august.catalog.checks import NAME_LIMIT, Problems
from august.catalog.models import FreightLine, FreightTemplate, LineStart, Product
from august.catalog.payloads import OneTemplate, SaveFreightTemplate
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.quality.queries import remeasure_all

TEMPLATES_LIMIT = 50


def own_template(ctx: Context, template_id: int) -> FreightTemplate:
    """The acting store's freight template; 404 for another's."""
    template = by_id(ctx.session, FreightTemplate, template_id)
    if template is None or template.merchant_id != ctx.merchant:
        raise Refusal(
            "freight.unknown",
            N_("There is no freight template {id} in this store."),
            params={"id": template_id},
            status=404,
        )
    return template


@command("catalog.save_freight_template", title=N_("Save a freight template"))
def save_freight_template(ctx: Context, cmd: SaveFreightTemplate) -> dict[str, Any]:
    """Create or edit a template; the products that ship by it are measured again."""
    template = None if cmd.template is None else own_template(ctx, cmd.template)
    name, lines = _checked(ctx, cmd)
    if template is None:
        count = ctx.session.scalar(
            select(func.count())
            .select_from(FreightTemplate)
            .where(FreightTemplate.merchant_id == ctx.merchant)
        )
        if (count or 0) >= TEMPLATES_LIMIT:
            raise Refusal(
                "freight.too_many",
                N_("A store keeps at most {limit} freight templates."),
                params={"limit": TEMPLATES_LIMIT},
            )
        template = FreightTemplate(merchant_id=ctx.merchant, name=name, origin=cmd.origin)
        ctx.session.add(template)
    template.name, template.origin = name, cmd.origin
    ctx.session.flush()
    ctx.session.execute(delete(FreightLine).where(FreightLine.template_id == template.id))
    ctx.session.add_all([FreightLine(template_id=template.id, **line) for line in lines])
    _remember(ctx, [line["line"] for line in lines])
    ctx.session.flush()
    using = list(
        ctx.session.scalars(
            select(Product).where(Product.freight_template_id == template.id).order_by(Product.id)
        )
    )
    remeasure_all(ctx, using)
    ctx.emit("catalog.freight_template_saved", ("freight_template", template.id))
    return {"template": template.id, "products": len(using)}


def _remember(ctx: Context, lines: Sequence[str]) -> None:
    """Write down the lines that the store has for the first time."""
    asked = select(LineStart.line).where(LineStart.merchant_id == ctx.merchant)
    known = set(ctx.session.scalars(asked))
    fresh = [line for line in lines if line not in known]
    ctx.session.add_all([LineStart(merchant_id=ctx.merchant, line=line, since=ctx.now) for line in fresh])


def _checked(ctx: Context, cmd: SaveFreightTemplate) -> tuple[str, list[dict[str, Any]]]:
    found = Problems()
    name = found.text("name", cmd.name, NAME_LIMIT, required=True)
    if not found.fields and _twin(ctx, name) not in {None, cmd.template}:
        found.add("name", N_("Another freight template has this name."))
    if not reference.is_origin(cmd.origin):
        found.add("origin", N_("Choose a place from the list."))
    if not cmd.lines:
        found.add("lines", N_("Open at least one line."))
    lines: list[dict[str, Any]] = []
    for index, line in enumerate(cmd.lines):
        reach = reference.line_countries(line.line)
        if reach is None or line.line in {each["line"] for each in lines}:
            found.add(f"lines.{index}.line", N_("Choose each line once, from the list."))
            continue
        if not line.countries:
            found.add(f"lines.{index}.countries", N_("Choose at least one country."))
        strange = sorted(set(line.countries) - set(reach))
        if strange:
            found.add(
                f"lines.{index}.countries",
                N_("This line does not go to {countries}."),
                countries=[each[:2] for each in strange[:10]],
            )
        lines.append(
            {"line": line.line, "countries": sorted(set(line.countries)), "delivery_by": line.delivery_by}
        )
    found.settle()
    return name, lines


def _twin(ctx: Context, name: str) -> int | None:
    """The store's freight template of that name."""
    asked = select(FreightTemplate.id)
    asked = asked.where(FreightTemplate.merchant_id == ctx.merchant, FreightTemplate.name == name)
    return ctx.session.scalars(asked).first()


@command("catalog.delete_freight_template", title=N_("Delete a freight template"))
def delete_freight_template(ctx: Context, cmd: OneTemplate) -> dict[str, Any]:
    """Delete a template that no product ships by."""
    template = own_template(ctx, cmd.template)
    using = ctx.session.scalar(
        select(func.count()).select_from(Product).where(Product.freight_template_id == template.id)
    )
    if using:
        raise Refusal(
            "freight.in_use",
            N_("Products ship by the freight template {name}: {count}"),
            params={"count": using, "name": template.name},
            remedy=N_("Give those products another freight template first."),
            status=409,
        )
    ctx.session.execute(delete(FreightLine).where(FreightLine.template_id == template.id))
    ctx.session.delete(template)
    return {"template": cmd.template}
