"""无忧小包: 89 percent for stores that configure their first small parcel line (F9)."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from august.festival.offer import Offer, Term
from august.kernel.clock import SECOND, Window
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.logistics.standing import reduction


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """The numbers of the sentence."""
    rules = rulebook.values("F9", at)
    return {"percent": rules.percent, "products": rules.products, "mine": rules.merchant}


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """The line is configured in its window, freight is paid in time."""
    rules = rulebook.values("F9", at)
    return (
        Term(N_("Line configured"), rules.configured.window, "PT"),
        Term(N_("Freight paid"), Window(rules.configured.window.start, rules.paid_by.at + SECOND), "BJ"),
    )


OFFER = Offer(
    code="small_parcel",
    rule="F9",
    kind="logistics",
    title=N_("Small parcels at 89%"),
    sentence=N_(
        "{percent}% of the base freight once a first small parcel line is in a template with {products} "
        "RTS products; {mine} orders a store"
    ),
    arguments=arguments,
    terms=terms,
    stand=partial(reduction, code="small_parcel"),
    path="/logistics-benefits#small_parcel",
)
