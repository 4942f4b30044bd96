"""A page of evidence as it is read: what each row is about, who, when, how much, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
import numpy as np
from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.columns import from_epoch
from august.kernel.context import Context
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.stars.evidence.ledger import NONE, Ledger, Verdict, ordered
from august.stars.evidence.lists import Sheet, parts
from august.stars.evidence.words import written
from august.verified.models import EngineeringCase, Proof
from august.verified.queries import title_of
from august.web.tables import Listing, Page

PAGES: Mapping[str, tuple[str, str]] = {
    "inquiry": (N_("Inquiry {id}"), "/inquiries"),
    "order": (N_("Order {id}"), "/orders"),
    "dispute": (N_("Refund request {id}"), "/disputes"),
    "review": (N_("Review of order {id}"), "/orders"),
}
GUEST = Phrase(N_("Visitor, not signed in"))


class Row(msgspec.Struct, frozen=True):
    """One row; `href` is the page of what it is about, None where there is none."""

    kind: str
    number: int
    label: Any
    href: str | None
    who: Any
    tier: str | None
    at: datetime | None
    then: datetime | None
    value: Any
    # The value as a whole number, and what the row brings above and below the line.
    raw: int
    top: int
    bottom: int
    verdict: Verdict


class Names(msgspec.Struct, frozen=True):
    """What the things of a page are called, by their numbers."""

    products: Mapping[int, tuple[str, datetime | None]]
    buyers: Mapping[int, tuple[str, str]]
    proofs: Mapping[int, Mapping[str, str]]
    cases: Mapping[int, str]


def listed(ctx: Context, sheet: Sheet, asked: Listing) -> tuple[list[Row], Page]:
    """A page of the rows that the address asks for, in at most four statements."""
    found, part = sheet.ledger, parts(sheet).get(asked.get("show"))
    kept = ordered(found if part is None else found.take(part), asked.sort, descending=asked.descending)
    page = asked.slice_of(len(kept))
    return _rows(ctx, kept.take(slice(page.offset, page.last))), page


def _rows(ctx: Context, ledger: Ledger) -> list[Row]:
    names = _names(ctx, ledger)
    told = "kinds", "numbers", "buyers", "at", "then", "values", "which", "top", "bottom"
    columns = [getattr(ledger, name).tolist() for name in told]
    return [_row(ledger, names, *row) for row in zip(*columns, strict=True)]


def _row(  # noqa: PLR0913, PLR0917 - a row has as many columns
    ledger: Ledger,
    names: Names,
    kind: str,
    number: int,
    buyer: int,
    at: int,
    then: int,
    value: int,
    which: int,
    top: int,
    bottom: int,
) -> Row:
    company, tier = names.buyers.get(buyer, (None, None))
    # Who only looked and is not signed in has no name yet.
    who: Any = GUEST if tier == "visitor" and kind in {"product", "buyer"} and then == NONE else company
    label, href = _about(names, kind, number, who, told=then != NONE)
    return Row(
        kind=kind,
        number=number,
        label=label,
        href=href,
        who=None if kind == "buyer" else who,
        tier=tier,
        at=_instant(at),
        # A product has no instant at which it counts: it counts as it stands.
        then=names.products[number][1] if kind == "product" else _instant(then),
        value=written(ledger.heads.unit, value) if ledger.heads.value else None,
        raw=value,
        top=top,
        bottom=bottom,
        verdict=ledger.verdicts[which],
    )


def _about(names: Names, kind: str, number: int, who: Any, *, told: bool) -> tuple[Any, str | None]:
    """What a row is about, and its page."""
    if kind in PAGES:
        label, path = PAGES[kind]
        return Phrase(label, {"id": str(number)}), f"{path}/{number}"
    if kind == "buyer":
        # Whoever never asked has no conversation to look at.
        return who, f"/inquiries?sort=-asked&q={quote(str(who))}" if told else None
    if kind == "product":
        return names.products[number][0], f"/products/{number}"
    if kind == "proof":
        return names.proofs[number], f"/verified/proofs/{number}"
    return names.cases[number], "/verified/engineering"


def _instant(second: int) -> datetime | None:
    return None if second == NONE else from_epoch(second)


def _names(ctx: Context, ledger: Ledger) -> Names:
    def of(kind: str) -> Sequence[int]:
        return [int(each) for each in np.unique(ledger.numbers[ledger.kinds == kind])]

    def told(statement: Any, wanted: Sequence[int]) -> Sequence[Any]:
        return ctx.session.execute(statement).all() if wanted else ()

    goods, proofs, cases = of("product"), of("proof"), of("case")
    people = [int(each) for each in np.unique(ledger.buyers) if each != NONE]
    kinds = told(select(Proof.id, Proof.kind).where(Proof.id.in_(proofs)), proofs)
    return Names(
        products={
            number: (title, published)
            for number, title, published in told(
                select(Product.id, Product.title, Product.published_at).where(Product.id.in_(goods)), goods
            )
        },
        buyers={
            number: (company, tier)
            for number, company, tier in told(
                select(Buyer.id, Buyer.company, Buyer.tier).where(Buyer.id.in_(people)), people
            )
        },
        proofs={number: title_of(ctx, kind) for number, kind in kinds},
        cases=dict(
            told(
                select(EngineeringCase.id, EngineeringCase.title).where(EngineeringCase.id.in_(cases)), cases
            )
        ),
    )
