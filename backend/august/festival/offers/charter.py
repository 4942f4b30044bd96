"""无忧中美包机: 95 percent from ¥760 on (F8)."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from august.festival.offer import Offer, Term
from august.kernel.explain import money
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.logistics.standing import reduction


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """The numbers of the sentence."""
    rules, quota = rulebook.values("F8", at), rulebook.values("K5", at).quotas["charter"]
    return {"least": money(rules.least_fen, "CNY"), "percent": rules.percent, "quota": quota.total}


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """Freight is paid in time; the release gives the end alone."""
    rules = rulebook.values("F8", at)
    return (Term(N_("Freight paid"), rules.paid.window, "BJ"),)


OFFER = Offer(
    code="charter",
    rule="F8",
    kind="logistics",
    title=N_("China-US charter at 95%"),
    sentence=N_(
        "{percent}% of a base freight of {least} or more on the China-US charter line; {quota} orders"
    ),
    arguments=arguments,
    terms=terms,
    stand=partial(reduction, code="charter"),
    path="/logistics-benefits#charter",
)
