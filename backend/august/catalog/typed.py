"""The product form: what was typed becomes a sheet, and a sheet becomes fields to type in."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from august.catalog.checks import Problems
from august.catalog.payloads import ProductSheet
from august.kernel.words import N_, Phrase
from august.web.forms import Form

DECIMAL = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?")
WHOLE = re.compile(r"[0-9]{1,15}")
MM_PER_CM = 10
TIER_ROWS = 4
# Form names that only the page needs.
SIDES = ("l", "w", "h")
SKU_FIELDS = ("code", "spec", "price_usd", "stock")
# Names of a command's fields that the form calls otherwise.
FORM_NAMES = {
    "weight_g": "weight_kg",
    "freight_template_id": "freight_template",
    "customization": "customization",
}


class Beside(dict[str, Phrase | None]):
    """Errors by form name; a field without one has None, which templates may ask for."""

    def __missing__(self, _name: str) -> None:
        """Nothing is wrong with that field."""
        return


class Texts(dict[str, str]):
    """Fields by form name; one that was not sent (an empty box) is an empty text."""

    def __missing__(self, _name: str) -> str:
        """Nothing was typed."""
        return ""


def beside(fields: Mapping[str, Phrase]) -> Beside:
    """A refusal's problems under the names the form uses."""
    return Beside({form_name(name): phrase for name, phrase in fields.items()})


def form_name(field: str) -> str:
    """The form's name of a command's field: `tiers.0.price_usd` is typed in `tiers-0-price_usd`."""
    if field.startswith("attributes"):
        return "attributes"
    return FORM_NAMES.get(field, field.replace("package_mm", "package").replace(".", "-"))


class Typed:
    """Reads the fields of a form one by one, noting which cannot be read."""

    def __init__(self, form: Form) -> None:
        """Begin with the form as it came."""
        self.form = form
        self.problems = Problems()

    def number(self, name: str, otherwise: int | None = None) -> int | None:
        """A whole number; an empty field is `otherwise`."""
        text = self.form.text(name).strip()
        if not text:
            return otherwise
        if not WHOLE.fullmatch(text):
            self.problems.add(name.replace("-", "."), N_("Write a whole number."))
            return otherwise
        return int(text)

    def scaled(self, name: str, places: int, field: str) -> int | None:
        """A decimal number times ten to the power of `places` (centimetres to millimetres, kg to g)."""
        text = self.form.text(name).strip()
        if not text:
            return None
        match = DECIMAL.fullmatch(text)
        if match is None or len(match[2] or "") > places:
            self.problems.add(field, N_("Write a number with at most {places} decimals."), places=places)
            return None
        return int(match[1] + (match[2] or "").ljust(places, "0"))

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a table in the form, as typed."""
        value = self.form.values.get(name, [])
        found = value if isinstance(value, list) else []
        return [{key: str(text) for key, text in row.items()} for row in found if isinstance(row, dict)]

    def many(self, name: str) -> list[str]:
        """The values ticked under `name[]`."""
        value = self.form.values.get(name, [])
        return [str(each) for each in value] if isinstance(value, list) else []

    def lines(self, name: str) -> list[str]:
        """The lines of a text field that are not empty."""
        return [line.strip() for line in self.form.text(name).split("\n") if line.strip()]

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.form.text(name) == "1"


def sheet_fields(typed: Typed) -> dict[str, Any]:
    """The form's product in the shape of a ProductSheet, before its checks."""
    form = typed.form
    told: dict[str, Any] = {
        name: form.text(name)
        for name in ("kind", "leaf", "title", "description", "fob_min_usd", "fob_max_usd", "unit")
    }
    sample = {"price_usd": form.text("sample-price_usd"), "max": typed.number("sample-max", 1)}
    told |= {
        "price_mode": form.text("price_mode", "tier"),
        "keywords": typed.lines("keywords"),
        "attributes": {
            row.get("name", ""): row.get("text", "") for row in typed.rows("attributes") if row.get("name")
        },
        "images": typed.many("images"),
        "local_service": typed.many("local_service"),
        "markets": typed.many("markets"),
        "moq": typed.number("moq", 1),
        "stock": typed.number("stock", 0),
        "tiers": _tiers(typed),
        "skus": _skus(typed),
        "lead_times": _lead_times(typed),
        "package_mm": _package(typed),
        "weight_g": typed.scaled("weight_kg", 3, "weight_g"),
        "freight_template": typed.number("freight_template"),
        "delivery_by": typed.ticked("delivery_by"),
        "sample": sample if typed.ticked("sample_on") else None,
        "customization": typed.lines("customization") if typed.ticked("customization_on") else None,
    }
    return told


def sheet(typed: Typed) -> ProductSheet:
    """The form's product; what cannot be read at all is noted and left at its rest value."""
    told = sheet_fields(typed)
    for name, options in (("kind", ("rts", "customization")), ("price_mode", ("tier", "sku", "fob"))):
        if told[name] not in options:
            typed.problems.add(name, N_("Choose one of the offered values."))
            told[name] = options[0]
    return msgspec.convert(told, ProductSheet)


def _filled(rows: Sequence[Mapping[str, str]]) -> list[tuple[int, Mapping[str, str]]]:
    """The rows that are not empty, numbered as the command and the page shown again number them."""
    return list(enumerate(row for row in rows if any(text.strip() for text in row.values())))


def _whole(typed: Typed, field: str, text: str, otherwise: int | None = None) -> int:
    """A whole number; what is none is noted, and so is an empty field without another value."""
    if WHOLE.fullmatch(text.strip()):
        return int(text)
    if text.strip() or otherwise is None:
        typed.problems.add(field, N_("Write a whole number."))
    return 1 if otherwise is None else otherwise


def _tiers(typed: Typed) -> list[dict[str, Any]]:
    found = []
    for index, row in _filled(typed.rows("tiers")):
        quantity = _whole(typed, f"tiers.{index}.quantity", row.get("quantity", ""))
        found.append({"quantity": quantity, "price_usd": row.get("price_usd", "")})
    return found


def _lead_times(typed: Typed) -> list[dict[str, Any]]:
    found = []
    for index, row in _filled(typed.rows("lead_times")):
        up_to = _whole(typed, f"lead_times.{index}.up_to", row.get("up_to", ""))
        days = _whole(typed, f"lead_times.{index}.days", row.get("days", ""))
        found.append({"up_to": up_to, "days": days})
    return found


def _skus(typed: Typed) -> list[dict[str, Any]]:
    found = []
    for index, row in _filled(typed.rows("skus")):
        pairs = [each.partition("=") for each in row.get("spec", "").split(",") if each.strip()]
        if any(not equals or not name.strip() for name, equals, _ in pairs):
            typed.problems.add(f"skus.{index}.spec", N_("Write pairs like color=Grey, size=L."))
        found.append(
            {
                "code": row.get("code", ""),
                "price_usd": row.get("price_usd", ""),
                "stock": _whole(typed, f"skus.{index}.stock", row.get("stock", ""), 0),
                "spec": {name.strip(): text.strip() for name, _, text in pairs if name.strip()},
            }
        )
    return found


def _package(typed: Typed) -> dict[str, int] | None:
    sides = {side: typed.scaled(f"package-{side}", 1, f"package_mm.{side}") for side in SIDES}
    if all(not typed.form.text(f"package-{side}").strip() for side in SIDES):
        return None
    for side, size in sides.items():
        if size is None:
            typed.problems.add(f"package_mm.{side}", N_("This is required."))
    return {side: 1 if size is None else size for side, size in sides.items()}


class Fields(msgspec.Struct):
    """The form's fields as text, ready for the template."""

    text: Texts
    attributes: list[dict[str, str]]
    tiers: list[dict[str, str]]
    skus: list[dict[str, str]]
    lead_times: list[dict[str, str]]
    images: list[str]
    local_service: list[str]
    markets: list[str]


def typed_fields(form: Form) -> Fields:
    """The fields exactly as they were typed, so that an error loses nothing."""
    typed = Typed(form)
    return Fields(
        text=Texts(form.flat),
        attributes=typed.rows("attributes"),
        tiers=_padded(typed.rows("tiers"), ("quantity", "price_usd")),
        skus=[{name: row.get(name, "") for name in SKU_FIELDS} for _, row in _filled(typed.rows("skus"))],
        lead_times=_padded(typed.rows("lead_times"), ("up_to", "days")),
        images=typed.many("images"),
        local_service=typed.many("local_service"),
        markets=typed.many("markets"),
    )


def stored_fields(sheet: Mapping[str, Any]) -> Fields:
    """The fields of a stored product (see importing.sheet_from)."""
    package, sample = sheet["package_mm"] or {}, sheet["sample"] or {}
    text = {name: str(sheet[name]) for name in ("kind", "leaf", "title", "description", "unit", "price_mode")}
    text |= {name: str(sheet[name]) for name in ("fob_min_usd", "fob_max_usd", "moq", "stock")}
    text |= {
        "keywords": "\n".join(sheet["keywords"]),
        "weight_kg": _decimal(sheet["weight_g"], 3),
        "freight_template": str(sheet["freight_template"] or ""),
        "delivery_by": "1" if sheet["delivery_by"] else "",
        "sample_on": "1" if sheet["sample"] else "",
        "sample-price_usd": str(sample.get("price_usd", "")),
        "sample-max": str(sample.get("max", "")),
        "customization_on": "1" if sheet["customization"] else "",
        "customization": "\n".join(sheet["customization"] or []),
    }
    text |= {f"package-{side}": _decimal(package.get(side), 1) for side in SIDES}
    return Fields(
        text=Texts(text),
        attributes=[{"name": name, "text": value} for name, value in sheet["attributes"].items()],
        tiers=_padded(_texts(sheet["tiers"]), ("quantity", "price_usd")),
        skus=[
            {
                "code": sku["code"],
                "price_usd": sku["price_usd"],
                "stock": str(sku["stock"]),
                "spec": ", ".join(f"{name}={value}" for name, value in sku["spec"].items()),
            }
            for sku in sheet["skus"]
        ],
        lead_times=_padded(_texts(sheet["lead_times"]), ("up_to", "days")),
        images=list(sheet["images"]),
        local_service=list(sheet["local_service"]),
        markets=list(sheet["markets"]),
    )


def _texts(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in row.items()} for row in rows]


def _padded(rows: Sequence[Mapping[str, str]], names: Sequence[str]) -> list[dict[str, str]]:
    """Always four rows to type in, the filled ones first."""
    found = [{name: row.get(name, "") for name in names} for _, row in _filled(rows)]
    return found + [dict.fromkeys(names, "")] * (TIER_ROWS - len(found))


def _decimal(value: int | None, places: int) -> str:
    """A scaled whole number as people write it."""
    if value is None:
        return ""
    digits = str(value).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
