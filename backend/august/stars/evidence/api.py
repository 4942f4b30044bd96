"""The evidence of stars as JSON: the same queries the pages read."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, get
from litestar.params import FromPath

from august.kernel.money import amount
from august.sandboxes.door import Door
from august.stars.evidence import lists as evidence
from august.stars.evidence.ledger import NONE
from august.stars.evidence.lists import Sheet, Sums
from august.stars.evidence.rows import Row, listed
from august.stars.evidence.web import FILTERS, SORTS, chosen, offered
from august.traffic.models import SOURCES
from august.web.htmx import AnyRequest
from august.web.i18n import phrase, show
from august.web.tables import listing

# What a value is called by its unit.
UNITS: Mapping[str, str] = {
    "usd": "value_usd",
    "hours": "seconds",
    "tenths": "weight_tenths",
    "source": "source",
    "count": "value",
}


class EvidenceApi(Controller):
    """What the star level of the player's store is counted from."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/stars/{track:str}/{name:str}/evidence"
    tags = ("Stars",)

    @get(sync_to_thread=True)
    def index(
        self, request: AnyRequest, door: Door, track: FromPath[str], name: FromPath[str]
    ) -> dict[str, Any]:
        """A page of rows: `?of=&show=&sort=&page=&size=`; shares are hundredths of a percent."""
        with door.reading() as ctx:
            sheet = chosen(ctx, offered(ctx, track, name), request.query_params.get("of", ""))
            default = "-at" if sheet.ledger.heads.at else "-value"
            asked = listing(
                request.url.path, request.query_params, sorts=SORTS, default=default, filters=FILTERS
            )
            found, page = listed(ctx, sheet, asked)
            return {
                "of": sheet.source.key,
                "at": sheet.source.at,
                "version": sheet.source.rules.version,
                "measure": sheet.subject.measure,
                "sums": _sums(sheet.sums),
                "issued": None if sheet.issued is None else _sums(sheet.issued),
                "counts": {part: int(rows.sum()) for part, rows in evidence.parts(sheet).items()},
                "items": [_row(sheet, row) for row in found],
                "page": page.number,
                "size": page.size,
                "pages": page.pages,
                "total": page.total,
            }


def _sums(sums: Sums) -> dict[str, Any]:
    return {"above": sums.top, "below": sums.bottom, "value": sums.value}


def _row(sheet: Sheet, row: Row) -> dict[str, Any]:
    """A row; its value stands under the name of its unit."""
    unit = sheet.ledger.heads.unit
    return {
        "kind": row.kind,
        "id": row.number,
        "label": show(row.label),
        "buyer": show(row.who) if row.who is not None else None,
        "tier": row.tier,
        "at": row.at,
        "then": row.then,
        UNITS[unit]: _value(unit, row.raw) if sheet.ledger.heads.value else None,
        "above": row.top,
        "below": row.bottom,
        "counted": row.verdict.above or row.verdict.below,
        "why": phrase(row.verdict.phrase),
    }


def _value(unit: str, raw: int) -> int | str | None:
    if raw == NONE:
        return None
    if unit == "usd":
        return amount(raw)
    return SOURCES[raw] if unit == "source" else raw
