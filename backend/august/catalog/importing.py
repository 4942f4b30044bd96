"""Products from and to tables: columns, lines, one command that takes all or nothing (Q8)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import select

from august.catalog.commands import store
from august.catalog.models import FreightTemplate, Product, Sku
from august.catalog.payloads import ImportedProduct, ImportProducts
from august.catalog.queries import exported, templates
from august.catalog.saving import own_product
from august.catalog.sheets import ROW_LIMIT, Row
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import amount
from august.kernel.words import N_, Phrase

TIERS = (1, 2, 3, 4)
HEADER = (
    "id", "status", "kind", "leaf", "title", "keywords", "attributes", "description", "images",
    "price_mode", *(name for n in TIERS for name in (f"tier{n}_quantity", f"tier{n}_price_usd")),
    "fob_min_usd", "fob_max_usd", "skus", "moq", "unit", "stock",
    "length_mm", "width_mm", "height_mm", "weight_g", "lead_times", "freight_template",
    "delivery_by", "sample_price_usd", "sample_max", "customization", "local_service", "markets", "quality",
)  # fmt: skip
# As many digits as a spreadsheet keeps exactly.
WHOLE = re.compile("[0-9]{1,15}")
REQUIRED = {"kind", "leaf", "title"}
YES = {"yes", "true", "1", "y", "是"}
NO = {"", "no", "false", "0", "n", "否"}


@command("catalog.import_products", title=N_("Import products"))
def import_products(ctx: Context, cmd: ImportProducts) -> dict[str, Any]:
    """Create drafts and change existing products; a single bad line refuses them all (Q8)."""
    if not 1 <= len(cmd.rows) <= ROW_LIMIT:
        raise Refusal("import.size", N_("An import has 1 to {limit} lines."), params={"limit": ROW_LIMIT})
    lines = cmd.lines if len(cmd.lines) == len(cmd.rows) else list(range(2, len(cmd.rows) + 2))
    created = changed = 0
    problems: dict[str, Phrase] = {}
    seen: dict[int, int] = {}
    for line, row in zip(lines, cmd.rows, strict=True):
        try:
            if row.product is not None and row.product in seen:
                raise Refusal(
                    "import.twice",
                    N_("Product {id} is already in line {line}."),
                    params={"id": row.product, "line": seen[row.product]},
                )
            product = None if row.product is None else own_product(ctx, row.product)
            if row.product is not None:
                seen[row.product] = line
            store(ctx, row, product, publish=False)
        except Refusal as refusal:
            # Nothing is written in the end: the refusal below rolls everything back.
            for field, phrase in (refusal.fields or {"id": refusal.message}).items():
                problems[f"{line}.{field}"] = phrase
        created += product_is_new(row)
        changed += not product_is_new(row)
    refuse(problems)
    return {"created": created, "changed": changed}


def product_is_new(row: ImportedProduct) -> bool:
    """Whether the line makes a new product."""
    return row.product is None


def refuse(problems: Mapping[str, Phrase]) -> None:
    """Refuse the table, naming `line.column` for every problem, when there is any."""
    if problems:
        raise Refusal(
            "import.lines",
            N_("Nothing was imported. Cells that need attention: {count}"),
            params={"count": len(problems)},
            rules=("Q8",),
            remedy=N_("Correct the lines named below and upload the table again."),
            fields=problems,
        )


def sheet_of(ctx: Context, rows: Sequence[Row]) -> ImportProducts:
    """An uploaded table as the command takes it; refuses naming every unreadable cell."""
    known = set(HEADER)
    strange = sorted({name for row in rows for name in row.cells} - known)
    absent = sorted(REQUIRED - set(rows[0].cells))
    if strange or absent:
        raise Refusal(
            "import.columns",
            N_("The header does not fit: unknown columns {unknown}; missing columns {missing}."),
            params={"unknown": [name[:40] for name in strange[:10]] or ["–"], "missing": absent or ["–"]},
            remedy=N_("Export your products and use that table's header."),
        )
    templates = {
        template.name: template.id
        for template in ctx.session.scalars(
            select(FreightTemplate).where(FreightTemplate.merchant_id == ctx.merchant)
        )
    }
    problems: dict[str, Phrase] = {}
    found = []
    for row in rows:
        reader = _Reader(row, templates, problems)
        sheet = reader.product()
        if sheet is not None:
            found.append(sheet)
    refuse(problems)
    return ImportProducts(rows=found, lines=[row.line for row in rows])


class _Reader:
    """Reads the cells of one line, noting what cannot be read."""

    def __init__(self, row: Row, templates: Mapping[str, int], problems: dict[str, Phrase]) -> None:
        self.row, self.templates, self.problems = row, templates, problems

    def product(self) -> ImportedProduct | None:
        """The line as a product, None when a cell cannot be read."""
        before = len(self.problems)
        told: dict[str, Any] = {
            name: self.cell(name)
            for name in ("kind", "leaf", "title", "description", "fob_min_usd", "fob_max_usd")
        }
        told |= {
            "product": self.number("id"),
            "price_mode": self.cell("price_mode") or "tier",
            "unit": self.cell("unit") or "piece",
            "moq": self.number("moq", 1),
            "stock": self.number("stock", 0),
            "keywords": self.words("keywords", "|"),
            "images": self.words("images", "|"),
            "local_service": self.words("local_service", " "),
            "markets": self.words("markets", " "),
            "customization": self.words("customization", "|") or None,
            "attributes": self.pairs("attributes"),
            "delivery_by": self.flag("delivery_by"),
            "weight_g": self.number("weight_g"),
            "freight_template": self.template(),
            "tiers": self.tiers(),
            "skus": self.skus(),
            "lead_times": self.lead_times(),
            "package_mm": self.package(),
            "sample": self.sample(),
        }
        if len(self.problems) > before:
            return None
        try:
            return msgspec.convert(told, ImportedProduct)
        except msgspec.ValidationError as error:
            text, _, path = str(error).partition(" - at `$.")
            known = N_("Choose one of the offered values.") if "enum" in text else N_("{problem}")
            self.note(path.rstrip("`") or "id", known, problem=text)
            return None

    def cell(self, name: str) -> str:
        """One cell, empty when the table has no such column."""
        return self.row.cells.get(name, "")

    def note(self, name: str, message: str, **params: Any) -> None:
        """Note a problem of a cell."""
        self.problems[f"{self.row.line}.{name}"] = Phrase(message, params)

    def number(self, name: str, otherwise: int | None = None) -> int | None:
        """A whole number."""
        text = self.cell(name)
        if not text:
            return otherwise
        if not WHOLE.fullmatch(text):
            self.note(name, N_("Write a whole number."))
            return otherwise
        return int(text)

    def words(self, name: str, mark: str) -> list[str]:
        """Words between marks."""
        return [word.strip() for word in self.cell(name).split(mark) if word.strip()]

    def flag(self, name: str) -> bool:
        """Yes or no."""
        text = self.cell(name).lower()
        if text not in YES | NO:
            self.note(name, N_("Write yes or no."))
        return text in YES

    def pairs(self, name: str) -> dict[str, str]:
        """`name=text | name=text`."""
        found = {}
        for part in self.words(name, "|"):
            key, equals, text = part.partition("=")
            if not equals:
                self.note(name, N_("Write pairs like name=text, separated by |."))
            found[key.strip()] = text.strip()
        return found

    def template(self) -> int | None:
        """A freight template by its name."""
        name = self.cell("freight_template")
        if name and name not in self.templates:
            self.note("freight_template", N_("No freight template has this name."))
        return self.templates.get(name)

    def tiers(self) -> list[dict[str, Any]]:
        """The price tiers that are filled in."""
        found = []
        for n in TIERS:
            quantity, price = self.number(f"tier{n}_quantity"), self.cell(f"tier{n}_price_usd")
            if quantity is not None or price:
                if quantity is None:
                    self.note(f"tier{n}_quantity", N_("This is required."))
                found.append({"quantity": 1 if quantity is None else quantity, "price_usd": price})
        return found

    def skus(self) -> list[dict[str, Any]]:
        """`code; price; stock; name=text, name=text` per variant, variants separated by |."""
        found = []
        for part in self.words("skus", "|"):
            code, price, stock, spec, *rest = [*(each.strip() for each in part.split(";")), "", "", ""]
            if any(rest[:-3]) or not WHOLE.fullmatch(stock or "0"):
                self.note("skus", N_("Write variants like code; price; stock; color=Grey, separated by |."))
                continue
            pairs = {
                name.strip(): text.strip()
                for name, _, text in (each.partition("=") for each in spec.split(","))
                if name.strip()
            }
            found.append({"code": code, "price_usd": price, "stock": int(stock or 0), "spec": pairs})
        return found

    def lead_times(self) -> list[dict[str, int]]:
        """`50:7 | 500:15`: up to 50 pieces in 7 days."""
        found = []
        for part in self.words("lead_times", "|"):
            up_to, _, days = (each.strip() for each in part.partition(":"))
            if not (WHOLE.fullmatch(up_to) and WHOLE.fullmatch(days)):
                self.note("lead_times", N_("Write lead times like 50:7, separated by |."))
                continue
            found.append({"up_to": int(up_to), "days": int(days)})
        return found

    def package(self) -> dict[str, int] | None:
        """Length, width and height, all or none."""
        sides = {
            side: self.number(f"{name}_mm")
            for side, name in (("l", "length"), ("w", "width"), ("h", "height"))
        }
        if all(size is None for size in sides.values()):
            return None
        for side, name in (("l", "length"), ("w", "width"), ("h", "height")):
            if sides[side] is None:
                self.note(f"{name}_mm", N_("This is required."))
        return {side: 1 if size is None else size for side, size in sides.items()}

    def sample(self) -> dict[str, Any] | None:
        """The sample service, when it has a price."""
        price = self.cell("sample_price_usd")
        return {"price_usd": price, "max": self.number("sample_max", 1)} if price else None


def sheet_from(product: Product, skus: Sequence[Sku]) -> dict[str, Any]:
    """A stored product as the fields of a sheet, the way commands and forms write them."""
    return {
        "kind": product.kind,
        "leaf": product.leaf,
        "title": product.title,
        "keywords": list(product.keywords),
        "attributes": dict(product.attributes),
        "description": product.description,
        "images": list(product.images),
        "price_mode": product.price_mode,
        "tiers": [
            {"quantity": tier["quantity"], "price_usd": amount(tier["cents"])} for tier in product.tiers
        ],
        "fob_min_usd": _written(product.fob_min_cents),
        "fob_max_usd": _written(product.fob_max_cents),
        "skus": [
            {"code": sku.code, "spec": dict(sku.spec), "price_usd": _written(sku.cents), "stock": sku.stock}
            for sku in skus
        ],
        "moq": product.moq,
        "unit": product.unit,
        "stock": product.stock,
        "package_mm": product.package_mm,
        "weight_g": product.weight_g,
        "lead_times": list(product.lead_times),
        "freight_template": product.freight_template_id,
        "delivery_by": product.delivery_by,
        "sample": product.sample
        and {"price_usd": _written(product.sample["price_cents"]), "max": product.sample["max"]},
        "customization": product.customization and list(product.customization["options"]),
        "local_service": list(product.local_service or ()),
        "markets": list(product.markets),
    }


def _written(cents: int | None) -> str:
    return "" if cents is None else amount(cents)


def exported_rows(ctx: Context) -> list[list[str]]:
    """All products of the store as lines of a table, in the columns of HEADER."""
    names = {template.id: template.name for template in templates(ctx)}
    return [_cells(product, skus, names) for product, skus in exported(ctx)]


def _cells(product: Product, skus: Sequence[Sku], names: Mapping[int, str]) -> list[str]:
    sheet = sheet_from(product, skus)
    package, sample = sheet["package_mm"] or {}, sheet["sample"] or {}
    told: dict[str, Any] = {
        **{name: sheet[name] for name in HEADER if isinstance(sheet.get(name), str | int)},
        "id": product.id,
        "status": product.status,
        "keywords": " | ".join(sheet["keywords"]),
        "attributes": " | ".join(f"{name}={text}" for name, text in sheet["attributes"].items()),
        "images": " | ".join(sheet["images"]),
        "skus": " | ".join(
            f"{sku['code']}; {sku['price_usd']}; {sku['stock']}; "
            + ", ".join(f"{name}={text}" for name, text in sku["spec"].items())
            for sku in sheet["skus"]
        ),
        "length_mm": package.get("l", ""),
        "width_mm": package.get("w", ""),
        "height_mm": package.get("h", ""),
        "lead_times": " | ".join(f"{each['up_to']}:{each['days']}" for each in sheet["lead_times"]),
        "freight_template": names.get(product.freight_template_id or 0, ""),
        "delivery_by": "yes" if product.delivery_by else "no",
        "sample_price_usd": sample.get("price_usd", ""),
        "sample_max": sample.get("max", ""),
        "customization": " | ".join(sheet["customization"] or []),
        "local_service": " ".join(sheet["local_service"]),
        "markets": " ".join(sheet["markets"]),
        "quality": f"{product.quality_tenths // 10}.{product.quality_tenths % 10}",
    }
    for n, tier in zip(TIERS, sheet["tiers"], strict=False):
        told[f"tier{n}_quantity"], told[f"tier{n}_price_usd"] = tier["quantity"], tier["price_usd"]
    return [str(told.get(name, "")) for name in HEADER]
